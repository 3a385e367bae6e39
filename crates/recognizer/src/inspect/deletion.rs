//! Deletion and insertion: how soon the answer goes when the cells that a map calls the most important
//! are hidden, and how soon it comes when only they are shown. Samek and others (2017,
//! arXiv:1509.06321), Petsiuk, Das and Saenko, "RISE" (2018), arXiv:1806.07421.

use super::blur::{CELLS, blurred};
use super::heat_map::HeatMap;
use super::inspector::Inspector;
use crate::error::{Error, Result};
use crate::preprocess::InputImage;

/// In how many steps all cells are hidden, or shown.
pub const STEPS: usize = 8;

impl Inspector {
    /// The area under the curve of a class's probability, 0 to 1, as the cells are hidden behind the
    /// blurred input in the order of the map. Low is good.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a class that isn't there.
    pub async fn deletion(&self, input: &InputImage, map: &HeatMap, class: usize) -> Result<f64> {
        self.area(input, &map.order(), class, |step| step).await
    }

    /// As [`deletion`](Self::deletion), as the cells are shown. High is good.
    ///
    /// # Errors
    ///
    /// As [`deletion`](Self::deletion).
    pub async fn insertion(&self, input: &InputImage, map: &HeatMap, class: usize) -> Result<f64> {
        // What is hidden last is shown first.
        let order: Vec<usize> = map.order().into_iter().rev().collect();
        self.area(input, &order, class, |step| STEPS - step).await
    }

    /// The curve's area by the trapezoidal rule; at each of its points as many steps are hidden as
    /// `hidden` says.
    async fn area(
        &self,
        input: &InputImage,
        order: &[usize],
        class: usize,
        hidden: impl Fn(usize) -> usize,
    ) -> Result<f64> {
        let per_step = CELLS * CELLS / STEPS;
        let inputs = (0..=STEPS).map(|step| match hidden(step) {
            STEPS => Ok(blurred(input)),
            steps => Self::hide_cells(input, order, steps * per_step),
        });
        let inputs = inputs.collect::<Result<Vec<_>>>()?;
        let answers = self.answers(&inputs, &[]).await?;
        let curve = answers.iter().map(|answer| answer.probabilities.get(class));
        let curve = curve
            .map(|p| p.map(|p| f64::from(*p)))
            .collect::<Option<Vec<_>>>();
        let curve = curve.ok_or_else(|| Error::Setting {
            name: "class",
            reason: format!("there is no class {class}"),
        })?;
        let trapezoids = curve.windows(2).map(|ends| (ends[0] + ends[1]) / 2.0);
        Ok(trapezoids.sum::<f64>() / STEPS as f64)
    }
}
