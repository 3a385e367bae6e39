// Each invocation pools four channels of one output pixel.

struct Params {
    // Output pixels of all images; height and width of an image.
    pixels: u32,
    height: u32,
    width: u32,
    input_height: u32,
    input_width: u32,
    // vec4 from one pixel to the next.
    pixel_stride: u32,
    window: u32,
    stride: u32,
    // 0: max pooling; 1: average pooling.
    mean: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// The buffer of a slot begins with a pixel of zeros.
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;

// Tested on the bits: a shader compiler may assume that there is no NaN.
fn is_nan(value: vec4f) -> vec4<bool> {
    return (bitcast<vec4u>(value) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

@compute @workgroup_size(8, 8)
fn pool(@builtin(global_invocation_id) id: vec3u) {
    let vector = id.x;
    let pixel = id.y;
    if vector >= params.pixel_stride { return; }
    // The zero pixel: another slot that shares the buffer may have written here.
    if pixel == 0u { output[vector] = vec4f(); }
    if pixel >= params.pixels { return; }
    let image = pixel / (params.height * params.width);
    let top = image * params.input_height + pixel / params.width % params.height * params.stride;
    let left = pixel % params.width * params.stride;
    var value = vec4f();
    for (var row = 0u; row < params.window; row++) {
        for (var column = 0u; column < params.window; column++) {
            let at = (top + row) * params.input_width + left + column + 1u;
            let other = input[at * params.pixel_stride + vector];
            if params.mean != 0u {
                value += other;
            } else if row + column == 0u {
                value = other;
            } else {
                value = select(other, value, (value > other) | is_nan(value));
            }
        }
    }
    if params.mean != 0u { value /= f32(params.window * params.window); }
    output[(pixel + 1u) * params.pixel_stride + vector] = value;
}
