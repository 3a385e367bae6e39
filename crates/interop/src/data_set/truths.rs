//! The labels of pictures: numbers, names, or one-hot.

use super::file::{texts, whole_numbers};
use super::refusal::{index, refuse};
use crate::error::Result;
use hdf5_pure::Dataset;
use signet_recognizer::labels::composed;

/// A number and the label that it stands for.
pub type Class = (i64, String);

/// The name of the label of each of `count` pictures. The last argument names the two datasets.
pub fn names(
    dataset: &Dataset,
    shape: &[u64],
    count: usize,
    classes: &[Class],
    [pictures, labels]: [&str; 2],
) -> Result<Vec<String>> {
    let is_list = matches!(shape, [_] | [1, _] | [_, 1]);
    let values: u64 = shape.iter().product();
    let fits = values == count as u64;
    if let Some(names) = texts(dataset)?.filter(|_| is_list && fits) {
        return Ok(names.iter().map(|name| composed(name)).collect());
    }
    if is_list && fits {
        let numbers = whole_numbers(dataset)?;
        let named = numbers.iter().enumerate().map(|(index, number)| {
            let class = classes.iter().find(|(class, _)| class == number);
            name(class, index, number, classes)
        });
        return named.collect();
    }
    let one_hot = match *shape {
        [n, k] if n == count as u64 || k == count as u64 => one_hot(dataset, n, k, count)?,
        [n] | [1, n] | [n, 1] => {
            refuse!(
                "{pictures} has {count} pictures, but {labels} has {n} labels; each picture needs one"
            )
        }
        _ => refuse!(
            "its shape is {shape:?} where [n], [1, n] or [n, 1] is needed: a label each; or [n, \
             classes], one-hot"
        ),
    };
    let named = one_hot.iter().enumerate();
    let named = named.map(|(index, &class)| name(classes.get(class), index, class, classes));
    named.collect()
}

fn name(
    class: Option<&Class>,
    index: usize,
    number: impl std::fmt::Display,
    classes: &[Class],
) -> Result<String> {
    let Some((_, label)) = class else {
        let known: Vec<_> = classes.iter().map(|(class, _)| class.to_string()).collect();
        refuse!(
            "entry {index} is {number}, which stands for no label: there are {}; correct it, or have \
             list_classes list what there is",
            known.join(", ")
        );
    };
    Ok(label.clone())
}

/// The classes of `count` pictures, of a table whose rows or columns have a single one among zeros.
fn one_hot(dataset: &Dataset, rows: u64, columns: u64, count: usize) -> Result<Vec<usize>> {
    let numbers = whole_numbers(dataset)?;
    let (rows, columns) = (index(rows)?, index(columns)?);
    // The place of the single one in each line of a table.
    let places = |lines: usize, step: usize, length: usize, across: usize| {
        let place = |line: usize| {
            let values = (0..length).map(|at| numbers[line * step + at * across]);
            let ones: Vec<usize> = (0..length)
                .zip(values.clone())
                .filter(|(_, v)| *v != 0)
                .map(|(at, _)| at)
                .collect();
            match ones[..] {
                [one] if values.clone().any(|value| value == 1) => Some(one),
                _ => None,
            }
        };
        (lines == count).then(|| (0..lines).map(place).collect::<Option<Vec<usize>>>())
    };
    let by_row = places(rows, columns, columns, 1).flatten();
    let by_column = places(columns, 1, rows, columns).flatten();
    match (by_row, by_column) {
        (Some(a), Some(b)) if a != b => refuse!(
            "its shape is [{rows}, {columns}], and it is one-hot by rows and by columns; store the \
             labels as whole numbers, [n]"
        ),
        (Some(classes), _) | (None, Some(classes)) => Ok(classes),
        (None, None) => refuse!(
            "its shape is [{rows}, {columns}], and it is not one-hot: each picture needs a single 1 \
             among zeros; or store the labels as whole numbers, [n]"
        ),
    }
}
