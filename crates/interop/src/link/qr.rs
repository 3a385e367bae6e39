//! A link as a QR code.

use super::text::to_digits;
use qrcodegen::{QrCodeEcc, QrSegment};

/// A QR code: a square of dark and light modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    /// Modules on a side, without the quiet zone of four around it.
    pub side: usize,
    /// Row by row, whether each is dark.
    pub modules: Vec<bool>,
}

impl QrCode {
    /// The code of `address`, which ends where the fragment's value begins, and of a link's bytes as digits. None
    /// where they don't fit: into the largest code go 2,953 bytes, or digits for some 2,900.
    pub fn of(address: &str, bytes: &[u8]) -> Option<Self> {
        let segments = [
            QrSegment::make_bytes(address.as_bytes()),
            QrSegment::make_numeric(&to_digits(bytes)),
        ];
        let code = qrcodegen::QrCode::encode_segments(&segments, QrCodeEcc::Low).ok()?;
        let size = code.size();
        let places = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
        Some(Self {
            side: size as usize,
            modules: places.map(|(x, y)| code.get_module(x, y)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_of_two_classes_fits_and_one_of_three_does_not() {
        let address = "https://example.org/signet/#model=";
        let code = QrCode::of(address, &[7; 2090]).unwrap();
        assert_eq!(code.modules.len(), code.side * code.side);
        // The corner's finder pattern: a dark ring, a light one, a dark square.
        let row = |y: usize| &code.modules[y * code.side..][..8];
        assert_eq!(row(0), [true, true, true, true, true, true, true, false]);
        assert_eq!(
            row(1),
            [true, false, false, false, false, false, true, false]
        );
        assert_eq!(row(3), [true, false, true, true, true, false, true, false]);
        assert!(QrCode::of(address, &[7; 2850]).is_some());
        assert_eq!(QrCode::of(address, &[7; 4140]), None);
    }
}
