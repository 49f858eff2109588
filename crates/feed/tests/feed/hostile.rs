//! Files that nobody should send: damaged, enormous, or made to do harm.

use std::io::{self, BufRead, BufReader, Read};

use crate::aaf::{FILE, NAME};
use crate::kept::{Kept, UAI, aaf, read, refused, try_read};
use crate::tables::{OURS, RELATIVES, STUDENTS};
use feed::{Entry, MAX_ENTRY, Reject, Sink, Stop};

const FILES: [(&str, &str); 4] = [(NAME, FILE), ("e.csv", STUDENTS), ("r.csv", RELATIVES), ("o.csv", OURS)];

/// A file that is so many times the same piece, of which nothing is kept.
fn endless(before: &str, piece: &str, times: u64, after: &str) -> impl BufRead + use<> {
    let piece = piece.repeat(1 + 4096 / piece.len()).into_bytes();
    let length = times.div_ceil(4096) * piece.len() as u64;
    let middle = BufReader::new(Repeat { piece, at: 0 }).take(length);
    io::Cursor::new(before.as_bytes().to_vec()).chain(middle).chain(io::Cursor::new(after.as_bytes().to_vec()))
}

struct Repeat {
    piece: Vec<u8>,
    at: usize,
}

impl Read for Repeat {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.piece.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at = (self.at + read) % self.piece.len();
        Ok(read)
    }
}

#[test]
fn cut_off_anywhere() {
    for (name, file) in FILES {
        let (whole, _) = read(name, file);
        for length in 0..file.len() {
            let (kept, result) = try_read(name, &file.as_bytes()[..length]);
            if file.starts_with('<') {
                assert_eq!(result.is_ok(), length >= file.trim_end().len(), "{name} cut at {length}");
                assert!(whole.entries.starts_with(&kept.entries), "{name} cut at {length}");
            }
            assert!(kept.entries.len() + kept.rejects.len() <= whole.entries.len() + whole.rejects.len() + 1);
        }
    }
}

/// Whatever the sizes of the pieces a file comes in, it says the same.
#[test]
fn in_small_pieces() {
    for (name, file) in FILES.into_iter().chain([(NAME, FILE.replace("encoding=\"UTF-8\"", "").leak() as &str)]) {
        let (whole, summary) = read(name, file);
        for size in [1, 2, 3, 7, 64, 511, 513] {
            let mut kept = Kept::default();
            let again =
                feed::read(name, Some(UAI), BufReader::with_capacity(size, file.as_bytes()), &mut kept).unwrap();
            assert_eq!((&kept, &again), (&whole, &summary), "{name} by {size}");
        }
    }
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<?xml version='1.0'?>
<!DOCTYPE ficAlimMENESR [ <!ENTITY a 'ha'> <!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'> <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'> ]>
<ficAlimMENESR><addRequest><identifier><id>&c;</id></identifier></addRequest></ficAlimMENESR>";
    assert_eq!(refused(NAME, bomb).1, "xml-entities");
    let outside = bomb.replace("[ <!ENTITY a 'ha'>", "[ <!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;");
    assert_eq!(refused(NAME, outside).1, "xml-entities");
    let (kept, _) = read(NAME, FILE.replacen("Léa", "L&bomb;a", 1));
    assert_eq!((kept.rejects[0].id.as_str(), kept.rejects[0].code.as_str()), ("1001", "bad-field"));
}

#[test]
fn elements_in_elements() {
    let nested = |depth: usize| aaf(&format!("<addRequest>{}", "<a>".repeat(depth)));
    assert_eq!(refused(NAME, nested(14)).1, "malformed-xml");
    assert_eq!(refused(NAME, nested(15)).1, "too-deep");
    let mut kept = Kept::default();
    let error = feed::read(NAME, None, endless("<ficAlimMENESR>", "<a>", 10_000_000, ""), &mut kept).unwrap_err();
    assert_eq!(error.code(), "too-deep");
}

/// Each too large in its way, between two good entries.
#[test]
fn an_entry_that_is_too_large_is_left_out_alone() {
    let good = |id: &str| {
        format!(
            "<addRequest><identifier><id>{id}</id></identifier><attributes><attr name='sn'><value>A</value></attr>
        <attr name='givenName'><value>B</value></attr></attributes></addRequest>\n"
        )
    };
    let before = format!("<ficAlimMENESR>\n{}", good("1"));
    let after = format!("{}</ficAlimMENESR>", good("3"));
    for (open, piece, close) in [
        ("<attributes><attr name='sn'><value>", "x\n", "</value></attr></attributes>"),
        ("<attributes><attr name='", "x\n", "'/></attributes>"),
        ("<attributes><attr name='sn'><value><![CDATA[", "</other>\n", "]]></value></attr></attributes>"),
        ("<!--", "<</addReques </\n", "-->"),
        ("<attributes>", "<attr name='sn'><value>x</value></attr>\n", "</attributes>"),
        ("", "<x/>\n", ""),
    ] {
        let opening = format!("{before}<addRequest><identifier><id>2</id></identifier>{open}");
        let closing = format!("{close}</addRequest >\n{after}");
        let times = 3 * MAX_ENTRY as u64;
        let mut kept = Kept::default();
        let summary = feed::read(NAME, None, endless(&opening, piece, times, &closing), &mut kept).unwrap();
        assert_eq!((summary.read, summary.rejected), (2, 1), "{open}");
        assert_eq!(kept.refused(), [(4, "too-large")], "{open}");
        assert_eq!(kept.rejects[0].id, "2");
        let lines = times / 4096 * (1 + 4096 / piece.len() as u64);
        assert_eq!(kept.entry_of("3").line, 4 + lines + 1, "{open}");
    }
}

