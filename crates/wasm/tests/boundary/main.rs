//! The boundary in a real browser, in a dedicated worker as on the page: `wasm-pack test --headless
//! --chrome crates/wasm`, with `--features gpu` on WebGPU. The tests of crates/wasm/learn run the same
//! cases, and training besides.

#![cfg(target_arch = "wasm32")]

mod classification;
#[path = "../../../../tests/support/network.rs"]
mod network;
#[path = "../../../../tests/support/pictures.rs"]
mod pictures;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
