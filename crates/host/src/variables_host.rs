//! The host sides of `spin:variables@3.0.0` and `fermyon:spin/variables@2.0.0`: look-ups in what was settled at start.

use wasmtime::component::Accessor;

use crate::bindings::fermyon::spin::variables as v2;
use crate::bindings::spin::variables::variables as v3;
use crate::guest::Guest;
use crate::linker::HasGuest;
use crate::variables::check_name;

enum Refusal {
    Name(String),
    Undefined(String),
}

fn get(guest: &Guest, name: &str) -> Result<String, Refusal> {
    check_name(name).map_err(|why| Refusal::Name(format!("\"{name}\": {why}")))?;
    let value = guest.config.variables.get(name).cloned();
    value.ok_or_else(|| Refusal::Undefined(format!("no variable for \"{}\".\"{name}\"", guest.config.id)))
}

impl v3::Host for Guest {}

impl<T: Send> v3::HostWithStore<T> for HasGuest {
    async fn get(accessor: &Accessor<T, Self>, name: String) -> wasmtime::Result<Result<String, v3::Error>> {
        Ok(accessor.with(|mut access| get(access.get(), &name)).map_err(|refusal| match refusal {
            Refusal::Name(why) => v3::Error::InvalidName(why),
            Refusal::Undefined(why) => v3::Error::Undefined(why),
        }))
    }
}

impl v2::Host for Guest {
    async fn get(&mut self, name: String) -> wasmtime::Result<Result<String, v2::Error>> {
        Ok(get(self, &name).map_err(|refusal| match refusal {
            Refusal::Name(why) => v2::Error::InvalidName(why),
            Refusal::Undefined(why) => v2::Error::Undefined(why),
        }))
    }
}
