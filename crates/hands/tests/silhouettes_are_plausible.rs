//! A hand fills a sensible part of the picture, its arm leaves it, and raised fingers stick out.

use signet_hands::{Hand, Rendering, Subject};

fn covered(picture: &Rendering) -> f32 {
    let sum: f32 = picture
        .rgba
        .chunks(4)
        .map(|p| f32::from(p[3]) / 255.0)
        .sum();
    sum / (picture.side * picture.side) as f32
}

fn reaches_a_border(picture: &Rendering) -> bool {
    let n = picture.side;
    let alpha = |x: usize, y: usize| picture.rgba[(y * n + x) * 4 + 3] == 255;
    (0..n).any(|i| alpha(i, 0) || alpha(i, n - 1) || alpha(0, i) || alpha(n - 1, i))
}

#[test]
fn every_sign_has_a_plausible_silhouette() {
    for label in 0..=5 {
        for seed in 0..200 {
            let picture = Hand::random(Subject::Sign(label), seed).render(48);
            let share = covered(&picture);
            assert!((0.08..0.7).contains(&share), "{label} seed {seed}: {share}");
            assert!(reaches_a_border(&picture), "{label} seed {seed}");
            assert!(picture.lines.iter().any(|l| *l > 0), "{label} seed {seed}");
        }
    }
}

#[test]
fn raised_fingers_end_further_out_than_folded_ones() {
    // Seen straight, so that no finger is foreshortened; compared with the same finger folded.
    for label in 1..=5 {
        for seed in 0..100 {
            let mut hand = Hand::random(Subject::Sign(label), seed);
            hand.view.yaw = 0.0;
            hand.view.pitch = 0.0;
            hand.view.perspective = 0.0;
            let mut bent = hand;
            let Some(up) = hand.fingers() else { continue };
            for finger in (1..5).filter(|f| up[*f]) {
                let raised = reach(&bent, finger, up);
                bent.pose.fingers[finger - 1].bends = [85.0, 105.0, 60.0];
                let folded = reach(&bent, finger, up);
                bent.pose = hand.pose;
                assert!(raised > folded * 1.3, "{label} seed {seed} finger {finger}");
            }
        }
    }
}

/// The length of a finger's stroke from knuckle to tip, against the breadth of the palm.
fn reach(hand: &Hand, finger: usize, up: [bool; 5]) -> f32 {
    let strokes = hand.stick_figure();
    let before = up[..finger].iter().enumerate();
    // A folded thumb has no stroke.
    let index = 1 + before.filter(|(i, up)| *i > 0 || **up).count();
    let (stroke, palm) = (&strokes[index], &strokes[0]);
    stroke[0].distance(stroke[stroke.len() - 1]) / palm[2].distance(palm[9])
}
