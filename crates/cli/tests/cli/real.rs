//! Photos with boxes in an index: training on crops of them, the suite `real`, calibration, and the
//! mean of several epochs.

use crate::args;
use crate::scenes::{photograph, write_finder};
use crate::support::{Scratch, json, refs, refuse, scratch, succeed, with};
use signet_recognizer::Weights;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

struct Workplace {
    folder: Scratch,
    photos: PathBuf,
    index: PathBuf,
}

impl Workplace {
    /// Photos of four sources: two people to train on, one that is held out, and one without a sign.
    fn new() -> Self {
        let folder = scratch();
        let photos = photograph(&folder.path().join("photos"), 2);
        write_finder(&folder.path().join("detector"));
        let index = folder.path().join("index.tsv");
        let mut table = String::from("file\tsource\tlabel\tleft\ttop\tright\tbottom\tbox_by\n");
        for label in 0..6 {
            table += &format!("photos/{label}/0.png\tme\t{label}\t12\t10\t84\t86\tsource\n");
            table += &format!("photos/{label}/1.png\tlionel\t{label}\t12\t10\t84\t86\tsource\n");
            table += &format!("photos/{label}/1.png\tmehdi-crop\t{label}\t\t\t\t\t\n");
        }
        table += "photos/1/0.png\tlionel\tnone\t\t\t\t\t\n";
        table += "photos/2/0.png\tme\tnone\t\t\t\t\t\n";
        fs::write(&index, table).expect("there is room");
        Self {
            folder,
            photos,
            index,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn train(&self, out: &str, settings: &[&str]) -> Vec<OsString> {
        let (init, out) = (self.path("detector"), self.path(out));
        let fixed = args![
            "train",
            "--data",
            self.photos,
            "--init",
            init,
            "--out",
            out,
            "--augment",
            "scenes",
            "--pictures",
            "16",
            "--batch-size",
            "8",
            "--photos",
            self.index
        ];
        with(&fixed, settings)
    }
}

#[test]
fn crops_of_real_photos_are_learned_from_and_strangers_are_scored() {
    let place = Workplace::new();
    let settings = ["--photos-share", "1", "--epochs", "2", "--keep-epochs"];
    let said = succeed(refs(&place.train("run", &settings)));
    assert!(said.contains("7 real photos"), "{said}");
    assert!(said.contains("real lionel loss"), "{said}");
    assert!(said.contains("real mehdi-crop loss"), "{said}");
    assert!(!said.contains("real me loss"), "{said}");
    succeed(refs(&place.train("again", &settings)));
    let read = |path: &str| fs::read(place.path(path)).expect("it is there");
    let last = read("run/last.safetensors");
    assert!(last == read("again/last.safetensors"), "other weights");
    assert!(last == read("run/epoch-2.safetensors"));

    // The mean of two epochs lies between them.
    let [first, second] = [1, 2].map(|n| place.path(&format!("run/epoch-{n}.safetensors")));
    let mean = place.path("mean");
    succeed(args![
        "export",
        "--weights",
        first,
        second,
        "--precision",
        "f32",
        "--out",
        mean
    ]);
    let bias = |path: &PathBuf| {
        let weights = Weights::from_bytes(&fs::read(path).expect("it is there")).expect("whole");
        weights.fold().tensors()["fc.bias"].floats().into_owned()
    };
    let (first, second, mean) = (bias(&first), bias(&second), bias(&mean));
    assert_ne!(first, second);
    for (mean, (first, second)) in mean.iter().zip(first.iter().zip(&second)) {
        assert!((mean - f32::midpoint(*first, *second)).abs() < 1e-6);
    }
    let refusal = refuse(args![
        "export",
        "--weights",
        place.path("run/last.safetensors"),
        place.path("mean"),
        "--precision",
        "f32",
        "--out",
        place.path("out")
    ]);
    assert!(refusal.contains("not of one training"), "{refusal}");
}

#[test]
fn the_suite_real_reports_strangers_by_source_and_view() {
    let place = Workplace::new();
    let (detector, plots) = (place.path("detector"), place.path("plots"));
    let evaluate = |more: &[&str]| {
        let fixed = args![
            "evaluate",
            "--weights",
            detector,
            "--suite",
            "real",
            "--photos",
            place.index,
            "--plots",
            plots
        ];
        succeed(refs(&with(&fixed, more)))
    };
    let report = json(&evaluate(&["--json"]));
    assert_eq!(report, json(&evaluate(&["--json"])));
    let real = &report["real"];
    assert_eq!(real["images"], 13);
    assert_eq!(
        (&real["boxed"], &real["framed"]["images"]),
        (&6.into(), &12.into())
    );
    let names = ["centre", "localised", "box"];
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
    let all = json(&evaluate(&["--json", "--part", "all"]));
    assert_eq!(all["real"]["images"], 20);
    assert!(plots.join("reliability-real-box.svg").exists());
    assert!(plots.join("mistakes-real-centre.png").exists());
    let table = evaluate(&[]);
    for word in ["mean over sources", "mehdi-crop", "boxes found"] {
        assert!(table.contains(word), "{table}");
    }
}

#[test]
fn photos_belong_to_scenes_and_to_the_suite_real() {
    let place = Workplace::new();
    let detector = place.path("detector");
    let refusal = refuse(args![
        "evaluate",
        "--weights",
        detector,
        "--suite",
        "clean",
        "--photos",
        place.index
    ]);
    assert!(refusal.contains("--suite real"), "{refusal}");
    let alone = args![
        "evaluate",
        "--weights",
        detector,
        "--data",
        place.photos,
        "--suite",
        "real"
    ];
    let refusal = refuse(alone);
    assert!(refusal.contains("wants --photos"), "{refusal}");
    let refusal = refuse(args![
        "train",
        "--data",
        place.photos,
        "--out",
        place.path("run"),
        "--photos",
        place.index
    ]);
    assert!(refusal.contains("--augment scenes"), "{refusal}");
}

#[test]
fn a_calibration_is_fitted_to_strangers_too() {
    let place = Workplace::new();
    let (out, index) = (place.path("out"), &place.index);
    let said = succeed(args![
        "export",
        "--weights",
        place.path("detector"),
        "--precision",
        "int8",
        "--calibrate",
        place.photos,
        "--photos",
        index,
        "--out",
        out
    ]);
    assert!(said.contains("temperature"), "{said}");
    succeed(args!["evaluate", "--weights", out, "--data", place.photos]);
}
