//! What tract answers: `MODEL.onnx INPUTS.rgb`, JSON out.

use serde_json::{Map, Value, json};
use std::error::Error;
use tract_onnx::prelude::*;

const SIDE: usize = 64;
const PICTURE: usize = SIDE * SIDE * 3;

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [model, inputs] = given.as_slice() else {
        return Err("usage: tract-reader MODEL.onnx INPUTS.rgb".into());
    };
    let model = tract_onnx::onnx().model_for_path(model)?;
    let names: Vec<String> = model
        .outputs
        .iter()
        .map(|output| name(&model, *output))
        .collect();
    // With the batch left open, tract 0.23.9 fails to optimize a convolution of stride 2 behind one of 1x1.
    let model = model.with_input_fact(0, f32::fact([1, 3, SIDE, SIDE]).into())?;
    let model = model.into_optimized()?.into_runnable()?;
    let rgb = std::fs::read(inputs)?;
    let mut outputs: Vec<Vec<Value>> = vec![Vec::new(); names.len()];
    for picture in rgb.chunks_exact(PICTURE) {
        let at = |channel: usize, y: usize, x: usize| {
            f32::from(picture[(y * SIDE + x) * 3 + channel]) / 255.0
        };
        let pixels: Tensor =
            tract_ndarray::Array4::from_shape_fn((1, 3, SIDE, SIDE), |(_, c, y, x)| at(c, y, x))
                .into();
        for (output, found) in outputs.iter_mut().zip(model.run(tvec!(pixels.into()))?) {
            let values = found.to_plain_array_view::<f32>()?;
            output.push(json!(values.iter().copied().collect::<Vec<f32>>()));
        }
    }
    let outputs = names
        .into_iter()
        .zip(outputs)
        .filter(|(name, _)| name != "features");
    let outputs: Map<String, Value> = outputs.map(|(name, rows)| (name, rows.into())).collect();
    println!("{}", json!({ "outputs": outputs }));
    Ok(())
}

/// An output's name: its label, or of one without the name of its node.
fn name(model: &InferenceModel, output: OutletId) -> String {
    let label = model.outlet_label(output).map(str::to_owned);
    label.unwrap_or_else(|| model.node(output.node).name.clone())
}
