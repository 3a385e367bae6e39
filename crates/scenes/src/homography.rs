//! The one projective mapping: of layers onto the canvas and of walls into rooms.

use glam::{Mat3, Vec2};

/// Where a mapping takes a point; nowhere when that is at or beyond the horizon.
pub fn project(matrix: &Mat3, point: Vec2) -> Option<Vec2> {
    let place = *matrix * point.extend(1.0);
    (place.z > 1e-3).then(|| place.truncate() / place.z)
}

/// Where a mapping takes a point on either side of the horizon, and one over the depth there.
pub fn project_anywhere(matrix: &Mat3, point: Vec2) -> (Vec2, f32) {
    let place = *matrix * point.extend(1.0);
    let inverse = if place.z.abs() < 1e-9 {
        1e9
    } else {
        place.z.recip()
    };
    let flat = (place.truncate() * inverse).clamp(Vec2::splat(-1e5), Vec2::splat(1e5));
    (flat, inverse)
}

/// The inverse but for a factor, which a projection doesn't mind; finite for every finite matrix.
pub fn adjugate(matrix: &Mat3) -> Mat3 {
    let [a, b, c] = [matrix.x_axis, matrix.y_axis, matrix.z_axis];
    Mat3::from_cols(b.cross(c), c.cross(a), a.cross(b)).transpose()
}
