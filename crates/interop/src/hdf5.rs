//! Files of HDF5 that are written front to back, a data set's values only when their place is reached: of a network no
//! more than a layer is in memory. What reads HDF5 here is `hdf5_pure`, whose writer wants all values beforehand.
//!
//! Superblock 2, object headers 2 and links in them, contiguous data sets of float32, attributes of text: by the "HDF5
//! File Format Specification, version 3.0", which the comments' Roman numerals are of. HDF5 1.8 (2008) and later read it.

mod checksum;
mod messages;

use crate::error::Result;
use checksum::checksum;
use messages::{ALIGNMENT, Heap, Message, NOWHERE, wrong};
use std::io::Write;

pub use messages::Attribute;

/// Bytes of the superblock, which is at the start.
const SUPERBLOCK: u64 = 48;

/// A group of a [`Tree`].
#[derive(Debug, Clone, Copy)]
pub struct Group(usize);

/// What a file is to have. `V` stands for the values of a data set until it is written.
pub struct Tree<V>(Vec<Object<V>>);

struct Object<V> {
    links: Vec<(String, usize)>,
    attributes: Vec<(&'static str, Attribute)>,
    data: Option<Data<V>>,
}

struct Data<V> {
    shape: Vec<usize>,
    values: V,
}

impl<V> Object<V> {
    fn new(data: Option<Data<V>>) -> Self {
        Self {
            links: Vec::new(),
            attributes: Vec::new(),
            data,
        }
    }
}

impl<V> Tree<V> {
    /// The group that all others are in.
    pub const ROOT: Group = Group(0);

    /// A file with nothing in it.
    pub fn new() -> Self {
        Self(vec![Object::new(None)])
    }

    /// A group in a group.
    pub fn group(&mut self, parent: Group, name: &str) -> Group {
        Group(self.put(parent, name, Object::new(None)))
    }

    /// A data set in a group.
    pub fn data_set(&mut self, parent: Group, name: &str, shape: Vec<usize>, values: V) {
        self.put(parent, name, Object::new(Some(Data { shape, values })));
    }

    /// An attribute of a group.
    pub fn set(&mut self, group: Group, name: &'static str, attribute: Attribute) {
        self.0[group.0].attributes.push((name, attribute));
    }

    fn put(&mut self, parent: Group, name: &str, object: Object<V>) -> usize {
        let at = self.0.len();
        self.0.push(object);
        self.0[parent.0].links.push((name.to_owned(), at));
        at
    }

    /// Writes the file. `floats` gives the values of one data set after another, as many as its shape says.
    ///
    /// # Errors
    ///
    /// [`Error::ExportWrong`](crate::Error::ExportWrong) where `out` can't take it, or a name or text is longer than its place.
    pub fn write(self, mut floats: impl FnMut(V) -> Vec<f32>, out: &mut impl Write) -> Result<()> {
        let heap = Heap::of(self.0.iter().flat_map(|object| &object.attributes));
        // A header's length doesn't depend on the addresses in it.
        let mut end = SUPERBLOCK;
        let mut place = |length: u64| {
            let at = end;
            end += length.next_multiple_of(ALIGNMENT);
            at
        };
        let mut headers = Vec::with_capacity(self.0.len());
        for object in &self.0 {
            let length = header(object, &|_| NOWHERE, NOWHERE, &heap, NOWHERE)?.len();
            headers.push(place(length as u64));
        }
        let heap_at = place(heap.bytes().len() as u64);
        let data: Vec<u64> = self.0.iter().map(|o| place(o.byte_len())).collect();

        let mut out = Padded(out);
        out.put(&superblock(headers[0], end))?;
        for (object, data) in self.0.iter().zip(data) {
            let address = |at: usize| headers[at];
            out.put(&header(object, &address, data, &heap, heap_at)?)?;
        }
        out.put(heap.bytes())?;
        for data in self.0.into_iter().filter_map(|object| object.data) {
            let count = data.shape.iter().product::<usize>();
            let values = floats(data.values);
            if values.len() != count {
                return Err(wrong(format!("{} values for {count}", values.len())));
            }
            out.put_floats(&values)?;
        }
        Ok(())
    }
}

impl<V> Object<V> {
    /// Bytes of the values.
    fn byte_len(&self) -> u64 {
        let count = |data: &Data<V>| data.shape.iter().product::<usize>() as u64 * 4;
        self.data.as_ref().map_or(0, count)
    }
}

/// Version 2 (II.C).
fn superblock(root: u64, end: u64) -> Vec<u8> {
    let mut block = b"\x89HDF\r\n\x1a\n".to_vec();
    // Offsets and lengths of eight bytes, no flags.
    block.extend([2, 8, 8, 0]);
    for address in [0, NOWHERE, end, root] {
        block.extend(address.to_le_bytes());
    }
    block.extend(checksum(&block).to_le_bytes());
    block
}

/// An object header of version 2 (IV.A.1.b) in one piece.
fn header<V>(
    object: &Object<V>,
    address: &dyn Fn(usize) -> u64,
    data: u64,
    heap: &Heap,
    heap_at: u64,
) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    match &object.data {
        Some(Data { shape, .. }) => {
            Message::DATASPACE.put(&mut all, &messages::dataspace(shape))?;
            Message::DATATYPE.put(&mut all, &messages::FLOAT32)?;
            Message::FILL_VALUE.put(&mut all, &messages::NO_FILL_VALUE)?;
            Message::LAYOUT.put(&mut all, &messages::contiguous(data, object.byte_len()))?;
        }
        None => {
            Message::LINK_INFO.put(&mut all, &messages::links_in_header())?;
            Message::GROUP_INFO.put(&mut all, &[0, 0])?;
        }
    }
    for (name, at) in &object.links {
        Message::LINK.put(&mut all, &messages::link(name, address(*at))?)?;
    }
    for (name, attribute) in &object.attributes {
        let attribute = messages::attribute(name, attribute, heap, heap_at)?;
        Message::ATTRIBUTE.put(&mut all, &attribute)?;
    }
    // Flags: the length takes four bytes.
    let mut header = b"OHDR\x02\x02".to_vec();
    let length = u32::try_from(all.len()).map_err(|_| wrong("a header of 4 GB".into()))?;
    header.extend(length.to_le_bytes());
    header.extend(all);
    header.extend(checksum(&header).to_le_bytes());
    Ok(header)
}

