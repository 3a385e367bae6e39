//! How many threads compute a network on the processor.

use signet_recognizer::threads::{self, MAX_THREADS};
use std::thread::{available_parallelism, spawn};

/// The option `--threads`.
#[derive(clap::Args)]
pub struct Threads {
    /// Threads that compute the network on the processor, as many as it has cores unless given;
    /// answers are the same by any number
    #[arg(long = "threads", value_name = "N", value_parser = parser())]
    wanted: Option<u8>,
}

/// Of a number of threads.
pub fn parser() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(1..=MAX_THREADS as i64)
}

impl Threads {
    /// Starts those that help this thread.
    pub fn start(&self) {
        let cores = || available_parallelism().map_or(1, usize::from);
        let wanted = self.wanted.map_or_else(cores, usize::from);
        start(wanted.min(MAX_THREADS));
    }
}

/// Has `count` threads compute, this one among them. The others sleep when there is nothing to do, and end
/// with the process.
pub fn start(count: usize) {
    threads::set_threads(count);
    for _ in 1..count {
        spawn(threads::help);
    }
}
