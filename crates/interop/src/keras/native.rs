//! The layout of Keras 3's `.weights.h5`, and that of tf.keras 2.13 to 2.15: groups by the model's structure, with the
//! variables of a layer as `vars/0`, `vars/1` ...

use super::layer::{Layer, natural_key};
use super::store::{Store, broken, wrong};
use crate::error::Result;
use hdf5_pure::{AttrValue, Group};

/// How deep in groups layers are looked for, and how many groups are looked at.
const DEPTH: usize = 12;
const GROUPS: usize = 10_000;

/// What tf.keras 2.13 calls the group of layers, which is `layers` since.
const LAYERS_BEFORE: &str = "_layer_checkpoint_dependencies";

/// Groups of the root that belong to the training, not to the network.
const TRAINING: [&str; 6] = [
    "optimizer",
    "metrics",
    "_metrics",
    "compile_metrics",
    "loss_tracker",
    "_loss_tracker",
];

/// The layers with weights, in the order of their paths, numbers as numbers.
pub fn layers(file: &Store) -> Result<Vec<Layer>> {
    let mut search = Search {
        file,
        groups: 0,
        layers: Vec::new(),
    };
    search.walk(&file.root(), "", DEPTH)?;
    let mut layers = search.layers;
    layers.sort_by_cached_key(|layer| natural_key(&layer.path));
    Ok(layers)
}

/// A path as later versions have it. tf.keras 2.13 comes to a layer with weights twice, and counts it both times: its
/// `conv2d_4` is the third one, `conv2d_2`.
fn as_since(path: &str) -> String {
    let Some(name) = path.strip_prefix(LAYERS_BEFORE) else {
        return path.to_owned();
    };
    let numbered = name.rsplit_once('_');
    match numbered.map(|(base, number)| (base, number.parse::<u32>())) {
        Some((base, Ok(number))) => format!("layers{base}_{}", number / 2),
        _ => format!("layers{name}"),
    }
}

struct Search<'a> {
    file: &'a Store,
    groups: usize,
    layers: Vec<Layer>,
}

impl Search<'_> {
    fn walk(&mut self, group: &Group, path: &str, depth: usize) -> Result<()> {
        for (name, inner) in group.iter_groups().map_err(broken)? {
            self.groups += 1;
            if depth == 0 || self.groups > GROUPS {
                return Err(wrong("its groups are more, or deeper, than a model's"));
            }
            if path.is_empty() && TRAINING.contains(&&*name) {
                continue;
            }
            if name == "vars" {
                self.layer(&inner, path)?;
            } else {
                let path = if path.is_empty() {
                    name
                } else {
                    format!("{path}/{name}")
                };
                self.walk(&inner, &path, depth - 1)?;
            }
        }
        Ok(())
    }

    fn layer(&mut self, vars: &Group, path: &str) -> Result<()> {
        let mut names = vars.datasets().map_err(broken)?;
        if names.is_empty() {
            return Ok(());
        }
        names.sort_by_cached_key(|name| natural_key(name));
        let variables = names.iter().map(|name| {
            // Some layers name their variables.
            let leaf = name.parse::<u32>().is_err().then(|| name.clone());
            self.file.variable(leaf, format!("{path}/vars/{name}"))
        });
        let variables = variables.collect::<Result<_>>()?;
        let attributes = vars.attrs().map_err(broken)?;
        let name = attributes.get("name").and_then(AttrValue::as_str);
        self.layers.push(Layer {
            name: name.map(str::to_owned),
            path: as_since(path),
            variables,
        });
        Ok(())
    }
}
