//! Flesh on the bones: the round cones that make up a hand, its arm and what it wears and holds.

use crate::anatomy::{Chain, Skeleton};
use crate::hand::Hand;
use crate::pose::{Form, HardNegative};
use crate::vector::{across, unit};
use crate::view::Camera;
use glam::{Vec3, vec3};

/// What a surface belongs to. `THUMB` to `THUMB + 4` are the fingers.
pub(crate) mod part {
    pub const NONE: u8 = 0;
    pub const THUMB: u8 = 1;
    pub const LITTLE: u8 = 5;
    pub const PALM: u8 = 6;
    pub const ARM: u8 = 7;
    pub const SLEEVE: u8 = 8;
    pub const BAND: u8 = 9;
    pub const WATCH: u8 = 10;
    pub const RING: u8 = 11;
    pub const OBJECT: u8 = 12;

    pub fn is_finger(part: u8) -> bool {
        (THUMB..=LITTLE).contains(&part)
    }

    pub fn is_skin(part: u8) -> bool {
        (THUMB..=ARM).contains(&part)
    }
}

/// A round cone in the picture, in pixels (right, down, towards the viewer).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cone {
    pub a: Vec3,
    pub b: Vec3,
    pub ra: f32,
    pub rb: f32,
    pub part: u8,
    /// Which bone of a finger, from the knuckle outwards.
    pub bone: u8,
    /// Over what depth it melts into the palm or arm, at both ends.
    pub melt: [f32; 2],
    /// Over what depth it melts into its own part.
    pub own: f32,
    /// Ends flat rather than round.
    pub cut: bool,
    /// Along the bone and towards its pad; right, up, towards the viewer.
    pub along: Vec3,
    pub pad: Vec3,
}

/// Collects the cones of a hand.
struct Builder<'a> {
    camera: &'a Camera,
    size: f32,
    cones: Vec<Cone>,
}

/// One end of a cone: a place and a radius.
type End = (Vec3, f32);

impl Builder<'_> {
    fn push(&mut self, part: u8, a: End, b: End, melt: f32, own: f32) -> &mut Cone {
        let camera = self.camera;
        let turned = |e: End| (camera.rotation.mul_vec3(e.0) + camera.wrist(), e.1);
        self.push_turned(part, turned(a), turned(b), melt, own)
    }

    /// As `push`, for places that are already turned to the viewer.
    fn push_turned(&mut self, part: u8, a: End, b: End, melt: f32, own: f32) -> &mut Cone {
        let size = self.size;
        let pixels = self.camera.scale * size;
        let place = |e: End| {
            let p = self.camera.place(e.0);
            (p.point.extend(p.depth) * size, e.1 * p.magnified * size)
        };
        let ((pa, ra), (pb, rb)) = (place(a), place(b));
        let index = self.cones.len();
        self.cones.push(Cone {
            a: pa,
            b: pb,
            ra,
            rb,
            part,
            bone: 0,
            melt: [melt * pixels; 2],
            own: own * pixels,
            cut: false,
            along: unit(b.0 - a.0),
            pad: self.camera.rotation.z_axis,
        });
        &mut self.cones[index]
    }
}

/// The cones of a hand in a picture of `size` pixels, in the order in which they melt together.
pub(crate) fn cones(hand: &Hand, skeleton: &Skeleton, camera: &Camera, size: f32) -> Vec<Cone> {
    let mut builder = Builder {
        camera,
        size,
        cones: Vec::with_capacity(64),
    };
    arm(&mut builder, hand);
    palm(&mut builder, hand, skeleton);
    for (finger, chain) in skeleton.chains.iter().enumerate() {
        digit(&mut builder, hand, finger, chain);
    }
    ring(&mut builder, hand, skeleton);
    object(&mut builder, hand, skeleton);
    builder.cones
}

