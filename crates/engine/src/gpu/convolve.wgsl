// A tile of 4 pixels by a panel of 8 output channels, as `kernel.rs` computes it on the
// processor: from the same table of pixels and the same packed weights.
//
// `float.wgsl` or `integer.wgsl` stands before this file, says what a weight is, and fetches `Weights`; `alone.wgsl` or
// `shared.wgsl` stands behind it, and says which invocation computes what.

struct Job {
    // Outputs of all pictures.
    pixels: u32,
    // Panels of 8 output channels.
    panels: u32,
    // Places of the window at which a run of numbers begins.
    taps: u32,
    // Vectors of 4 numbers in a run, and from one pixel of the input to the next.
    run: u32,
    depth: u32,
    relu: u32,
    has_residual: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
// Slots begin with a pixel of zeros.
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read> residual: array<vec4f>;
@group(0) @binding(3) var<storage, read> table: array<u32>;
@group(0) @binding(4) var<storage, read> weights: array<vec4<Weight>>;
// For each panel two vectors of factors and two of biases.
@group(0) @binding(5) var<storage, read> affine: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> output: array<vec4f>;

const TILE = 4u;

// For each of 4 input channels 8 output channels: columns are the input channels.
struct Weights {
    low: mat4x4f,
    high: mat4x4f,
}

// Asked of the bits, since a compiler may take for granted that there are numbers alone, and make one of what is none.
fn is_negative(value: vec4f) -> vec4<bool> {
    let bits = bitcast<vec4u>(value);
    return (bits > vec4u(0x80000000u)) & (bits <= vec4u(0xff800000u));
}

fn store(pixel: u32, vector: u32, sum: vec4f) {
    if pixel >= job.pixels { return; }
    let at = (pixel + 1u) * 2u * job.panels + vector;
    let factors = vector / 2u * 4u + vector % 2u;
    var value = sum * affine[factors] + affine[factors + 2u];
    if job.has_residual != 0u { value += residual[at]; }
    if job.relu != 0u { value = select(value, vec4f(), is_negative(value)); }
    output[at] = value;
}

// A tile's sums. Columns are its pixels, each with a half of the panel. No array: what is indexed by a variable doesn't
// stay in registers everywhere.
struct Sums {
    low: mat4x4f,
    high: mat4x4f,
}

// Where the numbers of each of the tile's pixels begin at a place of the window.
fn places(first: u32, tap: u32) -> vec4u {
    // The last tile may be smaller: what lies beyond it is computed again, and not stored.
    let wide = min(TILE, job.pixels - first);
    let last = wide - 1u;
    let at = first * job.taps + tap * wide;
    return job.depth * vec4u(table[at], table[at + min(1u, last)], table[at + min(2u, last)], table[at + last]);
}

// Four input channels of the pixels, those behind `k`, by the weights of that number.
fn product(places: vec4u, k: u32, vector: u32) -> Sums {
    // Columns are the pixels, each with 4 input channels.
    let at = places + k;
    let x = mat4x4f(input[at.x], input[at.y], input[at.z], input[at.w]);
    let w = fetch(vector);
    return Sums(w.low * x, w.high * x);
}
