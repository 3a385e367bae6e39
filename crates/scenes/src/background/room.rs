//! Rooms in perspective: walls that meet, a floor, a ceiling, and what is in them.

use super::furnishing::furnish as furnish_at;
use super::plane::Plane;
use super::surface::Surface;
use super::wall::Wall;
use crate::canvas::Canvas;
use crate::palette::{self, hsv, lit};
use crate::shapes::{self, Brush, Point};
use glam::Vec2;
use rand::Rng;

/// Paints a room: one that is looked at straight, or into a corner of it.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    // What no wall covers is dim, not what was there before.
    let dim = lit(palette::wall(rng), 0.5);
    canvas.pixels_mut().fill(dim);
    let view = View::draw(canvas, rng);
    if rng.random_bool(0.65) {
        paint_box(canvas, &view, rng);
    } else {
        paint_corner(canvas, &view, rng);
    }
}

/// How the camera looks at the room.
struct View {
    /// Pixels of a metre at the far wall.
    metre: f32,
    /// The pixel that is straight ahead.
    ahead: Point,
    /// The far wall's middle across, and its height and the floor below the eye in metres.
    middle: f32,
    height: f32,
    eye: f32,
    centre: Point,
    /// The camera's turn, as the direction of its rows.
    roll: Vec2,
}

impl View {
    fn draw(canvas: &Canvas, rng: &mut impl Rng) -> Self {
        let (width, height) = (canvas.width() as f32, canvas.height() as f32);
        let centre = [width / 2.0, height / 2.0];
        let seen = 2.0f32.powf(rng.random_range(-0.6..2.3));
        let most: f32 = if rng.random_bool(0.2) { 0.4 } else { 0.08 };
        let roll = Vec2::from_angle(rng.random_range(-most..most));
        Self {
            metre: canvas.short_side() as f32 / seen,
            ahead: [
                width * rng.random_range(0.2..0.8),
                height * rng.random_range(0.25..0.75),
            ],
            middle: rng.random_range(-0.4..0.4),
            height: rng.random_range(2.2..3.2),
            eye: rng.random_range(0.8..1.8),
            centre,
            roll,
        }
    }

    /// Turns a pixel with the camera.
    fn roll(&self, point: Point) -> Point {
        let centre = Vec2::from(self.centre);
        (centre + self.roll.rotate(Vec2::from(point) - centre)).into()
    }

    fn plane(&self, corners: [Point; 4], size: [f32; 2]) -> Plane {
        Plane::new(corners.map(|corner| self.roll(corner)), size)
    }
}

fn light(rng: &mut impl Rng) -> [f32; 3] {
    [
        rng.random_range(0.6..1.1),
        rng.random_range(-0.6..0.6),
        rng.random_range(-0.4..0.4),
    ]
}

fn paint_box(canvas: &mut Canvas, view: &View, rng: &mut impl Rng) {
    let wide: f32 = rng.random_range(1.8..6.0);
    let left = view.centre[0] + (view.middle - 0.5) * wide * view.metre;
    let right = left + wide * view.metre;
    let bottom = view.ahead[1] + view.eye * view.metre;
    let top = bottom - view.height * view.metre;
    let far = [[left, top], [right, top], [right, bottom], [left, bottom]];
    // The ends towards the camera lie on rays from the point ahead, off the picture.
    let nearer: f32 = rng.random_range(4.0..9.0);
    let near = far.map(|corner| -> Point {
        std::array::from_fn(|at| view.ahead[at] + (corner[at] - view.ahead[at]) * nearer)
    });
    let depth = rng.random_range(2.5..6.0);
    let walls = Surface::wall(rng);
    let other = if rng.random_bool(0.4) {
        Surface::wall(rng)
    } else {
        walls.clone()
    };
    let ceiling = lit(palette::wall(rng), rng.random_range(0.8..1.1));
    let ceiling = Surface::plain(ceiling, rng);
    let floor = Surface::floor(rng);
    let sides = [
        (
            view.plane([near[0], far[0], far[3], near[3]], [depth, view.height]),
            &walls,
        ),
        (
            view.plane([far[1], near[1], near[2], far[2]], [depth, view.height]),
            &walls,
        ),
        (
            view.plane([near[0], near[1], far[1], far[0]], [wide, depth]),
            &ceiling,
        ),
        (
            view.plane([far[3], far[2], near[2], near[3]], [wide, depth]),
            &floor,
        ),
    ];
    for (plane, surface) in &sides {
        plane.cover(canvas, [0.0; 2], plane.size(), surface, light(rng));
    }
    let back = view.plane(far, [wide, view.height]);
    let shine = light(rng);
    back.cover(canvas, [0.0; 2], back.size(), &other, shine);
    trim(canvas, &back, rng);
    for (plane, _) in &sides[..2] {
        if rng.random_bool(0.5) {
            furnish(canvas, plane, rng.random_range(0.5..1.0), 1..3, rng);
        }
    }
    furnish(canvas, &back, shine[0], 0..7, rng);
}

