//! The loops in which the time goes: a tile of pixels by a panel of output channels at a time.

use crate::scratch::Scratch;
use std::array::from_fn;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(not(target_arch = "wasm32"))]
mod portable;
#[cfg(target_arch = "wasm32")]
mod simd128;

/// Output channels that are computed together, and pixels. As many as there are registers for:
/// V8 begins to spill beyond 4 x 8 on x86-64.
#[cfg(target_arch = "wasm32")]
pub(crate) const PANEL: usize = 8;
#[cfg(target_arch = "wasm32")]
pub(crate) const TILE: usize = 4;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) const PANEL: usize = 16;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) const TILE: usize = 6;

/// The picture's channels are padded with zeros to a multiple of this: two of them make a pair, and
/// rounding takes four at a time.
pub(crate) const GROUP: usize = 4;

/// What a convolution reads. Numbers are floats, or pairs of integers in one.
pub(crate) struct Job<'a, Number> {
    /// Pixels, the first of zeros.
    pub input: &'a [Number],
    /// Numbers from one pixel to the next.
    pub depth: usize,
    /// Numbers to be read from each pixel of the table on.
    pub run: usize,
    /// Pixels of the table for each output.
    pub taps: usize,
    /// See [`Plan::tables`](crate::plan::Plan::tables).
    pub table: &'a [u32],
}

/// What becomes of its sums.
pub(crate) struct Target<'a> {
    pub bias: &'a [f32],
    pub relu: bool,
    /// Numbers from one pixel to the next.
    pub depth: usize,
    pub residual: Option<&'a [f32]>,
    pub output: &'a mut [f32],
}

impl Target<'_> {
    /// Adds bias and residual to a pixel's sums from a channel on, cuts off what is negative, and stores.
    #[inline(always)]
    pub fn store<const N: usize>(&mut self, pixel: usize, channel: usize, sums: [f32; N]) {
        let at = pixel * self.depth + channel;
        let bias = &self.bias[channel..][..N];
        let output = &mut self.output[at..][..N];
        let mut values = sums;
        for (value, bias) in values.iter_mut().zip(bias) {
            *value += bias;
        }
        if let Some(residual) = self.residual {
            for (value, residual) in values.iter_mut().zip(&residual[at..][..N]) {
                *value += residual;
            }
        }
        if self.relu {
            // Not f32::max, which would make zero of what is no number.
            for value in &mut values {
                *value = if *value < 0.0 { 0.0 } else { *value };
            }
        }
        output.copy_from_slice(&values);
    }
}

/// Multiplies and sums for one tile and one panel.
trait Kernel {
    type Number;
    type Weight;
    type Sum: Copy + Default;
    /// Weights for each number of the input.
    const WEIGHTS: usize;

    /// `pixels` are P pixels for each tap, `weights` the panel's. What is in `sums` before is lost.
    fn tile<const P: usize>(
        job: &Job<'_, Self::Number>,
        pixels: &[u32],
        weights: &[Self::Weight],
        sums: &mut [[Self::Sum; PANEL]; P],
    );
}

/// Takes the sums of one panel.
trait Sums<Sum> {
    /// Takes those of P pixels from `first` on, which `write` writes.
    fn take<const P: usize>(&mut self, first: usize, write: impl FnOnce(&mut [[Sum; PANEL]; P]));
}

/// Keeps them as they are.
impl<Sum> Sums<Sum> for &mut [[Sum; PANEL]] {
    #[inline(always)]
    fn take<const P: usize>(&mut self, first: usize, write: impl FnOnce(&mut [[Sum; PANEL]; P])) {
        let sums = self[first..].first_chunk_mut();
        write(sums.expect("room for all pixels"));
    }
}

/// Makes floats of them with `finish`, for a target.
struct Finished<'a, 'b, Sum, Finish> {
    target: &'a mut Target<'b>,
    panel: usize,
    finish: Finish,
    /// Those of a tile. Zeros for each tile anew would be a call in WebAssembly.
    sums: [[Sum; PANEL]; TILE],
}

impl<'a, 'b, Sum: Copy + Default, Finish> Finished<'a, 'b, Sum, Finish> {
    fn new(target: &'a mut Target<'b>, panel: usize, finish: Finish) -> Self {
        let sums = [[Sum::default(); PANEL]; TILE];
        Self {
            target,
            panel,
            finish,
            sums,
        }
    }
}

