//! One connection, from greeting to QUIT.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::script::{Fault, Protection, Script, Stage};
use crate::{Seen, Taken};

/// The client leaves within this, or is left.
const PATIENCE: Duration = Duration::from_secs(30);

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Serves `stream` to its end; a client that misbehaves is left.
pub(crate) fn serve(stream: TcpStream, script: &Script, tls: &Arc<ServerConfig>, seen: &Seen) {
    let prepared = stream
        .set_nonblocking(false)
        .and_then(|()| stream.set_nodelay(true))
        .and_then(|()| stream.set_read_timeout(Some(PATIENCE)));
    if prepared.is_err() {
        return;
    }
    let mut dialogue = Dialogue { script, seen, mails: 0, protected: false, known: false };
    // Ends with the connection, however it ends.
    let _ = match script.protection {
        Protection::Implicit => {
            dialogue.protected = true;
            under_tls(stream, tls).and_then(|stream| dialogue.greet(&mut BufReader::new(stream)).map(|_| ()))
        }
        _ => dialogue.greet_in_clear(stream, tls),
    };
}

fn under_tls(stream: TcpStream, tls: &Arc<ServerConfig>) -> io::Result<Box<dyn Stream>> {
    let connection = ServerConnection::new(Arc::clone(tls)).map_err(io::Error::other)?;
    Ok(Box::new(StreamOwned::new(connection, stream)))
}

/// How a dialogue ended.
enum End {
    Over,
    StartTls,
}

struct Dialogue<'a> {
    script: &'a Script,
    seen: &'a Seen,
    mails: u32,
    protected: bool,
    /// AUTH succeeded.
    known: bool,
}

/// What follows a command.
enum Next {
    Go,
    Leave,
    StartTls,
}

impl Dialogue<'_> {
    fn greet_in_clear(&mut self, stream: TcpStream, tls: &Arc<ServerConfig>) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        if matches!(self.greet(&mut Both { reader: &mut reader, writer: stream.try_clone()? })?, End::StartTls) {
            self.protected = true;
            let mut stream = BufReader::new(under_tls(stream, tls)?);
            self.listen(&mut stream)?;
        }
        Ok(())
    }

    fn greet<S: BufRead + Reply>(&mut self, stream: &mut S) -> io::Result<End> {
        match self.answer(stream, Stage::Banner, "220 mx.example ESMTP")? {
            Next::Leave => Ok(End::Over),
            _ => self.listen(stream),
        }
    }

    fn listen<S: BufRead + Reply>(&mut self, stream: &mut S) -> io::Result<End> {
        let (mut sender, mut recipients) = (None, Vec::new());
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(End::Over);
            }
            let command = line.trim_end().to_owned();
            self.seen.commands.lock().unwrap_or_else(PoisonError::into_inner).push(command.clone());
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let next = match verb.as_str() {
                "EHLO" | "HELO" => {
                    let capabilities = self.capabilities();
                    self.answer(stream, Stage::Ehlo, &capabilities)?
                }
                "STARTTLS" => match self.answer(stream, Stage::StartTls, "220 2.0.0 Go ahead")? {
                    Next::Go => Next::StartTls,
                    other => other,
                },
                "AUTH" => self.authenticate(stream, &command)?,
                "RSET" => {
                    (sender, recipients) = (None, Vec::new());
                    stream.reply(b"250 2.0.0 Ok\r\n")?;
                    Next::Go
                }
                "MAIL" if !self.script.auth.is_empty() && !self.known => {
                    stream.reply(b"530 5.7.0 Authentication required\r\n")?;
                    Next::Go
                }
                "MAIL" => {
                    if self.script.fault(Stage::Mail, self.mails).is_none() {
                        sender = Some(path(&command));
                    }
                    self.answer(stream, Stage::Mail, "250 2.1.0 Ok")?
                }
                "RCPT" => {
                    if self.script.fault(Stage::Rcpt, self.mails).is_none() {
                        recipients.push(path(&command));
                    }
                    self.answer(stream, Stage::Rcpt, "250 2.1.5 Ok")?
                }
                "DATA" if (sender.is_none() || recipients.is_empty()) && !self.script.careless => {
                    stream.reply(b"554 5.5.1 No valid recipients\r\n")?;
                    Next::Go
                }
                "DATA" => {
                    let taken = Taken {
                        sender: sender.take().unwrap_or_default(),
                        recipients: std::mem::take(&mut recipients),
                        message: Vec::new(),
                    };
                    self.data(stream, taken)?
                }
                "NOOP" => {
                    stream.reply(b"250 2.0.0 Ok\r\n")?;
                    Next::Go
                }
                "QUIT" => {
                    stream.reply(b"221 2.0.0 Bye\r\n")?;
                    Next::Leave
                }
                _ => {
                    stream.reply(b"500 5.5.2 Not understood\r\n")?;
                    Next::Go
                }
            };
            match next {
                Next::Go => {}
                Next::Leave => return Ok(End::Over),
                Next::StartTls => return Ok(End::StartTls),
            }
        }
    }

    fn capabilities(&self) -> String {
        let mut lines = vec!["mx.example".to_owned(), "8BITMIME".to_owned()];
        if self.script.pipelining {
            lines.push("PIPELINING".to_owned());
        }
        lines.extend(self.script.size.map(|size| format!("SIZE {size}")));
        if self.script.protection == Protection::StartTls && !self.protected {
            lines.push("STARTTLS".to_owned());
        }
        if !self.script.auth.is_empty() && self.protected {
            lines.push(format!("AUTH {}", self.script.auth));
        }
        let last = lines.pop().unwrap_or_default();
        lines.iter().map(|line| format!("250-{line}\r\n")).chain([format!("250 {last}")]).collect()
    }

    /// PLAIN and LOGIN, compared in their encoded form.
    fn authenticate<S: BufRead + Reply>(&mut self, stream: &mut S, command: &str) -> io::Result<Next> {
        let (user, password) = self.script.credentials;
        let given = if let Some(secret) = command.strip_prefix("AUTH PLAIN ") {
            secret == base64(format!("\0{user}\0{password}").as_bytes())
        } else {
            let mut words = Vec::new();
            for prompt in ["334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n"] {
                stream.reply(prompt.as_bytes())?;
                let mut line = String::new();
                stream.read_line(&mut line)?;
                words.push(line.trim_end().to_owned());
            }
            words == [base64(user.as_bytes()), base64(password.as_bytes())]
        };
        self.known = given;
        self.answer(stream, Stage::Auth, if given { "235 2.7.0 Welcome" } else { "535 5.7.8 Bad credentials" })
    }

    fn data<S: BufRead + Reply>(&mut self, stream: &mut S, mut taken: Taken) -> io::Result<Next> {
        if self.script.fault(Stage::Data, self.mails).is_some() {
            return self.answer(stream, Stage::Data, "354 Go on");
        }
        stream.reply(b"354 Go on\r\n")?;
        if let Some(fault) = self.script.fault(Stage::Content, self.mails) {
            let mut some = [0; 64];
            let _ = stream.read(&mut some)?;
            return perform(stream, fault, "");
        }
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line)? == 0 {
                return Ok(Next::Leave);
            }
            if line == b".\r\n" {
                break;
            }
            taken.message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        // A server that waits or drips has the mail all the same.
        let lost = matches!(
            self.script.fault(Stage::Dot, self.mails),
            Some(Fault::Reply(_) | Fault::Bytes(_) | Fault::Endless(_))
        );
        if !lost {
            self.seen.taken.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
        }
        let next = self.answer(stream, Stage::Dot, "250 2.0.0 Ok: queued as 4XSINK")?;
        self.mails += 1;
        Ok(if self.mails >= self.script.mails { Next::Leave } else { next })
    }

    fn answer(&self, stream: &mut impl Reply, stage: Stage, right: &str) -> io::Result<Next> {
        match self.script.fault(stage, self.mails) {
            Some(fault) => perform(stream, fault, right),
            None => {
                stream.reply(format!("{right}\r\n").as_bytes())?;
                Ok(Next::Go)
            }
        }
    }
}

