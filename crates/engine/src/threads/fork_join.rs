//! Fork and join: a leader publishes a function and a number of chunks, helpers claim chunks.
//!
//! A ticket holds what a thread must know to claim a chunk: who takes part, and how many chunks are left.
//! It is taken by compare-exchange, so a helper that comes too late costs nothing: it finds no chunk left,
//! or one of the next fork. A fork ends when each of its chunks is finished. Whoever waits spins for about
//! 10 microseconds, a few forks of a network, and then sleeps: spinning for longer takes the time of
//! threads that compute, where there are fewer cores than threads.
#![allow(unsafe_code)]

use std::cell::{Cell, UnsafeCell};
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// As many as a ticket has bits for.
pub(super) const MAX_THREADS: usize = 16;

/// Chunks of a fork at most: the bits of [`ForkJoin::finished`].
pub(super) const MAX_CHUNKS: usize = u64::BITS as usize;

/// The leader's bit among the threads.
const LEADER: usize = 0;

/// Turns of about 10 microseconds together. In WebAssembly a turn has no pause.
const SPINS: usize = if cfg!(target_arch = "wasm32") {
    3000
} else {
    250
};

/// How often the leader looks, in WebAssembly, whether a helper that has a chunk has finished it, and how
/// often in vain until it gives up. Several times, since a computer that was suspended in between
/// reports a timeout when it wakes.
const WAIT_LIMIT: (Duration, u32) = (Duration::from_secs(1), 10);

/// Whether a helper can be there at all.
const SHARES_MEMORY: bool = !cfg!(target_arch = "wasm32") || cfg!(target_feature = "atomics");

/// Computes the chunk of the second index on the thread of the first.
type Work<'a> = dyn Fn(usize, usize) + Sync + 'a;

