//! QR codes (ISO/IEC 18004) for addresses: bytes, error correction M, versions 1 to 10 (213 bytes).
//!
//! Our own because it decides how many letters a second are made: rows are bits of one word, so the eight masks are judged a
//! row at a time (the crates tried take 0.1 to 1 ms a code, half of a letter's time and more). Tests compare every module with
//! `fast_qr` and read codes back with `rqrr`.

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
    let mut rows = code.rows;
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

/// Codewords of the data, and of the correction of each block; blocks; for versions 1 to 10 with correction M.
const VERSIONS: [(usize, usize, usize); 10] = [
    (16, 10, 1),
    (28, 16, 1),
    (44, 26, 1),
    (64, 18, 2),
    (86, 24, 2),
    (108, 16, 4),
    (124, 18, 4),
    (154, 22, 4),
    (182, 22, 5),
    (216, 26, 5),
];
/// The middles of the alignment patterns.
const ALIGNMENTS: [&[usize]; 10] =
    [&[], &[6, 18], &[6, 22], &[6, 26], &[6, 30], &[6, 34], &[6, 22, 38], &[6, 24, 42], &[6, 26, 46], &[6, 28, 50]];

/// A code: dark modules are ones, the leftmost module of a row its lowest bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// Modules a side, without the quiet zone.
    pub(crate) side: usize,
    pub(crate) rows: [u64; 57],
}

/// The code of a text; `None` when it is longer than 213 bytes.
pub(crate) fn code(text: &[u8]) -> Option<Code> {
    let needed = |version: usize| text.len() + if version < 9 { 2 } else { 3 };
    let at = VERSIONS.iter().enumerate().position(|(at, (data, ..))| needed(at) <= *data)?;
    let (data, correction, blocks) = *VERSIONS.get(at)?;
    let words = interleaved(&codewords(text, data, at >= 9), correction, blocks);
    let side = 21 + 4 * at;
    let mut grid = Grid { side, dark: [0; 57], fixed: [0; 57] };
    grid.patterns(at + 1, ALIGNMENTS.get(at)?);
    grid.place(&words);
    (0..8).map(|mask| grid.masked(mask)).min_by_key(penalty)
}

fn codewords(text: &[u8], length: usize, wide: bool) -> Vec<u8> {
    let mut words = Vec::with_capacity(length);
    // Mode "bytes" (4 bits), their number (8 or 16 bits), and so all that follows is shifted by four bits.
    let count = text.len().to_le_bytes();
    let [low, high, ..] = count;
    let head: &[u8] = if wide { &[high, low] } else { &[low] };
    let mut carry = 0x4;
    for byte in head.iter().chain(text) {
        words.push(carry << 4 | byte >> 4);
        carry = byte & 0xf;
    }
    words.push(carry << 4);
    for pad in [0xec, 0x11].into_iter().cycle() {
        if words.len() >= length {
            break;
        }
        words.push(pad);
    }
    words
}

/// Products in the field of 256 elements, as logarithms and powers of 2.
const FIELD: ([u8; 256], [u8; 256]) = {
    let (mut powers, mut logarithms) = ([0_u8; 256], [0_u8; 256]);
    let mut value = 1_u16;
    let mut exponent = 0;
    #[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "computed at build time")]
    while exponent < 255 {
        powers[exponent] = value as u8;
        logarithms[value as usize] = exponent as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= 0x11d;
        }
        exponent += 1;
    }
    (powers, logarithms)
};

fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let (powers, logarithms) = &FIELD;
    let log = |x: u8| logarithms.get(usize::from(x)).map_or(0, |l| usize::from(*l));
    powers.get((log(a) + log(b)) % 255).copied().unwrap_or(0)
}

fn generator(degree: usize) -> Vec<u8> {
    let mut polynomial = vec![0; degree];
    if let Some(last) = polynomial.last_mut() {
        *last = 1;
    }
    let mut root = 1;
    for _ in 0..degree {
        let shifted: Vec<u8> = polynomial.iter().skip(1).copied().chain([0]).collect();
        for (coefficient, next) in polynomial.iter_mut().zip(shifted) {
            *coefficient = times(*coefficient, root) ^ next;
        }
        root = times(root, 2);
    }
    polynomial
}

