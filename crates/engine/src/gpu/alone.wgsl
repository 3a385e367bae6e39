// Each invocation computes a tile by a panel alone.

@compute @workgroup_size(8, 8)
fn convolve(@builtin(global_invocation_id) id: vec3u) {
    let panel = id.x;
    let first = id.y * TILE;
    if panel >= job.panels { return; }
    let vector = panel * 2u;
    // The pixel of zeros: another slot may have left something here.
    if first == 0u {
        output[vector] = vec4f();
        output[vector + 1u] = vec4f();
    }
    if first >= job.pixels { return; }
    var low = mat4x4f();
    var high = mat4x4f();
    for (var tap = 0u; tap < job.taps; tap++) {
        let at = places(first, tap);
        let begin = (panel * job.taps + tap) * job.run;
        for (var k = 0u; k < job.run; k++) {
            let more = product(at, k, begin + k);
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
