//! predict, evaluate, export and bench on weights files.

use crate::support::{Scratch, assert_says, json, signet, stderr, stdout};
use signet_recognizer::ResNetConfig;
use signet_recognizer::weights::verify_sha256;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

/// A folder with the picture `a.png` in it.
fn with_picture() -> Scratch {
    let folder = Scratch::new();
    folder.draw_picture("a.png", 2, 0);
    folder
}

#[test]
fn predict_answers_in_json_with_a_probability_per_label() {
    let folder = with_picture();
    let answers = json(&folder.succeed("predict --weights weights a.png a.png --json"));
    let answers = answers.as_array().expect("the answer is a list");
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["file"], "a.png");
    let probabilities = answers[0]["probabilities"].as_array().expect("a list");
    let probabilities: Vec<f64> = probabilities.iter().filter_map(|p| p.as_f64()).collect();
    assert_eq!(probabilities.len(), 6);
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    let label = answers[0]["label"].as_str().expect("a word");
    let label: usize = label.parse().expect("a digit");
    assert_eq!(answers[0]["probability"], probabilities[label]);
    assert!(probabilities.iter().all(|p| *p <= probabilities[label]));
}

#[test]
fn predict_names_what_it_cannot_read_and_answers_the_rest() {
    let folder = with_picture();
    folder.write("letter.jpg", "Dear Signet,");
    let output = folder.run("predict --weights weights letter.jpg a.png --json");
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["letter.jpg"]);
    let answers = json(&stdout(&output));
    assert_eq!(answers[0]["code"], "picture-format");
    assert!(answers[0]["error"].is_string() && answers[0].get("label").is_none());
    assert!(answers[1]["label"].is_string());

    let output = folder.run("predict --weights weights letter.jpg a.png");
    assert_eq!(output.status.code(), Some(1));
    let table = stdout(&output);
    let files = table.lines().map(|line| line.split_whitespace().last());
    assert_eq!(files.collect::<Vec<_>>(), [Some("file"), Some("a.png")]);
}

/// Every format has the same answers, in the order given, for whatever a folder holds.
#[test]
fn predict_takes_folders_and_writes_every_format() {
    let folder = with_picture();
    for name in [
        "in/b.png",
        "in/deep/er/c.png",
        "in/deep/=1+1,\"x\".png",
        "in/a\nb.png",
    ] {
        folder.draw_picture(name, 4, 1);
    }
    for name in [
        "in/notes.txt",
        "in/deep/photo.jpg",
        "in/.hidden.png",
        "in/Thumbs.db",
    ] {
        folder.write(name, "no picture");
    }
    folder.write("damaged.png", &folder.read("a.png")[..100]);
    let files = [
        "a.png",
        "in/a\nb.png",
        "in/b.png",
        "in/deep/=1+1,\"x\".png",
        "in/deep/er/c.png",
        "damaged.png",
    ];
    let run = |format: &str| {
        let line = format!("predict --weights weights a.png in damaged.png {format}");
        let output = folder.run(&line);
        assert_eq!(output.status.code(), Some(1), "one file is damaged");
        let passed = "passed over in in: notes.txt (no pictures)";
        let within = "passed over in in/deep: photo.jpg (no pictures)";
        assert_says(
            &stderr(&output),
            &[passed, within, "1 unreadable file not answered"],
        );
        stdout(&output)
    };
    let list = json(&run("--json"));
    assert_eq!(list, json(&run("--format json")));
    let list = list.as_array().expect("a list");
    let names: Vec<_> = list.iter().map(|answer| answer["file"].as_str()).collect();
    assert_eq!(names, files.map(Some));
    let lines = run("--format json-lines");
    let lines: Vec<_> = lines.lines().map(json).collect();
    assert_eq!(&lines, list);

    let csv = run("--format csv");
    let expected = "file,label,class,presence,probability,probability of 0,probability of 1,\
        probability of 2,probability of 3,probability of 4,probability of 5,error,code\n";
    assert!(csv.starts_with(expected), "{csv}");
    let quoted = [
        "\na.png,",
        "\n\"in/a\nb.png\",",
        "\n\"in/deep/=1+1,\"\"x\"\".png\",",
    ];
    assert_says(&csv, &quoted);
    let last = csv.lines().last().expect("a line");
    assert!(
        last.starts_with("damaged.png,,,,,,,,,,,") && last.contains(",picture-"),
        "{last}"
    );

    let table = run("--format table");
    assert_eq!(table, run(""));
    assert_eq!(
        table.lines().count(),
        files.len(),
        "a header, and no line for what is damaged"
    );
    assert_says(&table, &["answer  class", "  in/a\\nb.png\n"]);
}

