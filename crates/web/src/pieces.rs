//! A body that lies in the database in pieces, and leaves as a stream: memory holds one piece at a time.

use bytes::Bytes;
use store::{Database, Error, Value};

/// Where the pieces of a body are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pieces {
    /// Bytes of all of them.
    pub(crate) length: u64,
    /// Gives one piece, a blob: its last parameter is the position, from 0.
    pub(crate) statement: &'static str,
    /// The parameters before the position.
    pub(crate) parameters: Vec<Value>,
}

impl Pieces {
    /// The piece at `position`; none after the last.
    pub(crate) fn read(&self, db: &dyn Database, position: i64) -> Result<Option<Bytes>, Error> {
        let mut parameters = self.parameters.clone();
        parameters.push(Value::Integer(position));
        db.first(self.statement, &parameters)?.map(|row| row.blob(0).map(Bytes::copy_from_slice)).transpose()
    }
}

/// A body of an answer: whole, or read while it leaves.
#[cfg(target_family = "wasm")]
pub enum Body {
    /// All there is, once.
    Whole(Option<Bytes>),
    /// The pieces from `position` on.
    #[expect(private_interfaces, reason = "nobody outside looks into a body")]
    Pieces { pieces: Pieces, position: i64 },
}

#[cfg(target_family = "wasm")]
impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Error>>> {
        let next = match self.get_mut() {
            Self::Whole(bytes) => Ok(bytes.take().filter(|bytes| !bytes.is_empty())),
            Self::Pieces { pieces, position } => {
                let read = pieces.read(&store::Spin, *position);
                *position += 1;
                read
            }
        };
        std::task::Poll::Ready(next.map(|bytes| bytes.map(http_body::Frame::data)).transpose())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Capability, Exchange, Problem, Response, Route, testing::Site};

    const CAPABILITY: Capability = Capability::new("files", "Fichiers", "/files", 90);
    const ROUTES: &[Route] = &[Route::get("/files/{id}", file).anyone()];

    fn file(exchange: &Exchange<'_>) -> Result<Response, Problem> {
        let piece = "SELECT bytes FROM content_chunk WHERE sha256 = ?1 AND position = ?2";
        Ok(Response::pieces("a.pdf", "application/pdf", 5, piece, store::params![exchange.param("id")].to_vec()))
    }

    #[test]
    fn pieces_leave_in_order_with_their_length() {
        let site = Site::new(&CAPABILITY, ROUTES);
        let id = "a".repeat(64);
        for (position, bytes) in [(1, "de"), (0, "abc")] {
            let insert = "INSERT INTO content_chunk (sha256, position, bytes) VALUES (?, ?, CAST(? AS BLOB))";
            store::Database::execute(site.database(), insert, store::params![&id, position, bytes]).unwrap();
        }
        let answer = site.visitor().get(&format!("/files/{id}"));
        assert_eq!(answer.text(), "abcde");
        assert_eq!(answer.header("content-length"), "5");
    }
}
