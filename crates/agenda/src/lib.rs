//! The agenda of a rubrique (B-2): events that its editors make and its readers see, the resources they hold, the
//! notifications that leave, the answers that come back by page or by mail, comments, and private links to follow it all.
//!
//! Who edits and who reads is said by the views of rubriques; who may be told, and that nothing is booked twice, by the
//! triggers of `sql/logic/agenda.sql`. Each function here is one decision, and each decision one statement.
//! Times are civil ones in the zone of the establishment, and the instants (UTC milliseconds) that these are.

mod answer;
mod answers;
mod change;
mod comment;
mod content;
mod error;
mod feed;
mod notify;
mod read;
mod resource;

pub use answer::{Answer, Outcome, answer, answer_by_mail};
pub use answers::{Answered, Answers, Counts, Page, answers, counts};
pub use change::{cancel, change, discard, id_of, make, publish};
pub use comment::{Comment, CommentState, comment, comments, decide};
pub use content::{Content, FollowUp, Notify, Publication, State, Stored, spoken};
pub use error::{Error, Refusal};
pub use feed::{Feed, calendar_of, calendar_of_one, feeds, open_feed, revoke_feed, token_hash};
pub use notify::{Due, Told, publish_due, tell};
pub use read::{Event, List, Rubrique, events, one, rubriques, zone_of};
pub use resource::{Held, Kind, Resource, ResourceContent, add_resource, change_resource, resources, retire_resource};
