//! Letters as others see them: read by `lopdf`, drawn by `hayro`, neither of which has a line in common with the press.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod golden;
mod hostile;
mod order;
mod reader;
mod school;
mod structure;
