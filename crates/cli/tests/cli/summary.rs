use crate::args;
use crate::support::{json, refuse, succeed};

#[test]
fn summary_counts_the_parameters_of_the_reference() {
    let summary = json(&succeed(args!["summary", "--json"]));
    assert_eq!(summary["total"], 23_600_006);
    assert_eq!(summary["trainable"], 23_546_886);
    assert_eq!(summary["non_trainable"], 53_120);
    let layers = summary["layers"].as_array().expect("layers is a list");
    assert_eq!(layers.len(), 2 * 53 + 1);
    assert_eq!(layers[0]["name"], "conv1");
    assert_eq!(layers[0]["output"], serde_json::json!([64, 32, 32]));
}

#[test]
fn summary_follows_the_number_of_classes() {
    let summary = json(&succeed(args!["summary", "--json", "--classes", "10"]));
    assert_eq!(summary["total"], 23_600_006 + 4 * 2049);
    let refusal = refuse(args!["summary", "--classes", "0"]);
    assert!(refusal.contains("classes"), "{refusal}");
}

#[test]
fn summary_prints_a_table_for_people() {
    let table = succeed(args!["summary"]);
    for part in ["res5c_branch2c", "2048 x 2 x 2", "23,600,006", "53,120"] {
        assert!(table.contains(part), "no {part} in: {table}");
    }
}

#[test]
fn every_command_explains_itself_with_an_example() {
    for command in [
        "summary", "import", "train", "evaluate", "predict", "export",
    ] {
        let help = succeed(args![command, "--help"]);
        let example = format!("  signet {command} ");
        assert!(help.contains(&example), "no example in: {help}");
        assert!(succeed(args!["--help"]).contains(command));
    }
}
