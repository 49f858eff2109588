//! Accepting connections and speaking HTTP/1.1 on them, until asked to stop.
//!
//! It sets TCP_NODELAY, so that a response never waits for the client's acknowledgement, and gives a client thirty
//! seconds to send a request's head.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::app::App;

/// How long a client may take over the head of a request; idle connections are closed after it too.
const HEAD: Duration = Duration::from_secs(30);

/// Serves until `stop`, then lets the connections finish the requests they have; `tracker` waits for them.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: CancellationToken, tracker: TaskTracker) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, client)) => {
                tracker.spawn(connection(Arc::clone(&app), stream, client, stop.clone()));
            }
            // Too many open files, mostly: it passes, and looping without a pause would only make it worse.
            Err(e) => {
                warn!(error = %e, "A connection could not be accepted.");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(app: Arc<App>, stream: TcpStream, client: SocketAddr, stop: CancellationToken) {
    if let Err(e) = stream.set_nodelay(true) {
        debug!(error = %e, "TCP_NODELAY was refused.");
    }
    let service = service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { Ok::<_, Infallible>(app.answer(request, client).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(e) = ended {
        debug!(error = %e, "A connection broke off.");
    }
}
