//! The little linear algebra that glam leaves to a skeleton.

use glam::{Mat3, Vec3};

/// The direction of `vector` at length one; a vector without length points at the viewer.
pub(crate) fn unit(vector: Vec3) -> Vec3 {
    vector.normalize_or(Vec3::Z)
}

/// What is left of `vector` across the unit vector `axis`, at length one.
pub(crate) fn across(vector: Vec3, axis: Vec3) -> Vec3 {
    unit(vector.reject_from_normalized(axis))
}

/// From `point` to the nearest place between `a` and `b`.
pub(crate) fn distance_to_segment(point: Vec3, a: Vec3, b: Vec3) -> f32 {
    let (along, away) = (b - a, point - a);
    let share = away.dot(along) / along.length_squared().max(1e-9);
    away.distance(along * share.clamp(0.0, 1.0))
}

/// Turns about the vertical axis (`yaw`), then the horizontal one (`pitch`), then in the picture
/// plane (`roll`); all in degrees.
pub(crate) fn rotation(yaw: f32, pitch: f32, roll: f32) -> Mat3 {
    Mat3::from_rotation_z(roll.to_radians())
        * Mat3::from_rotation_x(pitch.to_radians())
        * Mat3::from_rotation_y(yaw.to_radians())
}

pub(crate) fn smoothstep(a: f32, b: f32, x: f32) -> f32 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
