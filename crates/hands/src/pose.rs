//! Poses: raised and folded fingers, the thumb's places, the O, and hard negatives.

use crate::anatomy::{Build, FingerPose, Pose, Skeleton, ThumbPose, reach};
use crate::dice::Dice;
use glam::{Vec2, Vec3, vec3};

/// What a hand shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// These fingers are up, thumb first.
    Fingers([bool; 5]),
    /// Zero as a ring: all fingertips at the thumb's.
    RoundO,
    /// None of the signs.
    HardNegative(HardNegative),
}

/// Ways to hold a hand so that it shows none of the signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HardNegative {
    /// Fingers between raised and folded.
    HalfRaised,
    /// A hand at rest.
    Relaxed,
    /// A cup or a ball in the hand.
    HoldsCup,
    /// A telephone in the hand.
    HoldsPhone,
    /// A pen between the fingers.
    HoldsPen,
    /// A fist from the side of the little finger.
    SideFist,
    /// A finger that points at the viewer.
    PointsAtViewer,
    /// The arm alone: the hand is out of the picture.
    ArmOnly,
}

/// Every hard negative with its weight.
pub(crate) const HARD_NEGATIVES: [(HardNegative, f32); 8] = [
    (HardNegative::HalfRaised, 3.0),
    (HardNegative::Relaxed, 2.0),
    (HardNegative::HoldsCup, 1.5),
    (HardNegative::HoldsPhone, 1.5),
    (HardNegative::HoldsPen, 1.0),
    (HardNegative::SideFist, 0.5),
    (HardNegative::PointsAtViewer, 1.0),
    (HardNegative::ArmOnly, 1.0),
];

const fn thumb(metacarpal: [f32; 2], first: [f32; 2], last: [f32; 2]) -> ThumbPose {
    let [metacarpal, first] = [Vec2::from_array(metacarpal), Vec2::from_array(first)];
    ThumbPose {
        bones: [metacarpal, first, Vec2::from_array(last)],
    }
}

const THUMB_OUT: ThumbPose = thumb([52.0, 22.0], [46.0, 14.0], [38.0, 8.0]);
const THUMB_UP: ThumbPose = thumb([36.0, 25.0], [16.0, 12.0], [8.0, 4.0]);
const THUMB_ACROSS: ThumbPose = thumb([34.0, 45.0], [-40.0, 12.0], [-75.0, -12.0]);
const THUMB_OVER: ThumbPose = thumb([36.0, 52.0], [-25.0, 45.0], [-70.0, 12.0]);
const THUMB_BESIDE: ThumbPose = thumb([30.0, 52.0], [14.0, 14.0], [-4.0, -10.0]);
const THUMB_OPPOSED: ThumbPose = thumb([30.0, 52.0], [5.0, 50.0], [-5.0, 45.0]);
const THUMB_RELAXED: ThumbPose = thumb([38.0, 38.0], [18.0, 28.0], [8.0, 18.0]);

fn wiggle(dice: &mut Dice, pose: ThumbPose, degrees: f32) -> ThumbPose {
    ThumbPose {
        bones: pose.bones.map(|b| b.map(|a| a + dice.bell(degrees))),
    }
}

/// A pose with exactly these fingers up.
pub(crate) fn with_fingers(dice: &mut Dice, build: &Build, up: [bool; 5]) -> Pose {
    let raised = up[1..].iter().filter(|u| **u).count();
    // 0 holds the fingers together, 1 abducts them fully.
    let abduction = if dice.chance(0.2) {
        dice.range(-0.1, 0.15)
    } else {
        dice.range(0.35, 1.05)
    };
    let apart = [12.0, 2.0, -8.0, -20.0];
    let together = [-3.5, -0.5, 2.0, 6.0];
    let curl = dice.range(0.0, 1.0);
    let depth = dice.range(-8.0, 4.0);
    let mut fingers = [FingerPose {
        abduction: 0.0,
        bends: [0.0; 3],
    }; 4];
    for i in 0..4 {
        let mut side = together[i] + (apart[i] - together[i]) * abduction + dice.bell(1.5);
        // Two raised neighbours part to both sides, as in a V.
        if up[1..] == [true, true, false, false] && i == 1 {
            side -= 8.0 * abduction.max(0.0);
        }
        fingers[i] = if up[i + 1] {
            let lean = dice.bell(5.0) + if raised == 4 { 0.0 } else { 2.0 };
            FingerPose {
                abduction: side,
                bends: [
                    lean + curl * 6.0,
                    (curl * 10.0 + dice.bell(4.0)).clamp(-2.0, 24.0),
                    (curl * 6.0 + dice.bell(4.0)).clamp(-5.0, 20.0),
                ],
            }
        } else {
            FingerPose {
                abduction: together[i] * 0.5,
                bends: [
                    84.0 + depth + dice.bell(4.0),
                    102.0 + dice.bell(4.0),
                    60.0 + dice.bell(7.0),
                ],
            }
        };
    }
    let mut pose = Pose {
        thumb: THUMB_OUT,
        fingers,
    };
    pose.thumb = if up[0] {
        raised_thumb(dice, up, abduction)
    } else {
        folded_thumb(dice, build, &pose, up)
    };
    pose
}

