//! What a network needs for one input size: the layout of each slot, shared buffers, and the
//! indirection buffers of its convolutions.

use crate::graph::{Channels, Graph, Operation};
use crate::layout::{Layout, windows};
use crate::packing::Layer;

#[derive(Debug)]
pub(crate) struct Plan {
    /// Of the input, then of each step's result.
    pub layouts: Vec<Layout>,
    /// For each step the indirection buffer of its convolution: indices of the input pixels it
    /// reads, tile by tile of output pixels (the last may be smaller), tap by tap, output by output.
    /// Dukhan, "The Indirect Convolution Algorithm" (2019), arXiv:1907.02129. Empty for a pooling.
    pub indirection: Vec<Vec<u32>>,
    /// The length of each buffer, in values.
    pub buffers: Vec<usize>,
}

impl Plan {
    /// For inputs of `[batch, height, width]`, computed in tiles of `mr` output pixels.
    pub fn new([batch, height, width]: [usize; 3], graph: &Graph, mr: usize) -> Self {
        let layout = |channels: &Channels, [height, width]: [usize; 2]| Layout {
            batch,
            height,
            width,
            pixel_stride: channels.stride,
            buffer: 0,
        };
        let bordered = [height, width].map(|length| length + 2 * graph.border);
        let mut layouts = vec![layout(&graph.channels[0], bordered)];
        let mut indirection = Vec::new();
        for (step, channels) in graph.steps.iter().zip(&graph.channels[1..]) {
            let from = layouts[step.input.0];
            let input_size = [from.height, from.width];
            let (size, entries) = match &step.operation {
                Operation::Conv { layer, .. } => {
                    let size = layer.output_size(input_size);
                    (size, indirection_buffer(&from, size, layer, mr))
                }
                Operation::Pool { window, stride, .. } => {
                    let size = input_size.map(|length| windows(length, *window, *stride));
                    (size, Vec::new())
                }
            };
            layouts.push(layout(channels, size));
            indirection.push(entries);
        }
        let buffers = assign_buffers(&mut layouts, graph);
        Self {
            layouts,
            indirection,
            buffers,
        }
    }
}

/// Gives every slot a buffer whose previous slot is no longer read. Returns the buffers' lengths.
fn assign_buffers(layouts: &mut [Layout], graph: &Graph) -> Vec<usize> {
    let mut last_read = vec![0; layouts.len()];
    for (index, step) in graph.steps.iter().enumerate() {
        last_read[step.input.0] = index + 1;
        if let Some(residual) = step.operation.residual() {
            last_read[residual.0] = index + 1;
        }
    }
    for output in &graph.outputs {
        last_read[output.0] = usize::MAX;
    }
    let mut lengths: Vec<usize> = Vec::new();
    // For each buffer the last step that reads it.
    let mut in_use: Vec<usize> = Vec::new();
    for (slot, layout) in layouts.iter_mut().enumerate() {
        let free = in_use.iter().position(|&until| until < slot);
        layout.buffer = free.unwrap_or_else(|| {
            lengths.push(0);
            in_use.push(0);
            in_use.len() - 1
        });
        in_use[layout.buffer] = last_read[slot].max(slot);
        let length = &mut lengths[layout.buffer];
        *length = (*length).max(layout.len());
    }
    lengths
}

/// See [`Plan::indirection`].
fn indirection_buffer(
    from: &Layout,
    [height, width]: [usize; 2],
    layer: &Layer,
    mr: usize,
) -> Vec<u32> {
    let outputs: Vec<[usize; 3]> = (0..from.batch)
        .flat_map(|n| (0..height).flat_map(move |y| (0..width).map(move |x| [n, y, x])))
        .collect();
    let ([rows, columns], _) = layer.taps();
    let mut entries = Vec::with_capacity(outputs.len() * rows * columns);
    for tile in outputs.chunks(mr) {
        for row in 0..rows {
            for column in 0..columns {
                entries.extend(tile.iter().map(|&[n, y, x]| {
                    let y = (y * layer.stride + row).checked_sub(layer.padding.top);
                    let x = (x * layer.stride + column).checked_sub(layer.padding.left);
                    from.pixel(n, y, x) as u32
                }));
            }
        }
    }
    entries
}
