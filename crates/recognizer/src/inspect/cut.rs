//! What can be left out of a block.

use super::place::{Place, PlaceKind};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A part of a block: of ReLU(F(x) + x), or of ReLU(F(x) + shortcut(x)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// F(x), with the bias of its last convolution and the batch norm folded into it. Without it an
    /// identity block's output is x, which is the result of a ReLU; a convolutional block's output is
    /// the ReLU of its shortcut.
    Branch,
    /// x, or the shortcut's convolution of it.
    Skip,
}

/// A block's part that is left out. Where both are, the block's output is zeros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The block's name, such as `2a`.
    pub block: String,
    /// Which part.
    pub part: Part,
}

impl Cut {
    fn of(place: &Place, part: Part) -> Self {
        let block = place.name.clone();
        Self { block, part }
    }
}

/// Each cut of one part of one block: block by block, the branch first.
pub fn single_cuts(places: &[Place]) -> Vec<Cut> {
    let blocks = places.iter().filter(|place| is_block(place));
    let cuts = blocks.flat_map(|place| [Part::Branch, Part::Skip].map(|part| Cut::of(place, part)));
    cuts.collect()
}

/// The branches of `count` identity blocks drawn from a seed, in the order of computation; of all where
/// there are fewer. Veit, Wilber and Belongie, "Residual Networks Behave Like Ensembles of Relatively
/// Shallow Networks" (2016), arXiv:1605.06431, figure 5.
pub fn random_branches(places: &[Place], count: usize, seed: u64) -> Vec<Cut> {
    let blocks = places
        .iter()
        .filter(|place| place.kind == PlaceKind::Identity);
    let blocks: Vec<_> = blocks.collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn: Vec<(u64, usize)> = (0..blocks.len()).map(|at| (rng.random(), at)).collect();
    drawn.sort_unstable();
    drawn.truncate(count);
    drawn.sort_unstable_by_key(|(_, at)| *at);
    let cuts = drawn.into_iter();
    cuts.map(|(_, at)| Cut::of(blocks[at], Part::Branch))
        .collect()
}

fn is_block(place: &Place) -> bool {
    matches!(place.kind, PlaceKind::Identity | PlaceKind::Convolutional)
}
