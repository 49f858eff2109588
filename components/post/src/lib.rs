//! The post office as a component: `vaguemestre:post` over `spin:sqlite`.
