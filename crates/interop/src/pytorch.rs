//! PyTorch's own files, which are recognised and not read: they are Python objects (pickle), whose reader runs a
//! program, and hold no graph of the network.

/// How a pickle begins: its second protocol or a newer one.
const PICKLE: [u8; 1] = [0x80];

/// The number with which `torch.save` began its files before version 1.6, as the pickle has it: an integer of ten bytes.
const LEGACY_MAGIC: [u8; 12] = [
    0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
];

/// How far into a zip the first entries' names are looked for.
const BEGINNING: usize = 64 << 10;

/// Whether a file is one of `torch.save` or of TorchScript: a zip whose entries are a pickle and its tensors, or
/// the bare pickle of old versions.
pub fn is_pytorch(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"PK\x03\x04") {
        // Every entry's name follows its local header; PyTorch's first one is FOLDER/data.pkl.
        let beginning = &bytes[..bytes.len().min(BEGINNING)];
        let has = |name: &[u8]| beginning.windows(name.len()).any(|part| part == name);
        return has(b"/data.pkl") || has(b"/constants.pkl");
    }
    bytes.starts_with(&PICKLE) && bytes.get(2..14) == Some(&LEGACY_MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_torch_save_are_known_by_their_beginning() {
        let zip = |name: &str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat();
        assert!(is_pytorch(&zip("archive/data.pkl")));
        assert!(is_pytorch(&zip("net/constants.pkl")));
        assert!(!is_pytorch(&zip("metadata.json")));
        let legacy = [&[0x80, 2], LEGACY_MAGIC.as_slice(), b"."].concat();
        assert!(is_pytorch(&legacy));
        assert!(!is_pytorch(&legacy[..9]));
        assert!(!is_pytorch(b""));
    }
}
