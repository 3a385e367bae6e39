//! Two hands in a picture or a video: the answer is the larger one's, and says so. A backend that sees
//! discs stands in for the network.

use pollster::block_on;
use signet_recognizer::{
    Backend, BoundingBox, Classifier, Crop, Detection, InputImage, Outputs, Picture, ResNetConfig,
    Running, Track, Weights, search_classifications,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

/// A hand, as large as a disc of this radius. Red is rock, green is paper.
#[derive(Clone, Copy)]
struct Disc {
    center: [f32; 2],
    radius: f32,
    is_rock: bool,
}

const fn disc(x: f32, y: f32, radius: f32, is_rock: bool) -> Disc {
    Disc {
        center: [x, y],
        radius,
        is_rock,
    }
}

fn picture(discs: &[Disc]) -> Picture {
    let color = |x: u32, y: u32| {
        let covers = |disc: &&Disc| {
            let [left, top] = disc.center;
            (x as f32 - left).hypot(y as f32 - top) < disc.radius
        };
        match discs.iter().find(covers) {
            Some(Disc { is_rock: true, .. }) => [255, 0, 0],
            Some(_) => [0, 255, 0],
            None => [0, 0, 0],
        }
    };
    let pixels = (0..HEIGHT).flat_map(|y| (0..WIDTH).flat_map(move |x| color(x, y)));
    Picture::from_rgb(&pixels.collect::<Vec<_>>(), WIDTH, HEIGHT).unwrap()
}

/// Sees the color that covers most of an input, and how many inputs it was asked about.
#[derive(Debug)]
struct SeesDiscs(Arc<AtomicUsize>);

impl SeesDiscs {
    /// Logits of rock and paper, then the detector's outputs.
    fn row(input: &InputImage) -> Vec<f32> {
        let side = input.side();
        let pixels = || (0..side * side).map(|at| (at % side, at / side));
        let count = |channel: usize| {
            let bright = pixels().filter(|&(x, y)| input.pixel(x, y)[channel] > 127);
            bright.count()
        };
        let channel = usize::from(count(1) > count(0));
        let (mut from, mut to) = ([side; 2], [0; 2]);
        for (x, y) in pixels().filter(|&(x, y)| input.pixel(x, y)[channel] > 127) {
            from = [from[0].min(x), from[1].min(y)];
            to = [to[0].max(x + 1), to[1].max(y + 1)];
        }
        let unit = |at: usize| at as f32 / side as f32;
        let across = |axis: usize| unit(to[axis].saturating_sub(from[axis]));
        let extent = across(0).max(across(1));
        let found = BoundingBox {
            x: (unit(from[0]) + unit(to[0])) / 2.0,
            y: (unit(from[1]) + unit(to[1])) / 2.0,
            side: 1.3 * extent,
        };
        // A hand that is cut in half or is small is none.
        let is_seen = extent > 0.25 && across(0).min(across(1)) > 0.7 * extent;
        let logit = |is: bool| if is { 6.0 } else { -6.0 };
        let [x, y, side] = found.to_targets();
        vec![
            logit(channel == 0),
            logit(channel == 1),
            logit(is_seen),
            x,
            y,
            if is_seen { side } else { 0.0 },
        ]
    }
}

impl Backend for SeesDiscs {
    fn run<'a>(&'a self, inputs: &'a [InputImage]) -> Running<'a> {
        self.0.fetch_add(inputs.len(), Ordering::Relaxed);
        let rows = inputs.iter().map(Self::row).collect();
        let shape = [2, 1, 1];
        Box::pin(async move { Ok(Outputs { rows, shape }) })
    }
}

fn classifier() -> (Classifier, Arc<AtomicUsize>) {
    let asked = Arc::default();
    let backend = SeesDiscs(Arc::clone(&asked));
    // Of the weights only labels and detector count.
    let labels = ["rock", "paper"].map(String::from).to_vec();
    let weights = Weights::initial(ResNetConfig::default().with_classes(2), labels, 1).unwrap();
    let weights = weights.with_detector(1);
    (Classifier::new(&weights, backend), asked)
}

/// Whether a crop is around a disc.
fn is_around(crop: Crop, disc: Disc) -> bool {
    let [x, y] = disc.center;
    let side = crop.side as f32;
    let off = (crop.left as f32 + side / 2.0 - x).hypot(crop.top as f32 + side / 2.0 - y);
    off < 0.5 * disc.radius && (1.5..4.0).contains(&(side / disc.radius))
}

const LARGE: Disc = disc(450.0, 250.0, 95.0, true);
const SMALL: Disc = disc(150.0, 230.0, 60.0, false);

#[test]
fn the_answer_is_the_larger_hands_wherever_it_is_and_the_smaller_one_is_told() {
    let mirror = |Disc { center: [x, y], .. }: Disc| [WIDTH as f32 - x, y];
    let mirrored = [LARGE, SMALL].map(|disc| Disc {
        center: mirror(disc),
        ..disc
    });
    // The center crop cuts the larger one in half, so that the search finds the smaller one first.
    let off = [
        disc(556.0, 240.0, 82.0, false),
        disc(240.0, 240.0, 66.0, true),
    ];
    for [large, small] in [[LARGE, SMALL], mirrored, off] {
        let (classifier, asked) = classifier();
        let found = block_on(classifier.localize(&picture(&[large, small]))).unwrap();
        assert!(is_around(found.crop, large), "{found:?}");
        let second = found.second_hand.expect("there are two hands");
        assert!(is_around(second, small), "{second:?}");
        let label = if large.is_rock { "rock" } else { "paper" };
        assert_eq!(found.prediction.answer(0.5), label);
        let asked = asked.load(Ordering::Relaxed);
        assert!(asked <= search_classifications(WIDTH, HEIGHT), "{asked}");
    }
}

#[test]
fn of_one_hand_none_is_second_and_little_more_is_looked_at() {
    let (classifier, asked) = classifier();
    for x in [100.0, 200.0, 320.0, 400.0, 530.0] {
        asked.store(0, Ordering::Relaxed);
        let found = block_on(classifier.localize(&picture(&[disc(x, 240.0, 80.0, true)]))).unwrap();
        assert_eq!(found.prediction.answer(0.5), "rock");
        assert_eq!(found.second_hand, None, "{x}");
        let asked = asked.load(Ordering::Relaxed);
        assert!(
            asked <= search_classifications(WIDTH, HEIGHT) - 4,
            "{asked}"
        );
    }
    let nothing = block_on(classifier.localize(&picture(&[]))).unwrap();
    assert_eq!(nothing.second_hand, None);
}

#[test]
fn in_a_video_a_second_hand_is_told_steadily_until_it_is_gone() {
    let (classifier, asked) = classifier();
    let mut track = Track::default();
    let mut frame = |discs: &[Disc]| -> Detection {
        block_on(classifier.track(&picture(discs), &mut track)).unwrap()
    };
    let one = [LARGE];
    let both = [LARGE, SMALL];
    for _ in 0..30 {
        assert_eq!(frame(&one).second_hand, None);
    }
    asked.store(0, Ordering::Relaxed);
    for _ in 0..30 {
        frame(&one);
    }
    let share = asked.load(Ordering::Relaxed) as f32 / 30.0;
    assert!(
        share <= 1.2,
        "{share} classifications a frame with one hand"
    );

    let told: Vec<_> = (0..60).map(|_| frame(&both).second_hand).collect();
    let first = told.iter().position(Option::is_some).expect("it is told");
    assert!(told[first..].iter().all(Option::is_some), "it flickers");
    assert!(is_around(told[59].unwrap(), SMALL), "{:?}", told[59]);
    assert!(is_around(frame(&both).crop, LARGE));
    // It is hidden for a moment.
    for _ in 0..3 {
        frame(&one);
    }
    assert!((0..10).all(|_| frame(&both).second_hand.is_some()));
    let gone: Vec<_> = (0..60).map(|_| frame(&one).second_hand).collect();
    let last = gone.iter().position(Option::is_none);
    let last = last.expect("it is gone");
    assert!(gone[last..].iter().all(Option::is_none), "it flickers");
}

#[test]
fn in_a_video_the_hand_that_has_become_the_larger_is_answered() {
    let (classifier, _) = classifier();
    let mut track = Track::default();
    let mut frame = |discs: &[Disc]| -> Detection {
        block_on(classifier.track(&picture(discs), &mut track)).unwrap()
    };
    for _ in 0..60 {
        frame(&[LARGE, SMALL]);
    }
    let nearer = Disc {
        radius: 130.0,
        ..SMALL
    };
    let answers: Vec<_> = (0..60).map(|_| frame(&[LARGE, nearer])).collect();
    let last = answers.last().unwrap();
    assert_eq!(last.prediction.answer(0.5), "paper");
    assert!(is_around(last.second_hand.unwrap(), LARGE), "{last:?}");
    let changes = answers
        .windows(2)
        .filter(|pair| pair[0].prediction.label != pair[1].prediction.label);
    assert!(changes.count() <= 1);
}
