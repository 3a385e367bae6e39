//! Colour scales: equal steps of a value look alike, which rainbows don't. They are two of the page's, in
//! `www/inside/color.js`, and both are held to tests/fixtures/scales.json.

/// Lightness, and the two axes green to red and blue to yellow, of OKLab: Ottosson, "A perceptual color
/// space for image processing" (2020).
type Lab = [f32; 3];

/// A colour as lightness, chroma, and hue in degrees.
type Lch = [f32; 3];

/// The page's scale from zero up on dark ground: nearly black, red, orange, nearly white.
const SEQUENTIAL: [Lch; 4] = [
    [0.21, 0.008, 240.0],
    [0.43, 0.12, 25.0],
    [0.68, 0.15, 48.0],
    [0.95, 0.06, 92.0],
];

/// The page's scale for both signs on light ground. From zero to what speaks against: blue.
const AGAINST: [Lch; 3] = [[0.95, 0.014, 85.0], [0.7, 0.1, 250.0], [0.38, 0.12, 258.0]];

/// From zero to what speaks for: orange.
const FOR: [Lch; 3] = [[0.95, 0.014, 85.0], [0.7, 0.13, 45.0], [0.38, 0.13, 28.0]];

/// The colour of a value from 0 to 1; lighter is more.
pub fn sequential(value: f32) -> [u8; 3] {
    along(&SEQUENTIAL, value)
}

/// The colour of a value from -1 to 1.
pub fn diverging(value: f32) -> [u8; 3] {
    along(if value < 0.0 { &AGAINST } else { &FOR }, value.abs())
}

/// The colour at a share of the way. Lightness changes evenly from the first to the last; hue and chroma pass
/// through all on straight lines.
fn along(colours: &[Lch], share: f32) -> [u8; 3] {
    let share = share.clamp(0.0, 1.0);
    let last = colours.len() - 1;
    let place = share * last as f32;
    let first = (place as usize).min(last - 1);
    let part = place - first as f32;
    let [from, to] = [colours[first], colours[first + 1]].map(lab);
    let mix = |axis: usize| from[axis] + (to[axis] - from[axis]) * part;
    let lightness = colours[0][0] + (colours[last][0] - colours[0][0]) * share;
    srgb([lightness, mix(1), mix(2)])
}

fn lab([lightness, chroma, hue]: Lch) -> Lab {
    let (sine, cosine) = hue.to_radians().sin_cos();
    [lightness, chroma * cosine, chroma * sine]
}

fn srgb([lightness, a, b]: Lab) -> [u8; 3] {
    let cones = [
        lightness + 0.396_337_78 * a + 0.215_803_76 * b,
        lightness - 0.105_561_346 * a - 0.063_854_17 * b,
        lightness - 0.089_484_18 * a - 1.291_485_5 * b,
    ]
    .map(|cone| cone * cone * cone);
    let linear = [
        [4.076_741_7, -3.307_711_6, 0.230_969_94],
        [-1.268_438, 2.609_757_4, -0.341_319_4],
        [-0.004_196_086, -0.703_418_6, 1.707_614_7],
    ]
    .map(|row: [f32; 3]| row[0] * cones[0] + row[1] * cones[1] + row[2] * cones[2]);
    linear.map(|value| {
        let value = value.clamp(0.0, 1.0);
        let coded = if value <= 0.003_130_8 {
            value * 12.92
        } else {
            1.055 * value.powf(1.0 / 2.4) - 0.055
        };
        (coded * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn light_grows_evenly_and_signs_can_be_told() {
        let light =
            |[r, g, b]: [u8; 3]| f32::from(r) * 0.3 + f32::from(g) * 0.59 + f32::from(b) * 0.11;
        let steps: Vec<f32> = (0..=10)
            .map(|n| light(sequential(n as f32 / 10.0)))
            .collect();
        assert!(
            steps.windows(2).all(|pair| pair[1] > pair[0] + 5.0),
            "{steps:?}"
        );
        let [against, nothing, speaks] = [-1.0, 0.0, 1.0].map(diverging);
        assert!(
            against[2] > against[0] && speaks[0] > speaks[2],
            "blue and orange"
        );
        assert!(nothing.iter().all(|value| *value > 220));
        assert_eq!(diverging(7.0), speaks);
        // OKLab's white.
        assert_eq!(srgb([1.0, 0.0, 0.0]), [255; 3]);
    }

    #[test]
    fn colours_are_the_pages() {
        let table: Value =
            serde_json::from_str(include_str!("../../../tests/fixtures/scales.json")).unwrap();
        type Scale = fn(f32) -> [u8; 3];
        let scales: [(&str, Scale); 2] = [
            ("sequential", sequential),
            ("diverging", |share| diverging(2.0 * share - 1.0)),
        ];
        for (name, colour) in scales {
            let rows = table[name].as_array().unwrap();
            assert!(rows.len() > 8);
            for row in rows {
                let [step, red, green, blue] =
                    [0_usize, 1, 2, 3].map(|at| row[at].as_u64().unwrap());
                let found = colour(step as f32 / 255.0).map(u64::from);
                // Float32 here and float64 there may round to neighbours.
                let near = found.iter().zip([red, green, blue]);
                assert!(
                    near.clone().all(|(a, b)| a.abs_diff(b) <= 1),
                    "{name} {step}: {found:?}"
                );
            }
        }
    }
}
