//! Labelled pictures from HDF5 files: the `train_signs.h5` and `test_signs.h5` of the course.

use anyhow::{Context, Result, anyhow, bail};
use hdf5_pure::{DType, Dataset, File};
use rayon::prelude::*;
use signet_recognizer::{Picture, labels};
use std::io::Read;
use std::path::Path;

/// What every HDF5 file starts with.
const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";

const LAYOUT: &str = "such a file holds pictures in train_set_x or test_set_x (uint8, \
                      [n, height, width, 3]), their labels in train_set_y or test_set_y (whole \
                      numbers, [n]) and, unless these are 0 to 5, the labels there are in \
                      list_classes";

const CLASSES: &str = "list_classes";

/// HDF5's gzip makes no more of a byte: a shape that claims more is no reason to take memory for it.
const MOST_PER_BYTE: u64 = 1032;

/// Whether this is an HDF5 file, whatever its name.
pub fn is_hdf5(path: &Path) -> std::io::Result<bool> {
    let mut start = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(SIGNATURE.len() as u64).read_to_end(&mut start)?;
    Ok(start == SIGNATURE)
}

/// The labels that a file speaks of.
pub fn find_labels(path: &Path) -> Result<Vec<String>> {
    let classes = Signs::open(path)?.classes()?;
    Ok(classes.into_iter().map(|(_, label)| label).collect())
}

/// Reads all pictures of a file, in its order, and makes something of each. Unlike a folder, where
/// a stray file is no wonder, one that is wrong anywhere is refused as a whole.
pub fn read<T: Send>(
    path: &Path,
    labels: &[String],
    make: &(impl Fn(Picture) -> T + Sync),
) -> Result<Vec<(T, usize)>> {
    let signs = Signs::open(path)?;
    let classes = signs.classes()?;
    let mut made = Vec::new();
    let mut sets = 0;
    for (x, y) in [("train_set_x", "train_set_y"), ("test_set_x", "test_set_y")] {
        if signs.has(x) {
            let truths = signs.truths(y, &classes, labels)?;
            made.extend(signs.pictures(x, y, &truths, make)?);
            sets += 1;
        }
    }
    if sets == 0 {
        let found = match signs.names.as_slice() {
            [] => "no dataset at all".into(),
            names => format!("only {}", names.join(", ")),
        };
        bail!("{} has {found}; {LAYOUT}", path.display());
    }
    if made.is_empty() {
        bail!("{} has no picture in its datasets", path.display());
    }
    Ok(made)
}

/// An open file.
struct Signs<'a> {
    path: &'a Path,
    file: File,
    /// Its length in bytes.
    length: u64,
    /// Its datasets.
    names: Vec<String>,
}

