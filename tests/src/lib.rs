//! Black-box scenarios: what they share. A [`House`] is the whole bundle on the runner, on a free port, with a database of
//! its own; a [`Caller`] speaks HTTP to it as one person, a [`Browser`] looks at its
//! pages. Scenarios live in folders beside `src`.

mod browser;
mod caller;
mod house;

pub use browser::Browser;
pub use caller::{Answer, Caller};
pub use house::{COUNT_STATEMENTS, EACH_SECOND, House, NEVER, Options, repository};
