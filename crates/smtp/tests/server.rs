//! The client against a server that keeps mails, and fails wherever it is told to.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mail::{Disposition, Envelope};
use smtp::{Client, Dial, Security, Settings, Times};
use smtp_sink::{Fault, Protection, Script, Sink, Stage};

const MESSAGE: &[u8] = b"From: <camille@ecole.example>\r\nSubject: Essai\r\n\r\nBonjour\r\n.\r\n..points\r\nfin\r\n";

struct Tcp;

impl Dial for Tcp {
    type Link = TcpStream;

    fn dial(&mut self, relay: SocketAddr, patience: Duration) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&relay, patience)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn client() -> Client<Tcp> {
    let times = Times { step: Duration::from_millis(400), whole: Duration::from_millis(1200) };
    Client::new(Tcp, Arc::new(rustls::crypto::ring::default_provider()), times)
}

fn settings(sink: &Sink) -> Settings {
    Settings {
        relay: sink.address(),
        security: Security::None,
        server_name: String::new(),
        credentials: None,
        authorities: String::new(),
    }
}

fn secure(sink: &Sink, security: Security, user: &str, password: &str) -> Settings {
    let tls = if security == Security::Implicit { "implicit" } else { "starttls" };
    Settings::parse(&sink.address().to_string(), tls, "mx.example", user, password, sink.certificate())
        .unwrap()
        .unwrap()
}

fn envelope(n: u32) -> Envelope {
    Envelope::parse("rebond+01j@ecole.example", &format!("lea{n}@fournisseur.example")).unwrap()
}

fn status(disposition: &Disposition) -> (&'static str, String) {
    match disposition {
        Disposition::Sent(reply) => ("sent", reply.status().to_owned()),
        Disposition::Retry(reply) => ("retry", reply.status().to_owned()),
        Disposition::Reject(reply) => ("reject", reply.status().to_owned()),
        Disposition::Unavailable(reply) => ("unavailable", reply.status().to_owned()),
    }
}

/// One mail to a server that does as `script` says.
fn once(script: Script) -> (&'static str, String) {
    let sink = Sink::start(script).unwrap();
    status(&client().deliver(&settings(&sink), &envelope(1), MESSAGE))
}

fn failing(stage: Stage, reply: &'static str) -> (&'static str, String) {
    let with = once(Script::failing(stage, Fault::Reply(reply)));
    let without = once(Script { pipelining: false, ..Script::failing(stage, Fault::Reply(reply)) });
    assert_eq!(with, without, "the same with PIPELINING and without: {stage:?} {reply}");
    with
}

#[test]
fn mails_arrive_whole_on_one_connection() {
    for pipelining in [true, false] {
        let sink = Sink::start(Script { pipelining, ..Script::default() }).unwrap();
        let mut client = client();
        for n in 0..5 {
            assert_eq!(status(&client.deliver(&settings(&sink), &envelope(n), MESSAGE)), ("sent", "2.0.0".to_owned()));
        }
        let taken = sink.taken();
        assert_eq!((taken.len(), sink.connections()), (5, 1));
        assert_eq!(taken[3].message, MESSAGE);
        assert_eq!(taken[3].sender, "rebond+01j@ecole.example");
        assert_eq!(taken[3].recipients, ["lea3@fournisseur.example"]);
        drop(client);
        let end = Instant::now() + Duration::from_secs(2);
        while sink.commands().last().is_none_or(|last| last != "QUIT") && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(sink.commands().last().unwrap(), "QUIT");
    }
}

#[test]
fn the_null_reverse_path_and_the_size_are_said() {
    let sink = Sink::start(Script::default()).unwrap();
    client().deliver(&settings(&sink), &Envelope::parse("", "lea@fournisseur.example").unwrap(), MESSAGE);
    assert!(sink.commands().contains(&format!("MAIL FROM:<> SIZE={}", MESSAGE.len())));
    assert!(sink.commands()[0].starts_with("EHLO [127.0.0.1]"));
}

