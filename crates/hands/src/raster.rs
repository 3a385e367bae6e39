//! The height field: for every pixel the nearest surface, its normal and what it belongs to.
//!
//! A round cone seen along parallel rays has a closed form: the sphere at `t` along it reaches
//! depth `z(t) = az + dz t + sqrt(q(t))` above a pixel, with a quadratic `q`; that is concave in
//! `t`, so its greatest value lies where the derivative vanishes, or at an end.

use crate::flesh::{Cone, cones, part};
use crate::hand::Hand;
use crate::view::Camera;
use glam::{Vec3, vec3};

/// What the nearest surface at each pixel is.
pub(crate) struct Field {
    pub size: usize,
    pub depth: Vec<f32>,
    /// Right, down and towards the viewer; of length one only where nothing melts.
    pub normal: Vec<Vec3>,
    pub part: Vec<u8>,
    /// Which cone.
    pub cone: Vec<u8>,
    /// How far along it.
    pub along: Vec<f32>,
}

pub(crate) const FAR: f32 = -1.0e6;

/// One surface point.
struct Hit {
    depth: f32,
    normal: Vec3,
    along: f32,
}

/// A cone prepared for its pixels.
struct Caster {
    a: Vec3,
    d: Vec3,
    ra: f32,
    dr: f32,
    c: f32,
    /// `c - dz²`, negative like `c` for a cone that is seen from its side.
    k: f32,
    cut: bool,
}

impl Caster {
    fn new(cone: &Cone) -> Caster {
        let d = cone.b - cone.a;
        let dr = cone.rb - cone.ra;
        let c = dr * dr - d.truncate().length_squared();
        Caster {
            a: cone.a,
            d,
            ra: cone.ra,
            dr,
            c,
            k: c - d.z * d.z,
            cut: cone.cut,
        }
    }

    fn hit(&self, x: f32, y: f32) -> Option<Hit> {
        let (px, py) = (x - self.a.x, y - self.a.y);
        let a = self.ra * self.ra - px * px - py * py;
        let b = 2.0 * (self.ra * self.dr + px * self.d.x + py * self.d.y);
        if self.c > -1e-3 {
            // Seen end-on: one end's sphere hides the rest.
            return match (self.at(0.0, a, b, px, py), self.at(1.0, a, b, px, py)) {
                (Some(p), Some(q)) => Some(if p.depth > q.depth { p } else { q }),
                (p, q) => p.or(q),
            };
        }
        let discriminant = 4.0 * a * self.c - b * b;
        if discriminant >= 0.0 {
            return None;
        }
        let t = (-b - self.d.z * (discriminant / self.k).sqrt()) / (2.0 * self.c);
        if self.cut && !(0.0..=1.0).contains(&t) {
            return None;
        }
        self.at(t.clamp(0.0, 1.0), a, b, px, py)
    }

    fn at(&self, t: f32, a: f32, b: f32, px: f32, py: f32) -> Option<Hit> {
        let q = a + t * (b + self.c * t);
        if q <= 0.0 {
            return None;
        }
        let h = q.sqrt();
        let r = 1.0 / (self.ra + self.dr * t);
        Some(Hit {
            depth: self.a.z + self.d.z * t + h,
            normal: vec3(px - self.d.x * t, py - self.d.y * t, h) * r,
            along: t,
        })
    }
}

/// The camera, the cones and the height field of a hand in a picture of `size` pixels.
pub(crate) fn raster(hand: &Hand, size: usize) -> (Camera, Vec<Cone>, Field) {
    let skeleton = hand.skeleton();
    let camera = Camera::new(&hand.view, &skeleton);
    let cones = cones(hand, &skeleton, &camera, size as f32);
    let field = Field::new(size, &cones);
    (camera, cones, field)
}

impl Field {
    pub fn new(size: usize, cones: &[Cone]) -> Field {
        let n = size * size;
        let mut field = Field {
            size,
            depth: vec![FAR; n],
            normal: vec![Vec3::Z; n],
            part: vec![part::NONE; n],
            cone: vec![0; n],
            along: vec![0.0; n],
        };
        for (index, cone) in cones.iter().enumerate() {
            field.cast(cone, index.min(255) as u8);
        }
        field
    }

    fn cast(&mut self, cone: &Cone, index: u8) {
        let caster = Caster::new(cone);
        let limit = self.size as f32;
        let r = cone.ra.max(cone.rb);
        let low = (cone.a - cone.ra).min(cone.b - cone.rb);
        let high = (cone.a + cone.ra).max(cone.b + cone.rb);
        let (top, bottom) = (low.y.clamp(0.0, limit), high.y.clamp(0.0, limit));
        let Vec3 { x: dx, y: dy, .. } = caster.d;
        // Half the breadth of a row's cut through the strip about the axis.
        let reach = if dy.abs() > 1.0 {
            r * dx.hypot(dy) / dy.abs()
        } else {
            f32::MAX
        };
        for row in top as usize..(bottom.ceil() as usize).min(self.size) {
            let y = row as f32 + 0.5;
            let (mut from, mut to) = (low.x, high.x);
            if reach < f32::MAX {
                let x = cone.a.x + dx * (y - cone.a.y) / dy;
                from = from.max(x - reach);
                to = to.min(x + reach);
            }
            let from = from.clamp(0.0, limit) as usize;
            let to = (to.clamp(0.0, limit).ceil() as usize).min(self.size);
            for column in from..to {
                if let Some(hit) = caster.hit(column as f32 + 0.5, y) {
                    self.merge(row * self.size + column, cone, index, &hit);
                }
            }
        }
    }

    fn merge(&mut self, at: usize, cone: &Cone, index: u8, hit: &Hit) {
        let before = self.depth[at];
        let there = self.part[at];
        let melt = if there == cone.part {
            cone.own
        } else if there == part::PALM || there == part::ARM {
            cone.melt[0] + (cone.melt[1] - cone.melt[0]) * hit.along
        } else {
            0.0
        };
        let ahead = hit.depth - before;
        if melt > 0.0 && ahead.abs() < melt {
            let share = 0.5 + 0.5 * ahead / melt;
            self.depth[at] = before + ahead * share + melt * share * (1.0 - share) * 0.5;
            self.normal[at] = self.normal[at].lerp(hit.normal, share);
            if share <= 0.5 {
                return;
            }
        } else if ahead > 0.0 {
            self.depth[at] = hit.depth;
            self.normal[at] = hit.normal;
        } else {
            return;
        }
        self.part[at] = cone.part;
        self.cone[at] = index;
        self.along[at] = hit.along;
    }
}
