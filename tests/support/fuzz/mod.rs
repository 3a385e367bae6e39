//! Fuzzing of readers of untrusted inputs. Whatever the input is, a reader accepts it or refuses it with
//! a code and a sentence: no panic, no hang, no unbounded memory.
//!
//! A test runs a fixed number of cases from a fixed seed. `scripts/fuzz.sh` continues with fresh seeds
//! (`SIGNET_FUZZ_SECONDS`, `SIGNET_FUZZ_SEED`) and keeps a file that fails (`SIGNET_FUZZ_KEEP`), which
//! then belongs to the corpus.
#![allow(dead_code)] // Not every test that includes this needs all of it.

pub mod memory;
pub mod mutate;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::any::Any;
use std::cell::Cell;
use std::fmt::Debug;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The longest time that one input may take.
const LONGEST: Duration = Duration::from_secs(2);

/// An input that takes this long counts as a hang, and the process ends.
const HANGS: Duration = Duration::from_secs(30);

/// Shrinking a failing input ends after this long.
const SHRINKS: Duration = Duration::from_secs(20);

/// The memory that any input may take.
pub const MEMORY: usize = 64 << 20;

/// How an input was refused.
#[derive(Debug)]
pub struct Refusal {
    pub code: String,
    pub sentence: String,
}

/// Whether an input was accepted or refused.
pub type Outcome = Result<(), Refusal>;

/// A file.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let start = &self.0[..self.0.len().min(64)];
        write!(f, "{} bytes, {}", self.0.len(), start.escape_ascii())
    }
}

/// The bytes of an input that is a file.
fn file(input: &dyn Any) -> Option<&[u8]> {
    let Bytes(bytes) = input.downcast_ref()?;
    Some(bytes)
}

/// A reader of files.
pub struct Target {
    /// The name of its folder in the corpus.
    pub name: &'static str,
    /// Inputs of a run.
    pub cases: u32,
    /// Reads a file.
    pub read: fn(&[u8]) -> Outcome,
    /// The memory that a file may take.
    pub memory: fn(&[u8]) -> usize,
}

impl Target {
    /// Runs the seeds and the corpus, unchanged and mutated. `mend` corrects in every second mutated file
    /// what would have the reader refuse all of them at once, such as checksums.
    pub fn fuzz(self, seeds: Vec<Vec<u8>>, mend: fn(&mut [u8])) {
        let seeds = seeds.into_iter().chain(corpus(self.name));
        let seeds: Vec<Bytes> = seeds.map(Bytes).collect();
        for seed in &seeds {
            if let Err(said) = self.check(seed) {
                panic!("{}: {seed:?}: {said}", self.name);
            }
        }
        self.run(mutate::files(seeds, mend));
    }

    /// Runs files of a strategy.
    pub fn run(&self, files: impl Strategy<Value = Bytes>) {
        try_all(self.name, self.cases, files, |file| self.check(file));
    }

    fn check(&self, file: &Bytes) -> Result<(), String> {
        check(file, (self.memory)(&file.0), |Bytes(bytes)| {
            (self.read)(bytes)
        })
    }
}

/// The memory for a reader that holds a file's content a few times over.
pub fn in_proportion(file: &[u8]) -> usize {
    MEMORY.max(20 * file.len())
}

/// Runs inputs of a strategy that are no files. `read` may panic where a property does not hold.
pub fn fuzz<S: Strategy>(name: &str, cases: u32, inputs: S, read: impl Fn(&S::Value) -> Outcome)
where
    S::Value: Clone + 'static,
{
    try_all(name, cases, inputs, |input| check(input, MEMORY, &read));
}

/// The files of a target's corpus, sorted by name.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/corpus");
    let Ok(entries) = std::fs::read_dir(folder.join(name)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let files = paths.iter().map(std::fs::read);
    files.filter_map(Result::ok).collect()
}

