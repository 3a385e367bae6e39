//! Answers as comma-separated values (RFC 4180), of which spreadsheets make no formulas.

use super::answer::{Answer, Outcome};

/// What a cell that spreadsheets take for a formula begins with.
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Columns in front of the labels' probabilities.
const COLUMNS: [&str; 5] = ["file", "label", "class", "presence", "probability"];

/// Columns of the hand's crop and of a second hand's, where hands were looked for.
const CROPS: [&str; 6] = [
    "left",
    "top",
    "side",
    "second_left",
    "second_top",
    "second_side",
];

/// Columns for files that can't be read.
const ERROR: [&str; 2] = ["error", "code"];

/// The header: a column for each label's probability behind the answer's.
pub fn header(labels: &[String], localises: bool) -> String {
    let labels = labels.iter().map(|label| format!("probability of {label}"));
    let crops = CROPS.iter().filter(|_| localises);
    let cells = COLUMNS.iter().map(|&name| name.to_owned());
    let rest = crops.chain(&ERROR).map(|&name| name.to_owned());
    line(cells.chain(labels).chain(rest))
}

/// The line of an answer, of a network with so many labels.
pub fn row(answer: &Answer, labels: usize, localises: bool) -> String {
    let number = |number: f32| number.to_string();
    let mut cells = vec![answer.file.clone()];
    let crop_cells = if localises { CROPS.len() } else { 0 };
    match &answer.outcome {
        Outcome::Prediction {
            prediction,
            class,
            presence,
            crop,
            second_hand,
            ..
        } => {
            cells.extend([prediction.label.clone(), class.clone()]);
            cells.push(presence.map(number).unwrap_or_default());
            cells.push(number(prediction.probability));
            cells.extend(prediction.probabilities.iter().map(|p| number(*p)));
            let crops = [crop, second_hand].map(|crop| {
                let sides = crop.map(|crop| [crop.left, crop.top, crop.side]);
                sides.map_or_else(Default::default, |sides| sides.map(|side| side.to_string()))
            });
            cells.extend(crops.into_iter().flatten().take(crop_cells));
            cells.extend(ERROR.map(|_| String::new()));
        }
        Outcome::Unreadable { error, code } => {
            let empty = COLUMNS.len() - 1 + labels + crop_cells;
            cells.extend(std::iter::repeat_n(String::new(), empty));
            cells.extend([error.clone(), (*code).to_owned()]);
        }
    }
    line(cells.into_iter())
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells.map(|text| cell(&text)).collect();
    cells.join(",") + "\n"
}

/// A cell: in quotes where it must be, and behind an apostrophe where it begins as a formula does. A dash
/// alone, standard input's name, is none.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(FORMULAS) && text != "-";
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_no_formulas() {
        for (text, expected) in [
            ("photo.jpg", "photo.jpg"),
            ("a,b.jpg", "\"a,b.jpg\""),
            ("a \"b\".jpg", "\"a \"\"b\"\".jpg\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1,B1)", "\"'@SUM(A1,B1)\""),
            ("-", "-"),
            ("-2+3.png", "'-2+3.png"),
            ("\t=1", "'\t=1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
