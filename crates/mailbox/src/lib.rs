//! What a person reads and files (M-5 to M-8): folders, conversations, marks. Reads messages, writes nothing but the
//! marks of the viewer's own mailbox entries; sending is `submission`'s.
//!
//! Every query asks with the viewer's id, so that nobody opens a message she has no entry for.

mod attachment;
mod list;
mod mark;
mod read;

pub use attachment::{Attachment, content};
pub use list::{Cursor, Folder, Item, Page, Summary, list, summary};
pub use mark::{Mark, mark};
pub use read::{Correspondent, Draft, Message, Named, conversation, draft, named};
