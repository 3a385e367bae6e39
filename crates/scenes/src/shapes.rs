//! Painters of antialiased shapes: polygons, ellipses, boxes, strokes.

use crate::canvas::Canvas;
use crate::noise::part;
use crate::palette::{self, Rgb, lit, mix};
use rand::Rng;

/// A place in pixels, right and down.
pub type Point = [f32; 2];

/// What a shape is painted with.
#[derive(Debug, Clone, Copy)]
pub struct Brush {
    /// The colour in plain light.
    pub colour: Rgb,
    /// Opacity in 0 to 1.
    pub opacity: f32,
    /// Width in pixels of the edge, 1 for a sharp one; a polygon's is always sharp.
    pub edge: f32,
    /// What light is added from the middle to the right and to the lower end, as a share.
    pub light: [f32; 2],
    /// What light is lost towards the sides, as it is on round bodies, as a share.
    pub round: f32,
    /// A second colour in stripes or checks.
    pub pattern: Option<Pattern>,
}

/// Stripes or checks on a shape.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// The second colour.
    pub colour: Rgb,
    /// Stripes between the middle and the right and lower ends.
    pub waves: [f32; 2],
    /// Whether two sets of stripes cross, not one that runs aslant.
    pub checks: bool,
}

impl Pattern {
    /// Stripes or checks, now and then.
    pub fn sometimes(rng: &mut impl Rng) -> Option<Self> {
        rng.random_bool(0.15).then(|| Self {
            colour: palette::any(rng),
            waves: [rng.random_range(0.0..4.0), rng.random_range(0.0..4.0)],
            checks: rng.random(),
        })
    }
}

impl Brush {
    /// A flat, opaque, sharp brush.
    pub fn new(colour: Rgb) -> Self {
        Self {
            colour,
            opacity: 1.0,
            edge: 1.0,
            light: [0.0; 2],
            round: 0.0,
            pattern: None,
        }
    }

    /// A soft dark brush for shadows.
    pub fn shadow(opacity: f32, edge: f32) -> Self {
        Self::new([0.02; 3]).opacity(opacity).edge(edge)
    }

    /// With another opacity.
    pub fn opacity(self, opacity: f32) -> Self {
        Self { opacity, ..self }
    }

    /// With another width of the edge.
    pub fn edge(self, edge: f32) -> Self {
        let edge = edge.max(1.0);
        Self { edge, ..self }
    }

    /// With light that grows to the right and downwards.
    pub fn light(self, right: f32, down: f32) -> Self {
        let light = [right, down];
        Self { light, ..self }
    }

    /// With less light at the sides.
    pub fn round(self, round: f32) -> Self {
        Self { round, ..self }
    }

    /// With a pattern.
    pub fn pattern(self, pattern: Option<Pattern>) -> Self {
        Self { pattern, ..self }
    }

    fn flat(&self) -> bool {
        self.light == [0.0; 2] && self.round == 0.0 && self.pattern.is_none()
    }

    /// The colour at a place of the shape, whose ends are at -1 and 1; `side` is how near the
    /// silhouette is, 0 to 1.
    #[inline]
    fn at(&self, u: f32, v: f32, side: f32) -> Rgb {
        if self.flat() {
            return self.colour;
        }
        let light = 1.0 + self.light[0] * u + self.light[1] * v - self.round * side * side;
        let colour = match self.pattern {
            None => self.colour,
            Some(Pattern {
                colour,
                waves,
                checks,
            }) => {
                let wave = |place: f32| ((part(place) - 0.5).abs() * 8.0 - 2.0).clamp(0.0, 1.0);
                let share = if checks {
                    (wave(u * waves[0]) + wave(v * waves[1])) / 2.0
                } else {
                    wave(u * waves[0] + v * waves[1])
                };
                mix(self.colour, colour, share)
            }
        };
        lit(colour, light.max(0.0))
    }
}

/// The columns or rows of pixels from `from` to `to`, cut to the canvas.
fn span(from: f32, to: f32, end: usize) -> std::ops::Range<usize> {
    // A cast saturates and takes NaN to zero, so that any place is safe.
    let from = (from.floor().max(0.0) as usize).min(end);
    let to = (to.ceil().max(0.0) as usize).min(end);
    from..to.max(from)
}

/// Paints an ellipse with `radii` along its own axes, turned by `angle` (radians, clockwise).
pub fn ellipse(canvas: &mut Canvas, centre: Point, radii: [f32; 2], angle: f32, brush: &Brush) {
    ring(canvas, centre, radii, angle, 0.0, brush);
}

