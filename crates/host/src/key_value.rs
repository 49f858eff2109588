//! Key-value stores: the host sides of `spin:key-value@3.0.0` and `fermyon:spin/key-value@2.0.0`.
//!
//! All labels share one SQLite file with the very table Spin uses, so that a state folder serves either. Reads are one
//! look-up by primary key on a pooled connection, on the spot. There is no compare-and-swap: sessions and caches only.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use crate::bindings::fermyon::spin::key_value as v2;
use crate::bindings::spin::key_value::key_value as v3;
use crate::guest::{Guest, MAX_HANDLES};
use crate::linker::HasGuest;
use crate::sqlite::{Answer, Database, Value};

const GET: &str = "SELECT value FROM spin_key_value WHERE store=? AND key=?";
const EXISTS: &str = "SELECT 1 FROM spin_key_value WHERE store=? AND key=?";
const SET: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?, ?, ?) \
                   ON CONFLICT (store, key) DO UPDATE SET value=excluded.value";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store=? AND key=?";
const KEYS: &str = "SELECT key FROM spin_key_value WHERE store=?";
const CREATE: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";

/// The stores a component may open, by label; `None` for a label that nothing backs.
pub type Stores = BTreeMap<String, Option<Arc<Database>>>;

/// Makes sure a file holds the table of stores.
///
/// # Errors
/// When the file cannot be written.
pub fn prepare(database: &Database) -> anyhow::Result<()> {
    Ok(database.trusted()?.execute_batch(CREATE)?)
}

/// A store a guest has open.
#[derive(Debug, Clone)]
pub struct OpenStore {
    label: String,
    database: Arc<Database>,
}

impl OpenStore {
    async fn run(&self, sql: &str, rest: Vec<Value>) -> Result<Answer, String> {
        let mut values = Vec::with_capacity(1 + rest.len());
        values.push(Value::Text(self.label.clone()));
        values.extend(rest);
        let mut connection = self.database.checkout().map_err(|e| e.to_string())?;
        connection.execute(sql, &values, None).await.map_err(|e| e.to_string())
    }

    async fn get(&self, key: String) -> Result<Option<Vec<u8>>, String> {
        let answer = self.run(GET, vec![Value::Text(key)]).await?;
        Ok(answer.rows.into_iter().flatten().next().map(|value| match value {
            Value::Blob(bytes) => bytes,
            Value::Text(text) => text.into_bytes(),
            Value::Integer(_) | Value::Real(_) | Value::Null => Vec::new(),
        }))
    }

    async fn set(&self, key: String, value: Vec<u8>) -> Result<(), String> {
        self.run(SET, vec![Value::Text(key), Value::Blob(value)]).await.map(drop)
    }

    async fn delete(&self, key: String) -> Result<(), String> {
        self.run(DELETE, vec![Value::Text(key)]).await.map(drop)
    }

    async fn exists(&self, key: String) -> Result<bool, String> {
        Ok(!self.run(EXISTS, vec![Value::Text(key)]).await?.rows.is_empty())
    }

    async fn keys(&self) -> Result<Vec<String>, String> {
        let answer = self.run(KEYS, Vec::new()).await?;
        Ok(answer
            .rows
            .into_iter()
            .flatten()
            .filter_map(|value| match value {
                Value::Text(key) => Some(key),
                _ => None,
            })
            .collect())
    }
}

/// Why a store is not opened.
enum Refusal {
    Denied,
    Unknown,
    Full,
}

fn open(guest: &mut Guest, label: String) -> wasmtime::Result<Result<Resource<OpenStore>, Refusal>> {
    let database = match guest.config.stores.get(&label) {
        None => return Ok(Err(Refusal::Denied)),
        Some(None) => return Ok(Err(Refusal::Unknown)),
        Some(Some(database)) => Arc::clone(database),
    };
    if guest.handles >= MAX_HANDLES {
        return Ok(Err(Refusal::Full));
    }
    guest.handles += 1;
    Ok(Ok(guest.table().push(OpenStore { label, database })?))
}

