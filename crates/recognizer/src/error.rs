//! Everything that can go wrong in the recognizer and in training, each with a stable code.

/// What went wrong, with the facts that a person needs to put it right.
///
/// [`Error::code`] is stable and crosses to JavaScript; the text may change.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The weights file is not the one that its manifest names, or was altered after it was written.
    #[error("the weights file does not match its checksum: expected {expected}, found {found}")]
    WeightsHash {
        /// The manifest's SHA-256 or the file's own CRC-32, lower-case hexadecimal.
        expected: String,
        /// The same hash of the bytes at hand.
        found: String,
    },
    /// The bytes are no readable weights file or checkpoint.
    #[error("not a readable weights file: {reason}")]
    WeightsFormat {
        /// What the reader could not make sense of.
        reason: String,
    },
    /// A tensor that the network needs is not in the file.
    #[error("the weights file lacks the tensor `{name}`")]
    WeightsMissingTensor {
        /// Its name.
        name: String,
    },
    /// A tensor in the file belongs to no layer of the network.
    #[error("the weights file has a tensor `{name}` that this network does not know")]
    WeightsUnknownTensor {
        /// Its name.
        name: String,
    },
    /// A tensor has another shape or type than the network needs.
    #[error("the tensor `{name}` is {found}, and the network needs {expected}")]
    WeightsShape {
        /// Its name.
        name: String,
        /// What the network needs.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// A tensor has a value that is not finite, or a variance by which folding gives such values.
    #[error(
        "the tensor `{name}` has a value that is not finite, or makes others so, at element {index}"
    )]
    WeightsValues {
        /// Its name.
        name: String,
        /// Index of the value in the flattened tensor.
        index: usize,
    },
    /// The network's logits differ from those stored with its weights.
    #[error(
        "this device computes the network wrongly: its answer to the reference picture differs by {difference}, and {tolerance} is allowed"
    )]
    SelfCheck {
        /// The largest difference between a logit and the stored one.
        difference: f32,
        /// The largest difference allowed.
        tolerance: f32,
    },
    /// The picture has no pixels.
    #[error("the picture is empty: {width} x {height} pixels")]
    PictureEmpty {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The bytes are not width x height pixels.
    #[error("{width} x {height} pixels need {expected} bytes, not {found}")]
    PictureSize {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Bytes needed.
        expected: u64,
        /// Bytes given.
        found: u64,
    },
    /// The picture exceeds the limit on decoded pixels.
    #[error("the picture has {width} x {height} pixels; at most {limit} megapixels are read")]
    PictureTooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The limit, in millions of pixels.
        limit: u32,
    },
    /// The bytes are in no picture format that is decoded, or of a kind that would be read otherwise
    /// than browsers show it. A browser may be able to show the picture.
    #[error("{reason}")]
    PictureFormat {
        /// What the bytes are.
        reason: String,
    },
    /// The bytes claim a picture format but don't decode.
    #[error("the picture is damaged: {reason}")]
    PictureBroken {
        /// What the decoder said.
        reason: String,
    },
    /// The file ends too soon: less than half of the picture's rows are in it, or, of a WebP, not all of it is.
    #[error("the picture is cut short: only {percent} % of it arrived; fetch the file again")]
    PictureCut {
        /// The share that is there: of the rows, or of a WebP's bytes.
        percent: u32,
    },
    /// A setting of a network, of a training or of labels is out of range.
    #[error("{name}: {reason}")]
    Setting {
        /// The setting's name.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Training produced a loss that is not finite.
    #[error("the loss is not finite in epoch {epoch}, batch {batch}: try a smaller learning rate")]
    NotFinite {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch in the epoch, from 1.
        batch: usize,
    },
    /// The device failed to compute or to return a result.
    #[error("the compute device failed: {reason}")]
    Device {
        /// What the device said.
        reason: String,
    },
}

/// The result of everything fallible in the recognizer and in training.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The error for a picture that doesn't decode.
    pub(crate) fn broken(error: impl std::fmt::Display) -> Self {
        Self::PictureBroken {
            reason: error.to_string(),
        }
    }

    /// The error for a file that may be whole, and that is not read here.
    pub(crate) fn unread(reason: impl Into<String>) -> Self {
        Self::PictureFormat {
            reason: reason.into(),
        }
    }

    /// A short stable name, the same in Rust, in JavaScript and in tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WeightsHash { .. } => "weights-hash",
            Self::WeightsFormat { .. } => "weights-format",
            Self::WeightsMissingTensor { .. } => "weights-missing-tensor",
            Self::WeightsUnknownTensor { .. } => "weights-unknown-tensor",
            Self::WeightsShape { .. } => "weights-shape",
            Self::WeightsValues { .. } => "weights-values",
            Self::SelfCheck { .. } => "self-check",
            Self::PictureEmpty { .. } => "picture-empty",
            Self::PictureSize { .. } => "picture-size",
            Self::PictureTooLarge { .. } => "picture-too-large",
            Self::PictureFormat { .. } => "picture-format",
            Self::PictureBroken { .. } => "picture-broken",
            Self::PictureCut { .. } => "picture-cut",
            Self::Setting { .. } => "setting",
            Self::NotFinite { .. } => "not-finite",
            Self::Device { .. } => "device",
        }
    }
}

#[cfg(feature = "webgpu")]
impl From<signet_engine::GpuError> for Error {
    fn from(error: signet_engine::GpuError) -> Self {
        Self::Device {
            reason: error.to_string(),
        }
    }
}
