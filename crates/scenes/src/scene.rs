//! A hand in surroundings: background, people and things, the hand, light, camera.

use super::{arm, background, distractor, occlude};
use crate::camera::Camera;
use crate::canvas::Canvas;
use crate::complexion::Tone;
use crate::layer::Layer;
use crate::light::Light;
use crate::place::{Placement, Shadow, place};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What surrounds the hand. [`Scene::random`] is what training draws; suites fix parts of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// A plain bright wall as in the photos, instead of any background.
    pub wall: bool,
    /// How many things that are no hand stand behind it.
    pub things: usize,
    /// Whether a person sits behind it.
    pub person: bool,
    /// How strongly the hand's colours are changed, 0 to 1.
    pub tone: f32,
    /// Whether something may cover a part of the hand.
    pub occluded: bool,
    /// The light, if it is to be changed.
    pub light: Option<Light>,
    /// The camera, if it is to be seen.
    pub camera: Option<Camera>,
}

impl Scene {
    /// Anything that may be before a webcam.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let light = match rng.random_range(0..10) {
            0..2 => None,
            2..7 => Some(Light::random(rng)),
            7..9 => Some(Light::dim(rng)),
            _ => Some(Light::back_lit(rng)),
        };
        Self {
            wall: rng.random_bool(0.1),
            things: rng.random_range(0..3),
            person: rng.random_bool(0.35),
            tone: rng.random(),
            occluded: rng.random_bool(0.25),
            light,
            camera: rng.random_bool(0.85).then(|| Camera::random(rng)),
        }
    }

    /// Paints everything that is behind the hand.
    pub fn paint_behind(&self, canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
        if self.wall {
            background::paint_wall(canvas, rng);
        } else {
            background::paint(canvas, rng);
        }
        for _ in 0..self.things {
            distractor::paint(canvas, rng);
        }
    }

    /// Paints the scene with `layer` in it.
    pub fn paint(
        &self,
        canvas: &mut Canvas,
        layer: &Layer,
        placement: &Placement,
        rng: &mut ChaCha8Rng,
    ) {
        self.paint_behind(canvas, rng);
        let tone = Tone::random(rng, self.tone);
        if self.person {
            distractor::paint_person(canvas, tone.skin, rng);
        }
        if rng.random_bool(0.3) {
            Shadow::random(rng).apply(canvas, layer, placement);
        }
        arm::extend_arm(canvas, layer, placement, &tone, rng);
        place(canvas, layer, placement, &tone);
        if self.occluded {
            let strength = rng.random();
            occlude::occlude(canvas, layer, placement, rng, strength);
        }
        self.finish(canvas, rng);
    }

    /// What light and camera make of the finished scene.
    pub fn finish(&self, canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
        if let Some(light) = &self.light {
            light.apply(canvas);
        }
        if let Some(camera) = &self.camera {
            camera.apply(canvas, rng);
        }
    }
}
