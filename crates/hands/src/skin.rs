//! The colour of each place of a hand: skin, folds, nails, cloth and what is held.

use crate::dice::Dice;
use crate::flesh::{Cone, part};
use crate::hand::Hand;
use crate::look::{Colour, Skin};
use crate::vector::{distance_to_segment, smoothstep};
use glam::{FloatExt, Vec2, Vec3, vec2, vec3};

/// The three main folds of a palm and the one at the wrist, in the hand's own axes.
const PALM_FOLDS: [&[(f32, f32)]; 4] = [
    &[
        (-0.39, 0.70),
        (-0.2, 0.71),
        (-0.02, 0.75),
        (0.12, 0.83),
        (0.17, 0.9),
    ],
    &[(0.40, 0.70), (0.2, 0.655), (0.0, 0.58), (-0.22, 0.46)],
    &[
        (0.40, 0.69),
        (0.24, 0.6),
        (0.12, 0.46),
        (0.05, 0.3),
        (0.05, 0.13),
    ],
    &[(-0.22, 0.0), (0.0, -0.02), (0.2, 0.0)],
];

/// One place of the surface.
pub(crate) struct Place<'a> {
    pub cone: &'a Cone,
    /// How far along the cone, 0 to 1.
    pub t: f32,
    /// Distance along the bone from its start, in units of the hand.
    pub along: f32,
    /// The bone's length, in units of the hand.
    pub length: f32,
    /// Right, up, towards the viewer.
    pub normal: Vec3,
    /// In the hand's own axes.
    pub local: Vec3,
}

/// What a place looks like.
pub(crate) struct Surface {
    pub colour: Colour,
    pub gloss: f32,
    /// How much somebody who draws would put a line here.
    pub line: f32,
}

/// Colours the places of one hand.
pub(crate) struct Painter<'a> {
    hand: &'a Hand,
    skin: Skin,
    noise: Vec<f32>,
    object: Colour,
    /// Breadth of a fold: never thinner than a pixel.
    fold: f32,
}

const NOISE: usize = 32;

