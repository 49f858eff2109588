//! Hands mails to the relay that the variables name (O-2, O-5). A thin shell over `crates/smtp`: variables in, WASI 0.2
//! sockets under it, one connection kept for the next call. It logs nothing: what it handles is private.

#[cfg(target_family = "wasm")]
mod dial;
#[cfg(target_family = "wasm")]
mod relay;

#[cfg(target_family = "wasm")]
mod bindings {
    #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
    wit_bindgen::generate!({
        path: ["../../wit/deps/fermyon-spin", "../../wit/transport", "../../wit/relay"],
        world: "vaguemestre:relay/transport-smtp",
        generate_all,
    });
    use super::relay::Smtp;
    export!(Smtp with_types_in self);
}
