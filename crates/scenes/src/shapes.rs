//! Painters of antialiased shapes: polygons, ellipses, boxes, strokes.

use crate::canvas::Canvas;
use crate::noise::part;
use crate::palette::{self, Rgb};
use glam::{Vec2, vec2};
use rand::Rng;

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
    pub light: Vec2,
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
    pub waves: Vec2,
    /// Whether two sets of stripes cross, not one that runs aslant.
    pub checks: bool,
}

impl Pattern {
    /// Stripes or checks, now and then.
    pub fn sometimes(rng: &mut impl Rng) -> Option<Self> {
        rng.random_bool(0.15).then(|| Self {
            colour: palette::any(rng),
            waves: vec2(rng.random_range(0.0..4.0), rng.random_range(0.0..4.0)),
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
            light: Vec2::ZERO,
            round: 0.0,
            pattern: None,
        }
    }

    /// A soft dark brush for shadows.
    pub fn shadow(opacity: f32, edge: f32) -> Self {
        Self::new(Rgb::splat(0.02)).opacity(opacity).edge(edge)
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
        let light = vec2(right, down);
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

    /// The colour at a place of the shape, whose ends are at -1 and 1; `side` is how near the
    /// silhouette is, 0 to 1.
    fn at(&self, place: Vec2, side: f32) -> Rgb {
        let light = 1.0 + self.light.dot(place) - self.round * side * side;
        let mut colour = self.colour;
        if let Some(pattern) = self.pattern {
            let wave = |place: f32| ((part(place) - 0.5).abs() * 8.0 - 2.0).clamp(0.0, 1.0);
            let waves = place * pattern.waves;
            let share = if pattern.checks {
                (wave(waves.x) + wave(waves.y)) / 2.0
            } else {
                wave(waves.x + waves.y)
            };
            colour = colour.lerp(pattern.colour, share);
        }
        colour * light.max(0.0)
    }
}

/// The columns or rows of pixels from `from` to `to`, cut to the canvas.
fn span(from: f32, to: f32, end: usize) -> std::ops::Range<usize> {
    // A cast saturates and takes NaN to zero, so that any place is safe.
    let from = (from.floor().max(0.0) as usize).min(end);
    let to = (to.ceil().max(0.0) as usize).min(end);
    from..to.max(from)
}

/// Paints a shape within `reach` of a place. `shape` says of a pixel's place from there how many
/// pixels it lies inside of the edge, where in the shape, and how near to the silhouette.
fn fill(
    canvas: &mut Canvas,
    centre: Vec2,
    reach: Vec2,
    brush: &Brush,
    shape: impl Fn(Vec2) -> (f32, Vec2, f32),
) {
    let (low, high) = (centre - reach - brush.edge, centre + reach + brush.edge);
    for y in span(low.y, high.y, canvas.height()) {
        for x in span(low.x, high.x, canvas.width()) {
            let (depth, place, side) = shape(vec2(x as f32, y as f32) + 0.5 - centre);
            let cover = (depth / brush.edge + 0.5).clamp(0.0, 1.0);
            if cover > 0.0 {
                let colour = brush.at(place, side.min(1.0));
                canvas.blend(x, y, colour, cover * brush.opacity);
            }
        }
    }
}

/// Paints an ellipse with `radii` along its own axes, turned by `angle` (radians, clockwise), with
/// a hole of `hole` times its size.
pub fn ellipse(
    canvas: &mut Canvas,
    centre: Vec2,
    radii: Vec2,
    angle: f32,
    hole: f32,
    brush: &Brush,
) {
    let radii = radii.max(Vec2::splat(0.3));
    let back = Vec2::from_angle(-angle);
    let least = radii.min_element();
    // A soft edge of a slender ellipse is wider along it.
    let reach = Vec2::splat(radii.max_element() * (1.0 + brush.edge / least));
    fill(canvas, centre, reach, brush, |away| {
        let place = back.rotate(away) / radii;
        let out = place.length();
        let mut depth = (1.0 - out) * least;
        if hole > 0.0 {
            depth = depth.min((out - hole) * least);
        }
        (depth, place, out)
    });
}

/// Paints a box of half the sizes `half`, turned by `angle`, with corners rounded by `corner`.
pub fn slab(canvas: &mut Canvas, centre: Vec2, half: Vec2, angle: f32, corner: f32, brush: &Brush) {
    let half = half.max(Vec2::splat(0.3));
    let corner = corner.min(half.min_element());
    let (turn, back) = (Vec2::from_angle(angle), Vec2::from_angle(-angle));
    let reach = turn
        .rotate(half)
        .abs()
        .max(turn.rotate(half * vec2(1.0, -1.0)).abs());
    fill(canvas, centre, reach, brush, |away| {
        let place = back.rotate(away);
        let out = place.abs() - half + corner;
        let outside = out.max(Vec2::ZERO).length() + out.max_element().min(0.0);
        let place = place / half;
        (corner - outside, place, place.x.abs())
    });
}

/// Paints a stroke from a round end to another, with a radius at each.
///
/// The brush's first axis runs across the stroke, its second along.
pub fn stroke(canvas: &mut Canvas, from: Vec2, to: Vec2, radii: [f32; 2], brush: &Brush) {
    let along = to - from;
    let square = along.length_squared().max(1e-6);
    let thick = radii[0].max(radii[1]);
    // A stroke thinner than a pixel keeps a pixel's width and becomes fainter.
    let brush = brush.opacity(brush.opacity * (thick * 2.0).min(1.0));
    let [first, last] = radii.map(|radius| radius.max(0.5));
    let reach = along.abs() / 2.0 + thick;
    fill(canvas, (from + to) / 2.0, reach, &brush, |away| {
        let away = away + along / 2.0;
        let share = (away.dot(along) / square).clamp(0.0, 1.0);
        let radius = first + (last - first) * share;
        let across = away.perp_dot(along) / (square.sqrt() * radius);
        // Ends are no darker, so that strokes join without a seam.
        let depth = radius - away.distance(along * share);
        (depth, vec2(across, share * 2.0 - 1.0), across.abs())
    });
}

/// Paints a polygon.
pub fn polygon(canvas: &mut Canvas, points: &[Vec2], brush: &Brush) {
    let low = points.iter().copied().fold(Vec2::MAX, Vec2::min);
    let high = points.iter().copied().fold(Vec2::MIN, Vec2::max);
    let scale = 2.0 / (high - low).max(Vec2::ONE);
    cover(canvas, points, |canvas, x, y, share| {
        let place = (vec2(x as f32, y as f32) + 0.5 - low) * scale - 1.0;
        let colour = brush.at(place, place.x.abs().min(1.0));
        canvas.blend(x, y, colour, share * brush.opacity);
    });
}

/// Scanlines for each row of pixels.
const SCANLINES: usize = 4;

/// Calls `paint` for every pixel that a polygon covers, with the share of it that is covered.
/// Where the outline crosses itself, what is enclosed twice is outside.
pub fn cover(
    canvas: &mut Canvas,
    points: &[Vec2],
    mut paint: impl FnMut(&mut Canvas, usize, usize, f32),
) {
    let Some(&last) = points.last() else {
        return;
    };
    let width = canvas.width();
    let rows = points.iter().map(|point| point.y);
    let (low, high) = (
        rows.clone().fold(f32::MAX, f32::min),
        rows.fold(f32::MIN, f32::max),
    );
    let mut shares = vec![0.0f32; width];
    let mut crossings: Vec<f32> = Vec::new();
    for y in span(low, high, canvas.height()) {
        let (mut left, mut right) = (width, 0);
        for line in 0..SCANLINES {
            let height = y as f32 + (line as f32 + 0.5) / SCANLINES as f32;
            crossings.clear();
            let mut from = last;
            for &to in points {
                if (from.y <= height) != (to.y <= height) {
                    let place = from.lerp(to, (height - from.y) / (to.y - from.y));
                    crossings.push(place.x.clamp(0.0, width as f32));
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
