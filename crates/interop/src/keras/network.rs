//! The course's network as Keras' layers, for the files that are written: names, configs, and who takes whose result.

use serde_json::{Map, Value, json};
use signet_recognizer::{Border, ConvLayer, EPSILON, INPUT_SIDE, ResNetConfig};

/// A layer, in the order of Keras' `model.layers`.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    pub class: &'static str,
    pub name: String,
    pub config: Value,
    pub inputs: Vec<String>,
    /// Height, width and channels of its result.
    pub shape: Vec<usize>,
}

/// The layers of a network. A block's sum is `Add()([X, shortcut])`.
pub fn layers(config: &ResNetConfig) -> Vec<Written> {
    let mut network = Network::default();
    let side = INPUT_SIDE;
    let shape = vec![side, side, 3];
    network.add("InputLayer", "input_1", json!({}), vec![], shape);
    let stem = config.stem_layer();
    let Border::Zeros(pad) = stem.border else {
        unreachable!("the stem's border is of zeros");
    };
    let mut x = network.last();
    let padded = side + 2 * pad;
    let padding = json!({"padding": [[pad, pad], [pad, pad]], "data_format": "channels_last"});
    x = network.add(
        "ZeroPadding2D",
        "zero_padding2d",
        padding,
        vec![x],
        vec![padded, padded, 3],
    );
    x = network.conv(&stem, x);
    x = network.norm(&stem, x);
    x = network.relu(x);
    x = network.pool("MaxPooling2D", "max_pooling2d", [3, 2], x);
    for block in config.blocks().iter().flatten() {
        let [a, b, c] = &block.main;
        let mut y = network.conv(a, x.clone());
        y = network.norm(a, y);
        y = network.relu(y);
        y = network.conv(b, y);
        y = network.norm(b, y);
        y = network.relu(y);
        // Keras lists by depth: both convolutions, then both batch norms.
        y = network.conv(c, y);
        let shortcut = block
            .shortcut
            .as_ref()
            .map(|layer| (layer, network.conv(layer, x.clone())));
        y = network.norm(c, y);
        let shortcut = match shortcut {
            Some((layer, conv)) => network.norm(layer, conv),
            None => x,
        };
        let shape = network.shape(&y);
        let name = network.counted("add");
        y = network.add("Add", &name, json!({}), vec![y, shortcut], shape);
        x = network.relu(y);
    }
    x = network.pool("AveragePooling2D", "avg_pool", [2, 2], x);
    let features = config.features();
    x = network.add(
        "Flatten",
        "flatten",
        json!({"data_format": "channels_last"}),
        vec![x],
        vec![features],
    );
    let classes = config.classes;
    let dense = json!({"units": classes, "activation": "softmax", "use_bias": true});
    network.add(
        "Dense",
        &format!("fc{classes}"),
        dense,
        vec![x],
        vec![classes],
    );
    network.layers
}

/// The config for Keras 3, as `config.json` has it.
pub fn config_3(layers: &[Written]) -> Value {
    let shape_of = |name: &String| {
        layers
            .iter()
            .find(|layer| layer.name == *name)
            .map(|layer| with_batch(&layer.shape))
    };
    let tensor = |name: &String| {
        json!({
            "class_name": "__keras_tensor__",
            "config": {"shape": shape_of(name), "dtype": "float32", "keras_history": [name, 0, 0]},
        })
    };
    let all = layers.iter().map(|layer| {
        let tensors: Vec<Value> = layer.inputs.iter().map(tensor).collect();
        let calls = match &tensors[..] {
            [] => json!([]),
            [_] => json!([{"args": tensors, "kwargs": {}}]),
            // A sum takes a list.
            _ => json!([{"args": [tensors], "kwargs": {}}]),
        };
        json!({
            "module": "keras.layers",
            "class_name": layer.class,
            "config": with_name(layer, "batch_shape"),
            "registered_name": null,
            "name": layer.name,
            "inbound_nodes": calls,
        })
    });
    let mut config = functional(layers, all.collect());
    config["module"] = json!("keras.src.models.functional");
    config["registered_name"] = json!("Functional");
    config["build_config"] = json!({"input_shape": null});
    config
}

/// The config for Keras 2, as the attribute `model_config` has it.
pub fn config_2(layers: &[Written]) -> Value {
    let all = layers.iter().map(|layer| {
        let inputs: Vec<Value> = layer
            .inputs
            .iter()
            .map(|name| json!([name, 0, 0, {}]))
            .collect();
        let calls = if inputs.is_empty() {
            json!([])
        } else {
            json!([inputs])
        };
        json!({
            "class_name": layer.class,
            "config": with_name(layer, "batch_input_shape"),
            "name": layer.name,
            "inbound_nodes": calls,
        })
    });
    functional(layers, all.collect())
}

