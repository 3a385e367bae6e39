//! Values that several threads write, each its own.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ops::Range;

/// A mutable slice that is lent in parts that don't overlap. Overlapping `&mut` slices would be unsound
/// even where threads wrote to different values.
#[derive(Clone, Copy)]
pub(crate) struct Disjoint<'a, T> {
    values: *mut T,
    length: usize,
    lifetime: PhantomData<&'a mut [T]>,
}

// SAFETY: threads get parts that nobody else has, which is sending them.
unsafe impl<T: Send> Send for Disjoint<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Disjoint<'_, T> {}

impl<'a, T> Disjoint<'a, T> {
    pub fn new(values: &'a mut [T]) -> Self {
        Self {
            values: values.as_mut_ptr(),
            length: values.len(),
            lifetime: PhantomData,
        }
    }

    /// # Panics
    ///
    /// When there are no such values.
    ///
    /// # Safety
    ///
    /// No part that overlaps with this one is used as long as this one is.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "the caller keeps parts apart")]
    pub unsafe fn part(&self, range: Range<usize>) -> &mut [T] {
        let fits = range.start <= range.end && range.end <= self.length;
        assert!(fits, "a part of the values");
        // SAFETY: within the values, which are borrowed; the caller keeps parts apart.
        unsafe { std::slice::from_raw_parts_mut(self.values.add(range.start), range.len()) }
    }
}
