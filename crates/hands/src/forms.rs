//! Which fingers people put up for a number, and how often.

use crate::dice::Dice;

/// A way to show a number: which fingers are up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FingerForm {
    /// How many fingers are up.
    pub label: u8,
    /// `[thumb, index, middle, ring, little]`.
    pub fingers: [bool; 5],
    /// How often people use it, against the others of the same number.
    pub weight: f32,
    /// Whether the photos show it.
    pub in_photos: bool,
}

const fn form(bits: [u8; 5], weight: f32, in_photos: bool) -> FingerForm {
    let [a, b, c, d, e] = bits;
    FingerForm {
        label: a + b + c + d + e,
        fingers: [a == 1, b == 1, c == 1, d == 1, e == 1],
        weight,
        in_photos,
    }
}

/// Every form that is drawn. The rounded O of the photos' zero is no set of fingers and not listed.
pub const FORMS: [FingerForm; 21] = [
    form([0, 0, 0, 0, 0], 1.0, false),
    form([0, 1, 0, 0, 0], 10.0, true),
    form([1, 0, 0, 0, 0], 3.0, false),
    form([0, 0, 0, 0, 1], 1.0, false),
    form([0, 0, 1, 0, 0], 0.5, false),
    form([0, 1, 1, 0, 0], 10.0, true),
    form([1, 1, 0, 0, 0], 4.0, false),
    form([0, 1, 0, 0, 1], 1.2, false),
    form([1, 0, 0, 0, 1], 1.2, false),
    form([0, 0, 1, 1, 0], 0.3, false),
    form([1, 1, 1, 0, 0], 8.0, true),
    form([0, 1, 1, 1, 0], 6.0, true),
    form([0, 0, 1, 1, 1], 2.5, false),
    form([1, 1, 0, 0, 1], 0.8, false),
    form([0, 1, 1, 0, 1], 0.3, false),
    form([0, 1, 1, 1, 1], 10.0, true),
    form([1, 1, 1, 1, 0], 1.2, false),
    form([1, 0, 1, 1, 1], 0.7, false),
    form([1, 1, 1, 0, 1], 0.3, false),
    form([1, 1, 0, 1, 1], 0.2, false),
    form([1, 1, 1, 1, 1], 1.0, true),
];

/// A form of `label`, by weight; only of those the photos lack if `other`.
pub(crate) fn draw(dice: &mut Dice, label: u8, other: bool) -> [bool; 5] {
    let fits = |f: &&FingerForm| f.label == label.min(5) && !(other && f.in_photos);
    let forms: Vec<&FingerForm> = FORMS.iter().filter(fits).collect();
    let weights: Vec<f32> = forms.iter().map(|f| f.weight).collect();
    forms[dice.weighted(&weights)].fingers
}
