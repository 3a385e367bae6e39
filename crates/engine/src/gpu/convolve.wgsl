// A tile of 4 pixels by a panel of 8 output channels in each invocation, as `kernel.rs` computes it on the
// processor: from the same table of pixels and the same packed weights.
//
// `float.wgsl` or `integer.wgsl` stands before this file, says what a weight is, and fetches `Weights`.

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

// A tile's sums: columns are its pixels, each with a half of the panel. No array: what is indexed by a variable
// doesn't stay in registers everywhere.
struct Sums {
    low: mat4x4f,
    high: mat4x4f,
}

// Of each run of numbers every `step`th vector from `begin` on.
fn sums(panel: u32, first: u32, begin: u32, step: u32) -> Sums {
    // The last tile may be smaller: what lies beyond it is computed again, and not stored.
    let wide = min(TILE, job.pixels - first);
    let last = wide - 1u;
    var low = mat4x4f();
    var high = mat4x4f();
    for (var tap = 0u; tap < job.taps; tap++) {
        let at = first * job.taps + tap * wide;
        let p0 = table[at] * job.depth;
        let p1 = table[at + min(1u, last)] * job.depth;
        let p2 = table[at + min(2u, last)] * job.depth;
        let p3 = table[at + last] * job.depth;
        let run = (panel * job.taps + tap) * job.run;
        for (var k = begin; k < job.run; k += step) {
            // Columns are the pixels, each with 4 input channels.
            let x = mat4x4f(input[p0 + k], input[p1 + k], input[p2 + k], input[p3 + k]);
            let w = fetch(run + k);
            low += w.low * x;
            high += w.high * x;
        }
    }
    return Sums(low, high);
}

fn finish(panel: u32, first: u32, sums: Sums) {
    let vector = panel * 2u;
    store(first, vector, sums.low[0]);
    store(first + 1u, vector, sums.low[1]);
    store(first + 2u, vector, sums.low[2]);
    store(first + 3u, vector, sums.low[3]);
    store(first, vector + 1u, sums.high[0]);
    store(first + 1u, vector + 1u, sums.high[1]);
    store(first + 2u, vector + 1u, sums.high[2]);
    store(first + 3u, vector + 1u, sums.high[3]);
}

// The pixel of zeros: another slot may have left something here.
fn clear(panel: u32) {
    output[panel * 2u] = vec4f();
    output[panel * 2u + 1u] = vec4f();
}

@compute @workgroup_size(8, 8)
fn convolve(@builtin(global_invocation_id) id: vec3u) {
    let panel = id.x;
    let first = id.y * TILE;
    if panel >= job.panels { return; }
    if first == 0u { clear(panel); }
    if first >= job.pixels { return; }
    finish(panel, first, sums(panel, first, 0u, 1u));
}

// Of each invocation of a work group the vectors of its sums.
var<workgroup> parts: array<array<vec4f, 64>, 8>;

// The same where there are few pixels: 8 invocations, those with the same tile and panel, share the numbers of a sum.
// A card has room for many more invocations than such a layer has tiles, and each would take long.
@compute @workgroup_size(8, 8)
fn convolve_shared(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let panel = group.x * 8u + local.x;
    let first = group.y * TILE;
    let share = local.y;
    let here = local.y * 8u + local.x;
    var sum = Sums();
    if panel < job.panels && first < job.pixels { sum = sums(panel, first, share, 8u); }
    parts[0][here] = sum.low[0];
    parts[1][here] = sum.low[1];
    parts[2][here] = sum.low[2];
    parts[3][here] = sum.low[3];
    parts[4][here] = sum.high[0];
    parts[5][here] = sum.high[1];
    parts[6][here] = sum.high[2];
    parts[7][here] = sum.high[3];
    workgroupBarrier();
    if panel >= job.panels { return; }
    if first == 0u && share == 0u { clear(panel); }
    if first >= job.pixels { return; }
    // Each of the 8 adds up, and stores, one of the 8 vectors.
    var total = vec4f();
    for (var other = local.x; other < 64u; other += 8u) { total += parts[share][other]; }
    store(first + share % 4u, panel * 2u + share / 4u, total);
}
