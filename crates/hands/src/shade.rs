//! The picture of a height field: light, shadow, occlusion and contours.

use crate::flesh::part;
use crate::hand::{Hand, Handedness};
use crate::look::Light;
use crate::raster::{FAR, Field, raster};
use crate::sketch;
use crate::skin::{Painter, Place};
use crate::vector::unit;
use glam::{Vec3, vec3};

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

    let mut rgba = vec![0; side * side * 4];
    let mut lines = vec![0; side * side];
    for row in 0..side {
        for column in 0..side {
            let mut sum = [0.0_f32; 3];
            let mut covered = 0.0_f32;
            let mut line = 0.0_f32;
            let first = row * SAMPLES * size + column * SAMPLES;
            if (0..SAMPLES).all(|y| {
                let line = first + y * size;
                field.part[line..line + SAMPLES]
                    .iter()
                    .all(|p| *p == part::NONE)
            }) {
                continue;
            }
            // Within one surface its diagonal is enough.
            let whole = field.is_whole(first, SAMPLES);
            let step = if whole { SAMPLES + 1 } else { 1 };
            let weight = if whole { SAMPLES as f32 } else { 1.0 };
            for sub in (0..SAMPLES * SAMPLES).step_by(step) {
                let (x, y) = (
                    column * SAMPLES + sub % SAMPLES,
                    row * SAMPLES + sub / SAMPLES,
                );
                let at = y * size + x;
                if field.part[at] == part::NONE {
                    continue;
                }
                let index = usize::from(field.cone[at]);
                let Some(cone) = cones.get(index) else {
                    continue;
                };
                let (fx, fy) = (x as f32 + 0.5, y as f32 + 0.5);
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
                let dark = 1.0 - 0.38 * contour;
                for (total, value) in sum.iter_mut().zip(lit) {
                    *total += value * dark * weight;
                }
                covered += weight;
                line += contour.max(surface.line) * weight;
            }
            let at = row * side + column;
            if covered > 0.0 {
                for channel in 0..3 {
                    let value = (sum[channel] / covered).clamp(0.0, 1.0);
                    rgba[at * 4 + channel] = (value * 255.0 + 0.5) as u8;
                }
                let alpha = covered / (SAMPLES * SAMPLES) as f32;
                rgba[at * 4 + 3] = (alpha * 255.0 + 0.5) as u8;
                lines[at] = ((line * 0.5).min(1.0) * 255.0 + 0.5) as u8;
            }
        }
    }
    let mut rendering = Rendering { side, rgba, lines };
    if hand.handedness == Handedness::Left {
        rendering.mirror();
    }
    rendering
}

impl Rendering {
    fn mirror(&mut self) {
        for row in 0..self.side {
            self.lines[row * self.side..(row + 1) * self.side].reverse();
            for x in 0..self.side / 2 {
                let left = (row * self.side + x) * 4;
                let right = (row * self.side + self.side - 1 - x) * 4;
                for channel in 0..4 {
                    self.rgba.swap(left + channel, right + channel);
                }
            }
        }
    }
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
        let towards = unit(Vec3::from(light.direction));
        Lamp {
            light: *light,
            towards,
            half: unit(towards + Vec3::Z),
        }
    }

    /// The colour of a place: `open` of the surroundings and `lit` of the lamp reach it.
    fn on(&self, n: Vec3, colour: [f32; 3], gloss: f32, open: f32, lit: f32) -> [f32; 3] {
        let facing = n.dot(self.towards);
        let soft = self.light.soft;
        let edge = 0.82 + 0.18 * n.z;
        let ambient = self.light.ambient * open * (0.9 + 0.1 * n.y) * edge;
        let mut shine = n.dot(self.half).max(0.0);
        for _ in 0..4 {
            shine *= shine;
        }
        let shine = shine * gloss * self.light.lamp * lit;
        let mut out = [0.0; 3];
        for (channel, value) in out.iter_mut().enumerate() {
            // Red light travels further in flesh: shade begins later for it.
            let wrap = soft + [0.14, 0.03, 0.0][channel];
            let lamp = ((facing + wrap) / (1.0 + wrap)).max(0.0) * self.light.lamp;
            let sum = ambient + lamp * lit * (0.5 + 0.5 * open) * edge;
            *value = (colour[channel] * sum + shine) * self.light.colour[channel];
        }
        out
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
        let [lx, ly, lz] = light.direction;
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
        let sums: Vec<[f32; 2]> = self
            .depth
            .iter()
            .map(|d| if *d > FAR { [*d, 1.0] } else { [0.0, 0.0] })
            .collect();
        let sums = transposed_sums(&transposed_sums(&sums, n, radius), n, radius);
        sums.iter()
            .map(|[d, count]| if *count > 0.0 { d / count } else { FAR })
            .collect()
    }
}

/// The sliding sums of each row, turned by 90 degrees: twice makes the sums of squares.
fn transposed_sums(values: &[[f32; 2]], n: usize, radius: usize) -> Vec<[f32; 2]> {
    let mut out = vec![[0.0, 0.0]; n * n];
    for row in 0..n {
        let line = &values[row * n..(row + 1) * n];
        let mut sum = [0.0_f32; 2];
        for value in line.iter().take(radius.min(n)) {
            sum = [sum[0] + value[0], sum[1] + value[1]];
        }
        for x in 0..n {
            if let Some(value) = line.get(x + radius) {
                sum = [sum[0] + value[0], sum[1] + value[1]];
            }
            if x > radius {
                let value = line[x - radius - 1];
                sum = [sum[0] - value[0], sum[1] - value[1]];
            }
            out[x * n + row] = sum;
        }
    }
    out
}
