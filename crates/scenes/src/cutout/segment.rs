//! Which pixels of a photo are the hand: a backdrop fitted to the photo, two colour models, and a
//! Markov random field over the pixels.

use super::mixture::Mixture;
use super::surface::{Sample, Surface};
use glam::{Vec3, vec3};

/// Darker than this, in log luminance against the backdrop, is no soft shadow of a hand.
const DEEPEST_SHADOW: f32 = -1.15;

/// A photo as log luminance and log chromaticity, relative to its fitted backdrop.
///
/// Light falls off and shadows lie on a backdrop by a factor, which changes the log luminance
/// alone; skin is redder than any wall, which changes the two chromaticities.
pub(crate) struct Scene {
    pub(crate) side: usize,
    /// Log luminance, log red over green, log green over blue: zero is plain backdrop.
    features: Vec<Vec3>,
    /// How much redder than the backdrop (log red over blue) a pixel is where skin begins.
    skin: f32,
    /// Less red than this, a pixel isn't plainly the hand.
    pale: f32,
}

impl Scene {
    /// Fits the backdrop; `None` where there is none that is bright, or nothing before it.
    pub(crate) fn new(rgb: &[Vec3], side: usize) -> Option<Self> {
        // The offset keeps the noise of dark pixels from looking colourful.
        let features = rgb.iter().map(|pixel| {
            let logs = pixel.map(|value| (value + 8.0).ln());
            let light = logs.dot(vec3(0.3, 0.6, 0.1));
            vec3(light, logs.x - logs.y, logs.y - logs.z)
        });
        let mut features: Vec<Vec3> = features.collect();
        let split = otsu(&features);
        let bright = features.iter().filter(|pixel| warmth(**pixel) < split);
        let mut bright: Vec<f32> = bright.map(|pixel| pixel.x).collect();
        if bright.len() * 5 < rgb.len() {
            return None;
        }
        let middle = bright.len() * 2 / 3;
        let level = *bright.select_nth_unstable_by(middle, f32::total_cmp).1;
        if level < 80_f32.ln() {
            return None;
        }
        // A seventh of the pixels are plenty for six unknowns.
        let chosen = features.iter().enumerate().step_by(7);
        let mut samples: Vec<Sample> = chosen
            .map(|(at, pixel)| Sample {
                terms: Surface::terms(at, side),
                pixel: *pixel,
                weight: f32::from(u8::from(warmth(*pixel) < split && pixel.x > level - 0.6)),
            })
            .collect();
        let mut surface = Surface::fit(&samples)?;
        for _ in 0..4 {
            for sample in &mut samples {
                let rest = surface.subtract(sample.terms, sample.pixel);
                // Redder or darker than the backdrop may well be the hand or its shadow; paler
                // or brighter is rather a bad fit, which has to keep its say.
                let red = (warmth(rest) / 0.12).max(0.4 * -warmth(rest) / 0.12);
                let dark = (-rest.x / 0.3).max(rest.x);
                sample.weight = tukey(red) * tukey(dark);
            }
            surface = Surface::fit(&samples)?;
        }
        for (at, pixel) in features.iter_mut().enumerate() {
            *pixel = surface.subtract(Surface::terms(at, side), *pixel);
        }
        let skin = otsu(&features).clamp(0.08, 0.3);
        Some(Self {
            side,
            features,
            skin,
            pale: skin,
        })
    }

    /// True for the pixels before the backdrop.
    pub(crate) fn segment(&mut self) -> Option<Vec<bool>> {
        let links = self.links();
        // The first guess goes by redness alone, and leaves what is near the limit to both.
        let mut odds: Vec<f32> = self
            .features
            .iter()
            .map(|pixel| ((warmth(*pixel) - self.skin) / (0.25 * self.skin)).clamp(-3.0, 3.0))
            .collect();
        for _ in 0..2 {
            let inside = self.model(|at| odds[at] > 1.0)?;
            let outside = self.model(|at| odds[at] < -1.0 && !self.is_black(at))?;
            // A gap's colour is between the backdrop's and the hand's.
            self.pale = 0.85 * warmth(inside.mean);
            let unary: Vec<f32> = (0..odds.len())
                .map(|at| {
                    let pixel = self.features[at];
                    let odds = inside.log_likelihood(pixel) - outside.log_likelihood(pixel);
                    // Nails, rings and sleeves are black: colour says no more than that it isn't
                    // the backdrop.
                    if self.is_black(at) {
                        0.5
                    } else if self.is_gap(at) {
                        -2.0
                    } else {
                        (0.5 * odds).clamp(-3.0, 3.0)
                    }
                })
                .collect();
            odds = self.smooth(&unary, &links);
        }
        let mut mask: Vec<bool> = odds.iter().map(|&odds| odds > 0.0).collect();
        // What is black and leaves the frame is a corner of it, or somebody else.
        let black: Vec<bool> = (0..mask.len())
            .map(|at| mask[at] && self.is_black(at))
            .collect();
        for part in components(&black, self.side) {
            let leaving = part.iter().filter(|&&at| on_border(at, self.side)).count();
            let skin = |at: usize| mask.get(at).is_some_and(|&inside| inside) && !black[at];
            let held = part.iter().filter(|&&at| {
                let side = self.side;
                [at.wrapping_sub(side), at + side].into_iter().any(skin)
            });
            // A bracelet at the border lies along the wrist for most of its length.
            if leaving * 16 > self.side && held.count() * 2 < leaving {
                part.iter().for_each(|&at| mask[at] = false);
            }
        }
        Some(mask)
    }

