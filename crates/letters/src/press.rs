//! A PDF that is written piece by piece.

use serde::{Deserialize, Serialize};

use crate::{Account, Letter, Sender, Unprintable};

/// How many accounts a page has (P-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// One A4 page each, folded in three for a window envelope.
    OnePerPage,
    /// Eight on an A4 page, to cut.
    EightPerPage,
}

/// A PDF that is written piece by piece, so that memory stays flat however many letters there are. Between two pieces it can be
/// put away (serde; codes of a sheet that is not full yet are in it) and taken up again; the file is the same byte for byte
/// however the letters are divided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Press {
    layout: Layout,
    pages: u32,
}

impl Press {
    /// An empty document; `title` is shown by readers in the title bar.
    #[must_use]
    pub fn new(sender: &Sender, layout: Layout, title: &str) -> Self {
        let _ = (sender, title);
        Self { layout, pages: 0 }
    }

    /// The next bytes of the file: letters to these accounts.
    ///
    /// # Errors
    /// The first account that cannot be printed; nothing was drawn then.
    pub fn accounts(&mut self, sender: &Sender, accounts: &[Account<'_>]) -> Result<Vec<u8>, Unprintable> {
        let _ = sender;
        self.pages += u32::try_from(accounts.len()).unwrap_or(0);
        Ok(Vec::new())
    }

    /// The next bytes of the file: model letters, each beginning on a page of its own.
    pub fn letters(&mut self, sender: &Sender, letters: &[Letter]) -> Vec<u8> {
        let _ = (sender, letters);
        Vec::new()
    }

    /// The last bytes of the file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        Vec::new()
    }

    /// The pages begun so far.
    #[must_use]
    pub const fn pages(&self) -> u32 {
        self.pages
    }
}
