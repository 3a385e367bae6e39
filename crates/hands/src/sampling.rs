//! A hand drawn from a seed, until its raised fingers can be told.

use crate::anatomy::{Build, Skeleton};
use crate::dice::Dice;
use crate::flesh::part;
use crate::forms;
use crate::hand::{Hand, Handedness};
use crate::look::Look;
use crate::pose::{self, Form, HardNegative};
use crate::raster;
use crate::vector::distance_to_segment;
use crate::view::{Camera, View};
use glam::{Vec2, Vec3};

/// What to draw a hand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// So many fingers are up, 0 to 5; more count as 5.
    Sign(u8),
    /// A hand that shows none of the signs.
    HardNegative,
}

/// How often a pose whose fingers cannot be told is drawn anew, each time turned less.
const TRIES: u32 = 12;

/// The side of the picture on which visibility is judged.
const JUDGED: usize = 72;

impl Hand {
    /// A hand for this subject; the same seed gives the same hand.
    pub fn random(subject: Subject, seed: u64) -> Hand {
        let mut dice = Dice::new(seed);
        match subject {
            Subject::Sign(0) if dice.chance(0.5) => Hand::showing(&mut dice, Form::RoundO, None),
            Subject::Sign(label) => {
                let fingers = forms::draw(&mut dice, label, false);
                Hand::showing(&mut dice, Form::Fingers(fingers), None)
            }
            Subject::HardNegative => {
                let weights = pose::HARD_NEGATIVES.map(|(_, w)| w);
                let (kind, _) = pose::HARD_NEGATIVES[dice.weighted(&weights)];
                Hand::showing(&mut dice, Form::HardNegative(kind), None)
            }
        }
    }

    /// As [`Hand::random`], but exactly these fingers are up, thumb first.
    pub fn with_fingers(fingers: [bool; 5], seed: u64) -> Hand {
        Hand::showing(&mut Dice::new(seed), Form::Fingers(fingers), None)
    }

    pub(crate) fn showing(dice: &mut Dice, form: Form, back: Option<bool>) -> Hand {
        let build = Build::random(dice);
        let mut hand = Hand {
            form,
            handedness: if dice.chance(0.5) {
                Handedness::Left
            } else {
                Handedness::Right
            },
            build,
            pose: pose::round_o(dice, &build),
            view: View::random(dice, 0.0, 0.0),
            look: Look::random(dice, build.age),
        };
        let back = back.unwrap_or_else(|| dice.chance(0.3));
        for attempt in 0..TRIES {
            let calm = attempt as f32 / (TRIES - 1) as f32;
            hand.pose = match form {
                Form::Fingers(up) => pose::with_fingers(dice, &build, up),
                Form::RoundO => pose::round_o(dice, &build),
                Form::HardNegative(kind) => pose::hard_negative(dice, &build, kind),
            };
            hand.view = view(dice, form, back, calm);
            if hand.is_readable() {
                break;
            }
        }
        hand
    }

    /// Whether every raised finger is seen for most of its length, away from the others' tips.
    fn is_readable(&self) -> bool {
        let Form::Fingers(up) = self.form else {
            return true;
        };
        let skeleton = self.skeleton();
        let (camera, cones, field) = raster::raster(self, JUDGED);
        let mut seen = [0.0_f32; 5];
        for (p, c) in field.part.iter().zip(&field.cone) {
            if part::is_finger(*p) && cones[usize::from(*c)].bone > 0 {
                seen[usize::from(*p - part::THUMB)] += 1.0;
            }
        }
        let unit = camera.scale * JUDGED as f32;
        let mut tips: Vec<Vec2> = Vec::with_capacity(5);
        for (i, chain) in skeleton.chains.iter().enumerate().filter(|(i, _)| up[*i]) {
            let [_, a, b, c] = chain.joints;
            let area = 2.0 * chain.radii[2] * (a.distance(b) + b.distance(c));
            let tip = camera.project(c).point;
            let near = |other: &Vec2| other.distance(tip) <= 0.13 * camera.scale;
            if seen[i] < 0.6 * area * unit * unit || tips.iter().any(near) {
                return false;
            }
            tips.push(tip);
        }
        parted(up, &skeleton, &camera)
    }
}

