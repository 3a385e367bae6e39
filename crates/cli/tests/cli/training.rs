use crate::args;
use crate::support::{
    Scratch, draw_pictures, json, narrow_config, refs, refuse, run, scratch, signet, stderr,
    succeed, with, write_weights,
};
use signet_recognizer::Weights;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder with weights and pictures in it, and the command that trains on them.
struct Workplace {
    folder: Scratch,
    data: PathBuf,
}

impl Workplace {
    fn new(labels: &[&str], per_label: u32) -> Self {
        let folder = scratch();
        write_weights(&folder.path().join("init"), narrow_config());
        let data = draw_pictures(&folder.path().join("data"), labels, per_label);
        Self { folder, data }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `signet train` into the folder `out`, with these settings.
    fn train(&self, out: &str, settings: &[&str]) -> Vec<OsString> {
        let (init, out) = (self.path("init"), self.path(out));
        let fixed = args![
            "train",
            "--data",
            self.data,
            "--val",
            self.data,
            "--init",
            init,
            "--out",
            out,
            "--batch-size",
            "4"
        ];
        with(&fixed, settings)
    }
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn training_learns_and_leaves_its_files() {
    let place = Workplace::new(&["0", "2", "4"], 4);
    let settings = [
        "--epochs",
        "8",
        "--learning-rate",
        "0.003",
        "--augment",
        "none",
    ];
    let said = succeed(refs(&place.train("run", &settings)));
    let epochs = said.lines().filter(|line| line.contains(": training loss"));
    assert_eq!(epochs.count(), 8, "{said}");

    let run = place.path("run");
    let history = String::from_utf8(read(&run, "history.csv")).expect("it is text");
    let mut rows = history
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    assert_eq!(rows.next().map(|header| header.len()), Some(6), "{history}");
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 8);
    let loss = |row: usize| rows[row][1].parse::<f64>().expect("a number");
    assert!(loss(7) < 0.7 * loss(0), "nothing was learned: {history}");
    let best = rows.iter().filter(|row| row[5] == "true");
    let best = best
        .map(|row| row[4].parse::<f64>().expect("a number"))
        .next_back();

    // The file that claims to be the best epoch's scores what the history says of that epoch.
    let report = succeed(args![
        "evaluate",
        "--weights",
        run.join("best.safetensors"),
        "--data",
        place.data,
        "--json"
    ]);
    assert_eq!(json(&report)["accuracy"].as_f64(), best);
    assert!(Weights::from_bytes(&read(&run, "last.safetensors")).is_ok());
    assert!(read(&run, "curves.svg").starts_with(b"<svg"));
    assert_eq!(
        json(&String::from_utf8_lossy(&read(&run, "config.json")))["training"]["epochs"],
        8
    );
}

#[test]
fn other_labels_get_a_head_of_their_own() {
    let place = Workplace::new(&["fist", "palm"], 2);
    let said = succeed(refs(
        &place.train("run", &["--epochs", "1", "--scope", "head"]),
    ));
    assert!(said.contains("labels fist, palm"), "{said}");
    let run = place.path("run");
    let weights = Weights::from_bytes(&read(&run, "last.safetensors")).expect("it is readable");
    assert_eq!(weights.labels(), ["fist", "palm"]);
    let before = Weights::from_bytes(&read(place.folder.path(), "init")).expect("it is readable");
    let stem = "conv1.kernel";
    assert_eq!(
        weights.tensors()[stem],
        before.tensors()[stem],
        "only the head learns"
    );
}

#[test]
fn an_existing_training_is_not_overwritten() {
    let place = Workplace::new(&["0", "1"], 2);
    succeed(refs(&place.train("run", &["--epochs", "1"])));
    let run = place.path("run");
    let before = read(&run, "checkpoint.safetensors");
    let refusal = refuse(refs(&place.train("run", &["--epochs", "1", "--seed", "5"])));
    assert!(refusal.contains("--resume"), "{refusal}");
    assert_eq!(read(&run, "checkpoint.safetensors"), before);

    let refusal = refuse(refs(&place.train("run", &["--resume", "--epochs", "3"])));
    assert!(refusal.contains("epochs was 1 and not 3"), "{refusal}");

    let refusal = refuse(refs(&place.train("elsewhere", &["--resume"])));
    assert!(refusal.contains("no checkpoint"), "{refusal}");
}

#[test]
fn a_setting_out_of_range_is_refused() {
    let place = Workplace::new(&["0", "1"], 1);
    let refusal = refuse(refs(&place.train("run", &["--learning-rate", "0"])));
    assert!(refusal.contains("learning rate"), "{refusal}");
    assert!(!place.path("run").exists());
}

/// Ctrl-C in the middle of an epoch, `--resume`, and the files are those of a training that
/// nobody interrupted, to the last bit.
#[cfg(unix)]
#[test]
fn an_interrupted_and_resumed_training_equals_an_uninterrupted_one() {
    let place = Workplace::new(&["0", "1", "2", "5"], 6);
    let settings = ["--epochs", "12", "--seed", "3"];
    succeed(refs(&place.train("whole", &settings)));

    let mut child = signet()
        .args(place.train("parts", &settings))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("signet starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut next = || lines.next().map(|line| line.expect("it is text"));
    while !next()
        .expect("epoch 2 comes")
        .starts_with("epoch 2/12, batch 1/6")
    {}
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.is_ok_and(|status| status.success()));
    let rest: Vec<String> = std::iter::from_fn(next).collect();
    let status = child.wait().expect("signet ends");
    assert_eq!(status.code(), Some(130), "{rest:?}");
    let last = rest.last().expect("it says how to go on");
    assert!(last.contains("--resume"), "{last}");
    let parts = place.path("parts");
    assert!(!parts.join("last.safetensors").exists());

    // Only the folder is needed: the settings and the pictures are known.
    let said = succeed(args!["train", "--out", parts, "--resume"]);
    assert!(said.contains("continuing in epoch"), "{said}");
    let whole = place.path("whole");
    for name in [
        "best.safetensors",
        "last.safetensors",
        "history.csv",
        "curves.svg",
    ] {
        assert!(read(&whole, name) == read(&parts, name), "{name} differs");
    }
}

#[test]
fn other_pictures_do_not_continue_a_training() {
    let place = Workplace::new(&["0", "1"], 2);
    succeed(refs(&place.train("run", &["--epochs", "1"])));
    draw_pictures(&place.data, &["1", "0"], 1);
    let output = run(args!["train", "--out", place.path("run"), "--resume"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("the pictures are not those"), "{said}");
}
