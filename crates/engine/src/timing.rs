//! How long a run takes, for autotuning.

use std::time::Duration;

/// Timed runs at most.
const TRIALS: u32 = 4;

/// No further run is timed once this has passed. A GPU that takes longer for a run is busy throughout.
pub(crate) const BUSY: Duration = Duration::from_millis(60);

/// The mean time of a few runs, and of one at least: a thread may sleep for long at any place, between the
/// start of the clock and the first run, too. `elapsed` is the time since then.
///
/// # Errors
///
/// Those of `run`.
pub(crate) async fn mean_time<E>(
    mut elapsed: impl FnMut() -> Duration,
    mut run: impl AsyncFnMut() -> Result<(), E>,
) -> Result<Duration, E> {
    for runs in 1.. {
        run().await?;
        let time = elapsed();
        if runs == TRIALS || time >= BUSY {
            return Ok(time / runs);
        }
    }
    unreachable!("trials end")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// Milliseconds since the start at each look at the clock, and the mean of so many runs.
    #[test]
    fn a_thread_that_sleeps_and_a_clock_that_stands_still_have_a_mean_time() {
        for (clock, runs, mean) in [
            // Asleep before the first run.
            (vec![500], 1, 500),
            (vec![10, 70], 2, 35),
            (vec![4, 8, 12, 16], 4, 4),
            (vec![0; 4], 4, 0),
        ] {
            let (mut count, mut looks) = (0, clock.into_iter());
            let elapsed = || Duration::from_millis(looks.next().unwrap());
            let run = async || {
                count += 1;
                Ok::<(), ()>(())
            };
            let time = pollster::block_on(mean_time(elapsed, run)).unwrap();
            assert_eq!((count, time), (runs, Duration::from_millis(mean)));
        }
    }
}
