//! Blocks, places, targets, windows and cells that are not there.

use crate::support::narrowed;
use crate::{inputs, kinds};
use pollster::block_on;
use signet_recognizer::inspect::{Cut, HeatMap, Inspector, Part, Target, read_sprite};
use signet_recognizer::{Arithmetic, Picture, Weights, labels};

#[test]
fn what_is_not_there_is_refused() {
    let (weights, _) = &kinds()[0];
    let with = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let plain = Weights::initial(narrowed(16), labels::digits(), 3).unwrap();
    let without = Inspector::on_cpu(&plain, Arithmetic::Fastest);
    let input = inputs(1).remove(0);
    let block = [Cut {
        block: "2d".into(),
        part: Part::Skip,
    }];
    let one = std::slice::from_ref(&input);
    let sprite = |width: usize, height: usize| {
        Picture::from_rgb(&vec![0; width * height * 3], width as u32, height as u32)
    };
    let refused = |said: &str, refused: Option<signet_recognizer::Error>| {
        let error = refused.unwrap_or_else(|| panic!("{said} is not refused"));
        assert_eq!(error.code(), "setting");
        assert!(error.to_string().contains(said), "{error}");
    };
    refused("no block `2d`", block_on(with.answers(one, &block)).err());
    refused(
        "no place `9`",
        block_on(with.maps(&input, &[], &["stem", "9"])).err(),
    );
    refused(
        "no class 6",
        block_on(with.evidence(&input, &[], Target::Class(6), 1)).err(),
    );
    refused(
        "no detector",
        block_on(without.evidence(&input, &[], Target::Presence, 1)).err(),
    );
    refused(
        "4 is not",
        block_on(with.evidence(&input, &[], Target::Class(0), 4)).err(),
    );
    refused(
        "50 were",
        block_on(with.occlusion(&input, &[], Target::Class(0), 40, 10)).err(),
    );
    refused(
        "from 0 to 63",
        Inspector::hide_cells(&input, &[3, 64], 2).err(),
    );
    refused("from 0 to 63", Inspector::hide_cells(&input, &[3], 2).err());
    refused("from 0 to 5", block_on(with.score(one, &[6], &[])).err());
    refused("from 0 to 5", block_on(with.score(one, &[], &[])).err());
    refused(
        "no class 7",
        block_on(with.deletion(&input, &HeatMap::center(), 7)).err(),
    );
    refused("130 x 64", read_sprite(&sprite(130, 64).unwrap()).err());
    let (tiles, names) = read_sprite(&sprite(192, 128).unwrap()).unwrap();
    assert_eq!((tiles.len(), names.join("")), (6, "000111".into()));
}
