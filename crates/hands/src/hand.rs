//! A hand: what it shows, how it is held, built, dressed, turned and lit.

use crate::anatomy::{Build, Pose, Skeleton};
use crate::look::Look;
use crate::pose::Form;
use crate::view::View;

/// Which hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handedness {
    /// A left hand.
    Left,
    /// A right hand.
    Right,
}

/// Which side of the hand is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facing {
    /// The palm.
    Palm,
    /// The back of the hand.
    Back,
    /// The side of the thumb or of the little finger.
    Side,
}

/// A hand, ready to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hand {
    /// What it shows.
    pub form: Form,
    /// Which hand it is; the other one's picture is the mirror image.
    pub handedness: Handedness,
    /// How it is built.
    pub build: Build,
    /// How it is held.
    pub pose: Pose,
    /// How it is turned and framed.
    pub view: View,
    /// Skin, dress and light.
    pub look: Look,
}

impl Hand {
    /// Which fingers are up, thumb first; none for hard negatives and for the rounded zero.
    pub fn fingers(&self) -> Option<[bool; 5]> {
        match self.form {
            Form::Fingers(fingers) => Some(fingers),
            Form::RoundO | Form::HardNegative(_) => None,
        }
    }

    /// The number it shows, if it shows one.
    pub fn label(&self) -> Option<u8> {
        match self.form {
            Form::Fingers(fingers) => Some(fingers.iter().filter(|up| **up).count() as u8),
            Form::RoundO => Some(0),
            Form::HardNegative(_) => None,
        }
    }

    /// Which side of the hand is seen.
    pub fn facing(&self) -> Facing {
        let towards = self.view.yaw.to_radians().cos() * self.view.pitch.to_radians().cos();
        if towards > 0.4 {
            Facing::Palm
        } else if towards < -0.4 {
            Facing::Back
        } else {
            Facing::Side
        }
    }

    pub(crate) fn skeleton(&self) -> Skeleton {
        Skeleton::new(&self.build, &self.pose)
    }
}
