//! One route for each thing the runner must do, or survive.

wit_bindgen::generate!({ path: "../wit", world: "uses", generate_all });

#[path = "../../../../store/tests/demands/mod.rs"]
mod demands;

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use probe::plug::{notes, numbers};
use spin_sdk::http::{Request, Response, StatusCode};
use spin_sdk::key_value::Store;
use spin_sdk::sqlite::wit::sqlite::{Connection, Value};

type Answer = Response<Full<Bytes>>;

fn text(body: impl Into<String>) -> Answer {
    let body: String = body.into();
    let length = body.len();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    response.headers_mut().insert("content-length", length.to_string().parse().expect("a number"));
    response
}

fn query(sql: &str, values: &[Value]) -> String {
    let connection = match Connection::open("default") {
        Ok(connection) => connection,
        Err(e) => return format!("open: {e:?}"),
    };
    match connection.execute(sql, values) {
        Ok(answer) => format!("{:?}", answer.rows.iter().map(|r| &r.values).collect::<Vec<_>>()),
        Err(e) => format!("execute: {e:?}"),
    }
}

#[spin_sdk::http_service]
async fn handle(request: Request) -> Answer {
    let path = request.uri().path().to_owned();
    let argument = request.uri().query().unwrap_or_default().to_owned();
    match path.as_str() {
        "/plain" => text("hello"),
        "/headers" => text(
            request.headers().iter().map(|(n, v)| format!("{n}: {}\n", v.to_str().unwrap_or("?"))).collect::<String>(),
        ),
        "/uri" => text(request.uri().to_string()),
        "/select" => text(query("SELECT name FROM item WHERE id = ?", &[Value::Integer(argument.parse().unwrap_or(7))])),
        "/insert" => text(query("INSERT INTO log (at) VALUES (?)", &[Value::Integer(1)])),
        "/sql" => text(query(&argument.replace('+', " "), &[])),
        "/store" => text(format!("{:?}", demands::all(&store::Spin))),
        "/transaction" => transaction(),
        "/stream-rows" => stream_rows(&argument.replace('+', " ")).await,
        "/slow" => text(query(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < ?) SELECT count(*) FROM c",
            &[Value::Integer(argument.parse().unwrap_or(30_000_000))],
        )),
        "/kv" => key_value(&argument).await,
        "/vars" => text(match spin_sdk::variables::get(&argument).await {
            Ok(value) => value,
            Err(e) => format!("{e:?}"),
        }),
        "/loop" => loop {
            std::hint::black_box(0);
        },
        "/trap" => panic!("as asked"),
        "/big-alloc" => text(format!("{}", vec![1_u8; argument.parse().unwrap_or(1 << 30)].len())),
        "/self" => outgoing("http://self.alt/plain").await,
        "/self-loop" => outgoing("http://self.alt/self-loop").await,
        "/fetch" => outgoing(&argument).await,
        "/tcp" => text(tcp(&argument)),
        "/bind" => text(format!("{:?}", std::net::TcpListener::bind("127.0.0.1:0").map(drop))),
        "/lookup" => text(format!("{:?}", std::net::TcpStream::connect("localhost:1").map(drop))),
        "/body-size" => match request.into_body().collect().await {
            Ok(body) => text(body.to_bytes().len().to_string()),
            Err(e) => text(format!("body: {e:?}")),
        },
        "/file" => text(std::fs::read_to_string(&argument).unwrap_or_else(|e| format!("{e}"))),
        "/write-file" => text(format!("{:?}", std::fs::write(&argument, "x"))),
        "/env" => text(std::env::var(&argument).unwrap_or_else(|e| e.to_string())),
        "/plug" => {
            let doubled = numbers::double(21);
            text(format!("{doubled} {}", notes::calls()))
        }
        "/plug-count" => text(format!("{:?}", notes::count())),
        "/print" => {
            println!("printed");
            eprintln!("complained");
            text("ok")
        }
        _ => {
            let mut response = text("no such probe");
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    }
}

fn transaction() -> Answer {
    let run = || -> Result<(), spin_sdk::sqlite::Error> {
        let connection = Connection::open("default")?;
        connection.execute("BEGIN IMMEDIATE", &[])?;
        connection.execute("INSERT INTO log (at) VALUES (2)", &[])?;
        connection.execute("COMMIT", &[])?;
        Ok(())
    };
    text(format!("{:?}", run()))
}

async fn stream_rows(sql: &str) -> Answer {
    let run = async || -> Result<String, spin_sdk::sqlite::Error> {
        let connection = spin_sdk::sqlite::Connection::open_default().await?;
        let mut result = connection.execute(sql, []).await?;
        let mut rows = 0;
        while result.next().await.is_some() {
            rows += 1;
        }
        let columns = result.columns().len();
        result.result().await?;
        Ok(format!("{columns} columns, {rows} rows"))
    };
    text(run().await.unwrap_or_else(|e| format!("{e:?}")))
}

async fn key_value(argument: &str) -> Answer {
    let run = async || -> Result<String, spin_sdk::key_value::Error> {
        let store = Store::open_default().await?;
        match argument.split_once('=') {
            Some((key, "")) => store.delete(key).await.map(|()| "deleted".into()),
            Some((key, value)) => store.set(key, value.as_bytes()).await.map(|()| "set".into()),
            None => {
                let value = store.get(argument).await?;
                let exists = store.exists(argument).await?;
                Ok(format!("{:?} {exists}", value.map(|v| String::from_utf8_lossy(&v).into_owned())))
            }
        }
    };
    text(run().await.unwrap_or_else(|e| format!("{e:?}")))
}

async fn outgoing(url: &str) -> Answer {
    let request = match Request::get(url).body(Full::new(Bytes::new())) {
        Ok(request) => request,
        Err(e) => return text(e.to_string()),
    };
    match spin_sdk::http::send(request).await {
        Ok(response) => {
            let status = response.status();
            let body = response.into_body().collect().await.map(|b| b.to_bytes()).unwrap_or_default();
            text(format!("{} {}", status.as_u16(), String::from_utf8_lossy(&body)))
        }
        Err(e) => text(format!("{e:?}")),
    }
}

fn tcp(address: &str) -> String {
    let run = || -> std::io::Result<String> {
        let address: std::net::SocketAddr = address.parse().map_err(std::io::Error::other)?;
        let mut stream = std::net::TcpStream::connect(address)?;
        stream.write_all(b"ping")?;
        let mut answer = [0; 4];
        stream.read_exact(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    run().unwrap_or_else(|e| format!("{:?}", e.kind()))
}
