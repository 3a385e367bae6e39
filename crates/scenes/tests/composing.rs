//! Composed pictures: cut out of photos, laid elsewhere, and what is said of them.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use signet_core::{Augmentation, AugmentationKey, TrainingSet};
use signet_hands::Subject;
use signet_recognizer::{Picture, labels};
use signet_scenes::{
    Canvas, Composer, Mix, Placement, Tone, composable, cut_out, paint_background, paint_wall,
    place, procedural_hands, without_sign,
};

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A hand before a bright wall, as the photos show it, with the hand's true mask.
fn photo(fingers: u8, seed: u64) -> (Picture, Vec<f32>) {
    let hand = composable(&signet_hands::Hand::random(Subject::Sign(fingers), seed));
    // As large as the layer, so that the layer's opacity is the mask.
    let side = hand.layer.side();
    let mut canvas = Canvas::new(side, side, [1.0; 3]);
    paint_wall(&mut canvas, &mut rng(seed));
    let placement = Placement::centred(&canvas);
    place(&mut canvas, &hand.layer, &placement, &Tone::NONE);
    let alpha = hand.layer.rgba().chunks(4);
    let mask = alpha.map(|pixel| f32::from(pixel[3]) / 255.0);
    (canvas.to_picture(), mask.collect())
}

fn composer(mix: Mix) -> Composer {
    let photos = (0..12).map(|n| (photo((n % 6) as u8, 40 + n).0, (n % 6) as usize));
    Composer::new(labels::digits(), photos, procedural_hands(), mix, 48).unwrap()
}

#[test]
fn hands_come_out_of_photos_whole() {
    let mut total = 0.0;
    let mut worst = (1.0_f32, 0);
    let mut refused = 0;
    for seed in 0..24_u64 {
        let (picture, truth) = photo((seed % 6) as u8, seed);
        let Some(layer) = cut_out(&picture) else {
            refused += 1;
            continue;
        };
        let found = layer.rgba().chunks(4).map(|p| f32::from(p[3]) / 255.0);
        let (mut both, mut either) = (0.0, 0.0);
        for (a, b) in found.zip(&truth) {
            both += a.min(*b);
            either += a.max(*b);
        }
        total += both / either;
        if both / either < worst.0 {
            worst = (both / either, seed);
        }
    }
    let mean = total / (24 - refused) as f32;
    println!("overlap {mean:.3} on average, {worst:?} at worst, {refused} refused");
    assert!(refused <= 4, "{refused} of 24 refused");
    assert!(mean > 0.88, "{mean}");
}

#[test]
fn a_seed_an_epoch_and_an_index_give_one_picture() {
    let (a, b) = (composer(Mix::default()), composer(Mix::default()));
    for index in 0..48 {
        assert_eq!(a.example(1, 2, index), b.example(1, 2, index), "{index}");
    }
    assert_ne!(a.example(1, 2, 0), a.example(1, 3, 0));
    assert_ne!(a.example(1, 2, 0), a.example(2, 2, 0));
}

#[test]
fn each_augmentation_of_a_picture_is_another_and_the_first_is_the_picture() {
    let plain = composer(Mix::default());
    let composer = composer(Mix::default()).with_augmentations(3);
    assert_eq!(composer.len(), 3 * plain.len());
    assert_eq!(composer.order(5, 6), (0..144).collect::<Vec<_>>());
    let key = AugmentationKey {
        augmentation: &Augmentation::NONE,
        seed: 5,
        epoch: 6,
    };
    let all = composer.examples(&(0..30).collect::<Vec<_>>(), Some(key));
    // Whatever is asked for together.
    for (index, example) in all.iter().enumerate() {
        assert_eq!(
            composer.examples(&[index], Some(key)),
            std::slice::from_ref(example)
        );
    }
    for (picture, of_one) in all.chunks(3).enumerate() {
        assert_eq!(of_one[0], plain.example(5, 6, picture));
        assert_ne!(of_one[1].input, of_one[0].input);
        assert_ne!(of_one[1].input, of_one[2].input);
        for one in of_one {
            assert_eq!(one.target.label, of_one[0].target.label);
            assert_eq!(one.target.presence, of_one[0].target.presence);
            assert_eq!(
                one.target.bounding_box.is_some(),
                of_one[0].target.bounding_box.is_some()
            );
        }
    }
    let boxes: Vec<_> = all.iter().filter_map(|e| e.target.bounding_box).collect();
    assert!(boxes.chunks(3).all(|of| of[0] != of[1]), "{boxes:?}");
}

#[test]
fn every_kind_says_what_it_shows() {
    let none = Mix {
        photos: 0.0,
        cutouts: 0.0,
        hands: 0.0,
        drawings: 0.0,
        negatives: 0.0,
    };
    let kinds = [
        Mix {
            photos: 1.0,
            ..none
        },
        Mix {
            cutouts: 1.0,
            ..none
        },
        Mix { hands: 1.0, ..none },
        Mix {
            drawings: 1.0,
            ..none
        },
    ];
    for mix in kinds {
        let composer = composer(mix);
        let mut labelled = [0; 6];
        for index in 0..48 {
            let target = composer.example(0, 0, index).target;
            // What has a label is a sign; what is no sign has no label and no place.
            assert!(target.label.is_none() || target.presence == Some(true));
            assert!(target.presence != Some(false) || target.bounding_box.is_none());
            if let Some(label) = target.label {
                labelled[label] += 1;
            }
        }
        let most = labelled.iter().sum::<usize>();
        assert!(most >= 24, "{mix:?}: {labelled:?}");
        assert!(
            labelled.iter().filter(|n| **n > 0).count() >= 5,
            "{labelled:?}"
        );
    }
    let composer = composer(Mix {
        negatives: 1.0,
        ..none
    });
    for index in 0..48 {
        let target = composer.example(0, 0, index).target;
        assert_eq!((target.label, target.presence), (None, Some(false)));
    }
}

#[test]
fn pictures_without_a_sign_differ() {
    let cutout = procedural_hands()(3, true);
    let pictures: Vec<_> = (0..16)
        .map(|seed| without_sign(&procedural_hands(), &cutout, &mut rng(seed)))
        .collect();
    let different = pictures.iter().enumerate();
    let different = different.filter(|(at, picture)| !pictures[..*at].contains(picture));
    // Two may be the same empty sheet.
    assert!(different.count() >= 14);
}

#[test]
fn photos_that_show_no_hand_before_a_wall_are_refused() {
    let mut canvas = Canvas::new(64, 64, [0.5; 3]);
    paint_background(&mut canvas, &mut rng(5));
    let photos = [(canvas.to_picture(), 0)];
    let refused = Composer::new(
        labels::digits(),
        photos,
        procedural_hands(),
        Mix::default(),
        8,
    );
    let error = refused.err().expect("nothing can be cut out");
    assert_eq!(error.code(), "setting");
    assert!(error.to_string().contains("plain bright"), "{error}");
    assert_eq!(composer(Mix::default()).len(), 48);
}
