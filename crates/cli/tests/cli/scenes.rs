//! Training on composed pictures, suites, calibration and localisation: on procedural hands before
//! walls, which stand in for photos.

use crate::args;
use crate::support::{
    Scratch, json, narrow_config, refs, refuse, run, scratch, stderr, succeed, with, write_weights,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use signet_hands::{Hand, Subject};
use signet_recognizer::{Precision, Weights, labels};
use signet_scenes::{Canvas, Layer, Placement, Tone, paint_wall, place};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes `per_label` photos of procedural hands before walls for each of the six labels.
pub fn photograph(folder: &Path, per_label: u64) -> PathBuf {
    for label in 0..6_u8 {
        for n in 0..per_label {
            let seed = u64::from(label) * 100 + n;
            let hand = Hand::random(Subject::Sign(label), seed).render(96);
            let layer = Layer::new(hand.side, hand.rgba, hand.lines).expect("a whole layer");
            let mut canvas = Canvas::new(96, 96, [1.0; 3]);
            paint_wall(&mut canvas, &mut ChaCha8Rng::seed_from_u64(seed));
            let placement = Placement::centred(&canvas);
            place(&mut canvas, &layer, &placement, &Tone::NONE);
            let path = folder.join(label.to_string()).join(format!("{n}.png"));
            fs::create_dir_all(path.parent().expect("it lies in a folder"))
                .expect("the folder can be made");
            canvas.to_image().save(path).expect("it can be written");
        }
    }
    folder.to_owned()
}

/// Weights with a detector that has learned nothing.
pub fn write_finder(path: &Path) {
    let weights = Weights::initial(narrow_config().with_detector(true), labels::digits(), 7);
    let bytes = weights.expect("a valid network").to_bytes(Precision::F32);
    fs::write(path, bytes.expect("they can be written")).expect("there is room");
}

struct Workplace {
    folder: Scratch,
    photos: PathBuf,
}

impl Workplace {
    fn new(per_label: u64) -> Self {
        let folder = scratch();
        let photos = photograph(&folder.path().join("photos"), per_label);
        write_weights(&folder.path().join("init"), narrow_config());
        write_finder(&folder.path().join("detector"));
        Self { folder, photos }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn train(&self, out: &str, settings: &[&str]) -> Vec<OsString> {
        let (init, out) = (self.path("init"), self.path(out));
        let fixed = args![
            "train",
            "--data",
            self.photos,
            "--val",
            self.photos,
            "--init",
            init,
            "--out",
            out,
            "--augment",
            "scenes",
            "--pictures",
            "24",
            "--batch-size",
            "8"
        ];
        with(&fixed, settings)
    }
}

#[test]
fn composed_pictures_teach_a_network_with_a_finder_and_every_suite_is_scored() {
    let place = Workplace::new(2);
    let said = succeed(refs(&place.train("run", &["--epochs", "2"])));
    assert!(said.contains("hands could be cut out"), "{said}");
    assert!(said.contains("clutter loss"), "{said}");
    assert!(said.contains("other-fingers loss"), "{said}");
    let file = fs::read(place.path("run").join("best.safetensors")).expect("it is there");
    let weights = Weights::from_bytes(&file).expect("it is readable");
    assert!(weights.config().detector);

    // The same command again elsewhere gives the same numbers.
    succeed(refs(&place.train("again", &["--epochs", "2"])));
    let again = fs::read(place.path("again").join("best.safetensors")).expect("it is there");
    assert!(file == again, "the same seed, other weights");
}

#[test]
fn a_contact_sheet_shows_what_would_be_learned_from_and_trains_nothing() {
    let place = Workplace::new(1);
    let sheet = place.path("sheet.png");
    let sheet_flag = sheet.to_str().expect("the path is Unicode");
    succeed(refs(&place.train("run", &["--contact-sheet", sheet_flag])));
    let picture = image::open(&sheet).expect("it is a picture");
    assert!(picture.width() > 1000 && picture.height() > 500);
    assert!(!place.path("run").exists());
}

#[test]
fn scenes_want_the_six_digits_and_photos_before_walls() {
    let place = Workplace::new(1);
    let fists = place.path("fists");
    fs::create_dir_all(&fists).expect("it can be made");
    fs::rename(place.photos.join("0"), fists.join("fist")).expect("it can be moved");
    let refusal = refuse(args![
        "train",
        "--data",
        fists,
        "--out",
        place.path("run"),
        "--augment",
        "scenes"
    ]);
    assert!(refusal.contains("labelled fist"), "{refusal}");
    let refusal = refuse(args![
        "train",
        "--data",
        place.photos,
        "--out",
        place.path("run"),
        "--pictures",
        "9"
    ]);
    assert!(refusal.contains("--augment scenes"), "{refusal}");
}

#[test]
fn suites_are_made_alike_each_time_and_reported_one_by_one() {
    let place = Workplace::new(2);
    let plots = place.path("plots");
    let detector = place.path("detector");
    let evaluate = || {
        let suites = [
            "clean",
            "rotated",
            "drawn-outline",
            "other-fingers",
            "no-sign",
            "dim-frames",
        ];
        let command = with(
            &args![
                "evaluate",
                "--weights",
                detector,
                "--data",
                place.photos,
                "--plots",
                plots,
                "--json",
                "--suite"
            ],
            &suites,
        );
        json(&succeed(refs(&command)))
    };
    let report = evaluate();
    assert_eq!(report, evaluate());
    let suites = report["suites"].as_array().expect("a list");
    assert_eq!(suites.len(), 6);
    assert_eq!(suites[0]["suite"], "clean");
    assert_eq!(suites[0]["images"], 12);
    assert_eq!(suites[3]["images"], 300);
    assert!(suites[3]["groups"]["back"].is_number(), "{}", suites[3]);
    let alarms = suites[4]["false_alarms"].as_f64().expect("a share");
    assert!((0.0..=1.0).contains(&alarms));
    assert!(suites[5]["groups"]["back"].is_number(), "{}", suites[5]);
    assert!(plots.join("reliability-clean.svg").exists());
    assert!(plots.join("mistakes-other-fingers.png").exists());

    let output = run(args![
        "evaluate",
        "--weights",
        place.path("detector"),
        "--data",
        place.photos,
        "--suite",
        "underwater"
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("clutter"), "it lists the suites");
}

#[test]
fn suites_of_cut_out_hands_say_when_there_are_none() {
    let place = Workplace::new(1);
    let dark = place.path("dark");
    let photo = dark.join("3").join("night.png");
    fs::create_dir_all(dark.join("3")).expect("it can be made");
    let night = Canvas::new(64, 64, [0.02; 3]);
    night.to_image().save(photo).expect("it can be written");
    let detector = place.path("detector");
    let evaluate = |suite: &str| {
        with(
            &args!["evaluate", "--weights", detector, "--data", dark, "--suite"],
            &[suite],
        )
    };
    for suite in ["clutter", "no-sign"] {
        let refusal = refuse(refs(&evaluate(suite)));
        assert!(refusal.contains("plain bright backgrounds"), "{refusal}");
    }
    succeed(refs(&evaluate("clean")));
}

#[test]
fn calibration_is_folded_in_and_told() {
    let place = Workplace::new(2);
    let (out, manifest) = (place.path("out.safetensors"), place.path("manifest.json"));
    let said = succeed(args![
        "export",
        "--weights",
        place.path("detector"),
        "--precision",
        "int8",
        "--calibrate",
        place.photos,
        "--out",
        out,
        "--manifest",
        manifest
    ]);
    assert!(said.contains("temperature"), "{said}");
    let text = fs::read_to_string(&manifest).expect("it is there");
    let manifest = json(&text);
    assert_eq!(manifest["threshold"], 0.5);
    let temperature = manifest["calibration"]["temperature"].as_f64();
    assert!(temperature.is_some_and(|t| t > 0.0), "{text}");
    // The file proves itself by the logits that it has now.
    succeed(args!["evaluate", "--weights", out, "--data", place.photos]);
}

#[test]
fn predict_says_none_below_the_threshold_and_where_it_looked() {
    let place = Workplace::new(1);
    let photo = place.photos.join("3").join("0.png");
    let detector = place.path("detector");
    let predict = |more: &[&str]| {
        let fixed = args!["predict", "--weights", detector, photo, "--json"];
        json(&succeed(refs(&with(&fixed, more))))[0].clone()
    };
    let open = predict(&["--threshold", "0"]);
    assert!(
        labels::digits()
            .iter()
            .any(|label| open["label"] == **label)
    );
    let closed = predict(&["--threshold", "1.1"]);
    assert_eq!(closed["label"], "none");
    assert_eq!(open["probabilities"], closed["probabilities"]);
    assert!(open["window"].is_null());
    let located = predict(&["--localise"]);
    assert!(
        located["window"]["side"]
            .as_u64()
            .is_some_and(|side| side <= 96)
    );
}
