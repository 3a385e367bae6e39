//! The picture of a height field: light, shadow, occlusion and contours.

use crate::flesh::part;
use crate::hand::{Hand, Handedness};
use crate::look::Light;
use crate::raster::{FAR, Field, raster};
use crate::sketch;
use crate::skin::{Painter, Place};
use crate::vector::unit;
use glam::{Vec2, Vec3, Vec4, vec2, vec3};

/// A drawn hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendering {
    /// Width and height in pixels.
    pub side: usize,
    /// Straight alpha, row by row from the top left.
    pub rgba: Vec<u8>,
    /// Where somebody who draws this hand would put a line inside its outline, `side * side`
    /// values, 0 to 255: a finger that lies over another or over the palm, nails, main folds.
    pub lines: Vec<u8>,
}

/// Samples to a pixel, in each direction.
const SAMPLES: usize = 2;

impl Hand {
    /// Draws it in a square of `side` pixels.
    pub fn render(&self, side: usize) -> Rendering {
        render(self, side)
    }
}

fn render(hand: &Hand, side: usize) -> Rendering {
    let size = side * SAMPLES;
    let (camera, cones, field) = raster(hand, size);
    let pixels = camera.scale * size as f32;
    let coarse = Coarse::new(&field, side);
    let shade = coarse.shade(&hand.look.light, pixels / SAMPLES as f32);
    let contours = sketch::contours(&field, pixels);
    let painter = Painter::new(hand, pixels);
    let light = Lamp::new(&hand.look.light);
    let lengths: Vec<f32> = cones.iter().map(|c| c.a.distance(c.b) / pixels).collect();

    let mut rgba = vec![[0; 4]; side * side];
    let mut lines = vec![0; side * side];
    for row in 0..side {
        for column in 0..side {
            let first = row * SAMPLES * size + column * SAMPLES;
            let samples = (0..SAMPLES * SAMPLES).map(|n| first + n / SAMPLES * size + n % SAMPLES);
            if samples.clone().all(|at| field.part[at] == part::NONE) {
                continue;
            }
            // The colour, and how many samples it is of.
            let mut sum = Vec4::ZERO;
            let mut line = 0.0_f32;
            // Within one surface its diagonal is enough.
            let here = (field.part[first], field.cone[first]);
            let whole = samples
                .clone()
                .all(|at| (field.part[at], field.cone[at]) == here);
            let step = if whole { SAMPLES + 1 } else { 1 };
            let weight = if whole { SAMPLES as f32 } else { 1.0 };
            for at in samples.step_by(step) {
                if field.part[at] == part::NONE {
                    continue;
                }
                let index = usize::from(field.cone[at]);
                let Some(cone) = cones.get(index) else {
                    continue;
                };
                let (fx, fy) = ((at % size) as f32 + 0.5, (at / size) as f32 + 0.5);
                // Rows run down, axes up.
                let up = vec3(1.0, -1.0, 1.0);
                let normal = unit(field.normal[at] * up);
                let from = (vec3(fx, fy, field.depth[at]) - cone.a) * up;
                let s = size as f32;
                let surface = painter.paint(&Place {
                    cone,
                    t: field.along[at],
                    along: from.dot(cone.along) / pixels,
                    length: lengths[index],
                    normal,
                    local: camera.unproject(fx / s, fy / s, field.depth[at] / s),
                });
                let contour = contours[at];
                let [open, lit] = shade[row * side + column];
                let lit = light.on(normal, surface.colour, surface.gloss, open, lit);
                sum += (lit * (1.0 - 0.38 * contour)).extend(1.0) * weight;
                line += contour.max(surface.line) * weight;
            }
            let at = row * side + column;
            if sum.w > 0.0 {
                let alpha = sum.w / (SAMPLES * SAMPLES) as f32;
                let pixel = (sum.truncate() / sum.w).extend(alpha);
                rgba[at] = pixel.to_array().map(to_byte);
                lines[at] = to_byte(line * 0.5);
            }
        }
    }
    if hand.handedness == Handedness::Left {
        rgba.chunks_mut(side).for_each(<[_]>::reverse);
        lines.chunks_mut(side).for_each(<[_]>::reverse);
    }
    Rendering {
        side,
        rgba: rgba.into_flattened(),
        lines,
    }
}

fn to_byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// The lamp and what comes from everywhere, ready for many places.
struct Lamp {
    light: Light,
    towards: Vec3,
    /// Half way between lamp and viewer: where a shiny place shows the lamp.
    half: Vec3,
}

impl Lamp {
    fn new(light: &Light) -> Lamp {
        let towards = unit(light.direction);
        Lamp {
            light: *light,
            towards,
            half: unit(towards + Vec3::Z),
        }
    }

