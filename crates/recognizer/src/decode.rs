//! Picture files to pictures, within limits of memory that are checked on the headers.

mod bmp;
mod color;
mod jpeg;
mod png;
mod webp;

use crate::error::{Error, Result};
use crate::picture::{Picture, check_size};
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::any::Any;
use std::cell::Cell;
use std::io::Cursor;
use std::panic::{UnwindSafe, catch_unwind};

impl Picture {
    /// Decodes a JPEG, PNG, GIF (its first frame), WebP or BMP file as the page shows it: the orientation
    /// in its EXIF data is applied, transparency is laid over white.
    ///
    /// # Errors
    ///
    /// [`Error::PictureFormat`] for other formats, and for files that would be read otherwise than browsers
    /// show them: JPEGs whose subsampled planes come in separate scans, colors far from sRGB, animations
    /// without the default image. [`Error::PictureTooLarge`] above
    /// [`MAX_MEGAPIXELS`](crate::MAX_MEGAPIXELS), or fewer where a pixel takes more than four bytes to
    /// decode, [`Error::PictureCut`] for a JPEG of which less than half of the rows arrived
    /// and a WebP of which less than all,
    /// [`Error::PictureBroken`] for what doesn't decode, also where the decoder panics.
    pub fn decode(file: &[u8]) -> Result<Self> {
        guarded(|| decode(file))
    }
}

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is decoding a picture. A panic meanwhile becomes an [`Error::PictureBroken`], which
/// a program's panic hook has no need to report.
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// Decodes, and makes an error of a decoder's panic. In WebAssembly nothing unwinds, and the
/// boundary catches the trap.
fn guarded<T>(decode: impl FnOnce() -> Result<T> + UnwindSafe) -> Result<T> {
    DECODING.set(true);
    let outcome = catch_unwind(decode);
    DECODING.set(false);
    outcome.unwrap_or_else(|panic| {
        Err(Error::broken(format!(
            "its decoder fails: {}",
            words(&*panic)
        )))
    })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say why")
}

fn decode(file: &[u8]) -> Result<Picture> {
    let reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(Error::broken)?;
    let format = reader.format();
    let frame = (format == Some(ImageFormat::Jpeg)).then(|| jpeg::Frame::of(file));
    if let Some(frame) = &frame {
        frame.check()?;
    }
    let mut decoder = reader
        .into_decoder()
        .map_err(|error| refusal(file, &error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, 1)?;
    let mut bytes_per_pixel = decoder.color_type().bytes_per_pixel().into();
    if let Some(frame) = &frame {
        jpeg::check_length(file, width, height)?;
        if frame.is_progressive {
            // A progressive picture is complete only with its last scan: until then the decoder holds
            // two bytes of coefficients for each byte of the picture.
            bytes_per_pixel *= 3;
        }
    }
    check_size(width, height, bytes_per_pixel)?;
    if webp::frame_size(file).is_some_and(|inner| inner != (width, height)) {
        // The decoder would notice the difference only after decoding the frame.
        return Err(Error::broken("its frame is not of the size of the picture"));
    }
    if format == Some(ImageFormat::Gif) {
        // The decoder allocates a frame's own buffer by the size that the frame claims, though a
        // frame lies inside of the picture.
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(decoder.total_bytes());
        decoder.set_limits(limits).map_err(Error::broken)?;
    }
    if format == Some(ImageFormat::Png) {
        png::check(file)?;
    }
    let is_bmp = format == Some(ImageFormat::Bmp);
    if is_bmp {
        bmp::check(file)?;
    }
    // A picture with unreadable metadata is still a picture.
    let profile = decoder.icc_profile().ok().flatten();
    let of_bmp = bmp::profile(file).filter(|_| is_bmp);
    if let Some(profile) = profile.as_deref().or(of_bmp) {
        color::check_profile(profile)?;
    }
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| undecoded(file, &error))?;
    if let Some(frame) = &frame {
        frame.check_rows(file, &image)?;
    }
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    if image.color().has_alpha() {
        let mut rgba = image.into_rgba8();
        if is_bmp {
            bmp::fill_empty_alpha(&mut rgba);
        }
        Picture::from_rgba(rgba.as_raw(), rgba.width(), rgba.height())
    } else {
        Ok(Picture::from_image(image.into_rgb8()))
    }
}

/// The error for a file whose header the decoder refuses.
fn refusal(file: &[u8], error: &ImageError) -> Error {
    match (error, png::size(file)) {
        (ImageError::Unsupported(_), _) => {
            Error::unread("not a picture in a known format (JPEG, PNG, GIF, WebP or BMP)")
        }
        // The decoder doesn't say how large a PNG is whose rows exceed its limit.
        (ImageError::Limits(_), Some((width, height))) => {
            let checked = check_size(width, height, 1);
            checked.err().unwrap_or_else(|| Error::broken(error))
        }
        _ => undecoded(file, error),
    }
}

/// The error for a file that doesn't decode, as a WebP of which anything is missing.
fn undecoded(file: &[u8], error: &ImageError) -> Error {
    match webp::cut_percent(file) {
        Some(percent) => Error::PictureCut { percent },
        None => Error::broken(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_decoder_is_the_pictures_fault() {
        let refused = |decode: fn() -> Result<()>| guarded(decode).unwrap_err().to_string();
        // The hook of these tests reports the panics all the same.
        let said = refused(|| panic!("no entry found for key"));
        assert_eq!(
            said,
            "the picture is damaged: its decoder fails: no entry found for key"
        );
        let said = refused(|| Err(Error::broken(is_decoding())));
        assert_eq!(said, "the picture is damaged: true");
        assert!(!is_decoding());
    }
}