#[test]
fn refusals_of_one_mail_are_the_mails() {
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        assert_eq!(failing(stage, "550 5.1.1 <lea1@fournisseur.example>: unknown"), ("reject", "5.1.1".to_owned()));
        assert_eq!(failing(stage, "451 4.7.1 Greylisted"), ("retry", "4.7.1".to_owned()));
        assert_eq!(failing(stage, "552 Too much"), ("reject", "5.2.2".to_owned()));
    }
}

#[test]
fn refusals_of_us_are_the_relays() {
    assert_eq!(failing(Stage::Banner, "554 5.7.1 Go away"), ("unavailable", "5.7.1".to_owned()));
    assert_eq!(failing(Stage::Banner, "421 4.3.2 Shutting down"), ("unavailable", "4.3.2".to_owned()));
    assert_eq!(failing(Stage::Ehlo, "502 5.5.1 What"), ("unavailable", "5.5.1".to_owned()));
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        assert_eq!(once(Script::failing(stage, Fault::Reply("421 4.3.2 Down"))), ("unavailable", "4.3.2".to_owned()));
    }
    assert_eq!(failing(Stage::Mail, "530 5.7.0 Who are you"), ("unavailable", "5.7.0".to_owned()));
}

#[test]
fn a_relay_that_is_not_there_is_unavailable() {
    let gone = Sink::start(Script::default()).unwrap();
    let settings = settings(&gone);
    drop(gone);
    assert_eq!(status(&client().deliver(&settings, &envelope(1), MESSAGE)), ("unavailable", "4.4.1".to_owned()));
}

#[test]
fn after_a_refusal_the_next_mail_goes_on_the_same_connection() {
    for (stage, pipelining) in [(Stage::Mail, true), (Stage::Rcpt, true), (Stage::Rcpt, false), (Stage::Dot, true)] {
        let sink = Sink::start(Script { pipelining, ..Script::failing(stage, Fault::Reply("550 5.1.1 no")) }).unwrap();
        let mut client = client();
        for n in 0..3 {
            assert_eq!(status(&client.deliver(&settings(&sink), &envelope(n), MESSAGE)).0, "reject");
        }
        assert_eq!(sink.connections(), 1, "{stage:?}");
        assert!(sink.commands().contains(&"RSET".to_owned()));
        assert!(sink.taken().is_empty());
    }
}

#[test]
fn a_careless_server_gets_no_mail_to_nobody() {
    let script = Script { careless: true, ..Script::failing(Stage::Rcpt, Fault::Reply("550 5.1.1 no")) };
    let sink = Sink::start(script).unwrap();
    let mut client = client();
    assert_eq!(status(&client.deliver(&settings(&sink), &envelope(1), MESSAGE)), ("reject", "5.1.1".to_owned()));
    assert_eq!(status(&client.deliver(&settings(&sink), &envelope(2), MESSAGE)).0, "reject");
    assert_eq!(sink.connections(), 2);
    assert!(sink.taken().is_empty());
}

#[test]
fn a_kept_connection_that_died_is_replaced_once() {
    let sink = Sink::start(Script { mails: 1, ..Script::default() }).unwrap();
    let mut client = client();
    for n in 0..3 {
        assert_eq!(status(&client.deliver(&settings(&sink), &envelope(n), MESSAGE)).0, "sent");
    }
    assert_eq!((sink.taken().len(), sink.connections()), (3, 3));

    let idle =
        Script { faults: vec![(Stage::Mail, Fault::Reply("421 4.4.2 Idle"))], faults_from: 1, ..Script::default() };
    let sink = Sink::start(idle).unwrap();
    for n in 0..3 {
        assert_eq!(status(&client.deliver(&settings(&sink), &envelope(n), MESSAGE)).0, "sent");
    }
    assert_eq!((sink.taken().len(), sink.connections()), (3, 3));
}

