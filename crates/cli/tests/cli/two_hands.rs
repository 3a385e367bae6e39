//! Two procedural hands in one frame, by the shipped model: whether both are seen, and the larger answered.

use crate::support::{Scratch, assert_says, json, signet, succeed};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_hands::{Hand, Subject};
use signet_scenes::{Canvas, Placement, Tone, composable, paint_background, place};
use std::path::{Path, PathBuf};

const FRAMES: u64 = 40;

/// A frame with a hand in one half and, with `both`, a smaller one in the other; how many fingers the larger
/// one has up, and its center from the left.
fn frame(seed: u64, both: bool) -> (Canvas, u8, f32) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut canvas = Canvas::new(640, 480, [1.0; 3]);
    paint_background(&mut canvas, &mut rng);
    let side: f32 = rng.random_range(190.0..270.0);
    let is_left = rng.random_bool(0.5);
    let mut lay = |is_large: bool, share: f32| {
        let fingers = rng.random_range(0..6);
        let hand = composable(&Hand::random(Subject::Sign(fingers), rng.random()));
        let mut placement = Placement::centred(&canvas);
        placement.side = side * share;
        placement.centre.x = if is_left == is_large { 150.0 } else { 490.0 };
        placement.centre.y = 240.0 + rng.random_range(-60.0..60.0);
        place(&mut canvas, &hand.layer, &placement, &Tone::NONE);
        (fingers, placement.centre.x)
    };
    let (fingers, center) = lay(true, 1.0);
    if both {
        lay(false, 0.65);
    }
    (canvas, fingers, center)
}

fn model() -> Option<PathBuf> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/models");
    let manifest = std::fs::read_to_string(models.join("manifest.json")).ok()?;
    let model = models.join(json(&manifest)["file"].as_str()?);
    model.is_file().then_some(model)
}

#[test]
fn of_two_hands_the_larger_is_answered_and_the_other_told_and_of_one_none_is() {
    let Some(model) = model() else {
        println!("skipped: it is the shipped model's test, and that is not here");
        return;
    };
    let folder = Scratch::new();
    let predict = |line: &str, both: bool| {
        let names = (0..FRAMES).map(|seed| {
            let name = format!("{}-{seed:02}.png", if both { "two" } else { "one" });
            let image = frame(seed, both).0.to_image();
            image.save(folder.path(&name)).expect("the folder is there");
            name
        });
        let mut command = signet(&folder.path("."), line);
        command
            .args(names.collect::<Vec<_>>())
            .arg("--weights")
            .arg(&model);
        succeed(&mut command)
    };
    let two = json(&predict("predict --localise --json --threshold 0", true));
    let (mut told, mut larger, mut right) = (0, 0, 0);
    for (seed, answer) in (0..FRAMES).zip(two.as_array().expect("a list")) {
        let (_, fingers, center) = frame(seed, true);
        let window = |side: &str| answer["window"][side].as_f64().expect("a number");
        let across = window("left") + window("side") / 2.0;
        told += u32::from(answer["second_hand"]["side"].is_u64());
        larger += u32::from((across - f64::from(center)).abs() < 90.0);
        right += u32::from(answer["label"] == fingers.to_string().as_str());
    }
    let one = json(&predict("predict --localise --json", false));
    let one = one.as_array().expect("a list");
    let falsely = one.iter().filter(|it| !it["second_hand"].is_null()).count();
    println!(
        "of {FRAMES} frames with two hands {told} told, {larger} answered for the larger, {right} right; \
         of as many with one hand {falsely} told"
    );
    assert!(told >= 30 && larger >= 34 && right >= 28 && falsely <= 1);
    let table = predict("predict --localise", true);
    assert_says(&table, &["(two hands: the larger one's answer)"]);
}
