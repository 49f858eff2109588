//! Header values with a grammar of their own: Message-IDs and media types. They are made by the house, so one that does not
//! fit is a mistake to report, not text to tidy.

/// Why a value cannot stand in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not `left@right` in visible ASCII, at most 250 octets, without brackets.
    #[error("not a Message-ID")]
    MessageId,
    /// Not `type/subtype` (RFC 2045 §5.1), or a type that cannot be an attachment (`multipart`, `message`).
    #[error("not a media type for an attachment")]
    MediaType,
}

/// A Message-ID without its angle brackets (RFC 5322 §3.6.4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// Reads `left@right`, without brackets.
    ///
    /// # Errors
    /// [`TokenError::MessageId`].
    pub fn parse(given: &str) -> Result<Self, TokenError> {
        let visible = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
        let sides =
            given.split_once('@').filter(|(left, right)| !left.is_empty() && !right.is_empty() && !right.contains('@'));
        if sides.is_some() && given.len() <= 250 && given.chars().all(visible) {
            Ok(Self(given.to_owned()))
        } else {
            Err(TokenError::MessageId)
        }
    }

    /// The Message-ID, without brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The media type of an attachment, in lower case, without parameters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MediaType(String);

impl MediaType {
    /// Reads `type/subtype`.
    ///
    /// # Errors
    /// [`TokenError::MediaType`].
    pub fn parse(given: &str) -> Result<Self, TokenError> {
        let token = |t: &str| {
            !t.is_empty() && t.len() <= 100 && t.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c))
        };
        match given.split_once('/') {
            Some((kind, subtype)) if token(kind) && token(subtype) => {
                let kind = kind.to_ascii_lowercase();
                if kind == "multipart" || kind == "message" {
                    return Err(TokenError::MediaType);
                }
                Ok(Self(format!("{kind}/{}", subtype.to_ascii_lowercase())))
            }
            _ => Err(TokenError::MediaType),
        }
    }

    /// `application/octet-stream`: for what is not known better.
    #[must_use]
    pub fn octets() -> Self {
        Self("application/octet-stream".to_owned())
    }

    /// The media type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{MediaType, MessageId, TokenError};

    #[test]
    fn message_ids_have_two_sides_and_no_brackets() {
        assert_eq!(MessageId::parse("01j@ent.example").unwrap().as_str(), "01j@ent.example");
        for wrong in ["", "a", "@b", "a@", "<a@b>", "a@b c", "a@b\r\nX: y", "a@b@c", "é@b"] {
            assert_eq!(MessageId::parse(wrong), Err(TokenError::MessageId), "{wrong:?}");
        }
    }

    #[test]
    fn media_types_are_two_tokens() {
        assert_eq!(MediaType::parse("Application/PDF").unwrap().as_str(), "application/pdf");
        for wrong in ["", "pdf", "a/", "/b", "a/b; c=d", "a/b\r\nX: y", "multipart/mixed", "message/rfc822", "a/b/c"] {
            assert_eq!(MediaType::parse(wrong), Err(TokenError::MediaType), "{wrong:?}");
        }
    }
}