#[test]
fn a_mail_that_may_have_been_taken_is_not_sent_again() {
    // After the last dot, before 250: the server has it.
    for from in [0, 1] {
        let sink = Sink::start(Script { faults_from: from, ..Script::failing(Stage::Dot, Fault::Cut) }).unwrap();
        let mut client = client();
        for _ in 0..from {
            assert_eq!(status(&client.deliver(&settings(&sink), &envelope(9), MESSAGE)).0, "sent");
        }
        assert_eq!(status(&client.deliver(&settings(&sink), &envelope(1), MESSAGE)), ("retry", "4.4.2".to_owned()));
        assert_eq!((sink.taken().len(), sink.connections()), (1 + from as usize, 1));
    }
}

#[test]
fn a_cut_in_the_middle_of_a_mail_is_for_later() {
    let long: Vec<u8> = b"Subject: long\r\n\r\n"
        .iter()
        .copied()
        .chain(b"x".repeat(900).into_iter().chain(*b"\r\n").cycle().take(4_000_000))
        .collect();
    let sink = Sink::start(Script::failing(Stage::Content, Fault::Cut)).unwrap();
    assert_eq!(status(&client().deliver(&settings(&sink), &envelope(1), &long)).0, "retry");
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data] {
        assert_eq!(once(Script::failing(stage, Fault::Cut)), ("retry", "4.4.2".to_owned()), "{stage:?}");
    }
    for stage in [Stage::Banner, Stage::Ehlo] {
        assert_eq!(once(Script::failing(stage, Fault::Cut)), ("unavailable", "4.4.2".to_owned()), "{stage:?}");
    }
}

#[test]
fn too_big_a_mail_is_refused_before_it_is_sent() {
    let sink = Sink::start(Script { size: Some(20), ..Script::default() }).unwrap();
    let mut client = client();
    assert_eq!(status(&client.deliver(&settings(&sink), &envelope(1), MESSAGE)), ("reject", "5.3.4".to_owned()));
    assert_eq!(status(&client.deliver(&settings(&sink), &envelope(1), b"a: b\r\n\r\n")).0, "sent");
    assert_eq!(sink.connections(), 1);
}

