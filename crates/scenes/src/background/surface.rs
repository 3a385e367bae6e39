//! What surfaces look like from near: boards, bricks, tiles, wallpaper, cloth, plain paint.

use crate::noise::{Grain, floor, hash, part};
use crate::palette::{self, Rgb, lit, mix};
use rand::Rng;

/// A surface without end, that has a colour at every place.
#[derive(Debug, Clone)]
pub struct Surface {
    kind: Kind,
    /// The main colour, the second, and that of joints.
    colours: [Rgb; 3],
    /// Patterns for each unit, across and down.
    scale: [f32; 2],
    /// How much pieces differ from each other in light.
    spread: f32,
    grain: Grain,
    grain_scale: [f32; 2],
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
    Stripes {
        share: f32,
    },
    Checks,
    Dots {
        radius: f32,
        stagger: bool,
    },
    Lozenges {
        share: f32,
    },
    /// Crossing threads or lines.
    Weave,
}

/// How far the next row of pieces is moved.
#[derive(Debug, Clone, Copy)]
enum Shift {
    None,
    Half,
    Random,
}

impl Surface {
    fn new(kind: Kind, colours: [Rgb; 3], scale: [f32; 2], rng: &mut impl Rng) -> Self {
        Self {
            kind,
            colours,
            scale,
            spread: 0.0,
            grain: Grain::new(rng),
            grain_scale: [2.0, 2.0],
            grain_strength: rng.random_range(0.0..0.04),
            seed: rng.random(),
        }
    }

    /// Plain paint with hardly a grain.
    pub fn plain(colour: Rgb, rng: &mut impl Rng) -> Self {
        Self::new(Kind::Plain, [colour; 3], [1.0; 2], rng)
    }

    /// A wall's: mostly plain, else wallpaper, bricks, tiles, panels. A unit is a metre.
    pub fn wall(rng: &mut impl Rng) -> Self {
        let colour = palette::wall(rng);
        match rng.random_range(0..20) {
            0..=9 => Self::plain(colour, rng),
            10..=11 => {
                let mut rough = Self::plain(colour, rng);
                rough.grain_scale = [rng.random_range(4.0..40.0); 2];
                rough.grain_strength = rng.random_range(0.03..0.25);
                rough
            }
            12..=13 => Self::bricks(rng),
            14 => Self::tiles(rng),
            15 => Self::boards(rng).turned(),
            _ => Self::paper(colour, rng),
        }
    }

    /// A floor's: boards, tiles, carpet, plain.
    pub fn floor(rng: &mut impl Rng) -> Self {
        match rng.random_range(0..7) {
            0..=2 => Self::boards(rng),
            3 => Self::tiles(rng),
            4 => Self::cloth(rng),
            _ => {
                let colour = palette::any(rng);
                Self::plain(lit(colour, rng.random_range(0.5..1.0)), rng)
            }
        }
    }

    /// Boards of wood, one above the other.
    pub fn boards(rng: &mut impl Rng) -> Self {
        let colour = palette::wood(rng);
        let joint = rng.random_range(0.0..0.06);
        let length = rng.random_range(0.6..2.5);
        let shift = Shift::Random;
        let colours = [colour, palette::near(colour, 0.2, rng), lit(colour, 0.35)];
        let scale = [1.0 / length, rng.random_range(4.0..14.0)];
        let mut boards = Self::new(Kind::Pieces { joint, shift }, colours, scale, rng);
        boards.spread = rng.random_range(0.02..0.35);
        boards.grain_scale = [rng.random_range(0.5..4.0), rng.random_range(15.0..70.0)];
        boards.grain_strength = rng.random_range(0.03..0.3);
        boards
    }

    /// One piece of wood.
    pub fn wood(rng: &mut impl Rng) -> Self {
        let mut wood = Self::boards(rng);
        wood.kind = Kind::Plain;
        wood
    }

