//! Writes a contact sheet of hands: `contact_sheet OUT.png WHAT [SIDE] [COLUMNS] [ROWS] [SEED]`.
//! WHAT is `labels` (a row a number), `negatives`, `other`, `lines` or `sticks`, or a number 0 to 5.

use std::error::Error;

use image::{Rgb, RgbImage};
use signet_hands::{Hand, Subject, other_form};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, default: usize| {
        arguments
            .get(i)
            .and_then(|a| a.parse::<usize>().ok())
            .unwrap_or(default)
    };
    let out = arguments.first().ok_or("OUT.png is missing")?;
    let what = arguments.get(1).map_or("labels", String::as_str);
    let side = number(2, 128);
    let columns = number(3, 12);
    let rows = number(4, 6);
    let first = number(5, 0) as u64;
    let mut sheet = RgbImage::new((columns * side) as u32, (rows * side) as u32);
    let mut spent = std::time::Duration::ZERO;
    for row in 0..rows {
        for column in 0..columns {
            let seed = first + (row * columns + column) as u64;
            let subject = match what {
                "negatives" => Subject::HardNegative,
                "labels" | "lines" | "sticks" => Subject::Sign(row as u8 % 6),
                digit => Subject::Sign(digit.parse().unwrap_or(0)),
            };
            let hand = if what == "other" {
                other_form(seed).1
            } else {
                Hand::random(subject, seed)
            };
            let start = std::time::Instant::now();
            let picture = hand.render(side);
            spent += start.elapsed();
            let tone = [0, 8, 16].map(|k| 96.0 + ((seed * 2_654_435_761) >> k & 127) as f32);
            for y in 0..side {
                for x in 0..side {
                    let at = y * side + x;
                    let p = &picture.rgba[at * 4..at * 4 + 4];
                    let alpha = f32::from(p[3]) / 255.0;
                    let colour = [0, 1, 2].map(|c| match what {
                        "lines" => 255 - picture.lines[at].max(255 - p[3]) / 2 * 2,
                        "sticks" => 255,
                        _ => (f32::from(p[c]) * alpha + tone[c] * (1.0 - alpha)) as u8,
                    });
                    let (px, py) = (column * side + x, row * side + y);
                    sheet.put_pixel(px as u32, py as u32, Rgb(colour));
                }
            }
            if what == "sticks" {
                for stroke in hand.stick_figure() {
                    for pair in stroke.windows(2) {
                        for i in 0..=64 {
                            let t = i as f32 / 64.0;
                            let [x, y] = [0, 1].map(|k| {
                                let p = pair[0][k] + (pair[1][k] - pair[0][k]) * t;
                                (p.clamp(0.0, 0.999) * side as f32) as usize
                            });
                            let (px, py) = (column * side + x, row * side + y);
                            sheet.put_pixel(px as u32, py as u32, Rgb([0, 0, 0]));
                        }
                    }
                }
            }
        }
    }
    sheet.save(out)?;
    let each = spent.as_secs_f64() * 1000.0 / (rows * columns) as f64;
    println!("{each:.2} ms a picture of {side} pixels");
    Ok(())
}
