//! The graph of layers in a model's config: of Keras 2 and 3, functional and sequential models, and models as layers.

use super::store::wrong;
use crate::error::Result;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// As many layers a graph may have, and as deep models may be in models.
const MOST_LAYERS: usize = 5000;
const DEPTH: usize = 8;

/// A layer's call.
#[derive(Debug)]
pub struct Node {
    /// The layer's name.
    pub name: String,
    /// The layer's class, such as `Conv2D`.
    pub class: String,
    /// The layer's config.
    pub config: Map<String, Value>,
    /// The nodes whose results it takes.
    pub inputs: Vec<usize>,
    /// Whether it is called as in training, whatever the model is asked for.
    pub training: bool,
    /// The path of the layer's group in a file of the [native](super::native) layout.
    pub path: String,
}

/// A model's layers, in the order of the config. Models within are taken apart.
#[derive(Debug, Default)]
pub struct Graph {
    /// The calls.
    pub nodes: Vec<Node>,
    /// The node whose result is the model's.
    pub output: usize,
}

impl Graph {
    /// The graph of a model's config. None where the config has no graph: a model that is a class of its own.
    pub fn of(config: &Value) -> Result<Option<Self>> {
        let Some(model) = Model::of(config) else {
            return Ok(None);
        };
        let mut graph = Self::default();
        let outputs = graph.add(&model, "", &[], DEPTH)?;
        match outputs[..] {
            [output] => graph.output = output,
            _ => {
                return Err(wrong(format!(
                    "its model has {} outputs, and one is needed",
                    outputs.len()
                )));
            }
        }
        Ok(Some(graph))
    }

    /// Adds a model's layers, and returns the nodes of its outputs.
    fn add(
        &mut self,
        model: &Model<'_>,
        path: &str,
        inputs: &[usize],
        depth: usize,
    ) -> Result<Vec<usize>> {
        if depth == 0 {
            return Err(wrong("its models are nested too deep"));
        }
        let mut scope = Scope::default();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut last = inputs.to_vec();
        let mut given = inputs.iter();
        for layer in model.layers {
            let class = text(layer, "class_name");
            let config = layer
                .get("config")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            let name = [config.get("name"), layer.get("name")]
                .into_iter()
                .flatten()
                .find_map(Value::as_str);
            let name = name.unwrap_or_default().to_owned();
            let group = counted(&snake_case(class), &mut counts);
            let path = format!("{path}layers/{group}");
            let (mut from, training) = match layer.get("inbound_nodes") {
                Some(nodes) if !model.is_sequential => scope.inputs(nodes)?,
                _ => (last.clone(), false),
            };
            let outputs = match Model::of(layer) {
                Some(inner) => self.add(&inner, &format!("{path}/"), &from, depth - 1)?,
                None => {
                    if class == "InputLayer" {
                        from = given.next().copied().into_iter().collect();
                    }
                    if self.nodes.len() == MOST_LAYERS {
                        return Err(wrong(format!(
                            "its model has more than {MOST_LAYERS} layers"
                        )));
                    }
                    self.nodes.push(Node {
                        name: name.clone(),
                        class: class.to_owned(),
                        config,
                        inputs: from,
                        training,
                        path,
                    });
                    vec![self.nodes.len() - 1]
                }
            };
            last.clone_from(&outputs);
            scope.outputs.insert(name, outputs);
        }
        if model.is_sequential {
            return Ok(last);
        }
        let outputs = model
            .outputs
            .map(|outputs| scope.references(outputs))
            .transpose()?;
        Ok(outputs.unwrap_or(last))
    }
}

/// A model's part of a config.
struct Model<'a> {
    layers: &'a [Value],
    outputs: Option<&'a Value>,
    is_sequential: bool,
}

