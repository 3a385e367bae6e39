//! WebAssembly's 128-bit vectors.
#![allow(unsafe_code)]

use super::{PRODUCTS, TAPS, products_of};
use crate::kernel::PANEL;
use std::arch::wasm32::*;

/// Transforms weights that are integers while they are such, which is half the work, and lays them out as
/// floats: see [`widen`](crate::kernel::widen).
pub(super) fn transform_integers(taps: [&[i8]; TAPS], to: [&mut [f32]; PRODUCTS]) {
    // Each pair times these is one of the two: the instruction widens and parts them at once.
    let halves = [i32x4_splat(1), i32x4_splat(1 << 16)];
    let count = taps[0].len();
    assert!(count.is_multiple_of(2 * PANEL), "pairs of channels");
    assert!(taps.iter().all(|tap| tap.len() == count), "taps alike");
    assert!(to.iter().all(|to| to.len() == count), "room for all");
    let (taps, to) = (taps.map(<[i8]>::as_ptr), to.map(<[f32]>::as_mut_ptr));
    for first in (0..count).step_by(2 * PANEL) {
        // Pairs for four outputs at a time.
        for part in (0..PANEL).step_by(4) {
            let products = products_of(
                // SAFETY: `first + 2 * part + 8` is at most `first + 2 * PANEL`, which is at most
                // `count`, and so long is every tap. Loads need no alignment.
                |tap| unsafe { i16x8_load_extend_i8x8(taps[tap].add(first + 2 * part)) },
                // None is larger than 9 * 127.
                |a, b| i16x8_add(a, b),
                |a, b| i16x8_sub(a, b),
            );
            for (to, pairs) in to.iter().zip(products.as_flattened()) {
                for (channel, half) in halves.iter().enumerate() {
                    let values = f32x4_convert_i32x4(i32x4_dot_i16x8(*pairs, *half));
                    // SAFETY: `first + channel * PANEL + part + 4` is at most `first + 2 * PANEL`, as
                    // above. Stores need no alignment.
                    unsafe { v128_store(to.add(first + channel * PANEL + part).cast(), values) }
                }
            }
        }
    }
}