fn raised_thumb(dice: &mut Dice, up: [bool; 5], abduction: f32) -> ThumbPose {
    let alone = up == [true, false, false, false, false];
    let beside = if alone {
        dice.range(0.2, 0.7)
    } else if abduction < 0.2 && up == [true; 5] {
        dice.range(0.2, 0.9)
    } else {
        dice.range(0.0, 0.45)
    };
    let mut bones =
        std::array::from_fn(|bone| THUMB_OUT.bones[bone].lerp(THUMB_UP.bones[bone], beside));
    // Some thumbs bend outwards at the last joint.
    bones[2].x += dice.range(-4.0, 22.0);
    wiggle(dice, ThumbPose { bones }, 3.0)
}

fn folded_thumb(dice: &mut Dice, build: &Build, pose: &Pose, up: [bool; 5]) -> ThumbPose {
    let skeleton = Skeleton::new(build, pose);
    let radius = skeleton.chains[0].radii[3];
    let middle_bone = |finger: usize, t: f32| {
        let c = &skeleton.chains[finger];
        c.joints[1].lerp(c.joints[2], t) + vec3(0.0, 0.0, c.radii[1] * 0.85 + radius)
    };
    let folded = (1..5).find(|f| !up[*f]);
    let tips_touch = up == [false, false, true, true, true] && dice.chance(0.3);
    let Some(finger) = folded else {
        let target = vec3(
            dice.range(-0.16, 0.06),
            dice.range(0.55, 0.78) * build.palm_length,
            0.14 + radius,
        );
        return reach(build, wiggle(dice, THUMB_ACROSS, 4.0), target);
    };
    if !tips_touch && !up[1] && dice.chance(0.25) {
        let c = &skeleton.chains[1];
        let target = vec3(
            c.joints[0].x + c.radii[0] + radius * 0.7,
            dice.range(0.8, 0.96) * build.palm_length,
            dice.range(0.26, 0.4),
        );
        return reach(build, wiggle(dice, THUMB_BESIDE, 3.0), target);
    }
    // Over the folded finger nearest to it, or a little beyond when that is the index finger.
    let beyond = if finger < 4 && !up[finger + 1] && dice.chance(0.6) {
        dice.range(0.2, 0.9)
    } else {
        0.0
    };
    let along = dice.range(0.25, 0.8);
    let mut target = middle_bone(finger, along);
    if beyond > 0.0 {
        target = target.lerp(middle_bone(finger + 1, along), beyond);
    }
    reach(build, wiggle(dice, THUMB_OVER, 4.0), target)
}

/// The ring of the photos' zero, or the narrower one with the fingers rolled in.
pub(crate) fn round_o(dice: &mut Dice, build: &Build) -> Pose {
    let roundness = dice.range(0.0, 1.0);
    let bend = [
        56.0 + 10.0 * roundness,
        66.0 + 14.0 * roundness,
        36.0 + 12.0 * roundness,
    ];
    let mut fingers = [FingerPose {
        abduction: 0.0,
        bends: bend,
    }; 4];
    for (i, f) in fingers.iter_mut().enumerate() {
        f.abduction = [-4.0, 0.0, 3.0, 7.0][i];
        f.bends[0] += 2.0 * i as f32 + dice.bell(3.0);
        f.bends[1] += dice.bell(4.0) + 3.0 * i as f32;
    }
    let mut pose = Pose {
        thumb: THUMB_OPPOSED,
        fingers,
    };
    gather(build, &mut pose);
    let target = meet(build, &pose, dice.range(0.0, 0.6), [0.7, 0.35]);
    Pose {
        thumb: reach(build, wiggle(dice, THUMB_OPPOSED, 3.0), target),
        ..pose
    }
}

