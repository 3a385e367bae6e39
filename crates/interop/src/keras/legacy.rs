//! The layout of Keras 2's `.h5` files, which Keras 3 still writes: groups by layer, with lists of names as attributes.

use super::layer::Layer;
use super::store::{Store, broken, wrong};
use crate::error::Result;
use hdf5_pure::{AttrValue, Group};
use serde_json::Value;
use std::collections::HashMap;

/// As many names a list may have.
const MOST_NAMES: usize = 10_000;

/// The group of the weights with its path, where the file has this layout: `model_weights` of a whole model, the root
/// of weights alone.
pub fn weights_group(file: &Store) -> Result<Option<(String, Group)>> {
    let root = file.root();
    if names(&root.attrs().map_err(broken)?, "layer_names").is_some() {
        return Ok(Some((String::new(), root)));
    }
    if !root
        .groups()
        .map_err(broken)?
        .iter()
        .any(|name| name == "model_weights")
    {
        return Ok(None);
    }
    let group = root.group("model_weights").map_err(broken)?;
    let is_legacy = names(&group.attrs().map_err(broken)?, "layer_names").is_some();
    Ok(is_legacy.then(|| ("model_weights/".into(), group)))
}

/// The model's config, where the file has one.
pub fn config(file: &Store) -> Result<Option<Value>> {
    let attributes = file.root().attrs().map_err(broken)?;
    let Some(text) = attributes.get("model_config").and_then(AttrValue::as_str) else {
        return Ok(None);
    };
    let config = serde_json::from_str(text.trim_end_matches('\0'));
    Ok(Some(config.map_err(|error| {
        wrong(format!("its model_config: {error}"))
    })?))
}

/// The layers with weights, in the order of the model's layers. A layer that is a model itself has its layers' weights.
pub fn layers((path, group): &(String, Group), file: &Store) -> Result<Vec<Layer>> {
    let attributes = group.attrs().map_err(broken)?;
    let mut layers: Vec<Layer> = Vec::new();
    for name in names(&attributes, "layer_names").unwrap_or_default() {
        let inner = group.group(&name).map_err(broken)?;
        let weights = names(&inner.attrs().map_err(broken)?, "weight_names").unwrap_or_default();
        let first = layers.len();
        for weight in &weights {
            let (scope, leaf) = weight.rsplit_once('/').unwrap_or(("", weight));
            let leaf = leaf.split(':').next().unwrap_or(leaf);
            let scope = format!("{path}{name}/{scope}");
            let variable =
                file.variable(Some(leaf.to_owned()), format!("{path}{name}/{weight}"))?;
            let known = layers[first..].iter_mut().find(|layer| layer.path == scope);
            match known {
                Some(layer) => layer.variables.push(variable),
                None => {
                    let inner = scope.rsplit('/').next().unwrap_or_default().to_owned();
                    layers.push(Layer {
                        name: Some(inner),
                        path: scope,
                        variables: vec![variable],
                    });
                }
            }
            if layers.len() > MOST_NAMES {
                return Err(wrong("it has too many layers"));
            }
        }
        // Of a layer alone the group's name is the layer's. A second model of a session has other names within.
        if let [layer] = &mut layers[first..] {
            layer.name = Some(name);
        }
    }
    Ok(layers)
}

/// A list of names, which is split over several attributes where it is long.
fn names(attributes: &HashMap<String, AttrValue>, name: &str) -> Option<Vec<String>> {
    let list = |name: &str| attributes.get(name).map(texts);
    if let Some(whole) = list(name) {
        return Some(whole);
    }
    let parts = (0..MOST_NAMES).map_while(|part| list(&format!("{name}{part}")));
    let all: Vec<String> = parts.flatten().take(MOST_NAMES).collect();
    (!all.is_empty()).then_some(all)
}

fn texts(value: &AttrValue) -> Vec<String> {
    let clean = |text: &String| text.trim_end_matches('\0').to_owned();
    let texts = value.as_strings().unwrap_or_default();
    texts.iter().map(clean).collect()
}