fn arm(b: &mut Builder, hand: &Hand) {
    let wrist = b.camera.wrist();
    let down = (hand.view.roll + hand.view.wrist).to_radians();
    // The arm gives back half of the hand's tilt: it comes from below, not from behind.
    let depth = -b.camera.rotation.y_axis.z * 0.5;
    let along = unit(vec3(down.sin(), -down.cos(), depth.clamp(-0.35, 0.35)));
    let side = across(b.camera.rotation.x_axis, along);
    let w = hand.build.wrist;
    let stations = [
        (-0.05, 0.125, 0.16),
        (0.25, 0.13, 0.165),
        (1.3, 0.19, 0.235),
        (5.0, 0.22, 0.26),
    ];
    let at = |t: f32, sign: f32, grow: f32| {
        let i = (1..3).find(|i| t <= stations[*i].0).unwrap_or(3);
        let (p, q) = (stations[i - 1], stations[i]);
        let u = (t - p.0) / (q.0 - p.0);
        let (apart, r) = (p.1 + (q.1 - p.1) * u, p.2 + (q.2 - p.2) * u);
        (wrist + along * t + side * (apart * w * sign), r * w * grow)
    };
    for sign in [-1.0, 1.0, 0.0] {
        // The middle fills the groove between the two bones.
        let grow = if sign == 0.0 { 0.98 } else { 1.0 };
        for i in 0..3 {
            let [s, e] = [i, i + 1].map(|i| at(stations[i].0, sign, grow));
            b.push_turned(part::ARM, s, e, 0.1, 0.14);
        }
    }
    let mut hull = |kind: u8, start: f32, end: f32, grow: f32| {
        for sign in [-1.0, 0.0, 1.0] {
            let (s, e) = (at(start, sign, grow), at(end, sign, grow));
            b.push_turned(kind, s, e, 0.0, 0.14).cut = true;
        }
    };
    if let Some(band) = &hand.look.bracelet {
        hull(part::BAND, band.start, band.start + band.breadth, 1.11);
    }
    if let Some(sleeve) = &hand.look.sleeve {
        let elbow = sleeve.start.max(1.2);
        hull(part::SLEEVE, sleeve.start, elbow + 0.1, sleeve.width);
        hull(part::SLEEVE, elbow, 5.0, sleeve.width);
    }
    if let Some(band) = hand.look.bracelet.filter(|band| band.watch) {
        let back = -b.camera.rotation.z_axis;
        let middle = wrist + along * (band.start + band.breadth / 2.0) + back * 0.1;
        let front = middle + back * 0.015;
        b.push_turned(part::WATCH, (middle, 0.13), (front, 0.13), 0.0, 0.0);
    }
}

fn palm(b: &mut Builder, hand: &Hand, s: &Skeleton) {
    let width = hand.build.palm_width;
    let thick = hand.build.thickness.sqrt();
    for i in 0..4 {
        let head = s.chains[i + 1].joints[0];
        let r = (0.128 - if i == 3 { 0.012 } else { 0.0 }) * thick;
        b.push(part::PALM, (s.roots[i], 0.15 * thick), (head, r), 0.14, 0.1);
    }
    // Ball of the thumb and heel of the hand.
    let [cmc, mcp, ..] = s.chains[0].joints;
    let root = cmc + vec3(-0.04, -0.03, 0.01);
    let ball = cmc.lerp(mcp, 0.35) + vec3(-0.03, 0.0, 0.04);
    let heel = vec3(-0.21 * width, 0.2, 0.05);
    let edge = vec3(-0.27 * width, 0.55, 0.05);
    let mount = s.chains[0].radii[1] * 1.02;
    for (from, to) in [
        ((cmc, 0.165 * thick), (mcp, mount)),
        ((root, 0.14 * thick), (ball, 0.165 * thick)),
        ((heel, 0.145 * thick), (edge, 0.125 * thick)),
    ] {
        b.push(part::PALM, from, to, 0.14, 0.12);
    }
    // The skin between thumb and index finger.
    let index = (s.roots[0], s.chains[1].joints[0]);
    for (t, radius) in [(0.45, 0.1), (0.62, 0.085), (0.78, 0.065), (0.9, 0.05)] {
        let from = cmc.lerp(mcp, t);
        let to = index.0.lerp(index.1, t * 0.9);
        b.push(part::PALM, (from, radius), (to, radius), 0.12, 0.1);
    }
    // The skin between the fingers, where neighbours point the same way.
    for i in 1..4 {
        let pair = [&s.chains[i], &s.chains[i + 1]];
        let alike = pair[0].direction(0).dot(pair[1].direction(0));
        let t = if alike > 0.8 { 0.34 } else { 0.08 };
        let [from, to] = pair.map(|chain| {
            let [first, second, ..] = chain.joints;
            (first.lerp(second, t) + chain.pad[0] * 0.015, 0.08 * thick)
        });
        b.push(part::PALM, from, to, 0.1, 0.08);
    }
}

