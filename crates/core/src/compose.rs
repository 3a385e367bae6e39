//! Pictures for training and for tests, composed of hands and everything around them.
//!
//! 1. [`cut_out`] makes a [`Layer`] of a photo before a plain bright background; other layers come
//!    from a [`HandSource`].
//! 2. A [`Scene`] paints surroundings, lays the layer at a [`Placement`], and lets a [`Light`] fall
//!    on it and a [`Camera`] take it; a [`Drawing`] draws it instead.
//! 3. A [`Composer`] does that for every picture of a training, as a
//!    [`TrainingSet`](crate::TrainingSet).
//!
//! Everything is a function of the random numbers handed in: the same seed paints the same picture.

mod arm;
pub mod background;
mod camera;
mod canvas;
mod complexion;
mod composer;
mod cutout;
pub mod distractor;
mod drawn;
mod field;
mod furnishing;
mod furniture;
mod hand;
mod layer;
mod light;
mod mix;
mod noise;
mod nothing;
mod object;
mod occlude;
mod palette;
mod paper;
mod pen;
mod person;
mod place;
mod plane;
mod room;
mod scatter;
mod scene;
mod shapes;
mod surface;
mod texture;
mod tone;

pub use camera::Camera;
pub use canvas::Canvas;
pub use composer::{CANVAS, Composer};
pub use cutout::cut_out;
pub use drawn::{Drawing, Wrist};
pub use hand::{Hand, HandSource};
pub use layer::Layer;
pub use light::Light;
pub use mix::{Kind, Mix, Spread};
pub use nothing::without_sign;
pub use paper::Paper;
pub use pen::{Pen, strokes};
pub use place::{Placement, Shadow, Tone, place};
pub use scene::Scene;
