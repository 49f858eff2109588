//! Why a file cannot be read, or not to its end.

/// Why reading stopped. What came before has been given to the sink; whoever called decides what to do with it.
///
/// [`Display`](std::fmt::Display) is French, for whoever brought the file: what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes could not be read.
    #[error("La lecture du fichier s’est interrompue à la ligne {line}. Envoyez-le à nouveau.")]
    Io {
        /// Where.
        line: u64,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing in it.
    #[error("Le fichier est vide.")]
    Empty,
    /// UTF-16 or UTF-32, which neither academies nor ONDE write.
    #[error(
        "Le fichier est encodé en UTF-16. Enregistrez-le en UTF-8 (dans un tableur\u{a0}: «\u{a0}CSV UTF-8\u{a0}»), puis recommencez."
    )]
    Utf16,
    /// A NUL byte: a spreadsheet's own format, an archive…
    #[error(
        "Le fichier n’est pas un fichier texte (ligne {line}). Un classeur doit être enregistré au format CSV, une archive décompressée."
    )]
    NotText {
        /// Where.
        line: u64,
    },
    /// Bytes that are not of the encoding.
    #[error(
        "Le fichier contient à la ligne {line} un caractère qui n’est pas en {encoding}. Enregistrez-le en UTF-8, puis recommencez."
    )]
    Encoding {
        /// Where.
        line: u64,
        /// "UTF-8"
        encoding: &'static str,
    },
    /// The XML declaration names an encoding that is not read.
    #[error(
        "L’encodage déclaré par le fichier n’est pas pris en charge ({0}). Sont lus UTF-8, ISO-8859-1 et ISO-8859-15."
    )]
    UnknownEncoding(String),
    /// XML, but with another root than `ficAlimMENESR`.
    #[error(
        "Ce fichier XML n’est pas un fichier AAF\u{a0}: son premier élément n’est pas ficAlimMENESR (ligne {line})."
    )]
    NotAaf {
        /// Where.
        line: u64,
    },
    /// Not well-formed XML.
    #[error(
        "Le fichier XML est mal formé à la ligne {line}\u{a0}: ce qui suit n’a pas pu être lu. Demandez-en un nouvel export."
    )]
    Malformed {
        /// Where.
        line: u64,
    },
    /// It ends too early.
    #[error("Le fichier s’arrête avant sa fin, à la ligne {line}\u{a0}: il est incomplet. Transférez-le à nouveau.")]
    Truncated {
        /// Its last line.
        line: u64,
    },
    /// It declares entities: nothing good does so here, and expanding them could fill the memory.
    #[error(
        "Le fichier déclare des entités XML (ligne {line}), ce qui n’est pas admis. Demandez un export AAF ordinaire."
    )]
    Doctype {
        /// Where.
        line: u64,
    },
    /// Elements within elements within elements.
    #[error("Les éléments du fichier sont trop imbriqués (ligne {line})\u{a0}: ce n’est pas un fichier AAF.")]
    TooDeep {
        /// Where.
        line: u64,
    },
    /// Something enormous that is not part of an entry.
    #[error("Le fichier contient à la ligne {line} un élément démesuré\u{a0}: ce qui suit n’a pas pu être lu.")]
    TooLarge {
        /// Where.
        line: u64,
    },
    /// A quotation mark that opens a cell and never closes: what follows is one cell.
    #[error(
        "Un guillemet ouvert à la ligne {line} n’est jamais refermé\u{a0}: ce qui suit n’a pas pu être lu. Corrigez cette ligne, puis recommencez."
    )]
    UnclosedQuote {
        /// The line of the row.
        line: u64,
    },
    /// No known format has these columns.
    #[error(
        "Les colonnes du fichier ne sont celles d’aucun format connu (AAF, ONDE, modèle CSV). Vérifiez la première ligne et le séparateur (point-virgule, virgule ou tabulation)."
    )]
    UnknownHeader,
    /// A column that its format cannot do without.
    #[error("Il manque au fichier la colonne «\u{a0}{0}\u{a0}». Ajoutez-la à la première ligne, puis recommencez.")]
    MissingColumn(&'static str),
    /// Two columns of one name: which one counts cannot be known.
    #[error("La colonne «\u{a0}{0}\u{a0}» figure deux fois dans le fichier. Gardez-en une seule, puis recommencez.")]
    DuplicateColumn(String),
    /// A format that does not say which establishment it is about, and neither did the caller.
    #[error("Ce format de fichier ne dit pas de quel établissement il s’agit\u{a0}: indiquez son UAI.")]
    MissingUai,
    /// The sink wants no more.
    #[error("L’enregistrement de l’import s’est interrompu à la ligne {line}. Recommencez.")]
    Stopped {
        /// Up to where.
        line: u64,
    },
}

impl Error {
    /// The stable code, for the API and the database.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "unreadable-file",
            Self::Empty => "empty-file",
            Self::Utf16 => "utf-16",
            Self::NotText { .. } => "not-text",
            Self::Encoding { .. } => "wrong-encoding",
            Self::UnknownEncoding(_) => "unknown-encoding",
            Self::NotAaf { .. } => "not-aaf",
            Self::Malformed { .. } => "malformed-xml",
            Self::Truncated { .. } => "truncated-file",
            Self::Doctype { .. } => "xml-entities",
            Self::TooDeep { .. } => "too-deep",
            Self::TooLarge { .. } => "too-large",
            Self::UnclosedQuote { .. } => "unclosed-quote",
            Self::UnknownHeader => "unknown-header",
            Self::MissingColumn(_) => "missing-column",
            Self::DuplicateColumn(_) => "duplicate-column",
            Self::MissingUai => "missing-uai",
            Self::Stopped { .. } => "stopped",
        }
    }

    /// Where reading stopped, from 1; `None` when nothing was read.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Io { line, .. }
            | Self::NotText { line }
            | Self::Encoding { line, .. }
            | Self::NotAaf { line }
            | Self::Malformed { line }
            | Self::Truncated { line }
            | Self::Doctype { line }
            | Self::TooDeep { line }
            | Self::TooLarge { line }
            | Self::UnclosedQuote { line }
            | Self::Stopped { line } => Some(*line),
            Self::Empty
            | Self::Utf16
            | Self::UnknownEncoding(_)
            | Self::UnknownHeader
            | Self::MissingColumn(_)
            | Self::DuplicateColumn(_)
            | Self::MissingUai => None,
        }
    }
}
