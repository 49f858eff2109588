//! A file takes no more memory than an entry may, whatever is in it. Alone in its process, whose peak it looks at.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::io::{self, BufRead, BufReader, Read};

use feed::{Entry, Reject, Sink, Stop};

struct Count(u64, u64);

impl Sink for Count {
    fn entry(&mut self, _: Entry) -> Result<(), Stop> {
        self.0 += 1;
        Ok(())
    }

    fn reject(&mut self, _: Reject) -> Result<(), Stop> {
        self.1 += 1;
        Ok(())
    }
}

/// The most memory that this process has had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn enormous(before: &str, byte: u8, after: &str) -> impl BufRead + use<> {
    const SIZE: u64 = 100_000_000;
    let middle = BufReader::with_capacity(65536, io::repeat(byte).take(SIZE));
    io::Cursor::new(before.as_bytes().to_vec()).chain(middle).chain(io::Cursor::new(after.as_bytes().to_vec()))
}

#[test]
fn memory_is_bounded() {
    let entry = "<deleteRequest><identifier><id>1</id></identifier></deleteRequest>";
    let open = format!("<ficAlimMENESR>{entry}<addRequest><identifier><id>2</id></identifier><attributes>");
    let close = format!("</attributes></addRequest>{entry}</ficAlimMENESR>");
    let name = "ENT_Delta_20250902_Eleve_0001.xml";
    let before = peak();
    for (opening, byte, closing) in
        [("<attr name='", b'x', "'/>"), ("<attr name='sn'><value>", b' ', "</value></attr>")]
    {
        let mut count = Count(0, 0);
        let reader = enormous(&format!("{open}{opening}"), byte, &format!("{closing}{close}"));
        feed::read(name, None, reader, &mut count).unwrap();
        assert_eq!((count.0, count.1), (2, 1));
    }
    let mut count = Count(0, 0);
    let table = enormous("profil;nom;prénom\nélève;A;B\nélève;\"", b';', "\";B\nélève;C;D\n");
    feed::read("x.csv", Some("0990001A"), table, &mut count).unwrap();
    assert_eq!((count.0, count.1), (2, 1));
    let grown = peak() - before;
    assert!(grown < 12 * 1024, "{grown} KiB more, for files of 100 MB");
}
