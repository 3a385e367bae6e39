//! The boundary of the module that converts, in a worker of headless Chromium: `wasm-pack test --headless --chrome
//! crates/wasm/convert`. What it reads and writes is tested natively; here are its objects and errors.

#![cfg(target_arch = "wasm32")]

mod link;
mod model;
#[path = "../../../../../tests/support/network.rs"]
mod network;
mod onnx;
#[path = "../../../tests/boundary/support.rs"]
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_dedicated_worker);
