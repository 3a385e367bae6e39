//! The bytes of a link.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, 1 |
//! | 1 | where the detector is from, see [`Detector`] |
//! | 1 | the threshold in percent, or 255 for none |
//! | 4 | CRC-32 of the shipped network's convolutions |
//! | 1 + n | whose it is, in UTF-8 behind its length; may be empty |
//! | 1 | K classes |
//! | K (1 + n) | labels |
//! | 4 K | logits for the reference input, which prove the head where it is opened |
//! | (K - 1)(8 + F) | rows of the head: scale, bias, and an int8 for each of F features |
//! | 8 + F | the row of the presence, where it was trained |
//! | 4 | CRC-32 of everything before |
//!
//! Numbers are little-endian, floats float32. A row is the difference of a class's row from the last class's: softmax
//! doesn't see what all classes share, so K classes need K - 1 rows. Opened, the rows are centred on zero.

use super::parts::{Reader, Row, cut_short, text, wrong};
use crate::error::{Error, Result};
use signet_recognizer::{
    Arithmetic, BOUNDING_BOX_LAYER, Classifier, HostTensor, InputImage, PRESENCE_LAYER, Tensors,
    Weights, labels,
};

/// The version that is written, and the only one that is read.
pub const VERSION: u8 = 1;

/// The longest name of whoever shares a head, in characters.
pub const LONGEST_SOURCE: usize = labels::LONGEST_LABEL;

const HEAD_LAYER: &str = "fc";
const NO_THRESHOLD: u8 = 255;

/// What is shared besides the shipped network.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedHead {
    /// The shipped network with the shared head.
    pub weights: Weights,
    /// How probable a sign must be to be answered, from 0 to 1, if that was told.
    pub threshold: Option<f32>,
    /// Whose it is, as whoever shares it says. Nothing proves it.
    pub source: String,
}

/// Where the layers of the detector are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detector {
    /// There is none.
    None = 0,
    /// Both are the shipped network's.
    Shipped = 1,
    /// The presence was trained; bounding boxes are the shipped network's.
    Presence = 2,
    /// The presence was trained; each bounding box is the whole input.
    PresenceAlone = 3,
}

impl SharedHead {
    /// The bytes of a link. `shipped` is what the head was trained on.
    ///
    /// # Errors
    ///
    /// [`Error::LinkScope`] where more than dense layers differ from `shipped`; [`Error::Recognizer`] for labels that
    /// aren't fit to be shared, and numbers that are not finite.
    pub async fn bytes(&self, shipped: &Weights) -> Result<Vec<u8>> {
        let (shipped, weights) = (shipped.clone().fold(), self.weights.clone().fold());
        let features = features_checksum(&shipped);
        if shipped.config().stages != weights.config().stages
            || features != features_checksum(&weights)
        {
            return Err(Error::LinkScope);
        }
        let detector = detector_of(&weights, &shipped).ok_or(Error::LinkScope)?;
        let mut bytes = vec![VERSION, detector as u8, percent(self.threshold)];
        bytes.extend(features.to_le_bytes());
        text(&mut bytes, &source(&self.source)?);
        let classes = weights.labels().len();
        if !(2..=labels::MOST_CLASSES).contains(&classes) {
            return Err(Error::LinkFormat {
                reason: format!(
                    "a link has 2 to {} classes, and this model has {classes}",
                    labels::MOST_CLASSES
                ),
            });
        }
        bytes.push(classes as u8);
        for label in weights.labels() {
            text(&mut bytes, &labels::clean(label)?);
        }
        let rows = head_rows(&weights);
        let mut quantized = Vec::new();
        for row in &rows {
            row.write(&mut quantized);
        }
        if matches!(detector, Detector::Presence | Detector::PresenceAlone) {
            Row::of(
                &weights.tensors()[&kernel(PRESENCE_LAYER)].floats(),
                weights.tensors()[&bias(PRESENCE_LAYER)].floats()[0],
            )
            .write(&mut quantized);
        }
        // Answers of the head as it is opened, and not as it was trained: they prove what is opened.
        let opened = assemble(
            &shipped,
            weights.labels().to_vec(),
            detector,
            &mut Reader(&quantized),
        )?;
        let reference = Classifier::on_cpu(&opened, Arithmetic::Fastest);
        let logits = reference.logits(&[InputImage::reference()]).await?;
        for logit in logits.iter().flatten() {
            bytes.extend(logit.to_le_bytes());
        }
        bytes.extend(quantized);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        Ok(bytes)
    }

