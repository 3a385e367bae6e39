//! The modules that train, in a real browser: the cases of crates/wasm, and training. `wasm-pack test
//! --headless --chrome crates/wasm/learn --features cpu`, or `gpu` for WebGPU.

#![cfg(target_arch = "wasm32")]

#[path = "../../../../../tests/support/bars.rs"]
mod bars;
#[path = "../../../tests/boundary/classification.rs"]
mod classification;
#[cfg(not(feature = "gpu"))]
mod comparison;
#[path = "../../../../../tests/support/network.rs"]
mod network;
#[path = "../../../../../tests/support/pictures.rs"]
mod pictures;
#[path = "../../../tests/boundary/support.rs"]
mod support;
mod training;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
