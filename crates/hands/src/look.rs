//! The look: skin, nails, clothes, jewellery and light.

use crate::dice::Dice;
use glam::{Vec3, vec3};

/// A colour, 0 to 1 each of red, green and blue.
pub type Colour = Vec3;

/// How a hand looks and is lit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Skin tone, 0 very light to 1 very dark.
    pub tone: f32,
    /// Towards yellow (-1) or red (1).
    pub warmth: f32,
    /// How red knuckles, palm and fingertips are, 0 to 1.
    pub flush: f32,
    /// How deep folds and creases are, 0 to 1.
    pub creases: f32,
    /// Nail varnish; none shows the bare nail.
    pub varnish: Option<Colour>,
    /// Clothing on the arm.
    pub sleeve: Option<Sleeve>,
    /// A bracelet or watch strap about the wrist.
    pub bracelet: Option<Band>,
    /// A ring, on finger 1 (index) to 4 (little).
    pub ring: Option<(u8, Colour)>,
    /// The light.
    pub light: Light,
    /// What the mottling of the skin is drawn from.
    pub texture: u64,
}

/// A sleeve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sleeve {
    /// Where it begins, from the wrist along the arm.
    pub start: f32,
    /// Its colour.
    pub colour: Colour,
    /// The colour of its stripes, if it has any.
    pub stripes: Option<Colour>,
    /// How wide it hangs, against the arm.
    pub width: f32,
}

/// Something about the wrist.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Where it begins, from the wrist along the arm.
    pub start: f32,
    /// Its breadth.
    pub breadth: f32,
    /// Its colour.
    pub colour: Colour,
    /// Whether a watch sits on it, on the back of the wrist.
    pub watch: bool,
}

/// One lamp and the light from everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Towards the lamp: right, up, towards the viewer.
    pub direction: Vec3,
    /// Strength of the lamp.
    pub lamp: f32,
    /// Strength of the light from everywhere.
    pub ambient: f32,
    /// Colour of the lamp.
    pub colour: Colour,
    /// How soft the lamp's edge between light and shade is, 0 to 1.
    pub soft: f32,
}

impl Look {
    pub(crate) fn random(dice: &mut Dice, age: f32) -> Look {
        let tone = dice.unit();
        Look {
            tone,
            warmth: dice.bell(0.4),
            flush: dice.range(0.15, 1.0),
            creases: (dice.range(0.2, 0.8) + 0.3 * (age - 0.5)).clamp(0.05, 1.0),
            varnish: dice.chance(0.15).then(|| varnish(dice)),
            sleeve: dice.chance(0.4).then(|| Sleeve {
                start: dice.range(0.05, 0.6),
                colour: cloth(dice),
                stripes: dice.chance(0.3).then(|| cloth(dice)),
                width: dice.range(1.14, 1.5),
            }),
            bracelet: dice.chance(0.15).then(|| Band {
                start: dice.range(0.0, 0.18),
                breadth: dice.range(0.04, 0.16),
                colour: cloth(dice),
                watch: dice.chance(0.4),
            }),
            ring: dice.chance(0.12).then(|| {
                let finger = 1 + (dice.unit() * 4.0) as u8 % 4;
                let metals = [vec3(0.78, 0.78, 0.8), vec3(0.86, 0.68, 0.32)];
                (finger, metals[usize::from(dice.chance(0.5))])
            }),
            light: Light::random(dice),
            texture: dice.seed(),
        }
    }
}

impl Light {
    fn random(dice: &mut Dice) -> Light {
        let towards = vec3(
            dice.bell(0.5),
            0.35 + dice.bell(0.45),
            dice.range(0.45, 1.0),
        );
        let warm = dice.bell(0.025);
        let ambient = dice.range(0.42, 0.78);
        Light {
            direction: towards.normalize(),
            lamp: (1.08 - ambient) * dice.range(0.75, 1.2),
            ambient,
            colour: 1.0 + warm * vec3(1.0, 0.0, -1.0),
            soft: dice.range(0.1, 0.6),
        }
    }
}

fn varnish(dice: &mut Dice) -> Colour {
    const SHADES: [Colour; 6] = [
        vec3(0.72, 0.06, 0.12),
        vec3(0.12, 0.1, 0.13),
        vec3(0.9, 0.45, 0.6),
        vec3(0.25, 0.3, 0.6),
        vec3(0.93, 0.9, 0.88),
        vec3(0.2, 0.5, 0.45),
    ];
    SHADES[(dice.unit() * 6.0) as usize % 6]
}

fn cloth(dice: &mut Dice) -> Colour {
    let value = dice.range(0.06, 0.92);
    if dice.chance(0.4) {
        return value * vec3(1.0, dice.range(0.95, 1.02), dice.range(0.92, 1.08));
    }
    value * Vec3::ONE.map(|_| dice.range(0.3, 1.0))
}

/// Skin colours from very light to very dark.
const TONES: [Colour; 7] = [
    vec3(0.96, 0.82, 0.75),
    vec3(0.91, 0.73, 0.62),
    vec3(0.83, 0.62, 0.49),
    vec3(0.71, 0.49, 0.36),
    vec3(0.54, 0.35, 0.25),
    vec3(0.36, 0.23, 0.17),
    vec3(0.22, 0.145, 0.115),
];

/// The colours of one person's skin.
pub(crate) struct Skin {
    pub back: Colour,
    pub palm: Colour,
    /// Of knuckles, fingertips and the heel of the palm.
    pub flush: Colour,
    pub crease: Colour,
    pub nail: Colour,
}

impl Skin {
    pub fn new(look: &Look) -> Skin {
        let at = |tone: f32| {
            let x = tone.clamp(0.0, 1.0) * 5.999;
            let i = x as usize;
            let tone = TONES[i].lerp(TONES[i + 1], x - i as f32);
            let warm = look.warmth * 0.03;
            tone + vec3(0.4 * warm, -0.5 * warm, -0.6 * warm.abs())
        };
        let back = at(look.tone);
        // Palms carry little pigment: they stay light and pinkish whatever the back is.
        let palm = at(look.tone * (1.0 - 0.36 * look.tone)).lerp(vec3(0.86, 0.6, 0.52), 0.12);
        Skin {
            back,
            palm,
            flush: back * vec3(0.98, 0.72, 0.68) + 0.02 * Vec3::X,
            crease: palm * vec3(0.66, 0.52, 0.48),
            nail: at(look.tone * 0.7).lerp(vec3(0.95, 0.72, 0.68), 0.35),
        }
    }
}
