//! News of a rubrique (B-3): written by its editors, read by the populations it is for from its publication to its expiry, with
//! comments, an acknowledgement and a simple poll where the editor wants them. Who reads: view `news_reader`.

mod edit;
mod follow;
mod react;
mod read;

pub(crate) use edit::due;
pub use edit::{change, delete, tell, withdraw, write};
pub use follow::{Follow, Reader, Votes, follow};
pub use react::{acknowledge, comment, comments, delete_comment, see, vote};
pub use read::{Cursor, Listing, Population, editable, of_everything, of_rubrique, one, populations};

use serde::{Deserialize, Serialize};

/// What an editor writes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// One line of at most 150 characters.
    pub title: String,
    /// HTML as written; sanitised before it is kept.
    pub body: String,
    /// Ids of populations of the rubrique that the editor may write to; none: all who can read the rubrique.
    pub audience: Option<Vec<String>>,
    /// UTC milliseconds; a past instant means now, and none a draft. A news that is out keeps the instant it came out.
    pub publish_at: Option<i64>,
    /// UTC milliseconds; none: it does not expire.
    pub expires_at: Option<i64>,
    /// Readers may comment.
    pub comments: bool,
    /// Readers are asked to say that they have read it.
    pub acknowledge: bool,
    /// Its audience is told by a message when it comes out, once.
    pub notify: bool,
    /// A question to readers.
    pub poll: Option<Poll>,
}

/// A simple poll: one answer each, which can be changed until the news expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// At most 200 characters.
    pub question: String,
    /// 2 to 10, all different, at most 100 characters each.
    pub choices: Vec<String>,
    /// Editors see who chose what; otherwise only how many.
    pub named: bool,
    /// Those who have answered see how many chose what.
    pub results_shown: bool,
}

/// Where a news stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Seen by editors alone, until it is published.
    Draft,
    /// It will come out.
    Scheduled,
    /// It is out.
    Published,
    /// It was out.
    Expired,
}

impl State {
    pub(crate) fn at(publish_at: Option<i64>, expires_at: Option<i64>, now: i64) -> Self {
        match (publish_at, expires_at) {
            (None, _) => Self::Draft,
            (Some(_), Some(expiry)) if expiry <= now => Self::Expired,
            (Some(publication), _) if publication > now => Self::Scheduled,
            _ => Self::Published,
        }
    }

    /// In French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Brouillon",
            Self::Scheduled => "Programmée",
            Self::Published => "Publiée",
            Self::Expired => "Expirée",
        }
    }
}

/// A news in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// ULID.
    pub id: String,
    /// ULID.
    pub rubrique: String,
    /// Its name.
    pub rubrique_name: String,
    /// One line.
    pub title: String,
    /// The beginning of its text.
    pub excerpt: String,
    /// Name of who wrote it.
    pub author: String,
    /// Where it stands.
    pub state: State,
    /// UTC milliseconds.
    pub publish_at: Option<i64>,
    /// UTC milliseconds.
    pub expires_at: Option<i64>,
    /// Not opened yet by who is looking.
    pub unread: bool,
    /// Place in the list.
    pub cursor: Cursor,
}

/// A news as one of its readers or editors sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// ULID.
    pub id: String,
    /// ULID.
    pub rubrique: String,
    /// Its name.
    pub rubrique_name: String,
    /// One line.
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
    /// The same as text.
    pub text: String,
    /// Name of who wrote it.
    pub author: String,
    /// Where it stands.
    pub state: State,
    /// UTC milliseconds.
    pub publish_at: Option<i64>,
    /// UTC milliseconds.
    pub expires_at: Option<i64>,
    /// Readers may comment.
    pub comments: bool,
    /// Readers are asked to say that they have read it.
    pub acknowledge: bool,
    /// When who is looking said so, UTC milliseconds.
    pub acknowledged_at: Option<i64>,
    /// The poll, if there is one.
    pub poll: Option<Poll>,
    /// What who is looking chose.
    pub vote: Option<i64>,
    /// How many chose each, for those who may know.
    pub results: Option<Vec<i64>>,
    /// Who is looking is an editor of the rubrique.
    pub editor: bool,
    /// Ids of the populations it is for; none: all.
    pub audience: Option<Vec<String>>,
    /// A message tells of it.
    pub notify: bool,
    /// When that left, UTC milliseconds.
    pub notified_at: Option<i64>,
    /// Why it did not: a code of `counter::CODES`.
    pub notify_problem: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// ULID.
    pub id: String,
    /// Name of who wrote it.
    pub author: String,
    /// Plain text.
    pub body: String,
    /// UTC milliseconds.
    pub at: i64,
    /// Who is looking may delete it.
    pub deletable: bool,
}
