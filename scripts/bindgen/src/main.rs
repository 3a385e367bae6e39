//! `signet-bindgen MODULE.wasm NAME FOLDER`: writes NAME_bg.wasm, NAME.js and their TypeScript declarations.

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, name, folder] = arguments.as_slice() else {
        bail!("usage: signet-bindgen MODULE.wasm NAME FOLDER");
    };
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        // The module lies beside its JavaScript.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .out_name(name)
        .generate(folder)
}
