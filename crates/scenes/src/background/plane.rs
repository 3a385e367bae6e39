//! A flat rectangle seen in perspective: walls, floors, table tops, and what hangs or lies there.

use super::surface::Surface;
use crate::canvas::Canvas;
use crate::homography::{adjugate, project_anywhere};
use crate::palette::Rgb;
use crate::shapes::{self, Brush};
use glam::{Mat3, Vec2, Vec3, vec2};

/// A rectangle of some size, of its own units, with its corners anywhere in the picture.
#[derive(Debug, Clone)]
pub struct Plane {
    to_pixels: Mat3,
    to_plane: Mat3,
    /// Width and height in the rectangle's units.
    pub size: Vec2,
}

impl Plane {
    /// The rectangle from 0 to `size` with its corners at given pixels: upper left, upper right,
    /// lower right, lower left.
    pub fn new(corners: [Vec2; 4], size: Vec2) -> Self {
        let [a, b, c, d] = corners;
        let (sum, first, second) = (a - b + c - d, b - c, d - c);
        let area = first.perp_dot(second);
        // A rectangle seen from its edge has no inside; any matrix will do.
        let area = if area.abs() < 1e-6 { 1e-6 } else { area };
        let (g, h) = (sum.perp_dot(second) / area, first.perp_dot(sum) / area);
        let to_pixels = Mat3::from_cols(
            (b - a + g * b).extend(g) / size.x.max(1e-6),
            (d - a + h * d).extend(h) / size.y.max(1e-6),
            a.extend(1.0),
        );
        Self {
            to_pixels,
            to_plane: adjugate(&to_pixels),
            size,
        }
    }

    /// The pixel of a place on the rectangle; what is off its sides lands on them.
    ///
    /// A wall's things end with it: beyond its far side the line comes near at which places turn
    /// over to the other side of the picture.
    pub fn pixel(&self, place: Vec2) -> Vec2 {
        let place = vec2(place.x.clamp(0.0, self.size.x), place.y);
        project_anywhere(&self.to_pixels, place).0
    }

    /// The corners in pixels of a part of the rectangle.
    pub fn quad(&self, from: Vec2, to: Vec2) -> [Vec2; 4] {
        [from, vec2(to.x, from.y), to, vec2(from.x, to.y)].map(|place| self.pixel(place))
    }

    /// Paints a part of the rectangle.
    pub fn part(&self, canvas: &mut Canvas, from: Vec2, to: Vec2, brush: &Brush) {
        shapes::polygon(canvas, &self.quad(from, to), brush);
    }

    /// Covers it with a surface, lit more or less (`light.x`), and more towards its right (`y`) and
    /// lower (`z`) ends.
    pub fn cover(&self, canvas: &mut Canvas, surface: &Surface, light: Vec3) {
        let corners = self.quad(Vec2::ZERO, self.size);
        shapes::cover(canvas, &corners, |canvas, x, y, share| {
            let (colour, place) = self.colour(x, y, surface);
            let uneven = vec2(light.y, light.z).dot(place / self.size - 0.5);
            let light = light.x * (1.0 + uneven).clamp(0.2, 1.8);
            canvas.blend(x, y, colour * light, share);
        });
    }

    /// Covers the whole canvas, as if the rectangle had no end.
    pub fn cover_all(&self, canvas: &mut Canvas, surface: &Surface) {
        canvas.each(|x, y, pixel| *pixel = self.colour(x, y, surface).0);
    }

    fn colour(&self, x: usize, y: usize, surface: &Surface) -> (Rgb, Vec2) {
        let rows = &self.to_plane;
        let (place, depth) = project_anywhere(rows, vec2(x as f32, y as f32) + 0.5);
        // How far the next pixels' places are: what is finer than that can't be seen.
        let reach = |at: usize| {
            let change = (rows.row(at) - place[at] * rows.row(2)).abs();
            ((change.x + change.y) * depth.abs()).min(1e3)
        };
        (surface.at(place, vec2(reach(0), reach(1))), place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_land_where_they_were_put_and_come_back() {
        let corners = [(3.0, 2.0), (90.0, 11.0), (80.0, 70.0), (-5.0, 50.0)].map(Vec2::from);
        let plane = Plane::new(corners, vec2(4.0, 2.5));
        let landed = plane.quad(Vec2::ZERO, plane.size);
        for (landed, corner) in landed.iter().zip(corners) {
            assert!(landed.abs_diff_eq(corner, 1e-2), "{landed:?}");
        }
        let (back, _) = project_anywhere(&plane.to_plane, plane.pixel(vec2(1.0, 0.5)));
        assert!(back.abs_diff_eq(vec2(1.0, 0.5), 1e-3), "{back}");
    }
}
