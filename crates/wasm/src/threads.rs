//! Threads: workers that start this module once more, on the memory of the one that answers, and help it.

use js_sys::{Object, Reflect};
use signet_recognizer::threads;
use wasm_bindgen::prelude::*;

/// Computes for the instance that answers, and returns when that one calls `dismissHelpers`. After a trap, `poison` has to
/// be called in the same instance.
#[wasm_bindgen]
pub fn help() {
    threads::help();
}

/// Says that this instance's `help` has trapped: the one that answers then computes the rest alone.
#[wasm_bindgen]
pub fn poison() {
    threads::poison();
}

/// Sets how many threads compute from the next run on, the one that answers among them. Answers are the same to the
/// bit for any number. A number that is larger than there are helpers costs nothing.
#[wasm_bindgen(js_name = setThreads)]
pub fn set_threads(count: usize) {
    threads::set_threads(count);
}

/// Ends every call of `help`.
#[wasm_bindgen(js_name = dismissHelpers)]
pub fn dismiss_helpers() {
    threads::stop();
}

/// What a helper starts this module with: the compiled module, and its memory.
#[wasm_bindgen(js_name = toShare, unchecked_return_type = "{ module: WebAssembly.Module, memory: WebAssembly.Memory }")]
pub fn to_share() -> Object {
    let shared = Object::new();
    let parts = [
        ("module", wasm_bindgen::module()),
        ("memory", wasm_bindgen::memory()),
    ];
    for (name, part) in parts {
        // Setting a property of a fresh, extensible object can't fail.
        let _ = Reflect::set(&shared, &name.into(), &part);
    }
    shared
}
