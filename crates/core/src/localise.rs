//! Finding the hand in a picture where it may be anywhere.
//!
//! The network's finder says of every window how probable a sign is in it and where its ideal
//! square lies. A still picture is searched with a grid of windows at several sizes, and the best
//! of them are refined. In a video the square of the last frame is the window of this one, which
//! costs nothing beyond the classification; only while there is no sign a few windows of the grid
//! are looked at in each frame.

use crate::classifier::{Classifier, Prediction, argmax};
use crate::error::{Error, Result};
use crate::finder::Region;
use crate::preprocess::{Picture, SIDE, Square, Window};

/// Sizes of the windows of a search, as shares of the picture's shorter side. Two are enough: the
/// finder sees hands from a third of a window to all of it.
const SCALES: [f32; 2] = [1.0, 0.6];

/// Windows of one size lie at most this share of their side apart.
const STRIDE: f32 = 0.6;

/// How many windows of a search are refined, and how often.
const CANDIDATES: usize = 3;
const ROUNDS: usize = 2;

/// A hand may be framed a little wider and a little tighter, and be a left or a right one: the
/// answers of these views of the found square and of their mirror images are averaged.
const VIEWS: [f32; 3] = [0.9, 1.0, 1.15];

/// Windows looked at in a video frame without a sign, at most; with the frame's own window, three
/// times the cost of one classification.
const SEARCHED_PER_FRAME: usize = 2;

/// A sign that is less probable than this is lost from sight.
const LOST: f32 = 0.5;

/// No hand is looked for in fewer pixels than these.
const SMALLEST: u32 = 24;

/// An answer, and the part of the picture that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The square around the hand.
    pub window: Window,
    /// The same, as the network saw it.
    pub square: Square,
    /// What it shows.
    pub prediction: Prediction,
}

/// What is remembered between the frames of a video.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Track {
    /// Where the hand was.
    pub window: Option<Window>,
    /// How far the search has come while there is none.
    turn: usize,
}

impl Track {
    /// Goes on from a window, such as one that a person has drawn.
    pub fn at(window: Window) -> Self {
        Self {
            window: Some(window),
            turn: 0,
        }
    }
}

impl Classifier {
    /// Looks for the hand in a still picture and classifies it. A network without a finder looks
    /// at the centre square.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn locate(&self, picture: &Picture) -> Result<Found> {
        if !self.has_finder() {
            return self.look_at(picture, picture.centre()).await;
        }
        let grid = grid(picture);
        let mut best = self.look(picture, &grid).await?;
        for _ in 0..ROUNDS {
            best.sort_by(|a, b| sign(b).total_cmp(&sign(a)));
            best.truncate(CANDIDATES);
            let refined: Vec<_> = best.iter().map(|found| refine(picture, found)).collect();
            best = self.look(picture, &refined).await?;
        }
        let Found { window, square, .. } = surest(best).ok_or_else(no_answer)?;
        let views = VIEWS.map(|scale| scaled(picture, window, scale));
        let views = views.map(|window| picture.square_at(window, SIDE));
        let mirrored = views.iter().map(Square::mirrored);
        let squares: Vec<_> = views.iter().cloned().chain(mirrored).collect();
        let prediction = self.average(&self.classify(&squares).await?)?;
        Ok(Found {
            window,
            square,
            prediction,
        })
    }

    /// Classifies the next frame of a video, and remembers in `track` where the hand is.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn follow(&self, picture: &Picture, track: &mut Track) -> Result<Found> {
        let window = track.window.unwrap_or_else(|| picture.centre());
        let here = self.look_at(picture, window).await?;
        if !self.has_finder() {
            return Ok(here);
        }
        if sign(&here) >= LOST {
            let aim = refine(picture, &here);
            track.window = Some(between(here.window, aim));
            return Ok(here);
        }
        let grid = grid(picture);
        let next = (0..SEARCHED_PER_FRAME.min(grid.len()))
            .map(|step| grid[(track.turn + step) % grid.len()])
            .collect::<Vec<_>>();
        track.turn = (track.turn + SEARCHED_PER_FRAME) % grid.len().max(1);
        let seen = self.look(picture, &next).await?;
        let found = surest(seen).filter(|found| sign(found) >= LOST);
        track.window = found.map(|found| refine(picture, &found));
        Ok(here)
    }

    /// Classifies one window.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn look_at(&self, picture: &Picture, window: Window) -> Result<Found> {
        let seen = self.look(picture, &[window]).await?;
        seen.into_iter().next().ok_or_else(no_answer)
    }

    /// One answer of several views of the same hand: the mean of their probabilities.
    fn average(&self, views: &[Prediction]) -> Result<Prediction> {
        let (first, rest) = views.split_first().ok_or_else(no_answer)?;
        let mut prediction = first.clone();
        for view in rest {
            let both = prediction.probabilities.iter_mut();
            both.zip(&view.probabilities).for_each(|(sum, p)| *sum += p);
            prediction.sign = prediction.sign.zip(view.sign).map(|(sum, p)| sum + p);
        }
        let count = views.len() as f32;
        prediction
            .probabilities
            .iter_mut()
            .for_each(|p| *p /= count);
        prediction.sign = prediction.sign.map(|sum| sum / count);
        let best = argmax(&prediction.probabilities);
        prediction.probability = prediction.probabilities[best];
        prediction.label.clone_from(&self.labels()[best]);
        Ok(prediction)
    }

    async fn look(&self, picture: &Picture, windows: &[Window]) -> Result<Vec<Found>> {
        let inside = |window: &Window| window.within(picture.width(), picture.height());
        let windows: Vec<_> = windows.iter().map(inside).collect();
        let squares = windows
            .iter()
            .map(|&window| picture.square_at(window, SIDE));
        let squares: Vec<_> = squares.collect();
        let predictions = self.classify(&squares).await?;
        let seen = windows.into_iter().zip(squares).zip(predictions);
        let seen = seen.map(|((window, square), prediction)| Found {
            window,
            square,
            prediction,
        });
        Ok(seen.collect())
    }
}

