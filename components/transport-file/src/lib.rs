//! Keeps mails as files (O-5): the embedded default, which needs no server. The folder is mounted at `/mail`.

#[cfg_attr(not(any(target_family = "wasm", test)), expect(dead_code, reason = "only the component uses it"))]
mod folder;
#[cfg(target_family = "wasm")]
mod pickup;

#[cfg(target_family = "wasm")]
mod bindings {
    #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
    wit_bindgen::generate!({
        path: ["../../wit/transport", "../../wit/pickup"],
        world: "vaguemestre:pickup/transport-file",
        generate_all,
    });
    use super::pickup::Files;
    export!(Files with_types_in self);
}
