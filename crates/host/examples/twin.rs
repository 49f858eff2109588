//! The native twin: what the probe's `/plain`, `/select` and `/insert` cost without wasm, for comparison.
//!
//! `cargo run --release --example twin -- DATABASE` prints its address; the database is the one `vaguemestre up -f
//! crates/host/guest-probe` made. Settings are the runner's: HTTP/1.1, TCP_NODELAY, WAL, cached statements.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rusqlite::Connection;

struct Twin {
    path: String,
    idle: Mutex<Vec<Connection>>,
}

impl Twin {
    fn with<R>(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<R>) -> rusqlite::Result<R> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = Connection::open(&self.path)?;
                connection.execute_batch("PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;")?;
                connection
            }
        };
        let result = run(&connection);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }

    fn answer(&self, path: &str) -> String {
        let result = match path {
            "/select" => self.with(|c| {
                c.prepare_cached("SELECT name FROM item WHERE id = ?")?.query_row([7], |row| row.get::<_, String>(0))
            }),
            "/insert" => {
                self.with(|c| c.prepare_cached("INSERT INTO log (at) VALUES (?)")?.execute([1]).map(|n| n.to_string()))
            }
            _ => Ok("hello".into()),
        };
        result.unwrap_or_else(|e| e.to_string())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("name a database file"))?;
    let twin = Arc::new(Twin { path, idle: Mutex::default() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("Serving http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let twin = Arc::clone(&twin);
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let body = twin.answer(request.uri().path());
                async move { Ok::<_, Infallible>(hyper::Response::new(Full::new(Bytes::from(body)))) }
            });
            // A client that goes away is no matter here.
            let _ = http1::Builder::new().pipeline_flush(true).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
