//! The runner from outside: what it serves, what it grants, what it survives.

#[expect(unused, reason = "each test file uses its part")]
mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use common::{Server, runner};

#[test]
fn components_get_what_they_are_granted() {
    let s = Server::start(&["--variable", "secret=psst", "-c", "probe"]);
    assert_eq!(s.text("/plain"), "hello");
    assert_eq!(s.text("/select?7"), "[[Value::Text(\"item 7\")]]");
    assert_eq!(s.text("/insert"), "[]");
    assert_eq!(s.text("/transaction"), "Ok(())");
    assert_eq!(s.text("/sql?SELECT+count(*)+FROM+log"), "[[Value::Integer(2)]]");
    assert_eq!(s.text("/stream-rows?SELECT+id,name+FROM+item"), "2 columns, 1000 rows");
    assert!(s.text("/stream-rows?nonsense").contains("syntax error"));
    assert_eq!(s.text("/kv?a=1"), "set");
    assert_eq!(s.text("/kv?a"), "Some(\"1\") true");
    assert_eq!(s.text("/kv?a="), "deleted");
    assert_eq!(s.text("/kv?a"), "None false");
    assert_eq!(s.text("/vars?hello"), "bonjour, psst!");
    assert!(s.text("/vars?nope").contains("Undefined"));
    assert_eq!(s.text("/env?COLOUR"), "blue");
    assert!(s.text("/env?HOME").contains("not found"));
    assert!(s.text("/file?/wit/plug.wit").contains("package probe:plug"));
    assert!(s.text("/write-file?/wit/x").starts_with("Err"));
}

#[test]
fn the_port_over_spin_sqlite_meets_the_demands_on_one_connection() {
    let s = Server::start_logging("host::sqlite=trace", &["-c", "probe"]);
    for _ in 0..3 {
        assert_eq!(s.text("/store"), "Ok(())");
    }
    let log = s.log();
    // One for an instance, however many requests, and one after each of the three statements that could not even be prepared.
    assert_eq!(log.matches("A connection is opened.").count(), 4);
    assert!(log.matches("A statement is run.").count() > 60);
}

#[test]
fn requests_are_routed_and_described() {
    let s = Server::start(&["-c", "probe"]);
    assert_eq!(s.text("/uri?q=1"), "http://school.test/uri?q=1");
    let headers = s.text("/headers?x");
    assert!(headers.contains("spin-path-info: /headers\n"), "{headers}");
    assert!(headers.contains("spin-full-url: http://school.test/headers?x\n"), "{headers}");
    assert_eq!(s.get("/users/42/headers").status, 404);
    let none = s.send("GET /plain HTTP/1.1\r\nConnection: close\r\n\r\n", &[]);
    assert_eq!(none.status, 400);
    assert!(none.head.contains("application/problem+json"), "{none:?}");
}

#[test]
fn a_dependency_fills_all_its_interfaces_with_one_instance() {
    let s = Server::start(&["-c", "probe", "--max-instance-reuse-count", "1"]);
    assert_eq!(s.text("/plug"), "42 1");
    assert_eq!(s.text("/plug-count"), "Ok(1000)");
}

#[test]
fn the_network_is_closed_but_for_the_list() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let echo = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut four = [0; 4];
            stream.read_exact(&mut four).unwrap();
            stream.write_all(&four).unwrap();
        }
    });
    let s = Server::start(&["-c", "probe", "--variable", &format!("relay=tcp://{echo}")]);
    assert_eq!(s.text(&format!("/tcp?{echo}")), "ping");
    assert_eq!(s.text("/tcp?127.0.0.1:1"), "PermissionDenied");
    assert!(s.log().contains("tcp://127.0.0.1:1"), "the log says what would allow it");
    assert!(s.text("/bind").contains("PermissionDenied"));
    assert!(s.text("/lookup").starts_with("Err"));
    assert!(s.text(&format!("/fetch?http://{echo}/")).contains("HttpRequestDenied"));
    assert_eq!(s.text("/self"), "200 hello");
    assert!(s.text("/self-loop").ends_with("LoopDetected"));
    let other = Server::start(&["-c", "probe", "--variable", &format!("relay=http://{}", s.address)]);
    assert_eq!(other.text(&format!("/fetch?http://{}/plain", s.address)), "200 hello");
    assert_eq!(other.text(&format!("/fetch?http://{}/nope", s.address)), "404 no such probe");
}

