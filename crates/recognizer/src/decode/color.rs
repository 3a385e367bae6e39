//! Colors that browsers convert to sRGB before they show them. Here they are read as sRGB, which is
//! close enough for most of what cameras write; what is far from it is refused.

use crate::error::{Error, Result};

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

/// From linear sRGB to the XYZ of ICC profiles, adapted to D50: a row for each of X, Y, Z.
const SRGB: [[f32; 3]; 3] = [
    [0.43607, 0.38515, 0.14307],
    [0.22249, 0.71687, 0.06061],
    [0.01392, 0.09708, 0.71410],
];

/// Refuses a gamma, the exponent of a PNG's encoding, that is far from sRGB's of 1 / 2.2.
pub fn check_gamma(gamma: f32) -> Result<()> {
    // No exponent at all means nothing, to browsers as well.
    let is_far = gamma > 0.0 && is_far(|color| Some(color.map(|value| value.powf(1.0 / gamma))));
    refuse(is_far, "its gamma is far from sRGB's")
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
    if number(profile, 0).is_none_or(|length| length > profile.len()) {
        return Ok(());
    }
    let is_far = match (profile.get(16..20), profile.get(36..40)) {
        (Some(b"RGB "), Some(b"acsp")) => {
            let primaries = [b"rXYZ", b"gXYZ", b"bXYZ"].map(|name| xyz(tag(profile, name)?));
            let curves = [b"rTRC", b"gTRC", b"bTRC"].map(|name| tag(profile, name));
            is_far(|color| {
                let mut sum = [0.0; 3];
                for channel in 0..3 {
                    let light = linear(curves[channel]?, color[channel])?;
                    let primary = primaries[channel]?;
                    for (sum, part) in sum.iter_mut().zip(primary) {
                        *sum += light * part;
                    }
                }
                Some(to_srgb(sum))
            })
        }
        (Some(b"GRAY"), Some(b"acsp")) => {
            let curve = tag(profile, b"kTRC");
            is_far(|[gray, ..]| Some([linear(curve?, gray)?; 3]))
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

/// Whether an encoding, given as the function to linear sRGB, makes another color of a probe.
fn is_far(decode: impl Fn([f32; 3]) -> Option<[f32; 3]>) -> bool {
    PROBES.iter().any(|probe| {
        let Some(light) = decode(*probe) else {
            return true;
        };
        let shown = light.map(encode);
        let differences = shown.iter().zip(probe).map(|(a, b)| (a - b).abs());
        // A difference that is NaN is not small.
        !differences.fold(0.0, f32::max).le(&LARGEST_DIFFERENCE) || light.iter().any(|v| v.is_nan())
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

/// Linear sRGB of a color in XYZ, by Cramer's rule.
fn to_srgb(xyz: [f32; 3]) -> [f32; 3] {
    let determinant = |m: [[f32; 3]; 3]| {
        let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
        m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
    };
    [0, 1, 2].map(|column| {
        let mut replaced = SRGB;
        for (row, value) in replaced.iter_mut().zip(xyz) {
            row[column] = value;
        }
        determinant(replaced) / determinant(SRGB)
    })
}

/// The content of a tag of a profile.
fn tag<'a>(profile: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let table = profile.get(132..)?.chunks_exact(12);
    let count = number(profile, 128)?;
    let entry = table.take(count).find(|entry| entry.starts_with(name))?;
    let (offset, length) = (number(entry, 4)?, number(entry, 8)?);
    profile.get(offset..offset.checked_add(length)?)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*bytes)).ok()
}

/// A number of 16 binary places.
fn fixed(bytes: &[u8], at: usize) -> Option<f32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(i32::from_be_bytes(*bytes) as f32 / 65_536.0)
}

fn xyz(tag: &[u8]) -> Option<[f32; 3]> {
    Some([fixed(tag, 8)?, fixed(tag, 12)?, fixed(tag, 16)?])
}

/// The linear light of an encoded value, by a profile's curve (ICC.1, 10.6 and 10.18).
fn linear(curve: &[u8], value: f32) -> Option<f32> {
    if curve.starts_with(b"curv") {
        let entry = |at: usize| {
            let bytes = curve.get(12 + 2 * at..)?.first_chunk()?;
            Some(f32::from(u16::from_be_bytes(*bytes)))
        };
        return match number(curve, 8)? {
            0 => Some(value),
            1 => Some(value.powf(entry(0)? / 256.0)),
            count => {
                let place = value * (count - 1) as f32;
                let below = (place as usize).min(count - 2);
                let (low, high) = (entry(below)?, entry(below + 1)?);
                Some((low + (high - low) * (place - below as f32)) / 65_535.0)
            }
        };
    }
    if !curve.starts_with(b"para") {
        return None;
    }
    let parameter = |at: usize| fixed(curve, 12 + 4 * at);
    let kind = curve.get(8..10)?;
    let g = parameter(0)?;
    let (a, b) = match kind {
        [0, 0] => return Some(value.powf(g)),
        [0, 1..=4] => (parameter(1)?, parameter(2)?),
        _ => return None,
    };
    // Below the threshold `d` the curve is the line `c` x + `f`; above it, `e` is added to the power.
    let (c, d, e, f) = match kind[1] {
        1 => (0.0, -b / a, 0.0, 0.0),
        2 => (0.0, -b / a, parameter(3)?, parameter(3)?),
        3 => (parameter(3)?, parameter(4)?, 0.0, 0.0),
        _ => (parameter(3)?, parameter(4)?, parameter(5)?, parameter(6)?),
    };
    Some(if value >= d {
        (a * value + b).powf(g) + e
    } else {
        c * value + f
    })
}
