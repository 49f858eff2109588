//! Building blocks of pages. Everything typed is escaped by the templates; labels are French, with their typography.

mod blocks;
mod fields;

pub use crate::typography::verbatim;
pub use blocks::{
    Column, Tone, avatar, badge, breadcrumbs, chip, confirm, csrf, empty, notice, pager, profile_badge, table, time,
};
pub use fields::{Field, checkbox, editor, error_summary, hidden, select, submit, textarea, written};
