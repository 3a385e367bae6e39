//! explain, lesion, check-set and evaluate --explain.

use crate::scenes::with_photos;
use crate::support::{Scratch, assert_says, json, stderr};
use pollster::block_on;
use serde_json::Value;
use signet_recognizer::inspect::{Inspector, read_sprite};
use signet_recognizer::{Arithmetic, Picture, Weights};
use std::fs;
use std::path::Path;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter()
        .map(|number| number.as_f64().expect("a number"))
        .collect()
}

#[test]
fn explain_writes_maps_words_and_numbers_that_add_up() {
    let folder = with_photos(1);
    for (more, label) in [
        ("--threshold 0", None),
        ("--label 4", Some("4")),
        ("--threshold 1.1", Some("sign")),
    ] {
        let line = format!("explain --weights detector photos/3/0.png --out out {more}");
        let said = folder.succeed(&line);
        let found = json(&folder.read_text("out/explanation.json"));
        let label = label.map_or(&found["answer"]["label"], |_| &found["label"]);
        assert_eq!(&found["label"], label);
        for (cells, logit) in [
            (&found["quadrants"], &found["logit"]),
            (&found["class_map"]["cells"], &found["class_map"]["logit"]),
        ] {
            let [bias, logit] = [&found["bias"], logit].map(|n| n.as_f64().expect("a number"));
            let sum = numbers(cells).iter().sum::<f64>() + bias;
            assert!((sum - logit).abs() < 1e-4, "{sum} and {logit}");
        }
        assert_eq!(numbers(&found["occlusion"]).len(), 49);
        assert_eq!(found["words"], folder.read_text("out/explanation.txt"));
        assert_eq!(said, folder.read_text("out/explanation.txt"));
        assert_says(
            &said,
            &["The answer is", "upper left", "bias", "together the logit"],
        );
    }
    for name in [
        "input",
        "quadrants",
        "class-map",
        "occlusion",
        "stem",
        "2a",
        "5c",
        "features",
    ] {
        let picture = image::open(folder.path(&format!("out/{name}.png"))).expect("a picture");
        assert!(picture.width() > 16 && picture.height() > 16, "{name}");
    }

    let explain = "explain --weights detector photos/3/0.png --out out";
    let whole = json(&folder.read_text("out/explanation.json"));
    folder.succeed(&format!(
        "{explain} --threshold 1.1 --cut 2b:skip 4a:branch"
    ));
    let cut = json(&folder.read_text("out/explanation.json"));
    assert_eq!(
        cut["cuts"][1],
        serde_json::json!({ "block": "4a", "part": "branch" })
    );
    assert_ne!(cut["answer"], whole["answer"]);

    folder.refuse(
        &format!("{explain} --label seven"),
        &["no label seven", "0, 1"],
    );
    folder.refuse(&format!("{explain} --cut 2z:skip"), &["no block `2z`"]);
    let output = folder.run(&format!("{explain} --cut 2b"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("BLOCK:PART"));
    folder.refuse(
        "explain --weights weights photos/3/0.png --out out --label none",
        &["no label none"],
    );
}

#[test]
fn lesion_measures_each_cut_and_the_whole_as_evaluate_does() {
    let folder = with_photos(2);
    let line = "lesion --weights detector --data photos --json";
    let report = json(&folder.succeed(line));
    assert_eq!(report, json(&folder.succeed(line)), "the same draws");
    let accuracy =
        &json(&folder.succeed("evaluate --weights detector --data photos --json"))["accuracy"];
    assert_eq!(&report["whole"]["accuracy"], accuracy);
    assert_eq!(report["images"], 12);
    let blocks = report["blocks"].as_array().expect("a list");
    assert_eq!(blocks.len(), 16);
    assert_eq!(
        (&blocks[0]["block"], &blocks[0]["kind"]),
        (&"2a".into(), &"convolutional".into())
    );
    assert!(blocks.iter().any(|block| block["skip"] != report["whole"]));
    let random = report["random"].as_array().expect("a list");
    assert_eq!(random.len(), 9);
    assert_eq!(random[8]["blocks"].as_array().map(Vec::len), Some(6));

    let table = folder.succeed("lesion --weights detector --data photos --seeds 1");
    assert_says(
        &table,
        &[
            "12 pictures",
            "without branch",
            "whole",
            "5c       identity",
        ],
    );
    folder.refuse("lesion --weights detector --data nowhere", &["nowhere"]);
    folder.refuse(
        "lesion --weights detector --check-set photos/3/0.png",
        &["96 x 96 pixels"],
    );
}

/// The page's file: its composed hands, which the shipped network reads but for a few.
#[test]
fn the_check_set_is_what_the_command_composes_and_the_shipped_network_reads() {
    let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www");
    let shipped = fs::read(www.join("inside/check-set.jpg")).expect("it is part of the page");
    assert!(shipped.len() < 300_000);
    let folder = Scratch::new();
    folder.succeed("check-set --out check-set.jpg");
    let [(inputs, names), (composed, _)] = [&shipped, &folder.read("check-set.jpg")]
        .map(|file| read_sprite(&Picture::decode(file).expect("a picture")).expect("tiles"));
    assert_eq!((inputs.len(), composed.len()), (60, 60));
    let pixels = inputs
        .iter()
        .zip(&composed)
        .flat_map(|(a, b)| a.rgb().iter().zip(b.rgb()));
    let gaps: u64 = pixels.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(gaps < 60 * 64 * 64 * 3, "the command draws other pictures");

    let manifest = fs::read_to_string(www.join("models/manifest.json")).expect("it is there");
    let file = json(&manifest)["file"].as_str().expect("a name").to_owned();
    let weights = fs::read(www.join("models").join(file)).expect("it is there");
    let weights = Weights::from_bytes(&weights).expect("they are the page's");
    let truths: Vec<usize> = names
        .iter()
        .map(|name| name.parse().expect("a digit"))
        .collect();
    let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
    let scores = block_on(inspector.score(&inputs, &truths, &[])).expect("scores");
    assert!(scores.right >= 57, "{} of 60", scores.right);
    assert!(scores.mean_margin() > 5.0, "{}", scores.mean_margin());
}

#[test]
fn explanations_are_tested_alike_each_time_beside_maps_that_ask_no_network() {
    let folder = with_photos(0);
    let line = "evaluate --weights detector --explain --pictures 3";
    let report = &json(&folder.succeed(&format!("{line} --json")))["explain"];
    assert_eq!(
        report,
        &json(&folder.succeed(&format!("{line} --json")))["explain"]
    );
    assert_eq!(report["pictures"], 3);
    let maps = report["maps"].as_array().expect("a list");
    for (map, asks) in maps.iter().zip([true, true, false, false, false]) {
        for share in ["pointing", "strictly", "deletion", "insertion"] {
            let value = map[share].as_f64().expect("a number");
            assert!((0.0..=1.0).contains(&value), "{map}");
        }
        assert_eq!(map["correlation"].is_number(), asks, "{map}");
    }
    let table = folder.succeed(line);
    assert_says(
        &table,
        &[
            "3 composed pictures",
            "occlusion",
            "class map",
            "center",
            "edges",
        ],
    );
    let output = folder.run("evaluate --weights detector --explain --data photos");
    assert_eq!(output.status.code(), Some(2));
}