impl<'a> Model<'a> {
    /// None for a layer that is no model, and for a model without a graph.
    fn of(layer: &'a Value) -> Option<Self> {
        let config = layer.get("config")?;
        // Keras 2.2 has a sequential model's layers in a list.
        let layers = config.get("layers").unwrap_or(config).as_array()?;
        let outputs = config.get("output_layers");
        let is_sequential = outputs.is_none();
        if is_sequential && text(layer, "class_name") != "Sequential" {
            return None;
        }
        Some(Self {
            layers,
            outputs,
            is_sequential,
        })
    }
}

/// The outputs of a model's layers by the layers' names.
#[derive(Default)]
struct Scope {
    outputs: HashMap<String, Vec<usize>>,
}

impl Scope {
    /// What a layer takes, and whether it is called as in training: of its first call.
    fn inputs(&self, nodes: &Value) -> Result<(Vec<usize>, bool)> {
        let Some(call) = nodes.as_array().and_then(|calls| calls.first()) else {
            return Ok((Vec::new(), false));
        };
        // Keras 3: {"args": [..], "kwargs": {..}}. Keras 2: [[name, node, tensor, kwargs], ..].
        let of_keras_3 = call.get("kwargs");
        let of_keras_2 = || {
            let inputs = call.as_array()?;
            inputs
                .iter()
                .find_map(|input| Some(input.get(3)?.get("training")?.as_bool() == Some(true)))
        };
        let training = match of_keras_3 {
            Some(kwargs) => kwargs.get("training").and_then(Value::as_bool) == Some(true),
            None => of_keras_2().unwrap_or(false),
        };
        Ok((self.references(call)?, training))
    }

    /// The nodes that a value refers to, wherever in it.
    fn references(&self, value: &Value) -> Result<Vec<usize>> {
        let mut found = Vec::new();
        self.collect(value, &mut found)?;
        Ok(found)
    }

    fn collect(&self, value: &Value, found: &mut Vec<usize>) -> Result<()> {
        match value {
            Value::Array(items) => {
                if let [Value::String(name), Value::Number(_), Value::Number(at), ..] = &items[..] {
                    let at = at.as_u64().unwrap_or(0) as usize;
                    let node = self.outputs.get(name).and_then(|outputs| outputs.get(at));
                    let node = node.ok_or_else(|| {
                        wrong(format!(
                            "its config refers to `{name}`, which no layer before is"
                        ))
                    })?;
                    found.push(*node);
                    // A Keras 2 operation may take further tensors by name.
                    return items
                        .get(3)
                        .map_or(Ok(()), |more| self.collect(more, found));
                }
                items.iter().try_for_each(|item| self.collect(item, found))
            }
            Value::Object(fields) => fields
                .values()
                .try_for_each(|field| self.collect(field, found)),
            _ => Ok(()),
        }
    }
}

/// A group's name: the class's, and a number from the second on.
fn counted(name: &str, counts: &mut HashMap<String, usize>) -> String {
    let count = counts.entry(name.to_owned()).or_default();
    *count += 1;
    match *count - 1 {
        0 => name.to_owned(),
        n => format!("{name}_{n}"),
    }
}

/// As Keras makes a group's name of a class: `Conv2D` becomes `conv2d`, `MaxPooling2D` `max_pooling2d`.
fn snake_case(class: &str) -> String {
    let class = class.rsplit(['>', '.']).next().unwrap_or(class);
    let chars: Vec<char> = class
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let mut name = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && before.is_some_and(|before| before.is_lowercase() || next_is_lower) {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

/// A text of an object; empty where there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn groups_are_named_as_keras_names_them() {
        for (class, group) in [
            ("Conv2D", "conv2d"),
            ("BatchNormalization", "batch_normalization"),
            ("MaxPooling2D", "max_pooling2d"),
            ("InputLayer", "input_layer"),
            ("ReLU", "re_lu"),
            ("Custom>ResNet50", "res_net50"),
        ] {
            assert_eq!(snake_case(class), group);
        }
    }
}
