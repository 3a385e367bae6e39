//! What is built into a wall or stands against it: doors, windows, shelves, curtains, radiators.

use super::wall::Wall;
use crate::palette::{self, Rgb, hsv, lit, mix};
use crate::shapes::{self, Brush, Point};
use rand::Rng;

impl<R: Rng> Wall<'_, R> {
    pub fn door(&mut self, x: f32) {
        let (width, height) = (self.draw(0.7, 1.1), self.draw(1.9, 2.15));
        let top = self.floor() - height;
        let colour = palette::wood_or_paint(0.5, self.rng);
        let frame = palette::near(colour, 0.3, self.rng);
        let border = self.draw(0.04, 0.12);
        let brush = self.brush(frame);
        self.part(
            [x - border, top - border],
            [width + 2.0 * border, height + border],
            &brush,
        );
        let brush = self.brush(colour);
        self.part([x, top], [width, height], &brush);
        let (columns, rows) = (self.rng.random_range(1..3), self.rng.random_range(0..4));
        let groove = self.brush(lit(colour, 0.7));
        let inside = self.brush(lit(colour, 1.05));
        let (cell, tall) = (width / columns as f32, height / rows.max(1) as f32);
        for at in 0..columns * rows {
            let left = x + cell * ((at % columns) as f32 + 0.15);
            let upper = top + tall * ((at / columns) as f32 + 0.12);
            self.part([left, upper], [cell * 0.7, tall * 0.76], &groove);
            self.part(
                [left + 0.02, upper + 0.02],
                [cell * 0.7 - 0.03, tall * 0.76 - 0.03],
                &inside,
            );
        }
        let side = if self.rng.random() { 0.1 } else { 0.86 };
        let metal = self.brush([0.7, 0.68, 0.62]);
        self.part([x + width * side, top + height * 0.5], [0.1, 0.03], &metal);
    }

    pub fn window(&mut self, x: f32) {
        let (width, height) = (self.draw(0.5, 2.2), self.draw(0.6, 1.7));
        let top = self.draw(0.15, 0.9);
        let night = self.rng.random_bool(0.2);
        let sky = if night {
            hsv(0.62, 0.5, self.rng.random_range(0.02..0.2))
        } else {
            hsv(
                self.rng.random_range(0.5..0.64),
                self.rng.random_range(0.0..0.35),
                self.rng.random_range(0.8..1.15),
            )
        };
        let glow = if night { 0.0 } else { self.draw(0.1, 0.5) };
        let middle = [x + width / 2.0, top + height / 2.0];
        self.spot(middle, [width, height], &Brush::new(sky).opacity(glow));
        let colour = if self.rng.random_bool(0.7) {
            [0.9, 0.9, 0.88]
        } else {
            palette::wood(self.rng)
        };
        let frame = self.brush(colour);
        let border = self.draw(0.03, 0.09);
        self.part(
            [x - border, top - border],
            [width + 2.0 * border, height + 2.0 * border],
            &frame,
        );
        self.part(
            [x, top],
            [width, height],
            &Brush::new(sky).light(0.0, -0.05),
        );
        if !night && self.rng.random_bool(0.6) {
            // Something green or grey outside, washed out by the light.
            let land = if self.rng.random_bool(0.6) {
                palette::plant(self.rng)
            } else {
                palette::wall(self.rng)
            };
            let land = mix(land, sky, self.rng.random_range(0.1..0.7));
            let share = self.draw(0.15, 0.7);
            self.part(
                [x, top + height * (1.0 - share)],
                [width, height * share],
                &Brush::new(land),
            );
            for _ in 0..self.rng.random_range(0..5) {
                let place = [
                    x + width * self.draw(0.15, 0.85),
                    top + height * (1.0 - share),
                ];
                let radius = self.draw(0.05, 0.15) * width;
                let crown = Brush::new(palette::near(land, 0.3, self.rng));
                self.oval(place, [radius, radius.min(height * 0.2)], &crown);
            }
        }
        for at in 1..self.rng.random_range(1..4) {
            let left = x + width * at as f32 / 3.0;
            self.part([left - border / 2.0, top], [border, height], &frame);
        }
        if self.rng.random_bool(0.3) {
            self.part([x, top + height * 0.5], [width, border], &frame);
        }
        if self.rng.random_bool(0.25) {
            let count = self.rng.random_range(8..30);
            let opacity = self.draw(0.4, 1.0);
            let slat = self.brush([0.85; 3]).opacity(opacity);
            let pitch = height / count as f32;
            let share = self.draw(0.3, 0.85);
            for at in 0..count {
                self.part([x, top + pitch * at as f32], [width, pitch * share], &slat);
            }
        }
        self.part(
            [x - 0.1, top + height + border],
            [width + 0.2, 0.04],
            &frame,
        );
    }

    /// Books and other things in rows.
    pub fn shelf(&mut self, x: f32) {
        let (width, pitch) = (self.draw(0.5, 2.2), self.draw(0.25, 0.42));
        let rows = self.rng.random_range(1..7);
        let top = self.draw(0.1, 1.6);
        self.shelf_at([x, top], width, pitch, rows);
    }

    /// A shelf of a given size from its upper left corner.
    pub fn shelf_at(&mut self, [x, top]: Point, width: f32, pitch: f32, rows: usize) {
        let wood = palette::wood_or_paint(0.6, self.rng);
        if self.rng.random_bool(0.7) {
            let share = self.draw(0.25, 0.9);
            let back = self.brush(lit(wood, share));
            self.part([x, top], [width, pitch * rows as f32], &back);
        }
        let board = self.brush(wood);
        let full = self.draw(0.4, 1.0);
        let colours: [Rgb; 6] = palette::set(self.rng);
        for row in 0..rows {
            let bottom = top + pitch * (row + 1) as f32;
            let mut left = x + 0.02;
            while left < x + width - 0.06 {
                let thick = self.draw(0.015, 0.06);
                if !self.rng.random_bool(f64::from(full)) {
                    left += thick * 2.5;
                    continue;
                }
                let pick = colours[self.rng.random_range(0..colours.len())];
                let tall = pitch * self.draw(0.5, 0.9);
                let colour = palette::near(pick, 0.25, self.rng);
                let brush = self.brush(colour).round(0.15);
                if self.rng.random_bool(0.08) {
                    let wide = self.draw(0.05, 0.12);
                    self.oval([left + wide, bottom - wide], [wide, wide], &brush);
                    left += wide * 2.0;
                } else {
                    self.part([left, bottom - tall], [thick, tall], &brush);
                    if self.rng.random_bool(0.4) {
                        let shade = palette::wall(self.rng).map(|v| v * 0.9);
                        let title = self.brush(shade);
                        let (at, high) = (bottom - tall * 0.7, tall * self.draw(0.05, 0.3));
                        self.part([left + thick * 0.2, at], [thick * 0.6, high], &title);
                    }
                    left += thick * 1.04;
                }
            }
            self.part([x, bottom - 0.015], [width, 0.03], &board);
        }
        self.part([x - 0.02, top], [0.03, pitch * rows as f32], &board);
        self.part([x + width - 0.01, top], [0.03, pitch * rows as f32], &board);
    }

    pub fn curtain(&mut self, x: f32) {
        let width = self.draw(0.3, 1.8);
        let top = self.draw(0.0, 0.4);
        let bottom = self.floor() - self.draw(0.0, 1.0);
        self.curtain_at([x, top], [width, bottom - top]);
    }

    /// A curtain of a given size from its upper left corner.
    pub fn curtain_at(&mut self, [x, top]: Point, [width, height]: [f32; 2]) {
        let colour = if self.rng.random_bool(0.6) {
            palette::cloth(self.rng)
        } else {
            palette::wall(self.rng)
        };
        let depth = self.draw(0.15, 0.7);
        let base = self.brush(lit(colour, 0.75));
        self.part([x, top], [width, height], &base);
        let narrow = self.draw(0.03, 0.12);
        let mut left = x;
        while left < x + width {
            let fold = (narrow * self.draw(0.5, 2.0)).min(x + width - left);
            let slope = self.draw(-0.3, 0.3);
            let shade = palette::near(colour, 0.06, self.rng);
            let brush = self.brush(shade);
            let brush = brush.light(slope, 0.0).round(depth);
            let sway = self.draw(-0.03, 0.03);
            let corners = [
                [left, top],
                [left + fold * 1.05, top],
                [left + fold * 1.05 + sway, top + height],
                [left + sway, top + height],
            ];
            let corners = corners.map(|place| self.plane.pixel(place));
            shapes::polygon(self.canvas, &corners, &brush);
            left += fold;
        }
    }

    pub fn radiator(&mut self, x: f32) {
        let (width, height) = (self.draw(0.4, 1.6), self.draw(0.4, 0.8));
        let top = self.floor() - height - 0.12;
        let white = self.brush([0.85, 0.85, 0.82]).round(0.35);
        let pitch = self.draw(0.05, 0.1);
        for at in 0..(width / pitch) as usize {
            self.part([x + pitch * at as f32, top], [pitch * 0.9, height], &white);
        }
    }
}
