//! The HTTP client behind `wasi:http`: checks the allow-list, then answers from the application itself (`http://self`,
//! or a URL without a host) or asks a pooled client.
//!
//! It must not follow redirects nor keep cookies, and logs neither headers nor query strings.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use http_body_util::BodyExt as _;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tracing::{debug, warn};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::guest::GuestConfig;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the head of an answer may take when the guest sets no limit, as in Spin.
const FIRST_BYTE: Duration = Duration::from_secs(600);
/// Self-requests inside self-requests go no deeper.
const MAX_DEPTH: u32 = 8;

/// Answers a request from the application's own routes.
pub trait SelfDispatch: Send + Sync {
    /// Routes the request as one from outside; `depth` counts the self-requests around it.
    fn dispatch(
        self: Arc<Self>,
        request: Request<WasiBody>,
        depth: u32,
    ) -> std::pin::Pin<Box<dyn Future<Output = Response<WasiBody>> + Send>>;
}

/// What a component's requests go through.
#[derive(Clone)]
pub struct Outbound {
    /// The shared client.
    pub client: Arc<Client>,
    /// The application itself.
    pub app: Arc<dyn SelfDispatch>,
    /// `host:port` it is served at.
    pub authority: Authority,
}

type Inner = hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, WasiBody>;

/// A client that keeps connections open; made on first use.
#[derive(Default)]
pub struct Client(OnceLock<Inner>);

impl Client {
    fn get(&self) -> &Inner {
        self.0.get_or_init(|| {
            let mut tcp = HttpConnector::new();
            tcp.enforce_http(false);
            tcp.set_nodelay(true);
            tcp.set_connect_timeout(Some(CONNECT));
            let tls = hyper_rustls::HttpsConnectorBuilder::new()
                .with_webpki_roots()
                .https_or_http()
                .enable_http1()
                .enable_http2()
                .wrap_connector(tcp);
            hyper_util::client::legacy::Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(Duration::from_secs(30))
                .build(tls)
        })
    }

    async fn send(&self, request: Request<WasiBody>, limit: Duration) -> Result<Response<WasiBody>, Error> {
        match tokio::time::timeout(limit, self.get().request(request)).await {
            Err(_) => Err(Error::ConnectionReadTimeout),
            Ok(Ok(response)) => Ok(response.map(|body| body.map_err(Error::from).boxed_unsync())),
            Ok(Err(e)) if e.is_connect() => Err(connect_error(&e)),
            Ok(Err(e)) => {
                debug!(error = %e, "An outgoing request failed.");
                Err(Error::HttpProtocolError)
            }
        }
    }
}

/// Finds out what went wrong while connecting: the causes are nested.
fn connect_error(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if let Some(io) = current.downcast_ref::<std::io::Error>() {
            match io.kind() {
                std::io::ErrorKind::ConnectionRefused => return Error::ConnectionRefused,
                std::io::ErrorKind::TimedOut => return Error::ConnectionTimeout,
                std::io::ErrorKind::InvalidData => return Error::TlsProtocolError,
                _ => {}
            }
        }
        if current.to_string().contains("dns error") {
            return Error::DnsError { rcode: None, info_code: None };
        }
        cause = current.source();
    }
    Error::DestinationUnavailable
}

/// The hooks of one store.
pub struct Hooks {
    config: Arc<GuestConfig>,
    /// Self-requests around the request being handled.
    pub(crate) depth: u32,
}

impl Hooks {
    pub(crate) fn new(config: Arc<GuestConfig>) -> Self {
        Self { config, depth: 0 }
    }
}

/// What a request is for, once it is allowed.
enum Target {
    Itself,
    Elsewhere,
}

/// Checks a request against the list. A URL without a host, or with the host `self.alt`, is for the application.
fn judge(config: &GuestConfig, uri: &Uri) -> Result<Target, Error> {
    let host = uri.authority().map_or("", Authority::host);
    let itself = matches!(host, "" | "self.alt");
    let allowed = if itself { config.allowed.allows_self() } else { config.allowed.allows_url(&uri.to_string()) };
    match (allowed, itself) {
        (true, true) => Ok(Target::Itself),
        (true, false) => Ok(Target::Elsewhere),
        (false, _) => {
            let scheme = uri.scheme_str().unwrap_or("https");
            let to =
                if itself { "self".to_owned() } else { uri.authority().map_or_else(String::new, ToString::to_string) };
            warn!(
                component = config.id,
                "An outgoing request was refused; to allow it, add \"{scheme}://{to}\" to allowed_outbound_hosts."
            );
            Err(Error::HttpRequestDenied)
        }
    }
}

async fn send(
    config: Arc<GuestConfig>,
    mut request: Request<WasiBody>,
    options: Option<RequestOptions>,
    depth: u32,
) -> Result<Response<WasiBody>, Error> {
    let outbound = config.outbound.get().ok_or(Error::ConfigurationError)?;
    match judge(&config, request.uri())? {
        Target::Itself => {
            if depth >= MAX_DEPTH {
                return Err(Error::LoopDetected);
            }
            let mut parts = request.uri().clone().into_parts();
            parts.scheme = Some(Scheme::HTTP);
            parts.authority = Some(outbound.authority.clone());
            *request.uri_mut() = Uri::from_parts(parts).map_err(|_| Error::HttpRequestUriInvalid)?;
            if let Ok(host) = http::HeaderValue::from_str(outbound.authority.as_str()) {
                request.headers_mut().insert(http::header::HOST, host);
            }
            Ok(Arc::clone(&outbound.app).dispatch(request, depth + 1).await)
        }
        Target::Elsewhere => {
            let limit = options.and_then(|o| o.first_byte_timeout).unwrap_or(FIRST_BYTE);
            // The client sets it from the URL, and HTTP/2 servers mistrust a second one.
            request.headers_mut().remove(http::header::HOST);
            outbound.client.send(request, limit).await
        }
    }
}

type Finished = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _guest_error: Finished,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Finished), Error>> + Send> {
        let (config, depth) = (Arc::clone(&self.config), self.depth);
        Box::new(async move {
            let response = send(config, request, options, depth).await?;
            // Errors of the exchange show on the response's body.
            Ok((response, Box::new(std::future::ready(Ok(()))) as Finished))
        })
    }
}
