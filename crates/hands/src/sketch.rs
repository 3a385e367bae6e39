//! Lines: where somebody who draws a hand puts them, and a hand drawn quickly.

use crate::flesh::part;
use crate::hand::{Hand, Handedness};
use crate::pose::Form;
use crate::raster::Field;
use crate::view::Camera;
use glam::{Vec2, Vec3, vec2, vec3};

/// How strongly a line runs through each sample of a height field, 0 to 1.
pub(crate) fn contours(field: &Field, unit: f32) -> Vec<f32> {
    let n = field.size;
    let mut out = vec![0.0_f32; n * n];
    let mut look = |p: usize, q: usize| {
        let strength = between(field, p, q, unit);
        if strength > 0.0 {
            out[p] = out[p].max(strength);
            out[q] = out[q].max(strength);
        }
    };
    for y in 0..n {
        for x in 0..n {
            let at = y * n + x;
            if field.part[at] == part::NONE {
                continue;
            }
            if x + 1 < n {
                look(at, at + 1);
            }
            if y + 1 < n {
                look(at, at + n);
            }
        }
    }
    out
}

fn between(field: &Field, p: usize, q: usize, unit: f32) -> f32 {
    let (a, b) = (field.part[p], field.part[q]);
    if b == part::NONE || (a == b && field.cone[p] == field.cone[q]) {
        return 0.0;
    }
    // A steep slope falls as much between two samples as an edge does.
    let slope = |at: usize| {
        let normal = field.normal[at];
        normal.truncate().length() / normal.z.max(0.05)
    };
    let fall = 1.5 * slope(p).min(slope(q));
    let jump = ((field.depth[p] - field.depth[q]).abs() - fall) / unit;
    if a == b {
        if a == part::ARM || !part::is_skin(a) {
            return 0.0;
        }
        return ((jump - 0.05) / 0.05).clamp(0.0, 1.0);
    }
    let skin = part::is_skin(a) && part::is_skin(b);
    if !skin || (part::is_finger(a) && part::is_finger(b)) {
        return 1.0;
    }
    // A finger flows into the palm at its base; it is drawn apart only where it lies over it.
    let (m, n) = (field.normal[p], field.normal[q]);
    let agree = m.dot(n) / (m.length() * n.length()).max(1e-6);
    let over = ((jump - 0.03) / 0.05).clamp(0.0, 1.0);
    let kink = ((0.75 - agree) / 0.5).clamp(0.0, 1.0);
    if part::is_finger(a) || part::is_finger(b) {
        over.max(kink)
    } else {
        // Palm and arm melt: only a palm well before the arm has an edge there.
        ((jump - 0.1) / 0.05).clamp(0.0, 1.0)
    }
}

impl Hand {
    /// The hand as somebody draws it quickly: strokes through points right and down, 0 to 1 in
    /// the picture. The first is the palm's outline, then follow one line for each raised finger
    /// and a short bump for each folded one that its side of the hand shows.
    pub fn stick_figure(&self) -> Vec<Vec<Vec2>> {
        let skeleton = self.skeleton();
        let camera = Camera::new(&self.view, &skeleton);
        let mut strokes = vec![self.palm_outline(&camera)];
        for (finger, chain) in skeleton.chains.iter().enumerate() {
            let mut joints = chain.joints;
            if finger == 0 {
                // A drawn thumb begins at the palm's outline, not at the wrist.
                joints[0] = joints[0].lerp(joints[1], 0.3);
            }
            let stroke = if self.looks_raised(finger) {
                joints.iter().map(|p| self.point(&camera, *p)).collect()
            } else if finger > 0 {
                self.bump(&camera, joints[0], chain.radii[0])
            } else {
                continue;
            };
            strokes.push(stroke);
        }
        strokes
    }

    fn looks_raised(&self, finger: usize) -> bool {
        match self.form {
            Form::Fingers(up) => up[finger],
            Form::HardNegative(_) if finger > 0 => {
                self.pose.fingers[finger - 1].bends.iter().sum::<f32>() < 165.0
            }
            _ => true,
        }
    }

    fn point(&self, camera: &Camera, p: Vec3) -> Vec2 {
        self.handed(camera.project(p).point)
    }

    fn handed(&self, place: Vec2) -> Vec2 {
        match self.handedness {
            Handedness::Right => place,
            Handedness::Left => vec2(1.0 - place.x, place.y),
        }
    }

    fn palm_outline(&self, camera: &Camera) -> Vec<Vec2> {
        const CORNERS: [(f32, f32); 12] = [
            (-0.17, 0.0),
            (-0.3, 0.2),
            (-0.39, 0.5),
            (-0.39, 0.82),
            (-0.28, 0.93),
            (-0.1, 1.02),
            (0.1, 1.05),
            (0.3, 1.02),
            (0.41, 0.9),
            (0.39, 0.6),
            (0.31, 0.25),
            (0.17, 0.0),
        ];
        let b = &self.build;
        let at = |x: f32, y: f32| {
            let place = vec3(x * b.palm_width, y * b.palm_length, 0.0);
            camera.project(place).point
        };
        let along = at(0.0, 1.0) - at(0.0, 0.0);
        let across = along.perp() / along.length().max(1e-6);
        let breadth = (at(0.4, 0.5) - at(0.0, 0.5)).dot(across);
        // Nobody draws a palm as a line: seen from its side it keeps the hand's thickness.
        let least = 0.2 * camera.scale;
        let missing = breadth.signum() * (least - breadth.abs()).max(0.0);
        let closed = CORNERS.iter().chain(&CORNERS[..1]);
        closed
            .map(|(x, y)| self.handed(at(*x, *y) + across * (missing * x / 0.4)))
            .collect()
    }

    /// A knuckle as a small arc on the rim of the palm.
    fn bump(&self, camera: &Camera, knuckle: Vec3, r: f32) -> Vec<Vec2> {
        (0..=4)
            .map(|i| {
                let (s, c) = (i as f32 * 45.0_f32.to_radians()).sin_cos();
                self.point(camera, knuckle + vec3(r * c, r * 0.9 * s + 0.06, 0.0))
            })
            .collect()
    }
}
