//! Parallel loops over chunks of values. Chunks depend on sizes alone, so that results don't depend on
//! the number of threads.

#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// Calls `work` with the index and the values of each chunk of `size` values; the last chunk may be
/// shorter.
pub(super) fn each(values: &mut [f32], size: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    #[cfg(feature = "rayon")]
    let chunks = values.par_chunks_mut(size);
    #[cfg(not(feature = "rayon"))]
    let chunks = values.chunks_mut(size);
    chunks.enumerate().for_each(|(at, chunk)| work(at, chunk));
}

/// [`each`] with chunks of two slices, which have the same number of chunks.
pub(super) fn each_of_two(
    (first, first_size): (&mut [f32], usize),
    (second, second_size): (&mut [f32], usize),
    work: impl Fn(usize, &mut [f32], &mut [f32]) + Sync,
) {
    #[cfg(feature = "rayon")]
    let chunks = first
        .par_chunks_mut(first_size)
        .zip(second.par_chunks_mut(second_size));
    #[cfg(not(feature = "rayon"))]
    let chunks = first
        .chunks_mut(first_size)
        .zip(second.chunks_mut(second_size));
    chunks
        .enumerate()
        .for_each(|(at, (first, second))| work(at, first, second));
}