fn interleaved(data: &[u8], correction: usize, blocks: usize) -> Vec<u8> {
    let generator = generator(correction);
    let short = data.len() / blocks;
    let long_from = blocks - data.len() % blocks;
    let mut parts = Vec::with_capacity(blocks);
    let mut rest = data;
    for block in 0..blocks {
        let (part, after) = rest.split_at_checked(short + usize::from(block >= long_from)).unwrap_or((rest, &[]));
        rest = after;
        let mut remainder = vec![0_u8; correction];
        for byte in part {
            let factor = byte ^ remainder.first().copied().unwrap_or(0);
            remainder.rotate_left(1);
            if let Some(last) = remainder.last_mut() {
                *last = 0;
            }
            for (place, coefficient) in remainder.iter_mut().zip(&generator) {
                *place ^= times(factor, *coefficient);
            }
        }
        parts.push((part, remainder));
    }
    let mut words = Vec::with_capacity(data.len() + blocks * correction);
    for at in 0..=short {
        words.extend(parts.iter().filter_map(|(part, _)| part.get(at)));
    }
    for at in 0..correction {
        words.extend(parts.iter().filter_map(|(_, remainder)| remainder.get(at)));
    }
    words
}

struct Grid {
    side: usize,
    dark: [u64; 57],
    /// Modules that are no data.
    fixed: [u64; 57],
}

impl Grid {
    fn set(&mut self, x: usize, y: usize, dark: bool) {
        if let (Some(row), Some(fixed)) = (self.dark.get_mut(y), self.fixed.get_mut(y)) {
            *fixed |= 1 << x;
            *row = *row & !(1 << x) | u64::from(dark) << x;
        }
    }

    fn patterns(&mut self, version: usize, alignments: &[usize]) {
        let side = self.side;
        for i in 0..side {
            self.set(6, i, i % 2 == 0);
            self.set(i, 6, i % 2 == 0);
        }
        for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
            for y in 0..9 {
                for x in 0..9 {
                    // One module around is light; (x, y) is one more than the place.
                    let (Some(px), Some(py)) = ((left + x).checked_sub(1), (top + y).checked_sub(1)) else { continue };
                    if px < side && py < side {
                        let ring = x.abs_diff(4).max(y.abs_diff(4));
                        self.set(px, py, ring != 2 && ring != 4);
                    }
                }
            }
        }
        let last = alignments.last().copied().unwrap_or(0);
        for y in alignments {
            for x in alignments {
                if (*x == 6 && (*y == 6 || *y == last)) || (*y == 6 && *x == last) {
                    continue;
                }
                for dy in 0..5_usize {
                    for dx in 0..5_usize {
                        self.set(x + dx - 2, y + dy - 2, dx.abs_diff(2).max(dy.abs_diff(2)) != 1);
                    }
                }
            }
        }
        self.format(0);
        if version >= 7 {
            let mut rest = version;
            for _ in 0..12 {
                rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
            }
            let bits = version << 12 | rest;
            for i in 0..18 {
                let dark = bits >> i & 1 != 0;
                self.set(side - 11 + i % 3, i / 3, dark);
                self.set(i / 3, side - 11 + i % 3, dark);
            }
        }
    }

    /// Correction M (00) and the mask, twice.
    fn format(&mut self, mask: usize) {
        let mut rest = mask;
        for _ in 0..10 {
            rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        }
        let bits = (mask << 10 | rest) ^ 0x5412;
        let side = self.side;
        for i in 0..15 {
            let dark = bits >> i & 1 != 0;
            match i {
                0..=5 => self.set(8, i, dark),
                6 | 7 => self.set(8, i + 1, dark),
                8 => self.set(7, 8, dark),
                _ => self.set(14 - i, 8, dark),
            }
            if i < 8 {
                self.set(side - 1 - i, 8, dark);
            } else {
                self.set(8, side + i - 15, dark);
            }
        }
        self.set(8, side - 8, true);
    }

    /// The data, in columns of two from the right, up and down.
    fn place(&mut self, words: &[u8]) {
        let side = self.side;
        let mut bits = words.iter().flat_map(|word| (0..8).rev().map(move |bit| word >> bit & 1 != 0));
        let mut up = true;
        let mut right = side - 1;
        while right >= 1 {
            if right == 6 {
                right = 5;
            }
            for step in 0..side {
                let y = if up { side - 1 - step } else { step };
                for x in [right, right - 1] {
                    if let (Some(row), Some(fixed)) = (self.dark.get_mut(y), self.fixed.get(y))
                        && fixed >> x & 1 == 0
                        && bits.next().unwrap_or(false)
                    {
                        *row |= 1 << x;
                    }
                }
            }
            up = !up;
            right = right.saturating_sub(2);
        }
    }

    fn masked(&self, mask: usize) -> Code {
        let mut grid = Self { side: self.side, dark: self.dark, fixed: self.fixed };
        for (y, (row, fixed)) in grid.dark.iter_mut().zip(&self.fixed).take(self.side).enumerate() {
            // The pattern of a row comes again after six modules.
            let mut pattern = 0;
            for x in 0..6 {
                let flip = match mask {
                    0 => (x + y) % 2,
                    1 => y % 2,
                    2 => x % 3,
                    3 => (x + y) % 3,
                    4 => (x / 3 + y / 2) % 2,
                    5 => x * y % 2 + x * y % 3,
                    6 => (x * y % 2 + x * y % 3) % 2,
                    _ => ((x + y) % 2 + x * y % 3) % 2,
                } == 0;
                pattern |= u64::from(flip) << x;
            }
            let mut whole = 0;
            for shift in (0..60).step_by(6) {
                whole |= pattern << shift;
            }
            *row ^= whole & !fixed & ((1 << self.side) - 1);
        }
        grid.format(mask);
        Code { side: grid.side, rows: grid.dark }
    }
}