/// Paints an ellipse with a hole of `hole` times its size.
pub fn ring(
    canvas: &mut Canvas,
    centre: Point,
    radii: [f32; 2],
    angle: f32,
    hole: f32,
    brush: &Brush,
) {
    let radii = radii.map(|radius| radius.max(0.3));
    let (sin, cos) = angle.sin_cos();
    let grow = 1.0 + brush.edge / radii[0].min(radii[1]);
    let reach_y = (radii[0] * sin).hypot(radii[1] * cos) * grow;
    let sharp = radii[0].min(radii[1]) / brush.edge;
    for y in span(centre[1] - reach_y, centre[1] + reach_y, canvas.height()) {
        let down = y as f32 + 0.5 - centre[1];
        // The outline's ends in this row are a quadratic equation's solutions.
        let (step_u, step_v) = (cos / radii[0], -sin / radii[1]);
        let (base_u, base_v) = (down * sin / radii[0], down * cos / radii[1]);
        let square = step_u * step_u + step_v * step_v;
        let middle = -(step_u * base_u + step_v * base_v) / square;
        let rest = grow * grow - base_u * base_u - base_v * base_v;
        let half = (rest / square + middle * middle).max(0.0).sqrt() + 1.0;
        let from = centre[0] + middle - half;
        for x in span(from, from + 2.0 * half, canvas.width()) {
            let right = x as f32 + 0.5 - centre[0];
            let (u, v) = (base_u + right * step_u, base_v + right * step_v);
            let away = (u * u + v * v).sqrt();
            let mut cover = ((1.0 - away) * sharp + 0.5).clamp(0.0, 1.0);
            if hole > 0.0 {
                cover = cover.min((away - hole) * sharp + 0.5);
            }
            if cover > 0.0 {
                let colour = brush.at(u, v, away.min(1.0));
                canvas.blend(x, y, colour, cover * brush.opacity);
            }
        }
    }
}

/// Paints a box of half the sizes `half`, turned by `angle`, with corners rounded by `corner`.
pub fn slab(
    canvas: &mut Canvas,
    centre: Point,
    half: [f32; 2],
    angle: f32,
    corner: f32,
    brush: &Brush,
) {
    let half = half.map(|side| side.max(0.3));
    let corner = corner.min(half[0]).min(half[1]);
    let (sin, cos) = angle.sin_cos();
    let reach_x = (half[0] * cos).abs() + (half[1] * sin).abs() + brush.edge;
    let reach_y = (half[0] * sin).abs() + (half[1] * cos).abs() + brush.edge;
    for y in span(centre[1] - reach_y, centre[1] + reach_y, canvas.height()) {
        let down = y as f32 + 0.5 - centre[1];
        for x in span(centre[0] - reach_x, centre[0] + reach_x, canvas.width()) {
            let right = x as f32 + 0.5 - centre[0];
            let (u, v) = (right * cos + down * sin, down * cos - right * sin);
            let out_u = u.abs() - half[0] + corner;
            let out_v = v.abs() - half[1] + corner;
            let (over_u, over_v) = (out_u.max(0.0), out_v.max(0.0));
            let outside = (over_u * over_u + over_v * over_v).sqrt() + out_u.max(out_v).min(0.0);
            let cover = (0.5 - (outside - corner) / brush.edge).clamp(0.0, 1.0);
            if cover > 0.0 {
                let (u, v) = (u / half[0], v / half[1]);
                let colour = brush.at(u, v, u.abs().min(1.0));
                canvas.blend(x, y, colour, cover * brush.opacity);
            }
        }
    }
}