fn digit(b: &mut Builder, hand: &Hand, finger: usize, chain: &Chain) {
    let part = part::THUMB + finger as u8;
    for bone in 0..3 {
        if finger == 0 && bone == 0 {
            continue;
        }
        let start = (chain.joints[bone], chain.radii[bone]);
        let mut end = (chain.joints[bone + 1], chain.radii[bone + 1]);
        if bone == 2 {
            // The tip's sphere ends where the bone does.
            end.0 -= chain.direction(2) * (end.1 * 0.6);
        }
        let first = if finger == 0 { 1 } else { 0 };
        let melt = if bone == first { 0.1 } else { 0.0 };
        let pad = b.camera.rotation.mul_vec3(chain.pad[bone]);
        let along = b.camera.rotation.mul_vec3(chain.direction(bone));
        let cone = b.push(part, start, end, melt, 0.025);
        cone.melt[1] = 0.0;
        (cone.bone, cone.pad) = (bone as u8, pad);
        if bone > first && hand.build.knobbly > 0.15 {
            let r = start.1 * (1.0 + 0.09 * hand.build.knobbly);
            let cone = b.push(part, (start.0, r), (start.0, r), 0.0, 0.03);
            (cone.bone, cone.along, cone.pad) = (bone as u8, along, pad);
        }
    }
}

fn ring(b: &mut Builder, hand: &Hand, s: &Skeleton) {
    let Some((finger, _)) = hand.look.ring else {
        return;
    };
    let chain = &s.chains[usize::from(finger).clamp(1, 4)];
    let at = |t: f32| {
        let r = chain.radii[0] + (chain.radii[1] - chain.radii[0]) * t;
        (chain.joints[0].lerp(chain.joints[1], t), r * 1.1)
    };
    b.push(part::RING, at(0.56), at(0.68), 0.0, 0.0).cut = true;
}

fn object(b: &mut Builder, hand: &Hand, s: &Skeleton) {
    let Form::HardNegative(kind) = hand.form else {
        return;
    };
    match kind {
        HardNegative::HoldsCup => {
            let r = 0.29;
            let (low, high) = (vec3(-0.5, 0.78, 0.14 + r), vec3(0.62, 0.78, 0.14 + r));
            b.push(part::OBJECT, (low, r * 0.85), (high, r), 0.0, 0.0)
                .cut = true;
        }
        HardNegative::HoldsPhone => {
            for i in 0..17 {
                let y = 0.42 + 0.03 * i as f32;
                let (low, high) = (vec3(-0.62, y, 0.22), vec3(0.72, y, 0.22));
                b.push(part::OBJECT, (low, 0.048), (high, 0.048), 0.0, 0.03);
            }
        }
        HardNegative::HoldsPen => {
            let tip = s.chains[1].joints[3].lerp(s.chains[0].joints[3], 0.5);
            let along = unit(vec3(0.45, 0.75, -0.2));
            let [point, nib, end] = [-0.35, -0.2, 1.0].map(|away| tip + along * away);
            b.push(part::OBJECT, (point, 0.012), (nib, 0.035), 0.0, 0.0);
            b.push(part::OBJECT, (nib, 0.035), (end, 0.035), 0.0, 0.0);
        }
        _ => {}
    }
}
