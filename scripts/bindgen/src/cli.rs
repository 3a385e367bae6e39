//! wasm-bindgen's command line, of the version that Cargo.lock holds: wasm-pack asks it for its version.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
