//! The network by its layers' real names: the course's, and those of Keras' own ResNet50.

use super::layer::{Kind, Layer};
use super::plan::{Block, Plan, Unit};
use signet_recognizer::weights::keras::Pixels;
use std::collections::BTreeMap;

/// The epsilon of the batch norms of Keras' own ResNet50.
pub const APPLICATIONS_EPSILON: f64 = 1.001e-5;

/// Whose names a file's layers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `res2a_branch2a`, `bn2a_branch2a`: the course's, and those of Keras' ResNet50 until 2019.
    Course,
    /// `conv2_block1_1_conv`, `conv2_block1_1_bn`: those of Keras' own ResNet50.
    Applications,
}

/// A convolution's or a batch norm's place in the network. The stem is of stage 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    stage: u8,
    block: u32,
    /// 0 to 2 on the main path, 3 on the shortcut.
    branch: u8,
}

/// Whose names most convolutions of a file have.
pub fn scheme(layers: &[Layer]) -> Option<Scheme> {
    let of = |scheme| {
        let convs = layers.iter().filter(|layer| layer.kind() == Kind::Conv);
        let known = convs.clone().filter(|layer| place(layer, scheme).is_some());
        known.count() * 2 > convs.count()
    };
    [Scheme::Course, Scheme::Applications]
        .into_iter()
        .find(|scheme| of(*scheme))
}

/// The network, where every convolution and batch norm has such a name and none is missing.
pub fn find(layers: &[Layer]) -> Option<Plan> {
    let scheme = scheme(layers)?;
    let mut units: BTreeMap<Place, [Option<usize>; 2]> = BTreeMap::new();
    let mut head = None;
    for (at, layer) in layers.iter().enumerate() {
        let kind = match layer.kind() {
            Kind::Conv => 0,
            Kind::Norm => 1,
            Kind::Dense => {
                head = Some(at);
                continue;
            }
            Kind::Seed | Kind::Other => continue,
        };
        units.entry(place(layer, scheme)?).or_default()[kind] = Some(at);
    }
    let unit = |place: &Place| {
        let [conv, norm] = *units.get(place)?;
        let mut unit = Unit::new(conv?, norm?);
        if scheme == Scheme::Applications {
            unit.epsilon = APPLICATIONS_EPSILON;
        }
        Some(unit)
    };
    let mut blocks: Vec<(u8, u32)> = units
        .keys()
        .map(|place| (place.stage, place.block))
        .collect();
    blocks.dedup();
    let blocks = blocks
        .into_iter()
        .filter(|(stage, _)| *stage > 1)
        .map(|(stage, block)| {
            let at = |branch| {
                unit(&Place {
                    stage,
                    block,
                    branch,
                })
            };
            let main = [at(0)?, at(1)?, at(2)?];
            let (shortcut, stride) = (at(3), None);
            Some(Block {
                main,
                shortcut,
                stride,
            })
        });
    Some(Plan {
        stem: unit(&Place {
            stage: 1,
            block: 0,
            branch: 0,
        })?,
        blocks: blocks.collect::<Option<_>>()?,
        head,
        pixels: Pixels::UNIT_RGB,
        left_out: None,
    })
}

fn place(layer: &Layer, scheme: Scheme) -> Option<Place> {
    let name = layer.name.as_deref()?;
    let is_norm = layer.kind() == Kind::Norm;
    match scheme {
        Scheme::Course => of_course(name, is_norm),
        Scheme::Applications => of_applications(name, is_norm),
    }
}

/// `res2a_branch2a`: stage, block, branch.
fn of_course(name: &str, is_norm: bool) -> Option<Place> {
    if name == if is_norm { "bn_conv1" } else { "conv1" } {
        return Some(Place {
            stage: 1,
            block: 0,
            branch: 0,
        });
    }
    let rest = name.strip_prefix(if is_norm { "bn" } else { "res" })?;
    let (block, branch) = rest.split_once("_branch")?;
    let branch = ["2a", "2b", "2c", "1"]
        .iter()
        .position(|known| *known == branch)?;
    let mut chars = block.chars();
    let stage = chars.next()?.to_digit(10)?;
    let mut letters = chars.as_str().chars();
    let block = match (letters.next()?, letters.as_str()) {
        (letter @ 'a'..='z', "") => u32::from(letter) - u32::from('a'),
        // The third block of a deeper network: `b1`, `b2` ..
        ('b', number) => number.parse().ok()?,
        _ => return None,
    };
    Some(Place {
        stage: stage as u8,
        block,
        branch: branch as u8,
    })
}

/// `conv2_block1_1_conv`: stage, block, and 1 to 3 on the main path or 0 on the shortcut.
fn of_applications(name: &str, is_norm: bool) -> Option<Place> {
    let name = name.strip_suffix(if is_norm { "_bn" } else { "_conv" })?;
    if name == "conv1" {
        return Some(Place {
            stage: 1,
            block: 0,
            branch: 0,
        });
    }
    let (stage, rest) = name.strip_prefix("conv")?.split_once("_block")?;
    let (block, branch) = rest.split_once('_')?;
    let branch = match branch.parse().ok()? {
        0 => 3,
        branch @ 1..=3 => branch - 1,
        _ => return None,
    };
    Some(Place {
        stage: stage.parse().ok().filter(|stage| *stage > 1)?,
        block: block.parse().ok()?,
        branch,
    })
}
