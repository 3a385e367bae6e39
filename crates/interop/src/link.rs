//! A fine-tuned head in the fragment of an address.
//!
//! Where only the dense layers were trained, everything else is the shipped network, which whoever opens the link has
//! anyway. What is left is a few kilobytes:
//!
//! 1. [`SharedHead::bytes`] makes them of the fine-tuned weights and of the weights of the shipped network
//!    ([`payload`]), with the shipped network's checksum, so that no other network gets the head;
//! 2. [`to_text`] writes the bytes into a fragment, which browsers never send to a host ([`text`]);
//! 3. [`QrCode::of`] draws the address, where it fits ([`qr`]);
//! 4. [`from_text`] and [`SharedHead::open`] read it. Links are anybody's: they are limited in length, and the labels
//!    are held to the rules for labels that people type.

mod parts;
mod payload;
mod qr;
mod text;

pub use payload::{LONGEST_SOURCE, SharedHead, VERSION};
pub use qr::QrCode;
pub use text::{LONGEST_TEXT, from_text, to_digits, to_text};