#[test]
fn a_failing_request_fails_alone() {
    let s = Server::start(&["-c", "probe"]);
    for path in ["/trap", "/big-alloc"] {
        let answer = s.get(path);
        assert_eq!(answer.status, 500, "{path}: {answer:?}");
        assert!(answer.head.contains("application/problem+json"));
        assert!(answer.body.contains("\"code\":\"component-failed\""));
        assert_eq!(s.text("/plain"), "hello");
    }
    assert!(s.log().contains("too much memory"));
    assert!(s.log().contains("unreachable"));
}

#[test]
fn a_loop_is_ended_and_others_go_on() {
    let s = Server::start(&["-c", "probe", "--request-timeout", "1s"]);
    std::thread::scope(|scope| {
        let loops: Vec<_> = (0..3).map(|_| scope.spawn(|| s.get("/loop"))).collect();
        std::thread::sleep(Duration::from_millis(200));
        for _ in 0..5 {
            assert_eq!(s.text("/plain"), "hello");
        }
        for l in loops {
            let answer = l.join().unwrap();
            assert_eq!(answer.status, 504, "{answer:?}");
            assert!(answer.body.contains("\"code\":\"timed-out\""));
        }
    });
    let slow = s.get("/slow?100000000000");
    assert!(slow.status == 504 || slow.body.contains("interrupted"), "{slow:?}");
}

#[test]
fn slow_queries_do_not_stall_others() {
    let s = Server::start(&["-c", "probe"]);
    std::thread::scope(|scope| {
        let slow: Vec<_> = (0..4).map(|_| scope.spawn(|| s.text("/slow?3000000"))).collect();
        std::thread::sleep(Duration::from_millis(50));
        let started = Instant::now();
        for _ in 0..10 {
            assert_eq!(s.text("/select?7"), "[[Value::Text(\"item 7\")]]");
        }
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        for l in slow {
            assert_eq!(l.join().unwrap(), "[[Value::Integer(3000000)]]");
        }
    });
}

#[test]
fn bodies_are_limited() {
    let s = Server::start(&["-c", "probe", "--max-request-body", "200000"]);
    let post = |size: usize| {
        format!("POST /body-size HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n")
    };
    assert_eq!(s.send(&post(0), &[]).body, "0");
    assert_eq!(s.send(&post(1000), &[0; 1000]).body, "1000");
    assert_eq!(s.send(&post(200_000), &[0; 200_000]).body, "200000");
    let refused = s.send(&post(300_000), &[0; 300_000]);
    assert_eq!(refused.status, 413, "{refused:?}");
    assert!(refused.body.contains("\"code\":\"body-too-large\""));
    let chunked = "POST /body-size HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut body = Vec::new();
    for _ in 0..4 {
        body.extend_from_slice(b"10000\r\n");
        body.extend_from_slice(&[0; 0x10000]);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(s.send(chunked, &body).status, 413);
}

#[test]
fn the_schedule_fires() {
    let s = Server::start(&["-c", "tick", "-c", "probe"]);
    std::thread::sleep(Duration::from_millis(3200));
    let answer = s.text("/sql?SELECT+min(count(*),2),max(at)/1000000000+FROM+fired");
    assert_eq!(answer, "[[Value::Integer(2), Value::Integer(1)]]", "{}", s.log());
    assert!(s.log().contains("The scheduled call succeeded"));
}

#[test]
fn it_stops_when_the_work_at_hand_is_done() {
    let s = Server::start(&["-c", "probe"]);
    s.text("/insert");
    let answer = std::thread::scope(|scope| {
        let slow = scope.spawn(|| s.text("/slow?3000000"));
        std::thread::sleep(Duration::from_millis(100));
        s.terminate();
        slow.join().unwrap()
    });
    assert_eq!(answer, "[[Value::Integer(3000000)]]");
    let mut s = s;
    assert!(s.process.wait().unwrap().success());
    assert!(!s.state.path().join("sqlite_db.db-wal").exists(), "the write-ahead log was emptied");
    assert!(std::net::TcpStream::connect(&s.address).is_err());
}

#[test]
fn only_the_chosen_components_run() {
    let s = Server::start(&["-c", "other"]);
    assert_eq!(s.get("/plain").status, 404);
    let state = tempfile::tempdir().unwrap();
    let refused = runner(&common::probes(), state.path()).args(["-c", "nobody"]).output().unwrap();
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && text.contains("other, probe, tick"), "{text}");
}
