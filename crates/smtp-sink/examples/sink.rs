//! A server to look at by hand: prints its address, its certificate's file, and each second how many mails it took.
//!
//! `cargo run -p smtp-sink --example sink [starttls|implicit]`

use std::io;
use std::thread::sleep;
use std::time::Duration;

use smtp_sink::{Protection, Script, Sink};

fn main() -> io::Result<()> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let protection = match wanted.as_str() {
        "starttls" => Protection::StartTls,
        "implicit" => Protection::Implicit,
        _ => Protection::None,
    };
    let auth = if protection == Protection::None { "" } else { "PLAIN" };
    let sink = Sink::start(Script { protection, auth, ..Script::default() })?;
    let certificate = std::env::temp_dir().join(format!("smtp-sink-{}.pem", sink.address().port()));
    std::fs::write(&certificate, sink.certificate())?;
    println!("{} {}", sink.address(), certificate.display());
    let mut before = 0;
    loop {
        sleep(Duration::from_secs(1));
        let now = sink.taken().len();
        if now != before {
            println!("{now} mails on {} connections", sink.connections());
            before = now;
        }
    }
}
