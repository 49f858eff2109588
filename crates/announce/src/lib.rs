//! What a school makes known: news of a rubrique (B-3), flash messages (B-4), liaison notices (B-5).
//!
//! What is shown is said by the clock and the rows alone (`sql/logic/announcements.sql`): a news is published, a flash
//! message begins and ends, without anything having to run. Only the messages that tell of them have to be sent: at once
//! by whoever publishes, else by [`tell_due`], which the cron trigger calls. Each is sent once, whoever calls, however often:
//! the statement that submits it is the one that says it was sent.

mod content;
mod dispatch;
mod error;
pub mod flash;
pub mod liaison;
pub mod news;

pub use content::shown_again;
pub use dispatch::{Report, Told, tell_due};
pub use error::Error;
