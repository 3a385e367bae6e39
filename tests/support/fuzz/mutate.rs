//! Random mutations of files: of their bytes, and of JSON within them.

use super::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use std::fmt::Display;

/// A change of bytes.
#[derive(Debug, Clone)]
enum Change {
    Flip(Place, u8),
    /// Overwrites bytes, with an extreme number of some width.
    Number(Place, Vec<u8>),
    Cut(Index),
    Remove(Place, usize),
    Repeat(Place, usize),
    /// Overwrites with a piece of another file.
    Splice(Place, Index, Index, usize),
}

/// A place in a file. Half of the places are in the header.
#[derive(Debug, Clone)]
enum Place {
    Start(usize),
    Anywhere(Index),
}

impl Place {
    fn of(&self, length: usize) -> usize {
        match self {
            _ if length == 0 => 0,
            Self::Start(at) => (*at).min(length - 1),
            Self::Anywhere(index) => index.index(length),
        }
    }
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        (0..160_usize).prop_map(Place::Start),
        any::<Index>().prop_map(Place::Anywhere),
    ]
}

/// Numbers at the limits of integer types, and sizes beyond any memory.
pub fn extreme() -> impl Strategy<Value = u64> {
    let small = [
        0, 1, 2, 3, 127, 128, 255, 256, 32_767, 32_768, 50_000, 65_535,
    ];
    let large = [65_536, 1 << 24, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    let powers = [32, 40, 60, 62, 63].map(|exponent| 1_u64 << exponent);
    prop_oneof![
        select(small.to_vec()),
        select(large.to_vec()),
        select([&powers[..], &[u64::MAX - 1, u64::MAX]].concat()),
        any::<u64>(),
        (0..100_000_u64),
    ]
}

/// Any Unicode.
pub fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..40).prop_map(String::from_iter)
}

fn change() -> impl Strategy<Value = Change> {
    let number = (select(vec![1_usize, 2, 4, 8]), extreme(), any::<bool>());
    let number = number.prop_map(|(width, value, big_endian)| {
        let mut bytes = value.to_le_bytes()[..width].to_vec();
        if big_endian {
            bytes.reverse();
        }
        bytes
    });
    let piece = (place(), any::<Index>(), any::<Index>(), 1..300_usize);
    prop_oneof![
        3 => (place(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, 1 << bit)),
        3 => (place(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        4 => (place(), number).prop_map(|(at, number)| Change::Number(at, number)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (place(), 1..64_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (place(), 1..64_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => piece.prop_map(|(at, file, from, length)| Change::Splice(at, file, from, length)),
    ]
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>, others: &[Bytes]) {
        let length = file.len();
        match self {
            Self::Flip(at, bits) => {
                if let Some(byte) = file.get_mut(at.of(length)) {
                    *byte ^= bits;
                }
            }
            Self::Number(at, bytes) => {
                for (to, byte) in file.iter_mut().skip(at.of(length)).zip(bytes) {
                    *to = *byte;
                }
            }
            Self::Cut(at) => file.truncate(at.index(length + 1)),
            Self::Remove(at, count) => {
                let at = at.of(length);
                drop(file.drain(at..length.min(at + count)));
            }
            Self::Repeat(at, count) => {
                let at = at.of(length);
                let piece = file[at..length.min(at + count)].to_vec();
                file.splice(at..at, piece);
            }
            Self::Splice(at, other, from, count) => {
                let Bytes(other) = &others[other.index(others.len())];
                if !other.is_empty() {
                    let from = from.index(other.len());
                    let piece = &other[from..other.len().min(from + count)];
                    let at = at.of(length);
                    let end = length.min(at + piece.len());
                    file.splice(at..end, piece.iter().copied());
                }
            }
        }
    }
}

/// Mutated files, every second of them mended afterwards.
pub fn files(seeds: Vec<Bytes>, mend: fn(&mut [u8])) -> impl Strategy<Value = Bytes> {
    let chosen = (any::<Index>(), vec(change(), 1..6), any::<bool>());
    chosen.prop_map(move |(index, changes, mended)| {
        let mut file = seeds[index.index(seeds.len())].0.clone();
        for change in changes {
            change.apply(&mut file, &seeds);
        }
        if mended {
            mend(&mut file);
        }
        Bytes(file)
    })
}

/// A change in a JSON document: a value is replaced or removed.
#[derive(Debug, Clone)]
pub struct Edit {
    place: Index,
    to: Option<Value>,
}

pub fn edits(count: usize) -> impl Strategy<Value = Vec<Edit>> {
    let value = prop_oneof![
        4 => extreme().prop_map(Value::from),
        2 => select(vec![json!(-1), json!(0.5), json!(1e308), json!(-0.0), json!(null), json!(true)]),
        1 => select(vec![json!(""), json!("x"), json!("\u{0}"), json!("F32"), json!("U8"), json!("BOOL")]),
        1 => select(vec![json!([]), json!({}), json!([0, u64::MAX]), json!([1, 1, 1, 1, 1])]),
        1 => vec(extreme(), 0..6).prop_map(Value::from),
        1 => (1..2000_usize).prop_map(|length| Value::from("x".repeat(length))),
        1 => (1..400_usize).prop_map(nested),
    ];
    let edit = (any::<Index>(), prop::option::weighted(0.85, value));
    vec(edit.prop_map(|(place, to)| Edit { place, to }), 1..count)
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
}

/// Applies each edit to a document, whose keys have neither `/` nor `~`.
pub fn edit(document: &mut Value, edits: &[Edit]) {
    for Edit { place, to } in edits {
        let mut places = Vec::new();
        collect(document, String::new(), &mut places);
        let pointer = &places[place.index(places.len())];
        match (to, pointer.rsplit_once('/')) {
            (Some(to), _) => *document.pointer_mut(pointer).expect("a place") = to.clone(),
            (None, Some((parent, key))) => match document.pointer_mut(parent) {
                Some(Value::Array(items)) => drop(items.remove(key.parse().expect("an index"))),
                Some(Value::Object(fields)) => drop(fields.remove(key)),
                _ => unreachable!("only arrays and objects have places"),
            },
            // The document itself stays.
            (None, None) => {}
        }
    }
}

/// The JSON pointers of all places, depth first.
fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    let mut inside = |key: &dyn Display, value| collect(value, format!("{at}/{key}"), places);
    match value {
        Value::Array(items) => (0..).zip(items).for_each(|(key, item)| inside(&key, item)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| inside(key, field)),
        _ => {}
    }
    places.push(at);
}
