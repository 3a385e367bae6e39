//! A look inside the network: what its places compute, what a cut costs, and what speaks for an answer.
//!
//! 1. [`places`] lists the network in the order of computation: stem, blocks, pooled features.
//! 2. An [`Inspector`] answers as a [`Classifier`](crate::Classifier) does, on the CPU or on a GPU, with the blocks' branches or
//!    skips left out that [`Cut`]s name. It gives activation maps, the first layer's filters and the
//!    features.
//! 3. [`Evidence`] is the exact class activation map, made finer by shift-and-stitch;
//!    [`Inspector::occlusion`] measures what hiding a window changes. Both become a [`HeatMap`].
//! 4. [`Scores`] and [`single_cuts`] make the table of lesions, on the inputs of a [sprite](read_sprite), say.
//! 5. Explanations are tested: the pointing game ([`HeatMap::points_into`]), [`Inspector::deletion`] and
//!    [`Inspector::insertion`], and [`HeatMap::correlation`] with the map of a
//!    [network whose last stage is random](randomized_stage).
//!
//! Nothing here reads an input larger than 64x64: the network knows one scale.

mod answer;
mod blur;
mod cut;
mod deletion;
mod device;
mod evidence;
mod heat_map;
mod inspector;
mod occlusion;
mod place;
mod randomize;
mod score;
mod sprite;

pub use answer::Answer;
pub use blur::{CELL, CELLS};
pub use cut::{Cut, Part, random_branches, single_cuts};
pub use deletion::STEPS;
pub use evidence::{Evidence, TOLERANCE};
pub use heat_map::{HeatMap, POINTING_MARGIN};
pub use inspector::{Inspector, Maps, Target};
pub use occlusion::{STRIDE, WINDOW, WINDOWS};
pub use place::{Convolution, Place, PlaceKind, places};
pub use randomize::randomized_stage;
pub use score::Scores;
pub use sprite::read_sprite;
