//! Errors of files that hold no data set of one meaning.

use crate::error::{Error, Result};

/// The error of a file that says more than the library does.
pub(super) fn wrong(reason: String) -> Error {
    Error::DataSet { reason }
}

/// Leaves with such an error.
macro_rules! refuse {
    ($($said:tt)*) => {
        return Err($crate::data_set::refusal::wrong(format!($($said)*)))
    };
}
pub(super) use refuse;

/// A number of the file as a place in memory.
pub(super) fn index(number: u64) -> Result<usize> {
    match usize::try_from(number) {
        Ok(index) => Ok(index),
        Err(_) => refuse!("it has a side of {number}, more than fits into memory"),
    }
}
