//! The little linear algebra a skeleton needs.

use std::ops::{Add, Mul, Neg, Sub};

/// A point or direction in space.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Vec3 {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

pub(crate) const fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3 { x, y, z }
}

impl Vec3 {
    pub fn dot(self, o: Vec3) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    pub fn cross(self, o: Vec3) -> Vec3 {
        v(
            self.y * o.z - self.z * o.y,
            self.z * o.x - self.x * o.z,
            self.x * o.y - self.y * o.x,
        )
    }

    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The same direction with length one; a vector without length points at the viewer.
    pub fn unit(self) -> Vec3 {
        let length = self.length();
        if length < 1e-6 {
            v(0.0, 0.0, 1.0)
        } else {
            self * (1.0 / length)
        }
    }

    pub fn lerp(self, o: Vec3, t: f32) -> Vec3 {
        self + (o - self) * t
    }

    /// From here to the nearest place between `a` and `b`.
    pub fn distance(self, a: Vec3, b: Vec3) -> f32 {
        let (d, p) = (b - a, self - a);
        let t = (p.dot(d) / d.dot(d).max(1e-9)).clamp(0.0, 1.0);
        (p - d * t).length()
    }

    /// What is left of this vector across the unit vector `axis`, at length one.
    pub fn across(self, axis: Vec3) -> Vec3 {
        (self - axis * self.dot(axis)).unit()
    }
}

impl Add for Vec3 {
    type Output = Vec3;
    fn add(self, o: Vec3) -> Vec3 {
        v(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl Sub for Vec3 {
    type Output = Vec3;
    fn sub(self, o: Vec3) -> Vec3 {
        v(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f32> for Vec3 {
    type Output = Vec3;
    fn mul(self, k: f32) -> Vec3 {
        v(self.x * k, self.y * k, self.z * k)
    }
}

impl Neg for Vec3 {
    type Output = Vec3;
    fn neg(self) -> Vec3 {
        self * -1.0
    }
}

/// A rotation, by rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rotation(pub [Vec3; 3]);

impl Rotation {
    /// Turns about the vertical axis (`yaw`), then the horizontal one (`pitch`), then in the
    /// picture plane (`roll`); all in degrees.
    pub fn new(yaw: f32, pitch: f32, roll: f32) -> Rotation {
        let (sy, cy) = yaw.to_radians().sin_cos();
        let (sp, cp) = pitch.to_radians().sin_cos();
        let (sr, cr) = roll.to_radians().sin_cos();
        let y = [v(cy, 0.0, sy), v(0.0, 1.0, 0.0), v(-sy, 0.0, cy)];
        let py = [y[0], y[1] * cp - y[2] * sp, y[1] * sp + y[2] * cp];
        Rotation([py[0] * cr - py[1] * sr, py[0] * sr + py[1] * cr, py[2]])
    }

    pub fn apply(&self, p: Vec3) -> Vec3 {
        v(self.0[0].dot(p), self.0[1].dot(p), self.0[2].dot(p))
    }

    pub fn invert(&self, p: Vec3) -> Vec3 {
        self.0[0] * p.x + self.0[1] * p.y + self.0[2] * p.z
    }
}

pub(crate) fn smoothstep(a: f32, b: f32, x: f32) -> f32 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
