//! The peer of a broadcast by mail: Postfix (Debian) with an alias of all the addresses, which hands each its own mail to the
//! same server, as our outbox does (each mail has a reverse-path of its own there, so that bounces are told apart).

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// A Postfix of its own: configuration and queue in one folder, on a free port of this machine; ends with the value.
pub(crate) struct Postfix {
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = Command::new("postfix").arg("-c").arg(self.path("config")).arg("abort").output();
    }
}

impl Postfix {
    /// Starts one whose alias `tous` is `addresses` and which hands everything to `next`; none, with the reason said, when it
    /// cannot run here.
    pub(crate) fn start(next: SocketAddr, addresses: &[String]) -> Result<Option<Self>> {
        let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
        if !root || !Path::new("/usr/sbin/postfix").exists() {
            eprintln!("broadcast-mail-10k: no peer, a Postfix of its own needs root and Debian's package postfix");
            return Ok(None);
        }
        // Its daemons run as postfix, and must get through.
        let folder = tempfile::Builder::new().prefix("postfix").tempdir_in("/var/tmp")?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let postfix = Self { folder, port };
        for name in ["config", "spool", "data"] {
            std::fs::create_dir(postfix.path(name))?;
        }
        run(Command::new("chown").arg("postfix").arg(postfix.path("data")))?;
        std::fs::write(postfix.path("list"), addresses.join("\n"))?;
        std::fs::write(postfix.path("config/aliases"), format!("tous :include:{}\n", postfix.path("list").display()))?;
        std::fs::write(postfix.path("config/main.cf"), postfix.settings(next))?;
        std::fs::write(postfix.path("config/master.cf"), services(port))?;
        run(Command::new("postfix").arg("-c").arg(postfix.path("config")).arg("start"))?;
        Ok(Some(postfix))
    }

    fn settings(&self, next: SocketAddr) -> String {
        format!(
            "compatibility_level = 3.6\nqueue_directory = {}\ndata_directory = {}\nmail_owner = postfix\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nmyhostname = mx.ent.example\nmydestination = ent.example\nmynetworks = 127.0.0.0/8\n\
             alias_maps = texthash:{}\nlocal_recipient_maps =\nrelayhost = [{}]:{}\nsmtp_destination_recipient_limit = 1\n\
             maillog_file = {}\nmaillog_file_prefixes = /var\n",
            self.path("spool").display(),
            self.path("data").display(),
            self.path("config/aliases").display(),
            next.ip(),
            next.port(),
            self.path("log").display(),
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What it logged, the end of it.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        log.lines().rev().take(20).collect::<Vec<_>>().join("\n")
    }

    /// Hands it one message for the alias.
    pub(crate) fn send(&self, subject: &str, html: &str) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(10);
        let stream = loop {
            match TcpStream::connect(("127.0.0.1", self.port)) {
                Ok(stream) => break stream,
                Err(error) if Instant::now() > until => bail!("{error}:\n{}", self.log()),
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let mut answers = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        let mail = format!(
            "From: <direction@ent.example>\r\nTo: destinataires masqués:;\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n.\r\n"
        );
        for (line, code) in [
            ("", "220"),
            ("HELO bench.example\r\n", "250"),
            ("MAIL FROM:<direction@ent.example>\r\n", "250"),
            ("RCPT TO:<tous@ent.example>\r\n", "250"),
            ("DATA\r\n", "354"),
            (mail.as_str(), "250"),
        ] {
            stream.write_all(line.as_bytes())?;
            let mut answer = String::new();
            answers.read_line(&mut answer)?;
            ensure!(answer.starts_with(code), "{answer}{}", self.log());
        }
        Ok(())
    }
}

/// The services that expanding and relaying need, none in a chroot.
fn services(port: u16) -> String {
    let mut text = format!("127.0.0.1:{port} inet n - n - - smtpd\n");
    for (name, kind, private, wakeup, limit, command) in [
        ("pickup", "unix", "n", "60", "1", "pickup"),
        ("cleanup", "unix", "n", "-", "0", "cleanup"),
        ("qmgr", "unix", "n", "300", "1", "qmgr"),
        ("rewrite", "unix", "-", "-", "-", "trivial-rewrite"),
        ("bounce", "unix", "-", "-", "0", "bounce"),
        ("defer", "unix", "-", "-", "0", "bounce"),
        ("trace", "unix", "-", "-", "0", "bounce"),
        ("error", "unix", "-", "-", "-", "error"),
        ("smtp", "unix", "-", "-", "-", "smtp"),
        ("relay", "unix", "-", "-", "-", "smtp"),
        ("local", "unix", "-", "-", "-", "local"),
        ("anvil", "unix", "-", "-", "1", "anvil"),
        ("proxymap", "unix", "-", "-", "-", "proxymap"),
        ("postlog", "unix-dgram", "n", "-", "1", "postlogd"),
    ] {
        let unprivileged = if command == "local" { "n" } else { "-" };
        text.push_str(&format!("{name} {kind} {private} {unprivileged} n {wakeup} {limit} {command}\n"));
    }
    text
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
