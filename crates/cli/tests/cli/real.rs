//! Photos with boxes in an index: training on crops of them, the suite `real`, calibration, and the
//! mean of several epochs.

use crate::scenes::with_photos;
use crate::support::{Scratch, assert_says, json};

/// A folder with photos of four sources: two people to train on, one that is held out, and one
/// without a sign.
fn with_index() -> Scratch {
    let folder = with_photos(2);
    let mut table = String::from("file\tsource\tlabel\tleft\ttop\tright\tbottom\tbox_by\n");
    for label in 0..6 {
        table += &format!("photos/{label}/0.png\tme\t{label}\t12\t10\t84\t86\tsource\n");
        table += &format!("photos/{label}/1.png\tlionel\t{label}\t12\t10\t84\t86\tsource\n");
        table += &format!("photos/{label}/1.png\tmehdi-crop\t{label}\t\t\t\t\t\n");
    }
    table += "photos/1/0.png\tlionel\tnone\t\t\t\t\t\n";
    table += "photos/2/0.png\tme\tnone\t\t\t\t\t\n";
    folder.write("index.tsv", table);
    folder
}

#[test]
fn crops_of_real_photos_are_learned_from_and_strangers_are_scored() {
    let folder = with_index();
    let train = |out: &str| {
        let data = "--data photos --init detector --augment scenes --pictures 16 --batch-size 8";
        let settings = "--photos index.tsv --photos-share 1 --epochs 2 --keep-epochs";
        let (out, more) = out.split_once(' ').unwrap_or((out, ""));
        folder.succeed(&format!("train {data} {settings} {more} --out {out}"))
    };
    let said = train("run");
    let parts = ["7 real photos", "real lionel loss", "real mehdi-crop loss"];
    assert_says(&said, &parts);
    assert!(!said.contains("real me loss"), "{said}");
    train("again");
    let last = folder.read("run/last.safetensors");
    assert!(
        last == folder.read("again/last.safetensors"),
        "other weights"
    );
    assert!(last == folder.read("run/epoch-2.safetensors"));

    // A last training learns from everybody.
    assert_says(&train("all --photos-of all"), &["20 real photos"]);

    // The mean of two epochs lies between them.
    let epochs = ["run/epoch-1.safetensors", "run/epoch-2.safetensors"];
    folder.succeed(&format!(
        "export --weights {} --precision f32 --out mean",
        epochs.join(" ")
    ));
    let [first, second, mean] = [epochs[0], epochs[1], "mean"].map(|name| {
        let weights = folder.read_weights(name).fold();
        weights.tensors()["fc.bias"].floats().into_owned()
    });
    assert_ne!(first, second);
    for (mean, (first, second)) in mean.iter().zip(first.iter().zip(&second)) {
        assert!((mean - f32::midpoint(*first, *second)).abs() < 1e-6);
    }
    folder.refuse(
        "export --weights run/last.safetensors mean --precision f32 --out out",
        &["not of one training"],
    );
}

#[test]
fn the_suite_real_reports_strangers_by_source_and_view() {
    let folder = with_index();
    let evaluate = |more: &str| {
        let suite = "--suite real --photos index.tsv --plots plots";
        folder.succeed(&format!("evaluate --weights detector {suite} {more}"))
    };
    let report = json(&evaluate("--json"));
    assert_eq!(report, json(&evaluate("--json")));
    let real = &report["real"];
    assert_eq!(real["images"], 13);
    assert_eq!(real["boxed"], 6);
    assert_eq!(real["framed"]["images"], 12);
    let names = ["center", "localized", "box"];
    for (view, name) in real["views"].as_array().expect("a list").iter().zip(names) {
        assert_eq!(view["view"], name);
        assert_eq!(view["sources"]["mehdi-crop"]["images"], 6);
        assert_eq!(view["photos"]["images"], 12);
        assert_eq!(view["negatives"], 1);
        for kind in ["photos", "mean_of_sources"] {
            let share = |what: &str| view[kind][what].as_f64().expect("a share");
            assert!(share("right") <= share("forced"), "{view}");
            assert!((0.0..=1.0).contains(&share("refused")), "{view}");
        }
    }
    let all = json(&evaluate("--json --part all"));
    assert_eq!(all["real"]["images"], 20);
    assert!(folder.path("plots/reliability-real-box.svg").exists());
    assert!(folder.path("plots/mistakes-real-center.png").exists());
    assert_says(
        &evaluate(""),
        &["mean over sources", "mehdi-crop", "boxes found"],
    );
}

#[test]
fn photos_belong_to_scenes_and_to_the_suite_real() {
    let folder = with_index();
    for (line, said) in [
        (
            "evaluate --weights detector --suite clean --photos index.tsv",
            "--suite real",
        ),
        (
            "evaluate --weights detector --data photos --suite real",
            "wants --photos",
        ),
        (
            "train --data photos --out run --photos index.tsv",
            "--augment scenes",
        ),
    ] {
        folder.refuse(line, &[said]);
    }
}

#[test]
fn a_calibration_is_fitted_to_strangers_too() {
    let folder = with_index();
    let said = folder.succeed(
        "export --weights detector --precision int8 --calibrate photos --photos index.tsv --out out",
    );
    assert_says(&said, &["temperature"]);
    folder.succeed("evaluate --weights out --data photos");
}
