//! What a file says of its network beside the graph: onnxruntime gives it as `custom_metadata_map`.

use super::decode::wrong;
use super::encode::Message;
use super::proto::entry;
use crate::error::Result;
use signet_recognizer::{PREPROCESSING, ResNetConfig, Weights};
use std::collections::BTreeMap;

const LABELS: &str = "labels";
const PREPROCESSING_KEY: &str = "preprocessing";
const THRESHOLD: &str = "threshold";
const REFERENCE_LOGITS: &str = "reference_logits";
const NETWORK: &str = "signet_network";
const VERSION: &str = "signet_version";
const LICENSE: &str = "license";

/// What a file's metadata say.
pub(super) struct Told {
    /// Which layers there are; none in files of other programs.
    pub network: Option<ResNetConfig>,
    pub labels: Option<Vec<String>>,
    pub reference_logits: Option<Vec<f32>>,
    pub is_preprocessing_known: bool,
}

/// The entries of a file. `threshold`: a sign that is less probable than this is answered with none.
pub(super) fn entries<'a>(weights: &Weights, logits: &[f32], threshold: f32) -> Vec<Message<'a>> {
    let entries = [
        (LABELS, serde_json::json!(weights.labels()).to_string()),
        (PREPROCESSING_KEY, PREPROCESSING.to_owned()),
        (THRESHOLD, threshold.to_string()),
        (REFERENCE_LOGITS, serde_json::json!(logits).to_string()),
        (NETWORK, serde_json::json!(weights.config()).to_string()),
        (VERSION, env!("CARGO_PKG_VERSION").to_owned()),
        (LICENSE, env!("CARGO_PKG_LICENSE").to_owned()),
    ];
    let entries = entries.iter().map(|(key, value)| {
        let entry = Message::default().text(entry::KEY, key);
        entry.text(entry::VALUE, value)
    });
    entries.collect()
}

/// Reads a file's entries.
///
/// # Errors
///
/// [`Error::OnnxFormat`](crate::Error::OnnxFormat) for one that this project writes otherwise.
pub(super) fn read(entries: &BTreeMap<String, String>) -> Result<Told> {
    fn parse<T: serde::de::DeserializeOwned>(
        entries: &BTreeMap<String, String>,
        key: &str,
    ) -> Result<Option<T>> {
        let text = entries.get(key);
        let value = text.map(|text| serde_json::from_str(text));
        value
            .transpose()
            .map_err(|error| wrong(format!("the entry `{key}` of its metadata: {error}")))
    }
    let network: Option<ResNetConfig> = parse(entries, NETWORK)?;
    if let Some(network) = &network {
        network.validate()?;
    }
    // Another program's labels may have any form.
    let labels = match (&network, entries.get(LABELS)) {
        (None, Some(text)) => serde_json::from_str(text).ok(),
        _ => parse(entries, LABELS)?,
    };
    Ok(Told {
        labels,
        reference_logits: match network {
            Some(_) => parse(entries, REFERENCE_LOGITS)?,
            None => None,
        },
        is_preprocessing_known: entries
            .get(PREPROCESSING_KEY)
            .is_some_and(|text| text == PREPROCESSING),
        network,
    })
}
