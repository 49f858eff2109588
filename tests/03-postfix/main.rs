//! A real Postfix (Debian) takes what the outbox sends, and delivers it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mail_parser::MessageParser;
use serde_json::json;
use store::{Database, params};
use tests::{EACH_SECOND, House, Options};

/// A Postfix of its own: configuration, spool and mailboxes in one folder, on a free port of this machine.
struct Postfix {
    folder: tempfile::TempDir,
    port: u16,
}

impl Postfix {
    fn start() -> Result<Self> {
        // Its daemons run as postfix, and must get through.
        let folder = tempfile::Builder::new().prefix("postfix").tempdir_in("/var/tmp")?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let postfix = Self { folder, port };
        let (config, spool, data, mail) =
            (postfix.path("config"), postfix.path("spool"), postfix.path("data"), postfix.path("mail"));
        for folder in [&config, &spool, &data, &mail] {
            std::fs::create_dir(folder)?;
        }
        run(Command::new("chown").arg("postfix").arg(&data).arg(&mail))?;
        let id = |flag: &str| -> Result<String> {
            Ok(String::from_utf8(Command::new("id").args([flag, "postfix"]).output()?.stdout)?.trim().to_owned())
        };
        std::fs::write(
            config.join("main.cf"),
            format!(
                "compatibility_level = 3.6\nqueue_directory = {}\ndata_directory = {}\nmail_owner = postfix\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nmyhostname = mx.mail.example\nmydestination =\nmynetworks = 127.0.0.0/8\n\
             virtual_mailbox_domains = mail.example\nvirtual_mailbox_base = {}\nvirtual_mailbox_maps = static:inbox/\n\
             virtual_uid_maps = static:{}\nvirtual_gid_maps = static:{}\nvirtual_minimum_uid = 1\nmaillog_file = {}\n\
             maillog_file_prefixes = /var\ndefault_transport = error:nothing leaves this machine\nrelay_transport = error:no\n",
                spool.display(),
                data.display(),
                mail.display(),
                id("-u")?,
                id("-g")?,
                postfix.path("log").display(),
            ),
        )?;
        std::fs::write(config.join("master.cf"), master(port))?;
        run(Command::new("postfix").arg("-c").arg(&config).arg("start"))?;
        Ok(postfix)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits for a mail in the mailbox; gives its bytes.
    fn delivered(&self) -> Result<Vec<u8>> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let new = self.path("mail/inbox/new");
            if let Some(entry) = std::fs::read_dir(&new).ok().and_then(|mut entries| entries.next()) {
                return Ok(std::fs::read(entry?.path())?);
            }
            if Instant::now() > until {
                bail!("nothing was delivered:\n{}", std::fs::read_to_string(self.path("log")).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = Command::new("postfix").arg("-c").arg(self.path("config")).arg("abort").status();
    }
}

/// The services that a receiving Postfix needs, none in a chroot.
fn master(port: u16) -> String {
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
        ("virtual", "unix", "-", "-", "-", "virtual"),
        ("anvil", "unix", "-", "-", "1", "anvil"),
        ("proxymap", "unix", "-", "-", "-", "proxymap"),
        ("postlog", "unix-dgram", "n", "-", "1", "postlogd"),
    ] {
        let unprivileged = if command == "virtual" { "n" } else { "-" };
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

fn may_run() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if !root || !Path::new("/usr/sbin/postfix").exists() {
        println!("skipped: a Postfix of its own needs root and Debian's package postfix");
        return false;
    }
    true
}

#[test]
fn postfix_takes_and_delivers_what_the_outbox_sends() -> Result<()> {
    if !may_run() {
        return Ok(());
    }
    let postfix = Postfix::start()?;
    let house = House::start(Options {
        people: Some(200),
        schedule: Some(EACH_SECOND),
        variables: vec![format!("smtp_relay=127.0.0.1:{}", postfix.port), "smtp_tls=none".to_owned()],
        ..Options::with(&["session", "send-message", "outbox-cron"])
    })?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let database = house.database()?;
    database.execute(
        "UPDATE delivery SET state = 'cancelled', lease_id = NULL, finished_at = 1 WHERE state <> 'sent'",
        params![],
    )?;
    database.execute("UPDATE redirect SET address = 'karim@mail.example' WHERE person_id = ?1", params![&karim.id])?;
    let content = json!({"subject": "Sortie à l’aquarium", "html": "<p>Départ à <b>8 h</b>.</p>",
        "addressees": [{"field": "to", "kind": "person", "id": karim.id}]});
    let receipt = claire.post("/api/v1/send-message/messages", &content)?.ok()?;
    assert_eq!(receipt["by_redirect"], 1);

    let bytes = postfix.delivered()?;
    let mail = MessageParser::default().parse(&bytes).context("no mail")?;
    assert_eq!(mail.subject(), Some("Sortie à l’aquarium"));
    assert_eq!(
        mail.from().and_then(|from| from.first()).and_then(|from| from.address()),
        Some("claire.lefevre@ent.example")
    );
    assert!(mail.body_text(0).is_some_and(|text| text.contains("Départ à 8")));
    let header = |name: &str| mail.header_raw(name).map(str::trim).unwrap_or_default().to_owned();
    assert!(header("Return-Path").starts_with("<rebond+"), "{}", header("Return-Path"));
    assert_eq!(header("Delivered-To"), "karim@mail.example");
    // Postfix took the delivery: the sender sees it.
    let until = Instant::now() + Duration::from_secs(10);
    let message = receipt["message"].as_str().unwrap_or_default();
    loop {
        let row = database
            .first("SELECT state, last_status FROM delivery WHERE message_id = ?1", params![message])?
            .context("no delivery")?;
        if row.text(0)? == "sent" {
            assert_eq!(row.text(1)?, "2.0.0");
            return Ok(());
        }
        assert!(Instant::now() < until, "still {}", row.text(0)?);
        std::thread::sleep(Duration::from_millis(50));
    }
}
