//! The days that follow: deltas in their order, until somebody has come and somebody has left.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use feed::{Change, Entry, Extent, Kind, Reject, Sink, Stop};

use crate::school::{activate, count, letter, search, sign_in};
use crate::{NETWORK, content, empty_house, import, printed};

/// The students of a set, by id: their INE where the set says it, nothing where it says that they are gone.
#[derive(Default)]
struct Students {
    put: BTreeMap<String, String>,
    gone: Vec<String>,
}

impl Sink for Students {
    fn entry(&mut self, entry: Entry) -> Result<(), Stop> {
        match entry.change {
            Change::Put(record) if entry.kind == Kind::Student => {
                self.put.insert(entry.id, record.ine.unwrap_or_default());
            }
            Change::Delete if entry.kind == Kind::Student => self.gone.push(entry.id),
            _ => {}
        }
        Ok(())
    }

    fn reject(&mut self, _: Reject) -> Result<(), Stop> {
        Err(Stop)
    }
}

fn students(files: &[PathBuf]) -> Result<Students> {
    let mut students = Students::default();
    for file in files {
        let name = file.file_name().context("a name")?.to_string_lossy().into_owned();
        feed::read(&name, None, BufReader::new(std::fs::File::open(file)?), &mut students)?;
    }
    Ok(students)
}

fn folder(root: &Path, name: &str) -> Result<PathBuf> {
    let folder = root.join(name);
    std::fs::create_dir(&folder)?;
    Ok(folder)
}

#[test]
fn day_by_day_people_come_and_leave() -> Result<()> {
    let house = empty_house()?;
    let root = tempfile::tempdir()?;
    let first = folder(root.path(), "full")?;
    let mut known = students(&demo::aaf::write(&first, &NETWORK, 0)?)?.put;
    import(&house, &first, &[])?;
    let database = house.database()?;
    let by_ine = |ine: &str| {
        letter(&database, &format!("p.id IN (SELECT d.person_id FROM person_detail d WHERE d.ine = '{ine}')"))
    };
    let (mut come, mut left, mut day) = (false, false, 0);
    while !(come && left) {
        day += 1;
        assert!(day < 30, "a month without anybody who comes or leaves");
        let delta = folder(root.path(), &format!("delta-{day}"))?;
        let said = students(&demo::aaf::write_delta(&delta, &NETWORK, day)?)?;
        // Somebody who will leave, with her account open and signed in; a teacher of hers, and one of whoever comes.
        let leaving = match said.gone.first() {
            Some(id) => Some(by_ine(known.get(id).context("a student whom nobody told of")?)?),
            None => None,
        };
        let there = leaving.as_ref().map(|student| activate(&house, student)).transpose()?;
        let colleague = |id: &str| -> Result<_> {
            let school = format!("p.profile = 'teacher' AND p.uai = (SELECT s.uai FROM person s WHERE s.id = '{id}')");
            activate(&house, &letter(&database, &school)?)
        };
        let teacher = leaving.as_ref().map(|student| colleague(&student.id)).transpose()?;
        if let (Some(teacher), Some(student)) = (&teacher, &leaving) {
            assert!(search(teacher, &student.name)?.contains(&student.id), "she is there the day before");
        }

        let told = printed(&import(&house, &delta, &[])?)?;
        told.reconcile(Extent::Delta);
        assert!(told.rejected == 0 && told.all[3] > 0 || said.gone.is_empty(), "{told:?}");
        assert!(told.all[0] >= said.put.len() as u64 && told.all[3] >= said.gone.len() as u64, "{told:?}");

        if let (Some(teacher), Some(student), Some(there)) = (teacher, leaving, there) {
            left = true;
            assert!(!search(&teacher, &student.name)?.contains(&student.id), "gone from search");
            assert_eq!(sign_in(&house, &student.login)?.code()?, "left");
            assert_eq!(there.get("/api/v1/session")?.status, 401, "her session has ended");
        }
        if let Some(ine) = said.put.values().next() {
            come = true;
            let student = by_ine(ine)?;
            assert!(search(&colleague(&student.id)?, &student.name)?.contains(&student.id), "found the day she comes");
            activate(&house, &student)?;
        }
        known.extend(said.put);
    }

    // Everything as it is that day says nothing new.
    let full = folder(root.path(), "full-again")?;
    demo::aaf::write(&full, &NETWORK, day)?;
    let before = content::of(&database)?;
    let told = printed(&import(&house, &full, &[])?)?;
    told.reconcile(Extent::Full);
    assert_eq!(told.all, [0, 0, told.read, 0]);
    content::same(&before, &content::of(&database)?, "the full set of the same day");
    assert!(count(&database, "SELECT count(*) FROM person WHERE left_at IS NOT NULL")? > 0);
    Ok(())
}
