//! Memory to compute in.

/// Floats that are used again and again, and are as many as were ever needed at once.
#[derive(Debug, Default)]
pub(crate) struct Scratch(Vec<f32>);

impl Scratch {
    /// Lines of the cache have so many bytes. A vector that lies across two of them costs two loads, and
    /// an allocator of 32-bit programs promises no more than 8.
    const LINE: usize = 64;

    /// So many of them, from the beginning of a line on, with whatever was left in them.
    pub fn floats(&mut self, length: usize) -> &mut [f32] {
        let most = length + Self::LINE / size_of::<f32>();
        if self.0.len() < most {
            self.0.resize(most, 0.0);
        }
        let first = self.0.as_ptr().align_offset(Self::LINE);
        &mut self.0[first..][..length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_begin_with_a_line_however_many_there_are() {
        let mut scratch = Scratch::default();
        for length in [0, 3, 100, 7, 4096, 33_000] {
            let floats = scratch.floats(length);
            assert_eq!(floats.len(), length);
            assert_eq!(floats.as_ptr().addr() % Scratch::LINE, 0);
        }
    }
}
