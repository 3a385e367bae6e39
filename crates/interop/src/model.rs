//! Models of other programs: which program's a file is, told by its content, and read by its reader.

use crate::error::{Error, Result};
use crate::imported::Imported;
use crate::{keras, onnx, pytorch};

/// Reads a model of another program. `file_name` is for the sentence of a refusal; what the file is, its bytes tell.
///
/// # Errors
///
/// [`Error::ModelPyTorch`] for PyTorch's own files, [`Error::ModelFormat`] for what no reader here knows, and
/// what the reader of the format refuses.
pub fn import(bytes: Vec<u8>, file_name: &str) -> Result<Imported> {
    if pytorch::is_pytorch(&bytes) {
        return Err(Error::ModelPyTorch);
    }
    if keras::is_keras(&bytes) {
        return keras::import(bytes);
    }
    if onnx::is_onnx(&bytes, file_name) {
        return onnx::import(&bytes.as_slice());
    }
    Err(Error::ModelFormat {
        file: file_name.to_owned(),
    })
}
