//! The network of layers without names: by their order and shapes.
//!
//! Keras lists a block's layers in the order 2a 2b 2c 1 where the sum is `Add()([X, shortcut])`, and 2a 2b 1 2c where it is
//! `Add()([shortcut, X])`. Shapes tell these apart but where a block's input has as many channels as its path inside,
//! which is in stage 2: such a block is [unsure](Ordered::unsure).

use super::layer::{Kind, Layer};
use super::plan::{Block, Plan, Unit, misfit, sides};
use crate::error::Result;
use signet_recognizer::weights::keras::Pixels;

/// Where in four convolutions the main path's are, and the shortcut's.
const ORDERS: [[usize; 4]; 4] = [[0, 1, 2, 3], [0, 1, 3, 2], [1, 2, 3, 0], [0, 2, 3, 1]];

/// Words in the name of what is on a shortcut.
const SHORTCUT: [&str; 6] = ["short", "skip", "down", "proj", "residual", "branch1"];

/// A network, and what its order leaves open.
#[derive(Debug)]
pub struct Ordered {
    pub plan: Plan,
    /// Blocks whose last convolution of the main path may be exchanged with the shortcut's.
    pub unsure: Vec<usize>,
}

/// Finds the network, or refuses the first layer that doesn't fit.
pub fn find(layers: &[Layer]) -> Result<Ordered> {
    let of = |kind| (0..layers.len()).filter(move |at| layers[*at].kind() == kind);
    let [convs, norms, denses] =
        [Kind::Conv, Kind::Norm, Kind::Dense].map(|kind| of(kind).collect::<Vec<_>>());
    let units = pairs(layers, &convs, &norms)?;
    let shape = |unit: &Unit| -> [usize; 4] {
        let shape = &layers[unit.conv].variables[0].shape;
        [shape[0], shape[1], shape[2], shape[3]]
    };
    let is_stem = |unit: &Unit| matches!(shape(unit), [7, 7, 3, _]);
    let Some(stem) = units.iter().position(is_stem) else {
        let (layer, found) = match units.first() {
            Some(unit) => (&layers[unit.conv], sides(&shape(unit))),
            None => (&layers[0], "no convolution".into()),
        };
        return Err(misfit(
            layer,
            format!("is {found}, and no layer is the first convolution, of 7x7x3"),
        ));
    };
    let mut rest = units;
    let stem = rest.remove(stem);
    let mut channels = shape(&stem)[3];
    let mut rest = &rest[..];
    let (mut blocks, mut unsure) = (Vec::new(), Vec::new());
    while !rest.is_empty() {
        let fits = |order: &[usize]| {
            let [a, b, c] = [0, 1, 2].map(|at| rest.get(order[at]).map(shape));
            let main = |a: [usize; 4], b: [usize; 4], c: [usize; 4]| {
                let sizes =
                    a[0] == 1 && a[1] == 1 && b[0] == 3 && b[1] == 3 && c[0] == 1 && c[1] == 1;
                sizes && a[2] == channels && b[2] == a[3] && c[2] == b[3]
            };
            let (Some(a), Some(b), Some(c)) = (a, b, c) else {
                return false;
            };
            let shortcut = match order.get(3) {
                Some(at) => rest
                    .get(*at)
                    .is_some_and(|unit| shape(unit) == [1, 1, channels, c[3]]),
                None => c[3] == channels,
            };
            main(a, b, c) && shortcut
        };
        let (order, taken) = if fits(&[0, 1, 2]) {
            ([0, 1, 2, 3], 3)
        } else {
            let orders: Vec<_> = ORDERS.into_iter().filter(|order| fits(order)).collect();
            match orders[..] {
                [] => return Err(first_misfit(layers, rest, channels, &shape)),
                [order] => (order, 4),
                [order, ..] => (
                    told_apart(layers, rest, order).unwrap_or_else(|| {
                        unsure.push(blocks.len());
                        order
                    }),
                    4,
                ),
            }
        };
        let at = |place: usize| rest[order[place]];
        channels = shape(&at(2))[3];
        let shortcut = (taken == 4).then(|| at(3));
        let main = [at(0), at(1), at(2)];
        blocks.push(Block {
            main,
            shortcut,
            stride: None,
        });
        rest = &rest[taken..];
    }
    let plan = Plan {
        stem,
        blocks,
        head: denses.first().copied(),
        pixels: Pixels::UNIT_RGB,
        left_out: None,
    };
    Ok(Ordered { plan, unsure })
}

/// An order and its exchange, told apart by words in the names.
fn told_apart(layers: &[Layer], rest: &[Unit], order: [usize; 4]) -> Option<[usize; 4]> {
    let is_shortcut = |place: usize| {
        let layer = &layers[rest[order[place]].conv];
        let name = layer.name.as_deref().unwrap_or_default();
        let last = layer.path.rsplit('/').next().unwrap_or_default();
        SHORTCUT
            .iter()
            .any(|word| name.contains(word) || last.contains(word))
    };
    match [is_shortcut(2), is_shortcut(3)] {
        [false, true] => Some(order),
        [true, false] => Some([order[0], order[1], order[3], order[2]]),
        _ => None,
    }
}

/// The first convolution that no block can have there.
fn first_misfit(
    layers: &[Layer],
    rest: &[Unit],
    channels: usize,
    shape: &dyn Fn(&Unit) -> [usize; 4],
) -> crate::error::Error {
    let mut input = channels;
    for (unit, kernel) in rest.iter().zip([1, 3, 1]) {
        let found = shape(unit);
        if found[..3] != [kernel, kernel, input] {
            let reason = format!(
                "is {}, and {kernel}x{kernel}x{input} is needed there",
                sides(&found)
            );
            return misfit(&layers[unit.conv], reason);
        }
        input = found[3];
    }
    let last = &layers[rest[rest.len().min(4) - 1].conv];
    misfit(
        last,
        format!("has no place in a block whose input has {channels} channels"),
    )
}

/// Each convolution with its batch norm: by the rest of their names where they are attributes of one layer, else in order.
fn pairs(layers: &[Layer], convs: &[usize], norms: &[usize]) -> Result<Vec<Unit>> {
    let key = |at: usize| {
        let (parent, name) = layers[at]
            .path
            .rsplit_once('/')
            .unwrap_or(("", &layers[at].path));
        let words = [
            "convolution",
            "conv2d",
            "conv",
            "batch_normalization",
            "batchnorm",
            "batch_norm",
            "bn",
            "norm",
            "_",
        ];
        let name = words
            .iter()
            .fold(name.to_lowercase(), |name, word| name.replace(word, ""));
        (parent.to_owned(), name)
    };
    let keys: Vec<_> = norms.iter().map(|at| key(*at)).collect();
    let named = convs.iter().map(|conv| {
        let wanted = key(*conv);
        let mut found = keys.iter().zip(norms).filter(|(key, _)| **key == wanted);
        let (Some((_, norm)), None) = (found.next(), found.next()) else {
            return None;
        };
        Some(Unit::new(*conv, *norm))
    });
    if let Some(units) = named.collect() {
        return Ok(units);
    }
    if let Some(conv) = convs.get(norms.len()) {
        return Err(misfit(&layers[*conv], "has no batch norm behind it"));
    }
    if let Some(norm) = norms.get(convs.len()) {
        return Err(misfit(&layers[*norm], "has no convolution before it"));
    }
    Ok(convs
        .iter()
        .zip(norms)
        .map(|(conv, norm)| Unit::new(*conv, *norm))
        .collect())
}
