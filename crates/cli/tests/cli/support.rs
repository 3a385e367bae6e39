//! Running `signet` in a folder of its own, and drawing the pictures that it is run on.

#[path = "../../../../tests/support/network.rs"]
mod network;

pub use network::{narrow as narrow_config, narrowed as narrowed_config};

use image::{Rgb, RgbImage};
use serde_json::Value;
use signet_recognizer::{Precision, ResNetConfig, Weights, labels};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The built program in a working directory, with the words of `line` as its arguments.
pub fn signet(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signet"));
    command.current_dir(folder).args(line.split_whitespace());
    command
}

/// Runs a command that must succeed, and returns its standard output.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().expect("signet starts");
    let said = stderr(&output);
    assert!(output.status.success(), "{command:?}: {said}");
    stdout(&output)
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in: {text}"))
}

/// Asserts that a text has all these parts.
pub fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in: {text}");
    }
}

/// A folder of its own for a test, gone when the test has passed. It holds `weights` of a narrow,
/// untrained network for the signs.
///
/// Not the crate `tempfile`: its features would change those of burn's dependencies, and `cargo
/// test` would compile burn a second time, which takes longer than all tests.
pub struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

impl Scratch {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{count}", std::process::id());
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        folder.write_weights("weights", narrow_config());
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Runs `signet` here to its end.
    pub fn run(&self, line: &str) -> Output {
        signet(&self.0, line).output().expect("signet starts")
    }

    /// Runs `signet` here, which must succeed, and returns its standard output.
    pub fn succeed(&self, line: &str) -> String {
        succeed(&mut signet(&self.0, line))
    }

    /// Runs `signet` here, which must refuse with exit status 1 and say all of `parts`.
    pub fn refuse(&self, line: &str, parts: &[&str]) {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(1), "{line}: {output:?}");
        assert_says(&stderr(&output), parts);
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn read_text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("it is text")
    }

    pub fn read_weights(&self, name: &str) -> Weights {
        Weights::from_bytes(&self.read(name)).expect("it is readable")
    }

    /// The path of a file to be written, whose folder is there.
    pub fn new_file(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("there is room");
        path
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.new_file(name), bytes).expect("there is room");
    }

    /// Writes weights that have learned nothing, for the signs.
    pub fn write_weights(&self, name: &str, config: ResNetConfig) {
        let weights = Weights::initial(config, labels::digits(), 7).expect("a valid network");
        let bytes = weights.to_bytes(Precision::F32);
        self.write(name, bytes.expect("weights can be written"));
    }

    /// Draws `per_label` pictures for each label, `FOLDER/LABEL/N.png`.
    pub fn draw(&self, folder: &str, labels: &[&str], per_label: u32) {
        for (index, label) in (0..).zip(labels) {
            for n in 0..per_label {
                self.draw_picture(&format!("{folder}/{label}/{n}.png"), index, n);
            }
        }
    }

    /// Draws a bright bar whose place says the label, before a background that differs from `n` to `n`.
    pub fn draw_picture(&self, name: &str, label: u32, n: u32) {
        let side = 72;
        let shade = |v: u32| u8::try_from(v % 256).unwrap_or(0);
        let picture = RgbImage::from_fn(side, side, |x, y| {
            if y / (side / 6) == label {
                Rgb([255, 240, shade(200 + n)])
            } else {
                Rgb([shade(n * 7 + x / 4), shade(30 + n * 3), shade(60 + y / 8)])
            }
        });
        picture.save(self.new_file(name)).expect("there is room");
    }
}