impl<'a> Signs<'a> {
    fn open(path: &'a Path) -> Result<Self> {
        let open = || {
            let length = std::fs::metadata(path)?.len();
            // Not streaming: that takes as much memory as the file claims to need, before it reads.
            let file = File::open(path).map_err(broken)?;
            let names = file.root().datasets().map_err(broken)?;
            anyhow::Ok(Self {
                path,
                file,
                length,
                names,
            })
        };
        open().with_context(|| format!("cannot read the HDF5 file {}", path.display()))
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|found| found == name)
    }

    /// Does something with a dataset; what goes wrong is said of it.
    fn with<T>(&self, name: &str, act: impl FnOnce(&Dataset, &[u64]) -> Result<T>) -> Result<T> {
        let act = || {
            if !self.has(name) {
                bail!("it is not there; {LAYOUT}");
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

    /// What the numbers of the labels stand for: as in the course's code, `list_classes[y]`. Where
    /// the classes are numbers themselves they stand for themselves, which is the same for 0 to 5
    /// and the only thing that can be meant by 1 to 6.
    fn classes(&self) -> Result<Vec<(i64, String)>> {
        if !self.has(CLASSES) {
            return Ok((0..).zip(labels::digits()).collect());
        }
        self.with(CLASSES, |dataset, _| {
            let dtype = dataset.dtype().map_err(broken)?;
            if matches!(dtype, DType::String | DType::VariableLengthString) {
                let names = dataset.read_string().map_err(broken)?;
                return Ok((0..).zip(names).collect());
            }
            let numbers = whole_numbers(dataset, &dtype)?.into_iter();
            Ok(numbers.map(|number| (number, number.to_string())).collect())
        })
    }

    /// Which of `labels` each picture has.
    fn truths(&self, y: &str, classes: &[(i64, String)], labels: &[String]) -> Result<Vec<usize>> {
        self.with(y, |dataset, shape| {
            if !matches!(shape, [_] | [1, _] | [_, 1]) {
                bail!("its shape is {shape:?} where [n], [1, n] or [n, 1] is needed: a label each");
            }
            let numbers = whole_numbers(dataset, &dataset.dtype().map_err(broken)?)?;
            let mut truths = Vec::new();
            for (index, number) in numbers.iter().enumerate() {
                let Some((_, label)) = classes.iter().find(|(class, _)| class == number) else {
                    let known: Vec<_> =
                        classes.iter().map(|(class, _)| class.to_string()).collect();
                    bail!(
                        "entry {index} is {number}, which stands for no label: there are {}; \
                         correct it, or have {CLASSES} list what there is",
                        known.join(", ")
                    );
                };
                let Some(truth) = labels.iter().position(|known| known == label) else {
                    bail!(
                        "entry {index} is {label}, which is no known label: the labels are {}",
                        labels.join(", ")
                    );
                };
                truths.push(truth);
            }
            Ok(truths)
        })
    }

    /// The pictures, each with its label.
    fn pictures<T: Send>(
        &self,
        x: &str,
        y: &str,
        truths: &[usize],
        make: &(impl Fn(Picture) -> T + Sync),
    ) -> Result<Vec<(T, usize)>> {
        self.with(x, |dataset, shape| {
            let [n, height, width, 3] = *shape else {
                bail!(
                    "its shape is {shape:?} where [n, height, width, 3] is needed: pictures of \
                     rows of pixels of red, green, blue"
                );
            };
            if n != truths.len() as u64 {
                bail!(
                    "it has {n} pictures, but {y} has {} labels; each picture needs one",
                    truths.len()
                );
            }
            // Not converted on the way: of other types nobody knows whether white is 255 or 1.
            let dtype = dataset.dtype().map_err(broken)?;
            if dtype != DType::U8 {
                bail!("its type is {dtype} where uint8 is needed: store the pixels as 0 to 255");
            }
            let (width, height) = (u32::try_from(width)?, u32::try_from(height)?);
            let pixels = dataset.read_u8().map_err(broken)?;
            let size = pixels.len() / truths.len().max(1);
            let picture = |(index, label): (usize, &usize)| {
                let pixels = &pixels[index * size..][..size];
                Ok((make(Picture::from_rgb(pixels, width, height)?), *label))
            };
            truths.par_iter().enumerate().map(picture).collect()
        })
    }
}

/// The numbers of a dataset that has to hold whole ones.
fn whole_numbers(dataset: &Dataset, dtype: &DType) -> Result<Vec<i64>> {
    // The library would round others.
    match dtype {
        DType::I8 | DType::I16 | DType::I32 | DType::I64 => {}
        DType::U8 | DType::U16 | DType::U32 | DType::U64 => {}
        _ => bail!("its type is {dtype} where whole numbers are needed, such as int64"),
    }
    dataset.read_i64().map_err(broken)
}

/// What the library says, and what can be done about it.
fn broken(error: hdf5_pure::Error) -> anyhow::Error {
    // Not as a cause: the library repeats its causes in its own text.
    anyhow!(
        "the file is damaged, cut short or newer than is understood here ({error}); fetch it \
         again, or write it anew with h5py's default `libver`"
    )
}

#[cfg(test)]
mod tests;
