//! Parts of a convolution, which threads compute.

use super::epilogue::Epilogue;
use super::indirect::IndirectInput;
use super::simd::{MR, NR};
use crate::threads;
use std::ops::Range;

/// The tiles of [`MR`] output pixels, and for them the panels of [`NR`] output channels, that one thread
/// computes and stores. A value of it proves that no other thread has any of them meanwhile.
pub(super) struct Part {
    tiles: Range<usize>,
    panels: Range<usize>,
}

/// What a convolution is split between.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Panels; tiles, where there are more of them.
    TilesOrPanels,
    /// Panels, whose weights cost something before they are multiplied.
    Panels,
}

impl Part {
    /// The least multiplications for which a fork, some microseconds where helpers sleep, can pay.
    const WORTH_A_FORK: usize = 1 << 16;

    /// Calls `work` with the index of a thread and its part, until all parts of a convolution are computed.
    pub fn split<Input>(
        between: Between,
        input: &IndirectInput<'_, Input>,
        epilogue: &Epilogue<'_>,
        work: &(dyn Fn(usize, &Self) + Sync),
    ) {
        let entries = input.indirection.len();
        let tiles = entries.div_ceil(input.kernel_size * MR);
        let panels = epilogue.pixel_stride / NR;
        let (all_tiles, all_panels) = (0..tiles, 0..panels);
        if entries * input.k_per_tap * epilogue.pixel_stride < Self::WORTH_A_FORK {
            let (tiles, panels) = (all_tiles, all_panels);
            work(0, &Self { tiles, panels });
        } else if between == Between::TilesOrPanels && tiles > panels {
            threads::split(tiles, &|thread, tiles| {
                let panels = all_panels.clone();
                work(thread, &Self { tiles, panels });
            });
        } else {
            threads::split(panels, &|thread, panels| {
                let tiles = all_tiles.clone();
                work(thread, &Self { tiles, panels });
            });
        }
    }

    /// The first output pixel.
    pub fn first_pixel(&self) -> usize {
        self.tiles.start * MR
    }

    /// The input of the part's tiles.
    pub fn input<'a, Input>(&self, all: &IndirectInput<'a, Input>) -> IndirectInput<'a, Input> {
        let [start, end] = [self.tiles.start, self.tiles.end]
            .map(|tile| (tile * MR * all.kernel_size).min(all.indirection.len()));
        IndirectInput {
            indirection: &all.indirection[start..end],
            ..*all
        }
    }

    /// The indices and the weights of the part's panels, `length` each.
    pub fn panels<'a, Weight>(
        &self,
        weights: &'a [Weight],
        length: usize,
    ) -> impl Iterator<Item = (usize, &'a [Weight])> + use<'a, Weight> {
        let weights = &weights[self.panels.start * length..self.panels.end * length];
        self.panels.clone().zip(weights.chunks_exact(length))
    }
}
