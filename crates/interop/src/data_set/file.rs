//! An open HDF5 file, and its datasets by their paths.

use super::refusal::{refuse, wrong};
use crate::error::{Error, Result};
use hdf5_pure::{DType, Dataset, File, Group};

/// HDF5's gzip makes no more of a byte: a shape that claims more is no reason to take memory for it.
const MOST_PER_BYTE: u64 = 1032;

/// The largest dataset in bytes. In a browser what is read of it, twice as much again, still fits into a module's memory.
const LARGEST: u64 = if cfg!(target_pointer_width = "32") {
    512 << 20
} else {
    16 << 30
};

/// How deep in groups datasets are looked for, and how many groups are looked at.
const DEPTH: usize = 3;
const GROUPS: usize = 200;

/// An open file.
pub struct Open {
    /// Its name, or its path.
    pub name: String,
    /// The paths of its datasets.
    pub names: Vec<String>,
    file: File,
    /// Its length in bytes.
    length: u64,
}

impl Open {
    pub fn new(bytes: Vec<u8>, name: &str) -> Result<Self> {
        let open = || {
            let length = bytes.len() as u64;
            let file = File::from_bytes(bytes).map_err(broken)?;
            let mut names = Vec::new();
            collect(&file.root(), "", DEPTH, &mut 0, &mut names)?;
            Ok(Self {
                name: name.to_owned(),
                names,
                file,
                length,
            })
        };
        open().map_err(|error: Error| wrong(format!("cannot read the HDF5 file {name}: {error}")))
    }

    /// Does something with a dataset and its shape; what goes wrong is said of it.
    pub fn with<T>(
        &self,
        name: &str,
        act: impl FnOnce(&Dataset, &[u64]) -> Result<T>,
    ) -> Result<T> {
        let act = || {
            if !self.names.iter().any(|found| found == name) {
                refuse!("it is not there");
            }
            let dataset = self.file.dataset(name).map_err(broken)?;
            let shape = dataset.shape().map_err(broken)?;
            let element = dataset.element_size().map_err(broken)?;
            check_size(&shape, element, self.length, LARGEST)?;
            act(&dataset, &shape)
        };
        act().map_err(|error| self.wrong_of(name, &error))
    }

    /// What is wrong with a dataset.
    pub fn wrong_of(&self, name: &str, error: &Error) -> Error {
        wrong(format!(
            "cannot read the dataset {name} of {}: {error}",
            self.name
        ))
    }
}

/// That a file of `length` bytes can hold a dataset of elements of so many bytes, and that it is not larger than `most`.
pub fn check_size(shape: &[u64], element: u64, length: u64, most: u64) -> Result<()> {
    let bytes = shape
        .iter()
        .try_fold(element, |n, side| n.checked_mul(*side));
    let Some(bytes) = bytes.filter(|bytes| *bytes <= length.saturating_mul(MOST_PER_BYTE)) else {
        refuse!("its shape is {shape:?}, and a file of {length} bytes can't hold as much");
    };
    if bytes > most {
        let [bytes, most] = [bytes, most].map(|bytes| bytes >> 20);
        refuse!(
            "it takes {bytes} MB unpacked, and {most} MB is the most here: split it, or store the pixels as bytes of 0 to 255"
        );
    }
    Ok(())
}

fn collect(
    group: &Group,
    path: &str,
    depth: usize,
    seen: &mut usize,
    names: &mut Vec<String>,
) -> Result<()> {
    let datasets = group.datasets().map_err(broken)?.into_iter();
    names.extend(datasets.map(|name| format!("{path}{name}")));
    if depth == 0 {
        return Ok(());
    }
    for name in group.groups().map_err(broken)? {
        *seen += 1;
        if *seen > GROUPS {
            break;
        }
        let inner = group.group(&name).map_err(broken)?;
        collect(&inner, &format!("{path}{name}/"), depth - 1, seen, names)?;
    }
    Ok(())
}

/// The numbers of a dataset that has to hold whole ones, as integers, floats or booleans.
pub fn whole_numbers(dataset: &Dataset) -> Result<Vec<i64>> {
    let dtype = dataset.dtype().map_err(broken)?;
    match &dtype {
        DType::I8 | DType::I16 | DType::I32 | DType::I64 => {}
        DType::U8 | DType::U16 | DType::U32 | DType::U64 => {}
        DType::Enum(names)
            if names
                .iter()
                .all(|name| ["FALSE", "TRUE"].contains(&&**name)) => {}
        DType::F32 | DType::F64 => {
            let floats = dataset.read_f64().map_err(broken)?;
            // The library would round others.
            let wrong = floats.iter().position(|value| value.fract() != 0.0);
            if let Some(index) = wrong {
                let value = floats[index];
                refuse!("entry {index} is {value} where whole numbers are needed, such as int64");
            }
        }
        _ => refuse!("its type is {dtype} where whole numbers are needed, such as int64"),
    }
    dataset.read_i64().map_err(broken)
}

/// The texts of a dataset; none where it holds something else.
pub fn texts(dataset: &Dataset) -> Result<Option<Vec<String>>> {
    match dataset.dtype().map_err(broken)? {
        DType::String | DType::VariableLengthString => {
            Ok(Some(dataset.read_string().map_err(broken)?))
        }
        _ => Ok(None),
    }
}

/// What the library says, and what can be done about it.
pub fn broken(error: hdf5_pure::Error) -> Error {
    wrong(format!(
        "the file is damaged, cut short or newer than is understood here ({error}); fetch it \
         again, or write it anew with h5py's default `libver`"
    ))
}
