//! The checksum of HDF5's metadata: `lookup3` (Jenkins 2006), its `hashlittle` from 0.

/// Rotations of the two steps, in their order.
const MIX: [u32; 6] = [4, 6, 8, 16, 19, 4];
const LAST: [u32; 7] = [14, 11, 25, 16, 4, 14, 24];

/// Of some bytes.
pub fn checksum(bytes: &[u8]) -> u32 {
    let mut state = [0xdead_beef_u32.wrapping_add(bytes.len() as u32); 3];
    let blocks = bytes.len().div_ceil(12);
    for (at, block) in bytes.chunks(12).enumerate() {
        for (word, four) in state.iter_mut().zip(block.chunks(4)) {
            let mut whole = [0; 4];
            whole[..four.len()].copy_from_slice(four);
            *word = word.wrapping_add(u32::from_le_bytes(whole));
        }
        if at + 1 < blocks {
            mix(&mut state);
        } else {
            finish(&mut state);
        }
    }
    state[2]
}

fn mix(state: &mut [u32; 3]) {
    for (step, rotation) in MIX.into_iter().enumerate() {
        let [a, b, c] = [step, step + 1, step + 2].map(|at| at % 3);
        state[a] = state[a].wrapping_sub(state[c]) ^ state[c].rotate_left(rotation);
        state[c] = state[c].wrapping_add(state[b]);
    }
}

fn finish(state: &mut [u32; 3]) {
    for (step, rotation) in LAST.into_iter().enumerate() {
        let [from, to] = [step + 1, step + 2].map(|at| at % 3);
        state[to] = (state[to] ^ state[from]).wrapping_sub(state[from].rotate_left(rotation));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of lookup3's own comments, and of superblocks by other programs.
    #[test]
    fn known_checksums() {
        let known: [(&[u8], u32); 2] = [
            (b"", 0xdead_beef),
            (b"Four score and seven years ago", 0x1777_0551),
        ];
        for (bytes, expected) in known {
            assert_eq!(checksum(bytes), expected);
        }
    }
}
