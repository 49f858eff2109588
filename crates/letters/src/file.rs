//! A PDF file as it grows: numbered objects, small ones packed together and compressed, and the table that says where each is.
//!
//! PDF 1.7 (ISO 32000-1) §7.5: object streams and a cross-reference stream. All that must be remembered between two pieces of the
//! file is here and can be put away; the bytes that were made are not kept.

use std::collections::BTreeMap;
use std::io::Write as _;

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params};
use serde::{Deserialize, Serialize};

/// The number of an object.
pub(crate) type Id = u32;

/// Packed objects are written out when they come to this many bytes.
const PACK_BYTES: usize = 48 * 1024;
/// The fastest level that still finds what repeats.
const LEVEL: i32 = 1;

/// Where objects are, as runs of consecutive numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Slot {
    /// One object whose number was given before it was written; where it is stands in `settled`.
    Later,
    /// One object at this byte.
    At(u64),
    /// Consecutive objects in this object stream, from this place on.
    Packed { stream: Id, first: u16, count: u16 },
}

/// The bytes of one piece of the file, and what makes them small.
pub(crate) struct Out {
    pub(crate) bytes: Vec<u8>,
    compressor: CompressorOxide,
}

impl Out {
    pub(crate) fn new() -> Self {
        let flags = create_comp_flags_from_zip_params(LEVEL, 15, 0);
        Self { bytes: Vec::new(), compressor: CompressorOxide::new(flags) }
    }

    /// Appends `data` as a zlib stream; how many bytes it took.
    fn deflate(&mut self, data: &[u8]) -> usize {
        let before = self.bytes.len();
        self.compressor.reset();
        let bytes = &mut self.bytes;
        compress_to_output(&mut self.compressor, data, TDEFLFlush::Finish, |part| {
            bytes.extend_from_slice(part);
            true
        });
        self.bytes.len() - before
    }
}

/// The objects written so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct File {
    /// Bytes of the pieces that were handed over.
    written: u64,
    next: Id,
    slots: Vec<Slot>,
    settled: BTreeMap<Id, Slot>,
    pack: Pack,
}

/// Small objects on their way into one object stream.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Pack {
    id: Id,
    count: u16,
    head: Vec<u8>,
    body: Vec<u8>,
}

impl File {
    pub(crate) fn open() -> Self {
        // Number 0 is nobody's.
        let mut file = Self { next: 1, ..Self::default() };
        file.pack.id = file.reserve();
        file
    }