    /// True where the colour of these pixels is the backdrop's, lit or in the shade.
    pub(crate) fn looks_like_backdrop(&self, pixels: &[usize]) -> bool {
        let alike = pixels.iter().filter(|&&at| {
            let pixel = self.features[at];
            warmth(pixel) < self.skin && pixel.x > -0.9
        });
        alike.count() * 2 > pixels.len()
    }

    /// Share of the mask's outline at which the colours differ across it.
    pub(crate) fn contrast(&self, mask: &[bool]) -> f32 {
        let (mut outline, mut clear) = (0, 0);
        let side = self.side;
        for y in 2..side - 2 {
            for x in 2..side - 2 {
                let at = y * side + x;
                for step in [1, side] {
                    if mask[at] == mask[at + step] {
                        continue;
                    }
                    // Colour is blurred across two pixels by chroma subsampling.
                    let [near, far] = [at - step, at + 2 * step].map(|at| self.features[at]);
                    let light = (near.x - far.x).abs();
                    let colour = (warmth(near) - warmth(far)).abs();
                    outline += 1;
                    clear += usize::from(light > 0.2 || colour > 0.15);
                }
            }
        }
        clear as f32 / outline.max(1) as f32
    }

    /// Share of the pixels outside of the mask that the backdrop doesn't explain.
    pub(crate) fn clutter(&self, mask: &[bool]) -> f32 {
        let outside = (0..mask.len()).filter(|&at| !mask[at]);
        let odd = outside.clone().filter(|&at| {
            let pixel = self.features[at];
            warmth(pixel).abs() > self.skin.max(0.2) || !(-0.9..0.4).contains(&pixel.x)
        });
        odd.count() as f32 / outside.count().max(1) as f32
    }

    fn is_black(&self, at: usize) -> bool {
        let pixel = self.features[at];
        pixel.x < DEEPEST_SHADOW && warmth(pixel) < 1.5 * self.skin
    }

    /// True in a narrow gap between two fingers: JPEG keeps colour at half of the resolution, so
    /// that there the backdrop takes on the hand's, and only its light tells it.
    fn is_gap(&self, at: usize) -> bool {
        let (side, pixel) = (self.side, self.features[at]);
        if pixel.x < -0.25 || warmth(pixel) > self.pale {
            return false;
        }
        let darker = |near: Option<usize>| {
            let near = near.and_then(|near| self.features.get(near));
            near.is_some_and(|near| near.x < pixel.x - 0.13)
        };
        [2, 2 * side - 2, 2 * side, 2 * side + 2]
            .into_iter()
            .any(|step| darker(at.checked_sub(step)) && darker(Some(at + step)))
    }

    fn model(&self, chosen: impl Fn(usize) -> bool) -> Option<Mixture> {
        // Pixels at an outline are a mix of both sides, and no sample of either.
        let side = self.side;
        let inner = (side..side * (side - 1)).filter(|&at| {
            [at, at - 1, at + 1, at - side, at + side]
                .into_iter()
                .all(&chosen)
        });
        Mixture::fit(inner.map(|at| self.features[at]).collect())
    }

    /// How strongly each pixel is tied to its neighbours right, below left, below, below right:
    /// weakly across edges.
    fn links(&self) -> Vec<[f32; 4]> {
        let side = self.side;
        let link = |at: usize| {
            let (x, y) = (at % side, at / side);
            let down = y + 1 < side;
            let there = [x + 1 < side, down && x > 0, down, down && x + 1 < side];
            std::array::from_fn(|k| {
                if !there[k] {
                    return 0.0;
                }
                let [a, b] =
                    [at, at + [1, side - 1, side, side + 1][k]].map(|at| self.features[at]);
                let light = (a.x - b.x) / 0.12;
                let colour = (warmth(a) - warmth(b)) / 0.1;
                let length = if k % 2 == 0 { 1.0 } else { 0.7 };
                length * 0.7 / (1.0 + light * light + colour * colour)
            })
        };
        (0..self.features.len()).map(link).collect()
    }

