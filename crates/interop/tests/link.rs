//! Links to a fine-tuned head: they come back, answer as the head did, and are refused by what is wrong with them.

#[path = "../../../tests/support/fuzz/mod.rs"]
mod fuzz;
#[path = "../../../tests/support/shipped.rs"]
mod shipped_file;
#[path = "../../../tests/support/tiny.rs"]
mod tiny;

use fuzz::{Outcome, Refusal, Target, in_proportion, mutate};
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signet_interop::Error;
use signet_interop::link::{SharedHead, from_text, to_digits, to_text};
use signet_recognizer::{
    Arithmetic, Classifier, HostTensor, INPUT_SIDE, InputImage, Picture, Weights, argmax,
};
use std::path::Path;

/// The network that is shipped, in these tests.
fn shipped() -> Weights {
    tiny::weights().fold().with_detector(1)
}

fn named(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}

/// `weights` with other values in the layers whose names begin with one of `layers`.
fn trained(weights: Weights, layers: &[&str]) -> Weights {
    let (config, labels) = (weights.config().clone(), weights.labels().to_vec());
    let mut tensors = weights.into_tensors();
    for (name, tensor) in &mut tensors {
        if layers.iter().any(|layer| name.starts_with(layer)) {
            let values = 0..tensor.count();
            let values = values.map(|n| ((n * 37 + name.len()) as f32 * 0.7).sin());
            *tensor = HostTensor::new(tensor.shape.clone(), values.collect());
        }
    }
    Weights::new(config, labels, tensors).unwrap()
}

fn shared(weights: Weights) -> SharedHead {
    SharedHead {
        weights,
        threshold: Some(0.65),
        source: "Class 7b".into(),
    }
}

fn link(head: &SharedHead) -> Vec<u8> {
    block_on(head.bytes(&shipped())).unwrap()
}

fn probabilities(weights: &Weights) -> Vec<f32> {
    let classifier = Classifier::on_cpu(weights, Arithmetic::Float32);
    let answers = block_on(classifier.classify(&[InputImage::reference()])).unwrap();
    let answer = answers.into_iter().next().unwrap();
    [answer.probabilities, answer.presence.into_iter().collect()].concat()
}

#[test]
fn a_head_comes_back_with_its_labels_and_answers_whatever_became_of_the_detector() {
    let start = || {
        shipped()
            .with_labels(named(&["left", "right", "向上"]))
            .unwrap()
    };
    let heads = [
        ("none", trained(start().without_detector(), &["fc"])),
        ("shipped", trained(shipped(), &["fc"])),
        ("presence", trained(start(), &["fc", "sign"])),
        (
            "alone",
            trained(
                start().without_detector().with_blank_detector(),
                &["fc", "sign"],
            ),
        ),
    ];
    for (detector, weights) in heads {
        let head = shared(weights.clone());
        let bytes = link(&head);
        for text in [to_text(&bytes), to_digits(&bytes)] {
            let opened = SharedHead::open(&from_text(&text).unwrap(), &shipped()).unwrap();
            assert_eq!(opened.weights.labels(), weights.labels(), "{detector}");
            assert_eq!(
                (opened.threshold, &*opened.source),
                (Some(0.65), "Class 7b")
            );
            assert_eq!(opened.weights.config(), weights.config(), "{detector}");
            let (found, expected) = (probabilities(&opened.weights), probabilities(&weights));
            assert_eq!(found.len(), expected.len(), "{detector}");
            for (found, expected) in found.iter().zip(&expected) {
                // Two features don't average the rounding out, as 2048 do: the photos below are the measure.
                assert!(
                    (found - expected).abs() < 0.05,
                    "{detector}: {found} is not {expected}"
                );
            }
            let classifier = Classifier::on_cpu(&opened.weights, Arithmetic::Fastest);
            assert_eq!(
                block_on(classifier.self_check()).unwrap(),
                0.0,
                "{detector}"
            );
        }
    }
}

