//! Test suites: pictures made of validation hands, each kind hard in one way.
//!
//! A suite is a function of the hands: its seeds are fixed, and none of them is ever a training's.

use crate::camera::Camera;
use crate::canvas::{CANVAS, Canvas};
use crate::drawing::Drawing;
use crate::hand::Hand;
use crate::light::Light;
use crate::mix::Spread;
use crate::negatives::without_sign;
use crate::palette::Rgb;
use crate::place::Placement;
use crate::procedural::{composable, procedural_hands};
use crate::scene::Scene;
use glam::{Vec2, vec2};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use signet_core::{Dataset, Sample};
use signet_recognizer::{Error, INPUT_SIDE, Picture, Result};
use std::f32::consts::PI;
use std::fmt;

/// Where the suites' randomness comes from. Trainings count their seeds up from 0.
pub(crate) const SEED: u64 = 0x5169_6e65_7400;

/// Width and height of a webcam's frame, in pixels.
const FRAME: (usize, usize) = (640, 480);

/// Pictures of the suites that need no photo.
const WITHOUT_PHOTOS: usize = 300;

/// One kind of difficulty; [`SUITES`] says what each is.
#[expect(missing_docs, reason = "SUITES has a line about each")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suite {
    Clean,
    Clutter,
    Dark,
    Rotated,
    Mirrored,
    Small,
    Blurred,
    DrawnOutline,
    DrawnFilled,
    OtherFingers,
    Anywhere,
    NoSign,
    DimFrames,
}

/// Every suite with its name and a line about it, in the order of the enum: a suite's place is
/// part of its seed.
pub const SUITES: [(Suite, &str, &str); 13] = [
    (Suite::Clean, "clean", "The photos as they are"),
    (
        Suite::Clutter,
        "clutter",
        "Hands before rooms, patterns, things and people",
    ),
    (
        Suite::Dark,
        "dark",
        "The same in rooms with too little light, as a webcam sees them",
    ),
    (
        Suite::Rotated,
        "rotated",
        "Hands turned by 20 to 40 degrees",
    ),
    (
        Suite::Mirrored,
        "mirrored",
        "Hands mirrored: left ones for right ones",
    ),
    (
        Suite::Small,
        "small",
        "Hands of 0.35 to 0.6 of the picture's side",
    ),
    (Suite::Blurred, "blurred", "Out of focus or moved"),
    (
        Suite::DrawnOutline,
        "drawn-outline",
        "Outlines drawn with pens",
    ),
    (
        Suite::DrawnFilled,
        "drawn-filled",
        "Filled silhouettes and cartoons",
    ),
    (
        Suite::OtherFingers,
        "other-fingers",
        "Procedural hands in forms that the photos lack: other fingers, backs of hands, fists",
    ),
    (
        Suite::Anywhere,
        "anywhere",
        "Hands anywhere in a frame of 640x480, at 0.3 to 1 of its height: for localisation",
    ),
    (Suite::NoSign, "no-sign", "Everything but a sign"),
    (
        Suite::DimFrames,
        "dim-frames",
        "Procedural hands, half of them in forms that the photos lack, anywhere in a frame of a dim room",
    ),
];

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(SUITES[*self as usize].1)
    }
}

/// A picture of a suite.
pub struct Case {
    /// The picture.
    pub picture: Picture,
    /// The index of its label; none for no sign.
    pub truth: Option<usize>,
    /// By what else the case is reported.
    pub groups: Vec<&'static str>,
}

impl Case {
    fn new(picture: Picture, truth: Option<usize>) -> Self {
        Self {
            picture,
            truth,
            groups: Vec::new(),
        }
    }

    /// With what is known of a procedural hand.
    fn of_procedural(self, label: u8, hand: &signet_hands::Hand) -> Self {
        Self {
            truth: Some(usize::from(label)),
            groups: groups(hand),
            ..self
        }
    }
}

/// The hands that suites are made of.
pub struct Hands<'a> {
    photos: &'a [(Picture, usize)],
    cutouts: Vec<Hand>,
}

