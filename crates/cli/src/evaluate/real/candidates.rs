//! Every crop of every search, to fit the score of localization to.

use super::report::overlap;
use crate::{files, photos};
use anyhow::Result;
use signet_recognizer::Classifier;
use signet_scenes::Framing;
use std::fmt::Write;
use std::path::Path;

/// Writes a table with tabs: a row for each crop that a search for a hand classifies, the center
/// crop first.
pub fn write(classifier: &Classifier, sources: &[photos::Source], path: &Path) -> Result<()> {
    let mut table = String::from(
        "photo\tsource\ttruth\tanswer\tprobability\tsign\tx\ty\tside\tcrop\toverlap\n",
    );
    let photos = sources.iter().flat_map(|source| {
        let photos = source.photos.iter();
        photos.map(|photo| (source.name.as_str(), photo))
    });
    for (at, (source, photo)) in photos.enumerate() {
        let labels = classifier.labels();
        let truth = photo.label.map_or("none", |label| labels[label].as_str());
        let boxed = matches!(photo.framing, Framing::Boxed(_));
        for found in pollster::block_on(classifier.search(&photo.picture))? {
            let p = &found.prediction;
            write!(
                table,
                "{at}\t{source}\t{truth}\t{}\t{}",
                p.label, p.probability
            )?;
            write!(table, "\t{}", p.presence.unwrap_or(1.0))?;
            match p.bounding_box {
                Some(found) => write!(table, "\t{}\t{}\t{}", found.x, found.y, found.side)?,
                None => table.push_str("\t\t\t"),
            }
            write!(table, "\t{}", found.crop.side)?;
            let overlap = overlap(found.crop, photo.true_crop());
            writeln!(table, "\t{}", if boxed { overlap } else { f64::NAN })?;
        }
    }
    files::write(path, table.as_bytes())
}
