//! Which things stand at a wall or hang on it.

use super::wall::Wall;
use rand::Rng;

/// Puts some thing about a place across the wall.
pub fn furnish<R: Rng>(wall: &mut Wall<'_, R>, x: f32) {
    match wall.rng.random_range(0..30) {
        0..=2 => wall.door(x),
        3..=6 => wall.window(x),
        7..=10 => wall.shelf(x),
        11..=15 => wall.picture(x),
        16..=17 => wall.curtain(x),
        18..=19 => wall.screen(x),
        20 => wall.lamp(x),
        21 => wall.radiator(x),
        22 => wall.clock(x),
        23..=24 => wall.cupboard(x),
        25 => wall.plant(x),
        26..=27 => wall.sofa(x),
        28 => wall.table(x),
        _ => wall.hooks(x),
    }
}
