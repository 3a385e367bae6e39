//! Training pictures and test suites, composed of hands and everything around them.
//!
//! 1. [`cut_out`] makes a [`Layer`] of a photo before a plain bright background; other layers come
//!    from a [`HandSource`], such as [`procedural_hands`].
//! 2. A scene paints surroundings, lays the layer at a [`Placement`], and lets a light fall on it
//!    and a camera take it; a drawing is drawn with pens on paper instead. [`without_sign`] composes
//!    the negatives.
//! 3. A [`Composer`] does that for every picture of a training, as a
//!    [`TrainingSet`](signet_core::TrainingSet) of which a [`Mix`] says how often which kind comes.
//!    [`RealPhotos`] add crops of photos in which hands have boxes.
//! 4. A [`Suite`] composes test pictures of [`Hands`] that no training saw, each kind hard in one
//!    way. [`Placed`] pictures have hands whose place is known.
//!
//! Everything is a function of the random numbers handed in: the same seed paints the same picture.

mod arm;
mod background;
mod blur;
mod camera;
mod canvas;
mod complexion;
mod composer;
mod cutout;
mod distractor;
mod drawing;
#[cfg(test)]
mod effects;
mod field;
mod hand;
mod homography;
mod layer;
mod light;
mod mix;
mod negatives;
mod noise;
mod occlude;
mod palette;
mod photos;
mod place;
mod placed;
mod procedural;
mod scene;
mod shapes;
mod suite;
mod texture;

pub use background::{paint as paint_background, paint_wall};
pub use canvas::Canvas;
pub use complexion::Tone;
pub use composer::Composer;
pub use cutout::cut_out;
pub use hand::{Hand, HandSource};
pub use layer::Layer;
pub use mix::Mix;
pub use negatives::without_sign;
pub use photos::{Framing, PhotoSource, RealPhoto, RealPhotos};
pub use place::{Placement, place};
pub use placed::Placed;
pub use procedural::{composable, procedural_hands};
pub use suite::{Case, Hands, SUITES, Suite, dataset};
