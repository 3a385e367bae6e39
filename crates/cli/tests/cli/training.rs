use crate::support::{Scratch, assert_says, json, signet, succeed};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// A folder with pictures in it.
fn with_pictures(labels: &[&str], per_label: u32) -> Scratch {
    let folder = Scratch::new();
    folder.draw("data", labels, per_label);
    folder
}

/// The line that trains on these pictures into the folder `out`, with these settings.
fn train(out: &str, settings: &str) -> String {
    format!("train --data data --val data --init weights --out {out} --batch-size 4 {settings}")
}

#[test]
fn training_learns_and_leaves_its_files() {
    let folder = with_pictures(&["0", "2", "4"], 4);
    let settings = "--epochs 8 --learning-rate 0.003 --augment none";
    let said = folder.succeed(&train("run", settings));
    let epochs = said.lines().filter(|line| line.contains(": training loss"));
    assert_eq!(epochs.count(), 8, "{said}");

    let history = folder.read_text("run/history.csv");
    let mut rows = history
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    assert_eq!(rows.next().map(|header| header.len()), Some(6), "{history}");
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 8);
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let loss = |row: usize| number(rows[row][1]);
    assert!(loss(7) < 0.7 * loss(0), "nothing was learned: {history}");

    // The file that claims to be the best epoch's scores what the history says of that epoch.
    let best = rows.iter().rfind(|row| row[5] == "true");
    let report = folder.succeed("evaluate --weights run/best.safetensors --data data --json");
    let accuracy = json(&report)["accuracy"].as_f64();
    assert_eq!(accuracy, best.map(|row| number(row[4])));
    folder.read_weights("run/last.safetensors");
    assert!(folder.read("run/curves.svg").starts_with(b"<svg"));
    let config = json(&folder.read_text("run/config.json"));
    assert_eq!(config["training"]["epochs"], 8);
}

#[test]
fn other_labels_get_a_head_of_their_own() {
    let folder = with_pictures(&["fist", "palm"], 2);
    let said = folder.succeed(&train("run", "--epochs 1 --scope head"));
    assert_says(&said, &["labels fist, palm"]);
    let weights = folder.read_weights("run/last.safetensors");
    assert_eq!(weights.labels(), ["fist", "palm"]);
    let before = folder.read_weights("weights");
    let [after, before] = [&weights, &before].map(|it| &it.tensors()["conv1.kernel"]);
    assert_eq!(after, before, "only the head learns");
}

#[test]
fn a_training_is_neither_overwritten_nor_continued_as_another() {
    let folder = with_pictures(&["0", "1"], 2);
    folder.refuse(&train("run", "--learning-rate 0"), &["learning rate"]);
    assert!(!folder.path("run").exists());
    folder.succeed(&train("run", "--epochs 1"));
    let before = folder.read("run/checkpoint.safetensors");
    folder.refuse(&train("run", "--epochs 1 --seed 5"), &["--resume"]);
    assert_eq!(folder.read("run/checkpoint.safetensors"), before);
    let said = ["epochs was 1 and not 3"];
    folder.refuse(&train("run", "--resume --epochs 3"), &said);
    folder.refuse(&train("elsewhere", "--resume"), &["no checkpoint"]);

    folder.draw("data", &["1", "0"], 1);
    let said = ["the pictures are not those"];
    folder.refuse("train --out run --resume", &said);
}

/// Ctrl-C in the middle of an epoch, `--resume`, and the files are those of a training that
/// nobody interrupted, to the last bit.
#[cfg(unix)]
#[test]
fn an_interrupted_and_resumed_training_equals_an_uninterrupted_one() {
    let folder = with_pictures(&["0", "1", "2", "5"], 6);
    let settings = "--epochs 12 --seed 3";
    folder.succeed(&train("whole", settings));

    let mut child = signet(&folder.path(""), &train("parts", settings))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("signet starts");
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut lines = lines.map(|line| line.expect("it is text"));
    let middle = |line: &String| line.starts_with("epoch 2/12, batch 1/6");
    lines.by_ref().find(middle).expect("epoch 2 comes");
    succeed(Command::new("kill").args(["-INT", &child.id().to_string()]));
    let rest: Vec<String> = lines.collect();
    let status = child.wait().expect("signet ends");
    assert_eq!(status.code(), Some(130), "{rest:?}");
    assert_says(rest.last().expect("it says how to go on"), &["--resume"]);
    assert!(!folder.path("parts/last.safetensors").exists());

    // Only the folder is needed: the settings and the pictures are known.
    let said = folder.succeed("train --out parts --resume");
    assert_says(&said, &["continuing in epoch"]);
    for name in [
        "best.safetensors",
        "last.safetensors",
        "history.csv",
        "curves.svg",
    ] {
        let [whole, parts] = ["whole", "parts"].map(|run| folder.read(&format!("{run}/{name}")));
        assert!(whole == parts, "{name} differs");
    }
}