#[test]
fn predict_reads_one_picture_of_standard_input() {
    let folder = with_picture();
    let run = |line: &str, bytes: &[u8]| {
        let mut command = signet(
            &folder.path(""),
            &format!("predict --weights weights {line}"),
        );
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.stderr(Stdio::piped()).spawn().expect("signet starts");
        let mut input = child.stdin.take().expect("it is piped");
        // Whoever refuses the command line reads nothing.
        let _ = input.write_all(bytes);
        drop(input);
        child.wait_with_output().expect("it ends")
    };
    let picture = folder.read("a.png");
    let output = run("- a.png --json", &picture);
    assert!(output.status.success(), "{}", stderr(&output));
    let mut answers = json(&stdout(&output));
    assert_eq!(answers[0]["file"], "-");
    answers[0]["file"] = "a.png".into();
    assert_eq!(answers[0], answers[1]);
    for (line, bytes, code, said) in [
        ("-", &b"Dear Signet,"[..], 1, "cannot read -: "),
        ("-", b"", 1, "cannot read -: "),
        ("- -", &picture, 1, "give it once"),
        ("a.png --json --format csv", b"", 2, "cannot be used with"),
    ] {
        let output = run(line, bytes);
        assert_eq!(output.status.code(), Some(code), "{line}");
        assert_says(&stderr(&output), &[said]);
    }
}

#[test]
fn a_folder_without_pictures_is_told_and_the_rest_answered() {
    let folder = with_picture();
    std::fs::create_dir_all(folder.path("empty")).expect("there is room");
    let output = folder.run("predict --weights weights empty a.png --format json");
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["cannot read empty: it has no pictures"]);
    assert_eq!(json(&stdout(&output)).as_array().map(Vec::len), Some(1));
    let output = folder.run("predict --weights weights empty --format json");
    assert_eq!(stdout(&output), "[]\n");
}

