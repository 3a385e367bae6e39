//! Weights files.

use crate::fuzz::{Bytes, Outcome, Refusal, Target, fuzz, in_proportion, mutate};
use crate::tiny;
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use signet_recognizer::weights::{sha256, verify_sha256};
use signet_recognizer::{Arithmetic, Classifier, InputImage, Precision, ResNetConfig, Weights};

/// A network that is accepted also classifies.
fn read(file: &[u8]) -> Outcome {
    let weights = Weights::from_bytes(file)?;
    let classes = weights.labels().len();
    let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
    let answers = block_on(classifier.classify(&[InputImage::reference()]))?;
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].probabilities.len(), classes);
    let sum: f32 = answers[0].probabilities.iter().sum();
    assert!(
        (sum - 1.0).abs() < 1e-3,
        "the probabilities add up to {sum}"
    );
    block_on(classifier.self_check())?;
    Ok(())
}

fn target(cases: u32) -> Target {
    Target {
        name: "weights",
        cases,
        read,
        memory: in_proportion,
    }
}

/// Removes the checksum, which would refuse every change.
fn unsealed(file: &[u8]) -> (Value, Vec<u8>) {
    let (mut header, data) = tiny::parts(file);
    let fields = header.as_object_mut().expect("a header is an object");
    let checksum = fields.remove("signet.crc32").expect("there is a checksum");
    let end = checksum["data_offsets"][1].as_u64().expect("an offset");
    assert_eq!(
        end,
        data.len() as u64,
        "bytes come last, and this one last of all"
    );
    let data = data[..data.len() - 4].to_vec();
    (header, data)
}

/// Makes the header's length fit the file.
fn mend(file: &mut [u8]) {
    if file.len() < 9 {
        return;
    }
    let end = file.iter().rposition(|byte| *byte == b'}').unwrap_or(8);
    let claimed = u64::from_le_bytes(file[..8].try_into().expect("eight bytes"));
    if claimed > file.len() as u64 {
        file[..8].copy_from_slice(&(end as u64 - 7).to_le_bytes());
    }
}

#[test]
fn files_with_changes_are_read_or_refused() {
    let mut seeds = tiny::files();
    for file in tiny::files() {
        let (header, data) = unsealed(&file);
        seeds.push(tiny::file(&header, &data));
    }
    target(1500).fuzz(seeds, mend);
}

#[test]
fn headers_that_say_anything_are_read_or_refused() {
    let seeds: Vec<_> = tiny::files().iter().map(|file| unsealed(file)).collect();
    let choice = (
        any::<Index>(),
        prop::option::of(mutate::edits(4)),
        prop::option::of(mutate::edits(4)),
        0..3_usize,
    );
    let files = choice.prop_map(move |(seed, outer, inner, spare)| {
        let (mut header, mut data) = seeds[seed.index(seeds.len())].clone();
        if let Some(edits) = inner {
            let text = header["__metadata__"]["signet"].as_str().unwrap_or("");
            let mut inner: Value = serde_json::from_str(text).expect("the description is JSON");
            mutate::edit(&mut inner, &edits);
            header["__metadata__"]["signet"] = inner.to_string().into();
        }
        if let Some(edits) = outer {
            mutate::edit(&mut header, &edits);
        }
        data.resize(data.len() + spare, 7);
        Bytes(tiny::file(&header, &data))
    });
    target(1500).run(files);
}

/// Files whose tensors fit their network, so that only the network can be refused.
#[test]
fn networks_of_any_strides_blocks_and_filters_answer_or_are_refused() {
    let filters = || prop_oneof![20 => 1..6_usize, 1 => select(vec![0, 4097, 1 << 40])];
    let stride = prop_oneof![20 => 1..3_usize, 1 => select(vec![0, 3, usize::MAX])];
    let blocks = prop_oneof![20 => 0..3_usize, 1 => select(vec![65, usize::MAX])];
    let stage = (filters(), filters(), filters(), stride, blocks);
    let stages = prop_oneof![
        10 => vec(stage.clone(), 4),
        1 => vec(stage, 0..7),
    ];
    let network = (filters(), stages, 0..4_usize, any::<bool>());
    let files = network.prop_map(|(stem, stages, classes, detector)| {
        let stages: Vec<_> = stages
            .into_iter()
            .map(|(a, b, c, stride, blocks)| {
                json!({"filters": [a, b, c], "stride": stride, "identity_blocks": blocks})
            })
            .collect();
        let labels: Vec<String> = (0..classes).map(|label| label.to_string()).collect();
        let network =
            json!({"stem": stem, "stages": stages, "classes": classes, "finder": detector});
        let about = json!({"version": 1, "network": network, "labels": labels});
        // Strides change no tensor's shape. Of networks beyond other bounds only the description is written.
        let mut shapes: ResNetConfig = serde_json::from_value(network).expect("a description");
        shapes.detector = false;
        for (stage, stride) in shapes.stages.iter_mut().zip([1, 2, 2, 2]) {
            stage.stride = stride;
        }
        let weights = Weights::initial(shapes, labels, 1).map(Weights::fold);
        let weights = weights.map(|weights| match detector {
            true => weights.with_detector(1),
            false => weights,
        });
        let file = weights.and_then(|weights| weights.to_bytes(Precision::F32));
        let (mut header, data) = file.map_or_else(|_| Default::default(), |file| unsealed(&file));
        header["__metadata__"] = json!({"signet": about.to_string()});
        Bytes(tiny::file(&header, &data))
    });
    target(300).run(files);
}

#[test]
fn any_text_is_compared_with_a_files_hash_and_only_the_hash_fits() {
    let right = sha256(b"weights");
    let inputs = prop_oneof![
        mutate::text(),
        Just(right.clone()),
        Just(right.to_uppercase()),
        Just(right[1..].to_owned()),
    ];
    fuzz("weights-hash", 300, inputs, |expected| {
        let verified = verify_sha256(b"weights", expected);
        assert_eq!(verified.is_ok(), expected.eq_ignore_ascii_case(&right));
        verified.map_err(|error| {
            assert_eq!(error.code(), "weights-hash");
            assert!(error.to_string().contains(&right));
            Refusal::from(error)
        })
    });
}
