//! The command line as its users meet it: the built program, real files, exit codes.

mod folders;
mod hdf5;
mod import;
mod inspect;
mod network;
mod real;
mod scenes;
mod shared;
mod summary;
mod support;
mod threads;
mod training;
mod two_hands;
