//! An open HDF5 file of Keras: its variables, and their values.

use super::layer::Variable;
use crate::error::{Error, Result};
use hdf5_pure::{AttrValue, DType, File, Group};

/// The attribute of the labels where this project has written the file: a JSON list. Keras has no place for them, and
/// passes over it.
pub const LABELS: &str = "signet_labels";

/// An open file.
pub struct Store(File);

impl Store {
    /// Opens the bytes.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        File::from_bytes(bytes).map(Self).map_err(broken)
    }

    /// The root of the file.
    pub fn root(&self) -> Group {
        self.0.root()
    }

    /// The labels, where this project has written the file and they are so many.
    pub fn labels(&self, classes: usize) -> Option<Vec<String>> {
        let attributes = self.root().attrs().ok()?;
        let text = attributes.get(LABELS).and_then(AttrValue::as_str)?;
        let labels: Vec<String> = serde_json::from_str(text).ok()?;
        (labels.len() == classes).then_some(labels)
    }

    /// A variable of a dataset of the file.
    pub fn variable(&self, leaf: Option<String>, path: String) -> Result<Variable> {
        let dataset = self.0.dataset(&path).map_err(broken)?;
        let shape = dataset.shape().map_err(broken)?;
        let sides = shape.into_iter().map(usize::try_from);
        let shape = sides.collect::<std::result::Result<Vec<_>, _>>();
        let shape =
            shape.map_err(|_| wrong(format!("the shape of `{path}` is larger than any memory")))?;
        Ok(Variable { leaf, path, shape })
    }

    /// A variable's values.
    pub fn floats(&self, variable: &Variable) -> Result<Vec<f32>> {
        let path = &variable.path;
        let dataset = self.0.dataset(path).map_err(broken)?;
        let values = match dataset.dtype().map_err(broken)? {
            DType::F32 | DType::F64 => dataset.read_f32().map_err(broken)?,
            DType::Other(_) if dataset.element_size().map_err(broken)? == 2 => {
                let is_bfloat16 = dataset.attrs().map_err(broken)?;
                let is_bfloat16 =
                    is_bfloat16.get("dtype").and_then(|dtype| dtype.as_str()) == Some("bfloat16");
                let raw = dataset.read_raw().map_err(broken)?;
                let halves = raw
                    .chunks_exact(2)
                    .map(|two| u16::from_le_bytes([two[0], two[1]]));
                if is_bfloat16 {
                    halves
                        .map(|bits| half::bf16::from_bits(bits).to_f32())
                        .collect()
                } else {
                    halves
                        .map(|bits| half::f16::from_bits(bits).to_f32())
                        .collect()
                }
            }
            other => {
                return Err(Error::KerasLayer {
                    layer: path.clone(),
                    reason: format!(
                        "its numbers are {other}, and float32, float16 and bfloat16 are read"
                    ),
                });
            }
        };
        if values.len() != variable.shape.iter().product::<usize>() {
            return Err(wrong(format!(
                "`{path}` has {} numbers for the shape {:?}",
                values.len(),
                variable.shape
            )));
        }
        Ok(values)
    }
}

/// What the HDF5 library says, and what can be done about it.
pub fn broken(error: hdf5_pure::Error) -> Error {
    wrong(format!(
        "it is damaged or cut short ({error}); save or fetch it again"
    ))
}

/// A refusal of a file as a whole.
pub fn wrong(reason: impl Into<String>) -> Error {
    Error::KerasFormat {
        reason: reason.into(),
    }
}
