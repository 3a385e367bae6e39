//! Archives that are whole, odd, damaged and hostile.

use super::*;
use std::io::Write;
use zip::ZipWriter;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

/// A change of the bytes of an archive.
type Change = fn(&mut Vec<u8>);

/// An archive of two stored files.
fn two() -> Vec<u8> {
    let file = |name: &str, bytes: &[u8]| Named {
        name: name.into(),
        bytes: bytes.to_vec(),
    };
    write_zip(&[file("a/one.txt", b"first"), file("b/two.txt", b"second")]).unwrap()
}

/// Replaces a text by one of the same length, wherever it is.
fn replace(file: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    for at in 0..=file.len() - from.len() {
        if file[at..].starts_with(from) {
            file[at..at + to.len()].copy_from_slice(to);
        }
    }
}

fn open(file: Vec<u8>) -> Result<Archive> {
    Archive::open(file, Limits::PICTURES)
}

/// The code of what opening it, or else reading all of it, is refused with.
fn refusal(file: Vec<u8>, limits: Limits) -> String {
    let read = || {
        let mut archive = Archive::open(file.clone(), limits)?;
        for index in 0..archive.names().count() {
            let content = archive.read(index);
            let last = Archive::open(file.clone(), limits)?.into_content(index);
            assert_eq!(
                last.as_ref().map_err(Error::code),
                content.as_ref().map_err(Error::code)
            );
            content?;
        }
        Ok::<_, Error>(())
    };
    read().map_or_else(|error| error.code().to_owned(), |()| "read".into())
}

#[test]
fn what_is_written_is_read() {
    let mut archive = open(two()).unwrap();
    assert_eq!(
        archive.names().collect::<Vec<_>>(),
        ["a/one.txt", "b/two.txt"]
    );
    assert_eq!(archive.read(0).unwrap().unwrap(), b"first");
    let second = archive.find("b/two.txt").unwrap();
    assert_eq!(archive.read(second).unwrap().unwrap(), b"second");
    assert_eq!(archive.read(2).unwrap(), None);
    assert_eq!(open(two()).unwrap().into_content(2).unwrap(), None);
    let last = open(two()).unwrap().into_content(second);
    assert_eq!(last.unwrap().unwrap(), b"second");
    assert_eq!(two(), two(), "no time is in it");
}

#[test]
fn deflated_zip64_and_streamed_archives_are_read() {
    let text = b"hello ".repeat(5000);
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut kinds = Vec::new();
    for options in [deflated, deflated.large_file(true)] {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_directory("a", options).unwrap();
        zip.start_file("a/text", options).unwrap();
        zip.write_all(&text).unwrap();
        kinds.push(zip.finish().unwrap().into_inner());
    }
    // Written to where nothing can be corrected afterwards: sizes follow in a data descriptor.
    let mut zip = ZipWriter::new_stream(Vec::new());
    zip.start_file("a/text", deflated).unwrap();
    zip.write_all(&text).unwrap();
    kinds.push(zip.finish().unwrap().into_inner());
    for file in kinds {
        let mut archive = open(file).unwrap();
        assert_eq!(archive.names().collect::<Vec<_>>(), ["a/text"]);
        assert_eq!(archive.read(0).unwrap().unwrap(), text);
    }
}

#[test]
fn names_are_text_with_slashes() {
    let cases: [(&[u8], &str); 4] = [
        (b"a\\one.txt", "a/one.txt"),
        (b"./one.tex", "one.tex"),
        // CP437, as programs for DOS write it.
        (b"\x84/one.txt", "\u{e4}/one.txt"),
        // UTF-8 without its flag, as macOS writes it.
        ("é/on.txt".as_bytes(), "é/on.txt"),
    ];
    for (raw, expected) in cases {
        let mut file = two();
        replace(&mut file, b"a/one.txt", raw);
        let archive = open(file).unwrap();
        assert_eq!(archive.names().next(), Some(expected));
    }
}

