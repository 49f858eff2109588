//! Everything a component can import.

use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, HasData, Linker};

use crate::bindings;
use crate::guest::Guest;

/// Gives host functions the guest's data.
pub(crate) struct HasGuest;

impl HasData for HasGuest {
    type Data<'a> = &'a mut Guest;
}

/// Makes the linker.
///
/// # Errors
/// When wasmtime refuses a definition, which would be a mistake of the runner's.
pub fn new(engine: &Engine) -> wasmtime::Result<Linker<Guest>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    bindings::spin::sqlite::sqlite::add_to_linker::<_, HasGuest>(&mut linker, |g| g)?;
    bindings::spin::key_value::key_value::add_to_linker::<_, HasGuest>(&mut linker, |g| g)?;
    bindings::spin::variables::variables::add_to_linker::<_, HasGuest>(&mut linker, |g| g)?;
    bindings::fermyon::spin::key_value::add_to_linker::<_, HasGuest>(&mut linker, |g| g)?;
    bindings::fermyon::spin::variables::add_to_linker::<_, HasGuest>(&mut linker, |g| g)?;
    Ok(linker)
}

/// Whether a component exports this function at its root, and whether it is async by type.
#[must_use]
pub fn exported_function(component: &Component, name: &str) -> Option<bool> {
    component.component_type().exports(component.engine()).find_map(|(export, item)| match item.ty {
        ComponentItem::ComponentFunc(function) if export == name => Some(function.async_()),
        _ => None,
    })
}