/// How hard a code is to read: runs, squares, what looks like a finder, and the balance (ISO/IEC 18004 §7.8.3.1).
fn penalty(code: &Code) -> u32 {
    let side = code.side;
    let full = (1_u64 << side) - 1;
    let rows = code.rows.get(..side).unwrap_or(&[]);
    let mut columns = [0_u64; 57];
    for (y, row) in rows.iter().enumerate() {
        let mut left = *row;
        while left != 0 {
            if let Some(column) = columns.get_mut(left.trailing_zeros() as usize) {
                *column |= 1 << y;
            }
            left &= left - 1;
        }
    }
    let mut total = 0;
    for row in rows.iter().chain(columns.iter().take(side)) {
        for line in [*row, !row & full] {
            // Ones that begin five alike; a run of n gives n - 4 of them, and costs n - 2.
            let five = line & line >> 1 & line >> 2 & line >> 3 & line >> 4;
            let runs = five & !(five << 1);
            total += five.count_ones() + 2 * runs.count_ones();
        }
        // 1011101 with four light modules on one side; the edge counts as light nowhere.
        let not = !row & full;
        let heart = row & not >> 1 & row >> 2 & row >> 3 & row >> 4 & not >> 5 & row >> 6;
        let after = not >> 7 & not >> 8 & not >> 9 & not >> 10;
        let before = not << 1 & not << 2 & not << 3 & not << 4;
        total += 40 * ((heart & after).count_ones() + (heart & before).count_ones());
    }
    for (row, below) in rows.iter().zip(rows.iter().skip(1)) {
        let alike = |a: u64, b: u64| (a & a >> 1 & b & b >> 1).count_ones();
        total += 3 * (alike(*row, *below) + alike(!row & full, !below & full));
    }
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let modules = u32::try_from(side * side).unwrap_or(1);
    total + (dark * 20).abs_diff(modules * 10) / modules * 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    fn every_version_is_read_back() {
        for length in 1..=213 {
            let text: String = "https://ent.exemple.fr/session/activate?login=".chars().cycle().take(length).collect();
            let code = code(text.as_bytes()).unwrap();
            assert_eq!(read(&code), text);
        }
        assert_eq!(code(&[b'x'; 214]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn each_module_is_where_another_library_puts_it(text in "[ -~]{1,200}", mask in 0_usize..8) {
            let masks = [fast_qr::Mask::Checkerboard, fast_qr::Mask::HorizontalLines, fast_qr::Mask::VerticalLines,
                fast_qr::Mask::DiagonalLines, fast_qr::Mask::LargeCheckerboard, fast_qr::Mask::Fields,
                fast_qr::Mask::Diamonds, fast_qr::Mask::Meadow];
            let other = fast_qr::QRBuilder::new(text.as_bytes()).ecl(fast_qr::ECL::M).mode(fast_qr::Mode::Byte)
                .mask(masks[mask]).build().unwrap();
            let (data, correction, blocks) = VERSIONS[(other.size - 21) / 4];
            let words = interleaved(&codewords(text.as_bytes(), data, other.size >= 57), correction, blocks);
            let mut grid = Grid { side: other.size, dark: [0; 57], fixed: [0; 57] };
            grid.patterns((other.size - 17) / 4, ALIGNMENTS[(other.size - 21) / 4]);
            grid.place(&words);
            let own = grid.masked(mask);
            for y in 0..own.side {
                for x in 0..own.side {
                    prop_assert_eq!(own.rows[y] >> x & 1 == 1, other[y][x].value(), "{} {}", x, y);
                }
            }
        }
    }
}
