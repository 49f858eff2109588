//! The made-up directory: read without a remark, the same each time, and a delta is what lies between two full sets.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use demo::{Options, aaf};
use feed::{Change, Entry, Extent, Kind, Record, Reject, Sink, Stop};

const OPTIONS: Options = Options { people: 1200, establishments: 2, seed: 3, now: 0 };

/// A directory that follows.
#[derive(Debug, Default, PartialEq)]
struct Mirror(BTreeMap<(Kind, String), serde_json::Map<String, serde_json::Value>>);

impl Sink for Mirror {
    fn entry(&mut self, Entry { kind, id, change, .. }: Entry) -> Result<(), Stop> {
        let fields = |record: &Record| serde_json::to_value(record).unwrap().as_object().unwrap().clone();
        match change {
            Change::Put(record) => {
                self.0.insert((kind, id), fields(&record));
            }
            Change::Patch(record) => self.0.get_mut(&(kind, id)).unwrap().extend(fields(&record)),
            Change::Delete => {
                self.0.remove(&(kind, id)).unwrap();
            }
        }
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        panic!("{reject:?}")
    }
}

impl Mirror {
    fn read(&mut self, files: &[PathBuf], extent: Extent) -> u64 {
        let mut read = 0;
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap();
            let summary = feed::read(name, None, BufReader::new(File::open(file).unwrap()), self).unwrap();
            assert!(summary.unknown.is_empty() && summary.incomplete.is_empty(), "{summary:?}");
            assert_eq!(summary.extent, extent);
            read += summary.read;
        }
        // An emptied field says no more than none.
        for fields in self.0.values_mut() {
            fields.retain(|_, value| *value != "" && value.as_array().is_none_or(|list| !list.is_empty()));
        }
        read
    }

    fn count(&self, kind: Kind) -> usize {
        self.0.keys().filter(|(of, _)| *of == kind).count()
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_full_set_is_the_one_before_and_its_delta() {
    let folder = folder("aaf-delta");
    let mut followed = Mirror::default();
    followed.read(&aaf::write(&folder, &OPTIONS, 0).unwrap(), Extent::Full);
    for day in 1..12 {
        let changes = followed.read(&aaf::write_delta(&folder, &OPTIONS, day).unwrap(), Extent::Delta);
        assert!((5..300).contains(&changes), "{changes} on day {day}");
        let mut whole = Mirror::default();
        whole.read(&aaf::write(&folder, &OPTIONS, day).unwrap(), Extent::Full);
        assert!(followed == whole, "day {day}");
    }
}

#[test]
fn everybody_is_there_and_again_the_same() {
    let folder = folder("aaf-full");
    let files = aaf::write(&folder, &OPTIONS, 0).unwrap();
    let content = |files: &[PathBuf]| files.iter().map(|file| std::fs::read(file).unwrap()).collect::<Vec<_>>();
    let first = content(&files);
    assert!(first == content(&aaf::write(&folder, &OPTIONS, 0).unwrap()));
    assert!(first != content(&aaf::write(&folder, &Options { seed: 4, ..OPTIONS }, 0).unwrap()));
    let mut mirror = Mirror::default();
    mirror.read(&aaf::write(&folder, &OPTIONS, 0).unwrap(), Extent::Full);
    assert_eq!([mirror.count(Kind::Establishment), mirror.count(Kind::Subject), mirror.count(Kind::Level)], [2, 14, 4]);
    let people = mirror.count(Kind::Student) + mirror.count(Kind::Relative) + mirror.count(Kind::Adult);
    assert!((1150..1200).contains(&people), "{people}: all but guests, and those who come late");
    let has = |kind, field| mirror.0.iter().any(|((of, _), fields)| *of == kind && fields.contains_key(field));
    for field in ["classes", "groups", "relatives", "ine", "level", "birth_date", "street", "structure"] {
        assert!(has(Kind::Student, field), "{field}");
    }
    for field in ["classes", "groups", "head_of", "functions", "disciplines", "teaching", "mail"] {
        assert!(has(Kind::Adult, field), "{field}");
    }
    for field in ["mail", "mobile", "home_phone", "work_phone", "postcode", "city"] {
        assert!(has(Kind::Relative, field), "{field}");
    }
    // Whoever is named is there.
    for fields in mirror.0.values() {
        for tie in fields.get("relatives").and_then(|ties| ties.as_array()).into_iter().flatten() {
            assert!(mirror.0.contains_key(&(Kind::Relative, tie["id"].as_str().unwrap().to_owned())));
        }
    }
}