fn paint_corner(canvas: &mut Canvas, view: &View, rng: &mut impl Rng) {
    let across = view.centre[0] + view.middle * canvas.width() as f32;
    let horizon = view.ahead[1];
    let bottom = horizon + view.eye * view.metre;
    let top = bottom - view.height * view.metre;
    let walls = Surface::wall(rng);
    let other = if rng.random_bool(0.3) {
        Surface::wall(rng)
    } else {
        walls.clone()
    };
    let reach = canvas.width().max(canvas.height()) as f32 * 1.5;
    // Each wall grows from the corner towards the camera, about the horizon.
    let mut ends = [[0.0; 2]; 4];
    let mut planes = Vec::new();
    for (side, sign) in [(0, -1.0), (1, 1.0)] {
        let grow = rng.random_range(1.3..4.0);
        let x = across + sign * reach;
        let upper = [x, horizon + (top - horizon) * grow];
        let lower = [x, horizon + (bottom - horizon) * grow];
        ends[side] = upper;
        ends[side + 2] = lower;
        let wide = rng.random_range(2.0..5.0);
        let (inner, foot) = ([across, top], [across, bottom]);
        let corners = if side == 0 {
            [upper, inner, foot, lower]
        } else {
            [inner, upper, lower, foot]
        };
        planes.push(view.plane(corners, [wide, view.height]));
    }
    let deep = |from: f32, side: usize| {
        [
            across,
            from + (ends[side][1] - from) * 2.0 + (ends[side + 1][1] - from),
        ]
    };
    let ceiling = Surface::plain(palette::wall(rng), rng);
    let above = view.plane([[across, top], ends[1], deep(top, 0), ends[0]], [4.0, 4.0]);
    above.cover(canvas, [0.0; 2], above.size(), &ceiling, light(rng));
    let below = view.plane(
        [[across, bottom], ends[3], deep(bottom, 2), ends[2]],
        [4.0, 4.0],
    );
    below.cover(
        canvas,
        [0.0; 2],
        below.size(),
        &Surface::floor(rng),
        light(rng),
    );
    for (plane, surface) in planes.iter().zip([&walls, &other]) {
        let shine = light(rng);
        plane.cover(canvas, [0.0; 2], plane.size(), surface, shine);
        trim(canvas, plane, rng);
        furnish(canvas, plane, shine[0], 0..4, rng);
    }
}

/// A skirting board, sometimes a rail or another colour below.
fn trim(canvas: &mut Canvas, plane: &Plane, rng: &mut impl Rng) {
    let [wide, high] = plane.size();
    if rng.random_bool(0.12) {
        let split = rng.random_range(0.4..0.8) * high;
        let brush = Brush::new(palette::wall(rng)).opacity(rng.random_range(0.5..1.0));
        plane.part(canvas, [0.0, split], [wide, high], &brush);
        let rail = Brush::new(palette::any(rng));
        plane.part(canvas, [0.0, split], [wide, split + 0.05], &rail);
    }
    if rng.random_bool(0.5) {
        let board = Brush::new(palette::near([0.7; 3], 0.5, rng));
        let tall = rng.random_range(0.05..0.15);
        plane.part(canvas, [0.0, high - tall], [wide, high], &board);
    }
}