/// Whether raised fingers end away from the folded ones, and a folded thumb near to the rest.
fn parted(up: [bool; 5], skeleton: &Skeleton, camera: &Camera) -> bool {
    let flat = |p: Vec3| camera.project(p).point.extend(0.0) / camera.scale;
    let gap = |tip: Vec3, finger: usize| {
        let chain = &skeleton.chains[finger];
        let root = (finger > 0).then(|| [skeleton.roots[finger - 1], chain.joints[0]]);
        let bones = chain.joints.windows(2).map(|pair| [pair[0], pair[1]]);
        let gaps = bones.chain(root).map(|bone| {
            let [a, b] = bone.map(flat);
            distance_to_segment(flat(tip), a, b)
        });
        gaps.fold(f32::MAX, f32::min)
    };
    (0..5).all(|finger| {
        let tip = skeleton.chains[finger].joints[3];
        let others = (0..5).filter(|other| *other != finger && (finger == 0 || !up[*other]));
        let nearest = others.map(|other| gap(tip, other)).fold(f32::MAX, f32::min);
        match (finger, up[finger]) {
            (0, true) => nearest >= 0.24,
            (0, false) => nearest <= 0.19,
            (_, raised) => !raised || nearest >= 0.22,
        }
    })
}

fn view(dice: &mut Dice, form: Form, back: bool, calm: f32) -> View {
    match form {
        Form::Fingers(up) => {
            let mut view = View::random(dice, if back { 180.0 } else { 0.0 }, calm);
            // A thumb alone is shown upright: the hand lies on its side.
            if up == [true, false, false, false, false] && dice.chance(0.7) {
                view.roll += if back { -50.0 } else { 50.0 };
            }
            view
        }
        Form::RoundO => {
            let yaw = -dice.range(66.0, 104.0);
            let mut view = View::random(dice, yaw, 0.7);
            // Some show it from before, with the ring as a hollow between the fingers.
            if dice.chance(0.15) {
                view.yaw = -dice.range(25.0, 60.0);
                view.pitch = dice.range(0.0, 30.0);
            }
            view
        }
        Form::HardNegative(kind) => {
            let mut view = View::random(dice, if back { 180.0 } else { 0.0 }, 0.0);
            match kind {
                HardNegative::SideFist => {
                    // From the thumb's side it would look like the rounded zero.
                    view.yaw = dice.range(72.0, 108.0);
                }
                HardNegative::PointsAtViewer => {
                    view.yaw = dice.bell(12.0);
                    view.pitch = dice.range(66.0, 88.0);
                }
                HardNegative::ArmOnly => {
                    // The hand leaves where its fingers point.
                    let up = Vec2::from_angle(view.roll.to_radians()).perp();
                    view.offset = up * dice.range(0.85, 1.2);
                }
                HardNegative::Relaxed => {
                    // Straight from the back it would look like four or five.
                    let side = if dice.chance(0.6) { -1.0 } else { 1.0 };
                    view.yaw = side * dice.range(15.0, 52.0) + if back { 180.0 } else { 0.0 };
                }
                HardNegative::HalfRaised => view.yaw = dice.bell(22.0),
                HardNegative::HoldsCup | HardNegative::HoldsPhone => view.fill *= 0.9,
                _ => {}
            }
            view
        }
    }
}

/// The number and a hand that shows it in a form the photos lack: other fingers than theirs, the
/// hand's back, a true fist.
pub fn other_form(seed: u64) -> (u8, Hand) {
    let mut dice = Dice::new(seed);
    let label = (dice.unit() * 6.0) as u8 % 6;
    let has_other = forms::FORMS
        .iter()
        .any(|f| f.label == label && !f.in_photos);
    let other = has_other && (label == 0 || dice.chance(0.6));
    let fingers = forms::draw(&mut dice, label, other);
    let back = if other { None } else { Some(true) };
    (
        label,
        Hand::showing(&mut dice, Form::Fingers(fingers), back),
    )
}
