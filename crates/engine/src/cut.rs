//! Parts of a network: which outputs a run computes, and what its sums leave out.

use crate::graph::{Graph, Operation};
use crate::layout::Slot;

/// What is left out of a convolution with a residual, which is named by its result. With both parts
/// left out the result is zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The convolution with its bias, and whatever only it needs: the result is ReLU(residual).
    Branch(Slot),
    /// The residual, and whatever only it needs: the result is ReLU(convolution).
    Residual(Slot),
}

/// What a run does at one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nobody needs the result.
    Skip,
    /// Computes the sum of the parts that are left.
    Compute { branch: bool, residual: bool },
}

impl Action {
    pub const WHOLE: Self = Self::Compute {
        branch: true,
        residual: true,
    };
}

/// For each step what a run with `cuts` does that computes `outputs`, indices of the graph's.
///
/// # Panics
///
/// When a cut's slot is no convolution with a residual, or there is no such output.
pub(crate) fn select(graph: &Graph, cuts: &[Cut], outputs: &[usize]) -> Vec<Action> {
    let mut actions = vec![Action::WHOLE; graph.steps.len()];
    for cut in cuts {
        let (Cut::Branch(slot) | Cut::Residual(slot)) = cut;
        let index = slot.0.checked_sub(1);
        let step = index.and_then(|index| graph.steps.get(index));
        let has_residual = step.is_some_and(|step| step.operation.residual().is_some());
        assert!(has_residual, "a cut is of a convolution with a residual");
        let Action::Compute { branch, residual } = &mut actions[slot.0 - 1] else {
            unreachable!("no step is skipped so far");
        };
        match cut {
            Cut::Branch(_) => *branch = false,
            Cut::Residual(_) => *residual = false,
        }
    }
    let mut needed = vec![false; graph.channels.len()];
    for &output in outputs {
        needed[graph.outputs[output].0] = true;
    }
    for (index, step) in graph.steps.iter().enumerate().rev() {
        if !needed[index + 1] {
            actions[index] = Action::Skip;
        }
        let Action::Compute { branch, residual } = actions[index] else {
            continue;
        };
        needed[step.input.0] |= branch;
        if let Some(slot) = step.operation.residual() {
            needed[slot.0] |= residual;
        }
    }
    actions
}

impl Operation {
    /// What is added to a convolution.
    pub fn residual(&self) -> Option<Slot> {
        match self {
            Self::Conv { residual, .. } => *residual,
            Self::Pool { .. } => None,
        }
    }
}

/// A sum without its convolution: the residual or, without it too, zeros.
pub(crate) fn without_branch(residual: Option<&[f32]>, relu: bool, output: &mut [f32]) {
    match residual {
        None => output.fill(0.0),
        Some(residual) => output.copy_from_slice(residual),
    }
    if relu {
        // As in the epilogue: not f32::max, which makes 0 of a NaN.
        for value in output {
            *value = if *value < 0.0 { 0.0 } else { *value };
        }
    }
}
