//! The skeleton: build, bone lengths, joint limits, and where the joints of a pose lie.
//!
//! The hand's own axes: `x` towards the thumb, `y` towards the fingertips, `z` out of the palm;
//! the wrist is the origin, and one unit is about the length of the middle finger. This is a right
//! hand; a left hand is the mirror image of the whole picture.

use crate::dice::Dice;
use crate::vector::{across, unit};
use glam::{Vec2, Vec3, vec2, vec3};

/// Most that the joints of a finger bend, in degrees from the knuckle outwards.
const BEND_LIMITS: [f32; 3] = [95.0, 115.0, 80.0];

/// Most that the joints of a finger bend backwards, in degrees.
const BACK_LIMITS: [f32; 3] = [25.0, 5.0, 12.0];

const LENGTHS: [[f32; 3]; 4] = [
    [0.43, 0.255, 0.205],
    [0.465, 0.295, 0.22],
    [0.44, 0.275, 0.215],
    [0.345, 0.205, 0.185],
];
const RADII: [[f32; 4]; 4] = [
    [0.113, 0.095, 0.082, 0.064],
    [0.115, 0.097, 0.083, 0.066],
    [0.109, 0.091, 0.078, 0.062],
    [0.097, 0.080, 0.068, 0.054],
];
const KNUCKLES: [Vec3; 4] = [
    vec3(0.29, 0.93, 0.0),
    vec3(0.10, 0.96, -0.03),
    vec3(-0.095, 0.92, -0.015),
    vec3(-0.275, 0.83, 0.025),
];
const THUMB_LENGTHS: [f32; 3] = [0.43, 0.33, 0.25];
const THUMB_RADII: [f32; 4] = [0.15, 0.122, 0.104, 0.076];

/// How a hand is built: ratios to an average adult's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Finger length.
    pub finger_length: f32,
    /// Finger thickness.
    pub thickness: f32,
    /// Palm width.
    pub palm_width: f32,
    /// Palm height, wrist to knuckles.
    pub palm_length: f32,
    /// How far the joints stand out of the fingers, 0 to 1.
    pub knobbly: f32,
    /// Wrist and forearm thickness.
    pub wrist: f32,
    /// 0 is a small child, 0.5 an adult, 1 an old person.
    pub age: f32,
}

impl Build {
    pub(crate) fn random(dice: &mut Dice) -> Build {
        let age = (0.5 + dice.bell(0.22)).clamp(0.0, 1.0);
        let young = (1.0 - age / 0.4).max(0.0);
        let old = ((age - 0.65) / 0.35).max(0.0);
        Build {
            finger_length: (1.0 + dice.bell(0.06) - 0.14 * young).clamp(0.78, 1.18),
            thickness: (1.0 + dice.bell(0.09) + 0.1 * young - 0.05 * old).clamp(0.78, 1.28),
            palm_width: (1.0 + dice.bell(0.06) + 0.04 * young).clamp(0.86, 1.16),
            palm_length: 1.0 + dice.bell(0.05) - 0.04 * young,
            knobbly: (dice.range(0.0, 0.5) * (1.0 - young) + 0.5 * old).clamp(0.0, 1.0),
            wrist: (1.0 + dice.bell(0.08)).clamp(0.8, 1.25),
            age,
        }
    }
}

/// How one finger is held, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FingerPose {
    /// Sideways at the knuckle, towards the thumb.
    pub abduction: f32,
    /// Bend of the three joints from the knuckle outwards: 0 is straight.
    pub bends: [f32; 3],
}

/// How the thumb is held: the direction of its three bones, each as the angle in the palm's plane
/// from the fingers' direction towards the thumb's side and the angle out of the palm, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThumbPose {
    /// Metacarpal, first and last phalanx: `[in the plane, out of the plane]`.
    pub bones: [Vec2; 3],
}

/// How a hand is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// The thumb.
    pub thumb: ThumbPose,
    /// Index to little finger.
    pub fingers: [FingerPose; 4],
}

/// One finger's joints with the thickness there, and the directions that tell nail from pad.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    pub joints: [Vec3; 4],
    pub radii: [f32; 4],
    /// Towards the pad of the finger, for each of its bones.
    pub pad: [Vec3; 3],
}

impl Chain {
    pub fn direction(&self, bone: usize) -> Vec3 {
        unit(self.joints[bone + 1] - self.joints[bone])
    }
}

/// Where everything lies, thumb first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Skeleton {
    pub chains: [Chain; 5],
    /// Where the metacarpals of the four fingers leave the wrist.
    pub roots: [Vec3; 4],
}

