//! What surfaces look like from near: boards, bricks, tiles, wallpaper, cloth, plain paint.

use crate::noise::{floor, grain, hash, part};
use crate::palette::{self, Rgb};
use glam::{Vec2, vec2};
use rand::Rng;
use std::f32::consts::FRAC_PI_4;

/// A surface without end, that has a colour at every place.
#[derive(Debug, Clone)]
pub struct Surface {
    kind: Kind,
    /// The main colour, the second, and that of joints.
    colours: [Rgb; 3],
    /// Patterns for each unit, across and down.
    scale: Vec2,
    /// How it is turned, as the direction of its rows.
    turn: Vec2,
    /// How much pieces differ from each other in light.
    spread: f32,
    /// Cells of grain for each unit, and how much darker or lighter they are.
    grain: Vec2,
    grain_strength: f32,
    seed: u32,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Plain,
    /// Pieces in rows with joints: tiles, bricks, boards.
    Pieces {
        joint: f32,
        shift: Shift,
    },
    /// Stripes of some breadth, and others across: checks, lozenges, threads.
    Bands {
        shares: Vec2,
    },
    Dots {
        radius: f32,
        stagger: bool,
    },
}

/// How far the next row of pieces is moved.
#[derive(Debug, Clone, Copy)]
enum Shift {
    None,
    Half,
    Random,
}

impl Surface {
    fn new(kind: Kind, colours: [Rgb; 3], scale: Vec2, rng: &mut impl Rng) -> Self {
        Self {
            kind,
            colours,
            scale,
            turn: Vec2::X,
            spread: 0.0,
            grain: Vec2::splat(2.0),
            grain_strength: rng.random_range(0.0..0.04),
            seed: rng.random(),
        }
    }

    fn with_grain(mut self, grain: Vec2, strength: f32) -> Self {
        (self.grain, self.grain_strength) = (grain, strength);
        self
    }

    /// Plain paint with hardly a grain.
    pub fn plain(colour: Rgb, rng: &mut impl Rng) -> Self {
        Self::new(Kind::Plain, [colour; 3], Vec2::ONE, rng)
    }

    /// A wall's: mostly plain, else wallpaper, bricks, tiles, panels. A unit is a metre.
    pub fn wall(rng: &mut impl Rng) -> Self {
        let colour = palette::wall(rng);
        match rng.random_range(0..20) {
            0..=9 => Self::plain(colour, rng),
            10..=11 => {
                let (cells, strength) = (rng.random_range(4.0..40.0), rng.random_range(0.03..0.25));
                Self::plain(colour, rng).with_grain(Vec2::splat(cells), strength)
            }
            12..=13 => Self::bricks(rng),
            14 => Self::tiles(rng),
            15 => Self {
                turn: Vec2::Y,
                ..Self::boards(rng)
            },
            _ => Self::paper(colour, rng),
        }
    }

    /// A floor's: boards, tiles, carpet, plain.
    pub fn floor(rng: &mut impl Rng) -> Self {
        match rng.random_range(0..7) {
            0..=2 => Self::boards(rng),
            3 => Self::tiles(rng),
            4 => Self::cloth(rng),
            _ => Self::plain(palette::any(rng) * rng.random_range(0.5..1.0), rng),
        }
    }

    /// Any of them.
    pub fn any(rng: &mut impl Rng) -> Self {
        match rng.random_range(0..12) {
            0..=2 => Self::boards(rng),
            // One piece of wood.
            3 => Self {
                kind: Kind::Plain,
                ..Self::boards(rng)
            },
            4 => Self::bricks(rng),
            5..=6 => Self::tiles(rng),
            7..=8 => Self::cloth(rng),
            _ => Self::paper(palette::any(rng), rng),
        }
    }

    /// Boards of wood, one above the other.
    fn boards(rng: &mut impl Rng) -> Self {
        let colour = palette::wood(rng);
        let (joint, shift) = (rng.random_range(0.0..0.06), Shift::Random);
        let colours = [colour, palette::near(colour, 0.2, rng), colour * 0.35];
        let scale = vec2(
            1.0 / rng.random_range(0.6..2.5),
            rng.random_range(4.0..14.0),
        );
        let grain = vec2(rng.random_range(0.5..4.0), rng.random_range(15.0..70.0));
        let spread = rng.random_range(0.02..0.35);
        let strength = rng.random_range(0.03..0.3);
        let boards = Self::new(Kind::Pieces { joint, shift }, colours, scale, rng);
        Self { spread, ..boards }.with_grain(grain, strength)
    }

    /// Bricks, bare or painted over.
    fn bricks(rng: &mut impl Rng) -> Self {
        let colour = if rng.random_bool(0.6) {
            palette::hsv_within(0.0..0.07, 0.2..0.7, 0.25..0.8, rng)
        } else {
            palette::wall(rng)
        };
        let mortar = colour.lerp(palette::wall(rng), rng.random_range(0.1..1.0));
        let scale = vec2(1.0, rng.random_range(2.0..4.0)) / rng.random_range(0.15..0.5);
        let (joint, shift) = (rng.random_range(0.05..0.2), Shift::Half);
        let colours = [colour, palette::near(colour, 0.3, rng), mortar];
        let (spread, strength) = (rng.random_range(0.05..0.4), rng.random_range(0.02..0.25));
        let bricks = Self::new(Kind::Pieces { joint, shift }, colours, scale, rng);
        Self { spread, ..bricks }.with_grain(Vec2::splat(20.0), strength)
    }

