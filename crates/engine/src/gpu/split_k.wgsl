// Split-k: `SPLIT_K` invocations share the sums of a tile. A convolution with few tiles leaves a GPU
// idle otherwise. Neighboring invocations read neighboring inputs and weights.

// Panels of a workgroup.
const PANELS = 64u / SPLIT_K;

// The partial sums of each invocation.
var<workgroup> parts: array<array<vec4f, 64>, 8>;

@compute @workgroup_size(64)
fn convolve(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) here: u32) {
    let panel = group.x * PANELS + here / SPLIT_K;
    let first = group.y * MR;
    var low = mat4x4f();
    var high = mat4x4f();
    if panel < params.panels && first < params.pixels {
        let count = params.kernel_size * params.k_per_tap;
        let begin = panel * count;
        var tap = 0u;
        var rows = rows_of(first, tap);
        // Within the tap.
        var k = here % SPLIT_K;
        for (var vector = k; vector < count; vector += SPLIT_K) {
            if k >= params.k_per_tap {
                tap += k / params.k_per_tap;
                k %= params.k_per_tap;
                rows = rows_of(first, tap);
            }
            let more = product(rows, k, begin + vector);
            low += more.low;
            high += more.high;
            k += SPLIT_K;
        }
    }
    parts[0][here] = low[0];
    parts[1][here] = low[1];
    parts[2][here] = low[2];
    parts[3][here] = low[3];
    parts[4][here] = high[0];
    parts[5][here] = high[1];
    parts[6][here] = high[2];
    parts[7][here] = high[3];
    workgroupBarrier();
    for (var index = here; index < 8u * PANELS; index += 64u) {
        let own = index / 8u;
        let part = index % 8u;
        let panel = group.x * PANELS + own;
        if panel >= params.panels { return; }
        // The zero pixel: another slot that shares the buffer may have written here.
        if first == 0u && part < 2u { output[panel * 2u + part] = vec4f(); }
        var sum = vec4f();
        for (var split = 0u; split < SPLIT_K; split++) { sum += parts[part][own * SPLIT_K + split]; }
        store(first + part % 4u, panel * 2u + part / 4u, sum);
    }
}
