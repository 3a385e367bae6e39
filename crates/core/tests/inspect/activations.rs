//! Activation maps of places and of convolutions, and the first layer's filters.

use crate::{close, floats, inputs, kinds};
use burn::tensor::Device;
use pollster::block_on;
use signet_core::{ResNet, batch};
use signet_recognizer::Arithmetic;
use signet_recognizer::inspect::Inspector;
use std::iter::zip;

#[test]
fn maps_are_burns_at_every_place() {
    let input = inputs(1);
    let (weights, tolerance) = &kinds()[0];
    let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
    let inspector = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let names = ["stem", "2c", "3d", "4f", "5c", "features"];
    let maps = block_on(inspector.maps(&input[0], &[], &names)).unwrap();
    for (parts, (name, maps)) in zip(1.., zip(names, maps)) {
        let expected = burn.forward_until(parts, batch(&input, &Device::flex()));
        assert_eq!(maps.size[..], expected.dims()[1..], "{name}");
        let place = inspector.places().iter().find(|place| place.name == name);
        assert_eq!(place.unwrap().size, maps.size);
        let expected = floats(expected);
        let largest = expected.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        for (found, expected) in zip(&maps.values, expected) {
            close(*found, expected, tolerance * largest, name);
        }
    }
    // A filter's weights for the place at row 1, column 2: red, green, blue.
    let kernel = weights.tensors()["conv1.kernel"].floats();
    let filter = &inspector.filters()[3 * 147..][..147];
    for channel in 0..3 {
        assert_eq!(filter[9 * 3 + channel], kernel[(3 * 3 + channel) * 49 + 9]);
    }
    let parts = [
        "conv1",
        "res3a_branch2a",
        "res3a_branch1",
        "res3a_branch2c",
        "3a",
    ];
    let maps = block_on(inspector.maps(&input[0], &[], &parts)).unwrap();
    assert_eq!(maps[0].size, [8, 32, 32]);
    assert_eq!(maps[1].size, [16, 8, 8]);
    assert!(
        maps[2].values.iter().any(|value| *value < 0.0),
        "no ReLU on a shortcut"
    );
    assert_eq!(maps[3], maps[4]);
}