    /// Mean-field inference of the labels' log odds.
    fn smooth(&self, unary: &[f32], links: &[[f32; 4]]) -> Vec<f32> {
        let side = self.side;
        let steps = [1, side - 1, side, side + 1];
        // A cheap sigmoid with the shape of the hyperbolic tangent.
        let belief = |odds: f32| odds / (1.0 + odds.abs());
        let mut odds = unary.to_vec();
        let mut beliefs: Vec<f32> = unary.iter().map(|&odds| belief(odds)).collect();
        // Only what is undecided or has a neighbour of the other kind can change; the rest, most
        // of the photo, is left out.
        let open = |at: usize| {
            let differs = |near: Option<&f32>| near.is_some_and(|near| near * unary[at] < 0.0);
            unary[at].abs() < 2.5
                || steps.into_iter().any(|step| {
                    differs(unary.get(at + step)) || differs(unary.get(at.wrapping_sub(step)))
                })
        };
        let open: Vec<usize> = (0..side * side).filter(|&at| open(at)).collect();
        let mut visit = |at: usize| {
            let mut sum = unary[at];
            for (k, step) in steps.into_iter().enumerate() {
                // Links are zero where a neighbour would be in another row.
                if let Some(near) = beliefs.get(at + step) {
                    sum += links[at][k] * near;
                }
                if at >= step {
                    sum += links[at - step][k] * beliefs[at - step];
                }
            }
            odds[at] = sum;
            beliefs[at] = belief(sum);
        };
        for _ in 0..3 {
            open.iter().for_each(|&at| visit(at));
            open.iter().rev().for_each(|&at| visit(at));
        }
        odds
    }
}

/// Log red over blue.
fn warmth(pixel: Vec3) -> f32 {
    pixel.y + pixel.z
}

/// Tukey's biweight: nothing beyond one.
fn tukey(rest: f32) -> f32 {
    let inner = (1.0 - rest * rest).max(0.0);
    inner * inner
}

/// Otsu's limit between two classes of warmth.
fn otsu(features: &[Vec3]) -> f32 {
    const BINS: usize = 96;
    const LOW: f32 = -0.4;
    const STEP: f32 = 0.02;
    let mut counts = [0.0_f32; BINS];
    for pixel in features {
        let bin = ((warmth(*pixel) - LOW) / STEP).clamp(0.0, (BINS - 1) as f32);
        counts[bin as usize] += 1.0;
    }
    let total: f32 = counts.iter().sum();
    let moment = |(bin, count): (usize, &f32)| bin as f32 * count;
    let all: f32 = counts.iter().enumerate().map(moment).sum();
    let (mut below, mut sum, mut best) = (0.0, 0.0, (0.0, BINS / 2));
    for (bin, count) in counts.iter().enumerate() {
        below += count;
        sum += bin as f32 * count;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let gap = sum / below - (all - sum) / above;
        let between = below * above * gap * gap;
        if between > best.0 {
            best = (between, bin + 1);
        }
    }
    LOW + STEP * best.1 as f32
}

/// The 4-connected parts of a mask, each as its pixels.
pub(crate) fn components(mask: &[bool], side: usize) -> Vec<Vec<usize>> {
    let mut open = mask.to_vec();
    let mut parts = Vec::new();
    for seed in 0..open.len() {
        if !std::mem::take(&mut open[seed]) {
            continue;
        }
        let mut part = vec![seed];
        let mut next = 0;
        while let Some(&at) = part.get(next) {
            next += 1;
            let (x, y) = (at % side, at / side);
            let neighbours = [
                (x > 0).then(|| at - 1),
                (x + 1 < side).then_some(at + 1),
                (y > 0).then(|| at - side),
                (y + 1 < side).then_some(at + side),
            ];
            for at in neighbours.into_iter().flatten() {
                if std::mem::take(&mut open[at]) {
                    part.push(at);
                }
            }
        }
        parts.push(part);
    }
    parts
}

/// Whether a pixel lies on the picture's border.
pub(crate) fn on_border(at: usize, side: usize) -> bool {
    let (x, y) = (at % side, at / side);
    x == 0 || y == 0 || x == side - 1 || y == side - 1
}
