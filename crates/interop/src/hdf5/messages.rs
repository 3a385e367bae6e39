//! What is in object headers.

use crate::error::{Error, Result};

/// An address that is none.
pub const NOWHERE: u64 = u64::MAX;

/// Whatever is in a file begins at a multiple of so many bytes.
pub const ALIGNMENT: u64 = 8;

/// An attribute.
#[derive(Debug, Clone)]
pub enum Attribute {
    /// Short text, in the header itself.
    Text(String),
    /// Text of any length, in the file's heap.
    LongText(String),
    /// Texts in the header itself, all as wide as the longest.
    Texts(Vec<String>),
}

/// A message of an object header, by its number (IV.A.2).
pub struct Message(u8);

impl Message {
    pub const DATASPACE: Self = Self(0x01);
    pub const LINK_INFO: Self = Self(0x02);
    pub const DATATYPE: Self = Self(0x03);
    pub const FILL_VALUE: Self = Self(0x05);
    pub const LINK: Self = Self(0x06);
    pub const LAYOUT: Self = Self(0x08);
    pub const GROUP_INFO: Self = Self(0x0a);
    pub const ATTRIBUTE: Self = Self(0x0c);

    /// Appends the message.
    pub fn put(self, all: &mut Vec<u8>, body: &[u8]) -> Result<()> {
        all.push(self.0);
        all.extend(short(body.len())?);
        all.push(0);
        all.extend(body);
        Ok(())
    }
}

/// Little-endian floats of IEEE 754 (IV.A.2.d): where sign, exponent and mantissa lie, and the exponent's bias.
pub const FLOAT32: [u8; 20] = [
    0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0,
];

/// Text of any length (IV.A.2.d): UTF-8, of a sequence of bytes.
const LONG_TEXT: [u8; 20] = [
    0x19, 1, 1, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0,
];

/// Space is there from the first write on, and nothing is filled in before (IV.A.2.f).
pub const NO_FILL_VALUE: [u8; 2] = [3, 0x0a];

/// Text of so many bytes (IV.A.2.d): UTF-8, filled up with zeros.
fn text_type(width: usize) -> Result<Vec<u8>> {
    let width = u32::try_from(width).map_err(|_| wrong("a text of 4 GB".into()))?;
    Ok([&[0x13, 0x11, 0, 0][..], &width.to_le_bytes()].concat())
}

/// The sides of an array, or of a scalar (IV.A.2.b).
pub fn dataspace(shape: &[usize]) -> Vec<u8> {
    let mut space = vec![2, shape.len() as u8, 0, u8::from(!shape.is_empty())];
    for side in shape {
        space.extend((*side as u64).to_le_bytes());
    }
    space
}

/// Where values lie, one after another (IV.A.2.i).
pub fn contiguous(address: u64, length: u64) -> Vec<u8> {
    // Of no values there is no place.
    let address = if length == 0 { NOWHERE } else { address };
    [&[3, 1][..], &address.to_le_bytes(), &length.to_le_bytes()].concat()
}

/// A group whose links are in its header (IV.A.2.c).
pub fn links_in_header() -> Vec<u8> {
    [&[0, 0][..], &[0xff; 16]].concat()
}

/// A link to an object (IV.A.2.g). Names here are ASCII.
pub fn link(name: &str, address: u64) -> Result<Vec<u8>> {
    let length = u8::try_from(name.len()).map_err(|_| wrong(format!("the long name {name}")))?;
    Ok([&[1, 0, length][..], name.as_bytes(), &address.to_le_bytes()].concat())
}

/// An attribute (IV.A.2.m).
pub fn attribute(name: &str, value: &Attribute, heap: &Heap, heap_at: u64) -> Result<Vec<u8>> {
    let (datatype, space, data) = match value {
        Attribute::Text(text) => {
            let width = text.len().max(1);
            (text_type(width)?, dataspace(&[]), filled(text, width))
        }
        Attribute::Texts(texts) => {
            let width = texts.iter().map(String::len).max().unwrap_or(0).max(1);
            let data = texts.iter().flat_map(|text| filled(text, width)).collect();
            (text_type(width)?, dataspace(&[texts.len()]), data)
        }
        Attribute::LongText(text) => (
            LONG_TEXT.to_vec(),
            dataspace(&[]),
            heap.reference(text, heap_at)?,
        ),
    };
    let mut message = vec![3, 0];
    for length in [name.len() + 1, datatype.len(), space.len()] {
        message.extend(short(length)?);
    }
    message.push(0);
    message.extend(name.as_bytes());
    message.push(0);
    message.extend([datatype, space, data].concat());
    Ok(message)
}

/// Text, filled up with zeros.
fn filled(text: &str, width: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(width, 0);
    bytes
}

fn short(length: usize) -> Result<[u8; 2]> {
    let length = u16::try_from(length);
    let length = length.map_err(|_| wrong("what belongs into a header takes over 64 kB".into()))?;
    Ok(length.to_le_bytes())
}

/// The file's texts of any length: a global heap collection (III.E).
pub struct Heap {
    bytes: Vec<u8>,
    texts: Vec<String>,
}

impl Heap {
    /// Bytes before an object, and before all of them.
    const HEAD: usize = 16;
    /// No collection has fewer.
    const LEAST: usize = 4096;

    /// The heap of attributes, of no bytes where none needs it.
    pub fn of<'a>(attributes: impl Iterator<Item = &'a (&'static str, Attribute)>) -> Self {
        let texts: Vec<String> = attributes
            .filter_map(|(_, value)| match value {
                Attribute::LongText(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let mut objects = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            objects.extend(Self::head(at as u16 + 1, text.len()));
            objects.extend(text.as_bytes());
            objects.resize(objects.len().next_multiple_of(ALIGNMENT as usize), 0);
        }
        if texts.is_empty() {
            return Self {
                bytes: objects,
                texts,
            };
        }
        let whole = (Self::HEAD + objects.len()).max(Self::LEAST);
        let free = whole - Self::HEAD - objects.len();
        // What is left over is object 0, whose length has its own head in it.
        if free >= Self::HEAD {
            objects.extend(Self::head(0, free));
        }
        let mut bytes = b"GCOL\x01\0\0\0".to_vec();
        bytes.extend((whole as u64).to_le_bytes());
        bytes.extend(objects);
        bytes.resize(whole, 0);
        Self { bytes, texts }
    }

    fn head(index: u16, length: usize) -> Vec<u8> {
        let count: u16 = u16::from(index > 0);
        let mut head = [index.to_le_bytes(), count.to_le_bytes()].concat();
        head.extend([0; 4]);
        head.extend((length as u64).to_le_bytes());
        head
    }

    /// The heap as it is in the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What stands for a text in an attribute (IV.A.2.d, variable length): its length, the heap and its number there.
    fn reference(&self, text: &str, heap_at: u64) -> Result<Vec<u8>> {
        let at = self.texts.iter().position(|other| other == text);
        let index = at.map_or(0, |at| at as u32 + 1);
        let length = u32::try_from(text.len()).map_err(|_| wrong("a text of 4 GB".into()))?;
        Ok([
            &length.to_le_bytes()[..],
            &heap_at.to_le_bytes(),
            &index.to_le_bytes(),
        ]
        .concat())
    }
}

/// Why a file can't be written.
pub fn wrong(reason: String) -> Error {
    Error::ExportWrong { reason }
}