#[test]
fn no_server_holds_us_longer_than_the_deadline() {
    let ms = Duration::from_millis;
    for (stage, fault) in [
        (Stage::Banner, Fault::Wait(ms(3000))),
        (Stage::Mail, Fault::Wait(ms(3000))),
        (Stage::Dot, Fault::Wait(ms(3000))),
        (Stage::Banner, Fault::Drip(ms(200))),
        (Stage::Ehlo, Fault::Drip(ms(100))),
        (Stage::Banner, Fault::Endless(b"220-hello\r\n".to_vec())),
        (Stage::Banner, Fault::Endless(vec![b'x'; 8192])),
        (Stage::Ehlo, Fault::Endless(b"250-X\r\n".to_vec())),
        (Stage::Dot, Fault::Endless(vec![0; 4096])),
        (Stage::Mail, Fault::Bytes(vec![b'2'; 10_000_000])),
        (Stage::Banner, Fault::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
        (Stage::Ehlo, Fault::Bytes(b"250-a\r\n550 b\r\n".to_vec())),
    ] {
        let label = format!("{stage:?}");
        let started = Instant::now();
        let (outcome, status) = once(Script::failing(stage, fault));
        assert!(started.elapsed() < ms(2500), "{label}: {:?}", started.elapsed());
        let wanted = if matches!(stage, Stage::Banner | Stage::Ehlo) { "unavailable" } else { "retry" };
        assert_eq!(outcome, wanted, "{label} {status}");
    }
}

#[test]
fn a_slow_scan_after_the_last_dot_is_waited_for() {
    // Longer than a step, shorter than the whole.
    let (outcome, _) = once(Script::failing(Stage::Dot, Fault::Wait(Duration::from_millis(800))));
    assert_eq!(outcome, "sent");
}

#[test]
fn tls_in_both_ways_with_both_kinds_of_auth() {
    for (protection, security) in
        [(Protection::StartTls, Security::StartTls), (Protection::Implicit, Security::Implicit)]
    {
        for auth in ["PLAIN LOGIN", "LOGIN"] {
            let sink = Sink::start(Script { protection, auth, ..Script::default() }).unwrap();
            let mut client = client();
            for n in 0..2 {
                let outcome = client.deliver(&secure(&sink, security, "ent", "s3cret"), &envelope(n), MESSAGE);
                assert_eq!(status(&outcome).0, "sent", "{outcome:?}");
            }
            assert_eq!((sink.taken().len(), sink.connections()), (2, 1));
            let wrong = client.deliver(&secure(&sink, security, "ent", "wrong"), &envelope(3), MESSAGE);
            assert_eq!(status(&wrong), ("unavailable", "5.7.8".to_owned()));
        }
    }
}

#[test]
fn no_tls_no_mail_and_no_password() {
    let sink = Sink::start(Script::default()).unwrap();
    let outcome = client().deliver(&secure(&sink, Security::StartTls, "ent", "s3cret"), &envelope(1), MESSAGE);
    assert_eq!(status(&outcome), ("unavailable", "4.7.10".to_owned()));
    assert!(!sink.commands().iter().any(|command| command.starts_with("AUTH") || command.starts_with("MAIL")));
}

#[test]
fn a_certificate_that_is_not_trusted_or_not_the_relays_is_refused() {
    let sink = Sink::start(Script { protection: Protection::Implicit, ..Script::default() }).unwrap();
    let public = Settings { authorities: String::new(), ..secure(&sink, Security::Implicit, "", "") };
    assert_eq!(status(&client().deliver(&public, &envelope(1), MESSAGE)), ("unavailable", "4.7.5".to_owned()));
    let other = Settings { server_name: "autre.example".to_owned(), ..secure(&sink, Security::Implicit, "", "") };
    assert_eq!(status(&client().deliver(&other, &envelope(1), MESSAGE)), ("unavailable", "4.7.5".to_owned()));
    let address = Settings { server_name: String::new(), ..secure(&sink, Security::Implicit, "", "") };
    // The certificate says 127.0.0.1 as a name, not as an address.
    assert!(!matches!(client().deliver(&address, &envelope(1), MESSAGE), Disposition::Reject(_)));
    let garbage = Settings { authorities: "no certificate".to_owned(), ..secure(&sink, Security::Implicit, "", "") };
    assert_eq!(status(&client().deliver(&garbage, &envelope(1), MESSAGE)), ("unavailable", "4.3.5".to_owned()));
}

#[test]
fn words_slipped_in_before_tls_are_not_believed() {
    let injected = Fault::Bytes(b"220 2.0.0 Go ahead\r\n250-mx.example\r\n250 PIPELINING\r\n".to_vec());
    let script =
        Script { protection: Protection::StartTls, faults: vec![(Stage::StartTls, injected)], ..Script::default() };
    let sink = Sink::start(script).unwrap();
    let outcome = client().deliver(&secure(&sink, Security::StartTls, "", ""), &envelope(1), MESSAGE);
    assert_eq!(status(&outcome).0, "unavailable");
    assert!(sink.taken().is_empty());
}

#[test]
fn other_settings_take_another_connection() {
    let (one, two) = (Sink::start(Script::default()).unwrap(), Sink::start(Script::default()).unwrap());
    let mut client = client();
    client.deliver(&settings(&one), &envelope(1), MESSAGE);
    client.deliver(&settings(&two), &envelope(2), MESSAGE);
    assert_eq!((one.taken().len(), two.taken().len()), (1, 1));
}

#[test]
fn a_thousand_mails_take_seconds() {
    let sink = Sink::start(Script::default()).unwrap();
    let mut client = client();
    let started = Instant::now();
    for n in 0..1000 {
        let outcome = client.deliver(&settings(&sink), &envelope(n), MESSAGE);
        if status(&outcome).0 != "sent" {
            panic!("{outcome:?}");
        }
    }
    assert_eq!((sink.taken().len(), sink.connections()), (1000, 10));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    println!("1000 mails in {:?}", started.elapsed());
}
