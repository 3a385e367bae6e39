//! What the page knows of the recognizer before it has loaded a module is written from here:
//! `SIGNET_UPDATE=1` writes www/recognizer/contract.js.

use signet_recognizer::labels::{LONGEST_LABEL, MOST_CLASSES, digits};
use signet_recognizer::{
    Error, INPUT_SIDE, MAX_MEGAPIXELS, NO_SIGN, SMALLEST_CROP, TRACK_CLASSIFICATIONS,
    search_classifications,
};

/// The code of a file that the boundary itself finds gone.
const FILE_UNREADABLE: &str = "file-unreadable";

/// One error of each kind.
fn errors() -> [Error; 16] {
    let [name, reason, expected, found] = [(); 4].map(|()| String::new);
    let (width, height) = (1, 1);
    [
        Error::WeightsHash {
            expected: expected(),
            found: found(),
        },
        Error::WeightsFormat { reason: reason() },
        Error::WeightsMissingTensor { name: name() },
        Error::WeightsUnknownTensor { name: name() },
        Error::WeightsShape {
            name: name(),
            expected: expected(),
            found: found(),
        },
        Error::WeightsValues {
            name: name(),
            index: 0,
        },
        Error::SelfCheck {
            difference: 1.0,
            tolerance: 0.0,
        },
        Error::PictureEmpty { width, height },
        Error::PictureSize {
            width,
            height,
            expected: 4,
            found: 3,
        },
        Error::PictureTooLarge {
            width,
            height,
            limit: 0,
        },
        Error::PictureFormat { reason: reason() },
        Error::PictureBroken { reason: reason() },
        Error::PictureCut { percent: 5 },
        Error::Setting {
            name: "epochs",
            reason: reason(),
        },
        Error::NotFinite { epoch: 1, batch: 1 },
        Error::Device { reason: reason() },
    ]
}

fn contract() -> String {
    let errors = errors();
    let codes = errors.iter().map(Error::code).chain([FILE_UNREADABLE]);
    let codes: String = codes.map(|code| format!("  {code:?},\n")).collect();
    let digits = digits();
    let photo = search_classifications(640, 480);
    format!(
        r#"// What the page knows of the recognizer before it has loaded a module. Generated from crates/recognizer by its test
// `contract`: change it there.

/** Side of the picture that the network reads, in pixels. */
export const INPUT_SIDE = {INPUT_SIDE};

/** Larger pictures are refused. */
export const MAX_MEGAPIXELS = {MAX_MEGAPIXELS};

/** The module looks for no hand in a crop with a shorter side, in pixels. */
export const SMALLEST_CROP = {SMALLEST_CROP};

/** Classifications that each way of looking at a picture takes: `track` at most, `anywhere` for a photo of 4:3. */
export const CLASSIFICATIONS = {{ center: 1, box: 1, track: {TRACK_CLASSIFICATIONS}, anywhere: {photo} }};

/** The labels of the shipped model, in its order. */
export const DIGITS = Object.freeze({digits:?});

/** The label of no sign. Images of a class that is named so train the detector, and no model has such a class. */
export const NO_SIGN = {NO_SIGN:?};

/** In characters as a person counts them, not in UTF-16 units. */
export const LONGEST_LABEL = {LONGEST_LABEL};

export const MOST_CLASSES = {MOST_CLASSES};

/** Codes of the errors that a module throws. */
export const MODULE_ERROR_CODES = /** @type {{const}} */ ([
{codes}]);
"#
    )
}

#[test]
fn the_page_knows_what_the_recognizer_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../www/recognizer/contract.js"
    );
    if std::env::var_os("SIGNET_UPDATE").is_some() {
        std::fs::write(path, contract()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), contract());
}
