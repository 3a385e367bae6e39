//! Training on composed pictures, suites, calibration and localisation: on procedural hands before
//! walls, which stand in for photos.

use crate::support::{Scratch, assert_says, json, narrow_config, narrowed_config, stderr};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use signet_hands::{Hand, Subject};
use signet_recognizer::labels;
use signet_scenes::{Canvas, Layer, Placement, Tone, paint_wall, place};
use std::fs;

/// A folder with `per_label` such photos for each of the six labels, and with the weights of a
/// `detector` that has learned nothing.
pub fn with_photos(per_label: u64) -> Scratch {
    let folder = Scratch::new();
    folder.write_weights("detector", narrow_config().with_detector(true));
    for label in 0..6_u8 {
        for n in 0..per_label {
            let seed = u64::from(label) * 100 + n;
            let hand = Hand::random(Subject::Sign(label), seed).render(96);
            let layer = Layer::new(hand.side, hand.rgba, hand.lines).expect("a whole layer");
            let mut canvas = Canvas::new(96, 96, [1.0; 3]);
            paint_wall(&mut canvas, &mut ChaCha8Rng::seed_from_u64(seed));
            let placement = Placement::centred(&canvas);
            place(&mut canvas, &layer, &placement, &Tone::NONE);
            save(&canvas, &folder, &format!("photos/{label}/{n}.png"));
        }
    }
    folder
}

fn save(canvas: &Canvas, folder: &Scratch, name: &str) {
    let picture = canvas.to_image().save(folder.new_file(name));
    picture.expect("there is room");
}

/// The line that trains on composed pictures into the folder `out`.
fn train(out: &str, settings: &str) -> String {
    let data = "--data photos --val photos --init weights --batch-size 8";
    format!("train {data} --augment scenes --pictures 24 --out {out} {settings}")
}

#[test]
fn composed_pictures_teach_a_network_with_a_finder_and_every_suite_is_scored() {
    let folder = with_photos(2);
    let said = folder.succeed(&train("run", "--epochs 2"));
    let parts = [
        "hands could be cut out",
        "clutter loss",
        "other-fingers loss",
    ];
    assert_says(&said, &parts);
    let weights = folder.read_weights("run/best.safetensors");
    assert!(weights.config().detector);

    // The same command again elsewhere gives the same numbers.
    folder.succeed(&train("again", "--epochs 2"));
    let [once, again] = ["run", "again"].map(|run| folder.read(&format!("{run}/best.safetensors")));
    assert!(once == again, "the same seed, other weights");
}

#[test]
fn a_contact_sheet_shows_what_would_be_learned_from_and_trains_nothing() {
    let folder = with_photos(1);
    folder.succeed(&train("run", "--contact-sheet sheet.png"));
    let picture = image::open(folder.path("sheet.png")).expect("it is a picture");
    assert!(picture.width() > 1000 && picture.height() > 500);
    assert!(!folder.path("run").exists());
}

#[test]
fn scenes_want_the_six_digits_and_photos_before_walls() {
    let folder = with_photos(1);
    fs::create_dir(folder.path("fists")).expect("there is room");
    let fists = fs::rename(folder.path("photos/0"), folder.path("fists/fist"));
    fists.expect("it can be moved");
    for (settings, said) in [
        ("--data fists --augment scenes", "labelled fist"),
        ("--data photos --pictures 9", "--augment scenes"),
    ] {
        folder.refuse(&format!("train --out run {settings}"), &[said]);
    }
}

