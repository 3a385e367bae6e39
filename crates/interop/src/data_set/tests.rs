//! Files that nobody in their senses writes: read or refused in words, as `scripts/fuzz.sh` has it
//! for longer.

use crate::fuzz::{self, Bytes, MEMORY, Outcome, Refusal, Target, mutate};
use hdf5_pure::FileBuilder;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signet_recognizer::INPUT_SIDE;

fn refusal(error: crate::Error) -> Refusal {
    Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    }
}

/// The file's labels, and its pictures as a network sees them.
fn read(file: &[u8]) -> Outcome {
    let read = || {
        let file = super::DataSets::open(file.to_vec(), "the file")?;
        let labels = file.labels()?;
        for set in file.sets(super::Purpose::Training)? {
            let data = file.read(&set, |_| Ok(()))?;
            assert!(!data.names.is_empty());
            assert!(data.names.iter().all(|name| labels.contains(name)));
            for index in 0..data.names.len() {
                data.picture(index)?.to_input(INPUT_SIDE);
            }
        }
        Ok(())
    };
    read().map_err(refusal)
}

fn target(cases: u32) -> Target {
    Target {
        name: "hdf5",
        cases,
        read,
        // What a file can hold, and as 32-bit floats and bytes on the way.
        memory: |file| MEMORY + file.len() * 1032 * 6,
    }
}

#[test]
fn files_with_changes_are_read_or_refused() {
    let course = include_bytes!("../../../../tests/fixtures/course.h5").to_vec();
    assert!(read(&course).is_ok());
    let made = file(
        &[0, 1, 2],
        &[3, 2, 2, 3],
        &["no".into(), "yes".into(), "so".into()],
    );
    assert!(read(&made.0).is_ok());
    target(2000).fuzz(vec![course, made.0], |_| {});
}

#[test]
fn a_dataset_is_no_larger_than_its_file_can_hold_or_the_limit() {
    const MB: u64 = 1 << 20;
    let check = |shape: &[u64], element| {
        super::file::check_size(shape, element, MB, 512 * MB).map_err(|error| error.to_string())
    };
    assert_eq!(check(&[512, 1024, 1024], 1), Ok(()));
    // 1 MB of deflated zeros that would be 640 MB of floats.
    let refused = check(&[160, 1024, 1024], 4).unwrap_err();
    assert!(
        refused.starts_with("it takes 640 MB unpacked, and 512 MB is the most here"),
        "{refused}"
    );
    for shape in [&[2000, 1024, 1024][..], &[u64::MAX, 2]] {
        let refused = check(shape, 1).unwrap_err();
        assert!(
            refused.ends_with("a file of 1048576 bytes can't hold as much"),
            "{refused}"
        );
    }
}

/// A file whose pictures have some shape, and as many bytes as that takes.
fn file(labels: &[i64], shape: &[u64], classes: &[String]) -> Bytes {
    let mut file = FileBuilder::new();
    let bytes = vec![7; usize::try_from(shape.iter().product::<u64>()).expect("a small shape")];
    let pictures = file.create_dataset("train_set_x");
    pictures.with_u8_data(&bytes).with_shape(shape);
    let count = labels.len() as u64;
    let truths = file.create_dataset("train_set_y");
    truths.with_i64_data(labels).with_shape(&[count]);
    let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
    if !classes.is_empty() {
        let names = file.create_dataset("list_classes");
        names.with_vlen_strings(&classes);
    }
    Bytes(file.finish().expect("the file can be written"))
}

#[test]
fn whole_files_of_any_shapes_labels_and_classes_are_read_or_refused() {
    let label = prop_oneof![6 => 0..4_i64, 1 => select(vec![-1, i64::MIN, i64::MAX, 1 << 32])];
    let side = || prop_oneof![8 => 1..5_u64, 1 => Just(0)];
    let shape = prop_oneof![
        8 => (side(), side()).prop_map(|(height, width)| vec![height, width, 3]),
        1 => vec(side(), 0..5),
    ];
    let name = prop_oneof![
        mutate::text(),
        select(vec!["", "yes", "yes", "no"]).prop_map(String::from)
    ];
    let parts = (
        vec(label, 0..6),
        shape,
        vec(name, 0..5),
        0..8_u64,
        any::<bool>(),
    );
    let files = parts.prop_map(|(labels, sides, classes, count, fits)| {
        let count = if fits { labels.len() as u64 } else { count };
        let shape = [&[count], &sides[..]].concat();
        file(&labels, &shape, &classes)
    });
    target(300).run(files);
}

/// Chunks that are not there count as zeros: without a look at the file's length they would be made.
#[test]
fn a_shape_that_the_file_cannot_hold_is_refused_before_it_takes_memory() {
    let numbers = |shape: [u64; 4]| shape.map(u64::to_le_bytes).concat();
    let (said, claimed) = (numbers([6, 8, 8, 3]), numbers([6, 20_000, 20_000, 3]));
    let mut course = include_bytes!("../../../../tests/fixtures/course.h5").to_vec();
    for at in 0..course.len() - said.len() {
        if course[at..].starts_with(&said) {
            course[at..at + said.len()].copy_from_slice(&claimed);
        }
    }
    let (outcome, most) = fuzz::memory::most_of(|| read(&course));
    let refusal = outcome.expect_err("nothing holds so much").sentence;
    assert!(refusal.contains("can't hold as much"), "{refusal}");
    assert!(most < MEMORY, "it took {most} bytes");
}