fn check<T>(input: &T, memory: usize, read: impl Fn(&T) -> Outcome) -> Result<(), String> {
    let (start, computed) = (Instant::now(), cpu_time());
    let (outcome, most) = memory::most_of(|| catch_unwind(AssertUnwindSafe(|| read(input))));
    // Other programs take wall time.
    let computed = cpu_time().zip(computed).map(|(now, then)| now - then);
    let took = computed.unwrap_or_else(|| start.elapsed());
    match outcome {
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            return Err(format!(
                "it panics: {}",
                text.unwrap_or("without a message")
            ));
        }
        Ok(Err(Refusal { code, sentence })) => {
            let is_code = code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            if code.is_empty() || !is_code {
                return Err(format!("`{code}` is no code"));
            }
            if sentence.split_whitespace().count() < 3 {
                return Err(format!("`{sentence}` is no sentence"));
            }
        }
        Ok(Ok(())) => {}
    }
    if most > memory {
        return Err(format!("it takes {most} bytes, and {memory} are allowed"));
    }
    if took > LONGEST {
        return Err(format!("it takes {} s", took.as_secs_f32()));
    }
    Ok(())
}

/// The thread's CPU time where the system reports it. Linux: the first field, in nanoseconds.
fn cpu_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = told.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// One run from a fixed seed, or as many as fit into `SIGNET_FUZZ_SECONDS`.
fn try_all<S: Strategy>(
    name: &str,
    cases: u32,
    inputs: S,
    check: impl Fn(&S::Value) -> Result<(), String>,
) where
    S::Value: Clone + 'static,
{
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seconds = number("SIGNET_FUZZ_SECONDS").map(Duration::from_secs);
    let mut seed = number("SIGNET_FUZZ_SEED").unwrap_or(0);
    let (start, watch) = (Instant::now(), watch(name));
    loop {
        let mut whole = [0; 32];
        whole[..8].copy_from_slice(&seed.to_le_bytes());
        let config = Config {
            cases,
            max_shrink_iters: 2000,
            failure_persistence: None,
            ..Config::default()
        };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &whole);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let failed = Cell::new(None::<Instant>);
        let outcome = runner.run(&inputs, |input| {
            if failed.get().is_some_and(|since| since.elapsed() > SHRINKS) {
                return Ok(());
            }
            let file = file(&input).map(<[u8]>::to_vec);
            let _ = watch.send(Some((format!("{input:?}"), file)));
            let checked = check(&input);
            let _ = watch.send(None);
            checked.map_err(|said| {
                failed.set(failed.get().or_else(|| Some(Instant::now())));
                TestCaseError::fail(said)
            })
        });
        if let Err(error) = outcome {
            let TestError::Fail(said, input) = error else {
                panic!("{name}: no inputs: {error}");
            };
            let kept = keep(name, file(&input));
            panic!("{name}, SIGNET_FUZZ_SEED={seed}: {said}: {input:?}{kept}");
        }
        match seconds {
            Some(seconds) if start.elapsed() < seconds => seed += 1,
            _ => return,
        }
    }
}

/// Writes a failing file into `SIGNET_FUZZ_KEEP`, and returns a line that says where.
fn keep(name: &str, file: Option<&[u8]>) -> String {
    let (Some(file), Some(corpus)) = (file, std::env::var_os("SIGNET_FUZZ_KEEP")) else {
        return String::new();
    };
    let path = PathBuf::from(corpus).join(name);
    let path = path.join(format!("{:08x}", crc32fast::hash(file)));
    let written =
        std::fs::create_dir_all(path.with_file_name("")).and_then(|()| std::fs::write(&path, file));
    match written {
        Ok(()) => format!("\nkept as {}", path.display()),
        Err(error) => format!("\nnot kept: {error}"),
    }
}

/// An input as it is shown, and its bytes where it is a file.
type Shown = (String, Option<Vec<u8>>);

/// Ends the process when an input hangs, since no test can end its own thread. Each input is to be sent
/// when it begins, and [`None`] when it ends.
fn watch(name: &str) -> Sender<Option<Shown>> {
    let (sender, receiver) = channel::<Option<Shown>>();
    let name = name.to_owned();
    std::thread::spawn(move || {
        while let Ok(begun) = receiver.recv() {
            let Some((input, file)) = begun else { continue };
            if receiver.recv_timeout(HANGS) == Err(RecvTimeoutError::Timeout) {
                let kept = keep(&name, file.as_deref());
                // Not eprintln, which the test harness captures.
                let message = format!("{name} hangs: {input}{kept}\n");
                let _ = std::io::stderr().write_all(message.as_bytes());
                std::process::exit(101);
            }
        }
    });
    sender
}
