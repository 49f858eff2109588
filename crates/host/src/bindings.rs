//! Bindings generated from `wit/`: what the runner offers besides WASI.

wasmtime::component::bindgen!({
    path: "wit",
    world: "vaguemestre:host/capabilities",
    imports: { default: async | trappable },
    with: {
        "spin:sqlite/sqlite.connection": crate::sqlite::SqlConnection,
        "spin:key-value/key-value.store": crate::key_value::OpenStore,
        "fermyon:spin/key-value.store": crate::key_value::OpenStore,
    },
    require_store_data_send: true,
});
