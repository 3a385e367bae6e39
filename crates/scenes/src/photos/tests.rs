use super::*;
use image::{Rgb, RgbImage};
use rand::SeedableRng;

/// A grey photo with a white disc for a hand, in its box.
fn photo(label: Option<usize>, [x, y]: [f32; 2], radius: f32) -> RealPhoto {
    let image = RgbImage::from_fn(160, 120, |column, row| {
        let (dx, dy) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
        Rgb([if dx.hypot(dy) < radius { 255 } else { 60 }; 3])
    });
    RealPhoto {
        picture: Picture::from_image(image),
        label,
        framing: Framing::Boxed([x - radius, y - radius, x + radius, y + radius]),
    }
}

fn photos() -> RealPhotos {
    let source = PhotoSource {
        people: 3.0,
        photos: vec![
            photo(Some(0), [40.0, 50.0], 20.0),
            photo(Some(1), [110.0, 70.0], 25.0),
            photo(None, [80.0, 60.0], 0.0),
        ],
    };
    RealPhotos::new(2, vec![source]).unwrap()
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

#[test]
fn a_bounding_box_is_where_the_hand_is() {
    let photo = photo(Some(1), [70.0, 50.0], 12.0);
    for seed in 0..40 {
        let view = View::within(&photo.picture, [68.0, 55.0], 80.0).shaken(&mut rng(seed));
        let canvas = view.render(&photo.picture);
        let (mut sum, mut weight) = ([0.0; 2], 0.0);
        for (at, pixel) in canvas.pixels().iter().enumerate() {
            let value = (pixel[0] - 60.0 / 255.0).max(0.0);
            sum[0] += value * ((at % CANVAS) as f32 + 0.5);
            sum[1] += value * ((at / CANVAS) as f32 + 0.5);
            weight += value;
        }
        let found = target(&photo, &view).bounding_box.unwrap();
        let [x, y] = sum.map(|sum| sum / weight / CANVAS as f32);
        assert!((x - found.x).abs() < 0.01, "{seed}: {x} {found:?}");
        assert!((y - found.y).abs() < 0.01, "{seed}: {y} {found:?}");
        assert!((found.side - 24.0 * AIR / 80.0).abs() < 1e-6);
    }
}

#[test]
fn hands_cut_off_or_too_small_are_no_signs_and_hands_outside_are_negatives() {
    let photo = photo(Some(1), [60.0, 60.0], 20.0);
    let known = |x: f32, side: f32| target(&photo, &View::within(&photo.picture, [x, 60.0], side));
    let framed = known(60.0, 60.0);
    assert_eq!((framed.label, framed.presence), (Some(1), Some(true)));
    // Half of the hand.
    let cut = known(90.0, 60.0);
    assert_eq!((cut.label, cut.presence), (None, None));
    assert!(cut.bounding_box.is_some());
    let beside = known(115.0, 60.0);
    assert_eq!((beside.label, beside.presence), (None, Some(false)));
    assert_eq!(beside.bounding_box, None);
}

#[test]
fn an_example_is_a_function_of_its_seed_and_labels_come_alike_often() {
    let photos = photos();
    let examples: Vec<_> = (0..400)
        .map(|seed| photos.example(&mut rng(seed)))
        .collect();
    assert_eq!(photos.example(&mut rng(7)), examples[7]);
    assert_ne!(examples[7].input, examples[8].input);
    let count = |is: &dyn Fn(&Target) -> bool| examples.iter().filter(|e| is(&e.target)).count();
    let [zeros, ones] = [0, 1].map(|label| count(&|target| target.label == Some(label)));
    assert!(zeros > 110 && ones > 110, "{zeros} {ones}");
    let negatives = count(&|target| target.presence == Some(false));
    assert!((50..120).contains(&negatives), "{negatives}");
    // What is labelled a sign has its box.
    assert!(count(&|target| target.label.is_some() && target.bounding_box.is_none()) == 0);
}

#[test]
fn no_light_washes_a_photo_out() {
    let bright = || Canvas::new(8, 8, [0.8, 0.75, 0.7]);
    for (exposure, darker) in [(3.0, false), (0.2, false), (-1.0, true)] {
        let mut canvas = bright();
        let light = Light {
            exposure,
            ..Light::NONE
        };
        shine(&mut canvas, light);
        let [before, after] = [&bright(), &canvas].map(|canvas| luma(canvas.pixels()[0]));
        assert!(after < 0.93, "{exposure}: {after}");
        assert_eq!(after < before, darker, "{exposure}: {after}");
    }
}

#[test]
fn a_source_counts_by_its_people_and_not_by_its_photos() {
    let source = |people, count| PhotoSource {
        people,
        photos: (0..count)
            .map(|_| photo(Some(0), [60.0; 2], 20.0))
            .collect(),
    };
    let photos = RealPhotos::new(1, vec![source(9.0, 9), source(1.0, 900)]).unwrap();
    let weights: Vec<f32> = photos.by_label[0]
        .iter()
        .map(|(weight, _)| *weight)
        .collect();
    assert_eq!(weights, [3.0, 1.0]);
    let none = RealPhotos::new(1, Vec::new());
    assert!(none.is_err_and(|error| error.to_string().contains("shows a sign")));
}

#[test]
fn the_true_crop_is_the_box_with_air_inside_of_the_photo() {
    let crop = photo(Some(0), [60.0, 60.0], 20.0).true_crop();
    assert_eq!((crop.left, crop.top, crop.side), (34, 34, 52));
    let crop = photo(Some(0), [10.0, 60.0], 20.0).true_crop();
    assert_eq!((crop.left, crop.side), (0, 52));
}
