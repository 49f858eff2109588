//! The names of the files of a set.

use std::cmp::Ordering;
use std::str::FromStr;

use crate::{Extent, Kind, value};

/// `<PREFIX>_Complet_<YYYYMMDD>_<Type>_<NNNN>.xml`. Sorted, the files of a set are in the order to be read in: by date, a full
/// set before a delta, then by kind and number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    /// What the academy calls the recipient, "ENT_0990001A"; may hold underscores.
    pub prefix: String,
    /// `Complet` or `Delta`.
    pub extent: Extent,
    /// `YYYY-MM-DD`
    pub date: String,
    /// `Eleve`, `PersEducNat`…
    pub kind: Kind,
    /// From 0 or 1, according to the academy.
    pub number: u32,
}

/// Not the name of a file of an AAF set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a file of an AAF set")]
pub struct NotAafName;

impl FromStr for FileName {
    type Err = NotAafName;

    /// # Errors
    /// When the text has another form. A folder before the name is left aside; so is the case of `.xml`.
    fn from_str(path: &str) -> Result<Self, NotAafName> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let (stem, ending) = name.rsplit_once('.').ok_or(NotAafName)?;
        let mut parts = stem.rsplitn(5, '_');
        let mut part = || parts.next().ok_or(NotAafName);
        let (number, kind, date, extent, prefix) = (part()?, part()?, part()?, part()?, part()?);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let extent = match extent {
            "Complet" => Extent::Full,
            "Delta" => Extent::Delta,
            _ => return Err(NotAafName),
        };
        if !ending.eq_ignore_ascii_case("xml") || prefix.is_empty() || !digits(number) || !digits(date) {
            return Err(NotAafName);
        }
        let date = match (date.get(..4), date.get(4..6), date.get(6..)) {
            (Some(year), Some(month), Some(day)) => value::date(&format!("{year}-{month}-{day}")).ok_or(NotAafName)?,
            _ => return Err(NotAafName),
        };
        let kind = kind_of(kind).ok_or(NotAafName)?;
        let number = number.parse().map_err(|_| NotAafName)?;
        Ok(Self { prefix: prefix.to_owned(), extent, date, kind, number })
    }
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let extent = match self.extent {
            Extent::Full => "Complet",
            Extent::Delta => "Delta",
        };
        let (date, kind) = (self.date.replace('-', ""), word_of(self.kind));
        write!(f, "{}_{extent}_{date}_{kind}_{:04}.xml", self.prefix, self.number)
    }
}

impl Ord for FileName {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |name: &Self| (name.extent, name.kind, name.number);
        self.date.cmp(&other.date).then_with(|| key(self).cmp(&key(other))).then_with(|| self.prefix.cmp(&other.prefix))
    }
}

impl PartialOrd for FileName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The kind that a type of file or an operational attribute names.
pub(super) fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "EtabEducNat" => Kind::Establishment,
        "MatiereEducNat" | "Matiere" => Kind::Subject,
        "MefEducNat" | "Mef" => Kind::Level,
        "Eleve" => Kind::Student,
        "PersRelEleve" => Kind::Relative,
        "PersEducNat" => Kind::Adult,
        _ => return None,
    })
}

pub(super) const fn word_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Establishment => "EtabEducNat",
        Kind::Subject => "MatiereEducNat",
        Kind::Level => "MefEducNat",
        Kind::Student => "Eleve",
        Kind::Relative => "PersRelEleve",
        Kind::Adult => "PersEducNat",
    }
}

#[cfg(test)]
mod tests {
    use super::FileName;
    use crate::{Extent, Kind};

    #[test]
    fn names_are_read_and_written() {
        let name: FileName = "ENT_0990001A_Complet_20250901_Eleve_0003.xml".parse().unwrap();
        assert_eq!(
            (name.prefix.as_str(), name.extent, name.kind, name.number),
            ("ENT_0990001A", Extent::Full, Kind::Student, 3)
        );
        assert_eq!(name.date, "2025-09-01");
        assert_eq!(name.to_string(), "ENT_0990001A_Complet_20250901_Eleve_0003.xml");
        assert_eq!("in/ENT_Delta_20250902_PersEducNat_12.XML".parse::<FileName>().unwrap().extent, Extent::Delta);
        for bad in [
            "",
            "Eleve.xml",
            "ENT_Complet_20250901_Eleve_0003",
            "ENT_Complet_20250901_Eleve_0003.csv",
            "ENT_Complet_20251301_Eleve_0003.xml",
            "ENT_Complet_2025é01_Eleve_0003.xml",
            "ENT_Complet_20250901_Chat_0003.xml",
            "ENT_Complet_20250901_Eleve_.xml",
            "ENT_Complet_20250901_Eleve_99999999999.xml",
            "_Complet_20250901_Eleve_0003.xml",
            "ENT_Partiel_20250901_Eleve_0003.xml",
            "Complet_20250901_Eleve_0003.xml",
        ] {
            assert!(bad.parse::<FileName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_set_has_an_order() {
        let names = [
            "ENT_Complet_20250901_EtabEducNat_0000.xml",
            "ENT_Complet_20250901_Eleve_0000.xml",
            "ENT_Complet_20250901_Eleve_0001.xml",
            "ENT_Complet_20250901_PersEducNat_0000.xml",
            "ENT_Delta_20250901_EtabEducNat_0000.xml",
            "ENT_Delta_20250902_Eleve_0000.xml",
        ];
        let mut sorted: Vec<FileName> = names.iter().rev().map(|name| name.parse().unwrap()).collect();
        sorted.sort();
        assert_eq!(sorted.iter().map(FileName::to_string).collect::<Vec<_>>(), names);
    }
}