    /// Opens the bytes of a link beside the shipped network.
    ///
    /// # Errors
    ///
    /// [`Error::LinkVersion`], [`Error::LinkDamaged`], [`Error::LinkBase`] where the head belongs to another network,
    /// [`Error::LinkFormat`] for anything else, [`Error::Recognizer`] for labels and numbers that can't be.
    pub fn open(bytes: &[u8], shipped: &Weights) -> Result<Self> {
        let version = bytes.first().copied().unwrap_or(0);
        if bytes.len() > 4 && version > VERSION {
            return Err(Error::LinkVersion { version });
        }
        if version != VERSION {
            return Err(wrong("it does not begin as a link to a model does"));
        }
        let (content, checksum) = bytes.split_last_chunk::<4>().ok_or_else(cut_short)?;
        if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
            return Err(Error::LinkDamaged);
        }
        let mut reader = Reader(&content[1..]);
        let detector = match reader.byte()? {
            0 => Detector::None,
            1 => Detector::Shipped,
            2 => Detector::Presence,
            3 => Detector::PresenceAlone,
            _ => return Err(wrong("its detector is of a kind that is not known")),
        };
        let threshold = match reader.byte()? {
            NO_THRESHOLD => None,
            percent if percent <= 100 => Some(f32::from(percent) / 100.0),
            percent => return Err(wrong(&format!("its threshold is {percent} percent"))),
        };
        let features = u32::from_le_bytes(reader.take()?);
        let source = source(&reader.text()?)?;
        let classes = usize::from(reader.byte()?);
        if !(2..=labels::MOST_CLASSES).contains(&classes) {
            return Err(wrong(&format!("it has {classes} classes")));
        }
        let names: Vec<String> = (0..classes)
            .map(|_| Ok(labels::clean(&reader.text()?)?))
            .collect::<Result<_>>()?;
        let shipped = shipped.clone().fold();
        if features != features_checksum(&shipped)
            || (detector == Detector::Shipped || detector == Detector::Presence)
                && !shipped.config().detector
        {
            return Err(Error::LinkBase);
        }
        let logits = (0..classes)
            .map(|_| reader.float())
            .collect::<Result<_>>()?;
        let weights = assemble(&shipped, names, detector, &mut reader)?;
        if !reader.0.is_empty() {
            return Err(wrong("it goes on behind its end"));
        }
        Ok(Self {
            weights: weights.with_reference_logits(logits)?,
            threshold,
            source,
        })
    }
}

