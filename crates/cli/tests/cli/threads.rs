//! Threads that compute a network.

use crate::support::{Scratch, assert_says, json, stderr};

#[test]
fn answers_are_the_same_by_any_number_of_threads() {
    let folder = Scratch::new();
    folder.draw_picture("a.png", 2, 0);
    let answers =
        |threads: &str| folder.succeed(&format!("predict --weights weights a.png --json{threads}"));
    let alone = answers(" --threads 1");
    for threads in ["", " --threads 2", " --threads 5"] {
        assert_eq!(answers(threads), alone, "{threads}");
    }
}

#[test]
fn bench_times_one_thread_and_several() {
    let line = "bench --weights weights --rounds 1 --json --engine-only --threads 3";
    let rows = json(&Scratch::new().succeed(line));
    let rows = rows.as_array().expect("a list");
    // Of one picture and of eight, in integers and in floats.
    assert_eq!(rows.len(), 2 * 4, "{rows:?}");
    let names = rows.iter().filter_map(|row| row["work"].as_str());
    assert_eq!(
        names.filter(|name| name.ends_with(", 3 threads")).count(),
        4
    );
}

#[test]
fn a_number_of_threads_that_cannot_be_is_refused() {
    for threads in ["0", "17"] {
        let refused = Scratch::new().run(&format!(
            "predict --weights weights a.png --threads {threads}"
        ));
        assert!(!refused.status.success(), "{threads}");
        assert_says(&stderr(&refused), &["--threads", "1..=16"]);
    }
}
