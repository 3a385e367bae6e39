//! Picture files of a header with any field and hardly any pixels.

use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A format whose header states the size, and the header's other fields that vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Format {
    /// Bit depth, color type, interlace method.
    Png(u8, u8, u8),
    /// Marker of the frame, number of components.
    Jpeg(u8, u8),
    Gif,
    /// Bits per pixel, compression.
    Bmp(u16, u32),
    WebpLossy,
    WebpLossless,
    WebpExtended,
}

impl Format {
    /// A file whose header states that size, and whose pixels are `body`: usually far too few.
    pub fn file(self, width: u32, height: u32, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Png(depth, color, interlaced) => {
                let rest = [depth, color, 0, 0, interlaced];
                let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat();
                [
                    b"\x89PNG\r\n\x1a\n".to_vec(),
                    chunk(b"IHDR", &header),
                    chunk(b"PLTE", &[0, 0, 0, 255, 255, 255]),
                    chunk(b"IDAT", &compress_to_vec_zlib(body, 0)),
                    chunk(b"IEND", &[]),
                ]
                .concat()
            }
            Self::Jpeg(frame, components) => jpeg(frame, components, width, height, body),
            Self::Gif => {
                let (w, h) = (width as u16, height as u16);
                let size = [w.to_le_bytes(), h.to_le_bytes()].concat();
                [
                    b"GIF89a".as_slice(),
                    &size,
                    // A table of two colors, then one image over everything.
                    &[0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0],
                    &size,
                    &[0, 2, body.len().min(255) as u8],
                    &body[..body.len().min(255)],
                    &[0, 0x3b],
                ]
                .concat()
            }
            Self::Bmp(bits, compression) => {
                let data = 54 + body.len() as u32;
                [
                    b"BM".as_slice(),
                    &data.to_le_bytes(),
                    &[0; 4],
                    &54_u32.to_le_bytes(),
                    &40_u32.to_le_bytes(),
                    &width.to_le_bytes(),
                    &height.to_le_bytes(),
                    &1_u16.to_le_bytes(),
                    &bits.to_le_bytes(),
                    &compression.to_le_bytes(),
                    &[0; 20],
                    body,
                ]
                .concat()
            }
            Self::WebpLossy => {
                let size = [width as u16 & 0x3fff, height as u16 & 0x3fff];
                let size = size.map(u16::to_le_bytes).concat();
                webp(
                    b"VP8 ",
                    &[&[0x10, 0x02, 0, 0x9d, 0x01, 0x2a], &size[..], body].concat(),
                )
            }
            Self::WebpLossless => {
                let bits = ((width - 1) & 0x3fff) | ((height - 1) & 0x3fff) << 14;
                webp(b"VP8L", &[&[0x2f], &bits.to_le_bytes()[..], body].concat())
            }
            Self::WebpExtended => {
                let side = |n: u32| (n - 1).to_le_bytes()[..3].to_vec();
                let canvas = [vec![0x10, 0, 0, 0], side(width), side(height)].concat();
                let inner = Self::WebpLossless.file(width, height, body);
                let mut file = webp(b"VP8X", &canvas);
                file.extend_from_slice(&inner[12..]);
                file
            }
        }
    }
}

fn webp(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_le_bytes();
    let mut piece = [name, &length[..], content].concat();
    piece.resize(piece.len().next_multiple_of(2), 0);
    let whole = (piece.len() as u32 + 4).to_le_bytes();
    [b"RIFF", &whole[..], b"WEBP", &piece].concat()
}

fn jpeg(frame: u8, components: u8, width: u32, height: u32, body: &[u8]) -> Vec<u8> {
    let part = |marker: u8, content: &[u8]| {
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    let (w, h) = ((width as u16).to_be_bytes(), (height as u16).to_be_bytes());
    let mut size = vec![8, h[0], h[1], w[0], w[1], components];
    let mut scan = vec![components];
    for id in 1..=components {
        size.extend([id, 0x11, 0]);
        scan.extend([id, 0]);
    }
    scan.extend([0, if frame == 0xc2 { 0 } else { 63 }, 0]);
    // One Huffman code of one bit, for the value 0: every bit of the body ends a block.
    let codes = |class: u8| {
        let mut table = vec![class];
        table.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        table
    };
    [
        vec![0xff, 0xd8],
        part(0xdb, &[&[0][..], &[1; 64]].concat()),
        part(frame, &size),
        part(0xc4, &codes(0x00)),
        part(0xc4, &codes(0x10)),
        part(0xda, &scan),
        body.to_vec(),
        vec![0xff, 0xd9],
    ]
    .concat()
}

/// A PNG chunk with its checksum.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_be_bytes();
    let named = [name, content].concat();
    let checksum = crc32fast::hash(&named).to_be_bytes();
    [&length, &named[..], &checksum].concat()
}

/// Corrects the checksums of a PNG's chunks; other files stay as they are.
pub fn mend(file: &mut [u8]) {
    if !file.starts_with(b"\x89PNG\r\n\x1a\n") {
        return;
    }
    let mut at = 8;
    while let Some(head) = file.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = at + 8 + length;
        if file.len() < end + 4 {
            return;
        }
        let checksum = crc32fast::hash(&file[at + 4..end]);
        file[end..end + 4].copy_from_slice(&checksum.to_be_bytes());
        at = end + 4;
    }
}

pub fn formats() -> impl Strategy<Value = Format> {
    let png = (
        select(vec![1, 2, 4, 8, 16]),
        select(vec![0, 2, 3, 4, 6]),
        0..2_u8,
    );
    prop_oneof![
        png.prop_map(|(depth, color, interlaced)| Format::Png(depth, color, interlaced)),
        (select(vec![0xc0, 0xc1, 0xc2]), 0..5_u8)
            .prop_map(|(frame, components)| Format::Jpeg(frame, components)),
        Just(Format::Gif),
        (select(vec![1, 4, 8, 16, 24, 32]), 0..5_u32)
            .prop_map(|(bits, compression)| Format::Bmp(bits, compression)),
        Just(Format::WebpLossy),
        Just(Format::WebpLossless),
        Just(Format::WebpExtended),
    ]
}

/// A side of a picture, from zero to more than any picture has.
pub fn side() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => 1..200_u32,
        2 => select(vec![0, 1, 9_999, 10_000, 10_001, 16_383, 50_000, 65_535, 0x7fff_ffff]),
        1 => any::<u32>(),
    ]
}

/// The bytes in place of pixels.
pub fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..600),
        (any::<u8>(), 0..4000_usize).prop_map(|(byte, count)| vec![byte; count]),
    ]
}
