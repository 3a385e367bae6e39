//! What is known of the sources of real photos that the shipped model was trained on.

/// The people of a source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct People {
    /// About how many there are, or rooms that make as much of a difference; less where the labels
    /// are arguable.
    pub count: f32,
    /// Whether nobody of the source is trained on; none where every photo's file name is a person's.
    pub held_out: Option<bool>,
    /// Whether photos without a box are framed: crops, or photos with the hand in their center.
    pub framed: bool,
}

/// Sources in which a person has many photos are in one part as a whole; those that show the same
/// people are in the same part.
const SOURCES: [(&str, f32, Option<bool>, bool); 15] = [
    ("ambrosini", 2.0, Some(true), true),
    ("asl-lee", 1.0, Some(false), false),
    ("bestofone", 1.0, Some(false), true),
    ("emre-crop", 2.0, Some(false), true),
    ("hagrid", 240.0, None, false),
    ("hagrid-extra", 4.0, None, false),
    ("handcricket", 2.0, Some(false), false),
    ("lebanon", 15.0, Some(false), false),
    ("lionel", 3.0, Some(true), false),
    ("lionel-wide", 3.0, Some(true), false),
    ("mehdi-crop", 1.0, Some(true), true),
    ("rps-laya", 5.0, Some(false), false),
    ("snapi", 6.0, Some(true), false),
    ("subhi", 4.0, Some(false), false),
    ("subhi-crop", 4.0, Some(false), true),
];

/// Sources and beginnings of file names of poses that people count otherwise: a thumb held up is a
/// one to some and a fist to others.
const ARGUABLE: [(&str, &str); 1] = [("hagrid-extra", "like_")];

/// Whether a photo is neither trained on nor scored.
pub fn is_arguable(source: &str, file: &str) -> bool {
    let mut arguable = ARGUABLE.iter();
    arguable.any(|(own, start)| *own == source && file.starts_with(start))
}

/// What is known of a source. One that isn't known is a person to train on.
pub fn people(source: &str) -> People {
    let known = SOURCES.iter().find(|(name, ..)| *name == source);
    let &(_, count, held_out, framed) = known.unwrap_or(&("", 1.0, Some(false), true));
    People {
        count,
        held_out,
        framed,
    }
}