/// Bends the other fingers so that their tips lie beside the index finger's.
fn gather(build: &Build, pose: &mut Pose) {
    for finger in 1..4 {
        let start = pose.fingers[finger].bends;
        let mut least = f32::MAX;
        for step in 0..=16 {
            let mut tried = *pose;
            let more = 0.9 + 0.03 * step as f32;
            tried.fingers[finger].bends = start.map(|b| b * more);
            let chains = Skeleton::new(build, &tried).chains;
            let d = chains[finger + 1].joints[3] - chains[1].joints[3];
            let miss = d.y * d.y + d.z * d.z;
            if miss < least {
                least = miss;
                pose.fingers[finger] = tried.fingers[finger];
            }
        }
    }
}

/// A place for the thumb's tip at the end of the index finger, moved towards the middle finger by `over`: `along`
/// the finger and `before` its pad, both in units of the two radii's sum.
fn meet(build: &Build, pose: &Pose, over: f32, [along, before]: [f32; 2]) -> Vec3 {
    let s = Skeleton::new(build, pose);
    let at = |f: usize| {
        let c = &s.chains[f];
        let apart = c.radii[3] + s.chains[0].radii[3];
        c.joints[3] + (c.direction(2) * along + c.pad[2] * before) * apart
    };
    at(1).lerp(at(2), over)
}

/// A pose for a hard negative.
pub(crate) fn hard_negative(dice: &mut Dice, build: &Build, kind: HardNegative) -> Pose {
    match kind {
        HardNegative::HalfRaised => half_raised(dice, build),
        HardNegative::Relaxed | HardNegative::ArmOnly => {
            curled(dice, [34.0, 44.0, 24.0], 8.0, THUMB_RELAXED)
        }
        HardNegative::HoldsCup => curled(dice, [35.0, 42.0, 28.0], 4.0, THUMB_OPPOSED),
        HardNegative::HoldsPhone => curled(dice, [58.0, 62.0, 35.0], 4.0, THUMB_OPPOSED),
        HardNegative::HoldsPen => {
            let mut pose = curled(dice, [55.0, 55.0, 25.0], 4.0, THUMB_OPPOSED);
            for f in &mut pose.fingers[2..] {
                f.bends = [70.0, 80.0, 45.0];
            }
            let target = meet(build, &pose, 0.4, [0.0, 0.9]);
            pose.thumb = reach(build, pose.thumb, target);
            pose
        }
        HardNegative::SideFist => with_fingers(dice, build, [false; 5]),
        HardNegative::PointsAtViewer => {
            with_fingers(dice, build, [false, true, false, false, false])
        }
    }
}

fn half_raised(dice: &mut Dice, build: &Build) -> Pose {
    let up = [0; 5].map(|_| dice.chance(0.5));
    let mut pose = with_fingers(dice, build, up);
    // Two hooked neighbours at least, so that no view shows a clean number.
    let first = (dice.unit() * 3.0) as usize % 3;
    let last = first + 1 + (dice.unit() * (3 - first) as f32) as usize;
    for f in first..=last.min(3) {
        pose.fingers[f].bends = [
            dice.range(5.0, 32.0),
            dice.range(50.0, 80.0),
            dice.range(25.0, 45.0),
        ];
    }
    if !up[0] {
        pose.thumb = wiggle(dice, THUMB_RELAXED, 6.0);
    }
    pose
}

fn curled(dice: &mut Dice, bends: [f32; 3], vary: f32, thumb: ThumbPose) -> Pose {
    let mut fingers = [FingerPose {
        abduction: 0.0,
        bends,
    }; 4];
    for (i, f) in fingers.iter_mut().enumerate() {
        f.abduction = [3.0, 0.0, -2.0, -5.0][i];
        for b in &mut f.bends {
            *b += dice.bell(vary) + 3.0 * i as f32;
        }
    }
    Pose {
        thumb: wiggle(dice, thumb, 4.0),
        fingers,
    }
}
