//! A hand: what it shows, how it is held, built, dressed, turned and lit.

use crate::anatomy::{Build, Pose, Skeleton};
use crate::dice::Dice;
use crate::flesh::{cones, part};
use crate::forms;
use crate::look::Look;
use crate::pose::{self, Form, Miss};
use crate::raster::Field;
use crate::shade::{self, Rendering};
use crate::vector::{Vec3, v};
use crate::view::{Camera, View};

/// What to draw a hand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// So many fingers are up, 0 to 5; more count as 5.
    Sign(u8),
    /// A hand that shows no number.
    NearMiss,
}

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
            Subject::NearMiss => {
                let weights = pose::MISSES.map(|(_, w)| w);
                let (miss, _) = pose::MISSES[dice.weighted(&weights)];
                Hand::showing(&mut dice, Form::NearMiss(miss), None)
            }
        }
    }

    /// As [`Hand::random`], but exactly these fingers are up, thumb first.
    pub fn with_fingers(fingers: [bool; 5], seed: u64) -> Hand {
        Hand::showing(&mut Dice::new(seed), Form::Fingers(fingers), None)
    }

    /// Which fingers are up, thumb first; none for near-misses and for the rounded zero.
    pub fn fingers(&self) -> Option<[bool; 5]> {
        match self.form {
            Form::Fingers(fingers) => Some(fingers),
            Form::RoundO | Form::NearMiss(_) => None,
        }
    }

    /// The number it shows, if it shows one.
    pub fn label(&self) -> Option<u8> {
        match self.form {
            Form::Fingers(fingers) => Some(fingers.iter().filter(|up| **up).count() as u8),
            Form::RoundO => Some(0),
            Form::NearMiss(_) => None,
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

    /// Draws it in a square of `side` pixels.
    pub fn render(&self, side: usize) -> Rendering {
        shade::render(self, side)
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
                Form::NearMiss(miss) => pose::near_miss(dice, &build, miss),
            };
            hand.view = view(dice, form, back, calm);
            if hand.is_readable() {
                break;
            }
        }
        hand
    }

    pub(crate) fn skeleton(&self) -> Skeleton {
        Skeleton::new(&self.build, &self.pose)
    }

    pub(crate) fn field(&self, size: usize) -> (Camera, Vec<crate::flesh::Cone>, Field) {
        let skeleton = self.skeleton();
        let camera = Camera::new(&self.view, &skeleton);
        let cones = cones(self, &skeleton, &camera, size as f32);
        let field = Field::new(size, &cones);
        (camera, cones, field)
    }

    /// Whether every raised finger is seen for most of its length, away from the others' tips.
    fn is_readable(&self) -> bool {
        let Form::Fingers(up) = self.form else {
            return true;
        };
        let skeleton = self.skeleton();
        let (camera, cones, field) = self.field(JUDGED);
        let mut seen = [0.0_f32; 5];
        for (p, c) in field.part.iter().zip(&field.cone) {
            let outer = cones.get(usize::from(*c)).is_some_and(|c| c.bone > 0);
            if part::is_finger(*p) && outer {
                seen[usize::from(*p - part::THUMB)] += 1.0;
            }
        }
        let unit = camera.scale * JUDGED as f32;
        let mut tips: Vec<[f32; 2]> = Vec::with_capacity(5);
        for (i, chain) in skeleton.chains.iter().enumerate() {
            if !up[i] {
                continue;
            }
            let [_, a, b, c] = chain.joints;
            let area = 2.0 * chain.radii[2] * ((b - a).length() + (c - b).length());
            if seen[i] < 0.6 * area * unit * unit {
                return false;
            }
            let tip = camera.project(c);
            let apart = tips.iter().all(|t| {
                let (dx, dy) = (t[0] - tip.x, t[1] - tip.y);
                (dx * dx + dy * dy).sqrt() > 0.13 * camera.scale
            });
            if !apart {
                return false;
            }
            tips.push([tip.x, tip.y]);
        }
        self.parted(&skeleton, &camera)
    }

    /// Whether raised fingers end away from the folded ones, and a folded thumb near to the rest.
    fn parted(&self, skeleton: &Skeleton, camera: &Camera) -> bool {
        let Form::Fingers(up) = self.form else {
            return true;
        };
        let flat = |p: Vec3| {
            let q = camera.project(p);
            v(q.x, q.y, 0.0) * (1.0 / camera.scale)
        };
        let gap = |tip: Vec3, finger: usize| {
            let chain = &skeleton.chains[finger];
            let mut bones: Vec<[Vec3; 2]> = (0..3)
                .map(|i| [chain.joints[i], chain.joints[i + 1]])
                .collect();
            if finger > 0 {
                bones.push([skeleton.roots[finger - 1], chain.joints[0]]);
            }
            bones
                .iter()
                .map(|[a, b]| flat(tip).distance(flat(*a), flat(*b)))
                .fold(f32::MAX, f32::min)
        };
        for finger in 0..5 {
            let tip = skeleton.chains[finger].joints[3];
            let nearest = (0..5)
                .filter(|other| *other != finger && (finger == 0 || !up[*other]))
                .map(|other| gap(tip, other))
                .fold(f32::MAX, f32::min);
            let least = if finger == 0 { 0.24 } else { 0.22 };
            if up[finger] && nearest < least {
                return false;
            }
            if finger == 0 && !up[0] && nearest > 0.19 {
                return false;
            }
        }
        true
    }
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
        Form::NearMiss(miss) => {
            let mut view = View::random(dice, if back { 180.0 } else { 0.0 }, 0.0);
            match miss {
                Miss::SideFist => {
                    // From the thumb's side it would look like the rounded zero.
                    view.yaw = dice.range(72.0, 108.0);
                }
                Miss::PointsAtViewer => {
                    view.yaw = dice.bell(12.0);
                    view.pitch = dice.range(66.0, 88.0);
                }
                Miss::ArmOnly => {
                    // The hand leaves where its fingers point.
                    let (s, c) = view.roll.to_radians().sin_cos();
                    let far = dice.range(0.85, 1.2);
                    view.offset = [-s * far, c * far];
                }
                Miss::Relaxed => {
                    // Straight from the back it would look like four or five.
                    let side = if dice.chance(0.6) { -1.0 } else { 1.0 };
                    view.yaw = side * dice.range(15.0, 52.0) + if back { 180.0 } else { 0.0 };
                }
                Miss::HalfRaised => view.yaw = dice.bell(22.0),
                Miss::HoldsCup | Miss::HoldsPhone => view.fill *= 0.9,
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
