//! Colors that browsers convert to sRGB before they show them. Here they are read as sRGB, which is
//! close enough for most of what cameras write; what is far from it is refused.

use crate::error::{Error, Result};
use moxcms::{Chromaticity, ColorPrimaries, ColorProfile, DataColorSpace, ToneReprCurve};

/// Colors by which sRGB and another encoding are compared: grays, and skin of two tones.
const PROBES: [[f32; 3]; 6] = [
    [0.125; 3],
    [0.25; 3],
    [0.5; 3],
    [0.75; 3],
    [0.88, 0.67, 0.55],
    [0.55, 0.33, 0.24],
];

/// The largest difference that a channel of a probe may have. Display P3 (0.05), Adobe RGB (0.08), the
/// gamma of old Macs (0.08) and DCI (0.1) stay within; linear light (0.29) and ProPhoto RGB (0.23) don't.
const LARGEST_DIFFERENCE: f32 = 0.125;

/// Refuses what a PNG says of its colors without a profile, where they are far from sRGB: the exponent of
/// its encoding, and the chromaticities x and y of white, red, green and blue. A value that is NaN or not above 0
/// is ignored, as browsers ignore it.
pub fn check_encoding(gamma: Option<f32>, primaries: Option<[f32; 8]>) -> Result<()> {
    let mut profile = ColorProfile::new_srgb();
    let primaries = primaries.filter(|values| values.iter().all(|value| *value > 0.0));
    if let Some([x, y, red_x, red_y, green_x, green_y, blue_x, blue_y]) = primaries {
        let primaries = ColorPrimaries {
            red: Chromaticity::new(red_x, red_y),
            green: Chromaticity::new(green_x, green_y),
            blue: Chromaticity::new(blue_x, blue_y),
        };
        profile.update_rgb_colorimetry(Chromaticity::new(x, y).to_xyyb(), primaries);
    }
    if let Some(gamma) = gamma.filter(|gamma| *gamma > 0.0) {
        let curve = ToneReprCurve::Parametric(vec![1.0 / gamma]);
        profile = with_curve(profile, Some(curve));
    }
    let what = "its gamma or its color primaries are far from sRGB's";
    refuse(is_far(&profile), what)
}

/// Refuses code points (ITU-T H.273) of a PNG whose color primaries or transfer function are far from
/// sRGB's: only those of BT.709, BT.601, sRGB, Display P3 and their likes aren't.
pub fn check_code_points(primaries: u8, transfer: u8) -> Result<()> {
    let is_near = matches!(primaries, 1 | 2 | 5 | 6 | 7 | 12)
        && matches!(transfer, 1 | 2 | 4 | 6 | 7 | 13 | 14 | 15);
    refuse(!is_near, "its colors are far from sRGB")
}

/// Refuses an ICC profile of RGB or of grays that is far from sRGB, and one of tables alone, of which
/// this can't be said. A damaged profile is passed over, as in browsers.
pub fn check_profile(profile: &[u8]) -> Result<()> {
    let is_far = match ColorProfile::new_from_slice(profile) {
        Ok(rgb) if rgb.color_space == DataColorSpace::Rgb => is_far(&rgb),
        Ok(gray) if gray.color_space == DataColorSpace::Gray => {
            is_far(&with_curve(ColorProfile::new_srgb(), gray.gray_trc))
        }
        _ => false,
    };
    refuse(is_far, "its color profile is far from sRGB")
}

fn refuse(is_far: bool, what: &str) -> Result<()> {
    if is_far {
        return Err(Error::unread(format!(
            "{what}, and is not applied here; convert the picture to sRGB"
        )));
    }
    Ok(())
}

/// The same primaries with one curve for all channels.
fn with_curve(mut profile: ColorProfile, curve: Option<ToneReprCurve>) -> ColorProfile {
    profile.red_trc.clone_from(&curve);
    profile.green_trc.clone_from(&curve);
    profile.blue_trc = curve;
    profile
}

/// Whether an encoding shows another color where sRGB shows a probe.
fn is_far(profile: &ColorProfile) -> bool {
    let curve = |curve: &Option<ToneReprCurve>| curve.as_ref()?.make_linear_evaluator().ok();
    let [red, green, blue] = [&profile.red_trc, &profile.green_trc, &profile.blue_trc].map(curve);
    let (Some(red), Some(green), Some(blue)) = (red, green, blue) else {
        return true;
    };
    let to_srgb = profile.transform_matrix(&ColorProfile::new_srgb());
    !PROBES.iter().all(|probe| {
        let [r, g, b] = *probe;
        let light = [(&red, r), (&green, g), (&blue, b)];
        let light = light.map(|(curve, value)| curve.evaluate_value(value));
        to_srgb.v.iter().zip(probe).all(|(row, expected)| {
            let shown: f32 = row.iter().zip(light).map(|(a, b)| *a as f32 * b).sum();
            // A difference that is NaN is not small.
            (encode(shown) - expected).abs() <= LARGEST_DIFFERENCE
        })
    })
}

/// sRGB's encoding of linear light (IEC 61966-2-1).
fn encode(light: f32) -> f32 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}
