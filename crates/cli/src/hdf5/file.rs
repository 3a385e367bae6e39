//! An open HDF5 file, and its datasets by their paths.

use anyhow::{Context, Result, anyhow, bail};
use hdf5_pure::{DType, Dataset, File, Group};
use std::path::Path;

/// HDF5's gzip makes no more of a byte: a shape that claims more is no reason to take memory for it.
const MOST_PER_BYTE: u64 = 1032;

/// How deep in groups datasets are looked for, and how many groups are looked at.
const DEPTH: usize = 3;
const GROUPS: usize = 200;

/// An open file.
pub struct Open<'a> {
    pub path: &'a Path,
    /// The paths of its datasets.
    pub names: Vec<String>,
    file: File,
    /// Its length in bytes.
    length: u64,
}

impl<'a> Open<'a> {
    pub fn new(path: &'a Path) -> Result<Self> {
        let open = || {
            let length = std::fs::metadata(path)?.len();
            // Not streaming: that takes as much memory as the file claims to need, before it reads.
            let file = File::open(path).map_err(broken)?;
            let mut names = Vec::new();
            collect(&file.root(), "", DEPTH, &mut 0, &mut names)?;
            anyhow::Ok(Self {
                path,
                names,
                file,
                length,
            })
        };
        open().with_context(|| format!("cannot read the HDF5 file {}", path.display()))
    }

    /// Does something with a dataset and its shape; what goes wrong is said of it.
    pub fn with<T>(
        &self,
        name: &str,
        act: impl FnOnce(&Dataset, &[u64]) -> Result<T>,
    ) -> Result<T> {
        let act = || {
            if !self.names.iter().any(|found| found == name) {
                bail!("it is not there");
            }
            let dataset = self.file.dataset(name).map_err(broken)?;
            let shape = dataset.shape().map_err(broken)?;
            let values = shape.iter().try_fold(1_u64, |n, side| n.checked_mul(*side));
            let most = self.length.saturating_mul(MOST_PER_BYTE);
            if values.is_none_or(|values| values > most) {
                let length = self.length;
                bail!("its shape is {shape:?}, and a file of {length} bytes can't hold as much");
            }
            act(&dataset, &shape)
        };
        act().with_context(|| format!("cannot read the dataset {name} of {}", self.path.display()))
    }
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
                bail!("entry {index} is {value} where whole numbers are needed, such as int64");
            }
        }
        _ => bail!("its type is {dtype} where whole numbers are needed, such as int64"),
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
pub fn broken(error: hdf5_pure::Error) -> anyhow::Error {
    // Not as a cause: the library repeats its causes in its own text.
    anyhow!(
        "the file is damaged, cut short or newer than is understood here ({error}); fetch it \
         again, or write it anew with h5py's default `libver`"
    )
}
