//! Serving an application, from reading the manifest to the last checkpoint.
//!
//! The order matters: everything that may be refused comes before migrations, migrations before the first request, the
//! address is printed when requests are answered, and at the end the write-ahead logs are emptied last.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, anyhow};
use http::uri::Authority;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};
use wasmtime::Engine;
use wasmtime::component::InstancePre;
use wasmtime_wasi_http::handler::ProxyPre;

use crate::cache::Cache;
use crate::commands::migrate;
use crate::commands::up::Up;
use crate::cron::{self, Job};
use crate::engine::{self, EngineOptions};
use crate::guest::{Guest, GuestConfig};
use crate::http::app::{App, Limits};
use crate::http::{Component, Reuse, server};
use crate::linker;
use crate::load::{self, Databases, Grants};
use crate::manifest::Manifest;
use crate::outbound::{Client, Outbound};
use crate::routes::{Pattern, Router};
use crate::runtime_config::RuntimeConfig;
use crate::sqlite::Database;
use crate::variables::{self, Variables};

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// When the application cannot be served.
pub async fn serve(options: Up) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut manifest = Manifest::load(&options.from)?;
    manifest.retain(&options.components).map_err(|e| anyhow!(e))?;
    let scratch = tempfile::Builder::new().prefix("vaguemestre-").tempdir()?;
    let prepared = tokio::task::block_in_place(|| prepare(&manifest, &options, scratch.path().to_path_buf()))?;
    let Prepared { engine, parts, mut databases, default } = prepared;

    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", options.listen))?;
    let address = listener.local_addr()?;

    tokio::task::block_in_place(|| start_sql(&manifest, &options.sqlite, &default))?;
    let (app, jobs) = assemble(&manifest, &options, &engine, &parts)?;
    let outbound = Outbound {
        client: Arc::new(Client::default()),
        app: app.clone(),
        authority: Authority::try_from(address.to_string())?,
    };
    for part in parts.values() {
        // Nothing else sets it: the result says nothing.
        let _ = part.config.outbound.set(outbound.clone());
    }

    let stop = CancellationToken::new();
    let tracker = TaskTracker::new();
    for database in databases.all() {
        tokio::spawn(Arc::clone(database).maintain());
    }
    tokio::spawn(server::serve(Arc::clone(&app), listener, stop.clone(), tracker.clone()));
    for job in jobs {
        info!(component = job.component, "The component is scheduled.");
        tokio::spawn(Arc::new(job).run(stop.clone(), tracker.clone()));
    }
    announce(&app, address, started);

    wait_for_signal().await?;
    stop.cancel();
    tracker.close();
    if tokio::time::timeout(options.limits.shutdown_timeout, tracker.wait()).await.is_err() {
        warn!(left = tracker.len(), "Stopped before all requests were done.");
    }
    tokio::task::block_in_place(|| databases.close());
    Ok(())
}

/// A component that is ready: its code and its grants.
struct Part {
    pre: InstancePre<Guest>,
    config: Arc<GuestConfig>,
}

struct Prepared {
    engine: Engine,
    parts: BTreeMap<String, Part>,
    databases: Databases,
    default: Arc<Database>,
}

fn prepare(manifest: &Manifest, options: &Up, scratch: PathBuf) -> anyhow::Result<Prepared> {
    let given = variables::from_options(&options.variables)?;
    if let Some(unknown) = given.keys().find(|name| !manifest.variables.iter().any(|v| &v.name == *name)) {
        warn!(variable = unknown, "--variable names a variable that the manifest does not have.");
    }
    let variables = Variables::resolve(&manifest.variables, &given, |name| std::env::var(name).ok())?;
    let places =
        RuntimeConfig::load(options.runtime_config_file.as_deref(), &manifest.dir, options.state_dir.as_deref())?;
    let grants = Grants {
        memory: options.limits.max_instance_memory,
        write: options.allow_transient_write,
        direct: options.direct_mounts,
        quiet: options.quiet,
        environment: options.environment.clone(),
        scratch,
    };
    let ids = triggered(manifest);
    let mut databases = Databases::default();
    let mut configs = BTreeMap::new();
    for id in &ids {
        let component = manifest.component(id).with_context(|| format!("there is no [component.{id}]"))?;
        let config = load::configure(component, manifest, &variables, &places, &mut databases, &grants)?;
        configs.insert((*id).to_owned(), Arc::new(config));
    }
    let default = places.databases.get("default").context("there is no default database")?;
    let default = databases.open(default.file("sqlite_database.default")?)?;

    // Instances outnumber requests: those that just answered may be finishing while the next ones start.
    let instances = options.limits.max_concurrent_requests.saturating_mul(2);
    let engine = engine::new(EngineOptions { instances, memory: options.limits.max_instance_memory })?;
    let cache = Cache::open(cache_folder(options).as_deref(), &engine)?;
    let linker = linker::new(&engine).map_err(anyhow::Error::from)?;
    let progress = |id: &str| {
        if !options.quiet {
            eprintln!("compiling {id}…");
        }
    };
    let linked = load::link(&ids, manifest, &engine, &linker, &cache, &progress)?;
    let parts = linked
        .into_iter()
        .filter_map(|(id, pre)| configs.remove(&id).map(|config| (id, Part { pre, config })))
        .collect();
    Ok(Prepared { engine, parts, databases, default })
}

