//! Pictures of numbers, as SVG: text in them is text, so no font library is needed.

use crate::files;
use crate::output::{self, percent};
use anyhow::{Context, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use signet_core::{EpochRecord, Score};
use signet_recognizer::{CalibrationBin, Evaluation};
use std::path::Path;

/// Tell series apart also for colour-blind readers: Okabe and Ito's palette.
pub const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

const FONT: &str = "sans-serif";

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A named curve: a value per epoch.
type Curve<'a> = (&'a str, Vec<(usize, f64)>);

/// Writes a picture into a folder, and says so.
pub fn save(folder: &Path, name: &str, svg: &str) -> Result<()> {
    let path = folder.join(name);
    files::write(&path, svg.as_bytes())?;
    output::note(format_args!("drew {}", path.display()));
    Ok(())
}

/// Loss and accuracy over the epochs, for training and for each validation set.
pub fn learning_curves(history: &[EpochRecord], validation: &[String]) -> Result<String> {
    draw((1100, 460), |area| {
        let (left, right) = area.split_horizontally(550);
        let loss = curves(history, validation, |score| score.loss);
        let highest = loss.iter().flat_map(|(_, points)| points);
        let highest = highest.map(|(_, y)| *y).fold(0.0, f64::max);
        chart(&left, "Loss", loss, 0.0..(highest * 1.05).max(0.01))?;
        let accuracy = curves(history, validation, |score| score.accuracy * 100.0);
        let lowest = accuracy.iter().flat_map(|(_, points)| points);
        let lowest = lowest.map(|(_, y)| *y).fold(100.0, f64::min);
        let floor = ((lowest - 2.0) / 10.0).floor().max(0.0) * 10.0;
        chart(&right, "Accuracy (%)", accuracy, floor..100.5)
    })
}

/// The confusion matrix: a row per true label, darker where a row's pictures went.
pub fn confusion_matrix(evaluation: &Evaluation) -> Result<String> {
    let labels = &evaluation.labels;
    let n = i32::try_from(labels.len())?;
    // Cells small enough for many labels on a page, large enough for their counts.
    let cell = (480 / n).clamp(34, 80);
    let (left, top) = (130, 90);
    let (width, height) = (left + n * cell + 40, top + n * cell + 40);
    let size = (u32::try_from(width)?, u32::try_from(height)?);
    draw(size, |area| {
        let centred = Pos::new(HPos::Center, VPos::Center);
        let middle = left + n * cell / 2;
        let text = |text: &str, size: i32, at: (i32, i32), ink: &RGBColor| {
            let style = (FONT, size).into_font().color(ink).pos(centred);
            area.draw_text(text, &style, at)
        };
        let right: usize = (0..labels.len()).map(|i| evaluation.confusion[i][i]).sum();
        let (images, accuracy) = (evaluation.images, percent(evaluation.accuracy));
        let accuracy = format!("{right} of {images} pictures right: {accuracy}");
        text(&accuracy, 18, (width / 2, 22), &BLACK)?;
        text("predicted", 15, (middle, 50), &BLACK)?;
        text("true", 15, (28, top + n * cell / 2), &BLACK)?;
        for (row, counts) in (0..n).zip(&evaluation.confusion) {
            let total: usize = counts.iter().sum();
            let y = top + row * cell;
            let name = &labels[usize::try_from(row)?];
            text(name, 15, (left - 30, y + cell / 2), &BLACK)?;
            text(name, 15, (left + row * cell + cell / 2, top - 16), &BLACK)?;
            for (column, &count) in (0..n).zip(counts) {
                let share = count as f64 / total.max(1) as f64;
                let x = left + column * cell;
                let corners = [(x, y), (x + cell - 2, y + cell - 2)];
                let colour = COLOURS[usize::from(row != column)];
                let opacity = if count == 0 {
                    0.04
                } else {
                    0.15 + 0.85 * share
                };
                let fill = colour.mix(opacity).filled();
                area.draw(&Rectangle::new(corners, fill))?;
                let ink = if share > 0.7 { &WHITE } else { &BLACK };
                let at = (x + cell / 2, y + cell / 2);
                text(&count.to_string(), 15, at, ink)?;
            }
        }
        Ok(())
    })
}

/// How often answers are right against how sure they are: on the diagonal where probabilities
/// mean what they say. A dot per bin, the larger the more pictures are in it.
pub fn reliability(evaluation: &Evaluation) -> Result<String> {
    draw((520, 540), |area| {
        let (ece, images) = (percent(evaluation.ece), evaluation.images);
        let title = format!("expected calibration error {ece}, {images} pictures");
        let mut chart = ChartBuilder::on(area)
            .caption(title, (FONT, 18))
            .margin(16)
            .x_label_area_size(40)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        chart
            .configure_mesh()
            .x_desc("probability of the answer")
            .y_desc("share of right answers")
            .label_style((FONT, 13))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let diagonal = LineSeries::new([(0.0, 0.0), (1.0, 1.0)], BLACK.mix(0.4));
        chart.draw_series(diagonal)?;
        let points = |bin: &CalibrationBin| (bin.confidence, bin.accuracy);
        let bins = &evaluation.reliability;
        let line = LineSeries::new(bins.iter().map(points), COLOURS[0].stroke_width(2));
        chart.draw_series(line)?;
        let most = bins.iter().map(|bin| bin.images).max().unwrap_or(1);
        let dots = bins.iter().map(|bin| {
            let size = 3.0 + 9.0 * (bin.images as f64 / most as f64).sqrt();
            Circle::new(points(bin), size as i32, COLOURS[0].filled())
        });
        chart.draw_series(dots)?;
        Ok(())
    })
}

fn curves<'a>(
    history: &[EpochRecord],
    validation: &'a [String],
    value: impl Fn(&Score) -> f64,
) -> Vec<Curve<'a>> {
    let names = std::iter::once("training").chain(validation.iter().map(String::as_str));
    let curves = names.enumerate().map(|(index, name)| {
        let points = history.iter().filter_map(|record| {
            let mut scores = std::iter::once(&record.training).chain(&record.validation);
            Some((record.epoch, value(scores.nth(index)?)))
        });
        (name, points.collect())
    });
    curves.collect()
}

fn chart(area: &Area, title: &str, curves: Vec<Curve>, y: std::ops::Range<f64>) -> Result<()> {
    let epochs = curves.iter().map(|(_, points)| points.len()).max();
    // One epoch alone has no width to draw an axis on.
    let epochs = 1..epochs.unwrap_or(1).max(2);
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 20))
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(epochs, y)?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .label_style((FONT, 13))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for ((name, points), colour) in curves.into_iter().zip(COLOURS.into_iter().cycle()) {
        let line = colour.stroke_width(2);
        let dots = points
            .iter()
            .map(|&point| Circle::new(point, 3, colour.filled()));
        chart.draw_series(dots)?;
        chart
            .draw_series(LineSeries::new(points, line))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], line));
    }
    let position = if title == "Loss" {
        SeriesLabelPosition::UpperRight
    } else {
        SeriesLabelPosition::LowerRight
    };
    chart
        .configure_series_labels()
        .position(position)
        .label_font((FONT, 13))
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    Ok(())
}

fn draw(size: (u32, u32), paint: impl FnOnce(&Area) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    let draw = || {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        paint(&area)?;
        area.present()?;
        anyhow::Ok(())
    };
    draw().context("cannot draw")?;
    Ok(svg)
}
