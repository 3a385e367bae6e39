//! Running `signet`, and drawing the pictures that it is run on.

#[path = "../../../../tests/support/network.rs"]
mod network;

use image::{Rgb, RgbImage};
use signet_recognizer::{Precision, ResNetConfig, Weights, labels};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The built program.
pub fn signet() -> Command {
    Command::new(env!("CARGO_BIN_EXE_signet"))
}

/// An argument list of words and paths.
#[macro_export]
macro_rules! args {
    ($($arg:expr),* $(,)?) => {
        [$(std::ffi::OsStr::new(&$arg)),*]
    };
}

/// Owned arguments as [`run`] and its like take them.
pub fn refs(args: &[OsString]) -> impl Iterator<Item = &OsStr> {
    args.iter().map(OsString::as_os_str)
}

/// Fixed arguments with more behind them.
pub fn with(fixed: &[&OsStr], more: &[&str]) -> Vec<OsString> {
    let fixed = fixed.iter().map(|arg| (*arg).to_owned());
    fixed.chain(more.iter().map(OsString::from)).collect()
}

/// Runs `signet` to its end.
pub fn run<'a>(args: impl IntoIterator<Item = &'a std::ffi::OsStr>) -> Output {
    signet().args(args).output().expect("signet starts")
}

/// Runs `signet`, which must succeed, and returns its standard output.
pub fn succeed<'a>(args: impl IntoIterator<Item = &'a std::ffi::OsStr>) -> String {
    let output = run(args);
    assert!(
        output.status.success(),
        "signet failed: {}",
        stderr(&output)
    );
    stdout(&output)
}

/// Runs `signet`, which must refuse with exit status 1, and returns what it said.
pub fn refuse<'a>(args: impl IntoIterator<Item = &'a std::ffi::OsStr>) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    stderr(&output)
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in: {text}"))
}

/// A folder of its own for a test, gone when the test has passed.
///
/// Not the crate `tempfile`: its features would change those of burn's dependencies, and `cargo
/// test` would compile burn a second time, which takes longer than all tests.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// A temporary folder.
pub fn scratch() -> Scratch {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}-{count}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).expect("there is room for temporary files");
    Scratch(path)
}

pub use network::narrow as narrow_config;

/// Writes weights that have learned nothing, for the signs.
pub fn write_weights(path: &Path, config: ResNetConfig) {
    let weights = Weights::initial(config, labels::digits(), 7).expect("the network is valid");
    let bytes = weights
        .to_bytes(Precision::F32)
        .expect("weights can be written");
    std::fs::write(path, bytes).expect("the weights file can be written");
}

/// Draws `per_label` pictures for each label, `FOLDER/LABEL/N.png`: a bright bar whose place says
/// the label, before a background that differs from picture to picture.
pub fn draw_pictures(folder: &Path, labels: &[&str], per_label: u32) -> PathBuf {
    for (index, label) in (0_u32..).zip(labels) {
        for n in 0..per_label {
            let path = folder.join(label).join(format!("{n}.png"));
            draw_picture(&path, index, n);
        }
    }
    folder.to_owned()
}

/// Draws one such picture.
pub fn draw_picture(path: &Path, label: u32, n: u32) {
    let side = 72;
    let shade = |v: u32| u8::try_from(v % 256).unwrap_or(0);
    let picture = RgbImage::from_fn(side, side, |x, y| {
        if y / (side / 6) == label {
            Rgb([255, 240, shade(200 + n)])
        } else {
            Rgb([shade(n * 7 + x / 4), shade(30 + n * 3), shade(60 + y / 8)])
        }
    });
    std::fs::create_dir_all(path.parent().expect("the picture lies in a folder"))
        .expect("the folder can be made");
    picture.save(path).expect("the picture can be written");
}
