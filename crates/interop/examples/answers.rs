//! What a weights file answers for pictures, in float32, for the tests with other programs' readers:
//! `answers WEIGHTS INPUTS.rgb PICTURE...` writes the pictures' inputs, 64 x 64 x RGB bytes one after another, which every
//! reader is given alike, and prints the answers in JSON.

use serde_json::json;
use signet_recognizer::{Arithmetic, Classifier, INPUT_SIDE, InputImage, Picture, Weights};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let (Some(weights), Some(inputs)) = (given.next(), given.next()) else {
        return Err("usage: answers WEIGHTS INPUTS.rgb PICTURE...".into());
    };
    let weights = Weights::from_bytes(&std::fs::read(weights)?)?;
    let classifier = Classifier::on_cpu(&weights, Arithmetic::Float32);
    let (mut read, mut bytes) = (Vec::new(), Vec::new());
    for path in given {
        let picture =
            Picture::decode(&std::fs::read(&path)?).map_err(|error| format!("{path}: {error}"))?;
        let input = picture.to_input(INPUT_SIDE);
        bytes.extend_from_slice(input.rgb());
        read.push((path, input));
    }
    std::fs::write(inputs, bytes)?;
    let images: Vec<InputImage> = read.iter().map(|(_, input)| input.clone()).collect();
    let predictions = pollster::block_on(classifier.classify(&images))?;
    let logits = pollster::block_on(classifier.logits(&images))?;
    let answers = read.iter().zip(predictions).zip(logits);
    let answers: Vec<_> = answers
        .map(|(((file, _), prediction), logits)| {
            let bounding_box = prediction.bounding_box.map(|it| [it.x, it.y, it.side]);
            json!({
                "file": file,
                "label": prediction.label,
                "probabilities": prediction.probabilities,
                "logits": logits,
                "sign": prediction.presence,
                "bounding_box": bounding_box,
            })
        })
        .collect();
    println!("{}", json!(answers));
    Ok(())
}