/// Answers are there before the last picture is.
#[test]
fn predict_answers_while_it_reads() {
    let folder = with_picture();
    let pictures = "a.png ".repeat(32);
    let line = format!("predict --weights weights --format json-lines {pictures} -");
    let mut command = signet(&folder.path(""), &line);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = pipes.spawn().expect("signet starts");
    let mut answers = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    for _ in 0..32 {
        let answer = answers.next().expect("a line").expect("it is readable");
        assert_eq!(json(&answer)["file"], "a.png");
    }
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(&folder.read("a.png")).expect("it is read");
    drop(input);
    assert_eq!(answers.count(), 1);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_file_that_holds_no_weights_is_named() {
    let said = ["a.png cannot be used", "not a readable weights file"];
    with_picture().refuse("predict --weights a.png a.png", &said);
}

#[test]
fn a_device_that_was_not_built_in_is_refused_with_the_way_to_build_it() {
    let folder = with_picture();
    for (device, feature, built_in) in [
        ("wgpu", "wgpu", cfg!(feature = "wgpu")),
        ("cuda", "cuda", cfg!(feature = "cuda")),
        ("libtorch", "libtorch", cfg!(feature = "libtorch")),
        ("libtorch-cuda", "libtorch", cfg!(feature = "libtorch")),
    ] {
        if !built_in {
            let line = format!("predict --weights weights a.png --device {device}");
            folder.refuse(&line, &[&format!("--features {feature}")]);
        }
    }
}

#[test]
fn the_small_files_are_small_and_answer_like_the_float_one() {
    let folder = with_picture();
    folder.draw_picture("b.png", 4, 3);
    folder.write_weights("whole", ResNetConfig::default());
    let files = [
        ("f32", 100_000_000),
        ("int8", 25_000_000),
        ("int4", 12_500_000),
    ];
    let answers = files.map(|(precision, limit)| {
        let options = format!("--precision {precision} --out {precision}");
        folder.succeed(&format!("export --weights whole {options}"));
        let size = folder.read(precision).len();
        assert!(size < limit, "{precision}: {size} bytes");
        json(&folder.succeed(&format!("predict --weights {precision} a.png b.png --json")))
    });
    for index in 0..2 {
        let [float, small @ ..] = answers.each_ref().map(|answers| &answers[index]);
        for small in small {
            assert_eq!(float["label"], small["label"]);
            let [a, b] = [float, small].map(|answer| answer["probability"].as_f64());
            let gap = a.zip(b).map(|(a, b)| (a - b).abs());
            assert!(gap.is_some_and(|gap| gap < 0.05), "{a:?} and {b:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_what_is_no_file_is_written_into() {
    let folder = Scratch::new();
    folder.write("file", "before");
    let links = [("link", "file"), ("output", "/dev/stdout")];
    for (link, target) in links {
        std::os::unix::fs::symlink(target, folder.path(link)).expect("a link is made");
    }
    let said =
        folder.succeed("export --weights weights --precision f32 --out link --manifest output");
    assert_says(&said, &[r#""file": "link""#, "wrote output"]);
    assert!(folder.read_weights("file").is_folded());
    for (link, target) in links {
        let leads_to = std::fs::read_link(folder.path(link)).expect("the link is still one");
        assert_eq!(leads_to, std::path::Path::new(target));
    }
}

#[test]
fn export_folds_and_stores_the_reference_logits_with_a_manifest() {
    let folder = Scratch::new();
    folder.write("metrics.json", r#"{"signs/val": {"accuracy": 0.5}}"#);
    folder.succeed(
        "export --weights weights --precision f16 --out out.f16 \
         --manifest manifest.json --metrics metrics.json --recipe none",
    );
    let exported = folder.read_weights("out.f16");
    assert!(exported.is_folded());
    assert_eq!(exported.reference_logits().map(<[f32]>::len), Some(6));
    let (bytes, manifest) = (folder.read("out.f16"), folder.read_text("manifest.json"));
    let manifest = json(&manifest);
    let hash = manifest["sha256"].as_str().expect("a word");
    verify_sha256(&bytes, hash).expect("the hash is the file's");
    assert_eq!(manifest["file"], "out.f16");
    assert_eq!(manifest["bytes"], bytes.len());
    assert_eq!(manifest["precision"], "f16");
    assert_eq!(manifest["labels"].as_array().map(Vec::len), Some(6));
    assert_eq!(manifest["input"]["width"], 64);
    assert_eq!(manifest["metrics"]["signs/val"]["accuracy"], 0.5);
    assert_eq!(manifest["recipe"], "none");
}

#[test]
fn evaluate_draws_the_confusion_matrix() {
    let folder = Scratch::new();
    folder.draw("data", &["0", "5"], 2);
    let table = folder.succeed("evaluate --weights weights --data data --plots plots");
    // Labels without pictures are said to be so.
    assert_says(&table, &["4 pictures, 0 skipped", "no picture"]);
    let svg = folder.read_text("plots/confusion.svg");
    assert!(svg.starts_with("<svg") && svg.contains("of 4 pictures right"));
}

#[test]
fn bench_times_each_work() {
    let rows = Scratch::new().succeed("bench --weights weights --rounds 1 --json");
    let rows = json(&rows);
    let rows = rows.as_array().expect("a list");
    assert_eq!(rows.len(), 7, "{rows:?}");
    for row in rows {
        let [least, median, most] = ["least", "median", "most"].map(|time| row[time].as_f64());
        assert!(
            Some(0.0) < least && least <= median && median <= most,
            "{row}"
        );
    }
}
