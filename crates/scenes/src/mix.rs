//! Which pictures a training composes: how often which kind, and where the hand lies in it.

use crate::place::Placement;
use glam::{Vec2, vec2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use signet_recognizer::BoundingBox;
use std::str::FromStr;

/// How often each kind of picture comes, as weights that need not add up to anything.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mix {
    /// Photos as they are, with light changes only.
    pub photos: f32,
    /// Hands cut out of photos, in other surroundings.
    pub cutouts: f32,
    /// Procedural hands in such surroundings.
    pub hands: f32,
    /// Either kind of hand as a drawing.
    pub drawings: f32,
    /// Negatives: everything but a sign.
    #[serde(rename = "nothing")]
    pub negatives: f32,
}

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`Mix::photos`].
    Photo,
    /// See [`Mix::cutouts`].
    Cutout,
    /// See [`Mix::hands`].
    Hand,
    /// See [`Mix::drawings`].
    Drawing,
    /// See [`Mix::negatives`].
    Negative,
}

impl Default for Mix {
    fn default() -> Self {
        Self {
            photos: 0.16,
            cutouts: 0.34,
            hands: 0.26,
            drawings: 0.11,
            negatives: 0.13,
        }
    }
}

/// Five numbers with commas between them, in the order of the fields: `0.16,0.34,0.26,0.11,0.13`.
impl FromStr for Mix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shares = text.split(',').map(|share| share.trim().parse());
        let shares: Option<[f32; 5]> = shares
            .collect::<Result<Vec<f32>, _>>()
            .ok()
            .and_then(|shares| shares.try_into().ok());
        let Some(shares) = shares else {
            return Err("five numbers are wanted, with commas between them".into());
        };
        let all: f32 = shares.iter().sum();
        if !(shares.iter().all(|&share| share >= 0.0) && all > 0.0 && all.is_finite()) {
            return Err("shares are at least 0, and some are more".into());
        }
        let [photos, cutouts, hands, drawings, negatives] = shares;
        Ok(Self {
            photos,
            cutouts,
            hands,
            drawings,
            negatives,
        })
    }
}

impl Mix {
    /// Draws a kind.
    pub(crate) fn draw(&self, rng: &mut ChaCha8Rng) -> Kind {
        let kinds = [
            (Kind::Photo, self.photos),
            (Kind::Cutout, self.cutouts),
            (Kind::Hand, self.hands),
            (Kind::Drawing, self.drawings),
            (Kind::Negative, self.negatives),
        ];
        let total: f32 = kinds.iter().map(|(_, weight)| weight).sum();
        let mut left = rng.random::<f32>() * total;
        for (kind, weight) in kinds {
            left -= weight;
            if left < 0.0 {
                return kind;
            }
        }
        Kind::Cutout
    }
}

/// How far a hand is moved, as ranges to draw from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Side of the hand's frame as a share of the canvas' short side, from and to; drawn evenly on
    /// a logarithmic scale.
    pub side: [f32; 2],
    /// Farthest distance of the frame's centre from the canvas' centre, as a share of its sides.
    pub shift: f32,
    /// Largest rotation either way, in degrees.
    pub rotation: f32,
    /// How probable it is that the hand is mirrored.
    pub mirrored: f64,
    /// Largest keystone and shear.
    pub tilt: f32,
}

impl Spread {
    /// The hand framed as the classifier likes it, or nearly so.
    pub const FRAMED: Self = Self {
        side: [0.5, 1.3],
        shift: 0.16,
        rotation: 40.0,
        mirrored: 0.5,
        tilt: 0.16,
    };

    /// The hand small, large or at the border: what a search meets.
    pub const ANYWHERE: Self = Self {
        side: [0.28, 1.7],
        shift: 0.45,
        ..Self::FRAMED
    };

    /// Draws a placement on a canvas of that size.
    pub fn draw(&self, width: usize, height: usize, rng: &mut ChaCha8Rng) -> Placement {
        let mut within = |most: f32| (rng.random::<f32>() * 2.0 - 1.0) * most;
        let [least, most] = self.side.map(f32::ln);
        let middle = (least + most) / 2.0;
        let share = (middle + within((most - least) / 2.0)).exp();
        let size = vec2(width as f32, height as f32);
        let centre = size * vec2(0.5 + within(self.shift), 0.5 + within(self.shift));
        // Two draws make small angles more frequent than large ones, as people hold their hands.
        let mut rotation = (within(self.rotation) + within(self.rotation)) * 0.5;
        if within(1.0).abs() < 0.3 {
            rotation = within(self.rotation);
        }
        Placement {
            centre,
            side: share * size.min_element(),
            rotation: rotation.to_radians(),
            perspective: vec2(within(self.tilt), within(self.tilt)),
            shear: within(self.tilt),
            mirror: rng.random_bool(self.mirrored),
        }
    }
}

/// The placement as the detector is to predict it, for a square canvas.
pub fn bounding_box(placement: &Placement, side: usize) -> BoundingBox {
    let unit = side as f32;
    BoundingBox {
        x: placement.centre.x / unit,
        y: placement.centre.y / unit,
        side: placement.side / unit,
    }
}

/// Share of the hand's frame, less a border of a tenth, that lies on a square canvas.
pub fn visible(placement: &Placement, side: usize) -> f32 {
    let half = placement.side * 0.4;
    let from = (placement.centre - half).max(Vec2::ZERO);
    let to = (placement.centre + half).min(Vec2::splat(side as f32));
    ((to - from).max(Vec2::ZERO) / (2.0 * half)).element_product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_is_read_from_five_shares_and_nothing_else() {
        let mix = Mix {
            photos: 1.0,
            cutouts: 0.0,
            hands: 0.5,
            drawings: 0.25,
            negatives: 2.0,
        };
        assert_eq!("1, 0,0.5,0.25,2".parse(), Ok(mix));
        for wrong in [
            "",
            "1,2,3,4",
            "1,2,3,4,5,6",
            "1,2,3,4,x",
            "1,1,1,1,-1",
            "0,0,0,0,0",
            "1,1,1,1,nan",
            "1,1,1,1,inf",
        ] {
            assert!(wrong.parse::<Mix>().is_err(), "{wrong}");
        }
    }
}