#[test]
fn damage_after_an_entry_that_is_too_large_is_damage() {
    let open = "<ficAlimMENESR>\n<addRequest><identifier><id>1</id></identifier><!--";
    let close = "--></addRequest>\n<addRequest><identifier></id></addRequest></ficAlimMENESR>";
    let mut kept = Kept::default();
    let error = feed::read(NAME, None, endless(open, "x", 2 * MAX_ENTRY as u64, close), &mut kept).unwrap_err();
    assert_eq!((error.code(), error.line()), ("malformed-xml", Some(3)));
    assert_eq!(kept.refused(), [(2, "too-large")]);
}

#[test]
fn an_entry_up_to_the_limit_is_read() {
    let text = |length: usize| {
        let padding = "x".repeat(length);
        aaf(&format!("<deleteRequest><identifier><id>1</id></identifier><!--{padding}--></deleteRequest>"))
    };
    assert_eq!(read(NAME, text(MAX_ENTRY - 200)).0.entries.len(), 1);
    assert_eq!(read(NAME, text(MAX_ENTRY)).0.refused(), [(3, "too-large")]);
}

#[test]
fn enormous_outside_of_entries() {
    for before in ["<", "<!--", "<ficAlimMENESR>", "<ficAlimMENESR><", "<ficAlimMENESR><!--", "<?"] {
        let mut kept = Kept::default();
        let error = feed::read(NAME, None, endless(before, "x", 3 * MAX_ENTRY as u64, ""), &mut kept).unwrap_err();
        assert_eq!(error.code(), "too-large", "{before}");
    }
    let mut kept = Kept::default();
    let left = endless("<ficAlimMENESR><addRequest><", "x", 3 * MAX_ENTRY as u64, "");
    assert_eq!(feed::read(NAME, None, left, &mut kept).unwrap_err().code(), "truncated-file");
    assert_eq!(kept.refused(), [(1, "too-large")]);
}

#[test]
fn a_row_that_is_too_large_is_left_out_alone() {
    let header = "profil;nom;prénom\n";
    for (open, piece, close) in
        [("élève;", "x", ";A\n"), ("élève;\"", "x\n", "\";A\n"), ("élève", ";", "\n"), ("", "x", "\n")]
    {
        let opening = format!("{header}élève;A;B\n{open}");
        let closing = format!("{close}élève;C;D\n");
        let mut kept = Kept::default();
        feed::read("x.csv", Some(UAI), endless(&opening, piece, 3 * MAX_ENTRY as u64, &closing), &mut kept).unwrap();
        assert_eq!((kept.entries.len(), kept.refused()), (2, vec![(3, "too-large")]), "{open}");
    }
    let mut kept = Kept::default();
    let left = endless(&format!("{header}\""), "x\n", 3 * MAX_ENTRY as u64, "");
    let error = feed::read("x.csv", Some(UAI), left, &mut kept).unwrap_err();
    assert_eq!((error.code(), error.line()), ("unclosed-quote", Some(2)));
    let left = endless("", "x;", 3 * MAX_ENTRY as u64, "");
    assert_eq!(feed::read("x.csv", Some(UAI), left, &mut kept).unwrap_err().code(), "unknown-header");
}

#[test]
fn nothing_but_names_of_attributes() {
    let attributes: String = (0..5000).map(|n| format!("<attr name='x{n}'/>")).collect();
    let request = format!(
        "<deleteRequest><identifier><id>1</id></identifier><attributes>{attributes}</attributes></deleteRequest>"
    );
    let (_, summary) = read(NAME, aaf(&request));
    assert_eq!((summary.unknown.len(), summary.unknown["…"]), (501, 4500));
}

struct Full(u32);

impl Sink for Full {
    fn entry(&mut self, _: Entry) -> Result<(), Stop> {
        self.0 = self.0.checked_sub(1).ok_or(Stop)?;
        Ok(())
    }

    fn reject(&mut self, _: Reject) -> Result<(), Stop> {
        Err(Stop)
    }
}

#[test]
fn a_sink_that_wants_no_more() {
    for (file, room, line) in [(FILE, 0, 5), (FILE, 1, 33), (FILE, 2, 36), (STUDENTS, 1, 3), (STUDENTS, 2, 5)] {
        let error = feed::read(NAME, Some(UAI), file.as_bytes(), &mut Full(room)).unwrap_err();
        assert_eq!((error.code(), error.line()), ("stopped", Some(line)));
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

#[test]
fn a_file_that_breaks_off() {
    for (name, file) in FILES {
        for length in [0, 100, file.floor_char_boundary(file.len() * 2 / 3)] {
            let mut kept = Kept::default();
            let reader = BufReader::new(file.as_bytes()[..length].chain(Broken));
            let error = feed::read(name, Some(UAI), reader, &mut kept).unwrap_err();
            assert_eq!(error.code(), "unreadable-file", "{name} at {length}");
        }
    }
}
