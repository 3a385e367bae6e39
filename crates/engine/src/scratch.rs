//! Scratch memory.

/// A buffer of floats that grows to the largest length ever asked for.
#[derive(Debug, Default)]
pub(crate) struct Scratch(Vec<f32>);

impl Scratch {
    /// Bytes of a cache line. A vector that straddles two lines costs two loads, and the allocator of
    /// a 32-bit target aligns to 8 bytes only.
    const CACHE_LINE: usize = 64;

    /// `length` floats, aligned to a cache line. Their values are whatever the last use left.
    pub fn floats(&mut self, length: usize) -> &mut [f32] {
        let needed = length + Self::CACHE_LINE / size_of::<f32>();
        if self.0.len() < needed {
            self.0.resize(needed, 0.0);
        }
        let first = self.0.as_ptr().align_offset(Self::CACHE_LINE);
        &mut self.0[first..][..length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_aligned_to_a_cache_line() {
        let mut scratch = Scratch::default();
        for length in [0, 3, 100, 7, 4096, 33_000] {
            let floats = scratch.floats(length);
            assert_eq!(floats.len(), length);
            assert_eq!(floats.as_ptr().addr() % Scratch::CACHE_LINE, 0);
        }
    }
}