    /// Bricks, bare or painted over.
    pub fn bricks(rng: &mut impl Rng) -> Self {
        let colour = if rng.random_bool(0.6) {
            palette::hsv_within(0.0..0.07, 0.2..0.7, 0.25..0.8, rng)
        } else {
            palette::wall(rng)
        };
        let mortar = mix(colour, palette::wall(rng), rng.random_range(0.1..1.0));
        let width = rng.random_range(0.15..0.5);
        let scale = [1.0 / width, rng.random_range(2.0..4.0) / width];
        let shift = Shift::Half;
        let joint = rng.random_range(0.05..0.2);
        let colours = [colour, palette::near(colour, 0.3, rng), mortar];
        let mut bricks = Self::new(Kind::Pieces { joint, shift }, colours, scale, rng);
        bricks.spread = rng.random_range(0.05..0.4);
        bricks.grain_scale = [20.0; 2];
        bricks.grain_strength = rng.random_range(0.02..0.25);
        bricks
    }

    /// Tiles, square or long.
    pub fn tiles(rng: &mut impl Rng) -> Self {
        let colour = palette::any(rng);
        let width = rng.random_range(0.08..0.6);
        let aspect = if rng.random_bool(0.6) {
            1.0
        } else {
            rng.random_range(0.5..2.5)
        };
        let joint = rng.random_range(0.02..0.1);
        let shift = if rng.random_bool(0.8) {
            Shift::None
        } else {
            Shift::Half
        };
        let second = palette::near(colour, 0.2, rng);
        let gap = palette::wall(rng);
        let scale = [1.0 / width, aspect / width];
        let kind = Kind::Pieces { joint, shift };
        let mut tiles = Self::new(kind, [colour, second, gap], scale, rng);
        tiles.spread = rng.random_range(0.0..0.2);
        tiles
    }

    /// Woven or printed cloth.
    pub fn cloth(rng: &mut impl Rng) -> Self {
        let colour = palette::cloth(rng);
        let mut cloth = Self::paper(colour, rng);
        cloth.grain_scale = [rng.random_range(10.0..60.0), rng.random_range(10.0..60.0)];
        cloth.grain_strength = rng.random_range(0.03..0.2);
        cloth
    }

    /// Wallpaper: stripes, checks, dots, lozenges, lines.
    pub fn paper(colour: Rgb, rng: &mut impl Rng) -> Self {
        let other = if rng.random_bool(0.5) {
            palette::wall(rng)
        } else {
            palette::any(rng)
        };
        let other = mix(colour, other, rng.random_range(0.15..1.0));
        let kind = match rng.random_range(0..6) {
            0..=1 => Kind::Stripes {
                share: rng.random_range(0.1..0.6),
            },
            2 => Kind::Checks,
            3 => Kind::Dots {
                radius: rng.random_range(0.1..0.42),
                stagger: rng.random(),
            },
            4 => Kind::Lozenges {
                share: rng.random_range(0.1..0.5),
            },
            _ => Kind::Weave,
        };
        let fine = 2.0f32.powf(rng.random_range(0.5..4.5));
        let aspect = rng.random_range(0.7..1.4);
        let third = palette::near(other, 0.3, rng);
        Self::new(
            kind,
            [colour, other, third],
            [fine * aspect, fine / aspect],
            rng,
        )
    }

    /// Any of them.
    pub fn any(rng: &mut impl Rng) -> Self {
        match rng.random_range(0..12) {
            0..=2 => Self::boards(rng),
            3 => Self::wood(rng),
            4 => Self::bricks(rng),
            5..=6 => Self::tiles(rng),
            7..=8 => Self::cloth(rng),
            _ => {
                let colour = palette::any(rng);
                Self::paper(colour, rng)
            }
        }
    }

    /// Turned by a right angle.
    pub fn turned(mut self) -> Self {
        // Places are turned as they come in: pieces in columns, grain upright.
        self.scale = [-self.scale[0], self.scale[1]];
        self
    }