/// The shipped network with the head that `reader` has, and its detector.
fn assemble(
    shipped: &Weights,
    labels: Vec<String>,
    detector: Detector,
    reader: &mut Reader<'_>,
) -> Result<Weights> {
    let features = shipped.config().features();
    let classes = labels.len();
    let mut rows = Vec::with_capacity(classes);
    for _ in 1..classes {
        rows.push(Row::read(reader, features)?);
    }
    let share = 1.0 / classes as f32;
    let mut mean = vec![0.0; features];
    for row in &rows {
        mean.iter_mut()
            .zip(row.values())
            .for_each(|(mean, w)| *mean += share * w);
    }
    let mean_bias: f32 = rows.iter().map(|row| share * row.bias).sum();
    let mut head = Vec::with_capacity(classes * features);
    for row in &rows {
        head.extend(row.values().zip(&mean).map(|(w, mean)| w - mean));
    }
    head.extend(mean.iter().map(|mean| -mean));
    let mut biases: Vec<f32> = rows.iter().map(|row| row.bias - mean_bias).collect();
    biases.push(-mean_bias);

    let (config, mut tensors) = (shipped.config().clone(), shipped.tensors().clone());
    let config = config
        .with_classes(classes)
        .with_detector(detector != Detector::None);
    let dense =
        |tensors: &mut Tensors, layer: &str, rows: usize, values: Vec<f32>, biases: Vec<f32>| {
            let shape = vec![rows, values.len() / rows];
            tensors.insert(kernel(layer), HostTensor::new(shape, values));
            tensors.insert(bias(layer), HostTensor::new(vec![rows], biases));
        };
    dense(&mut tensors, HEAD_LAYER, classes, head, biases);
    if matches!(detector, Detector::Presence | Detector::PresenceAlone) {
        let row = Row::read(reader, features)?;
        dense(
            &mut tensors,
            PRESENCE_LAYER,
            1,
            row.values().collect(),
            vec![row.bias],
        );
    }
    match detector {
        Detector::PresenceAlone => {
            dense(
                &mut tensors,
                BOUNDING_BOX_LAYER,
                3,
                vec![0.0; 12 * features],
                vec![0.0; 3],
            );
        }
        Detector::None => {
            for layer in [PRESENCE_LAYER, BOUNDING_BOX_LAYER] {
                tensors.remove(&kernel(layer));
                tensors.remove(&bias(layer));
            }
        }
        Detector::Shipped | Detector::Presence => {}
    }
    Ok(Weights::new(config, labels, tensors)?)
}

/// The head as what each class but the last differs by from the last.
fn head_rows(weights: &Weights) -> Vec<Row> {
    let head = weights.tensors()[&kernel(HEAD_LAYER)].floats();
    let biases = weights.tensors()[&bias(HEAD_LAYER)].floats();
    let features = weights.config().features();
    let last = biases.len() - 1;
    let last_row = &head[last * features..];
    let rows = head.chunks(features).zip(biases.iter()).take(last);
    let rows = rows.map(|(row, bias)| {
        let difference: Vec<f32> = row.iter().zip(last_row).map(|(w, last)| w - last).collect();
        Row::of(&difference, bias - biases[last])
    });
    rows.collect()
}

/// Where the detector of `weights` is from; none where nothing in a link says so.
fn detector_of(weights: &Weights, shipped: &Weights) -> Option<Detector> {
    if !weights.config().detector {
        return Some(Detector::None);
    }
    let is_shipped = |layer| {
        [kernel(layer), bias(layer)]
            .iter()
            .all(|name| weights.tensors().get(name) == shipped.tensors().get(name))
    };
    let is_zero = |layer| {
        [kernel(layer), bias(layer)]
            .iter()
            .all(|name| weights.tensors()[name].floats().iter().all(|w| *w == 0.0))
    };
    match (is_shipped(PRESENCE_LAYER), is_shipped(BOUNDING_BOX_LAYER)) {
        (true, true) => Some(Detector::Shipped),
        (false, true) => Some(Detector::Presence),
        (false, false) if is_zero(BOUNDING_BOX_LAYER) => Some(Detector::PresenceAlone),
        _ => None,
    }
}

/// The CRC-32 of all convolutions.
fn features_checksum(weights: &Weights) -> u32 {
    let dense = [HEAD_LAYER, PRESENCE_LAYER, BOUNDING_BOX_LAYER];
    weights.checksum(|name| !dense.contains(&name.split('.').next().unwrap_or_default()))
}

fn kernel(layer: &str) -> String {
    format!("{layer}.kernel")
}

fn bias(layer: &str) -> String {
    format!("{layer}.bias")
}

fn percent(threshold: Option<f32>) -> u8 {
    match threshold {
        // Within 0 to 100 by then.
        Some(share) if (0.0..=1.0).contains(&share) => (share * 100.0).round() as u8,
        _ => NO_THRESHOLD,
    }
}

/// A name by the rules for labels, or nothing at all.
fn source(name: &str) -> Result<String> {
    if name.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(labels::clean(name)?)
}
