//! What files of samples are taken for, and what comes back of those that are written; and files that nobody in their
//! senses makes: read or refused in words.

use super::*;
use crate::archive::{Named, write_zip};
use crate::fuzz::{Bytes, MEMORY, Outcome, Refusal, Target, mutate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signet_recognizer::{INPUT_SIDE, InputImage};

const MANIFEST: &str = r#"{"type": "image", "version": "2.4.10", "appdata": {"publishResults": {"token": "a secret"}}}"#;

/// A zip of files of one byte.
fn zip(names: &[&str]) -> Vec<u8> {
    let files = names.iter().map(|name| Named {
        name: (*name).to_owned(),
        bytes: if *name == "manifest.json" {
            MANIFEST.into()
        } else {
            b"x".to_vec()
        },
    });
    write_zip(&files.collect::<Vec<_>>()).unwrap()
}

/// A guess in short: what it is by, its labels with their numbers of pictures, and how many files were passed over.
fn short(guess: &Guess) -> String {
    let classes = guess.classes.iter();
    let classes = classes.map(|class| format!("{}:{}", class.label, class.pictures.len()));
    let passed: usize = guess.passed_over.iter().map(|passed| passed.count).sum();
    format!(
        "{:?} {} -{passed}",
        guess.by,
        classes.collect::<Vec<_>>().join(" ")
    )
}

#[test]
fn what_is_in_an_archive_is_guessed() {
    let fingers: Vec<String> = (0..12)
        .map(|i| {
            format!(
                "train/{i:x}_{}{}.png",
                i % 4,
                if i % 2 == 0 { "L" } else { "R" }
            )
        })
        .collect();
    let fingers: Vec<&str> = fingers.iter().map(String::as_str).collect();
    let cases: [(&[&str], &str); 12] = [
        (&["0/a.jpg", "3/b.png", "3/c.webp"], "Folder 0:1 3:2 -0"),
        (&["hands/0/a.jpg", "hands/3/b.png"], "Folder 0:1 3:1 -0"),
        (
            &["d/train/0/a.jpg", "d/train/1/b.jpg", "d/val/1/c.jpg"],
            "Folder 0:1 1:2 -0",
        ),
        (
            &["train/10/a.jpg", "train/9/b.jpg", "train/none/c.jpg"],
            "Folder 9:1 10:1 none:1 -0",
        ),
        (
            &["up/ann/a.jpg", "up/bob/b.jpg", "down/ann/c.jpg"],
            "Folder ann:2 bob:1 -0",
        ),
        (&["3/ann/a.jpg", "4/ann/b.jpg"], "OuterFolder 3:1 4:1 -0"),
        (
            &[
                "A/a.jpg",
                "__MACOSX/A/._a.jpg",
                "A/.DS_Store",
                "A/Thumbs.db",
                "readme.txt",
                "b.jpg",
                "B/c.jpg",
            ],
            "Folder A:1 B:1 -5",
        ),
        (&fingers, "FileName 0:3 1:3 2:3 3:3 -0"),
        (
            &[
                "two_1.jpg",
                "two_2.jpg",
                "two_3.jpg",
                "ok 1.jpg",
                "ok 2.jpg",
                "ok 3.jpg",
            ],
            "FileName ok:3 two:3 -0",
        ),
        (&["1.jpg", "2.jpg"], "OneClass left hand:2 -0"),
        (
            &[
                "manifest.json",
                "B-!-0.jpg",
                "B-!-1.jpg",
                "A-!-x-!-0.jpg",
                "none-!-0.jpg",
            ],
            "TeachableMachine B:2 A-!-x:1 none:1 -0",
        ),
        (&["NONE/1.jpg", "three/2.jpg"], "Folder three:1 none:1 -0"),
    ];
    for (names, expected) in cases {
        let samples = Samples::open(zip(names), "left hand-samples.zip").unwrap();
        assert_eq!(short(&samples.guesses()[0]), expected, "{names:?}");
    }
}

#[test]
fn other_ways_to_read_it_are_there() {
    let samples = Samples::open(
        zip(&["up/ann/a.jpg", "up/bob/b.jpg", "down/ann/c.jpg"]),
        "x.zip",
    )
    .unwrap();
    let found: Vec<_> = samples.guesses().iter().map(short).collect();
    assert_eq!(
        found,
        [
            "Folder ann:2 bob:1 -0",
            "OuterFolder down:1 up:2 -0",
            "OneClass x:3 -0"
        ]
    );
}

#[test]
fn the_secret_of_a_project_is_nowhere() {
    let samples = Samples::open(zip(&["manifest.json", "A-!-0.jpg"]), "p.tm").unwrap();
    assert!(!format!("{:?}", samples.guesses()).contains("secret"));
    for (kind, words) in [("pose", "poses"), ("audio", "sounds"), ("video", "`video`")] {
        let manifest = MANIFEST.replace("image", kind).into_bytes();
        let file = Named {
            name: "manifest.json".into(),
            bytes: manifest,
        };
        let error = Samples::open(write_zip(&[file]).unwrap(), "p.tm")
            .err()
            .unwrap();
        assert_eq!(error.code(), "samples-kind");
        assert!(
            error.to_string().contains(words) && !error.to_string().contains("secret"),
            "{error}"
        );
    }
}

#[test]
fn a_file_without_samples_is_refused() {
    let cases: [(Vec<u8>, &str); 4] = [
        (zip(&["readme.txt"]), "samples-none"),
        (zip(&["manifest.json"]), "samples-none"),
        (b"what".to_vec(), "samples-none"),
        (b"PK\x03\x04".to_vec(), "archive-format"),
    ];
    for (file, code) in cases {
        assert_eq!(Samples::open(file, "x.zip").err().unwrap().code(), code);
    }
}

#[test]
fn a_course_file_is_read_set_by_set() {
    let course = include_bytes!("../../../../tests/fixtures/course.h5").to_vec();
    let mut samples = Samples::open(course, "course.h5").unwrap();
    assert!(
        samples
            .guesses()
            .iter()
            .all(|guess| guess.by == By::DataSet)
    );
    for guess in 0..samples.guesses().len() {
        let index = samples.guesses()[guess].classes[0].pictures[0];
        let picture = samples.picture(guess, index).unwrap().unwrap();
        assert!(matches!(picture, Encoded::Pixels(picture) if picture.width() > 0));
    }
    assert!(samples.picture(0, 1 << 20).unwrap().is_none());
}

#[test]
fn what_is_written_comes_back_the_same() {
    let labels = [
        "3",
        "none",
        "a/b",
        "A",
        "a",
        "CON",
        "..",
        "train",
        "x.",
        "\u{1f44b} hi",
        "?",
        "*",
        ".hidden",
        "com1",
    ];
    let labels: Vec<String> = labels.map(String::from).to_vec();
    let plain: Vec<String> = ["0", "two", "none"].map(String::from).to_vec();
    for (labels, is_plain) in [(plain, true), (labels, false)] {
        let inputs: Vec<InputImage> = (0..3 * labels.len())
            .map(|seed| {
                InputImage::from_fn(INPUT_SIDE, |x, y| {
                    [x, y, seed].map(|v| (v * 37 % 256) as u8)
                })
            })
            .collect();
        let written = inputs.iter().enumerate();
        let written: Vec<Written<'_>> = written
            .map(|(at, input)| Written {
                label: at % labels.len(),
                input,
            })
            .collect();
        let file = samples_zip(&labels, &written).unwrap();
        let archive = Archive::open(file.clone(), Limits::PICTURES).unwrap();
        assert_eq!(archive.find(LABELS_FILE).is_none(), is_plain);
        let mut samples = Samples::open(file, "signet.zip").unwrap();
        let guess = samples.guesses()[0].clone();
        let mut found: Vec<&str> = guess
            .classes
            .iter()
            .map(|class| class.label.as_str())
            .collect();
        let mut expected: Vec<&str> = labels.iter().map(String::as_str).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        for class in &guess.classes {
            let label = labels
                .iter()
                .position(|label| *label == class.label)
                .unwrap();
            let own = written.iter().filter(|sample| sample.label == label);
            for (index, sample) in class.pictures.iter().zip(own) {
                let Some(Encoded::File(png)) = samples.picture(0, *index).unwrap() else {
                    panic!("a file");
                };
                let input = Picture::decode(&png).unwrap().to_input(INPUT_SIDE);
                assert_eq!(input.rgb(), sample.input.rgb());
            }
        }
    }
}

fn read(file: &[u8]) -> Outcome {
    let read = || {
        let mut samples = Samples::open(file.to_vec(), "the file.zip")?;
        assert!(!samples.guesses().is_empty());
        for (at, guess) in samples.guesses().to_vec().iter().enumerate() {
            for class in &guess.classes {
                assert!(!class.label.is_empty());
                let picture = class.pictures.first().copied().unwrap_or(0);
                samples.picture(at, picture)?;
            }
        }
        Ok(())
    };
    read().map_err(|error: Error| Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    })
}