fn perform(stream: &mut impl Reply, fault: &Fault, right: &str) -> io::Result<Next> {
    match fault {
        Fault::Reply(reply) => stream.reply(format!("{reply}\r\n").as_bytes())?,
        Fault::Bytes(bytes) => stream.reply(bytes)?,
        Fault::Endless(bytes) => loop {
            stream.reply(bytes)?;
        },
        Fault::Cut => return Ok(Next::Leave),
        Fault::Wait(time) => {
            thread::sleep(*time);
            stream.reply(format!("{right}\r\n").as_bytes())?;
        }
        Fault::Drip(time) => {
            for byte in format!("{right}\r\n").as_bytes() {
                thread::sleep(*time);
                stream.reply(&[*byte])?;
            }
        }
    }
    // After 421 a server closes.
    Ok(if matches!(fault, Fault::Reply(reply) if reply.starts_with("421")) { Next::Leave } else { Next::Go })
}

/// Writes one reply at once.
trait Reply {
    fn reply(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl<S: Stream> Reply for BufReader<S> {
    fn reply(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.get_mut().write_all(bytes)?;
        self.get_mut().flush()
    }
}

/// The clear connection in two halves, so that it can be given to TLS afterwards.
struct Both<'a> {
    reader: &'a mut BufReader<TcpStream>,
    writer: TcpStream,
}

impl Read for Both<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl BufRead for Both<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.reader.consume(amount);
    }
}

impl Reply for Both<'_> {
    fn reply(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }
}

/// The path of MAIL or RCPT, without brackets and parameters.
fn path(command: &str) -> String {
    command.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(path, _)| path).to_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let octet = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
        for digit in 0..4 {
            let value = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap_or(0);
            out.push(if digit > group.len() { '=' } else { DIGITS.get(value).map_or('=', |d| char::from(*d)) });
        }
    }
    out
}
