//! What a network needs to know of one size of pictures: how large each slot is, which buffer it
//! lies in, and which pixels each convolution reads.

use crate::graph::{Graph, Operation};
use crate::layer::{Layer, windows};

/// A slot for pictures of one size. In its buffer the first pixel is of zeros, and stands for all
/// pixels beyond the border; the pictures' own follow, row by row, picture by picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub batch: usize,
    pub height: usize,
    pub width: usize,
    /// Numbers from one pixel to the next: its channels, and zeros behind them.
    pub depth: usize,
    /// Which buffer holds it.
    pub buffer: usize,
}

impl View {
    pub fn pixels(&self) -> usize {
        self.batch * self.height * self.width
    }

    /// Length in its buffer, the pixel of zeros included.
    pub fn len(&self) -> usize {
        (self.pixels() + 1) * self.depth
    }
}

/// What was made for the last few sizes of pictures, that of the latest last.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    most: usize,
    known: Vec<([usize; 3], T)>,
}

impl<T> Recent<T> {
    /// Remembers `most` of them.
    pub fn new(most: usize) -> Self {
        let known = Vec::new();
        Self { most, known }
    }

    /// What there is for a size, which becomes the latest; what is missing is made.
    pub fn get(&mut self, size: [usize; 3], make: impl FnOnce() -> T) -> &T {
        match self.known.iter().position(|(known, _)| *known == size) {
            Some(index) => self.known[index..].rotate_left(1),
            None => {
                if self.known.len() == self.most {
                    self.known.remove(0);
                }
                self.known.push((size, make()));
            }
        }
        &self.known[self.known.len() - 1].1
    }

    /// What was asked for last.
    pub fn latest(&self) -> Option<&T> {
        self.known.last().map(|(_, made)| made)
    }
}

/// For pictures of one size.
#[derive(Debug)]
pub(crate) struct Plan {
    pub views: Vec<View>,
    /// For each step that is a convolution the pixels it reads: tile after tile of
    /// outputs (the last may be smaller), in it tap after tap, in it output after output.
    pub tables: Vec<Vec<u32>>,
    /// How long each buffer must be.
    pub buffers: Vec<usize>,
}

impl Plan {
    /// `tile`: outputs that are computed together.
    pub fn new(size: [usize; 3], graph: &Graph, tile: usize) -> Self {
        let [batch, height, width] = size;
        let view = |slot: usize, [height, width]: [usize; 2]| View {
            batch,
            height,
            width,
            depth: graph.pixels[slot].depth,
            buffer: 0,
        };
        let bordered = [height, width].map(|length| length + 2 * graph.border);
        let mut views = vec![view(0, bordered)];
        let mut tables = Vec::new();
        for step in &graph.steps {
            let from = views[step.input.0];
            let before = [from.height, from.width];
            let (size, table) = match &step.operation {
                Operation::Conv { layer, .. } => {
                    let size = layer.output(before);
                    (size, table(&from, size, layer, tile))
                }
                Operation::Pool { window, stride, .. } => {
                    let size = before.map(|length| windows(length, *window, *stride));
                    (size, Vec::new())
                }
            };
            views.push(view(views.len(), size));
            tables.push(table);
        }
        let buffers = assign(&mut views, graph);
        Self {
            views,
            tables,
            buffers,
        }
    }
}

/// Gives every slot a buffer that nobody reads any more; returns the buffers' lengths.
fn assign(views: &mut [View], graph: &Graph) -> Vec<usize> {
    let mut last_read = vec![0; views.len()];
    for (index, step) in graph.steps.iter().enumerate() {
        last_read[step.input.0] = index + 1;
        if let Operation::Conv {
            residual: Some(residual),
            ..
        } = step.operation
        {
            last_read[residual.0] = index + 1;
        }
    }
    for output in &graph.outputs {
        last_read[output.0] = usize::MAX;
    }
    let mut lengths: Vec<usize> = Vec::new();
    // Until which step each buffer is taken.
    let mut taken: Vec<usize> = Vec::new();
    for (slot, view) in views.iter_mut().enumerate() {
        let free = taken.iter().position(|&until| until < slot);
        view.buffer = free.unwrap_or_else(|| {
            lengths.push(0);
            taken.push(0);
            taken.len() - 1
        });
        taken[view.buffer] = last_read[slot].max(slot);
        let length = &mut lengths[view.buffer];
        *length = (*length).max(view.len());
    }
    lengths
}

/// See [`Plan::tables`].
fn table(from: &View, [height, width]: [usize; 2], layer: &Layer, tile: usize) -> Vec<u32> {
    let outputs: Vec<[usize; 3]> = (0..from.batch)
        .flat_map(|n| (0..height).flat_map(move |y| (0..width).map(move |x| [n, y, x])))
        .collect();
    let ([rows, columns], _) = layer.taps();
    let mut table = Vec::with_capacity(outputs.len() * rows * columns);
    for tile in outputs.chunks(tile) {
        for row in 0..rows {
            for column in 0..columns {
                table.extend(tile.iter().map(|&[n, y, x]| {
                    let y = (y * layer.stride + row).checked_sub(layer.padding.top);
                    let x = (x * layer.stride + column).checked_sub(layer.padding.left);
                    match (y, x) {
                        (Some(y), Some(x)) if y < from.height && x < from.width => {
                            ((n * from.height + y) * from.width + x + 1) as u32
                        }
                        _ => 0,
                    }
                }));
            }
        }
    }
    table
}
