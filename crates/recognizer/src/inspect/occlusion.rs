//! Occlusion: how a logit changes when a window of the input is hidden. Zeiler and Fergus, "Visualizing
//! and Understanding Convolutional Networks" (2014), arXiv:1311.2901, section 4.2.
//!
//! A window is hidden behind the blurred input: a patch of one colour is an edge of its own, which
//! the network would answer to.

use super::answer::Answer;
use super::blur::{CELL, CELLS, blurred, replaced};
use super::cut::Cut;
use super::heat_map::HeatMap;
use super::inspector::{Inspector, Target};
use crate::error::{Error, Result};
use crate::preprocess::{INPUT_SIDE, InputImage};

/// Side of the hidden window, in pixels.
pub const WINDOW: usize = 16;

/// Pixels from one window to the next.
pub const STRIDE: usize = 8;

/// Cells that a window hides.
const CELLS_OF_WINDOW: usize = (WINDOW / CELL) * (WINDOW / CELL);

/// Windows in a row, and in a column.
pub const WINDOWS: usize = (INPUT_SIDE - WINDOW) / STRIDE + 1;

impl Inspector {
    /// How much lower a target's logit is with a window hidden: above 0 where the window speaks for the
    /// target. `count` windows from `first` on, of [`WINDOWS`] x [`WINDOWS`], row by row.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for windows, a target or a block that aren't there.
    pub async fn occlusion(
        &self,
        input: &InputImage,
        cuts: &[Cut],
        target: Target,
        first: usize,
        count: usize,
    ) -> Result<Vec<f32>> {
        let row = self.row_of(target)?;
        let end = first.saturating_add(count);
        if end > WINDOWS * WINDOWS {
            return Err(Error::Setting {
                name: "windows",
                reason: format!("there are {}, and {end} were asked for", WINDOWS * WINDOWS),
            });
        }
        let hidden = blurred(input);
        let mut inputs = vec![input.clone()];
        inputs.extend((first..end).map(|window| {
            let [left, top] = [window % WINDOWS, window / WINDOWS].map(|n| n * STRIDE);
            let covers = |at: usize, start: usize| (start..start + WINDOW).contains(&at);
            replaced(input, &hidden, |x, y| covers(x, left) && covers(y, top))
        }));
        let rows = self.rows(&inputs, cuts).await?;
        Ok(rows[1..]
            .iter()
            .map(|hidden| rows[0][row] - hidden[row])
            .collect())
    }

    /// The [map](HeatMap::of_windows) of all windows.
    ///
    /// # Errors
    ///
    /// As [`occlusion`](Self::occlusion).
    pub async fn occlusion_map(
        &self,
        input: &InputImage,
        cuts: &[Cut],
        target: Target,
    ) -> Result<HeatMap> {
        let changes = self.occlusion(input, cuts, target, 0, WINDOWS * WINDOWS);
        let changes = changes.await?;
        Ok(HeatMap::of_windows(&changes))
    }

    /// The input with the first `count` cells of `order` blurred. Cells are counted row by row, of
    /// [`CELLS`] x [`CELLS`].
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where `order` has no `count` cells, or one that isn't there.
    pub fn hide_cells(input: &InputImage, order: &[usize], count: usize) -> Result<InputImage> {
        let hidden = order
            .get(..count)
            .filter(|cells| cells.iter().all(|&at| at < CELLS * CELLS));
        let hidden = hidden.ok_or_else(|| Error::Setting {
            name: "cells",
            reason: format!("they are not {count} from 0 to {}", CELLS * CELLS - 1),
        })?;
        let hides = |x: usize, y: usize| hidden.contains(&(y / CELL * CELLS + x / CELL));
        Ok(replaced(input, &blurred(input), hides))
    }

    /// The answer for an input with [cells hidden](Self::hide_cells).
    ///
    /// # Errors
    ///
    /// As [`hide_cells`](Self::hide_cells) and [`answers`](Self::answers).
    pub async fn answer_blurred(
        &self,
        input: &InputImage,
        cuts: &[Cut],
        order: &[usize],
        count: usize,
    ) -> Result<Answer> {
        let hidden = Self::hide_cells(input, order, count)?;
        Ok(self.answers(&[hidden], cuts).await?.remove(0))
    }
}

impl HeatMap {
    /// All windows' [changes](Inspector::occlusion) as a map. A window's four cells share its change evenly, so
    /// that the map adds up to the sum of all changes. The mean of the windows over a cell would give a corner
    /// all of its only window's change, and a cell within a quarter of each of four.
    pub fn of_windows(changes: &[f32]) -> Self {
        let over = |cell: usize| {
            let first = (cell * CELL).saturating_sub(WINDOW - CELL) / STRIDE;
            first..=(cell * CELL / STRIDE).min(WINDOWS - 1)
        };
        Self::from_fn(|column, row| {
            let windows = over(row).flat_map(|y| over(column).map(move |x| y * WINDOWS + x));
            let changes = windows.map(|window| changes[window]);
            changes.sum::<f32>() / CELLS_OF_WINDOW as f32
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_cells_share_its_change() {
        let mut changes = vec![0.0; WINDOWS * WINDOWS];
        (changes[0], changes[WINDOWS + 2]) = (4.0, 8.0);
        let map = HeatMap::of_windows(&changes);
        let expected = HeatMap::from_fn(|x, y| match (x, y) {
            (0 | 1, 0) | (0, 1) | (1, 1) => 1.0,
            (2 | 3, 1 | 2) => 2.0,
            _ => 0.0,
        });
        assert_eq!(map, expected);
    }
}
