//! The same seed gives the same picture, and the other hand its mirror image.

use signet_hands::{Hand, Handedness, Subject, other_form};

fn subjects() -> impl Iterator<Item = Subject> {
    (0..=5).map(Subject::Sign).chain([Subject::HardNegative])
}

#[test]
fn the_same_seed_gives_the_same_picture() {
    for subject in subjects() {
        for seed in 0..10 {
            let (a, b) = (Hand::random(subject, seed), Hand::random(subject, seed));
            assert_eq!(a, b);
            assert_eq!(a.render(48), b.render(48));
            assert_ne!(a, Hand::random(subject, seed + 1));
        }
    }
    assert_eq!(other_form(3), other_form(3));
}

#[test]
fn the_other_hand_is_the_mirror_image() {
    for subject in subjects() {
        for seed in 0..10 {
            let mut hand = Hand::random(subject, seed);
            let side = 40;
            hand.handedness = Handedness::Right;
            let right = hand.render(side);
            let strokes = hand.stick_figure();
            hand.handedness = Handedness::Left;
            let left = hand.render(side);
            for y in 0..side {
                for x in 0..side {
                    let (p, q) = (y * side + x, y * side + side - 1 - x);
                    assert_eq!(left.rgba[p * 4..p * 4 + 4], right.rgba[q * 4..q * 4 + 4]);
                    assert_eq!(left.lines[p], right.lines[q]);
                }
            }
            for (l, r) in hand.stick_figure().iter().zip(&strokes) {
                for (p, q) in l.iter().zip(r) {
                    assert!((p[0] + q[0] - 1.0).abs() < 1e-5 && p[1] == q[1]);
                }
            }
        }
    }
}
