//! The pool alone: chunks are computed once each, whatever helpers do. tests/threads.rs has networks.

use super::fork_join::{ForkJoin, MAX_CHUNKS};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicUsize};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// Forks in a row. Miri takes a thousand times as long.
const FORKS: usize = if cfg!(miri) { 20 } else { 20_000 };

/// Starts helpers, which are there when it returns.
fn start<'s>(
    scope: &'s Scope<'s, '_>,
    pool: &'s ForkJoin,
    helpers: usize,
) -> Vec<ScopedJoinHandle<'s, ()>> {
    let before = pool.threads();
    pool.set_threads(before + helpers);
    let started = (0..helpers).map(|_| scope.spawn(|| pool.help()));
    let started = started.collect();
    until(|| pool.threads() == before + helpers);
    started
}

fn until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "it never was");
        thread::yield_now();
    }
}

/// Stops the helpers also when a test fails, whose scope would wait for them otherwise.
struct StopAtEnd<'a>(&'a ForkJoin);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Forks, and asserts that each chunk was computed once.
fn fork(pool: &ForkJoin, chunks: usize) {
    let counts: [AtomicUsize; MAX_CHUNKS] = [const { AtomicUsize::new(0) }; MAX_CHUNKS];
    pool.fork(chunks, &|_, chunk| {
        counts[chunk].fetch_add(1, Relaxed);
    });
    for (chunk, count) in counts.iter().enumerate() {
        assert_eq!(count.load(Relaxed), usize::from(chunk < chunks), "{chunk}");
    }
}

#[test]
fn each_chunk_is_computed_once_by_any_number_of_threads() {
    for helpers in [0, 1, 2, 4] {
        let pool = ForkJoin::new();
        thread::scope(|scope| {
            let _stop = StopAtEnd(&pool);
            start(scope, &pool, helpers);
            for index in 0..FORKS {
                fork(&pool, index % (MAX_CHUNKS + 1));
                if index % 1000 == 0 {
                    // Long enough for all to fall asleep.
                    thread::sleep(Duration::from_millis(2));
                }
            }
        });
    }
}

#[test]
fn what_threads_wrote_in_a_fork_is_seen_in_the_next() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        start(scope, &pool, 3);
        // Relaxed: only the pool orders them.
        let values: [AtomicUsize; 9] = [const { AtomicUsize::new(0) }; 9];
        let sums: [AtomicUsize; 9] = [const { AtomicUsize::new(0) }; 9];
        for index in 1..=FORKS {
            pool.fork(9, &|_, chunk| values[chunk].store(index, Relaxed));
            pool.fork(9, &|_, chunk| {
                let sum = values.iter().map(|value| value.load(Relaxed)).sum();
                sums[chunk].store(sum, Relaxed);
            });
            assert!(sums.iter().all(|sum| sum.load(Relaxed) == 9 * index));
        }
    });
}

#[test]
fn helpers_come_and_go_while_a_leader_forks() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        let leader = scope.spawn(|| (0..FORKS).for_each(|index| fork(&pool, index % 20)));
        let mut n = 0;
        while !leader.is_finished() {
            n += 1;
            pool.set_threads(n % 4);
            scope.spawn(|| pool.help());
            if n % 3 == 0 {
                pool.stop();
            }
            thread::yield_now();
        }
        pool.stop();
        until(|| pool.threads() == 1);
        // Until it is asked for again.
        pool.help();
        assert_eq!(pool.threads(), 1);
    });
}

#[test]
fn as_many_threads_take_part_as_are_wanted() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        assert_eq!(pool.threads(), 1);
        start(scope, &pool, 3);
        for (wanted, there) in [(1, 1), (3, 3), (0, 1), (9, 4), (2, 2)] {
            pool.set_threads(wanted);
            assert_eq!(pool.threads(), there);
            let seen = AtomicU32::new(0);
            for _ in 0..FORKS / 10 {
                pool.fork(4 * there, &|thread, _| {
                    seen.fetch_or(1 << thread, Relaxed);
                });
            }
            let seen = seen.load(Relaxed);
            assert!(seen < 1 << there, "{seen:b} of {there}");
        }
    });
}

/// The first to claim a chunk computes it for so long that a helper gets one, too.
fn both(pool: &ForkJoin, work: impl Fn(usize, usize) + Sync) {
    let began = AtomicUsize::new(0);
    pool.fork(2, &|thread, chunk| {
        began.fetch_add(1, Relaxed);
        until(|| began.load(Relaxed) >= 2);
        work(thread, chunk);
    });
}

#[test]
fn a_helper_computes_beside_the_leader() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        start(scope, &pool, 1);
        let seen = AtomicU32::new(0);
        both(&pool, |thread, _| {
            seen.fetch_or(1 << thread, Relaxed);
        });
        assert_eq!(seen.load(Relaxed), 0b11);
    });
}

#[test]
fn a_helper_that_panics_poisons_the_pool_and_the_leader_computes_its_chunk() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        let helpers = start(scope, &pool, 1);
        let computed = [const { AtomicUsize::new(0) }; 2];
        both(&pool, |thread, chunk| {
            assert_eq!(thread, 0, "a failure on purpose");
            computed[chunk].fetch_add(1, Relaxed);
        });
        assert!(computed.iter().all(|count| count.load(Relaxed) == 1));
        assert!(pool.is_poisoned());
        assert_eq!(pool.threads(), 1);
        for helper in helpers {
            helper.join().expect("a helper returns");
        }
        // Nobody enters a poisoned pool.
        pool.help();
        fork(&pool, 5);
    });
}

#[test]
fn a_leader_that_panics_waits_for_the_helpers_and_leaves_a_pool_that_works() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        start(scope, &pool, 1);
        let is_helped = AtomicUsize::new(0);
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            both(&pool, |thread, _| {
                assert_ne!(thread, 0, "a failure on purpose");
                thread::sleep(Duration::from_millis(20));
                is_helped.fetch_add(1, Relaxed);
            });
        }));
        assert!(panic.is_err());
        assert_eq!(is_helped.load(Relaxed), 1, "the helper's chunk has ended");
        assert!(!pool.is_poisoned());
        (0..100).for_each(|_| fork(&pool, 8));
    });
}

#[test]
fn a_pool_that_was_stopped_starts_again() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        for helpers in [2, 1, 3] {
            let started = start(scope, &pool, helpers);
            fork(&pool, 16);
            pool.stop();
            for helper in started {
                helper.join().expect("a helper returns");
            }
            assert_eq!(pool.threads(), 1);
            fork(&pool, 16);
        }
    });
}

#[test]
fn leaders_at_the_same_time_and_forks_within_forks_are_right() {
    let pool = ForkJoin::new();
    thread::scope(|scope| {
        let _stop = StopAtEnd(&pool);
        start(scope, &pool, 2);
        let leaders = [(); 2].map(|()| {
            scope.spawn(|| {
                for index in 0..FORKS / 20 {
                    fork(&pool, index % 12);
                    pool.fork(3, &|_, _| fork(&pool, 5));
                }
            })
        });
        for leader in leaders {
            leader.join().expect("a leader is right");
        }
    });
}
