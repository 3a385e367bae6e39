//! Builds a network.

use crate::conv::Conv;
use crate::graph::{Channels, Graph, Operation, Step};
use crate::kernel::NR;
use crate::layout::Slot;
use crate::network::Network;
use crate::packing::{Arithmetic, Layer};
use crate::pool::Pool;

/// The channels of the network's input are padded with zeros to a multiple of this: the integer
/// kernels take channels in pairs, quantization takes four at a time.
pub(crate) const CHANNEL_ALIGNMENT: usize = 4;

/// Collects a network's operations, in the order in which they are computed.
#[derive(Debug)]
pub struct Builder {
    graph: Graph,
    arithmetic: Arithmetic,
}

impl Builder {
    /// A network whose input has that many channels. `border` rows and columns of zeros are kept
    /// around the input: padding for a first convolution of few channels, which then reads a whole
    /// row of its window with one indirection entry.
    pub fn new(channels: usize, border: usize) -> Self {
        let input = Channels {
            count: channels,
            stride: channels.next_multiple_of(CHANNEL_ALIGNMENT),
        };
        Self {
            graph: Graph {
                border,
                channels: vec![input],
                steps: Vec::new(),
                outputs: Vec::new(),
            },
            arithmetic: Arithmetic::default(),
        }
    }

    /// Sets the arithmetic of the convolutions that are added from here on.
    pub fn arithmetic(&mut self, arithmetic: Arithmetic) {
        self.arithmetic = arithmetic;
    }

    /// The network's input, `[batch, height + 2 * border, width + 2 * border, channels]`.
    pub fn input(&self) -> Slot {
        Slot(0)
    }

    /// Adds a convolution of `input`. `residual`, of the same shape as the result, is added to it
    /// before the ReLU.
    ///
    /// # Panics
    ///
    /// When the lengths of kernel and bias, the shape and the channels of the slots don't match, a
    /// weight is not finite, or an integer weight is -128.
    pub fn conv(&mut self, input: Slot, conv: &Conv<'_>, residual: Option<Slot>) -> Slot {
        let [output, channels, ..] = conv.shape;
        let from = self.channels(input);
        assert_eq!(
            channels, from.count,
            "the kernel's input channels are the slot's"
        );
        if let Some(residual) = residual {
            let fits = self.channels(residual).count == output;
            assert!(fits, "a residual fits the sum");
        }
        let layer = Box::new(Layer::pack(conv, from.stride, self.arithmetic));
        let channels = Channels {
            count: output,
            stride: layer.panels * NR,
        };
        self.push(input, Operation::Conv { layer, residual }, channels)
    }

    /// Adds max pooling over `window` x `window` pixels, without padding.
    ///
    /// # Panics
    ///
    /// When `window` or `stride` is 0.
    pub fn max_pool(&mut self, input: Slot, window: usize, stride: usize) -> Slot {
        self.pool(input, Pool::Max, window, stride)
    }

    /// Adds average pooling over `window` x `window` pixels, without padding.
    ///
    /// # Panics
    ///
    /// When `window` or `stride` is 0.
    pub fn mean_pool(&mut self, input: Slot, window: usize, stride: usize) -> Slot {
        self.pool(input, Pool::Mean, window, stride)
    }

    /// The network for the CPU. It keeps the values of `outputs` after a run.
    pub fn finish(mut self, outputs: &[Slot]) -> Network {
        self.graph.outputs = outputs.to_vec();
        Network::new(self.graph)
    }

    /// The network for a GPU.
    #[cfg(feature = "webgpu")]
    pub fn finish_on(mut self, outputs: &[Slot], gpu: &crate::gpu::Gpu) -> crate::gpu::GpuNetwork {
        self.graph.outputs = outputs.to_vec();
        crate::gpu::GpuNetwork::new(self.graph, gpu)
    }

    fn pool(&mut self, input: Slot, pool: Pool, window: usize, stride: usize) -> Slot {
        assert!(window > 0 && stride > 0, "a window moves and holds pixels");
        let operation = Operation::Pool {
            pool,
            window,
            stride,
        };
        self.push(input, operation, self.channels(input))
    }

    fn push(&mut self, input: Slot, operation: Operation, channels: Channels) -> Slot {
        self.graph.steps.push(Step { operation, input });
        self.graph.channels.push(channels);
        Slot(self.graph.steps.len())
    }

    fn channels(&self, slot: Slot) -> Channels {
        self.graph.channels[slot.0]
    }
}
