// Four channels of one output in each invocation.

struct Job {
    // Outputs of all pictures, their height and width.
    pixels: u32,
    height: u32,
    width: u32,
    input_height: u32,
    input_width: u32,
    // Vectors of 4 numbers in a pixel.
    depth: u32,
    window: u32,
    stride: u32,
    // 0: the largest of a window; 1: its mean.
    mean: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
// Slots begin with a pixel of zeros.
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;

// Asked of the bits, since a compiler may take for granted that there is none such.
fn is_no_number(value: vec4f) -> vec4<bool> {
    return (bitcast<vec4u>(value) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

@compute @workgroup_size(8, 8)
fn pool(@builtin(global_invocation_id) id: vec3u) {
    let vector = id.x;
    let pixel = id.y;
    if vector >= job.depth { return; }
    // The pixel of zeros: another slot may have left something here.
    if pixel == 0u { output[vector] = vec4f(); }
    if pixel >= job.pixels { return; }
    let picture = pixel / (job.height * job.width);
    let top = picture * job.input_height + pixel / job.width % job.height * job.stride;
    let left = pixel % job.width * job.stride;
    var value = vec4f();
    for (var row = 0u; row < job.window; row++) {
        for (var column = 0u; column < job.window; column++) {
            let at = (top + row) * job.input_width + left + column + 1u;
            let other = input[at * job.depth + vector];
            if job.mean != 0u {
                value += other;
            } else if row + column == 0u {
                value = other;
            } else {
                value = select(other, value, (value > other) | is_no_number(value));
            }
        }
    }
    if job.mean != 0u { value /= f32(job.window * job.window); }
    output[(pixel + 1u) * job.depth + vector] = value;
}
