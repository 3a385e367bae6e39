//! Hands that show the numbers 0 to 5, drawn from a seed: no data, no model files.
//!
//! A [`Hand`] is what it shows ([`Form`]), how it is held ([`Pose`]), built ([`Build`]), dressed
//! and lit ([`Look`]), and turned and framed ([`View`]). [`Hand::random`] draws all of that from a
//! seed; [`Hand::render`] makes a picture of it, with an alpha channel and the lines that somebody
//! would draw; [`Hand::stick_figure`] is the hand as quickly drawn strokes.
//!
//! | room | what belongs there |
//! |---|---|
//! | `anatomy` | the skeleton: build, bone lengths, joint limits |
//! | `forms` | which fingers people put up for a number |
//! | `pose` | how raised and folded fingers and the thumb are held |
//! | `look` | skin, nails, clothes, jewellery, light |
//! | `view` | how the hand is turned and where it lies in the picture |
//! | `hand` | a hand as a whole |
//! | `flesh` | the round cones about the bones |
//! | `raster` | the height field of the cones |
//! | `sampling` | a hand drawn from a seed until its fingers can be told |
//! | `shade` | the picture of a height field |
//! | `skin` | the colour of each place of the hand |
//! | `sketch` | lines and stick figures |
//! | `vector`, `dice` | what glam and rand leave to be said |
//!
//! ```
//! use signet_hands::{Hand, Subject};
//!
//! let hand = Hand::random(Subject::Sign(3), 7);
//! assert_eq!(hand.label(), Some(3));
//! assert_eq!(hand.render(64).rgba.len(), 64 * 64 * 4);
//! ```

mod anatomy;
mod dice;
mod flesh;
mod forms;
mod hand;
mod look;
mod pose;
mod raster;
mod sampling;
mod shade;
mod sketch;
mod skin;
mod vector;
mod view;

pub use anatomy::{Build, FingerPose, Pose, ThumbPose};
pub use forms::{FORMS, FingerForm};
pub use hand::{Facing, Hand, Handedness};
pub use look::{Band, Colour, Light, Look, Sleeve};
pub use pose::{Form, HardNegative};
pub use sampling::{Subject, other_form};
pub use shade::Rendering;
pub use view::View;