impl Skeleton {
    pub fn new(build: &Build, pose: &Pose) -> Skeleton {
        let thumb = thumb(build, &pose.thumb);
        let f = |i: usize| finger(build, i, &pose.fingers[i]);
        let root = |x: f32, z: f32| vec3(x * build.palm_width, 0.1 * build.palm_length, z);
        Skeleton {
            chains: [thumb, f(0), f(1), f(2), f(3)],
            roots: [
                root(0.15, 0.0),
                root(0.05, -0.02),
                root(-0.06, -0.01),
                root(-0.15, 0.01),
            ],
        }
    }
}

fn finger(build: &Build, index: usize, pose: &FingerPose) -> Chain {
    let k = KNUCKLES[index];
    let start = vec3(k.x * build.palm_width, k.y * build.palm_length, k.z);
    // Bent fingers cannot be abducted: the ligaments at the knuckle tighten.
    let bend0 = pose.bends[0].clamp(-BACK_LIMITS[0], BEND_LIMITS[0]);
    let free = (1.0 - bend0.max(0.0) / 110.0).clamp(0.15, 1.0);
    let (ss, cs) = (pose.abduction * free).to_radians().sin_cos();
    let along = vec3(ss, cs, 0.0);
    let mut joints = [start; 4];
    let mut pad = [vec3(0.0, 0.0, 1.0); 3];
    let mut total = 0.0_f32;
    for bone in 0..3 {
        total += pose.bends[bone].clamp(-BACK_LIMITS[bone], BEND_LIMITS[bone]);
        let (s, c) = total.to_radians().sin_cos();
        let direction = along * c + vec3(0.0, 0.0, s);
        pad[bone] = along * -s + vec3(0.0, 0.0, c);
        joints[bone + 1] = joints[bone] + direction * (LENGTHS[index][bone] * build.finger_length);
    }
    Chain {
        joints,
        radii: RADII[index].map(|r| r * build.thickness),
        pad,
    }
}

fn thumb(build: &Build, pose: &ThumbPose) -> Chain {
    let start = vec3(0.19 * build.palm_width, 0.2 * build.palm_length, 0.05);
    let mut joints = [start; 4];
    let mut pad = [vec3(0.0, 0.0, 1.0); 3];
    for bone in 0..3 {
        let [plane, out] = pose.bones[bone].to_array();
        let (sa, ca) = plane.to_radians().sin_cos();
        let (se, ce) = out.to_radians().sin_cos();
        let direction = vec3(sa * ce, ca * ce, se);
        joints[bone + 1] = joints[bone] + direction * (THUMB_LENGTHS[bone] * build.finger_length);
        // The thumb turns its pad to the palm as it crosses it.
        let turned = (plane / 50.0).clamp(-1.0, 1.0) * 0.55;
        pad[bone] = across(vec3(-ca, sa, turned), direction);
    }
    Chain {
        joints,
        radii: THUMB_RADII.map(|r| r * build.thickness),
        pad,
    }
}

/// Moves the thumb from where it is so that its tip comes to `target`, as little as possible.
pub(crate) fn reach(build: &Build, start: ThumbPose, target: Vec3) -> ThumbPose {
    // The metacarpal moves unwillingly and the last bone not far beyond the one before it.
    let cost = |pose: &ThumbPose| {
        let missed = thumb(build, pose).joints[3].distance_squared(target);
        let mut sum = missed * 60.0;
        for (bone, stiffness) in [2.0, 0.7, 0.5].into_iter().enumerate() {
            let moved = (pose.bones[bone] - start.bones[bone]) * 1.0_f32.to_radians();
            sum += moved.length_squared() * stiffness;
        }
        for pair in pose.bones.windows(2) {
            let beyond = (pair[1] - pair[0]).abs() - vec2(85.0, 60.0);
            sum += (beyond.max(Vec2::ZERO) * 0.1).length_squared();
        }
        sum
    };
    let mut best = start;
    let mut least = cost(&best);
    let mut step = 16.0;
    for _ in 0..24 {
        let mut better = false;
        for bone in 0..3 {
            for axis in 0..2 {
                for sign in [-1.0, 1.0] {
                    let mut tried = best;
                    tried.bones[bone][axis] += sign * step;
                    let c = cost(&tried);
                    if c < least {
                        (best, least, better) = (tried, c, true);
                    }
                }
            }
        }
        if !better {
            step *= 0.5;
        }
    }
    best
}
