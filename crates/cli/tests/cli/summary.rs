use crate::support::{Scratch, assert_says, json};

#[test]
fn summary_counts_the_parameters_of_the_reference() {
    let folder = Scratch::new();
    let summary = json(&folder.succeed("summary --json"));
    assert_eq!(summary["total"], 23_600_006);
    assert_eq!(summary["trainable"], 23_546_886);
    assert_eq!(summary["non_trainable"], 53_120);
    let layers = summary["layers"].as_array().expect("layers is a list");
    assert_eq!(layers.len(), 2 * 53 + 1);
    assert_eq!(layers[0]["name"], "conv1");
    assert_eq!(layers[0]["output"], serde_json::json!([64, 32, 32]));

    let summary = json(&folder.succeed("summary --json --classes 10"));
    assert_eq!(summary["total"], 23_600_006 + 4 * 2049);
    folder.refuse("summary --classes 0", &["classes"]);

    let table = folder.succeed("summary");
    let parts = ["res5c_branch2c", "2048 x 2 x 2", "23,600,006", "53,120"];
    assert_says(&table, &parts);
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let folder = Scratch::new();
    let workflow = folder.succeed("--help");
    for command in [
        "summary",
        "import",
        "train",
        "evaluate",
        "predict",
        "explain",
        "lesion",
        "check-set",
        "export",
    ] {
        let help = folder.succeed(&format!("{command} --help"));
        assert_says(&help, &[&format!("  signet {command} ")]);
        assert_says(&workflow, &[command]);
    }
}
