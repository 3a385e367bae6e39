//! Threads that share the work of a layer with the one that runs the network.
//!
//! The engine starts no thread. A program starts them, natively or as workers that share a module's
//! memory, and has each call [`help`]; the thread that runs a network is the leader and hands out chunks
//! of each layer. There is one pool for the process or module. Without helpers, and in a module without
//! shared memory, all is computed by the caller, and nothing waits.
//!
//! ```
//! use signet_engine::threads;
//!
//! threads::set_threads(2);
//! let helper = std::thread::spawn(threads::help);
//! // Networks that run now are computed by two threads, as soon as the second has entered.
//! threads::stop();
//! helper.join().unwrap();
//! ```
//!
//! Results are to the bit the same for any number of threads: each sum is computed by one thread, in the
//! order in which it always is.
//!
//! In WebAssembly with shared memory all functions here, and the runs of networks, belong in workers: they
//! may wait, which a page's own thread must not.
//!
//! # Helpers that fail
//!
//! A helper that panics poisons the pool: all helpers return from [`help`], and the leader computes the
//! abandoned chunk, and whatever follows, alone. In WebAssembly a trap unwinds nothing, but gives control
//! back to JavaScript: whoever called [`help`] there has to catch the exception and to call [`poison`] *in
//! the same instance*, which knows the chunk that was being computed. A worker that is terminated within a
//! chunk can't do so. Its chunk can't be computed by another thread either, for a worker that is merely
//! suspended looks the same, and would still write. So in WebAssembly a leader that has waited for
//! ten seconds panics, which kills its module as any trap does: call [`stop`] first, wait for the
//! workers' [`help`] to return, and terminate then.
#![allow(unsafe_code)]

mod disjoint;
mod fork_join;

pub(crate) use disjoint::Disjoint;

use fork_join::{ForkJoin, MAX_CHUNKS};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Threads that take part at most, the leader included.
pub const MAX_THREADS: usize = fork_join::MAX_THREADS;

static POOL: ForkJoin = ForkJoin::new();

/// Computes chunks of the leader's layers, on a thread or worker of its own, until [`stop`] is called or the
/// pool is poisoned. Returns at once where that was before, where [`MAX_THREADS`] are there already, and in
/// a WebAssembly module whose memory is not shared.
pub fn help() {
    POOL.help();
}

/// Sets how many threads take part at most, the leader included: with 1 none helps. Helpers beyond
/// sleep. At first it is as many as enter. After [`stop`], helpers may enter again.
pub fn set_threads(n: usize) {
    POOL.set_threads(n);
}

/// How many of the threads asked for are there: the leader, and the helpers that have entered.
pub fn threads() -> usize {
    POOL.threads()
}

/// Whether a helper has failed. The leader then computes alone, until the process or module ends.
pub fn is_poisoned() -> bool {
    POOL.is_poisoned()
}

/// Says that a helper has failed. On the thread whose [`help`] was left by a trap, the leader learns
/// which chunk it left behind; called from another, helpers just return.
pub fn poison() {
    POOL.poison();
}

/// Has the helpers return from [`help`], each after its chunk, and those that are about to enter, too:
/// until [`set_threads`] is called.
pub fn stop() {
    POOL.stop();
}

/// Chunks for each thread: with more of them threads end at the same time, with fewer there is less to
/// claim.
const CHUNKS_PER_THREAD: usize = 4;

/// Calls `work` with the thread's index, below [`MAX_THREADS`], and with ranges that make up `0..count`.
/// Without helpers that is one range. A range is computed a second time where a helper has failed.
pub(crate) fn split(count: usize, work: &(dyn Fn(usize, Range<usize>) + Sync)) {
    let threads = threads();
    let chunks = count.min(CHUNKS_PER_THREAD * threads).min(MAX_CHUNKS);
    if threads == 1 || chunks < 2 {
        return work(0, 0..count);
    }
    POOL.fork(chunks, &|thread, chunk| {
        work(thread, count * chunk / chunks..count * (chunk + 1) / chunks);
    });
}

/// [`split`]s `values` between groups of `group`, a divisor of their number. `work` gets the index of the
/// first group.
pub(crate) fn split_mut<T: Send>(
    values: &mut [T],
    group: usize,
    work: &(dyn Fn(usize, &mut [T]) + Sync),
) {
    let count = values.len() / group.max(1);
    let values = Disjoint::new(values);
    split(count, &|_, groups| {
        let values_of = groups.start * group..groups.end * group;
        // SAFETY: the ranges of a split are disjoint.
        work(groups.start, unsafe { values.part(values_of) });
    });
}

/// Something for each thread: buffers that nobody else uses meanwhile.
#[derive(Debug, Default)]
pub(crate) struct PerThread<T>([Mutex<T>; MAX_THREADS]);

impl<T> PerThread<T> {
    /// That of the thread of an index from [`split`].
    pub fn of(&self, thread: usize) -> MutexGuard<'_, T> {
        // Buffers hold nothing that a panic could leave half-done.
        self.0[thread]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