/// Writes pieces that are filled up to [`ALIGNMENT`].
struct Padded<'a, W>(&'a mut W);

impl<W: Write> Padded<'_, W> {
    /// Floats that are made bytes at a time.
    const AT_ONCE: usize = 1 << 14;

    fn put(&mut self, piece: &[u8]) -> Result<()> {
        self.write(piece)?;
        self.fill(piece.len())
    }

    fn put_floats(&mut self, floats: &[f32]) -> Result<()> {
        let mut bytes = Vec::with_capacity(4 * Self::AT_ONCE);
        for piece in floats.chunks(Self::AT_ONCE) {
            bytes.clear();
            bytes.extend(piece.iter().flat_map(|value| value.to_le_bytes()));
            self.write(&bytes)?;
        }
        self.fill(4 * floats.len())
    }

    fn fill(&mut self, length: usize) -> Result<()> {
        let rest = length.next_multiple_of(ALIGNMENT as usize) - length;
        self.write(&[0; ALIGNMENT as usize][..rest])
    }

    fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.0
            .write_all(piece)
            .map_err(|error| wrong(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hdf5_pure::{AttrValue, File};

    #[test]
    fn another_reader_finds_what_was_written() {
        let mut tree = Tree::new();
        let long = "ä\u{1F44B}\"".repeat(30_000);
        let names: Vec<String> = ["a", "conv1", ""].map(str::to_owned).into();
        tree.set(Tree::<f32>::ROOT, "short", Attribute::Text("2.15.0".into()));
        tree.set(Tree::<f32>::ROOT, "long", Attribute::LongText(long.clone()));
        tree.set(
            Tree::<f32>::ROOT,
            "second",
            Attribute::LongText("[]".into()),
        );
        let layers = tree.group(Tree::<f32>::ROOT, "layers");
        tree.set(layers, "names", Attribute::Texts(names.clone()));
        tree.set(layers, "none", Attribute::Texts(Vec::new()));
        for number in 0..200_u16 {
            let group = tree.group(layers, &format!("conv2d_{number}"));
            // Odd numbers of values, of which the next one's place must not depend.
            tree.data_set(group, "0", vec![number.into(), 3], f32::from(number));
        }
        tree.data_set(Tree::<f32>::ROOT, "scalar", vec![], 0.5);
        let mut bytes = Vec::new();
        let floats = |value: f32| match value {
            0.5 => vec![value],
            _ => (0..3 * value as u16)
                .map(|n| value + f32::from(n))
                .collect(),
        };
        tree.write(floats, &mut bytes).unwrap();

        let file = File::from_bytes(bytes).unwrap();
        let attributes = file.root().attrs().unwrap();
        let text = |name: &str| attributes.get(name).and_then(AttrValue::as_str);
        assert_eq!(text("short"), Some("2.15.0"));
        assert_eq!(text("long"), Some(&*long));
        assert_eq!(text("second"), Some("[]"));
        let of_layers = file.group("layers").unwrap().attrs().unwrap();
        assert_eq!(of_layers["names"].as_strings().unwrap(), names);
        for number in 0..200_u16 {
            let path = format!("layers/conv2d_{number}/0");
            let data_set = file.dataset(&path).unwrap();
            assert_eq!(data_set.shape().unwrap(), [number.into(), 3]);
            assert_eq!(data_set.read_f32().unwrap(), floats(number.into()));
        }
        assert_eq!(file.dataset("scalar").unwrap().read_f32().unwrap(), [0.5]);
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let floats = |count: usize| vec![0.0; count];
        let mut long_name = Tree::new();
        long_name.group(Tree::<usize>::ROOT, &"n".repeat(256));
        let mut long_text = Tree::new();
        let text = Attribute::Text("t".repeat(70_000));
        long_text.set(Tree::<usize>::ROOT, "text", text);
        let mut short_of_values = Tree::new();
        short_of_values.data_set(Tree::<usize>::ROOT, "data", vec![2, 3], 5);
        for tree in [long_name, long_text, short_of_values] {
            let refused = tree.write(floats, &mut Vec::new()).unwrap_err();
            assert_eq!(refused.code(), "export-wrong");
        }
    }
}
