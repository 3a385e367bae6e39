//! Why a file of another program is refused, each with a stable code.

/// What went wrong, with the facts that a person needs to put it right.
///
/// [`Error::code`] is stable and crosses to JavaScript; the text may change.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What the recognizer refuses.
    #[error(transparent)]
    Recognizer(#[from] signet_recognizer::Error),
    /// A file is of no format of which models are read.
    #[error(
        "{file} is no model that is read here: give a .safetensors file of Signet, its .onnx, or a .h5, .weights.h5 or .keras of Keras"
    )]
    ModelFormat {
        /// The file's name.
        file: String,
    },
    /// A file of PyTorch.
    #[error(
        "this is a PyTorch file, which holds a Python program's objects and is not read here: where the network is the course's \
         ResNet-50, with the stride of a stage on its first 1x1 convolution, write it with torch.onnx.export and bring that .onnx file"
    )]
    ModelPyTorch,
    /// The bytes are no readable ONNX file.
    #[error("not a readable ONNX file: {reason}")]
    OnnxFormat {
        /// What the reader could not make sense of.
        reason: String,
    },
    /// An ONNX file has another network.
    #[error("this ONNX file has another network: at `{node}` {reason}")]
    OnnxNetwork {
        /// The first node that doesn't fit.
        node: String,
        /// What it is, and what was needed.
        reason: String,
    },
    /// The bytes are no readable file of Keras.
    #[error("not a readable Keras model: {reason}")]
    KerasFormat {
        /// What the reader could not make sense of.
        reason: String,
    },
    /// A Keras model has another network.
    #[error("this Keras model has another network: the layer `{layer}` {reason}")]
    KerasLayer {
        /// The first layer that doesn't fit, by its name or its path in the file.
        layer: String,
        /// What it is, and what was needed.
        reason: String,
    },
    /// Statistics were to be computed of too few pictures.
    #[error("statistics need at least {needed} pictures, and there are {found}")]
    StatisticsPictures {
        /// Pictures given.
        found: usize,
        /// The fewest.
        needed: usize,
    },
    /// Statistics were to be computed for weights without batch norm.
    #[error(
        "these weights have their batch norm folded in, and with it the statistics: start from the Keras file"
    )]
    StatisticsFolded,
    /// An exported file that was read again is not what was to be written.
    #[error("the exported file is wrong and was not handed over: {reason}")]
    ExportWrong {
        /// What differs.
        reason: String,
    },
    /// A text that is no link to a model, or a model that no link can hold.
    #[error("this is no link to a model: {reason}")]
    LinkFormat {
        /// What is wrong with it.
        reason: String,
    },
    /// A link that a later version has written.
    #[error("the link is of version {version}, which a newer version of this page reads")]
    LinkVersion {
        /// The link's version.
        version: u8,
    },
    /// A link whose checksum is wrong.
    #[error("the link was changed or cut on its way: its checksum is wrong")]
    LinkDamaged,
    /// A head that was trained on another network.
    #[error("the link's model belongs to another network than the one that is here")]
    LinkBase,
    /// Weights of which more than the dense layers are fine-tuned.
    #[error(
        "more than the head of this model was trained, which is too much for a link: export it as a file"
    )]
    LinkScope,
    /// The bytes are no zip archive, or a damaged one.
    #[error("the archive can't be read: {reason}; fetch it again, or make it anew as a .zip")]
    ArchiveFormat {
        /// What the reader could not make sense of.
        reason: String,
    },
    /// An archive's files have a password.
    #[error(
        "the archive is encrypted, at `{name}`: unpack it, and make it anew without a password"
    )]
    ArchiveEncrypted {
        /// The first file that is.
        name: String,
    },
    /// An archive's names are none of files in folders, or one is there twice.
    #[error("the archive is refused for its names: {reason}; make it anew")]
    ArchiveNames {
        /// Which, and what is wrong with it.
        reason: String,
    },
    /// An HDF5 file holds no pictures and labels of one meaning.
    #[error("{reason}")]
    DataSet {
        /// What is wrong, and what is needed.
        reason: String,
    },
    /// A project of Teachable Machine that has no pictures.
    #[error(
        "this is a project of Teachable Machine with {kind}, and Signet reads pictures: bring an image project"
    )]
    SamplesKind {
        /// What it has: poses, sounds, or what its manifest calls it.
        kind: String,
    },
    /// No labelled pictures are in the file.
    #[error("no samples are in it: {reason}")]
    SamplesNone {
        /// What is there, and what is expected.
        reason: String,
    },
    /// An archive has more than is unpacked.
    #[error("the archive is too large, it has {reason}; make one of fewer or smaller files")]
    ArchiveTooLarge {
        /// Of what there is too much.
        reason: String,
    },
}

/// The result of everything fallible in this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A short stable name, the same in Rust, in JavaScript and in tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Recognizer(error) => error.code(),
            Self::ModelFormat { .. } => "model-format",
            Self::ModelPyTorch => "model-pytorch",
            Self::OnnxFormat { .. } => "onnx-format",
            Self::OnnxNetwork { .. } => "onnx-network",
            Self::KerasFormat { .. } => "keras-format",
            Self::KerasLayer { .. } => "keras-layer",
            Self::StatisticsPictures { .. } => "statistics-pictures",
            Self::StatisticsFolded => "statistics-folded",
            Self::ExportWrong { .. } => "export-wrong",
            Self::LinkFormat { .. } => "link-format",
            Self::LinkVersion { .. } => "link-version",
            Self::LinkDamaged => "link-damaged",
            Self::LinkBase => "link-base",
            Self::LinkScope => "link-scope",
            Self::ArchiveFormat { .. } => "archive-format",
            Self::ArchiveEncrypted { .. } => "archive-encrypted",
            Self::ArchiveNames { .. } => "archive-names",
            Self::DataSet { .. } => "data-set",
            Self::SamplesKind { .. } => "samples-kind",
            Self::SamplesNone { .. } => "samples-none",
            Self::ArchiveTooLarge { .. } => "archive-too-large",
        }
    }
}
