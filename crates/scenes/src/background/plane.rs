//! A flat rectangle seen in perspective: walls, floors, table tops, and what hangs or lies there.

use super::surface::Surface;
use crate::canvas::Canvas;
use crate::homography::{adjugate, project_anywhere};
use crate::palette::{Rgb, lit};
use crate::shapes::{self, Brush, Point};
use glam::Mat3;

/// A rectangle of some size, of its own units, with its corners anywhere in the picture.
#[derive(Debug, Clone)]
pub struct Plane {
    to_pixels: Mat3,
    to_plane: Mat3,
    size: [f32; 2],
}

impl Plane {
    /// The rectangle from 0 to `size` with its corners at given pixels: upper left, upper right,
    /// lower right, lower left.
    pub fn new(corners: [Point; 4], size: [f32; 2]) -> Self {
        let [a, b, c, d] = corners;
        let sum = [0, 1].map(|at| a[at] - b[at] + c[at] - d[at]);
        let first = [0, 1].map(|at| b[at] - c[at]);
        let second = [0, 1].map(|at| d[at] - c[at]);
        let area = first[0] * second[1] - second[0] * first[1];
        // A rectangle seen from its edge has no inside; any matrix will do.
        let area = if area.abs() < 1e-6 { 1e-6 } else { area };
        let g = (sum[0] * second[1] - second[0] * sum[1]) / area;
        let h = (first[0] * sum[1] - sum[0] * first[1]) / area;
        let (across, down) = (size[0].max(1e-6), size[1].max(1e-6));
        let row = |at: usize| {
            let right = (b[at] - a[at] + g * b[at]) / across;
            [right, (d[at] - a[at] + h * d[at]) / down, a[at]]
        };
        let rows = [row(0), row(1), [g / across, h / down, 1.0]];
        let to_pixels = Mat3::from_cols_array_2d(&rows).transpose();
        Self {
            to_pixels,
            to_plane: adjugate(&to_pixels),
            size,
        }
    }

    /// Width and height in the rectangle's units.
    pub fn size(&self) -> [f32; 2] {
        self.size
    }

    /// The pixel of a place on the rectangle; what is off its sides lands on them.
    ///
    /// A wall's things end with it: beyond its far side the line comes near at which places turn
    /// over to the other side of the picture.
    pub fn pixel(&self, [right, down]: Point) -> Point {
        project_anywhere(&self.to_pixels, [right.clamp(0.0, self.size[0]), down]).0
    }

    /// The corners in pixels of a part of the rectangle.
    pub fn quad(&self, from: Point, to: Point) -> [Point; 4] {
        [from, [to[0], from[1]], to, [from[0], to[1]]].map(|place| self.pixel(place))
    }

    /// How many pixels a unit is about a place, across and down.
    pub fn scale(&self, [u, v]: Point) -> [f32; 2] {
        let here = self.pixel([u, v]);
        // Towards the middle, so that both places are on the rectangle.
        let step = if u * 2.0 > self.size[0] { -0.01 } else { 0.01 };
        [[u + step, v], [u, v + 0.01]].map(|near| {
            let near = self.pixel(near);
            (near[0] - here[0]).hypot(near[1] - here[1]) * 100.0
        })
    }

    /// Paints a part of the rectangle.
    pub fn part(&self, canvas: &mut Canvas, from: Point, to: Point, brush: &Brush) {
        shapes::polygon(canvas, &self.quad(from, to), brush);
    }

    /// Covers a part with a surface, lit more or less towards its right and lower ends.
    pub fn cover(
        &self,
        canvas: &mut Canvas,
        from: Point,
        to: Point,
        surface: &Surface,
        light: [f32; 3],
    ) {
        shapes::cover(canvas, &self.quad(from, to), |canvas, x, y, share| {
            let (colour, [u, v]) = self.colour(x, y, surface);
            let across = u / self.size[0] - 0.5;
            let down = v / self.size[1] - 0.5;
            let light = light[0] * (1.0 + light[1] * across + light[2] * down).clamp(0.2, 1.8);
            canvas.blend(x, y, lit(colour, light), share);
        });
    }

    /// Covers the whole canvas, as if the rectangle had no end.
    pub fn cover_all(&self, canvas: &mut Canvas, surface: &Surface) {
        canvas.each(|x, y, pixel| *pixel = self.colour(x, y, surface).0);
    }

    fn colour(&self, x: usize, y: usize, surface: &Surface) -> (Rgb, Point) {
        let rows = &self.to_plane;
        let pixel = [x as f32 + 0.5, y as f32 + 0.5];
        let ([u, v], depth) = project_anywhere(rows, pixel);
        // How far the next pixels' places are: what is finer than that can't be seen.
        let reach = |at: usize, value: f32| {
            let change = rows.row(at) - value * rows.row(2);
            ((change.x.abs() + change.y.abs()) * depth.abs()).min(1e3)
        };
        (surface.at([u, v], [reach(0, u), reach(1, v)]), [u, v])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_land_where_they_were_put_and_come_back() {
        let corners = [[3.0, 2.0], [90.0, 11.0], [80.0, 70.0], [-5.0, 50.0]];
        let plane = Plane::new(corners, [4.0, 2.5]);
        let landed = plane.quad([0.0, 0.0], plane.size());
        for (landed, corner) in landed.iter().zip(corners) {
            assert!((landed[0] - corner[0]).abs() < 1e-2, "{landed:?}");
            assert!((landed[1] - corner[1]).abs() < 1e-2, "{landed:?}");
        }
        let (back, _) = project_anywhere(&plane.to_plane, plane.pixel([1.0, 0.5]));
        assert!((back[0] - 1.0).abs() < 1e-3 && (back[1] - 0.5).abs() < 1e-3);
    }
}
