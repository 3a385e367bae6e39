// A tile of MR = 4 pixels by NR = 8 output channels, from the same indirection buffer and packed
// weights as the micro-kernels of the CPU.
//
// Before this file stands `weights_f32.wgsl` or `weights_i8.wgsl`, which has `Weight` and `fetch`;
// after it `full_k.wgsl` or `split_k.wgsl`, which has the entry point.

struct Params {
    // Output pixels of all images.
    pixels: u32,
    // Panels of NR output channels.
    panels: u32,
    // Entries of the indirection buffer for each output pixel.
    kernel_size: u32,
    // vec4 that are read from each of them on, and from one input pixel to the next.
    k_per_tap: u32,
    pixel_stride: u32,
    relu: u32,
    has_residual: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// The buffer of a slot begins with a pixel of zeros.
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read> residual: array<vec4f>;
@group(0) @binding(3) var<storage, read> indirection: array<u32>;
@group(0) @binding(4) var<storage, read> weights: array<vec4<Weight>>;
// For each panel two vectors of scales and two of biases.
@group(0) @binding(5) var<storage, read> affine: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> output: array<vec4f>;

const MR = 4u;

// Four input channels (columns) of NR output channels.
struct Weights {
    low: mat4x4f,
    high: mat4x4f,
}

// Tested on the bits: a shader compiler may assume that there is no NaN, and make a number of one.
fn is_negative(value: vec4f) -> vec4<bool> {
    let bits = bitcast<vec4u>(value);
    return (bits > vec4u(0x80000000u)) & (bits <= vec4u(0xff800000u));
}

// The epilogue of four channels: scale, bias, residual, ReLU.
fn store(pixel: u32, vector: u32, sum: vec4f) {
    if pixel >= params.pixels { return; }
    let at = (pixel + 1u) * 2u * params.panels + vector;
    let scale = vector / 2u * 4u + vector % 2u;
    var value = sum * affine[scale] + affine[scale + 2u];
    if params.has_residual != 0u { value += residual[at]; }
    if params.relu != 0u { value = select(value, vec4f(), is_negative(value)); }
    output[at] = value;
}

// The sums of a tile: columns are pixels, each with half of the output channels. Not an array: some
// compilers keep arrays that are indexed by a variable out of registers.
struct Sums {
    low: mat4x4f,
    high: mat4x4f,
}

// Where the inputs of each pixel of a tile begin at a tap.
fn rows_of(first: u32, tap: u32) -> vec4u {
    // The last tile may be smaller: pixels beyond it are computed twice and not stored.
    let count = min(MR, params.pixels - first);
    let last = count - 1u;
    let at = first * params.kernel_size + tap * count;
    return params.pixel_stride * vec4u(
        indirection[at],
        indirection[at + min(1u, last)],
        indirection[at + min(2u, last)],
        indirection[at + last],
    );
}

// Four input channels of each pixel, from `rows + k` on, times the weights of index `vector`.
fn product(rows: vec4u, k: u32, vector: u32) -> Sums {
    let at = rows + k;
    let x = mat4x4f(input[at.x], input[at.y], input[at.z], input[at.w]);
    let w = fetch(vector);
    return Sums(w.low * x, w.high * x);
}
