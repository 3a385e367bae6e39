//! The view: how the hand is turned to the viewer and where it lies in the picture.

use crate::anatomy::Skeleton;
use crate::dice::Dice;
use crate::vector::rotation;
use glam::{Mat3, Vec2, Vec3, vec2, vec3};

/// How the hand is turned and framed. All angles are in degrees and for a right hand: the picture
/// of a left hand is the mirror image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// About the vertical axis: 0 shows the palm, 180 the back, -90 the side of the thumb.
    pub yaw: f32,
    /// About the horizontal axis: positive tilts the fingertips to the viewer.
    pub pitch: f32,
    /// In the picture: positive turns counter-clockwise.
    pub roll: f32,
    /// What the forearm adds to the roll: the bend of the wrist.
    pub wrist: f32,
    /// How much of the picture the hand takes from wrist to fingertips, 0 to 1.
    pub fill: f32,
    /// Where the hand's middle lies from the picture's, right and up, in sides.
    pub offset: Vec2,
    /// How much nearer parts look larger, 0 to 0.2.
    pub perspective: f32,
}

impl View {
    /// A view about `yaw`, turned by as much as people turn their hands; `calm` (0 to 1) takes
    /// the turns back.
    pub(crate) fn random(dice: &mut Dice, yaw: f32, calm: f32) -> View {
        let free = 1.0 - calm;
        let edge = dice.chance(0.05);
        let tilt = dice.chance(0.12);
        View {
            yaw: yaw + free * dice.bell(if edge { 38.0 } else { 16.0 }),
            pitch: free * (dice.bell(15.0) + 3.0).clamp(-38.0, 42.0),
            roll: dice.bell(if tilt { 45.0 } else { 18.0 }),
            wrist: dice.bell(13.0),
            fill: dice.range(0.66, 0.9),
            offset: vec2(dice.bell(0.025), dice.bell(0.025)),
            perspective: dice.range(0.03, 0.14),
        }
    }
}

/// Takes points of the hand to the picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Camera {
    pub rotation: Mat3,
    perspective: f32,
    /// Sides of the picture to a unit of the hand.
    pub scale: f32,
    middle: Vec2,
}

/// A point in the picture, 0 to 1 right and down, with its depth and magnification.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Projected {
    pub point: Vec2,
    pub depth: f32,
    pub magnified: f32,
}

const PIVOT: Vec3 = vec3(0.0, 0.85, 0.1);

impl Camera {
    pub fn new(view: &View, skeleton: &Skeleton) -> Camera {
        let mut camera = Camera {
            rotation: rotation(view.yaw, view.pitch, view.roll),
            perspective: view.perspective,
            scale: 1.0,
            middle: Vec2::ZERO,
        };
        let (mut low, mut high) = (Vec2::MAX, Vec2::MIN);
        let mut include = |p: Vec3, r: f32| {
            let from_middle = (camera.project(p).point - 0.5) * vec2(1.0, -1.0);
            low = low.min(from_middle - r);
            high = high.max(from_middle + r);
        };
        for chain in &skeleton.chains {
            for (joint, r) in chain.joints.iter().zip(chain.radii) {
                include(*joint, r);
            }
        }
        include(Vec3::ZERO, 0.2);
        camera.scale = view.fill / (high - low).max_element().max(0.5);
        camera.middle = view.offset - camera.scale * (low + high) / 2.0;
        camera
    }

    pub fn project(&self, p: Vec3) -> Projected {
        self.place(self.rotation.mul_vec3(p - PIVOT))
    }

    /// A point that is already turned to the viewer, from the pivot.
    pub fn place(&self, q: Vec3) -> Projected {
        let magnified = (1.0 / (1.0 - q.z * self.perspective).max(0.5)).clamp(0.75, 1.35);
        let s = self.scale * magnified;
        Projected {
            point: 0.5 + (self.middle + q.truncate() * s) * vec2(1.0, -1.0),
            depth: q.z * self.scale,
            magnified: s,
        }
    }

    /// The point of the hand that lies at a place of the picture, with perspective left out.
    pub fn unproject(&self, x: f32, y: f32, z: f32) -> Vec3 {
        let flat = vec2(x - 0.5, 0.5 - y) - self.middle;
        self.rotation.transpose() * (flat.extend(z) / self.scale) + PIVOT
    }

    /// The wrist, turned to the viewer.
    pub fn wrist(&self) -> Vec3 {
        self.rotation.mul_vec3(-PIVOT)
    }
}
