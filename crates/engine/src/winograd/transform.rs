//! The transforms of F(2 x 2, 3 x 3), on vectors of neighboring channels: with the matrices of the
//! paper, B^T d B of tiles, G g G^T of weights and A^T m A of sums.

use std::array::from_fn;

/// Side of the kernel, and its positions.
pub(super) const WINDOW: usize = 3;
pub(super) const POSITIONS: usize = WINDOW * WINDOW;
/// Side of a Winograd tile, and the products of each pair of channels in it.
pub(super) const TILE_SIDE: usize = 4;
pub(super) const PRODUCTS: usize = TILE_SIDE * TILE_SIDE;

/// Channels of a vector.
pub(super) const LANES: usize = 4;
pub(super) type Vector = [f32; LANES];

pub(super) fn transform_tile(pixels: [&[Vector]; PRODUCTS], to: [&mut [Vector]; PRODUCTS]) {
    let line = |[a, b, c, d]: [Vector; TILE_SIDE]| {
        [subtract(a, c), add(b, c), subtract(c, b), subtract(b, d)]
    };
    for at in 0..pixels[0].len() {
        let pixel = |y: usize, x: usize| pixels[y * TILE_SIDE + x][at];
        let column = |x| line([pixel(0, x), pixel(1, x), pixel(2, x), pixel(3, x)]);
        let [a, b, c, d] = [column(0), column(1), column(2), column(3)];
        for y in 0..TILE_SIDE {
            for (x, value) in line([a[y], b[y], c[y], d[y]]).into_iter().enumerate() {
                to[y * TILE_SIDE + x][at] = value;
            }
        }
    }
}

pub(super) fn transform_floats(weights: [&[f32]; POSITIONS], to: [&mut [f32]; PRODUCTS]) {
    let weights = weights.map(|weights| weights.as_chunks().0);
    let mut to = to.map(|to| to.as_chunks_mut().0);
    for at in 0..weights[0].len() {
        let products = transform_weights(|position| weights[position][at], add, subtract);
        for (to, product) in to.iter_mut().zip(products.as_flattened()) {
            to[at] = *product;
        }
    }
}

/// The transformed weights, times four: so they are integers where the weights are.
#[inline(always)]
pub(super) fn transform_weights<V: Copy>(
    weight: impl Fn(usize) -> V,
    add: impl Fn(V, V) -> V,
    subtract: impl Fn(V, V) -> V,
) -> [[V; TILE_SIDE]; TILE_SIDE] {
    let line = |[a, b, c]: [V; WINDOW]| {
        let outer = add(a, c);
        [add(a, a), add(outer, b), subtract(outer, b), add(c, c)]
    };
    let column = |x| line([weight(x), weight(WINDOW + x), weight(2 * WINDOW + x)]);
    let [a, b, c] = [column(0), column(1), column(2)];
    let row = |y: usize| line([a[y], b[y], c[y]]);
    [row(0), row(1), row(2), row(3)]
}

/// The rows of a tile's outputs.
pub(super) fn transform_sums(sums: &[Vector; PRODUCTS]) -> [[Vector; 2]; 2] {
    let line = |[a, b, c, d]: [Vector; TILE_SIDE]| [add(a, add(b, c)), subtract(subtract(b, c), d)];
    let sum = |y: usize, x: usize| sums[y * TILE_SIDE + x];
    let column = |x| line([sum(0, x), sum(1, x), sum(2, x), sum(3, x)]);
    let [a, b, c, d] = [column(0), column(1), column(2), column(3)];
    let row = |y: usize| line([a[y], b[y], c[y], d[y]]);
    [row(0), row(1)]
}

fn add(a: Vector, b: Vector) -> Vector {
    from_fn(|lane| a[lane] + b[lane])
}

fn subtract(a: Vector, b: Vector) -> Vector {
    from_fn(|lane| a[lane] - b[lane])
}

pub(super) fn scale(a: Vector, b: Vector) -> Vector {
    from_fn(|lane| a[lane] * b[lane])
}