impl<'a> Hands<'a> {
    /// Cuts the hands out of photos.
    pub fn of(photos: &'a [(Picture, usize)]) -> Self {
        let cut = photos
            .par_iter()
            .filter_map(|(picture, label)| Hand::of_photo(picture, *label));
        Self {
            photos,
            cutouts: cut.collect(),
        }
    }
}

impl Suite {
    /// The suite's pictures. `round` 0 is the suite itself; other rounds are other pictures of its
    /// kind, for whatever must not see those of the suite. An error where a suite of cut-out hands
    /// finds none.
    pub fn cases(self, hands: &Hands, round: u64) -> Result<Vec<Case>> {
        if hands.cutouts.is_empty()
            && !matches!(self, Self::Clean | Self::OtherFingers | Self::DimFrames)
        {
            return Err(Error::Setting {
                name: "suite",
                reason: format!(
                    "{self} wants hands, and none could be cut out of {} photos: they need plain \
                     bright backgrounds",
                    hands.photos.len()
                ),
            });
        }
        Ok(match self {
            Self::Clean => {
                let photos = hands.photos.iter();
                let cases = photos.map(|(picture, label)| Case::new(picture.clone(), Some(*label)));
                cases.collect()
            }
            Self::OtherFingers => numbered(WITHOUT_PHOTOS, |index| {
                let mut rng = self.rng(round, index);
                let (label, hand) = signet_hands::other_form(rng.random());
                let case = clutter(&composable(&hand), &mut rng);
                case.of_procedural(label, &hand)
            }),
            Self::DimFrames => numbered(WITHOUT_PHOTOS, |index| {
                let mut rng = self.rng(round, index);
                let (label, hand) = if index % 2 == 0 {
                    signet_hands::other_form(rng.random())
                } else {
                    let fingers = rng.random_range(0..6);
                    let subject = signet_hands::Subject::Sign(fingers);
                    (fingers, signet_hands::Hand::random(subject, rng.random()))
                };
                let scene = Scene {
                    light: Some(Light::dim(&mut rng)),
                    camera: Some(Camera::random(&mut rng)),
                    ..room(&mut rng)
                };
                let case = framed(&scene, &composable(&hand), &mut rng);
                case.of_procedural(label, &hand)
            }),
            Self::NoSign => {
                let source = procedural_hands();
                numbered(WITHOUT_PHOTOS, |index| {
                    let cutout = &hands.cutouts[index % hands.cutouts.len()];
                    let picture = without_sign(&source, cutout, &mut self.rng(round, index));
                    Case::new(picture, None)
                })
            }
            _ => numbered(hands.cutouts.len(), |index| {
                self.case(&hands.cutouts[index], &mut self.rng(round, index))
            }),
        })
    }

    /// Whether the hand is somewhere in a frame, and has to be found first.
    pub fn is_of_frames(self) -> bool {
        matches!(self, Self::Anywhere | Self::DimFrames)
    }

    fn rng(self, round: u64, index: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(SEED + round * 256 + self as u64);
        rng.set_stream(index as u64);
        rng
    }

    fn case(self, hand: &Hand, rng: &mut ChaCha8Rng) -> Case {
        let plain = room(rng);
        match self {
            Self::Dark => {
                let scene = Scene {
                    light: Some(Light::dim(rng)),
                    camera: Some(Camera::random(rng)),
                    ..plain
                };
                painted(&scene, hand, &upright(rng), rng)
            }
            Self::Rotated => {
                let degrees = rng.random_range(20.0..40.0);
                let sense: f32 = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
                let placement = Placement {
                    rotation: (sense * degrees).to_radians(),
                    ..upright(rng)
                };
                painted(&plain, hand, &placement, rng)
            }
            Self::Mirrored => {
                let placement = Placement {
                    mirror: true,
                    ..upright(rng)
                };
                painted(&plain, hand, &placement, rng)
            }
            Self::Small => {
                let spread = Spread {
                    side: [0.35, 0.6],
                    ..UPRIGHT
                };
                let placement = spread.draw(CANVAS, CANVAS, rng);
                painted(&plain, hand, &placement, rng)
            }
            Self::Blurred => {
                let angle = rng.random_range(0.0..PI);
                let length: f32 = rng.random_range(0.02..0.06);
                let mut camera = Camera::NONE;
                if rng.random_bool(0.5) {
                    camera.motion = Vec2::from_angle(angle) * length;
                } else {
                    camera.defocus = rng.random_range(0.01..0.025);
                }
                let scene = Scene {
                    camera: Some(camera),
                    ..plain
                };
                painted(&scene, hand, &upright(rng), rng)
            }
            Self::DrawnOutline => drawn(&Drawing::outline(rng), hand, rng),
            Self::DrawnFilled => drawn(&Drawing::filled(rng), hand, rng),
            Self::Anywhere => framed(&plain, hand, rng),
            _ => clutter(hand, rng),
        }
    }
}

