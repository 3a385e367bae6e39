// Each invocation computes the sums of a tile.

@compute @workgroup_size(8, 8)
fn convolve(@builtin(global_invocation_id) id: vec3u) {
    let panel = id.x;
    let first = id.y * MR;
    if panel >= params.panels { return; }
    let vector = panel * 2u;
    // The zero pixel: another slot that shares the buffer may have written here.
    if first == 0u {
        output[vector] = vec4f();
        output[vector + 1u] = vec4f();
    }
    if first >= params.pixels { return; }
    var low = mat4x4f();
    var high = mat4x4f();
    for (var tap = 0u; tap < params.kernel_size; tap++) {
        let rows = rows_of(first, tap);
        let begin = (panel * params.kernel_size + tap) * params.k_per_tap;
        for (var k = 0u; k < params.k_per_tap; k++) {
            let more = product(rows, k, begin + k);
            low += more.low;
            high += more.high;
        }
    }
    store(first, vector, low[0]);
    store(first + 1u, vector, low[1]);
    store(first + 2u, vector, low[2]);
    store(first + 3u, vector, low[3]);
    store(first, vector + 1u, high[0]);
    store(first + 1u, vector + 1u, high[1]);
    store(first + 2u, vector + 1u, high[2]);
    store(first + 3u, vector + 1u, high[3]);
}