    /// What a file begins with.
    pub(crate) fn begin(&self, out: &mut Out) {
        if self.written == 0 && out.bytes.is_empty() {
            out.bytes.extend_from_slice(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        }
    }

    /// The bytes of a piece leave.
    pub(crate) fn hand_over(&mut self, out: Out) -> Vec<u8> {
        self.written += out.bytes.len() as u64;
        out.bytes
    }

    /// A number for an object that others speak of before it is written.
    pub(crate) fn reserve(&mut self) -> Id {
        self.slots.push(Slot::Later);
        self.number()
    }

    fn number(&mut self) -> Id {
        let id = self.next;
        self.next += 1;
        id
    }

    /// The number that the next object will have.
    pub(crate) const fn upcoming(&self) -> Id {
        self.next
    }

    /// A compressed stream; `entries` are what its dictionary says beside length and filter.
    pub(crate) fn stream(&mut self, out: &mut Out, entries: &str, data: &[u8]) -> Id {
        let at = self.written + out.bytes.len() as u64;
        self.slots.push(Slot::At(at));
        let id = self.number();
        write_stream(out, id, entries, data, true);
        id
    }

    /// A stream as it is: compressed already, or to be read by anybody.
    pub(crate) fn plain_stream(&mut self, out: &mut Out, entries: &str, data: &[u8]) -> Id {
        let at = self.written + out.bytes.len() as u64;
        self.slots.push(Slot::At(at));
        let id = self.number();
        write_stream(out, id, entries, data, false);
        id
    }

    /// A small object.
    pub(crate) fn object(&mut self, body: &[u8]) -> Id {
        let (stream, place) = self.pack(self.next, body);
        match self.slots.last_mut() {
            Some(Slot::Packed { stream: last, first, count }) if *last == stream && *first + *count == place => {
                *count += 1
            }
            _ => self.slots.push(Slot::Packed { stream, first: place, count: 1 }),
        }
        self.number()
    }

    /// A small object whose number was given before.
    pub(crate) fn reserved_object(&mut self, id: Id, body: &[u8]) {
        let (stream, first) = self.pack(id, body);
        self.settled.insert(id, Slot::Packed { stream, first, count: 1 });
    }

    fn pack(&mut self, id: Id, body: &[u8]) -> (Id, u16) {
        let pack = &mut self.pack;
        let place = pack.count;
        pack.count += 1;
        let _ = write!(pack.head, "{id} {} ", pack.body.len());
        pack.body.extend_from_slice(body);
        pack.body.push(b'\n');
        (pack.id, place)
    }

    /// Writes out the small objects when they have become many. To be called at the end of a page.
    pub(crate) fn turn(&mut self, out: &mut Out) {
        if self.pack.body.len() >= PACK_BYTES {
            self.flush(out);
            self.pack.id = self.reserve();
        }
    }

    fn flush(&mut self, out: &mut Out) {
        let mut pack = std::mem::take(&mut self.pack);
        let entries = format!("/Type/ObjStm/N {}/First {}", pack.count, pack.head.len());
        self.settled.insert(pack.id, Slot::At(self.written + out.bytes.len() as u64));
        pack.head.append(&mut pack.body);
        write_stream(out, pack.id, &entries, &pack.head, true);
    }

    /// The rest of the file: what is packed still, and the table of all objects.
    pub(crate) fn close(mut self, mut out: Out, root: Id, info: Id) -> Vec<u8> {
        self.flush(&mut out);
        let at = self.written + out.bytes.len() as u64;
        self.slots.push(Slot::At(at));
        let id = self.number();
        let table = self.table();
        let entries = format!(
            "/Type/XRef/Size {}/Root {root} 0 R/Info {info} 0 R/W[1 5 2]/DecodeParms<</Predictor 12/Columns 8>>",
            self.next
        );
        write_stream(&mut out, id, &entries, &table, true);
        let _ = write!(out.bytes, "startxref\n{at}\n%%EOF\n");
        out.bytes
    }

    /// Eight bytes an object, each line as its difference from the one above (PNG "up"): they become very small so.
    fn table(&self) -> Vec<u8> {
        let mut rows = Vec::with_capacity(self.next as usize * 9);
        let mut above = [0_u8; 8];
        let mut row = |kind: u8, second: u64, third: u16| {
            let mut line = [0_u8; 8];
            let [_, _, _, b3, b4, b5, b6, b7] = second.to_be_bytes();
            let [c0, c1] = third.to_be_bytes();
            line.copy_from_slice(&[kind, b3, b4, b5, b6, b7, c0, c1]);
            rows.push(2);
            rows.extend(line.iter().zip(above).map(|(new, old)| new.wrapping_sub(old)));
            above = line;
        };
        row(0, 0, u16::MAX);
        let mut id: Id = 1;
        for slot in &self.slots {
            match if *slot == Slot::Later { self.settled.get(&id) } else { Some(slot) } {
                Some(Slot::At(at)) => row(1, *at, 0),
                Some(Slot::Packed { stream, first, count }) => {
                    for place in *first..first.saturating_add(*count) {
                        row(2, u64::from(*stream), place);
                    }
                    id += Id::from(*count);
                    continue;
                }
                Some(Slot::Later) | None => row(0, 0, 0),
            }
            id += 1;
        }
        rows
    }
}

fn write_stream(out: &mut Out, id: Id, entries: &str, data: &[u8], compress: bool) {
    let filter = if compress { "/Filter/FlateDecode" } else { "" };
    // The length is known after compression only: room for it is kept.
    let _ = write!(out.bytes, "{id} 0 obj\n<<{entries}{filter}/Length ");
    let place = out.bytes.len();
    out.bytes.extend_from_slice(b"         >>stream\n");
    let length = if compress {
        out.deflate(data)
    } else {
        out.bytes.extend_from_slice(data);
        data.len()
    };
    if let Some(room) = out.bytes.get_mut(place..place + 9) {
        let _ = write!(&mut *room, "{length}");
    }
    out.bytes.extend_from_slice(b"\nendstream endobj\n");
}