fn close(guest: &mut Guest, store: Resource<OpenStore>) -> wasmtime::Result<()> {
    guest.table().delete(store)?;
    guest.handles = guest.handles.saturating_sub(1);
    Ok(())
}

impl From<Refusal> for v3::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied => Self::AccessDenied,
            Refusal::Unknown => Self::NoSuchStore,
            Refusal::Full => Self::StoreTableFull,
        }
    }
}

impl From<Refusal> for v2::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied => Self::AccessDenied,
            Refusal::Unknown => Self::NoSuchStore,
            Refusal::Full => Self::StoreTableFull,
        }
    }
}

impl v3::Host for Guest {}

impl v3::HostStore for Guest {
    async fn drop(&mut self, store: Resource<OpenStore>) -> wasmtime::Result<()> {
        close(self, store)
    }
}

fn of<T>(accessor: &Accessor<T, HasGuest>, store: &Resource<OpenStore>) -> wasmtime::Result<OpenStore> {
    accessor.with(|mut access| Ok(access.get().table().get(store)?.clone()))
}

impl<T: Send> v3::HostStoreWithStore<T> for HasGuest {
    async fn open(
        accessor: &Accessor<T, Self>,
        label: String,
    ) -> wasmtime::Result<Result<Resource<OpenStore>, v3::Error>> {
        accessor.with(|mut access| Ok(open(access.get(), label)?.map_err(Into::into)))
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        store: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<Option<Vec<u8>>, v3::Error>> {
        Ok(of(accessor, &store)?.get(key).await.map_err(v3::Error::Other))
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        store: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), v3::Error>> {
        Ok(of(accessor, &store)?.set(key, value).await.map_err(v3::Error::Other))
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        store: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<(), v3::Error>> {
        Ok(of(accessor, &store)?.delete(key).await.map_err(v3::Error::Other))
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        store: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<bool, v3::Error>> {
        Ok(of(accessor, &store)?.exists(key).await.map_err(v3::Error::Other))
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        store: Resource<OpenStore>,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), v3::Error>>)> {
        let (keys, end) = match of(accessor, &store)?.keys().await {
            Ok(keys) => (keys, Ok(())),
            Err(e) => (Vec::new(), Err(v3::Error::Other(e))),
        };
        accessor.with(|mut access| {
            let stream = StreamReader::new(&mut access, keys)?;
            let end = FutureReader::new(&mut access, async move { wasmtime::error::Ok(end) })?;
            Ok((stream, end))
        })
    }
}

impl v2::Host for Guest {}

impl v2::HostStore for Guest {
    async fn open(&mut self, label: String) -> wasmtime::Result<Result<Resource<OpenStore>, v2::Error>> {
        Ok(open(self, label)?.map_err(Into::into))
    }

    async fn get(
        &mut self,
        store: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<Option<Vec<u8>>, v2::Error>> {
        let store = self.table().get(&store)?.clone();
        Ok(store.get(key).await.map_err(v2::Error::Other))
    }

    async fn set(
        &mut self,
        store: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), v2::Error>> {
        let store = self.table().get(&store)?.clone();
        Ok(store.set(key, value).await.map_err(v2::Error::Other))
    }

    async fn delete(&mut self, store: Resource<OpenStore>, key: String) -> wasmtime::Result<Result<(), v2::Error>> {
        let store = self.table().get(&store)?.clone();
        Ok(store.delete(key).await.map_err(v2::Error::Other))
    }

    async fn exists(&mut self, store: Resource<OpenStore>, key: String) -> wasmtime::Result<Result<bool, v2::Error>> {
        let store = self.table().get(&store)?.clone();
        Ok(store.exists(key).await.map_err(v2::Error::Other))
    }

    async fn get_keys(&mut self, store: Resource<OpenStore>) -> wasmtime::Result<Result<Vec<String>, v2::Error>> {
        let store = self.table().get(&store)?.clone();
        Ok(store.keys().await.map_err(v2::Error::Other))
    }

    async fn drop(&mut self, store: Resource<OpenStore>) -> wasmtime::Result<()> {
        close(self, store)
    }
}