#[test]
fn hostile_archives_are_refused() {
    let small = Limits {
        entries: 1,
        ..Limits::PICTURES
    };
    let short = Limits {
        entry_bytes: 5,
        ..Limits::PICTURES
    };
    let few = Limits {
        total_bytes: 10,
        ..Limits::PICTURES
    };
    let same: Change = |_| {};
    let cases: [(&str, Change, Limits, &str); 17] = [
        ("whole", same, Limits::PICTURES, "read"),
        ("more entries", same, small, "archive-too-large"),
        ("a larger entry", same, short, "archive-too-large"),
        ("more in all", same, few, "archive-too-large"),
        (
            "a parent",
            |f| replace(f, b"a/one.txt", b"../ne.txt"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "a parent within",
            |f| replace(f, b"a/one.txt", b"a/../.txt"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "a parent of Windows",
            |f| replace(f, b"a/one.txt", b"..\\ne.txt"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "absolute",
            |f| replace(f, b"a/one.txt", b"/etc/pass"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "a drive",
            |f| replace(f, b"a/one.txt", b"C:/on.txt"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "a zero",
            |f| replace(f, b"a/one.txt", b"a/o\0e.txt"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "twice the same",
            |f| replace(f, b"b/two.txt", b"a/one.txt"),
            Limits::PICTURES,
            "archive-names",
        ),
        (
            "another content",
            |f| replace(f, b"first", b"fIrst"),
            Limits::PICTURES,
            "archive-format",
        ),
        (
            "cut",
            |f| f.truncate(f.len() - 30),
            Limits::PICTURES,
            "archive-format",
        ),
        (
            "without its start",
            |f| drop(f.drain(..40)),
            Limits::PICTURES,
            "archive-format",
        ),
        ("empty", |f| f.clear(), Limits::PICTURES, "archive-format"),
        (
            "encrypted",
            |f| flag(f, 1),
            Limits::PICTURES,
            "archive-encrypted",
        ),
        (
            "packed otherwise",
            |f| method(f, 12),
            Limits::PICTURES,
            "archive-format",
        ),
    ];
    for (what, change, limits, expected) in cases {
        let mut file = two();
        change(&mut file);
        assert_eq!(refusal(file, limits), expected, "{what}");
    }
}

/// Sets a bit of the flags of all entries.
fn flag(file: &mut [u8], bit: u8) {
    for (start, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        for place in 0..file.len() - 4 {
            if file[place..].starts_with(start) {
                file[place + at] |= bit;
            }
        }
    }
}

/// Sets the compression method of all entries.
fn method(file: &mut [u8], method: u8) {
    for (start, at) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        for place in 0..file.len() - 4 {
            if file[place..].starts_with(start) {
                file[place + at] = method;
            }
        }
    }
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let zeros = vec![0; 20 << 20];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..8 {
        zip.start_file(format!("{index}.bmp"), deflated).unwrap();
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(refusal(bomb, Limits::PICTURES), "archive-too-large");

    // Two names for one content.
    let mut file = two();
    let starts: Vec<usize> = (0..file.len() - 4)
        .filter(|at| file[*at..].starts_with(b"PK\x01\x02"))
        .collect();
    let [first, second] = starts[..] else {
        panic!("two entries");
    };
    let place = file[first + 42..first + 46].to_vec();
    file[second + 42..second + 46].copy_from_slice(&place);
    assert_eq!(refusal(file, Limits::PICTURES), "archive-format");
}

#[test]
fn an_encrypted_archive_names_the_file() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .with_deprecated_encryption(b"secret")
        .unwrap();
    zip.start_file("3/hand.png", options).unwrap();
    zip.write_all(b"hand").unwrap();
    let error = open(zip.finish().unwrap().into_inner()).err().unwrap();
    assert!(error.to_string().contains("`3/hand.png`"), "{error}");
}
