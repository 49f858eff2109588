//! Letters on paper (P-3, P-5, P-6): account letters, one a page or eight, and model letters, as PDF; a preview as PNG; the words
//! of the account mails (P-4).
//!
//! Pure: what goes in is data, what comes out is bytes. No clock, no database, no file. Nothing here panics, whatever the names:
//! either a letter is good, or [`Unprintable`] says which account has none and why. Codes and logins are drawn whole or not at all.

mod account;
mod clean;
mod eight;
mod embed;
mod error;
mod file;
mod flow;
mod font;
mod html;
mod ink;
mod letter;
mod mail;
mod one;
mod picture;
mod plate;
mod press;
mod preview;
mod qr;
mod sender;
mod tags;
pub mod template;
mod text;
mod wording;

pub use account::{Account, Profile, check};
pub use error::{Field, Unprintable, Why};
pub use html::blocks_from_html;
pub use letter::{Block, Letter, Run};
pub use mail::{mail_subject, mail_text};
pub use picture::{BadPicture, Picture};
pub use press::{Layout, Press};
pub use preview::{NoPreview, page_png};
pub use sender::Sender;