thread_local! {
    /// The chunk that this thread computes as a helper.
    static CHUNK: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Who takes part in a fork, and its chunks that nobody has claimed: packed as
/// `epoch << 32 | threads << 16 | left`.
#[derive(Clone, Copy)]
struct Ticket(u64);

impl Ticket {
    fn next(self, threads: u16, left: usize) -> Self {
        let epoch = (self.0 >> 32).wrapping_add(1) << 32;
        Self(epoch | u64::from(threads) << 16 | left as u64)
    }

    fn left(self) -> usize {
        usize::from(self.0 as u16)
    }

    fn is_for(self, thread: usize) -> bool {
        self.left() > 0 && (self.0 >> 16 >> thread) & 1 == 1
    }
}

/// A pool of threads.
pub(super) struct ForkJoin {
    /// A [`Ticket`].
    ticket: AtomicU64,
    /// Written by the leader while no chunk is claimed, read by helpers that have claimed one.
    work: UnsafeCell<Option<&'static Work<'static>>>,
    /// The chunks of the fork that helpers have finished, a bit each.
    finished: AtomicU64,
    /// Those whose helpers have failed.
    abandoned: AtomicU64,
    /// Whether a thread leads. Another that forks meanwhile computes alone.
    is_led: AtomicBool,
    /// The helpers that are there, a bit each from 1 on, and the leader's.
    present: AtomicU32,
    wanted: AtomicUsize,
    /// Counts calls of [`stop`](Self::stop). Helpers of an older generation return.
    generation: AtomicU32,
    /// Whether nobody may enter.
    is_stopped: AtomicBool,
    is_poisoned: AtomicBool,
    /// Whether helpers that take part may sleep, and whether the leader may.
    helpers_sleep: AtomicBool,
    leader_sleeps: AtomicBool,
    /// Held while one decides to sleep, and between a change and its notification.
    sleep: Mutex<()>,
    /// Of helpers that take part: a new ticket.
    forked: Condvar,
    /// Of helpers beyond those wanted: the team has changed.
    standby: Condvar,
    /// Of the leader: a chunk is finished.
    joined: Condvar,
}

// SAFETY: `work` is the only field that isn't Sync, and its accesses are ordered: see there.
unsafe impl Sync for ForkJoin {}

impl ForkJoin {
    pub const fn new() -> Self {
        Self {
            ticket: AtomicU64::new(0),
            work: UnsafeCell::new(None),
            finished: AtomicU64::new(0),
            abandoned: AtomicU64::new(0),
            is_led: AtomicBool::new(false),
            present: AtomicU32::new(1 << LEADER),
            wanted: AtomicUsize::new(MAX_THREADS),
            generation: AtomicU32::new(0),
            is_stopped: AtomicBool::new(false),
            is_poisoned: AtomicBool::new(false),
            helpers_sleep: AtomicBool::new(false),
            leader_sleeps: AtomicBool::new(false),
            sleep: Mutex::new(()),
            forked: Condvar::new(),
            standby: Condvar::new(),
            joined: Condvar::new(),
        }
    }

    /// Calls `work` once for each chunk below `chunks`, which are [`MAX_CHUNKS`] at most, with the index
    /// of the thread that computes it. Returns when all are computed. A chunk whose helper has failed is
    /// computed a second time, from the start.
    ///
    /// # Panics
    ///
    /// When `work` does on this thread, after the helpers' chunks have ended.
    pub fn fork(&self, chunks: usize, work: &Work<'_>) {
        assert!(chunks <= MAX_CHUNKS, "a bit for each chunk");
        let team = self.team();
        let alone = team == 1 << LEADER || chunks < 2;
        if alone || self.is_led.swap(true, Acquire) {
            return (0..chunks).for_each(|chunk| work(LEADER, chunk));
        }
        let _lead = Lead(self);
        // SAFETY: the lifetime ends when this function returns or unwinds, which it does after all chunks
        // that were claimed are finished or abandoned; a helper doesn't touch `work` before or after. No
        // chunk is claimed now, since the last leader has waited for that, too.
        unsafe {
            let work = std::mem::transmute::<&Work<'_>, &'static Work<'static>>(work);
            *self.work.get() = Some(work);
        }
        self.finished.store(0, Relaxed);
        self.abandoned.store(0, Relaxed);
        let ticket = Ticket(self.ticket.load(Relaxed)).next(team, chunks);
        // SeqCst, as where helpers go to sleep: either they see the ticket, or they are seen asleep.
        self.ticket.store(ticket.0, SeqCst);
        if self.helpers_sleep.swap(false, SeqCst) {
            drop(self.lock());
            self.forked.notify_all();
        }
        let mut own = 0;
        let computed = catch_unwind(AssertUnwindSafe(|| {
            while let Some(chunk) = self.claim(LEADER) {
                own |= 1 << chunk;
                work(LEADER, chunk);
            }
        }));
        if computed.is_err() {
            while let Some(chunk) = self.claim(LEADER) {
                own |= 1 << chunk;
            }
        }
        let theirs = (u64::MAX >> (MAX_CHUNKS - chunks)) & !own;
        self.join(theirs);
        if let Err(panic) = computed {
            resume_unwind(panic);
        }
        let mut left = self.abandoned.load(Relaxed);
        while left != 0 {
            work(LEADER, left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }

    /// Waits until helpers have finished or abandoned these chunks.
    fn join(&self, chunks: u64) {
        let is_done = || {
            let ended = self.finished.load(SeqCst) | self.abandoned.load(SeqCst);
            ended & chunks == chunks
        };
        for _ in 0..SPINS {
            if is_done() {
                return;
            }
            spin_loop();
        }
        let mut held = self.lock();
        // SeqCst, as where helpers finish.
        self.leader_sleeps.store(true, SeqCst);
        let mut in_vain = 0;
        while !is_done() {
            if !cfg!(target_arch = "wasm32") {
                held = unpoisoned(self.joined.wait(held));
                continue;
            }
            let (interval, most) = WAIT_LIMIT;
            let timeout;
            (held, timeout) = unpoisoned(self.joined.wait_timeout(held, interval));
            in_vain = if timeout.timed_out() { in_vain + 1 } else { 0 };
            if in_vain == most {
                // No unwinding may let go of what the helper may still write to.
                let _bomb = AbortOnDrop;
                panic!("a helper has not finished its part of a layer in {most} seconds");
            }
        }
        self.leader_sleeps.store(false, Relaxed);
    }

    /// See [`help`](super::help).
    pub fn help(&self) {
        if !SHARES_MEMORY {
            return;
        }
        let Some((thread, generation)) = self.enter() else {
            return;
        };
        while let Some(chunk) = self.next_chunk(thread, generation) {
            // SAFETY: the leader has written it before the ticket, and waits for this chunk.
            let work = unsafe { *self.work.get() };
            CHUNK.set(Some(chunk));
            let computed = catch_unwind(AssertUnwindSafe(|| {
                if let Some(work) = work {
                    work(thread, chunk);
                }
            }));
            if computed.is_err() {
                self.poison();
                break;
            }
            CHUNK.set(None);
            self.end(&self.finished, chunk);
        }
        self.leave(thread);
    }

    /// Waits for a chunk. [`None`] when this helper is to return.
    fn next_chunk(&self, thread: usize, generation: u32) -> Option<usize> {
        let is_over = || self.generation.load(Acquire) != generation || self.is_poisoned();
        loop {
            for _ in 0..SPINS {
                if is_over() {
                    return None;
                }
                if let Some(chunk) = self.claim(thread) {
                    return Some(chunk);
                }
                spin_loop();
            }
            let held = self.lock();
            if is_over() {
                return None;
            }
            if !self.is_wanted(thread) {
                drop(unpoisoned(self.standby.wait(held)));
                continue;
            }
            self.helpers_sleep.store(true, SeqCst);
            if !Ticket(self.ticket.load(SeqCst)).is_for(thread) {
                drop(unpoisoned(self.forked.wait(held)));
            }
        }
    }

    fn claim(&self, thread: usize) -> Option<usize> {
        let claim = |ticket| Ticket(ticket).is_for(thread).then(|| ticket - 1);
        let before = self.ticket.fetch_update(AcqRel, Relaxed, claim);
        before.ok().map(|ticket| Ticket(ticket).left() - 1)
    }

    /// Adds a chunk to those that are finished or abandoned.
    fn end(&self, chunks: &AtomicU64, chunk: usize) {
        chunks.fetch_or(1 << chunk, SeqCst);
        if self.leader_sleeps.load(SeqCst) {
            drop(self.lock());
            self.joined.notify_all();
        }
    }

    /// Takes the lowest free place among the helpers, of this generation.
    fn enter(&self) -> Option<(usize, u32)> {
        let _held = self.lock();
        let present = self.present.load(Relaxed);
        let thread = present.trailing_ones() as usize;
        let is_shut = self.is_stopped.load(Relaxed) || self.is_poisoned();
        (thread < MAX_THREADS && !is_shut).then(|| {
            self.present.store(present | 1 << thread, Release);
            (thread, self.generation.load(Relaxed))
        })
    }

    fn leave(&self, thread: usize) {
        {
            let _held = self.lock();
            self.present.fetch_and(!(1 << thread), Release);
        }
        self.standby.notify_all();
    }

    /// Whether fewer helpers with a lower index are there than are wanted.
    fn is_wanted(&self, thread: usize) -> bool {
        let before = self.present.load(Relaxed) & ((1 << thread) - 1);
        (before.count_ones() as usize) < self.wanted.load(Relaxed)
    }

    /// The threads that take part, a bit each.
    fn team(&self) -> u16 {
        let mut team = self.present.load(Relaxed);
        if team == 1 << LEADER || self.is_poisoned() {
            return 1 << LEADER;
        }
        while team.count_ones() as usize > self.wanted.load(Relaxed) {
            team &= !(1 << team.ilog2());
        }
        team as u16
    }

    /// See [`threads`](super::threads).
    pub fn threads(&self) -> usize {
        self.team().count_ones() as usize
    }

    /// See [`set_threads`](super::set_threads).
    pub fn set_threads(&self, n: usize) {
        self.wake_helpers(|| {
            self.wanted.store(n.max(1), Relaxed);
            self.is_stopped.store(false, Relaxed);
        });
    }

    /// See [`stop`](super::stop).
    pub fn stop(&self) {
        self.wake_helpers(|| {
            self.is_stopped.store(true, Relaxed);
            self.generation.fetch_add(1, Release);
        });
    }

    /// See [`poison`](super::poison).
    pub fn poison(&self) {
        self.wake_helpers(|| self.is_poisoned.store(true, Release));
        if let Some(chunk) = CHUNK.take() {
            self.end(&self.abandoned, chunk);
        }
    }

    /// See [`is_poisoned`](super::is_poisoned).
    pub fn is_poisoned(&self) -> bool {
        self.is_poisoned.load(Acquire)
    }

    /// Has all helpers look at a change.
    fn wake_helpers(&self, change: impl FnOnce()) {
        {
            let _held = self.lock();
            change();
        }
        self.forked.notify_all();
        self.standby.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        unpoisoned(self.sleep.lock())
    }
}

/// Nothing panics while it holds the lock, which guards no value.
fn unpoisoned<T>(held: Result<T, PoisonError<T>>) -> T {
    held.unwrap_or_else(PoisonError::into_inner)
}

/// Leads until it is dropped.
struct Lead<'a>(&'a ForkJoin);

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.0.is_led.store(false, Release);
    }
}

struct AbortOnDrop;

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        std::process::abort();
    }
}
