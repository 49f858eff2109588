//! One row of a result, read by position.

use crate::{Error, Value};

/// The values of one row, in the order of the statement's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The text of column `index`.
    ///
    /// # Errors
    /// [`Error::Column`] when it is not TEXT.
    pub fn text(&self, index: usize) -> Result<&str, Error> {
        self.optional_text(index)?.ok_or(Error::Column(index))
    }

    /// The text of column `index`, if any.
    ///
    /// # Errors
    /// [`Error::Column`] when it is neither TEXT nor NULL.
    pub fn optional_text(&self, index: usize) -> Result<Option<&str>, Error> {
        match self.0.get(index) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(Error::Column(index)),
        }
    }

    /// The integer of column `index`.
    ///
    /// # Errors
    /// [`Error::Column`] when it is not INTEGER.
    pub fn integer(&self, index: usize) -> Result<i64, Error> {
        self.optional_integer(index)?.ok_or(Error::Column(index))
    }

    /// The integer of column `index`, if any.
    ///
    /// # Errors
    /// [`Error::Column`] when it is neither INTEGER nor NULL.
    pub fn optional_integer(&self, index: usize) -> Result<Option<i64>, Error> {
        match self.0.get(index) {
            Some(Value::Integer(value)) => Ok(Some(*value)),
            Some(Value::Null) => Ok(None),
            _ => Err(Error::Column(index)),
        }
    }

    /// Whether column `index` is a non-zero integer.
    ///
    /// # Errors
    /// [`Error::Column`] when it is not INTEGER.
    pub fn boolean(&self, index: usize) -> Result<bool, Error> {
        Ok(self.integer(index)? != 0)
    }

    /// The bytes of column `index`.
    ///
    /// # Errors
    /// [`Error::Column`] when it is not BLOB.
    pub fn blob(&self, index: usize) -> Result<&[u8], Error> {
        match self.0.get(index) {
            Some(Value::Blob(bytes)) => Ok(bytes),
            _ => Err(Error::Column(index)),
        }
    }
}