impl<'a> Painter<'a> {
    /// `unit` is how many pixels a unit of the hand takes.
    pub fn new(hand: &'a Hand, unit: f32) -> Painter<'a> {
        let mut dice = Dice::new(hand.look.texture);
        let noise = (0..NOISE * NOISE).map(|_| dice.range(-1.0, 1.0)).collect();
        Painter {
            hand,
            skin: Skin::new(&hand.look),
            noise,
            object: Vec3::ONE.map(|_| 0.1 + 0.8 * dice.unit()),
            fold: (0.75 / unit).max(0.011),
        }
    }

    pub fn paint(&self, place: &Place) -> Surface {
        let look = &self.hand.look;
        let (colour, gloss) = match place.cone.part {
            part::SLEEVE => {
                let striped = (place.along * 7.0).rem_euclid(1.0) < 0.4;
                let colour = look
                    .sleeve
                    .map(|s| s.stripes.filter(|_| striped).unwrap_or(s.colour));
                (colour, 0.0)
            }
            part::BAND => (look.bracelet.map(|band| band.colour), 0.2),
            part::WATCH => (Some(vec3(0.13, 0.13, 0.15)), 0.5),
            part::RING => (look.ring.map(|(_, metal)| metal), 0.8),
            part::OBJECT => (Some(self.object), 0.3),
            _ => return self.skin(place),
        };
        Surface {
            colour: colour.unwrap_or_default(),
            gloss,
            line: 0.0,
        }
    }

    fn skin(&self, place: &Place) -> Surface {
        let look = &self.hand.look;
        let pad = place.normal.dot(place.cone.pad);
        let inner = smoothstep(-0.3, 0.3, pad);
        let mut colour = self.skin.back.lerp(self.skin.palm, inner);
        let mottle = self.noise(place.local.x * 5.0, place.local.y * 5.0) * 0.6
            + self.noise(place.local.x * 14.0 + 9.0, place.local.y * 14.0) * 0.4;
        let mut flush = 0.12 + 0.12 * mottle;
        let mut crease = 0.0_f32;
        let mut line = 0.0_f32;
        if part::is_finger(place.cone.part) {
            crease = self.finger_folds(place, pad);
            let tip = if place.cone.bone == 2 { place.t } else { 0.0 };
            let joint = 1.0 - smoothstep(0.02, 0.1, place.along.abs());
            flush += 0.45 * tip * inner + 0.3 * joint * (1.0 - inner) + 0.1;
            if place.cone.bone == 2
                && let Some(nail) = self.nail(place, pad)
            {
                return nail;
            }
        } else if place.cone.part == part::PALM {
            let (fold, main) = self.palm_folds(place, inner);
            crease = fold;
            line = main;
            let p = place.local;
            let hollow = (-(p.x.powi(2) + (p.y - 0.5).powi(2)) * 9.0).exp();
            flush += inner * (0.3 - 0.35 * hollow);
            let knuckles = smoothstep(0.75, 0.95, p.y) * (1.0 - inner);
            flush += 0.35 * knuckles;
        }
        colour = colour.lerp(self.skin.flush, (flush * look.flush).clamp(0.0, 0.6));
        colour *= 1.0 + 0.05 * mottle;
        let crease = (crease * (0.25 + 0.6 * look.creases)).min(0.8);
        Surface {
            colour: colour.lerp(self.skin.crease, crease),
            gloss: 0.1,
            line,
        }
    }

    fn bump(&self, distance: f32, breadth: f32) -> f32 {
        let x = distance / (self.fold * breadth);
        (1.0 - x * x * 0.25).max(0.0).powi(2)
    }

    fn finger_folds(&self, place: &Place, pad: f32) -> f32 {
        let thumb = place.cone.part == part::THUMB;
        let s = place.along;
        if pad > 0.15 {
            let on = smoothstep(0.15, 0.4, pad);
            return on
                * match place.cone.bone {
                    0 => self.bump(s - 0.2, 1.0) * 0.8,
                    1 if thumb => self.bump(s - 0.03, 1.2) * 0.7,
                    1 => self
                        .bump(s + 0.005, 1.1)
                        .max(self.bump(s - 0.035, 0.8) * 0.6),
                    _ => self.bump(s + 0.005, 1.0) * 0.85,
                };
        }
        if pad < -0.35 && place.cone.bone > 0 {
            let strength = if place.cone.bone == 1 { 0.5 } else { 0.35 };
            let wrinkles = self
                .bump(s, 0.8)
                .max(self.bump(s - 0.035, 0.8) * 0.7)
                .max(self.bump(s + 0.03, 0.8) * 0.7);
            return wrinkles * strength * smoothstep(0.35, 0.7, -pad);
        }
        0.0
    }

    fn palm_folds(&self, place: &Place, inner: f32) -> (f32, f32) {
        if inner < 0.3 {
            return (0.0, 0.0);
        }
        let b = &self.hand.build;
        let p = place.local.truncate() / vec2(b.palm_width, b.palm_length);
        let flat = |p: (f32, f32)| Vec2::from(p).extend(0.0);
        let pairs = PALM_FOLDS.iter().flat_map(|fold| fold.windows(2));
        let away =
            pairs.map(|ends| distance_to_segment(p.extend(0.0), flat(ends[0]), flat(ends[1])));
        let strength = self.bump(away.fold(f32::MAX, f32::min), 1.1) * smoothstep(0.3, 0.9, inner);
        (strength * 0.85, if strength > 0.45 { 0.5 } else { 0.0 })
    }

    fn nail(&self, place: &Place, pad: f32) -> Option<Surface> {
        // The ball at a joint carries no nail.
        if pad > -0.1 || place.length < 0.02 {
            return None;
        }
        let lateral = place.cone.along.cross(place.cone.pad);
        let across = place.normal.dot(lateral) / 0.8;
        let radius = place.cone.rb / place.cone.ra.max(1e-3) * 0.07;
        let length = place.length + radius;
        let half = if place.cone.part == part::THUMB {
            0.085
        } else {
            0.072
        };
        let down = (place.along - (length - half * 0.85)) / half;
        let edge = across.powi(4) + down.powi(4);
        if edge > 1.0 {
            return None;
        }
        let mut colour = self.hand.look.varnish.unwrap_or(self.skin.nail);
        let bare = self.hand.look.varnish.is_none();
        if bare && down > 0.62 {
            colour = colour.lerp(vec3(0.95, 0.91, 0.86), 0.5);
        }
        let rim = smoothstep(0.45, 1.0, edge);
        if bare {
            colour = colour.lerp(self.skin.crease, 0.45 * rim);
        }
        Some(Surface {
            colour,
            gloss: 0.45,
            line: if rim > 0.25 { 0.75 } else { 0.0 },
        })
    }

    fn noise(&self, x: f32, y: f32) -> f32 {
        let (column, row) = (x.floor(), y.floor());
        let at = |right: i32, down: i32| {
            let [i, j] = [column as i32 + right, row as i32 + down]
                .map(|at| at.rem_euclid(NOISE as i32) as usize);
            self.noise[j * NOISE + i]
        };
        let top = at(0, 0).lerp(at(1, 0), x - column);
        let bottom = at(0, 1).lerp(at(1, 1), x - column);
        top.lerp(bottom, y - row)
    }
}