#[test]
fn suites_are_made_alike_each_time_and_reported_one_by_one() {
    let folder = with_photos(2);
    let evaluate = "evaluate --weights detector --data photos --plots plots --json --suite";
    let suites = "clean rotated drawn-outline other-fingers no-sign dim-frames";
    let report = json(&folder.succeed(&format!("{evaluate} {suites}")));
    let again = folder.succeed(&format!("{evaluate} {suites}"));
    assert_eq!(report, json(&again));
    let suites = report["suites"].as_array().expect("a list");
    assert_eq!(suites.len(), 6);
    assert_eq!(suites[0]["suite"], "clean");
    assert_eq!(suites[0]["images"], 12);
    assert_eq!(suites[3]["images"], 300);
    assert!(suites[3]["groups"]["back"].is_number(), "{}", suites[3]);
    let alarms = suites[4]["false_alarms"].as_f64().expect("a share");
    assert!((0.0..=1.0).contains(&alarms));
    assert!(suites[5]["groups"]["back"].is_number(), "{}", suites[5]);
    assert!(folder.path("plots/reliability-clean.svg").exists());
    assert!(folder.path("plots/mistakes-other-fingers.png").exists());

    let output = folder.run(&format!("{evaluate} underwater"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("clutter"), "it lists the suites");
}

#[test]
fn suites_of_cut_out_hands_say_when_there_are_none() {
    let folder = with_photos(0);
    let night = Canvas::new(64, 64, [0.02; 3]);
    save(&night, &folder, "dark/3/night.png");
    let evaluate = "evaluate --weights detector --data dark --suite";
    for suite in ["clutter", "no-sign"] {
        let said = ["plain bright backgrounds"];
        folder.refuse(&format!("{evaluate} {suite}"), &said);
    }
    folder.succeed(&format!("{evaluate} clean"));
}

#[test]
fn calibration_is_folded_in_and_told() {
    let folder = with_photos(2);
    let said = folder.succeed(
        "export --weights detector --precision int8 --calibrate photos --out calibrated \
         --manifest manifest.json",
    );
    assert_says(&said, &["temperature"]);
    let manifest = json(&folder.read_text("manifest.json"));
    assert_eq!(manifest["threshold"], 0.5);
    let temperature = manifest["calibration"]["temperature"].as_f64();
    assert!(temperature.is_some_and(|t| t > 0.0), "{manifest}");
    // The file proves itself by the logits that it has now.
    folder.succeed("evaluate --weights calibrated --data photos");
}

#[test]
fn predict_says_none_below_the_threshold_and_where_it_looked() {
    let folder = with_photos(1);
    let predict = |more: &str| {
        let line = format!("predict --weights detector photos/3/0.png --json {more}");
        json(&folder.succeed(&line))[0].clone()
    };
    let open = predict("--threshold 0");
    let mut digits = labels::digits().into_iter();
    assert!(digits.any(|label| open["label"] == *label));
    let closed = predict("--threshold 1.1");
    assert_eq!(closed["label"], "none");
    // Presence and the class's probability are the same two numbers whatever is answered.
    assert_eq!(open["class"], open["label"]);
    for field in ["class", "probability", "probabilities", "presence", "sign"] {
        assert!(!open[field].is_null(), "{field}");
        assert_eq!(open[field], closed[field], "{field}");
    }
    assert_eq!(open["presence"], open["sign"]);
    for (threshold, answer) in [("0", &open), ("1.1", &closed)] {
        let line = format!("predict --weights detector photos/3/0.png --threshold {threshold}");
        let percent = |field: &str| answer[field].as_f64().unwrap() * 100.0;
        let (label, class) = (answer["label"].as_str(), answer["class"].as_str());
        let said = format!(
            "answer   presence  class   probability  file\n{:6}  {:>9}  {:6}  {:>11}  photos/3/0.png\n",
            label.unwrap(),
            format!("{:.2} %", percent("presence")),
            class.unwrap(),
            format!("{:.2} %", percent("probability")),
        );
        assert_eq!(folder.succeed(&line), said);
    }
    assert!(open["window"].is_null());
    let located = predict("--localise");
    let side = located["window"]["side"].as_u64();
    assert!(side.is_some_and(|side| side <= 96));
}

#[test]
fn export_rounds_to_4_bits_for_composed_pictures() {
    let folder = with_photos(1);
    folder.write_weights("quarter", narrowed_config(4));
    let file = |name: &str, more: &str| {
        let said = folder.succeed(&format!(
            "export --weights quarter --precision int4 --out {name} {more}"
        ));
        (said, folder.read(name))
    };
    let (said, fed) = file("fed", "--error-feedback photos");
    assert_says(&said, &["rounding to 4 bits for", "by rounding alone"]);
    let share = |text: &str| -> f64 {
        let word = text.split_whitespace().next().expect("a number");
        word.parse().expect("a number")
    };
    let means = said
        .split("mean error of the outputs of ")
        .nth(1)
        .expect("the means");
    let (with_feedback, alone) = means
        .split_once(": ")
        .and_then(|it| it.1.split_once(" %, "))
        .expect("two");
    assert!(share(with_feedback) < 0.9 * share(alone), "{means}");
    let (_, alone) = file("alone", "");
    assert_eq!(fed.len(), alone.len());
    assert_ne!(fed, alone);
    // Its numbers are those of 4 bits, and stay so.
    folder.succeed("export --weights fed --precision int4 --out again");
    assert_eq!(folder.read("again"), fed);
    for (line, said) in [
        (
            "--precision int8 --error-feedback photos",
            "is for --precision int4",
        ),
        (
            "--precision int4 --photos index.tsv",
            "--calibrate or --error-feedback",
        ),
    ] {
        folder.refuse(
            &format!("export --weights quarter --out out {line}"),
            &[said],
        );
    }
    folder.refuse(
        "export --weights weights --out out --precision int4 --error-feedback photos",
        &["no kernel of this network is large enough"],
    );
}
