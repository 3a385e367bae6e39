//! The model that the page ships, by its manifest.

/// The bytes of its file; none where it is not here.
pub fn model() -> Option<Vec<u8>> {
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/models");
    let models = std::path::Path::new(models);
    let manifest = std::fs::read(models.join("manifest.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).ok()?;
    std::fs::read(models.join(manifest["file"].as_str()?)).ok()
}
