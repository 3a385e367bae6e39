//! Steps through a config's graph, from a layer to those before it.

use super::file::KerasFile;
use super::graph::{Graph, Node};
use super::layer::Kind;
use crate::error::{Error, Result};
use serde_json::Value;
use std::collections::HashMap;

/// Layers that do nothing when a network predicts.
const IDLE: [&str; 8] = [
    "Dropout",
    "SpatialDropout2D",
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
    "ActivityRegularization",
    "Identity",
    "InputLayer",
];

/// A graph, and the file that has its layers' weights.
pub struct Walk<'a> {
    pub graph: &'a Graph,
    pub file: &'a KerasFile,
    by_name: HashMap<&'a str, usize>,
    by_path: HashMap<&'a str, usize>,
}

impl<'a> Walk<'a> {
    pub fn new(graph: &'a Graph, file: &'a KerasFile) -> Self {
        let layers = || file.layers.iter().enumerate();
        let by_name = layers().filter_map(|(at, layer)| Some((layer.name.as_deref()?, at)));
        Self {
            graph,
            file,
            by_name: by_name.collect(),
            by_path: layers()
                .map(|(at, layer)| (layer.path.as_str(), at))
                .collect(),
        }
    }

    pub fn node(&self, at: usize) -> &'a Node {
        &self.graph.nodes[at]
    }

    pub fn misfit(&self, at: usize, reason: impl Into<String>) -> Error {
        let node = self.node(at);
        let class = if node.class.is_empty() {
            "layer"
        } else {
            &node.class
        };
        let reason = format!("({class}) {}", reason.into());
        Error::KerasLayer {
            layer: node.name.clone(),
            reason,
        }
    }

    pub fn is(&self, at: usize, class: &str) -> bool {
        self.node(at).class == class
    }

    /// The one input of a layer, passed through layers that do nothing.
    pub fn input(&self, at: usize) -> Result<usize> {
        let [input] = self.node(at).inputs[..] else {
            return Err(self.misfit(at, "has no single layer before it, and one is needed"));
        };
        self.passed(input)
    }

    /// The node itself, or what layers that do nothing take. A graph has no circles: an input is always an earlier node.
    pub fn passed(&self, mut at: usize) -> Result<usize> {
        loop {
            let node = self.node(at);
            let is_idle = IDLE.contains(&&*node.class)
                || node.class.starts_with("Random")
                || node.class == "Activation" && activation(node) == Some("linear");
            match node.inputs[..] {
                [input] if is_idle => at = input,
                _ => return Ok(at),
            }
        }
    }

    /// The layer of the file whose weights a node has.
    pub fn stored(&self, at: usize, kind: Kind) -> Result<usize> {
        let node = self.node(at);
        let found = self
            .by_name
            .get(&*node.name)
            .or_else(|| self.by_path.get(&*node.path));
        match found {
            Some(&layer) if self.file.layers[layer].kind() == kind => Ok(layer),
            Some(_) => Err(self.misfit(
                at,
                "has weights of other shapes in the file than its class has",
            )),
            None => Err(self.misfit(at, "has no weights in the file")),
        }
    }

    /// What a ReLU takes.
    pub fn relu(&self, at: usize) -> Result<usize> {
        if activation(self.node(at)) == Some("relu") {
            return self.input(at);
        }
        Err(self.misfit(at, "is where a ReLU is needed"))
    }

    pub fn require(&self, at: usize, key: &str, needed: &[u64]) -> Result<()> {
        let found = numbers(self.node(at), key).unwrap_or_default();
        if found.iter().map(|n| *n as u64).eq(needed.iter().copied()) {
            return Ok(());
        }
        Err(self.misfit(at, format!("has {key} {found:?}, and {needed:?} is needed")))
    }
}

/// A layer's activation by name: of the config, of the class, or of an operation. None where it has none.
pub fn activation(node: &Node) -> Option<&str> {
    let none = |key: &str| {
        node.config
            .get(key)
            .is_none_or(|v| v.is_null() || v.as_f64() == Some(0.0))
    };
    match &*node.class {
        "ReLU" if none("max_value") && none("negative_slope") && none("threshold") => {
            return Some("relu");
        }
        "Relu" => return Some("relu"),
        "TFOpLambda" if text_of(node, "function") == "nn.relu" => return Some("relu"),
        _ => {}
    }
    let activation = node.config.get("activation").filter(|v| !v.is_null())?;
    let of_keras_3 = || {
        activation
            .get("config")
            .and_then(|config| config.as_str().or_else(|| config.get("name")?.as_str()))
    };
    activation
        .as_str()
        .or_else(of_keras_3)
        .or(Some("an unknown activation"))
}

/// The whole numbers of a config's entry, however they are nested.
pub fn numbers(node: &Node, key: &str) -> Option<Vec<usize>> {
    fn collect(value: &Value, found: &mut Vec<usize>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            other => found.extend(other.as_u64().map(|n| n as usize)),
        }
    }
    let mut found = Vec::new();
    collect(node.config.get(key)?, &mut found);
    Some(found)
}

pub fn text_of<'a>(node: &'a Node, key: &str) -> &'a str {
    node.config
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