/// The ids of components that a trigger runs, once each.
fn triggered(manifest: &Manifest) -> Vec<&str> {
    let mut ids: Vec<&str> = manifest.http.iter().map(|t| t.component.as_str()).collect();
    ids.extend(manifest.cron.iter().map(|t| t.component.as_str()));
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn cache_folder(options: &Up) -> Option<PathBuf> {
    if options.disable_cache {
        return None;
    }
    let user = || {
        let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let base = base.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
        base.map(|base| base.join("vaguemestre"))
    };
    options.cache_dir.clone().or_else(user)
}

/// Migrations first, then the statements of `--sqlite`.
fn start_sql(manifest: &Manifest, statements: &[String], default: &Database) -> anyhow::Result<()> {
    migrate::apply(manifest, default)?;
    for statement in statements {
        let connection = default.trusted()?;
        match statement.strip_prefix('@') {
            Some(file) => {
                let sql = std::fs::read_to_string(file).with_context(|| format!("--sqlite @{file}"))?;
                connection.execute_batch(&sql).with_context(|| format!("--sqlite @{file}"))?;
            }
            None => connection.execute_batch(statement).context("--sqlite")?,
        }
    }
    Ok(())
}

fn assemble(
    manifest: &Manifest,
    options: &Up,
    engine: &Engine,
    parts: &BTreeMap<String, Part>,
) -> anyhow::Result<(Arc<App>, Vec<Job>)> {
    let limits = &options.limits;
    let reuse = Reuse {
        count: limits.max_instance_reuse_count as usize,
        concurrent: limits.max_instance_concurrent_reuse_count as usize,
        idle: limits.idle_instance_timeout,
        request: limits.request_timeout,
        afterwards: limits.stream_timeout,
    };
    let mut router = Router::default();
    let mut targets: Vec<&str> = Vec::new();
    let mut components = Vec::new();
    for trigger in &manifest.http {
        let id = trigger.component.as_str();
        let target = match targets.iter().position(|known| *known == id) {
            Some(at) => at,
            None => {
                let part = parts.get(id).with_context(|| format!("component \"{id}\" was not loaded"))?;
                components.push(http_component(id, engine, part, reuse)?);
                targets.push(id);
                targets.len() - 1
            }
        };
        let Some(route) = &trigger.route else { continue };
        let pattern = Pattern::parse(route).map_err(|e| anyhow!(e))?;
        if let Some(replaced) = router.add(pattern, target) {
            let replaced = targets.get(replaced).copied().unwrap_or_default();
            warn!(
                route,
                component = replaced,
                "Another component has the same route: this one is never reached by it."
            );
        }
    }
    let limits_of_app = Limits {
        body: limits.max_request_body,
        time: limits.request_timeout,
        places: limits.max_concurrent_requests as usize,
    };
    let mut jobs = Vec::new();
    for trigger in &manifest.cron {
        let id = trigger.component.as_str();
        let part = parts.get(id).with_context(|| format!("component \"{id}\" was not loaded"))?;
        if linker::exported_function(part.pre.component(), cron::EXPORT).is_none() {
            return Err(anyhow!("component \"{id}\" has a cron trigger but does not export `{}`", cron::EXPORT));
        }
        jobs.push(Job {
            component: id.to_owned(),
            schedule: cron::parse(&trigger.expression).map_err(|e| anyhow!(e))?,
            pre: part.pre.clone(),
            config: Arc::clone(&part.config),
            limit: limits.cron_timeout,
        });
    }
    Ok((App::new(router, components, limits_of_app), jobs))
}

fn http_component(id: &str, engine: &Engine, part: &Part, reuse: Reuse) -> anyhow::Result<Component> {
    let (pre, reuse) = match wasmtime_wasi_http::p3::bindings::ServicePre::new(part.pre.clone()) {
        Ok(service) => (ProxyPre::P3(service), reuse),
        Err(not_p3) => match wasmtime_wasi_http::p2::bindings::ProxyPre::new(part.pre.clone()) {
            // As in Spin, an instance of WASI 0.2 serves one request.
            Ok(proxy) => (ProxyPre::P2(proxy), Reuse { count: 1, concurrent: 1, ..reuse }),
            Err(_) => {
                return Err(anyhow!(
                    "component \"{id}\" has an HTTP trigger but does not export `wasi:http/handler@0.3.0`: {not_p3:#}"
                ));
            }
        },
    };
    Ok(Component::new(engine.clone(), pre, Arc::clone(&part.config), reuse))
}

/// Says on standard output where the application is: scripts wait for the first line.
fn announce(app: &App, address: std::net::SocketAddr, started: Instant) {
    use std::io::Write as _;
    let mut text = format!("Serving http://{address}\n");
    for (route, component) in app.routes() {
        text.push_str(&format!("  {component}: http://{address}{route}\n"));
    }
    let mut out = std::io::stdout().lock();
    // A closed standard output is no reason to stop serving.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    info!(address = %address, ms = started.elapsed().as_millis(), "Ready.");
}

async fn wait_for_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let signal = tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    };
    info!(signal, "Asked to stop: finishing the requests at hand.");
    Ok(())
}
