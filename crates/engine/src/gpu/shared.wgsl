// A number of invocations, `SHARES`, share the sums of a tile by a panel: where a layer has few of them, a card has room
// for many more, and each would take long. Neighbours read neighbouring numbers.

// Of a work group.
const PANELS = 64u / SHARES;

// Of each invocation the vectors of its sums.
var<workgroup> parts: array<array<vec4f, 64>, 8>;

@compute @workgroup_size(64)
fn convolve(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) here: u32) {
    let panel = group.x * PANELS + here / SHARES;
    let first = group.y * TILE;
    var low = mat4x4f();
    var high = mat4x4f();
    if panel < job.panels && first < job.pixels {
        let count = job.taps * job.run;
        let begin = panel * count;
        var tap = 0u;
        var at = places(first, tap);
        // Behind the place of the window.
        var k = here % SHARES;
        for (var vector = k; vector < count; vector += SHARES) {
            if k >= job.run {
                tap += k / job.run;
                k %= job.run;
                at = places(first, tap);
            }
            let more = product(at, k, begin + vector);
            low += more.low;
            high += more.high;
            k += SHARES;
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
        if panel >= job.panels { return; }
        // The pixel of zeros: another slot may have left something here.
        if first == 0u && part < 2u { output[panel * 2u + part] = vec4f(); }
        var sum = vec4f();
        for (var share = 0u; share < SHARES; share++) { sum += parts[part][own * SHARES + share]; }
        store(first + part % 4u, panel * 2u + part / 4u, sum);
    }
}
