//! Work on long rows of numbers, chunk by chunk, on all threads where there are threads. What a
//! chunk is depends on sizes alone, so that results don't depend on the number of threads.

#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// Calls `work` with each chunk of `size` numbers and its position among the chunks; the last may
/// be shorter.
pub(super) fn each(numbers: &mut [f32], size: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    #[cfg(feature = "rayon")]
    let chunks = numbers.par_chunks_mut(size);
    #[cfg(not(feature = "rayon"))]
    let chunks = numbers.chunks_mut(size);
    chunks.enumerate().for_each(|(at, chunk)| work(at, chunk));
}

/// [`each`] with chunks of two lists, which have as many of them.
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
