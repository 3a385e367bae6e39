//! The module that looks inside, in a worker of a real browser: `wasm-pack test --headless --chrome
//! crates/wasm/inspect`. What it computes is tested natively; here are its objects and errors.

#![cfg(target_arch = "wasm32")]

mod inspection;
#[path = "../../../../../tests/support/network.rs"]
mod network;
#[path = "../../../tests/boundary/support.rs"]
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
