//! Labelled pictures from HDF5 files: the `train_signs.h5` and `test_signs.h5` of the course, and others
//! whose datasets have one meaning.

mod file;
mod names;
mod pixels;
mod refusal;
mod truths;

use crate::error::Result;
use file::{Open, texts, whole_numbers};
use names::{Role, role};
use pixels::Layout;
use refusal::{refuse, wrong};
use signet_recognizer::{Picture, labels};
use truths::Class;

pub use names::Set;

const LAYOUT: &str = "such a file holds pictures in train_set_x or test_set_x (uint8, \
                      [n, height, width, 3]), their labels in train_set_y or test_set_y (whole \
                      numbers, [n]) and, unless these are 0 to 5, the labels there are in \
                      list_classes";

/// Names of datasets that are listed where none is the one that is needed.
const LISTED: usize = 8;

/// What pictures are read for: it chooses the set of a file with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be learned from.
    Training,
    /// To be scored on while training.
    Validation,
    /// To be measured on.
    Evaluation,
}

impl Purpose {
    /// The sets in the order in which they are preferred.
    fn sets(self) -> [Set; 4] {
        use Set::{Only, Test, Training, Validation};
        match self {
            Self::Training => [Training, Only, Validation, Test],
            Self::Validation => [Validation, Test, Only, Training],
            Self::Evaluation => [Test, Validation, Only, Training],
        }
    }
}

/// Whether the bytes are an HDF5 file.
pub fn is_hdf5(file: &[u8]) -> bool {
    hdf5_pure::is_hdf5_bytes(file)
}

/// An HDF5 file with labelled pictures.
pub struct DataSets {
    file: Open,
}

/// The pictures of a set of a file with their labels.
pub struct DataSet {
    /// The path of the dataset that holds the pictures.
    pub pictures: String,
    /// The path of the dataset that holds the labels.
    pub labels: String,
    /// The name of the label of each picture.
    pub names: Vec<String>,
    layout: Layout,
    values: Vec<u8>,
}

impl DataSet {
    /// A picture by its place.
    ///
    /// # Errors
    ///
    /// Those of [`Picture::from_rgb`].
    pub fn picture(&self, index: usize) -> Result<Picture> {
        self.layout.picture(&self.values, index)
    }
}

impl DataSets {
    /// Opens a file, which is called `name` in what is said of it. Unlike a folder, where a stray file is no wonder, one
    /// that is wrong anywhere is refused as a whole.
    ///
    /// # Errors
    ///
    /// [`Error::DataSet`](crate::Error::DataSet).
    pub fn open(file: Vec<u8>, name: &str) -> Result<Self> {
        Ok(Self {
            file: Open::new(file, name)?,
        })
    }

    /// Whether there is a dataset of pictures: a model's file has none.
    pub fn has_pictures(&self) -> bool {
        let mut roles = self.file.names.iter().filter_map(|name| role(name));
        roles.any(|role| matches!(role, Role::Pictures(_)))
    }

    /// The labels that the file speaks of.
    ///
    /// # Errors
    ///
    /// [`Error::DataSet`](crate::Error::DataSet).
    pub fn labels(&self) -> Result<Vec<String>> {
        let file = &self.file;
        if find(file, Role::Classes)?.is_none() {
            let mut found = Vec::new();
            for name in &file.names {
                if let Some(Role::Labels(_)) = role(name) {
                    found.extend(
                        file.with(name, |dataset, _| texts(dataset))?
                            .into_iter()
                            .flatten(),
                    );
                }
            }
            if !found.is_empty() {
                return Ok(found.iter().map(|name| labels::composed(name)).collect());
            }
        }
        let classes = classes(file)?.into_iter();
        Ok(classes.map(|(_, label)| label).collect())
    }

    /// The sets that have pictures, with the paths of these, those that `purpose` prefers first.
    ///
    /// # Errors
    ///
    /// [`Error::DataSet`](crate::Error::DataSet), also where there is none.
    pub fn sets(&self, purpose: Purpose) -> Result<Vec<(Set, String)>> {
        let mut found = Vec::new();
        for set in purpose.sets() {
            let pictures = find(&self.file, Role::Pictures(set))?;
            found.extend(pictures.map(|pictures| (set, pictures.to_owned())));
        }
        if found.is_empty() {
            let names = self.file.names.iter().take(LISTED);
            let listed: Vec<&str> = names.map(String::as_str).collect();
            let listed = match listed.as_slice() {
                [] => "no dataset at all".into(),
                names => format!("only {}", names.join(", ")),
            };
            refuse!("{} has {listed}; {LAYOUT}", self.file.name);
        }
        Ok(found)
    }

    /// Reads the pictures of a set, in its order. `check` is asked about the labels' names before the pictures are read;
    /// what it returns is wrong with the dataset of the labels.
    ///
    /// # Errors
    ///
    /// [`Error::DataSet`](crate::Error::DataSet).
    pub fn read(
        &self,
        (set, pictures): &(Set, String),
        check: impl FnOnce(&[String]) -> std::result::Result<(), String>,
    ) -> Result<DataSet> {
        let file = &self.file;
        let classes = classes(file)?;
        let layout = file.with(pictures, Layout::of)?;
        let Some(labels) = find(file, Role::Labels(*set))? else {
            let expected = pictures.strip_suffix('x').map(|start| format!("{start}y"));
            refuse!(
                "{} lacks {}, the labels of {pictures}: it is not there; {LAYOUT}",
                file.name,
                expected.as_deref().unwrap_or("a dataset `labels`")
            );
        };
        let names = file.with(labels, |dataset, shape| {
            let names =
                truths::names(dataset, shape, layout.count(), &classes, [pictures, labels])?;
            check(&names).map_err(wrong)?;
            Ok(names)
        })?;
        if names.is_empty() {
            refuse!("{} has no picture in its datasets", file.name);
        }
        let values = file.with(pictures, |dataset, _| pixels::bytes(dataset))?;
        Ok(DataSet {
            pictures: pictures.clone(),
            labels: labels.to_owned(),
            names,
            layout,
            values,
        })
    }
}

/// The dataset of a role.
fn find(file: &Open, wanted: Role) -> Result<Option<&str>> {
    let mut found = file.names.iter().filter(|name| role(name) == Some(wanted));
    let first = found.next();
    if let (Some(first), Some(second)) = (first, found.next()) {
        refuse!(
            "{} has {first} and {second}, and either may be meant; leave one of them there",
            file.name
        );
    }
    Ok(first.map(String::as_str))
}

/// What the numbers of the labels stand for: as in the course's code, `list_classes[y]`. Where the classes
/// are numbers themselves they stand for themselves, which is the same for 0 to 5 and the only thing that
/// can be meant by 1 to 6.
fn classes(file: &Open) -> Result<Vec<Class>> {
    let Some(name) = find(file, Role::Classes)? else {
        return Ok((0..).zip(labels::digits()).collect());
    };
    file.with(name, |dataset, _| {
        if let Some(names) = texts(dataset)? {
            let names = names.iter().map(|name| labels::composed(name));
            return Ok((0..).zip(names).collect());
        }
        let numbers = whole_numbers(dataset)?.into_iter();
        Ok(numbers.map(|number| (number, number.to_string())).collect())
    })
}

#[cfg(test)]
mod tests;