#[test]
fn a_link_may_say_neither_whose_it_is_nor_a_threshold() {
    let head = SharedHead {
        threshold: None,
        source: "  ".into(),
        ..shared(shipped())
    };
    let opened = SharedHead::open(&link(&head), &shipped()).unwrap();
    assert_eq!((opened.threshold, &*opened.source), (None, ""));
}

#[test]
fn a_model_that_is_more_than_a_head_is_not_shared() {
    let one = shipped().with_labels(named(&["one"])).unwrap();
    let many: Vec<String> = (0..31).map(|n| n.to_string()).collect();
    let long = "x".repeat(41);
    let long = shipped().with_labels(named(&["a", &long])).unwrap();
    for (weights, code) in [
        (trained(shipped(), &["res5"]), "link-scope"),
        (trained(shipped(), &["region"]), "link-scope"),
        (tiny::weights().fold(), "link-ok"),
        (one, "link-format"),
        (shipped().with_labels(many).unwrap(), "link-format"),
        (long, "setting"),
    ] {
        let refused = block_on(shared(weights).bytes(&shipped()));
        assert_eq!(
            refused.map_or_else(|error| error.code(), |_| "link-ok"),
            code
        );
    }
}

/// A link whose bytes are changed and whose checksum is right again.
fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Result<SharedHead, Error> {
    let mut bytes = link(&shared(shipped()));
    bytes.truncate(bytes.len() - 4);
    change(&mut bytes);
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    SharedHead::open(&bytes, &shipped())
}

#[test]
fn a_link_is_refused_by_what_is_wrong_with_it() {
    assert!(changed(|_| {}).is_ok());
    let infinite = f32::INFINITY.to_le_bytes();
    // Version, detector, threshold, checksum, "Class 7b", two labels of four and five bytes.
    let (source, classes) = (7, 16);
    let refusals: [(&str, &str, Result<SharedHead, Error>); 14] = [
        (
            "link-format",
            "does not begin",
            SharedHead::open(b"", &shipped()),
        ),
        (
            "link-format",
            "does not begin",
            SharedHead::open(b"\0\0\0\0\0\0", &shipped()),
        ),
        (
            "link-format",
            "cut short",
            SharedHead::open(&[1, 2], &shipped()),
        ),
        ("link-version", "version 2", changed(|it| it[0] = 2)),
        ("link-format", "detector", changed(|it| it[1] = 9)),
        ("link-format", "101 percent", changed(|it| it[2] = 101)),
        ("link-base", "another network", changed(|it| it[3] ^= 1)),
        (
            "link-format",
            "not UTF-8",
            changed(|it| it[source + 1] = 0xff),
        ),
        ("link-format", "cut short", changed(|it| it[source] = 255)),
        ("link-format", "1 classes", changed(|it| it[classes] = 1)),
        (
            "link-format",
            "255 classes",
            changed(|it| it[classes] = 255),
        ),
        ("link-format", "behind its end", changed(|it| it.push(0))),
        ("link-format", "cut short", changed(|it| it.truncate(30))),
        ("link-damaged", "checksum", {
            let mut bytes = link(&shared(shipped()));
            bytes[40] ^= 1;
            SharedHead::open(&bytes, &shipped())
        }),
    ];
    for (code, said, outcome) in refusals {
        let refused = outcome.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
        assert!(
            refused.to_string().contains(said),
            "{refused} says nothing of {said}"
        );
    }
    // Two labels that are one, one that shows nothing, and numbers that are none.
    let label = classes + 1;
    let same = changed(|it| drop(it.splice(label..label + 11, *b"\x05paper\x05paper")));
    assert_eq!(same.unwrap_err().code(), "setting");
    let blank = changed(|it| it[label + 1..label + 5].copy_from_slice(b"\t\n  "));
    assert_eq!(blank.unwrap_err().code(), "setting");
    let logits = label + 11;
    let logit = changed(|it| it[logits..logits + 4].copy_from_slice(&infinite));
    assert_eq!(logit.unwrap_err().code(), "weights-format");
    let scale = changed(|it| it[logits + 8..logits + 12].copy_from_slice(&infinite));
    assert_eq!(scale.unwrap_err().code(), "weights-values");
    let without = SharedHead::open(&link(&shared(shipped())), &shipped().without_detector());
    assert_eq!(without.unwrap_err(), Error::LinkBase);
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self {
            code: error.code().into(),
            sentence: error.to_string(),
        }
    }
}

