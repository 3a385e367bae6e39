//! Links to a fine-tuned head.

use crate::error::thrown;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use signet_interop::link::{QrCode, SharedHead, from_text, to_text};
use signet_recognizer::{Precision, Weights};
use signet_wasm::{JsFile, Thrown, bytes_of};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// What a link says of its model, and where it leads.
#[derive(Tsify, Deserialize)]
pub struct LinkAbout {
    /// Whose the model is: any name of up to 40 characters, or nothing.
    source: String,
    /// How probable a sign must be to be answered, from 0 to 1.
    #[tsify(optional)]
    threshold: Option<f32>,
    /// The page's address up to where the link's text begins.
    address: String,
}

/// A QR code.
#[derive(Tsify, Serialize)]
pub struct LinkQr {
    /// Modules on a side, without the quiet zone of four around it.
    side: usize,
    /// Row by row, 1 for each dark module and 0 for each light one.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    modules: Uint8Array,
}

/// A link to a fine-tuned head.
#[derive(Tsify, Serialize)]
pub struct HeadLink {
    /// Behind the page's address.
    text: String,
    /// The same link as a QR code; none where it doesn't fit into one.
    #[tsify(optional)]
    qr: Option<LinkQr>,
}

/// What a link holds.
#[derive(Tsify, Serialize)]
pub struct OpenedLink {
    /// A weights file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    weights: Uint8Array,
    /// Its labels.
    labels: Vec<String>,
    /// Whose it is, as the link says; may be empty.
    source: String,
    /// How probable a sign must be to be answered, from 0 to 1.
    #[tsify(optional)]
    threshold: Option<f32>,
}

/// A link to the head of `weights`, which was trained on the network of `shipped`. Throws `link-scope` where more than
/// the head was, `link-format`, `weights-...`, `setting`, `file-unreadable` or `device`.
#[wasm_bindgen(js_name = headLink)]
pub async fn head_link(
    weights: JsFile,
    shipped: JsFile,
    about: Ts<LinkAbout>,
) -> Result<Ts<HeadLink>, JsValue> {
    let about = about.to_rust().map_err(Thrown::from)?;
    let shipped = read(&shipped).await?;
    let shared = SharedHead {
        weights: read(&weights).await?,
        threshold: about.threshold,
        source: about.source,
    };
    let bytes = shared.bytes(&shipped).await;
    let bytes = bytes.map_err(|error| thrown(&error))?;
    let qr = QrCode::of(&about.address, &bytes).map(|code| {
        let modules: Vec<u8> = code.modules.into_iter().map(u8::from).collect();
        LinkQr {
            side: code.side,
            modules: Uint8Array::from(&modules[..]),
        }
    });
    let text = to_text(&bytes);
    Ok(HeadLink { text, qr }.into_ts().map_err(Thrown::from)?)
}

/// Opens the text of a link beside the network of `shipped`. Throws `link-format`, `link-version`, `link-damaged`,
/// `link-base` where it belongs to another network, `weights-...`, `setting` or `file-unreadable`.
#[wasm_bindgen(js_name = openHeadLink)]
pub async fn open_head_link(text: String, shipped: JsFile) -> Result<Ts<OpenedLink>, JsValue> {
    let shipped = read(&shipped).await?;
    let opened = from_text(&text).and_then(|bytes| SharedHead::open(&bytes, &shipped));
    drop(shipped);
    let SharedHead {
        weights,
        threshold,
        source,
    } = opened.map_err(|error| thrown(&error))?;
    let labels = weights.labels().to_vec();
    let file = weights
        .into_container(Precision::Kept)
        .map_err(Thrown::from)?;
    let weights = Uint8Array::from(&file.to_bytes()[..]);
    let opened = OpenedLink {
        weights,
        labels,
        source,
        threshold,
    };
    Ok(opened.into_ts().map_err(Thrown::from)?)
}

async fn read(file: &JsValue) -> Result<Weights, Thrown> {
    Ok(Weights::from_bytes(&bytes_of(file).await?)?)
}