/// The frame that both configs have around the layers'.
fn functional(layers: &[Written], configs: Vec<Value>) -> Value {
    json!({
        "class_name": "Functional",
        "config": {
            "name": MODEL,
            "trainable": true,
            "layers": configs,
            "input_layers": [[first(layers), 0, 0]],
            "output_layers": [[last(layers), 0, 0]],
        },
    })
}

const MODEL: &str = "ResNet50";

fn first(layers: &[Written]) -> &str {
    layers.first().map_or("", |layer| &layer.name)
}

fn last(layers: &[Written]) -> &str {
    layers.last().map_or("", |layer| &layer.name)
}

fn with_batch(shape: &[usize]) -> Value {
    let sides = shape.iter().map(|side| json!(side));
    std::iter::once(Value::Null).chain(sides).collect()
}

/// A layer's config with what all layers have.
fn with_name(layer: &Written, batch_shape: &str) -> Value {
    let mut config = Map::from_iter([
        ("name".to_owned(), json!(layer.name)),
        ("dtype".to_owned(), json!("float32")),
    ]);
    if layer.inputs.is_empty() {
        config.insert(batch_shape.to_owned(), with_batch(&layer.shape));
    } else {
        config.insert("trainable".to_owned(), json!(true));
    }
    config.extend(layer.config.as_object().cloned().unwrap_or_default());
    Value::Object(config)
}

/// Layers so far.
#[derive(Default)]
struct Network {
    layers: Vec<Written>,
}

impl Network {
    fn add(
        &mut self,
        class: &'static str,
        name: &str,
        config: Value,
        inputs: Vec<String>,
        shape: Vec<usize>,
    ) -> String {
        self.layers.push(Written {
            class,
            name: name.to_owned(),
            config,
            inputs,
            shape,
        });
        name.to_owned()
    }

    fn last(&self) -> String {
        last(&self.layers).to_owned()
    }

    fn shape(&self, name: &str) -> Vec<usize> {
        let layer = self.layers.iter().find(|layer| layer.name == name);
        layer.map(|layer| layer.shape.clone()).unwrap_or_default()
    }

    /// A name that Keras would give the next layer of a class: `add`, `add_1` ..
    fn counted(&self, base: &str) -> String {
        let is_one = |name: &str| {
            name.strip_prefix(base)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        match self
            .layers
            .iter()
            .filter(|layer| is_one(&layer.name))
            .count()
        {
            0 => base.to_owned(),
            n => format!("{base}_{n}"),
        }
    }

    fn conv(&mut self, layer: &ConvLayer, input: String) -> String {
        let shape = self.shape(&input);
        // The stem's zeros are a layer of their own.
        let same = layer.border == Border::Same;
        let side = |side: usize| {
            if same {
                side.div_ceil(layer.stride)
            } else {
                (side - layer.kernel) / layer.stride + 1
            }
        };
        let config = json!({
            "filters": layer.output,
            "kernel_size": [layer.kernel, layer.kernel],
            "strides": [layer.stride, layer.stride],
            "padding": if same { "same" } else { "valid" },
            "data_format": "channels_last",
            "dilation_rate": [1, 1],
            "groups": 1,
            "activation": "linear",
            "use_bias": true,
        });
        let shape = vec![side(shape[0]), side(shape[1]), layer.output];
        self.add("Conv2D", &layer.name, config, vec![input], shape)
    }

    fn norm(&mut self, layer: &ConvLayer, input: String) -> String {
        let shape = self.shape(&input);
        let config =
            json!({"axis": 3, "momentum": 0.99, "epsilon": EPSILON, "center": true, "scale": true});
        self.add(
            "BatchNormalization",
            &layer.norm,
            config,
            vec![input],
            shape,
        )
    }

    fn relu(&mut self, input: String) -> String {
        let (name, shape) = (self.counted("activation"), self.shape(&input));
        self.add(
            "Activation",
            &name,
            json!({"activation": "relu"}),
            vec![input],
            shape,
        )
    }

    fn pool(
        &mut self,
        class: &'static str,
        name: &str,
        [window, stride]: [usize; 2],
        input: String,
    ) -> String {
        let mut shape = self.shape(&input);
        shape[..2]
            .iter_mut()
            .for_each(|side| *side = (*side - window) / stride + 1);
        let config = json!({
            "pool_size": [window, window],
            "strides": [stride, stride],
            "padding": "valid",
            "data_format": "channels_last",
        });
        self.add(class, name, config, vec![input], shape)
    }
}
