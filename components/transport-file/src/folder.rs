//! A folder of `<ULID>.eml`. A name is a ULID and nothing else, so that none leads out of the folder; a file is written
//! aside and renamed, so that none is seen half written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ulid::Ulid;

/// The most names that one list gives.
const MAX_LIST: usize = 200;

/// Mails in one folder.
pub(crate) struct Folder<'a>(pub(crate) &'a Path);

/// The name is no ULID.
fn no_ulid() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the name is not a ULID")
}

impl Folder<'_> {
    /// Keeps `message` under `name`, in place of what was there.
    pub(crate) fn keep(&self, name: &str, message: &[u8]) -> io::Result<()> {
        let name = Ulid::from_string(name).map_err(|_| no_ulid())?;
        let aside = self.0.join(format!(".{name}.tmp"));
        let written = fs::write(&aside, message).and_then(|()| fs::rename(&aside, self.path(name)));
        if written.is_err() {
            // What was written of it is of no use; that it cannot be removed changes nothing.
            let _ = fs::remove_file(&aside);
        }
        written
    }

    /// The newest names before `before`, newest first.
    pub(crate) fn recent(&self, before: Option<&str>, limit: usize) -> io::Result<Vec<String>> {
        let before = before.map(Ulid::from_string).transpose().map_err(|_| no_ulid())?;
        let mut names = Vec::new();
        for entry in fs::read_dir(self.0)? {
            let name = entry?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(".eml")).map(Ulid::from_string);
            if let Some(Ok(name)) = stem {
                names.push(name);
            }
        }
        names.retain(|name| before.is_none_or(|before| *name < before));
        names.sort_unstable_by(|a, b| b.cmp(a));
        names.truncate(limit.clamp(1, MAX_LIST));
        Ok(names.iter().map(Ulid::to_string).collect())
    }

    /// One mail, or none of that name.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let name = Ulid::from_string(name).map_err(|_| no_ulid())?;
        match fs::read(self.path(name)) {
            Ok(message) => Ok(Some(message)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn path(&self, name: Ulid) -> PathBuf {
        self.0.join(format!("{name}.eml"))
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn mails_are_kept_listed_and_read() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path());
        let names: Vec<_> = (1..=5).map(|n| format!("01JD8K4X5V7T9B2C3D4E5F6G{n:02}")).collect();
        for name in &names {
            folder.keep(name, name.as_bytes()).unwrap();
        }
        folder.keep(&names[2], b"again").unwrap();
        std::fs::write(place.path().join("notes.txt"), b"").unwrap();
        assert_eq!(folder.recent(None, 2).unwrap(), [names[4].clone(), names[3].clone()]);
        assert_eq!(folder.recent(Some(&names[3]), 10).unwrap(), [names[2].clone(), names[1].clone(), names[0].clone()]);
        assert_eq!(folder.read(&names[2]).unwrap().unwrap(), b"again");
        assert_eq!(folder.read("01JD8K4X5V7T9B2C3D4E5F6G99").unwrap(), None);
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 6, "nothing is left aside");
    }

    #[test]
    fn a_name_never_leads_out_of_the_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path());
        for name in ["", "../x", "/etc/passwd", "01JD8K4X5V7T9B2C3D4E5F6G/1", "01JD8K4X5V7T9B2C3D4E5F6G01.eml", "a\0b"]
        {
            assert!(folder.keep(name, b"x").is_err() && folder.read(name).is_err(), "{name:?}");
        }
        assert!(folder.recent(Some("x"), 5).is_err());
    }
}
