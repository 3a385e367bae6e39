//! The height field: for every pixel the nearest surface, its normal and what it belongs to.
//!
//! A round cone seen along parallel rays has a closed form: the sphere at `t` along it reaches
//! depth `z(t) = az + dz t + sqrt(q(t))` above a pixel, with a quadratic `q`; that is concave in
//! `t`, so its greatest value lies where the derivative vanishes, or at an end.

use crate::flesh::{Cone, part};

/// What the nearest surface at each pixel is.
pub(crate) struct Field {
    pub size: usize,
    pub depth: Vec<f32>,
    /// Right, down and towards the viewer; of length one only where nothing melts.
    pub normal: Vec<[f32; 3]>,
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
    normal: [f32; 3],
    along: f32,
}

/// A cone prepared for its pixels.
struct Caster {
    a: [f32; 3],
    d: [f32; 3],
    ra: f32,
    dr: f32,
    c: f32,
    /// `c - dz²`, negative like `c` for a cone that is seen from its side.
    k: f32,
    cut: bool,
}

impl Caster {
    fn new(cone: &Cone) -> Caster {
        let d = [0, 1, 2].map(|i| cone.b[i] - cone.a[i]);
        let dr = cone.rb - cone.ra;
        let c = dr * dr - d[0] * d[0] - d[1] * d[1];
        Caster {
            a: cone.a,
            d,
            ra: cone.ra,
            dr,
            c,
            k: c - d[2] * d[2],
            cut: cone.cut,
        }
    }

    fn hit(&self, x: f32, y: f32) -> Option<Hit> {
        let (px, py) = (x - self.a[0], y - self.a[1]);
        let a = self.ra * self.ra - px * px - py * py;
        let b = 2.0 * (self.ra * self.dr + px * self.d[0] + py * self.d[1]);
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
        let t = (-b - self.d[2] * (discriminant / self.k).sqrt()) / (2.0 * self.c);
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
            depth: self.a[2] + self.d[2] * t + h,
            normal: [(px - self.d[0] * t) * r, (py - self.d[1] * t) * r, h * r],
            along: t,
        })
    }
}

impl Field {
    pub fn new(size: usize, cones: &[Cone]) -> Field {
        let n = size * size;
        let mut field = Field {
            size,
            depth: vec![FAR; n],
            normal: vec![[0.0, 0.0, 1.0]; n],
            part: vec![part::NONE; n],
            cone: vec![0; n],
            along: vec![0.0; n],
        };
        for (index, cone) in cones.iter().enumerate() {
            field.cast(cone, index.min(255) as u8);
        }
        field
    }

    /// Whether the square of `n` samples from this one on shows one cone only.
    pub fn is_whole(&self, first: usize, n: usize) -> bool {
        let here = (self.part[first], self.cone[first]);
        (0..n).all(|y| {
            let line = first + y * self.size;
            (line..line + n).all(|at| (self.part[at], self.cone[at]) == here)
        })
    }

    fn cast(&mut self, cone: &Cone, index: u8) {
        let caster = Caster::new(cone);
        let limit = self.size as f32;
        let r = cone.ra.max(cone.rb);
        let top = (cone.a[1] - cone.ra)
            .min(cone.b[1] - cone.rb)
            .clamp(0.0, limit);
        let bottom = (cone.a[1] + cone.ra)
            .max(cone.b[1] + cone.rb)
            .clamp(0.0, limit);
        let left = (cone.a[0] - cone.ra).min(cone.b[0] - cone.rb);
        let right = (cone.a[0] + cone.ra).max(cone.b[0] + cone.rb);
        let [dx, dy, _] = caster.d;
        // Half the breadth of a row's cut through the strip about the axis.
        let reach = if dy.abs() > 1.0 {
            r * (dx * dx + dy * dy).sqrt() / dy.abs()
        } else {
            f32::MAX
        };
        for row in top as usize..(bottom.ceil() as usize).min(self.size) {
            let y = row as f32 + 0.5;
            let (mut from, mut to) = (left, right);
            if reach < f32::MAX {
                let x = cone.a[0] + dx * (y - cone.a[1]) / dy;
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
            let n = &mut self.normal[at];
            for (old, new) in n.iter_mut().zip(hit.normal) {
                *old += (new - *old) * share;
            }
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