fn furnish(
    canvas: &mut Canvas,
    plane: &Plane,
    light: f32,
    count: std::ops::Range<usize>,
    rng: &mut impl Rng,
) {
    for _ in 0..rng.random_range(count) {
        let x = rng.random_range(-0.3..1.0) * plane.size()[0];
        let mut wall = Wall {
            canvas,
            plane,
            light,
            rng,
        };
        furnish_at(&mut wall, x);
    }
}

/// Paints a ceiling with panels and lamps, as a camera sees it that lies on a table.
pub fn paint_ceiling(canvas: &mut Canvas, rng: &mut impl Rng) {
    let plane = tilted(canvas, [8.0, 8.0], rng);
    let tiles = Surface::tiles(rng);
    if rng.random_bool(0.6) {
        let wall = palette::wall(rng);
        let pale = Surface::plain(wall, rng);
        plane.cover_all(canvas, &pale);
    } else {
        plane.cover_all(canvas, &tiles);
    }
    let lamp = hsv(rng.random_range(0.1..0.6), rng.random_range(0.0..0.12), 1.2);
    let size = [rng.random_range(0.15..1.2), rng.random_range(0.3..2.0)];
    let step = [
        size[0] + rng.random_range(0.5..3.0),
        size[1] + rng.random_range(0.5..3.0),
    ];
    let start = [rng.random_range(0.0..2.0), rng.random_range(0.0..2.0)];
    for at in 0..9 {
        let corner = [0, 1].map(|axis| {
            let cell = if axis == 0 { at % 3 } else { at / 3 };
            start[axis] + step[axis] * cell as f32
        });
        let end = [corner[0] + size[0], corner[1] + size[1]];
        let glow = Brush::new(lamp)
            .opacity(0.25)
            .edge(canvas.short_side() as f32 * 0.2);
        let middle = plane.pixel([(corner[0] + end[0]) / 2.0, (corner[1] + end[1]) / 2.0]);
        let radius = canvas.short_side() as f32 * 0.15;
        shapes::ellipse(canvas, middle, [radius; 2], 0.0, &glow);
        plane.part(canvas, corner, end, &Brush::new(lamp));
    }
}

/// A plane over the whole canvas, turned and tilted anyhow.
pub fn tilted(canvas: &Canvas, size: [f32; 2], rng: &mut impl Rng) -> Plane {
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let reach = width.hypot(height) * rng.random_range(0.75..1.3);
    let angle = if rng.random_bool(0.5) {
        rng.random_range(-0.1..0.1)
    } else {
        rng.random_range(-3.2..3.2)
    };
    let (sin, cos) = f32::sin_cos(angle);
    let squeeze = if rng.random_bool(0.4) {
        0.0
    } else {
        rng.random_range(0.0..0.6)
    };
    let corners = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(|[u, v]: Point| {
        // The far end is narrower.
        let (u, v) = (u * (1.0 + squeeze * v) * reach, v * reach);
        [
            width / 2.0 + u * cos - v * sin,
            height / 2.0 + u * sin + v * cos,
        ]
    });
    Plane::new(corners, size)
}

/// Paints a shelf full of books, or a curtain, that fills the picture.
pub fn paint_close(canvas: &mut Canvas, rng: &mut impl Rng) {
    let size = rng.random_range(1.0..3.5);
    let plane = tilted(canvas, [size, size], rng);
    canvas.pixels_mut().fill(palette::wall(rng));
    let light = rng.random_range(0.6..1.1);
    let mut wall = Wall {
        canvas,
        plane: &plane,
        light,
        rng,
    };
    if wall.rng.random_bool(0.55) {
        let pitch = wall.rng.random_range(0.22..0.45);
        wall.shelf_at([0.0, 0.0], size, pitch, (size / pitch) as usize + 1);
    } else {
        wall.curtain_at([0.0, 0.0], [size, size]);
    }
}
