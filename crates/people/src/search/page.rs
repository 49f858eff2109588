//! Pages of a list that is in order of folded name: a size, and a cursor that says where the last page ended.

use std::fmt;
use std::str::FromStr;

use crate::BadCursor;

/// Where a page ended. Opaque to callers: an id, then the folded name in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) id: String,
    pub(crate) folded_name: String,
}

impl Cursor {
    /// After the item of this id, a ULID, and folded name.
    #[must_use]
    pub fn after(id: &str, folded_name: &str) -> Self {
        Self { id: id.to_owned(), folded_name: folded_name.to_owned() }
    }

    /// The id of the last item.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The folded name of the last item.
    #[must_use]
    pub fn folded_name(&self) -> &str {
        &self.folded_name
    }
}

const ID: usize = 26;
/// A folded name of 400 characters of four bytes, and the id.
const MAX_LENGTH: usize = 4000;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        self.folded_name.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    /// # Errors
    /// When the text was not made by this service.
    fn from_str(text: &str) -> Result<Self, BadCursor> {
        if text.len() > MAX_LENGTH || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(BadCursor);
        }
        let (id, hex) = text.split_at_checked(ID).ok_or(BadCursor)?;
        if hex.len() % 2 != 0 {
            return Err(BadCursor);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let bytes = hex.as_bytes().chunks(2).map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        });
        let bytes: Vec<u8> = bytes.collect::<Option<_>>().ok_or(BadCursor)?;
        Ok(Self { id: id.to_owned(), folded_name: String::from_utf8(bytes).map_err(|_| BadCursor)? })
    }
}

/// How many items a page has: 1 to 100, 25 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u32);

impl PageSize {
    /// The nearest size allowed.
    #[must_use]
    pub const fn near(asked: u32) -> Self {
        Self(match asked {
            0 => 1,
            1..=100 => asked,
            _ => 100,
        })
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(25)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// In order of folded name.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// From what a statement gave, one more than the page at most.
    #[must_use]
    pub fn of(mut rows: Vec<(Cursor, T)>, size: PageSize) -> Self {
        let full = rows.len() > size.get() as usize;
        rows.truncate(size.get() as usize);
        let next = if full { rows.last().map(|(cursor, _)| cursor.clone()) } else { None };
        Self { items: rows.into_iter().map(|(_, item)| item).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Cursor;

    #[test]
    fn what_is_not_a_cursor_is_refused() {
        for bad in [
            "",
            "abc",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV6",
            "01ARZ3NDEKTSV4RRFFQ69G5FAVzz",
            "01ARZ3NDEKTSV4RRFFQ69G5FAVff",
            "é",
        ] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn cursors_go_round(name in "\\PC{0,60}") {
            let cursor = Cursor { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV".into(), folded_name: name };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,80}") {
            let _ = text.parse::<Cursor>();
        }
    }
}