    /// Tiles, square or long.
    fn tiles(rng: &mut impl Rng) -> Self {
        let colour = palette::any(rng);
        let aspect = if rng.random_bool(0.6) {
            1.0
        } else {
            rng.random_range(0.5..2.5)
        };
        let shift = if rng.random_bool(0.8) {
            Shift::None
        } else {
            Shift::Half
        };
        let joint = rng.random_range(0.02..0.1);
        let colours = [colour, palette::near(colour, 0.2, rng), palette::wall(rng)];
        let scale = vec2(1.0, aspect) / rng.random_range(0.08..0.6);
        let spread = rng.random_range(0.0..0.2);
        let tiles = Self::new(Kind::Pieces { joint, shift }, colours, scale, rng);
        Self { spread, ..tiles }
    }

    /// Woven or printed cloth.
    fn cloth(rng: &mut impl Rng) -> Self {
        let colour = palette::cloth(rng);
        let grain = vec2(rng.random_range(10.0..60.0), rng.random_range(10.0..60.0));
        let strength = rng.random_range(0.03..0.2);
        Self::paper(colour, rng).with_grain(grain, strength)
    }

    /// Wallpaper: stripes, checks, dots, lozenges, lines.
    fn paper(colour: Rgb, rng: &mut impl Rng) -> Self {
        let other = if rng.random_bool(0.5) {
            palette::wall(rng)
        } else {
            palette::any(rng)
        };
        let other = colour.lerp(other, rng.random_range(0.15..1.0));
        let (mut turn, share) = (Vec2::X, rng.random_range(0.1..0.6));
        let kind = match rng.random_range(0..6) {
            0..=1 => Kind::Bands {
                shares: vec2(share, 0.0),
            },
            2 => Kind::Dots {
                radius: share * 0.7,
                stagger: rng.random(),
            },
            crossing => {
                if crossing == 3 {
                    turn = Vec2::from_angle(FRAC_PI_4);
                }
                let shares = Vec2::splat(share);
                Kind::Bands { shares }
            }
        };
        let fine = 2.0f32.powf(rng.random_range(0.5..4.5));
        let aspect = rng.random_range(0.7..1.4);
        let colours = [colour, other, palette::near(other, 0.3, rng)];
        let paper = Self::new(kind, colours, fine * vec2(aspect, 1.0 / aspect), rng);
        Self { turn, ..paper }
    }

    /// The colour at a place, mean over what a pixel sees, `reach` across and down.
    pub fn at(&self, place: Vec2, reach: Vec2) -> Rgb {
        let place = self.turn.rotate(place);
        let reach = self.turn.x.abs() * reach + self.turn.y.abs() * vec2(reach.y, reach.x);
        // Grain finer than pixels fades instead of flickering.
        let fade = (1.3 - 0.7 * (reach * self.grain).max_element()).clamp(0.0, 1.0);
        let mut light = 1.0;
        if fade * self.grain_strength > 0.005 {
            let Vec2 { x, y } = place * self.grain;
            let coarse = grain(!self.seed, x * 0.37, y * 0.23);
            light += (grain(self.seed, x, y) + coarse) * fade * self.grain_strength;
        }
        let (Vec2 { x: a, y: b }, reach) = (place * self.scale, reach * self.scale);
        let [first, second, third] = self.colours;
        let row = floor(b);
        let half = (row as i32 & 1) as f32 / 2.0;
        let colour = match self.kind {
            Kind::Plain => first,
            Kind::Pieces { joint, shift } => {
                let along = a + match shift {
                    Shift::None => 0.0,
                    Shift::Half => half,
                    Shift::Random => hash(self.seed, row as i32, -7),
                };
                let column = floor(along);
                let own = hash(self.seed, column as i32, row as i32);
                light *= 1.0 + (own - 0.5) * self.spread;
                // A joint is as wide on all sides of a piece.
                let aspect = self.scale.x / self.scale.y;
                let upright = band(along - column, joint * aspect.min(1.0), reach.x);
                let level = band(b - row, joint * aspect.recip().min(1.0), reach.y);
                first.lerp(second, own).lerp(third, upright.max(level))
            }
            Kind::Bands { shares } => {
                let across = first.lerp(second, band(part(a), shares.x, reach.x));
                across.lerp(third, band(part(b), shares.y, reach.y))
            }
            Kind::Dots { radius, stagger } => {
                let along = if stagger { a + half } else { a };
                let away = vec2(part(along) - 0.5, b - row - 0.5).length();
                let edge = reach.element_sum().max(0.05);
                let share = ((radius - away) / edge + 0.5).clamp(0.0, 1.0);
                let visible = (1.5 - edge).clamp(0.2, 1.0);
                first.lerp(second, share * visible)
            }
        };
        colour * light
    }
}

/// How much of a pixel at `place` of a period is in the band of a given share about its ends.
fn band(place: f32, share: f32, reach: f32) -> f32 {
    if share <= 0.0 {
        return 0.0;
    }
    let away = place.min(1.0 - place);
    let edge = reach.max(1e-3);
    let sharp = ((share / 2.0 - away) / edge + 0.5).clamp(0.0, 1.0);
    // Periods narrower than a pixel are all one mean.
    let blurred = ((reach - 0.4) * 2.0).clamp(0.0, 1.0);
    sharp + (share - sharp) * blurred
}
