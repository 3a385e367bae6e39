//! Pictures from a dataset of any layout and type that has one meaning.

use super::file::broken;
use super::refusal::{index, refuse};
use crate::error::Result;
use hdf5_pure::{DType, Dataset};
use signet_recognizer::Picture;

/// Side of the course's pictures, and the length of one that is flattened.
const COURSE_SIDE: usize = 64;
const COURSE_LENGTH: usize = COURSE_SIDE * COURSE_SIDE * 3;

/// An axis: its length, and how far its neighbours are apart.
type Axis = (usize, usize);

/// Where each value of a picture lies.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pictures: Axis,
    rows: Axis,
    columns: Axis,
    channels: Axis,
}

impl Layout {
    /// The layout of a dataset of this shape. MATLAB writes the axes the other way round.
    pub fn of(dataset: &Dataset, shape: &[u64]) -> Result<Self> {
        let sides: Vec<usize> = shape.iter().copied().map(index).collect::<Result<_>>()?;
        let mut axes: Vec<Axis> = Vec::new();
        for (index, side) in sides.iter().enumerate() {
            let inner = sides[index + 1..].iter();
            axes.push((
                *side,
                inner.fold(1, |step: usize, side| step.saturating_mul(*side)),
            ));
        }
        // A dataset without readable attributes is one of h5py's.
        let is_matlab = dataset
            .attrs()
            .is_ok_and(|attrs| attrs.contains_key("MATLAB_class"));
        if is_matlab {
            axes.reverse();
        }
        let is_color = |axis: Axis| matches!(axis.0, 1 | 3 | 4);
        let layout = |pictures, rows, columns, channels| Self {
            pictures,
            rows,
            columns,
            channels,
        };
        let first_or_last: (Option<Self>, Option<Self>) = match *axes {
            [h, w, c, n] if is_matlab => (
                is_color(c).then(|| layout(n, h, w, c)),
                is_color(n).then(|| layout(h, w, c, n)),
            ),
            [n, a, b, c] => (
                is_color(a).then(|| layout(n, b, c, a)),
                is_color(c).then(|| layout(n, a, b, c)),
            ),
            [h, w, n] if is_matlab => (
                (h.0 == w.0).then(|| layout(n, h, w, (1, 0))),
                (w.0 == n.0).then(|| layout(h, w, n, (1, 0))),
            ),
            [n, h, w] => (Some(layout(n, h, w, (1, 0))), None),
            [(COURSE_LENGTH, _), _] | [_, (COURSE_LENGTH, _)] if is_matlab => refuse!(
                "its shape is {shape:?}, and MATLAB flattens pictures by columns where others do by rows; \
                 store it as [height, width, 3, n]"
            ),
            [n, (COURSE_LENGTH, step)] => (Some(flat(n, step)), None),
            [(COURSE_LENGTH, step), n] => (Some(flat(n, step)), None),
            _ => (None, None),
        };
        match first_or_last {
            (Some(layout), None) | (None, Some(layout)) => Ok(layout),
            (Some(_), Some(_)) => refuse!(
                "its shape {shape:?} can be read with the pictures, or their colors, first or last; store it \
                 as [n, height, width, 3] with sides of more than 4 pixels"
            ),
            (None, None) => refuse!(
                "its shape is {shape:?} where [n, height, width, 3] is needed, or 1 or 4 in place of \
                 3, [n, 3, height, width], [n, height, width] or [n, {COURSE_LENGTH}]: pictures of rows \
                 of pixels of red, green, blue"
            ),
        }
    }

    /// The number of pictures.
    pub fn count(&self) -> usize {
        self.pictures.0
    }

    /// A picture by its place, of the values of all.
    pub fn picture(&self, values: &[u8], at: usize) -> Result<Picture> {
        let (width, height) = (side(self.columns.0)?, side(self.rows.0)?);
        let first = at * self.pictures.1;
        let pixels = (0..self.rows.0).flat_map(|y| (0..self.columns.0).map(move |x| (x, y)));
        let value = |(x, y): (usize, usize), c| {
            let place = first + y * self.rows.1 + x * self.columns.1 + c * self.channels.1;
            values.get(place).copied().unwrap_or(0)
        };
        if self.channels.0 == 4 {
            let rgba: Vec<u8> = pixels
                .flat_map(|xy| [0, 1, 2, 3].map(|c| value(xy, c)))
                .collect();
            return Ok(Picture::from_rgba(&rgba, width, height)?);
        }
        let step = self.channels.0 / 3;
        let rgb: Vec<u8> = pixels
            .flat_map(|xy| [0, 1, 2].map(|c| value(xy, c * step)))
            .collect();
        Ok(Picture::from_rgb(&rgb, width, height)?)
    }
}

/// A side of pictures, of as many pixels as a picture can have.
fn side(length: usize) -> Result<u32> {
    match u32::try_from(length) {
        Ok(side) => Ok(side),
        Err(_) => refuse!("its pictures have a side of {length} pixels"),
    }
}

/// The layout of flattened pictures, whose values are `step` apart.
fn flat(pictures: Axis, step: usize) -> Layout {
    Layout {
        pictures,
        rows: (COURSE_SIDE, COURSE_SIDE * 3 * step),
        columns: (COURSE_SIDE, 3 * step),
        channels: (3, step),
    }
}

/// The values as bytes: integers are taken for 0 to 255; floats for 0 to 1, or for 0 to 255 where there
/// are larger ones than 1.
pub fn bytes(dataset: &Dataset) -> Result<Vec<u8>> {
    let dtype = dataset.dtype().map_err(broken)?;
    let is_float = match dtype {
        DType::U8 => return dataset.read_u8().map_err(broken),
        DType::I8 | DType::I16 | DType::I32 | DType::I64 => false,
        DType::U16 | DType::U32 | DType::U64 => false,
        DType::F32 | DType::F64 => true,
        _ => refuse!("its type is {dtype} where numbers are needed: store the pixels as 0 to 255"),
    };
    let values = dataset.read_f32().map_err(broken)?;
    let (least, most) = values
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), v| {
            (least.min(*v), most.max(*v))
        });
    let scale = match (is_float, most) {
        _ if values.iter().any(|value| value.is_nan()) => refuse!("it has values that are NaN"),
        _ if least < 0.0 || most > 255.0 => refuse!(
            "its values go from {least} to {most}, and nobody knows which of them is white: store \
             the pixels as 0 to 255, or as floats of 0 to 1"
        ),
        (true, ..=1.0) => 255.0,
        (false, ..=1.0) if !values.is_empty() => refuse!(
            "its values are whole numbers up to {most}, and white may be 1 or 255: store the pixels \
             as 0 to 255"
        ),
        _ => 1.0,
    };
    // In 0 to 255 by what was checked.
    Ok(values
        .iter()
        .map(|value| (value * scale).round() as u8)
        .collect())
}
