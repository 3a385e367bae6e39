//! Localization: finding the hand in a picture where it may be anywhere.
//!
//! The network's detector gives for every crop the probability of a sign and the hand's bounding
//! box. [`Classifier::localize`] searches a still picture from coarse to fine: the center crop and
//! those beside it, then the bounding box of the best of them, then smaller crops, and where all are faint still
//! smaller ones; a stage only where the one before shows no clear hand. It answers with the mean over the best
//! crop, its bounding box and their mirror images, against a stricter threshold than a crop that nobody had to
//! search for. Of two hands it answers for the larger.
//! [`Classifier::track`] takes the bounding box of a video's last frame as the crop of this frame,
//! which costs nothing beyond the classification. Only while there is no sign it classifies a few
//! crops of the search in each frame.

mod detection;
mod search;
mod second_hand;
mod track;
mod windows;

pub use detection::{Detection, SMALLEST_CROP};
pub use search::search_classifications;
pub use track::{TRACK_CLASSIFICATIONS, Track};
