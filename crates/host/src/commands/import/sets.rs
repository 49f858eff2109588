//! Which files belong together: an AAF set of one academy, day and extent; all files of one school.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use feed::Extent;
use feed::aaf::FileName;
use people::Uai;
use provisioning::{Mode, Source};

/// Files that are one import.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) title: String,
    pub(crate) source: Source,
    pub(crate) mode: Mode,
    /// ONDE or CSV, of the establishment `uai`.
    pub(crate) school: bool,
    pub(crate) uai: Option<Uai>,
    pub(crate) files: Vec<PathBuf>,
}

/// The sets of these files and folders, in the order to be imported in: by academy and date, full before delta, the school's
/// own last.
pub(crate) fn sets(paths: &[PathBuf], uais: &[Uai]) -> anyhow::Result<Vec<Set>> {
    let mut files = Vec::new();
    for path in paths {
        gather(path, &mut files)?;
    }
    if files.is_empty() {
        bail!("no .xml or .csv file there");
    }
    files.sort();
    files.dedup();
    let mut academies: BTreeMap<(String, String, Extent), Vec<(FileName, PathBuf)>> = BTreeMap::new();
    let (mut unnamed, mut school) = (Vec::new(), Vec::new());
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !is_xml(&path)? {
            school.push(path);
        } else if let Ok(name) = name.parse::<FileName>() {
            let key = (name.prefix.clone(), name.date.clone(), name.extent);
            academies.entry(key).or_default().push((name, path));
        } else {
            unnamed.push(path);
        }
    }
    let mut sets: Vec<Set> = academies
        .into_iter()
        .map(|((prefix, date, extent), mut files)| {
            files.sort_by_key(|(name, _)| (name.kind, name.number));
            let files: Vec<PathBuf> = files.into_iter().map(|(_, path)| path).collect();
            let mode = if extent == Extent::Full { Mode::Full } else { Mode::Delta };
            let title = format!("AAF {prefix} of {date}, {} files", files.len());
            Set { title, source: Source::aaf(Some(&prefix)), mode, school: false, uai: None, files }
        })
        .collect();
    if !unnamed.is_empty() {
        // Without a name that says so, nobody is taken for gone.
        let title = format!("AAF, {} files whose names do not say what they are", unnamed.len());
        let (source, mode) = (Source::aaf(None), Mode::Delta);
        sets.push(Set { title, source, mode, school: false, uai: None, files: unnamed });
    }
    if !school.is_empty() {
        let [uai] = uais else { bail!("ONDE and CSV files are of one establishment: name it with --uai") };
        let title = format!("{uai}, {} files", school.len());
        let uai = Some(uai.clone());
        let source = uai.as_ref().map(Source::school).context("an establishment")?;
        sets.push(Set { title, source, mode: Mode::Full, school: true, uai, files: school });
    }
    Ok(sets)
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let wrong = || path.display().to_string();
    if !std::fs::metadata(path).with_context(wrong)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path).with_context(wrong)? {
        let inside = entry.with_context(wrong)?.path();
        let extension = inside.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        if inside.is_dir() || extension.is_some_and(|extension| extension == "xml" || extension == "csv") {
            gather(&inside, files)?;
        }
    }
    Ok(())
}

fn is_xml(path: &Path) -> anyhow::Result<bool> {
    let mut head = Vec::new();
    let file = File::open(path).with_context(|| path.display().to_string())?;
    file.take(64).read_to_end(&mut head).with_context(|| path.display().to_string())?;
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    Ok(text.trim_ascii_start().starts_with(b"<"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_into_sets() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        for (name, content) in [
            ("ENT_Delta_20260902_Eleve_0001.xml", "<a/>"),
            ("ENT_Complet_20260901_PersEducNat_0001.xml", "<a/>"),
            ("ENT_Complet_20260901_Eleve_0002.xml", " \n<a/>"),
            ("in/ENT_Complet_20260901_Eleve_0001.xml", "\u{feff}<a/>"),
            ("other.xml", "<a/>"),
            ("eleves.csv", "profil;nom"),
            ("notes.txt", "no"),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let uai: Uai = "0310001A".parse().unwrap();
        let sets = sets(&[folder.path().to_owned()], std::slice::from_ref(&uai)).unwrap();
        let told: Vec<_> = sets
            .iter()
            .map(|set| {
                let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy()[..].to_owned();
                (set.source.as_str(), set.mode, set.files.iter().map(name).collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert_eq!((told[0].0, told[0].1), ("aaf:ent", Mode::Full));
        assert_eq!(
            told[0].2,
            "ENT_Complet_20260901_Eleve_0001.xml ENT_Complet_20260901_Eleve_0002.xml ENT_Complet_20260901_PersEducNat_0001.xml"
        );
        assert_eq!(told[1], ("aaf:ent", Mode::Delta, "ENT_Delta_20260902_Eleve_0001.xml".to_owned()));
        assert_eq!(told[2], ("aaf", Mode::Delta, "other.xml".to_owned()));
        assert_eq!(told[3], ("school:0310001A", Mode::Full, "eleves.csv".to_owned()));
        assert!(super::sets(&[folder.path().to_owned()], &[]).is_err());
    }
}