/// Hands as people hold them up who want to be read.
const UPRIGHT: Spread = Spread {
    side: [0.7, 1.15],
    shift: 0.1,
    rotation: 12.0,
    mirrored: 0.0,
    tilt: 0.05,
};

pub(crate) fn upright(rng: &mut ChaCha8Rng) -> Placement {
    UPRIGHT.draw(CANVAS, CANVAS, rng)
}

/// A room in daylight before a good camera.
pub(crate) fn room(rng: &mut ChaCha8Rng) -> Scene {
    Scene {
        wall: false,
        things: rng.random_range(0..3),
        person: rng.random_bool(0.35),
        tone: 0.4,
        occluded: false,
        light: None,
        camera: None,
    }
}

/// Somewhere in a webcam's frame, with the whole hand in it.
fn framed(scene: &Scene, hand: &Hand, rng: &mut ChaCha8Rng) -> Case {
    let (width, height) = FRAME;
    let spread = Spread {
        side: [0.3, 1.0],
        ..UPRIGHT
    };
    let mut placement = spread.draw(width, height, rng);
    let mut canvas = Canvas::new(width, height, Rgb::ONE);
    let room = (canvas.size() - placement.side).max(Vec2::ZERO);
    placement.centre = placement.side / 2.0 + room * vec2(rng.random(), rng.random());
    scene.paint(&mut canvas, &hand.layer, &placement, rng);
    Case::new(canvas.to_picture(), hand.label)
}

fn clutter(hand: &Hand, rng: &mut ChaCha8Rng) -> Case {
    let (scene, placement) = (room(rng), upright(rng));
    painted(&scene, hand, &placement, rng)
}

fn painted(scene: &Scene, hand: &Hand, placement: &Placement, rng: &mut ChaCha8Rng) -> Case {
    let mut canvas = Canvas::blank();
    scene.paint(&mut canvas, &hand.layer, placement, rng);
    Case::new(canvas.to_picture(), hand.label)
}

fn drawn(drawing: &Drawing, hand: &Hand, rng: &mut ChaCha8Rng) -> Case {
    let mut canvas = Canvas::blank();
    drawing.apply(&hand.layer, &upright(rng), &mut canvas, rng);
    Case::new(canvas.to_picture(), hand.label)
}

/// By what a procedural hand is reported.
fn groups(hand: &signet_hands::Hand) -> Vec<&'static str> {
    use signet_hands::{Facing, Handedness};
    vec![
        match hand.handedness {
            Handedness::Left => "left hand",
            Handedness::Right => "right hand",
        },
        match hand.facing() {
            Facing::Palm => "palm",
            Facing::Back => "back",
            Facing::Side => "side",
        },
        match hand.look.tone {
            tone if tone < 0.34 => "light skin",
            tone if tone < 0.67 => "medium skin",
            _ => "dark skin",
        },
    ]
}

fn numbered(count: usize, make: impl Fn(usize) -> Case + Sync + Send) -> Vec<Case> {
    (0..count).into_par_iter().map(make).collect()
}

/// The cases that show a sign, as the network sees them.
pub fn dataset(labels: &[String], cases: &[Case]) -> Result<Dataset> {
    let samples = cases.iter().filter_map(|case| {
        Some(Sample {
            input: case.picture.to_input(INPUT_SIDE),
            label: case.truth?,
        })
    });
    Dataset::new(labels.to_vec(), samples.collect())
}