/// Paints a stroke from a round end to another, with a radius at each.
///
/// The brush's first axis runs across the stroke, its second along.
pub fn stroke(canvas: &mut Canvas, from: Point, to: Point, radii: [f32; 2], brush: &Brush) {
    let along = [to[0] - from[0], to[1] - from[1]];
    let square = (along[0] * along[0] + along[1] * along[1]).max(1e-6);
    let length = square.sqrt();
    let reach = radii[0].max(radii[1]) + brush.edge;
    // A stroke thinner than a pixel keeps a pixel's width and becomes fainter.
    let faint = (radii[0].max(radii[1]) * 2.0).min(1.0);
    let radii = radii.map(|radius| radius.max(0.5));
    let rows = span(
        from[1].min(to[1]) - reach,
        from[1].max(to[1]) + reach,
        canvas.height(),
    );
    for y in rows {
        let down = y as f32 + 0.5 - from[1];
        // A steep or thin stroke fills little of its frame: each row looks only near the axis.
        let (mut left, mut right) = (from[0].min(to[0]), from[0].max(to[0]));
        if along[1].abs() > 1e-3 {
            let slant = reach * length / along[1].abs();
            let middle = from[0] + along[0] * down / along[1];
            left = left.max(middle - slant);
            right = right.min(middle + slant);
        }
        for x in span(left - reach, right + reach, canvas.width()) {
            let aside = x as f32 + 0.5 - from[0];
            let share = ((aside * along[0] + down * along[1]) / square).clamp(0.0, 1.0);
            let (off_x, off_y) = (aside - along[0] * share, down - along[1] * share);
            let radius = radii[0] + (radii[1] - radii[0]) * share;
            let away = (off_x * off_x + off_y * off_y).sqrt();
            let cover = ((radius - away) / brush.edge + 0.5).clamp(0.0, 1.0);
            if cover > 0.0 {
                let across = (aside * along[1] - down * along[0]) / (length * radius);
                // Ends are no darker, so that strokes join without a seam.
                let side = across.abs().min(1.0);
                let colour = brush.at(across, share * 2.0 - 1.0, side);
                canvas.blend(x, y, colour, cover * brush.opacity * faint);
            }
        }
    }
}

/// Paints strokes from point to point.
pub fn path(canvas: &mut Canvas, points: &[Point], radius: f32, brush: &Brush) {
    for pair in points.windows(2) {
        stroke(canvas, pair[0], pair[1], [radius; 2], brush);
    }
}

/// Paints a polygon.
pub fn polygon(canvas: &mut Canvas, points: &[Point], brush: &Brush) {
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for point in points {
        for at in 0..2 {
            low[at] = low[at].min(point[at]);
            high[at] = high[at].max(point[at]);
        }
    }
    let scale = [0, 1].map(|at| 2.0 / (high[at] - low[at]).max(1.0));
    cover(canvas, points, |canvas, x, y, share| {
        let u = (x as f32 + 0.5 - low[0]) * scale[0] - 1.0;
        let v = (y as f32 + 0.5 - low[1]) * scale[1] - 1.0;
        let colour = brush.at(u, v, u.abs().min(1.0));
        canvas.blend(x, y, colour, share * brush.opacity);
    });
}

/// Scanlines for each row of pixels.
const SCANLINES: usize = 4;

/// Calls `paint` for every pixel that a polygon covers, with the share of it that is covered.
/// Where the outline crosses itself, what is enclosed twice is outside.
pub fn cover(
    canvas: &mut Canvas,
    points: &[Point],
    mut paint: impl FnMut(&mut Canvas, usize, usize, f32),
) {
    let Some(&last) = points.last() else {
        return;
    };
    let width = canvas.width();
    let low = points.iter().fold(f32::MAX, |low, point| low.min(point[1]));
    let high = points
        .iter()
        .fold(f32::MIN, |high, point| high.max(point[1]));
    let mut shares = vec![0.0f32; width];
    let mut crossings: Vec<f32> = Vec::new();
    for y in span(low, high, canvas.height()) {
        let (mut left, mut right) = (width, 0);
        for line in 0..SCANLINES {
            let height = y as f32 + (line as f32 + 0.5) / SCANLINES as f32;
            crossings.clear();
            let mut from = last;
            for &to in points {
                if (from[1] <= height) != (to[1] <= height) {
                    let share = (height - from[1]) / (to[1] - from[1]);
                    crossings.push((from[0] + (to[0] - from[0]) * share).clamp(0.0, width as f32));
                }
                from = to;
            }
            crossings.sort_by(f32::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let columns = span(pair[0], pair[1], width);
                left = left.min(columns.start);
                right = right.max(columns.end);
                for x in columns {
                    let part = pair[1].min(x as f32 + 1.0) - pair[0].max(x as f32);
                    shares[x] += part / SCANLINES as f32;
                }
            }
        }
        let touched = shares.iter_mut().enumerate();
        for (x, share) in touched.take(right).skip(left) {
            let share = std::mem::take(share);
            if share > 0.0 {
                paint(canvas, x, y, share.min(1.0));
            }
        }
    }
}
