//! Expected values in tests/fixtures, which `SIGNET_UPDATE=1` writes anew.

use serde::{Serialize, de::DeserializeOwned};

/// The value in tests/fixtures/`name`. With `SIGNET_UPDATE=1` that is `found`, written there first.
pub fn expected<T: Serialize + DeserializeOwned>(name: &str, found: &T) -> T {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
    let path = std::path::Path::new(folder).join(name);
    if std::env::var_os("SIGNET_UPDATE").is_some() {
        let json = serde_json::to_string_pretty(found).unwrap();
        std::fs::write(&path, json + "\n").unwrap();
    }
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
