//! Furniture and what is hung up: pictures, screens, lamps, cupboards, sofas, tables, clothes.

use super::wall::Wall;
use crate::palette::{self, Rgb, hsv, lit};
use crate::shapes::{self, Brush, Pattern, Point};
use rand::Rng;
use std::f32::consts::TAU;

impl<R: Rng> Wall<'_, R> {
    /// A poster or a framed picture.
    pub fn picture(&mut self, x: f32) {
        let (width, height) = (self.draw(0.15, 1.3), self.draw(0.15, 1.1));
        let top = self.draw(0.3, 1.5);
        self.shadow([x, top], [width, height]);
        let border = self.draw(0.0, 0.06);
        let frame = palette::any(self.rng);
        let frame = self.brush(frame);
        self.part([x, top], [width, height], &frame);
        let (x, top) = (x + border, top + border);
        let (width, height) = (width - 2.0 * border, height - 2.0 * border);
        let colours: [Rgb; 5] = palette::set(self.rng);
        let steep = self.draw(-0.4, 0.4);
        let paper = self.brush(colours[0]).light(0.0, steep);
        self.part([x, top], [width, height], &paper);
        for _ in 0..self.rng.random_range(0..9) {
            let colour = colours[self.rng.random_range(1..colours.len())];
            let brush = self.brush(colour);
            let size = [width * self.draw(0.05, 0.5), height * self.draw(0.03, 0.5)];
            let left = x + (width - size[0]) * self.rng.random::<f32>();
            let upper = top + (height - size[1]) * self.rng.random::<f32>();
            if self.rng.random() {
                self.part([left, upper], size, &brush);
            } else {
                let half = size.map(|side| side / 2.0);
                self.oval([left + half[0], upper + half[1]], half, &brush);
            }
        }
    }

    /// A monitor or a television.
    pub fn screen(&mut self, x: f32) {
        let width = self.draw(0.35, 1.4);
        let height = width * self.draw(0.5, 0.7);
        let top = self.floor() - self.draw(0.8, 1.4) - height;
        let case = self.brush([0.06, 0.06, 0.07]);
        self.part(
            [x + width * 0.45, top + height],
            [width * 0.1, height * 0.25],
            &case,
        );
        self.part(
            [x + width * 0.3, top + height * 1.22],
            [width * 0.4, 0.03],
            &case,
        );
        self.part([x, top], [width, height], &case);
        let dark = self.rng.random_bool(0.5);
        let colour = hsv(self.rng.random(), 0.3, if dark { 0.12 } else { 0.95 });
        let border = width * 0.03;
        let (x, top) = (x + border, top + border);
        let (width, height) = (width - 2.0 * border, height - 2.0 * border);
        self.part([x, top], [width, height], &Brush::new(colour));
        let rows = self.rng.random_range(0..16);
        let ink = if dark {
            hsv(self.rng.random(), 0.3, 0.8)
        } else {
            [0.2; 3]
        };
        for row in 0..rows {
            let line = height / 16.0;
            let indent = width * self.draw(0.03, 0.25);
            let long = (width - indent) * self.draw(0.2, 0.95);
            let upper = top + line * (row as f32 + 0.3);
            self.part(
                [x + indent, upper],
                [long, line * 0.4],
                &Brush::new(ink).opacity(0.7),
            );
        }
    }

    /// A lamp that hangs or stands, and its glow.
    pub fn lamp(&mut self, x: f32) {
        let (place, radius) = ([x, self.draw(0.3, 1.6)], self.draw(0.08, 0.25));
        let colour = hsv(
            self.rng.random_range(0.07..0.16),
            self.rng.random_range(0.0..0.5),
            1.0,
        );
        let cord = self.brush([0.1; 3]);
        if self.rng.random() {
            self.part([x - 0.01, 0.0], [0.02, place[1]], &cord);
        } else {
            let floor = self.floor();
            self.part([x - 0.015, place[1]], [0.03, floor - place[1]], &cord);
        }
        let glow = Brush::new(colour).opacity(self.draw(0.2, 0.7));
        let wide = radius * self.draw(2.0, 7.0);
        self.spot(place, [wide, wide], &glow);
        let shade = Brush::new(lit(colour, 1.1));
        self.oval(place, [radius, radius * 0.8], &shade);
    }

    /// A round clock.
    pub fn clock(&mut self, x: f32) {
        let (place, radius) = ([x, self.draw(0.3, 1.2)], self.draw(0.1, 0.25));
        let rim = self.any_brush();
        self.oval(place, [radius; 2], &rim);
        let shade = palette::wall(self.rng);
        let face = self.brush(shade);
        self.oval(place, [radius * 0.88; 2], &face);
        let middle = self.plane.pixel(place);
        let ink = Brush::new([0.05; 3]);
        for reach in [0.5, 0.75] {
            let (sin, cos) = self.draw(0.0, TAU).sin_cos();
            let end = [x + radius * reach * cos, place[1] + radius * reach * sin];
            let end = self.plane.pixel(end);
            let thick = self.plane.scale(place)[0] * 0.008;
            shapes::stroke(self.canvas, middle, end, [thick; 2], &ink);
        }
    }

    /// Doors and drawers in rows.
    pub fn cupboard(&mut self, x: f32) {
        let (cell, tall) = (self.draw(0.3, 0.7), self.draw(0.2, 1.0));
        let (columns, rows) = (self.rng.random_range(1..5), self.rng.random_range(1..4));
        let floor = self.floor();
        let top = if self.rng.random_bool(0.7) {
            floor - tall * rows as f32
        } else {
            0.3
        };
        let colour = palette::wood_or_paint(0.5, self.rng);
        let gap = self.brush(lit(colour, 0.5));
        self.shadow([x, top], [cell * columns as f32, tall * rows as f32]);
        self.part([x, top], [cell * columns as f32, tall * rows as f32], &gap);
        let front = self.brush(colour);
        let shade = palette::near([0.5; 3], 0.8, self.rng);
        let knob = self.brush(shade);
        for at in 0..columns * rows {
            let left = x + cell * (at % columns) as f32;
            let upper = top + tall * (at / columns) as f32;
            self.part(
                [left + 0.01, upper + 0.01],
                [cell - 0.02, tall - 0.02],
                &front,
            );
            self.part(
                [left + cell * 0.4, upper + tall * 0.12],
                [cell * 0.2, 0.02],
                &knob,
            );
        }
    }

    /// A plant in a pot.
    pub fn plant(&mut self, x: f32) {
        let floor = self.floor();
        let pot = self.any_brush().round(0.4);
        let wide = self.draw(0.1, 0.25);
        let bottom = floor - self.draw(0.0, 0.9);
        self.part(
            [x - wide, bottom - wide * 1.6],
            [wide * 2.0, wide * 1.6],
            &pot,
        );
        let colour = palette::plant(self.rng);
        let root = self.plane.pixel([x, bottom - wide * 1.6]);
        let reach = self.draw(0.2, 0.9);
        for _ in 0..self.rng.random_range(10..40) {
            let (sin, cos) = self.draw(0.5 * TAU, TAU).sin_cos();
            let long = reach * self.draw(0.3, 1.0);
            let place = [x + cos * long * 0.7, bottom - wide * 1.6 + sin * long];
            let tip = self.plane.pixel(place);
            let thick = self.plane.scale(place)[0] * self.draw(0.008, 0.05);
            let shade = palette::near(colour, 0.35, self.rng);
            let leaf = self.brush(shade).round(0.3);
            let start: Point = std::array::from_fn(|at| root[at] + (tip[at] - root[at]) * 0.3);
            shapes::stroke(self.canvas, start, tip, [thick, thick * 0.3], &leaf);
        }
    }

    /// A sofa or a bed with pillows.
    pub fn sofa(&mut self, x: f32) {
        let width = self.draw(0.7, 2.4);
        let (seat, back) = (self.floor() - self.draw(0.3, 0.5), self.draw(0.3, 0.6));
        let colour = palette::cloth(self.rng);
        let brush = self.brush(colour);
        self.part([x, seat - back], [width, back], &brush.light(0.0, -0.15));
        let depth = self.draw(0.3, 0.7);
        self.part([x, seat], [width, depth], &brush.light(0.0, -0.3));
        let arm = brush.round(0.25);
        let wide = self.draw(0.1, 0.3);
        self.part(
            [x - wide, seat - back * 0.4],
            [wide, depth + back * 0.4],
            &arm,
        );
        self.part(
            [x + width, seat - back * 0.4],
            [wide, depth + back * 0.4],
            &arm,
        );
        for _ in 0..self.rng.random_range(0..4) {
            let pattern = Pattern {
                colour: palette::any(self.rng),
                waves: [self.draw(0.0, 3.0), self.draw(0.0, 3.0)],
                checks: self.rng.random(),
            };
            let pattern = self.rng.random_bool(0.4).then_some(pattern);
            let colour = palette::cloth(self.rng);
            let pillow = self.brush(colour).round(0.25).pattern(pattern);
            let place = [
                x + width * self.draw(0.1, 0.8),
                seat - back * self.draw(0.5, 0.8),
            ];
            let side = self.draw(0.2, 0.4);
            self.part(place, [side, side], &pillow);
        }
    }

    /// A table with things on it.
    pub fn table(&mut self, x: f32) {
        let (width, height) = (self.draw(0.5, 2.0), self.draw(0.4, 0.9));
        let top = self.floor() + self.draw(-0.05, 0.4) - height;
        let wood = palette::wood(self.rng);
        let leg = self.brush(lit(wood, 0.8));
        for side in [0.04, 0.92] {
            self.part([x + width * side, top], [0.05, height], &leg);
        }
        let board = self.brush(wood);
        self.part([x, top], [width, 0.05], &board);
        for _ in 0..self.rng.random_range(0..6) {
            let size = [self.draw(0.05, 0.35), self.draw(0.03, 0.35)];
            let left = x + (width - size[0]).max(0.0) * self.rng.random::<f32>();
            let thing = self.any_brush().round(0.3);
            self.part([left, top - size[1]], size, &thing);
        }
    }

    /// Clothes on hooks.
    pub fn hooks(&mut self, x: f32) {
        let top = self.draw(0.5, 1.0);
        for at in 0..self.rng.random_range(1..4) {
            let colour = palette::cloth(self.rng);
            let cloth = self.brush(colour).round(0.4);
            let (wide, long) = (self.draw(0.15, 0.3), self.draw(0.5, 1.2));
            let middle = x + 0.35 * at as f32;
            let outline = [
                [-0.3, 0.0],
                [0.3, 0.0],
                [1.0, 0.3],
                [1.1, 1.0],
                [-1.0, 1.0],
                [-0.9, 0.25],
            ];
            let outline =
                outline.map(|[u, v]| self.plane.pixel([middle + wide * u, top + long * v]));
            shapes::polygon(self.canvas, &outline, &cloth);
        }
    }
}
