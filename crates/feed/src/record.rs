//! What every format becomes.

use serde::{Deserialize, Serialize};

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `EtabEducNat`
    Establishment,
    /// `MatiereEducNat`: the name of a subject.
    Subject,
    /// `MefEducNat`: the name of a level of study.
    Level,
    /// `Eleve`
    Student,
    /// `PersRelEleve`
    Relative,
    /// `PersEducNat`: teachers and staff; [`Record::teaching`] and [`Record::functions`] tell which.
    Adult,
}

/// One thing a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line where it begins, from 1.
    pub line: u64,
    /// What it is about.
    pub kind: Kind,
    /// Its id in the source, never empty: ENTPersonJointure, ENTStructureJointure, a subject's code, an INE; one made from
    /// name and birth date where the format has none.
    pub id: String,
    /// What is said of it.
    pub change: Change,
}

/// What is said of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is so: the whole of it (a full file, `addRequest`).
    Put(Box<Record>),
    /// These fields are so now, the others as before (`modifyRequest`). An emptied field is there, and empty.
    Patch(Box<Record>),
    /// It is no more (`deleteRequest`).
    Delete,
}

/// A class or teaching group of an establishment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The establishment's id in the source.
    pub structure: String,
    /// "6A", "6ESPGR1"
    pub name: String,
    /// The subject taught there, for a teacher; its code in the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
}

/// A student's tie to a relative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// The relative's id in the source.
    pub id: String,
    /// The code of the tie: 1, 10, 20 parents, 3, 50 guardian, 4, 39 family, 5, 51 ASE, 6, 90 other; 0 where the source does
    /// not say.
    pub link: u16,
    /// Whether the relative is a legal representative.
    pub legal: bool,
}

/// A child as ONDE's file of relatives, or our CSV, names her: no id is there. Compare the folded "last first": a source that
/// writes the name in one piece may have it cut elsewhere, or whole in `last_name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedChild {
    /// Nom d'usage; may be empty.
    pub usual_name: String,
    /// Nom de famille.
    pub last_name: String,
    /// Prénom.
    pub first_name: String,
    /// Her class, as written.
    pub class: String,
}

/// What an adult does in an establishment (ENTPersonFonctions).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// The establishment's id in the source.
    pub structure: String,
    /// "ENS", "DOC", "DIR", "EDU"…; empty in our CSV, which has words only.
    pub code: String,
    /// "ENSEIGNEMENT"
    pub label: String,
    /// "MATHEMATIQUES"; may be empty.
    pub discipline: String,
}

macro_rules! record {
    ($($(#[$doc:meta])* $field:ident: $type:ty),* $(,)?) => {
        /// What is known of a thing; a field is absent when the source says nothing of it. Each field comes from one attribute of
        /// the source, so that a [`Change::Patch`] is the same record with fewer fields (RFC 7396 as JSON).
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Record {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
        }
    };
}

record! {
    /// UAI of an establishment.
    uai: String,
    /// Name of an establishment, of a subject, of a level.
    name: String,
    /// Last name in use (`sn`).
    last_name: String,
    /// Name at birth, when it differs (ENTPersonNomPatro).
    birth_name: String,
    /// First name.
    first_name: String,
    /// "M." or "Mme".
    title: String,
    /// `YYYY-MM-DD`
    birth_date: String,
    /// National student number.
    ine: String,
    /// "6EME", as the source names it (ENTEleveNivFormation, Niveau).
    level: String,
    /// Mail address that the source knows; not verified, never a redirect address by itself (F-1).
    mail: String,
    /// Mobile phone, as written.
    mobile: String,
    /// Home phone, as written.
    home_phone: String,
    /// Phone at work, as written.
    work_phone: String,
    /// Lines of the postal address, without postcode and town.
    street: Vec<String>,
    /// Postcode.
    postcode: String,
    /// Town.
    city: String,
    /// Country.
    country: String,
    /// The establishment she belongs to first: its id in the source.
    structure: String,
    /// Classes: of a student, or taught.
    classes: Vec<Place>,
    /// Teaching groups: of a student, or taught.
    groups: Vec<Place>,
    /// Classes of which an adult is head teacher (ENTAuxEnsClassesPrincipal).
    head_of: Vec<Place>,
    /// A student's relatives.
    relatives: Vec<Tie>,
    /// A relative's children, where the source names them on that side.
    children: Vec<NamedChild>,
    /// A relative's children by their ids in the source, where it says so on that side (first degree, our CSV).
    students: Vec<Tie>,
    /// What an adult does.
    functions: Vec<Function>,
    /// Names of the disciplines of a teacher's post (ENTAuxEnsDisciplinesPoste).
    disciplines: Vec<String>,
    /// Whether an adult stands before students (PersEducNatPresenceDevantEleves).
    teaching: bool,
    /// "guest" and the like: the profile, where the source says it outright (our CSV).
    profile: String,
}

/// Something that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The line, from 1.
    pub line: u64,
    /// The id in the source, if it got that far.
    pub id: String,
    /// Stable code.
    pub code: RejectCode,
    /// What is wrong and what to do, in French; never the content of the entry.
    pub words: String,
}

/// Why an entry is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RejectCode {
    /// No id.
    MissingId,
    /// A field it cannot do without is absent or empty.
    MissingField,
    /// A field has not the form it should have.
    BadField,
    /// A row with fewer or more cells than the header.
    RaggedRow,
    /// A request of a kind that is not known.
    UnknownRequest,
    /// Bigger than an entry can be.
    TooLarge,
}

impl RejectCode {
    /// The word in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingId => "missing-id",
            Self::MissingField => "missing-field",
            Self::BadField => "bad-field",
            Self::RaggedRow => "ragged-row",
            Self::UnknownRequest => "unknown-request",
            Self::TooLarge => "too-large",
        }
    }
}

/// Whoever takes entries does not want more (its store failed): reading stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// What takes a file as it is read.
pub trait Sink {
    /// An entry that can be used.
    ///
    /// # Errors
    /// [`Stop`] ends the reading.
    fn entry(&mut self, entry: Entry) -> Result<(), Stop>;

    /// Something that is left out.
    ///
    /// # Errors
    /// [`Stop`] ends the reading.
    fn reject(&mut self, reject: Reject) -> Result<(), Stop>;
}
