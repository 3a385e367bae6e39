//! WebAssembly's 128-bit vectors.
#![allow(unsafe_code)]

use super::transform::{POSITIONS, PRODUCTS, transform_weights};
use crate::kernel::NR;
use std::arch::wasm32::*;

/// Transforms int8 weights as int16, which is half the work, and dequantizes the products as
/// [`dequantize`](crate::kernel::dequantize) does.
pub(super) fn transform_integers(weights: [&[i8]; POSITIONS], to: [&mut [f32]; PRODUCTS]) {
    // Times a pair of 1 and 0, the weights of two input channels are those of one.
    let halves = [i32x4_splat(1), i32x4_splat(1 << 16)];
    let count = weights[0].len();
    assert!(count.is_multiple_of(2 * NR), "pairs of channels");
    assert!(weights.iter().all(|w| w.len() == count), "positions alike");
    assert!(to.iter().all(|to| to.len() == count), "room for all");
    let (weights, to) = (weights.map(<[i8]>::as_ptr), to.map(<[f32]>::as_mut_ptr));
    for first in (0..count).step_by(2 * NR) {
        // Pairs for four outputs at a time.
        for part in (0..NR).step_by(4) {
            let products = transform_weights(
                // SAFETY: `first + 2 * part + 8` is at most `first + 2 * NR`, which is at most
                // `count`, the length of all weights. Loads need no alignment.
                |at| unsafe { i16x8_load_extend_i8x8(weights[at].add(first + 2 * part)) },
                // No sum is larger than 9 * 127.
                |a, b| i16x8_add(a, b),
                |a, b| i16x8_sub(a, b),
            );
            for (to, pairs) in to.iter().zip(products.as_flattened()) {
                for (channel, half) in halves.iter().enumerate() {
                    let values = f32x4_convert_i32x4(i32x4_dot_i16x8(*pairs, *half));
                    // SAFETY: `first + channel * NR + part + 4` is at most `first + 2 * NR`, as
                    // above. Stores need no alignment.
                    unsafe { v128_store(to.add(first + channel * NR + part).cast(), values) }
                }
            }
        }
    }
}
