//! The names of classes: any Unicode.

use crate::fuzz::{Refusal, fuzz, mutate};
use crate::tiny;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signet_recognizer::labels::composed;
use signet_recognizer::{Precision, Weights};

fn label() -> impl Strategy<Value = String> {
    let tricky = [
        "<b onclick=alert(1)>",
        "\u{202e}thgir ot tfel",
        "\u{200b}",
        "e\u{301}",
        "\u{e9}",
        "\0",
        "\"]}",
        "\\",
        " rock ",
        "\u{feff}",
        "👩‍👩‍👧‍👦",
        "__metadata__",
        "none",
        "fc.kernel",
    ];
    prop_oneof![
        3 => mutate::text(),
        2 => select(tricky.to_vec()).prop_map(String::from),
        1 => (any::<char>(), 1..10_000_usize).prop_map(|(c, n)| c.to_string().repeat(n)),
        1 => Just(String::new()),
    ]
}

#[test]
fn any_labels_come_back_from_a_file_composed_or_are_refused() {
    let labels = prop_oneof![
        4 => vec(label(), 0..8),
        1 => (vec(label(), 1..4), 1..40_usize).prop_map(|(some, times)| vec![some; times].concat()),
        1 => (990..1100_usize).prop_map(|count| (0..count).map(|n| n.to_string()).collect()),
    ];
    fuzz("labels", 400, labels, |labels| {
        let weights = tiny::weights();
        let named = weights.with_labels(labels.clone())?;
        let file = named.to_bytes(Precision::F32)?;
        let back = Weights::from_bytes(&file).map_err(Refusal::from);
        let composed: Vec<String> = labels.iter().map(|label| composed(label)).collect();
        assert_eq!(back.expect("a file that was written").labels(), composed);
        Ok(())
    });
}

#[test]
fn more_labels_than_a_network_has_classes_are_refused_before_they_take_memory() {
    let mut config = tiny::config();
    config.stages[3].filters[2] = 512;
    let weights = Weights::initial(config, tiny::labels(), 0).expect("a valid network");
    fuzz("labels-many", 12, 1001..200_000_usize, |count| {
        let labels = (0..*count).map(|n| n.to_string()).collect();
        let refused = weights.clone().with_labels(labels).expect_err("too many");
        assert_eq!(refused.code(), "setting");
        Err(Refusal::from(refused))
    });
}
