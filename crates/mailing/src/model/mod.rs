//! Model letters (P-5, P-6): templates that the administrators of an establishment share, whom they go to, and their runs.
//!
//! Every function takes the viewer and asks `local_admin` in its statement: an establishment, a model or a run that is not hers
//! is [`Refusal::Unknown`]. Merging is `letters::template`'s; who may be written to is said by `reachable` alone; messages are
//! made by the post office (`submission::mail_letters`), nothing here writes one.

mod kept;
mod plan;
mod refusal;
mod run;
mod select;
mod slice;

pub use kept::{
    Content, MAX_SIGNATURE, Model, create, delete, duplicate, find, list, remove_signature, save, set_signature,
    signature,
};
pub use plan::{Drafted, Letterhead, Plan, Reach, letterhead, plan, sanitised};
pub use refusal::{Error, Refusal};
pub use run::{
    Copy, Launch, LetterState, Run, RunLetter, Way, due, launch, note_refused, print_rest, purge, run, run_letter,
    run_letters, runs,
};
pub use select::{Addressed, Choices, Selection, choices, select};
pub use slice::{letter, pdf, slice, unprintable};
