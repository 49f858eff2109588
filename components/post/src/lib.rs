//! The post office as a component: `vaguemestre:post` over `spin:sqlite`. A thin shell: the judgement is in the schema's
//! views, the work in `crates/rights` and `crates/submission`; here types change hands.

#[cfg(target_family = "wasm")]
mod convert;
#[cfg(target_family = "wasm")]
mod exports;

#[cfg(target_family = "wasm")]
mod bindings {
    #![expect(clippy::indexing_slicing, clippy::allow_attributes_without_reason, reason = "generated")]
    wit_bindgen::generate!({
        path: ["../../wit/deps/spin-sqlite", "../../wit/post"],
        world: "vaguemestre:post/post",
        generate_all,
    });
}