    /// The colour of a place: `open` of the surroundings and `lit` of the lamp reach it.
    fn on(&self, n: Vec3, colour: Vec3, gloss: f32, open: f32, lit: f32) -> Vec3 {
        let facing = n.dot(self.towards);
        let soft = self.light.soft;
        let edge = 0.82 + 0.18 * n.z;
        let ambient = self.light.ambient * open * (0.9 + 0.1 * n.y) * edge;
        let mut shine = n.dot(self.half).max(0.0);
        for _ in 0..4 {
            shine *= shine;
        }
        let shine = shine * gloss * self.light.lamp * lit;
        // Red light travels further in flesh: shade begins later for it.
        let wrap = soft + vec3(0.14, 0.03, 0.0);
        let lamp = ((facing + wrap) / (1.0 + wrap)).max(Vec3::ZERO) * self.light.lamp;
        let sum = ambient + lamp * (lit * (0.5 + 0.5 * open) * edge);
        (colour * sum + shine) * self.light.colour
    }
}

/// The height field at one sample a pixel, for what varies slowly.
struct Coarse {
    side: usize,
    depth: Vec<f32>,
}

impl Coarse {
    fn new(field: &Field, side: usize) -> Coarse {
        let mut depth = vec![FAR; side * side];
        for (at, value) in depth.iter_mut().enumerate() {
            let (x, y) = (at % side * SAMPLES, at / side * SAMPLES);
            let mut sum = 0.0;
            let mut count = 0.0;
            for sub in 0..SAMPLES * SAMPLES {
                let d = field.depth[(y + sub / SAMPLES) * field.size + x + sub % SAMPLES];
                if d > FAR {
                    sum += d;
                    count += 1.0;
                }
            }
            if count > 0.0 {
                // In pixels of the picture, as the distances here are.
                *value = sum / count / SAMPLES as f32;
            }
        }
        Coarse { side, depth }
    }

    /// How much of the surroundings and of the lamp reaches each pixel; `unit` in pixels.
    fn shade(&self, light: &Light, unit: f32) -> Vec<[f32; 2]> {
        let near = self.blur((unit * 0.05).max(1.0) as usize);
        let wide = self.blur((unit * 0.14).max(2.0) as usize);
        let mut shade = vec![[1.0, 1.0]; self.side * self.side];
        for (at, out) in shade.iter_mut().enumerate() {
            let z = self.depth[at];
            if z <= FAR {
                continue;
            }
            let n = ((near[at] - z) / (unit * 0.07)).clamp(0.0, 1.0);
            let w = ((wide[at] - z) / (unit * 0.22)).clamp(0.0, 1.0);
            *out = [
                (1.0 - 0.34 * n) * (1.0 - 0.46 * w),
                self.lit(at, z, light, unit),
            ];
        }
        shade
    }

    /// Walks towards the lamp and looks what stands in its way.
    fn lit(&self, at: usize, z: f32, light: &Light, unit: f32) -> f32 {
        let [lx, ly, lz] = light.direction.to_array();
        let (x, y) = ((at % self.side) as f32, (at / self.side) as f32);
        let mut hidden = 0.0_f32;
        // A slope must not shade itself between two pixels.
        let bias = 0.03 * unit;
        for step in 1..=9 {
            let d = step as f32 * 0.055 * unit;
            let (sx, sy) = (x + lx * d + 0.5, y - ly * d + 0.5);
            if sx < 0.0 || sy < 0.0 || sx >= self.side as f32 || sy >= self.side as f32 {
                break;
            }
            let above = self.depth[sy as usize * self.side + sx as usize] - (z + lz * d + bias);
            if above > 0.0 {
                hidden = hidden.max((above / (unit * 0.07)).min(1.0));
            }
        }
        1.0 - 0.75 * hidden
    }

    /// The mean depth of what is covered in the square of this radius.
    fn blur(&self, radius: usize) -> Vec<f32> {
        let n = self.side;
        let covered = |d: &f32| if *d > FAR { vec2(*d, 1.0) } else { Vec2::ZERO };
        let sums: Vec<Vec2> = self.depth.iter().map(covered).collect();
        let sums = transposed_sums(&transposed_sums(&sums, n, radius), n, radius);
        let mean = |sum: &Vec2| if sum.y > 0.0 { sum.x / sum.y } else { FAR };
        sums.iter().map(mean).collect()
    }
}

/// The sliding sums of each row, turned by 90 degrees: twice makes the sums of squares.
fn transposed_sums(values: &[Vec2], n: usize, radius: usize) -> Vec<Vec2> {
    let mut out = vec![Vec2::ZERO; n * n];
    for (row, line) in values.chunks(n).enumerate() {
        let mut sum: Vec2 = line.iter().take(radius).sum();
        for x in 0..n {
            sum += line.get(x + radius).copied().unwrap_or_default();
            if x > radius {
                sum -= line[x - radius - 1];
            }
            out[x * n + row] = sum;
        }
    }
    out
}
