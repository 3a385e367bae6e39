// int8 weights, four in a u32, dequantized here but for their scale, which the epilogue applies. Faster
// than float32 weights: reading memory is what takes the time.
alias Weight = u32;

// Each u32 holds two input channels of two output channels.
fn fetch(vector: u32) -> Weights {
    let at = vector * 2u;
    let near = weights[at];
    let far = weights[at + 1u];
    let a = unpack4x8snorm(near.x);
    let b = unpack4x8snorm(near.y);
    let c = unpack4x8snorm(near.z);
    let d = unpack4x8snorm(near.w);
    let e = unpack4x8snorm(far.x);
    let f = unpack4x8snorm(far.y);
    let g = unpack4x8snorm(far.z);
    let h = unpack4x8snorm(far.w);
    return Weights(
        mat4x4f(vec4f(a.xz, b.xz), vec4f(a.yw, b.yw), vec4f(e.xz, f.xz), vec4f(e.yw, f.yw)),
        mat4x4f(vec4f(c.xz, d.xz), vec4f(c.yw, d.yw), vec4f(g.xz, h.xz), vec4f(g.yw, h.yw)),
    );
}
