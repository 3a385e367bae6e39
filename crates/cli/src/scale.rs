//! Colour scales: equal steps of a value look alike, which rainbows don't.

/// Lightness, and the two axes green to red and blue to yellow, of OKLab: Ottosson, "A perceptual color
/// space for image processing" (2020).
type Lab = [f32; 3];

/// Dark blue, teal, light yellow: the ends and the middle of [`sequential`].
const SEQUENTIAL: [Lab; 3] = [
    [0.18, 0.01, -0.09],
    [0.56, -0.07, -0.02],
    [0.95, -0.03, 0.13],
];

/// Blue for what speaks against, light grey, orange for what speaks for: those of [`diverging`], alike far
/// from the middle.
const DIVERGING: [Lab; 3] = [[0.45, -0.03, -0.16], [0.96, 0.0, 0.0], [0.58, 0.12, 0.11]];

/// The colour of a value from 0 to 1; lighter is more.
pub fn sequential(value: f32) -> [u8; 3] {
    between(&SEQUENTIAL, value)
}

/// The colour of a value from -1 to 1.
pub fn diverging(value: f32) -> [u8; 3] {
    between(&DIVERGING, (value + 1.0) / 2.0)
}

/// The colour at a share of the way through three, along straight lines.
fn between(colours: &[Lab; 3], share: f32) -> [u8; 3] {
    let place = share.clamp(0.0, 1.0) * 2.0;
    let first = if place < 1.0 { 0 } else { 1 };
    let part = place - first as f32;
    let (from, to) = (colours[first], colours[first + 1]);
    srgb([0, 1, 2].map(|at| from[at] + (to[at] - from[at]) * part))
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
        assert!(nothing.iter().all(|value| *value > 230));
        assert_eq!(diverging(7.0), speaks);
        // OKLab's white.
        assert_eq!(srgb([1.0, 0.0, 0.0]), [255; 3]);
    }
}
