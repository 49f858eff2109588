//! What one instance of a component holds on the host's side, and what it was granted.
//!
//! [`GuestConfig`] is settled at load and shared by all instances of a component; [`Guest`] is the data of one store.
//! A guest sees nothing that its `[component.<id>]` does not name.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tracing::warn;
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Result};
use wasmtime_wasi::filesystem::FsPerms;
use wasmtime_wasi::sockets::SocketAddrUse;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::key_value::Stores;
use crate::outbound::{AllowList, Hooks, Outbound};
use crate::sqlite::Database;
use crate::stdio::GuestOutput;

/// The most database connections and open stores of one instance, as in Spin.
pub const MAX_HANDLES: usize = 256;

/// What a component was granted.
pub struct GuestConfig {
    /// The component's id.
    pub id: String,
    /// Its variables, settled.
    pub variables: BTreeMap<String, String>,
    /// The databases it may open, by label; `None` for a label that nothing backs.
    pub databases: BTreeMap<String, Option<Arc<Database>>>,
    /// The key-value stores it may open, by label.
    pub stores: Stores,
    /// Where it may connect to.
    pub allowed: Arc<AllowList>,
    /// Its environment variables.
    pub environment: Vec<(String, String)>,
    /// The folders it sees: on this machine, in the guest, and whether it may write.
    pub mounts: Vec<(PathBuf, String, bool)>,
    /// The most bytes of linear memory.
    pub memory: usize,
    /// Whether its output is dropped.
    pub quiet: bool,
    /// The HTTP client and the way back to the application itself; set before the first request.
    pub outbound: OnceLock<Outbound>,
}

/// The data of one store.
pub struct Guest {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    hooks: Hooks,
    pub(crate) memory: MemoryLimit,
    /// What it was granted.
    pub config: Arc<GuestConfig>,
    /// Handles open now: database connections and key-value stores.
    pub(crate) handles: usize,
    /// When the time of the request being handled is over.
    pub deadline: Option<Instant>,
}

impl Guest {
    /// # Errors
    /// When a folder cannot be opened.
    pub(crate) fn new(config: Arc<GuestConfig>) -> Result<Self> {
        let mut wasi = WasiCtx::builder();
        wasi.envs(&config.environment);
        if !config.quiet {
            wasi.stdout(GuestOutput::new(&config.id)).stderr(GuestOutput::new(&config.id));
        }
        for (source, destination, writable) in &config.mounts {
            let perms = if *writable { FsPerms::ReadWrite } else { FsPerms::ReadOnly };
            wasi.preopened_dir(source, destination, perms)?;
        }
        let granted = Arc::clone(&config);
        wasi.socket_addr_check(move |address, used_for| {
            let verdict = allows_socket(&granted, address, used_for);
            Box::pin(std::future::ready(verdict)) as Pin<Box<dyn Future<Output = bool> + Send + Sync>>
        });
        wasi.allow_tcp(true).allow_udp(false).allow_ip_name_lookup(false);
        Ok(Self {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            hooks: Hooks::new(Arc::clone(&config)),
            memory: MemoryLimit { used: 0, limit: config.memory, refused: false },
            config,
            handles: 0,
            deadline: None,
        })
    }

    /// The table of this store's resources.
    pub(crate) fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }

    /// Notes how deep in self-requests this instance's request is.
    pub(crate) fn set_depth(&mut self, depth: u32) {
        self.hooks.depth = depth;
    }
}

/// Sockets: outgoing TCP only (Vaguemestre has no use for UDP), each address checked. The bind seen here is the one every `connect` implies: to any
/// address, any port; a real bind names one of them and is refused.
fn allows_socket(config: &GuestConfig, address: SocketAddr, used_for: SocketAddrUse) -> bool {
    let wildcard = address.ip().is_unspecified() && address.port() == 0;
    match used_for {
        SocketAddrUse::TcpConnect => {
            let allowed = config.allowed.allows_socket("tcp", address);
            if !allowed {
                warn!(
                    component = config.id,
                    "A connection was refused; to allow it, add \"tcp://{address}\" to allowed_outbound_hosts."
                );
            }
            allowed
        }
        SocketAddrUse::TcpBind => wildcard,
        _ => false,
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Guest {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.hooks, table: &mut self.table, ctx: &mut self.http }
    }
}

/// Bounds the linear memory of one store, all its instances together.
#[derive(Debug)]
pub(crate) struct MemoryLimit {
    used: usize,
    limit: usize,
    /// Whether a growth was refused: it explains the trap that follows.
    pub(crate) refused: bool,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        let used = self.used.saturating_add(desired.saturating_sub(current));
        if used > self.limit {
            self.refused = true;
            return Ok(false);
        }
        self.used = used;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        Ok(desired <= 100_000)
    }
}
