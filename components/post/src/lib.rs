//! The post office as a component: `vaguemestre:post` over `spin:sqlite`. A thin shell: the judgement is in the schema's
//! views, the work in `crates/rights` and `crates/submission`; here types change hands.

#[cfg(target_family = "wasm")]
mod convert;
#[cfg(target_family = "wasm")]
mod exports;

#[cfg(target_family = "wasm")]
mod bindings {
    #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
    wit_bindgen::generate!({
        path: ["../../wit/deps/spin-sqlite", "../../wit/post"],
        world: "vaguemestre:post/post",
        generate_all,
    });
    use super::exports::Post;
    export!(Post with_types_in self);
}