fn sign(found: &Found) -> f32 {
    found.prediction.sign.unwrap_or(1.0)
}

/// The window in which a sign is most probable.
fn surest(seen: Vec<Found>) -> Option<Found> {
    seen.into_iter().max_by(|a, b| sign(a).total_cmp(&sign(b)))
}

fn no_answer() -> Error {
    Error::Device {
        reason: "it gave no answer".into(),
    }
}

/// The windows of a search, the largest first.
fn grid(picture: &Picture) -> Vec<Window> {
    let (width, height) = (picture.width(), picture.height());
    let short = width.min(height);
    let mut windows = Vec::new();
    for scale in SCALES {
        let side = (short as f32 * scale).round().max(1.0) as u32;
        if side < SMALLEST && !windows.is_empty() {
            break;
        }
        let starts = |length: u32| {
            let room = length - side;
            let steps = (room as f32 / (side as f32 * STRIDE)).ceil() as u32;
            (0..=steps).map(move |step| (room * step).checked_div(steps).unwrap_or(0))
        };
        for top in starts(height) {
            windows.extend(starts(width).map(|left| Window { left, top, side }));
        }
    }
    windows
}

/// The square that the finder would have looked at, had it been asked.
fn refine(picture: &Picture, found: &Found) -> Window {
    let Some(Region { x, y, side }) = found.prediction.region else {
        return found.window;
    };
    let unit = found.window.side as f32;
    let centre = [
        found.window.left as f32 + x * unit,
        found.window.top as f32 + y * unit,
    ];
    around(picture, centre, side * unit)
}

fn scaled(picture: &Picture, window: Window, scale: f32) -> Window {
    let half = window.side as f32 / 2.0;
    let centre = [window.left as f32 + half, window.top as f32 + half];
    around(picture, centre, window.side as f32 * scale)
}

fn around(picture: &Picture, [x, y]: [f32; 2], side: f32) -> Window {
    let (width, height) = (picture.width(), picture.height());
    let short = width.min(height) as f32;
    let side = side.clamp((SMALLEST as f32).min(short), short).round();
    // A cast from a negative number gives zero, which is the border.
    Window {
        left: (x - side / 2.0).round() as u32,
        top: (y - side / 2.0).round() as u32,
        side: side as u32,
    }
    .within(width, height)
}

/// Half of the way, so that the square doesn't tremble from frame to frame.
fn between(from: Window, to: Window) -> Window {
    Window {
        left: from.left.midpoint(to.left),
        top: from.top.midpoint(to.top),
        side: from.side.midpoint(to.side),
    }
}
