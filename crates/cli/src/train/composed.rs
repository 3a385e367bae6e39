//! A composer on all cores, ahead of the training.

use rayon::prelude::*;
use signet_core::{Augmentation, AugmentationKey, Example, TrainingSet};
use signet_scenes::Composer;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Batches that are made at a time: the one that is waited for, and the next.
const AHEAD: usize = 2;

/// Composes on all cores what is asked for, and what will be while a batch is learned: it costs a
/// tenth of learning on a processor, and more than learning on a graphics card.
pub struct Composed {
    composer: Arc<Composer>,
    /// Batches under way.
    ahead: Mutex<Vec<(Batch, Receiver<Vec<Example>>)>>,
}

/// All that the examples of a batch depend on.
#[derive(Debug, Clone, PartialEq)]
struct Batch {
    indices: Vec<usize>,
    seed: u64,
    epoch: usize,
}

impl Batch {
    fn new(indices: &[usize], key: Option<AugmentationKey<'_>>) -> Self {
        Self {
            indices: indices.to_vec(),
            seed: key.map_or(0, |key| key.seed),
            epoch: key.map_or(0, |key| key.epoch),
        }
    }

    fn compose(&self, composer: &Composer) -> Vec<Example> {
        let key = AugmentationKey {
            augmentation: &Augmentation::NONE,
            seed: self.seed,
            epoch: self.epoch,
        };
        let pictures: Vec<_> = composer.pictures(&self.indices).collect();
        let examples = pictures.into_par_iter();
        let examples = examples.flat_map_iter(|views| composer.examples(views, Some(key)));
        examples.collect()
    }
}

impl Composed {
    pub fn new(composer: Composer) -> Self {
        Self {
            composer: Arc::new(composer),
            ahead: Mutex::default(),
        }
    }

    fn ahead(&self) -> MutexGuard<'_, Vec<(Batch, Receiver<Vec<Example>>)>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TrainingSet for Composed {
    fn labels(&self) -> &[String] {
        self.composer.labels()
    }

    fn len(&self) -> usize {
        self.composer.len()
    }

    fn knows_signs(&self) -> bool {
        self.composer.knows_signs()
    }

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        let batch = Batch::new(indices, key);
        let prepared = {
            let mut ahead = self.ahead();
            let at = ahead.iter().position(|(prepared, _)| *prepared == batch);
            at.map(|at| ahead.remove(at).1)
        };
        let prepared = prepared.and_then(|prepared| prepared.recv().ok());
        prepared.unwrap_or_else(|| batch.compose(&self.composer))
    }

    fn prepare(&self, indices: &[usize], key: AugmentationKey<'_>) {
        let batch = Batch::new(indices, Some(key));
        let (sender, receiver) = mpsc::channel();
        let mut ahead = self.ahead();
        // What was never asked for.
        let stale = (ahead.len() + 1).saturating_sub(AHEAD);
        ahead.drain(..stale);
        ahead.push((batch.clone(), receiver));
        let composer = self.composer.clone();
        rayon::spawn(move || {
            // Nobody waits for a batch that was given up.
            let _ = sender.send(batch.compose(&composer));
        });
    }

    fn order(&self, seed: u64, epoch: usize) -> Vec<usize> {
        self.composer.order(seed, epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_recognizer::labels;
    use signet_scenes::{Canvas, Mix, Placement, Tone, place, procedural_hands};

    fn composer() -> Composer {
        let photos = (0..6).map(|seed| {
            let hand = procedural_hands()(seed, true);
            let mut canvas = Canvas::new(96, 96, [0.95; 3]);
            let placement = Placement::centred(&canvas);
            place(&mut canvas, &hand.layer, &placement, &Tone::NONE);
            (canvas.to_picture(), hand.label.unwrap_or_default())
        });
        let composer = Composer::new(
            labels::digits(),
            photos,
            procedural_hands(),
            Mix::default(),
            24,
        );
        composer.unwrap().with_augmentations(2)
    }

    #[test]
    fn what_was_prepared_is_what_would_have_been_composed() {
        let (plain, composed) = (composer(), Composed::new(composer()));
        let key = AugmentationKey {
            augmentation: &Augmentation::NONE,
            seed: 3,
            epoch: 1,
        };
        let batches: Vec<Vec<usize>> = composed.order(3, 1).chunks(10).map(<[_]>::to_vec).collect();
        for (at, batch) in batches.iter().enumerate() {
            if let Some(next) = batches.get(at + 1) {
                composed.prepare(next, key);
            }
            let examples = composed.examples(batch, Some(key));
            assert_eq!(examples, plain.examples(batch, Some(key)));
        }
        assert!(composed.ahead().is_empty());
    }

    #[test]
    fn what_is_never_asked_for_is_given_up() {
        let composed = Composed::new(composer());
        let key = |epoch| AugmentationKey {
            augmentation: &Augmentation::NONE,
            seed: 0,
            epoch,
        };
        for epoch in 1..6 {
            composed.prepare(&[0, 1], key(epoch));
        }
        assert_eq!(composed.ahead().len(), AHEAD);
        let expected = composer().examples(&[0, 1], Some(key(9)));
        assert_eq!(composed.examples(&[0, 1], Some(key(9))), expected);
    }
}
