//! Rooms in perspective: walls that meet, a floor, a ceiling, and what is in them.

use super::piece::furnish;
use super::plane::Plane;
use super::surface::Surface;
use crate::canvas::Canvas;
use crate::palette;
use crate::shapes::Brush;
use glam::{Vec2, Vec3, vec2, vec3};
use rand::Rng;

/// Paints a room: one that is looked at straight, or into a corner of it.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    // What no wall covers is dim, not what was there before.
    let dim = palette::wall(rng) * 0.5;
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
    ahead: Vec2,
    /// The far wall's middle, upper and lower end in pixels, and its height in metres.
    middle: f32,
    top: f32,
    bottom: f32,
    height: f32,
    centre: Vec2,
    /// The camera's turn, as the direction of its rows.
    roll: Vec2,
}

impl View {
    fn draw(canvas: &Canvas, rng: &mut impl Rng) -> Self {
        let size = canvas.size();
        let metre = canvas.short_side() / 2.0f32.powf(rng.random_range(-0.6..2.3));
        let most: f32 = if rng.random_bool(0.2) { 0.4 } else { 0.08 };
        let ahead = size * vec2(rng.random_range(0.2..0.8), rng.random_range(0.25..0.75));
        let height = rng.random_range(2.2..3.2);
        // The eye's height above the floor.
        let bottom = ahead.y + rng.random_range(0.8..1.8) * metre;
        Self {
            metre,
            ahead,
            middle: size.x / 2.0 + rng.random_range(-0.4..0.4) * size.x,
            top: bottom - height * metre,
            bottom,
            height,
            centre: size / 2.0,
            roll: Vec2::from_angle(rng.random_range(-most..most)),
        }
    }

    /// A wall with its corners at pixels of a camera that is held upright.
    fn plane(&self, corners: [Vec2; 4], width: f32, height: f32) -> Plane {
        let rolled = corners.map(|corner| self.centre + self.roll.rotate(corner - self.centre));
        Plane::new(rolled, vec2(width, height))
    }
}

fn light(rng: &mut impl Rng) -> Vec3 {
    vec3(
        rng.random_range(0.6..1.1),
        rng.random_range(-0.6..0.6),
        rng.random_range(-0.4..0.4),
    )
}

/// The surface of most walls of a room, and of the rest.
fn walls(rng: &mut impl Rng) -> [Surface; 2] {
    let walls = Surface::wall(rng);
    let other = if rng.random_bool(0.4) {
        Surface::wall(rng)
    } else {
        walls.clone()
    };
    [walls, other]
}

fn paint_box(canvas: &mut Canvas, view: &View, rng: &mut impl Rng) {
    let wide: f32 = rng.random_range(1.8..6.0);
    let half = wide * view.metre / 2.0;
    let (left, right) = (view.middle - half, view.middle + half);
    let far = [
        vec2(left, view.top),
        vec2(right, view.top),
        vec2(right, view.bottom),
        vec2(left, view.bottom),
    ];
    // The ends towards the camera lie on rays from the point ahead, off the picture.
    let nearer: f32 = rng.random_range(4.0..9.0);
    let near = far.map(|corner| view.ahead + (corner - view.ahead) * nearer);
    let depth = rng.random_range(2.5..6.0);
    let [wall, other] = walls(rng);
    let ceiling = Surface::plain(palette::wall(rng), rng);
    let floor = Surface::floor(rng);
    let side = |at: [Vec2; 4]| view.plane(at, depth, view.height);
    let sides = [
        side([near[0], far[0], far[3], near[3]]),
        side([far[1], near[1], near[2], far[2]]),
    ];
    let above = view.plane([near[0], near[1], far[1], far[0]], wide, depth);
    let below = view.plane([far[3], far[2], near[2], near[3]], wide, depth);
    for (plane, surface) in [
        (&sides[0], &wall),
        (&sides[1], &wall),
        (&above, &ceiling),
        (&below, &floor),
    ] {
        plane.cover(canvas, surface, light(rng));
    }
    paint_wall(canvas, &view.plane(far, wide, view.height), &other, 7, rng);
    for plane in &sides {
        for _ in 0..rng.random_range(0..2) {
            furnish(canvas, plane, rng.random_range(0.5..1.0), rng);
        }
    }
}

fn paint_corner(canvas: &mut Canvas, view: &View, rng: &mut impl Rng) {
    let horizon = view.ahead.y;
    let inner = vec2(view.middle, view.top);
    let foot = vec2(view.middle, view.bottom);
    let reach = canvas.size().max_element() * 1.5;
    // Each wall grows from the corner towards the camera, about the horizon.
    let [left, right] = [-1.0, 1.0].map(|sign| {
        let grow = rng.random_range(1.3..4.0);
        [inner, foot].map(|corner| {
            let down = horizon + (corner.y - horizon) * grow;
            vec2(view.middle + sign * reach, down)
        })
    });
    // The fourth corner of ceiling and floor is behind the camera.
    for (end, corner) in [inner, foot].into_iter().enumerate() {
        let surface = if end == 0 {
            Surface::plain(palette::wall(rng), rng)
        } else {
            Surface::floor(rng)
        };
        let behind = 2.0 * (left[end].y - corner.y) + right[end].y;
        let behind = vec2(view.middle, behind);
        let plane = view.plane([corner, right[end], behind, left[end]], 4.0, 4.0);
        plane.cover(canvas, &surface, light(rng));
    }
    let planes = [
        [left[0], inner, foot, left[1]],
        [inner, right[0], right[1], foot],
    ];
    for (corners, surface) in planes.into_iter().zip(walls(rng)) {
        let plane = view.plane(corners, rng.random_range(2.0..5.0), view.height);
        paint_wall(canvas, &plane, &surface, 4, rng);
    }
}

/// Covers a wall, with a skirting board now and then, and puts fewer than `most` things there.
fn paint_wall(
    canvas: &mut Canvas,
    plane: &Plane,
    surface: &Surface,
    most: usize,
    rng: &mut impl Rng,
) {
    let shine = light(rng);
    plane.cover(canvas, surface, shine);
    if rng.random_bool(0.5) {
        let board = Brush::new(palette::near(palette::Rgb::splat(0.7), 0.5, rng));
        let from = vec2(0.0, plane.size.y - rng.random_range(0.05..0.15));
        plane.part(canvas, from, plane.size, &board);
    }
    for _ in 0..rng.random_range(0..most) {
        furnish(canvas, plane, shine.x, rng);
    }
}

/// Paints a surface over the whole canvas, turned and tilted anyhow.
pub fn paint_surface(canvas: &mut Canvas, rng: &mut impl Rng) {
    let size = canvas.size();
    let reach = size.length() * rng.random_range(0.75..1.3);
    let most = if rng.random_bool(0.5) { 0.1 } else { 3.2 };
    let turn = Vec2::from_angle(rng.random_range(-most..most));
    let squeeze = if rng.random_bool(0.4) {
        0.0
    } else {
        rng.random_range(0.0..0.6)
    };
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(u, v)| {
        // The far end is narrower.
        size / 2.0 + turn.rotate(vec2(u * (1.0 + squeeze * v), v) * reach)
    });
    let units = 2.0f32.powf(rng.random_range(-1.0..2.0));
    let plane = Plane::new(corners, Vec2::splat(units));
    plane.cover_all(canvas, &Surface::any(rng));
}