impl<Sum, Finish> Sums<Sum> for Finished<'_, '_, Sum, Finish>
where
    Finish: Fn(usize, &[Sum; PANEL]) -> [f32; PANEL],
{
    #[inline(always)]
    fn take<const P: usize>(&mut self, first: usize, write: impl FnOnce(&mut [[Sum; PANEL]; P])) {
        let sums = self.sums.first_chunk_mut().expect("no more than a tile");
        write(sums);
        for (index, sums) in sums.iter().enumerate() {
            let values = (self.finish)(self.panel, sums);
            self.target.store(first + index, self.panel * PANEL, values);
        }
    }
}

/// Tap by tap the runs of numbers that begin with a tile's pixels, and the weights for them. A run
/// has [`Job::run`] numbers, and each of them has [`Kernel::WEIGHTS`] weights.
#[inline(always)]
fn taps<'a, K: Kernel, const P: usize>(
    job: &'a Job<'_, K::Number>,
    pixels: &'a [u32],
    weights: &'a [K::Weight],
) -> impl Iterator<Item = ([&'a [K::Number]; P], &'a [K::Weight])> {
    let weights = weights.chunks_exact(job.run * K::WEIGHTS);
    pixels.chunks_exact(P).zip(weights).map(|(tap, weights)| {
        let run = |p: usize| &job.input[tap[p] as usize * job.depth..][..job.run];
        (from_fn(run), weights)
    })
}

/// The weights of each panel, of which there are `count`.
fn panels<'a, Weight>(
    weights: &'a [Weight],
    count: usize,
    target: &Target<'_>,
) -> impl Iterator<Item = (usize, &'a [Weight])> + use<'a, Weight> {
    let all = target.depth / PANEL * count;
    assert_eq!(weights.len(), all, "the weights of all panels");
    weights.chunks_exact(count).enumerate()
}

/// All panels, whose `weights` are as [`Packed`](crate::layer::Packed) has them. `finish` makes floats of
/// a panel's sums.
#[inline(always)]
fn convolve<K: Kernel>(
    job: &Job<'_, K::Number>,
    weights: &[K::Weight],
    target: &mut Target<'_>,
    finish: impl Fn(usize, &[K::Sum; PANEL]) -> [f32; PANEL] + Copy,
) {
    let panel_weights = job.taps * job.run * K::WEIGHTS;
    for (panel, weights) in panels(weights, panel_weights, target) {
        pass::<K>(job, weights, Finished::new(target, panel, finish));
    }
}

/// The same for floats, where a panel's weights are integers that become floats before its pixels pass.
#[inline(always)]
fn convolve_widened<K: Kernel<Number = f32, Weight = f32, Sum = f32>>(
    job: &Job<'_, f32>,
    (weights, scales): (&[i8], &[f32]),
    scratch: &mut Scratch,
    target: &mut Target<'_>,
) {
    let panel_weights = job.taps * job.run * K::WEIGHTS;
    let floats = scratch.floats(panel_weights);
    let finish = |panel: usize, sums: &[f32; PANEL]| {
        let scales = &scales[panel * PANEL..][..PANEL];
        from_fn(|lane| sums[lane] * scales[lane])
    };
    for (panel, weights) in panels(weights, panel_weights, target) {
        widen(weights, floats);
        pass::<K>(job, floats, Finished::new(target, panel, finish));
    }
}

/// All tiles of one panel, whose weights stay in the cache meanwhile.
#[inline(always)]
fn pass<K: Kernel>(job: &Job<'_, K::Number>, weights: &[K::Weight], mut sums: impl Sums<K::Sum>) {
    let mut tiles = job.table.chunks_exact(job.taps * TILE);
    let mut first = 0;
    for pixels in tiles.by_ref() {
        sums.take::<TILE>(first, |sums| K::tile(job, pixels, weights, sums));
        first += TILE;
    }
    let rest = tiles.remainder();
    match rest.len() / job.taps {
        1 => sums.take::<1>(first, |sums| K::tile(job, rest, weights, sums)),
        2 => sums.take::<2>(first, |sums| K::tile(job, rest, weights, sums)),
        3 => sums.take::<3>(first, |sums| K::tile(job, rest, weights, sums)),
        #[cfg(not(target_arch = "wasm32"))]
        4 => sums.take::<4>(first, |sums| K::tile(job, rest, weights, sums)),
        #[cfg(not(target_arch = "wasm32"))]
        5 => sums.take::<5>(first, |sums| K::tile(job, rest, weights, sums)),
        _ => {}
    }
}

/// Convolves floats.
pub(crate) fn float(job: &Job<'_, f32>, weights: &[f32], target: &mut Target<'_>) {
    let finish = |_, sums: &[f32; PANEL]| *sums;
    #[cfg(target_arch = "wasm32")]
    convolve::<simd128::Float>(job, weights, target, finish);
    #[cfg(target_arch = "x86_64")]
    if avx2::is_there() {
        return convolve::<avx2::Float>(job, weights, target, finish);
    }
    #[cfg(not(target_arch = "wasm32"))]
    convolve::<portable::Float>(job, weights, target, finish);
}

/// The sums alone of floats, for one panel.
pub(crate) fn sums(job: &Job<'_, f32>, weights: &[f32], sums: &mut [[f32; PANEL]]) {
    #[cfg(target_arch = "wasm32")]
    pass::<simd128::Float>(job, weights, sums);
    #[cfg(target_arch = "x86_64")]
    if avx2::is_there() {
        return pass::<avx2::Float>(job, weights, sums);
    }
    #[cfg(not(target_arch = "wasm32"))]
    pass::<portable::Float>(job, weights, sums);
}

/// Convolves floats with weights that are integers, which become floats panel by panel in `scratch`.
/// `scales` are those of the output channels.
pub(crate) fn widened(
    job: &Job<'_, f32>,
    (weights, scales): (&[i8], &[f32]),
    scratch: &mut Scratch,
    target: &mut Target<'_>,
) {
    #[cfg(target_arch = "wasm32")]
    convolve_widened::<simd128::Float>(job, (weights, scales), scratch, target);
    #[cfg(target_arch = "x86_64")]
    if avx2::is_there() {
        return convolve_widened::<avx2::Float>(job, (weights, scales), scratch, target);
    }
    #[cfg(not(target_arch = "wasm32"))]
    convolve_widened::<portable::Float>(job, (weights, scales), scratch, target);
}

/// Convolves integers. `scales` are those of the output channels and that of the input.
pub(crate) fn integer(
    job: &Job<'_, i32>,
    (weights, scales, scale): (&[i8], &[f32], f32),
    target: &mut Target<'_>,
) {
    let finish = |panel: usize, sums: &[i32; PANEL]| {
        let mut values = [0.0; PANEL];
        let scales = &scales[panel * PANEL..][..PANEL];
        for ((value, sum), channel) in values.iter_mut().zip(sums).zip(scales) {
            *value = *sum as f32 * (channel * scale);
        }
        values
    };
    #[cfg(target_arch = "wasm32")]
    convolve::<simd128::Integer>(job, weights, target, finish);
    #[cfg(target_arch = "x86_64")]
    if avx2::is_there() {
        return convolve::<avx2::Integer>(job, weights, target, finish);
    }
    #[cfg(target_arch = "aarch64")]
    convolve::<neon::Integer>(job, weights, target, finish);
    #[cfg(not(any(target_arch = "aarch64", target_arch = "wasm32")))]
    convolve::<portable::Integer>(job, weights, target, finish);
}

/// The largest absolute value; not finite where one of them isn't.
pub(crate) fn largest(values: &[f32]) -> f32 {
    // The bits of floats without their sign are ordered as the floats are, infinity behind all
    // numbers and what is no number behind that.
    let bits = |value: &f32| value.to_bits() & 0x7fff_ffff;
    let mut most = [0_u32; 16];
    let mut chunks = values.chunks_exact(16);
    for chunk in chunks.by_ref() {
        for (most, value) in most.iter_mut().zip(chunk) {
            *most = bits(value).max(*most);
        }
    }
    let rest = chunks.remainder().iter().map(bits);
    f32::from_bits(most.into_iter().chain(rest).fold(0, u32::max))
}

/// Rounds `values` times `factor` to integers of 16 bits, ties to even, and lays each two of them
/// into one of `pairs`, the first into the lower half.
pub(crate) fn round(values: &[f32], factor: f32, pairs: &mut [i32]) {
    #[cfg(target_arch = "wasm32")]
    simd128::round(values, factor, pairs);
    #[cfg(target_arch = "x86_64")]
    if avx2::is_there() {
        #[allow(unsafe_code)]
        // SAFETY: the processor has been asked.
        return unsafe { avx2::round(values, factor, pairs) };
    }
    #[cfg(not(target_arch = "wasm32"))]
    portable::round(values, factor, pairs);
}

/// Lays a panel's integers, of which two input channels follow each other for each output, out as
/// floats, input channel after input channel.
pub(crate) fn widen(weights: &[i8], floats: &mut [f32]) {
    #[cfg(target_arch = "wasm32")]
    simd128::widen(weights, floats);
    #[cfg(target_arch = "x86_64")]
    if avx2::is_there() {
        #[allow(unsafe_code)]
        // SAFETY: the processor has been asked.
        return unsafe { avx2::widen(weights, floats) };
    }
    #[cfg(not(target_arch = "wasm32"))]
    portable::widen(weights, floats);
}

// They compare the kernels of other processors.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