/// What is opened also answers.
fn open(bytes: &[u8]) -> Outcome {
    let opened = SharedHead::open(bytes, &shipped())?;
    let answers = probabilities(&opened.weights);
    assert!(answers.iter().all(|share| (0.0..=1.0).contains(share)));
    Ok(())
}

/// Makes the checksum right.
fn mend(bytes: &mut [u8]) {
    if let Some((content, checksum)) = bytes.split_last_chunk_mut::<4>() {
        *checksum = crc32fast::hash(content).to_le_bytes();
    }
}

#[test]
fn damaged_links_are_refused_with_a_sentence() {
    let target = Target {
        name: "links",
        cases: 1500,
        read: open,
        memory: in_proportion,
    };
    let heads = [
        trained(shipped(), &["fc", "sign"]),
        trained(
            shipped().with_labels(named(&["a", "b", "c"])).unwrap(),
            &["fc"],
        ),
    ];
    target.fuzz(heads.map(|head| link(&shared(head))).to_vec(), mend);
}

/// Texts of some characters alone.
fn characters(of: &str) -> impl Strategy<Value = String> {
    let of: Vec<char> = of.chars().collect();
    vec(select(of), 0..80).prop_map(|characters| characters.into_iter().collect())
}

#[test]
fn any_text_is_refused_with_a_sentence_or_is_bytes() {
    let whole = to_text(&link(&shared(shipped())));
    let texts = prop_oneof![
        3 => mutate::text(),
        2 => characters("0123456789"),
        2 => characters("AQab09_-"),
        1 => (0..whole.len()).prop_map(move |end| whole[..end].to_owned()),
        1 => (any::<char>(), 1..300_000_usize).prop_map(|(c, n)| c.to_string().repeat(n)),
    ];
    fuzz::fuzz("links-text", 1500, texts, |text| open(&from_text(text)?));
}

/// The shipped model's own head, as a link, on photos that it was not trained on.
#[test]
fn a_shared_head_answers_photos_as_the_head_that_was_shared() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let photos = root.join("../shared/data/sign-language-digits/val");
    let (Ok(folders), Some(model)) = (std::fs::read_dir(photos), shipped_file::model()) else {
        eprintln!("skipped: the photos are not here");
        return;
    };
    let inputs: Vec<InputImage> = folders
        .flatten()
        .flat_map(|folder| {
            std::fs::read_dir(folder.path())
                .into_iter()
                .flatten()
                .flatten()
        })
        .map(|file| {
            let picture = Picture::decode(&std::fs::read(file.path()).unwrap()).unwrap();
            picture.to_input(INPUT_SIDE)
        })
        .collect();
    let shipped = Weights::from_bytes(&model).unwrap();
    let bytes = block_on(shared(shipped.clone()).bytes(&shipped)).unwrap();
    let opened = SharedHead::open(&bytes, &shipped).unwrap();
    let answers = |weights: &Weights| {
        let classifier = Classifier::on_cpu(weights, Arithmetic::Fastest);
        block_on(classifier.classify(&inputs)).unwrap()
    };
    let (before, after) = (answers(&shipped), answers(&opened.weights));
    let mut largest = 0.0_f32;
    let mut others = 0;
    for (before, after) in before.iter().zip(&after) {
        others += usize::from(argmax(&before.probabilities) != argmax(&after.probabilities));
        for (before, after) in before.probabilities.iter().zip(&after.probabilities) {
            largest = largest.max((before - after).abs());
        }
    }
    eprintln!(
        "{} photos, {} bytes, {} characters: {others} other answers, probabilities within {largest}",
        inputs.len(),
        bytes.len(),
        to_text(&bytes).len()
    );
    assert_eq!(others, 0);
    assert!(largest < 0.01, "{largest}");
    assert!(bytes.len() < 12_400);
}
