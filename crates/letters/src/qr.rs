//! QR codes (ISO/IEC 18004) for addresses, with error correction M, drawn as few rectangles.

use fast_qr::{ECL, QRBuilder};

use crate::Sender;
use crate::ink::{BLACK, HEIGHT, Ink, WHITE};

/// The code that opens the activation page with the login filled in, the activation code never; `None` when the establishment
/// has no such page, or its address is too long.
pub(crate) fn of(sender: &Sender, login: &str) -> Option<Code> {
    let mut address = Vec::with_capacity(128);
    address.extend_from_slice(sender.activation_url.as_ref()?.as_bytes());
    for byte in login.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~') {
            address.push(byte);
        } else {
            address.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    code(&address)
}

/// Draws a code with its quiet zone of four modules in a white square.
#[expect(clippy::cast_precision_loss, reason = "at most 65")]
pub(crate) fn draw(ink: &mut Ink, code: &Code, x: f32, y: f32, side: f32) {
    ink.rectangle(WHITE, x, y, side, side);
    let module = side / (code.side + 8) as f32;
    ink.colour(BLACK);
    ink.raw("q ");
    ink.precise(&[module, 0.0, 0.0, -module, x + 4.0 * module, HEIGHT - y - 4.0 * module]);
    ink.raw("cm\n");
    // Runs, made as high as the rows below allow: as few rectangles as can be had at once.
    let mut rows = code.rows.clone();
    for y in 0..code.side {
        while let Some(row) = rows.get(y).copied().filter(|row| *row != 0) {
            let x = row.trailing_zeros();
            let width = (row >> x).trailing_ones();
            let run = ((1_u64 << width) - 1) << x;
            let mut height = 0;
            for row in rows.iter_mut().skip(y) {
                if *row & run != run {
                    break;
                }
                *row &= !run;
                height += 1;
            }
            for (value, then) in [(x, " "), (u32::try_from(y).unwrap_or(0), " "), (width, " "), (height, " re\n")] {
                ink.integer(value);
                ink.raw(then);
            }
        }
    }
    ink.raw("f Q\n");
}

/// The modules of a code, without its quiet zone: bit x of row y is dark or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// 21 to 57.
    side: usize,
    rows: Vec<u64>,
}

/// The longest address: a code of more modules (version 10) would be too fine to read on paper.
const LONGEST: usize = 213;

fn code(text: &[u8]) -> Option<Code> {
    if text.len() > LONGEST {
        return None;
    }
    let made = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let row = |y: usize| {
        let modules = made.data.get(y * made.size..(y + 1) * made.size)?;
        Some(modules.iter().rev().fold(0, |row, module| row << 1 | u64::from(module.value())))
    };
    Some(Code { side: made.size, rows: (0..made.size).map(row).collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: &Code) -> String {
        let side = code.side + 8;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, |x, y| {
            let (x, y) = ((x / 4).wrapping_sub(4), (y / 4).wrapping_sub(4));
            if x < code.side && y < code.side && code.rows[y] >> x & 1 == 1 { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn every_length_is_read_back() {
        for length in 1..=LONGEST {
            let text: String = "https://ent.exemple.fr/session/activate?login=".chars().cycle().take(length).collect();
            let code = code(text.as_bytes()).unwrap();
            assert!(code.side <= 57);
            assert_eq!(read(&code), text);
        }
        assert_eq!(code(&[b'x'; LONGEST + 1]), None);
    }
}
