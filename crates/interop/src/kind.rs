//! What a file is, by what is in it.

use crate::archive::{Archive, Limits, is_zip};
use crate::data_set::{DataSets, is_hdf5};
use crate::pytorch::is_pytorch;

/// Files that a person brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A project that was saved here.
    Project,
    /// A network of any program.
    Model,
    /// Labelled pictures of any program.
    Samples,
    /// Something else: a picture, or what nobody reads here.
    Other,
}

/// How the header of a project goes on after its length.
const PROJECT: &[u8] = br#"{"__metadata__":{"signet-project":"#;

/// Bytes of the length of a safetensors header.
const LENGTH: usize = 8;

/// What a file is that is called `name`. Where only its name tells, as for ONNX, that is believed; whether it can be read
/// is for its reader to say.
pub fn kind_of(file: Vec<u8>, name: &str) -> FileKind {
    let ends = |end: &str| name.to_lowercase().ends_with(end);
    let header = file.get(LENGTH..).unwrap_or_default();
    let is_safetensors = header.starts_with(b"{");
    if header.starts_with(PROJECT) || ends(".signet") {
        return FileKind::Project;
    }
    // Archives, and not of samples: they are refused with what to do.
    if is_pytorch(&file) || [".pt", ".pth"].iter().any(|end| ends(end)) {
        return FileKind::Model;
    }
    if is_zip(&file) {
        // What the reader of archives refuses, it refuses with a reason.
        let archive = Archive::open(file, Limits::MODEL);
        let is_keras = archive.is_ok_and(|archive| {
            archive.find("config.json").is_some() && archive.find("model.weights.h5").is_some()
        });
        return if is_keras {
            FileKind::Model
        } else {
            FileKind::Samples
        };
    }
    if is_hdf5(&file) {
        let sets = DataSets::open(file, name);
        let has_pictures = sets.is_ok_and(|sets| sets.has_pictures());
        return if has_pictures {
            FileKind::Samples
        } else {
            FileKind::Model
        };
    }
    if is_safetensors || [".safetensors", ".onnx"].iter().any(|end| ends(end)) {
        return FileKind::Model;
    }
    if [".tm", ".zip", ".h5", ".hdf5"].iter().any(|end| ends(end)) {
        return FileKind::Samples;
    }
    FileKind::Other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Named, write_zip};

    #[test]
    fn files_are_known_by_what_is_in_them() {
        let zip = |names: &[&str]| {
            let files = names.iter().map(|name| Named {
                name: (*name).to_owned(),
                bytes: Vec::new(),
            });
            write_zip(&files.collect::<Vec<_>>()).unwrap()
        };
        let course = include_bytes!("../../../tests/fixtures/course.h5").to_vec();
        let mut network = hdf5_pure::FileBuilder::new();
        network.create_dataset("kernel").with_f32_data(&[0.0]);
        let mut project = vec![0; LENGTH];
        project.extend(PROJECT);
        let cases: [(Vec<u8>, &str, FileKind); 11] = [
            (b"cut".to_vec(), "a.signet", FileKind::Project),
            (project, "a.bin", FileKind::Project),
            (
                zip(&["config.json", "model.weights.h5", "metadata.json"]),
                "a.zip",
                FileKind::Model,
            ),
            (zip(&["archive/data.pkl"]), "a.pt", FileKind::Model),
            (zip(&["3/a.jpg"]), "a.keras", FileKind::Samples),
            (course, "model.h5", FileKind::Samples),
            (network.finish().unwrap(), "train_signs.h5", FileKind::Model),
            (b"12345678{\"a\":1}".to_vec(), "x", FileKind::Model),
            (b"\x08\x08".to_vec(), "Net.ONNX", FileKind::Model),
            (b"cut".to_vec(), "a.tm", FileKind::Samples),
            (b"\xff\xd8\xff".to_vec(), "hand.jpg", FileKind::Other),
        ];
        for (file, name, kind) in cases {
            assert_eq!(kind_of(file, name), kind, "{name}");
        }
    }
}