fn target(cases: u32) -> Target {
    Target {
        name: "samples",
        cases,
        read,
        // A file's content is there twice, and one of its entries.
        memory: |file| 2 * MEMORY + 8 * file.len(),
    }
}

#[test]
fn archives_with_changes_are_read_or_refused() {
    use std::io::Write;
    use zip::write::SimpleFileOptions;
    let mut deflated = zip::ZipWriter::new_stream(Vec::new());
    for name in ["3/a.png", "4/b.png"] {
        deflated
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        deflated.write_all(&[7; 3000]).unwrap();
    }
    let deflated = deflated.finish().unwrap().into_inner();
    let project = zip(&["manifest.json", "A-!-0.jpg", "A-!-1.jpg", "B-!-0.jpg"]);
    let folders = zip(&[
        "train/3/a.jpg",
        "train/4/b.jpg",
        "val/3/c.jpg",
        "labels.json",
    ]);
    target(2000).fuzz(vec![project, folders, deflated], |_| {});
}

#[test]
fn archives_of_any_names_are_read_or_refused() {
    let part = || {
        prop_oneof![
            mutate::text(),
            select(vec![
                "train",
                "3",
                "a.png",
                "none",
                "x-!-1.jpg",
                "manifest.json",
                "..",
                "",
                ".",
                "a_3L.png",
                "__MACOSX"
            ])
            .prop_map(String::from),
        ]
    };
    let name = vec(part(), 1..5).prop_map(|parts| parts.join("/"));
    let files = vec((name, vec(any::<u8>(), 0..40)), 0..12).prop_map(|files| {
        let mut seen = std::collections::HashSet::new();
        let files = files
            .into_iter()
            .filter(|(name, _)| seen.insert(name.clone()));
        let files: Vec<_> = files.map(|(name, bytes)| Named { name, bytes }).collect();
        Bytes(write_zip(&files).unwrap_or_default())
    });
    target(1000).run(files);
}
