//! Sizes that the shaders have, too.

use crate::tiling;

/// Side of a square workgroup, in invocations.
pub(super) const WORKGROUP_SIDE: usize = 8;

/// Output pixels and output channels of an invocation's tile: those of WebAssembly.
pub(super) const MR: usize = 4;
pub(super) const NR: usize = 8;
const _: () = assert!(tiling::NR.is_multiple_of(NR));
