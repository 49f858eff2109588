//! Internet mail as it leaves the house (RFC 5322, RFC 2045 to 2047, RFC 2231): what an address, a header value and an
//! attachment may be, and one function that turns them into the bytes of a mail, [`Mail::compose`].
//!
//! Invariants: no value can end a header line or begin a part, because each is a type of its own that was checked once;
//! the same [`Mail`] always gives the same bytes; a mail is 7-bit, its lines end in CRLF and are at most 998 octets long.
//! This crate reads no clock, no database and no network, and knows no redirect address but to check its form.

mod address;
mod compose;
mod handover;
mod text;
mod token;

pub use address::{Address, AddressError};
pub use compose::{Attachment, Frame, Mail, Mailbox, Recipient};
pub use handover::{Disposition, Envelope, Reply};
pub use text::{DisplayName, FileName, Subject};
pub use token::{MediaType, MessageId, TokenError};
