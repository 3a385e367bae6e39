// float32 weights.
alias Weight = f32;

fn fetch(vector: u32) -> Weights {
    let at = vector * 8u;
    return Weights(
        mat4x4f(weights[at], weights[at + 2u], weights[at + 4u], weights[at + 6u]),
        mat4x4f(weights[at + 1u], weights[at + 3u], weights[at + 5u], weights[at + 7u]),
    );
}
