//! The wasmtime engine: one per process, its settings, and the clock that lets it interrupt guests.
//!
//! Invariants: every store is made by [`store`], so that memory is bounded and a looping guest gives way at every tick.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tracing::warn;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store, UpdateDeadline};

use crate::guest::{Guest, GuestConfig};

/// How often a running guest gives way to others.
const TICK: Duration = Duration::from_millis(10);

/// What can be set from the command line.
#[derive(Debug, Clone, Copy)]
pub struct EngineOptions {
    /// The most instances alive at once, all components together.
    pub instances: u32,
    /// The most bytes of linear memory of one instance, composed parts included.
    pub memory: usize,
}

/// Makes the engine and starts its clock.
///
/// # Errors
/// When wasmtime cannot run on this machine.
pub fn new(options: EngineOptions) -> anyhow::Result<Engine> {
    let mut config = base();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options)));
    let engine = match Engine::new(&config) {
        Ok(engine) => engine,
        // Reserving address space fails under a small `ulimit -v`: slower, but it runs.
        Err(e) => {
            warn!(
                error = format!("{e:#}"),
                "No address space for the instance pool; instances will be made one by one."
            );
            Engine::new(&base()).map_err(anyhow::Error::from).context("wasmtime cannot run on this machine")?
        }
    };
    tick(&engine)?;
    Ok(engine)
}

fn base() -> Config {
    let mut config = Config::new();
    config.wasm_component_model(true);
    config.wasm_component_model_async(true);
    config.epoch_interruption(true);
    config
}

fn pool(options: EngineOptions) -> PoolingAllocationConfig {
    let n = options.instances;
    let mut pool = PoolingAllocationConfig::default();
    // A component built by wit-component is three or four core instances, and composition adds as many per plug.
    pool.total_component_instances(n.saturating_mul(2))
        .total_core_instances(n.saturating_mul(16))
        .total_memories(n.saturating_mul(3))
        .total_tables(n.saturating_mul(8))
        .total_stacks(n.saturating_mul(2))
        .max_core_instances_per_component(200)
        .max_memories_per_component(32)
        .max_tables_per_component(64)
        .max_component_instance_size(8 << 20)
        .max_core_instance_size(8 << 20)
        .max_memory_size(options.memory)
        .table_elements(20_000)
        // What stays resident is zeroed by hand instead of given back to the system: it buys speed with idle memory.
        .linear_memory_keep_resident(64 << 10)
        .table_keep_resident(16 << 10)
        .max_unused_warm_slots(8);
    pool
}

fn tick(engine: &Engine) -> anyhow::Result<()> {
    let weak = engine.weak();
    std::thread::Builder::new()
        .name("epoch".into())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })
        .context("cannot start a thread")?;
    Ok(())
}

/// Makes the store of one instance.
///
/// # Errors
/// When a folder it is to see cannot be opened.
pub fn store(engine: &Engine, config: Arc<GuestConfig>) -> wasmtime::Result<Store<Guest>> {
    let mut store = Store::new(engine, Guest::new(config)?);
    store.limiter(|guest| &mut guest.memory);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now()))));
    Ok(store)
}