    /// The colour at a place, mean over what a pixel sees, `reach` across and down.
    pub fn at(&self, [u, v]: [f32; 2], [reach_u, reach_v]: [f32; 2]) -> Rgb {
        let turned = self.scale[0] < 0.0;
        let (u, v) = if turned { (v, u) } else { (u, v) };
        let (reach_u, reach_v) = if turned {
            (reach_v, reach_u)
        } else {
            (reach_u, reach_v)
        };
        let [fine_u, fine_v] = [self.scale[0].abs(), self.scale[1]];
        let [grain_u, grain_v] = self.grain_scale;
        // Grain finer than pixels fades instead of flickering.
        let fade = (1.3 - 0.7 * (reach_u * grain_u).max(reach_v * grain_v)).clamp(0.0, 1.0);
        let shift = f32::from((self.seed & 31) as u8);
        let mut light = 1.0;
        if fade * self.grain_strength > 0.005 {
            let along = u * grain_u + shift;
            let mut noise = self.grain.at(along, v * grain_v);
            if self.grain_strength > 0.05 {
                noise += self.grain.at(along * 0.37, v * grain_v * 0.23);
            }
            light += noise * fade * self.grain_strength;
        }
        let (a, b) = (u * fine_u, v * fine_v);
        let (reach_a, reach_b) = (reach_u * fine_u, reach_v * fine_v);
        let [first, second, third] = self.colours;
        let colour = match self.kind {
            Kind::Plain => first,
            Kind::Pieces { joint, shift } => {
                let row = floor(b);
                let moved = match shift {
                    Shift::None => 0.0,
                    Shift::Half => (row as i32 & 1) as f32 / 2.0,
                    Shift::Random => hash(self.seed, row as i32, -7),
                };
                let along = a + moved;
                let column = floor(along);
                let own = hash(self.seed, column as i32, row as i32);
                light *= 1.0 + (own - 0.5) * self.spread;
                // A joint is as wide on all sides of a piece.
                let across = joint * (fine_u / fine_v).min(1.0);
                let upright = band(along - column, across, reach_a);
                let level = band(b - row, joint * (fine_v / fine_u).min(1.0), reach_b);
                mix(mix(first, second, own), third, upright.max(level))
            }
            Kind::Stripes { share } => mix(first, second, band(part(a), share, reach_a)),
            Kind::Checks => {
                let across = band(part(a), 0.5, reach_a);
                let down = band(part(b), 0.5, reach_b);
                mix(first, second, (across + down) / 2.0)
            }
            Kind::Dots { radius, stagger } => {
                let row = floor(b);
                let along = if stagger {
                    a + (row as i32 & 1) as f32 / 2.0
                } else {
                    a
                };
                let (right, down) = (part(along) - 0.5, b - row - 0.5);
                let away = (right * right + down * down).sqrt();
                let edge = (reach_a + reach_b).max(0.05);
                let share = ((radius - away) / edge + 0.5).clamp(0.0, 1.0);
                let visible = (1.5 - edge).clamp(0.2, 1.0);
                mix(first, second, share * visible)
            }
            Kind::Lozenges { share } => {
                let (sum, difference) = (part(a + b), part(a - b));
                let reach = reach_a + reach_b;
                let lines = band(sum, share, reach).max(band(difference, share, reach));
                mix(first, second, lines)
            }
            Kind::Weave => {
                let across = band(part(a), 0.2, reach_a);
                let down = band(part(b), 0.2, reach_b);
                mix(mix(first, second, across), third, down)
            }
        };
        lit(colour, light)
    }
}

/// How much of a pixel at `place` of a period is in the band of a given share about its ends.
fn band(place: f32, share: f32, reach: f32) -> f32 {
    let away = place.min(1.0 - place);
    let edge = reach.max(1e-3);
    let sharp = ((share / 2.0 - away) / edge + 0.5).clamp(0.0, 1.0);
    // Periods narrower than a pixel are all one mean.
    let blurred = ((reach - 0.4) * 2.0).clamp(0.0, 1.0);
    sharp + (share - sharp) * blurred
}
