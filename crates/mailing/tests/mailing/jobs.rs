//! A job gives the same file however it is sliced, whoever carries it on, and wherever it is killed.

use mailing::job::{self, Halt, Slice, State, Turn};
use proptest::prelude::*;
use store::{Database, File, params};

use crate::{add_person, add_school, database, id};

const NOW: i64 = 1_000_000;

fn with_job(total: u32) -> File {
    let db = database();
    add_school(&db, "0310001A");
    add_person(&db, "ADM", "0310001A", "staff", "Sophie", "Le Goff");
    db.execute(
        "INSERT INTO job (id, uai, by_id, kind, about_id, file_name, total, progress, created_at, touched_at)
         VALUES (?1, '0310001A', ?2, 'accounts', ?3, 'publipostage.pdf', ?4, ?5, ?6, ?6)",
        params![id("JOB"), id("ADM"), id("CAM"), total, job::pack(1, &0_u32).unwrap(), NOW],
    )
    .unwrap();
    db
}

/// Thing number `n` of the file: of a length that leaves chunks uneven. Number 3 of ten is left out.
fn thing(n: u32) -> Vec<u8> {
    let length = 1000 + usize::try_from(n).unwrap() * 7919 % 40_000;
    n.to_be_bytes().into_iter().cycle().take(length).collect()
}

fn whole(total: u32) -> Vec<u8> {
    (0..total).filter(|n| n % 10 != 3).flat_map(thing).chain(*b"EOF").collect()
}

fn make(turn: &Turn, size: u32) -> Slice {
    let from: u32 = job::unpack(1, &turn.progress).unwrap();
    let to = (from + size).min(turn.job.total);
    let mut bytes: Vec<u8> = (from..to).filter(|n| n % 10 != 3).flat_map(thing).collect();
    let left_out = (from..to).filter(|n| n % 10 == 3).map(|n| (n, format!("numéro {n}"))).collect();
    let progress = (to < turn.job.total).then(|| job::pack(1, &to).unwrap());
    if progress.is_none() {
        bytes.extend(b"EOF");
    }
    Slice { bytes, done: to, left_out, progress }
}

fn file(db: &File) -> Vec<u8> {
    (0_i64..)
        .map_while(|n| db.first(job::PART, params![id("JOB"), n]).unwrap())
        .flat_map(|row| row.blob(0).unwrap().to_vec())
        .collect()
}

/// What happens in one round.
#[derive(Debug, Clone, Copy)]
enum Round {
    /// A slice of so many.
    Advance(u32),
    /// Somebody else makes a slice of the second size while one of the first is being made.
    Together(u32, u32),
    /// Killed after the slice was made, before it was kept.
    Killed(u32),
}

fn round() -> impl Strategy<Value = Round> {
    prop_oneof![
        (1_u32..30).prop_map(Round::Advance),
        ((1_u32..30), (1_u32..30)).prop_map(|(a, b)| Round::Together(a, b)),
        (1_u32..30).prop_map(Round::Killed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_file_is_the_same_whatever_happens(total in 1_u32..60, rounds in prop::collection::vec(round(), 0..25)) {
        let db = with_job(total);
        for round in rounds {
            match round {
                Round::Advance(size) => {
                    job::advance(&db, NOW, &id("JOB"), &mut |_, turn| Ok(make(turn, size))).unwrap();
                }
                Round::Together(first, second) => {
                    job::advance(&db, NOW, &id("JOB"), &mut |_, turn| {
                        job::advance(&db, NOW, &id("JOB"), &mut |_, turn| Ok(make(turn, second))).unwrap();
                        Ok(make(turn, first))
                    }).unwrap();
                }
                Round::Killed(size) => {
                    let killed = job::advance(&db, NOW, &id("JOB"), &mut |_, turn| {
                        drop(make(turn, size));
                        Err(Halt::Store(store::Error::Unavailable("killed".to_owned())))
                    });
                    prop_assert!(killed.is_err() || job::find(&db, &id("JOB")).unwrap().state == State::Done);
                }
            }
        }
        let mut now = job::find(&db, &id("JOB")).unwrap();
        while now.state == State::Running {
            now = job::advance(&db, NOW, &id("JOB"), &mut |_, turn| Ok(make(turn, 20))).unwrap();
        }
        prop_assert_eq!(now.state, State::Done);
        prop_assert_eq!(now.done, total);
        prop_assert!(file(&db) == whole(total));
        prop_assert_eq!(now.size, whole(total).len() as u64);
        let left_out: Vec<u32> = job::remarks(&db, &id("JOB")).unwrap().into_iter().map(|(n, _)| n).collect();
        prop_assert_eq!(left_out, (0..total).filter(|n| n % 10 == 3).collect::<Vec<_>>());
    }
}

fn parts(db: &File) -> i64 {
    db.first("SELECT count(*) FROM job_part", params![]).unwrap().unwrap().integer(0).unwrap()
}

fn progress_kept(db: &File) -> bool {
    db.first("SELECT progress IS NOT NULL FROM job", params![]).unwrap().unwrap().boolean(0).unwrap()
}

#[test]
fn a_cancelled_job_leaves_nothing_and_goes_on_no_more() {
    let db = with_job(40);
    job::advance(&db, NOW, &id("JOB"), &mut |_, turn| Ok(make(turn, 10))).unwrap();
    assert!(parts(&db) > 0 && progress_kept(&db));
    // Cancelled while a slice is being made.
    let after = job::advance(&db, NOW, &id("JOB"), &mut |_, turn| {
        assert!(job::cancel(&db, NOW, &id("JOB")).unwrap());
        Ok(make(turn, 10))
    })
    .unwrap();
    assert_eq!(after.state, State::Cancelled);
    assert_eq!((parts(&db), progress_kept(&db)), (0, false));
    assert!(!job::cancel(&db, NOW, &id("JOB")).unwrap());
    let again = job::advance(&db, NOW, &id("JOB"), &mut |_, _| panic!("it is over")).unwrap();
    assert!(!again.has_file(NOW));
}

#[test]
fn a_failure_is_told_and_leaves_nothing() {
    let db = with_job(40);
    job::advance(&db, NOW, &id("JOB"), &mut |_, turn| Ok(make(turn, 10))).unwrap();
    let failed =
        job::advance(&db, NOW, &id("JOB"), &mut |_, _| Err(Halt::Failed("La police manque.".to_owned()))).unwrap();
    assert_eq!((failed.state, failed.reason.as_str()), (State::Failed, "La police manque."));
    assert_eq!((parts(&db), progress_kept(&db)), (0, false));
}

#[test]
fn a_job_that_dies_each_time_is_given_up_and_each_death_is_counted() {
    let db = with_job(40);
    let mut seen = Vec::new();
    for _ in 0..41 {
        let _ = job::advance(&db, NOW, &id("JOB"), &mut |_, turn| {
            seen.push(turn.tries);
            Err(Halt::Store(store::Error::Unavailable("killed".to_owned())))
        });
    }
    assert_eq!(seen, (1..=40).collect::<Vec<_>>());
    assert_eq!(job::find(&db, &id("JOB")).unwrap().state, State::Failed);
}

#[test]
fn a_file_is_kept_a_day_and_a_job_that_nobody_ends_is_given_up() {
    let db = with_job(10);
    let done = job::advance(&db, NOW, &id("JOB"), &mut |_, turn| Ok(make(turn, 10))).unwrap();
    assert!(done.has_file(NOW + job::KEPT - 1) && !done.has_file(NOW + job::KEPT));
    assert!(!progress_kept(&db));
    job::purge(&db, NOW + job::KEPT - 1).unwrap();
    assert!(parts(&db) > 0);
    job::purge(&db, NOW + job::KEPT).unwrap();
    assert_eq!(parts(&db), 0);
    assert!(!job::find(&db, &id("JOB")).unwrap().has_file(NOW));

    let db = with_job(10);
    job::purge(&db, NOW + job::KEPT - 1).unwrap();
    assert_eq!(job::find(&db, &id("JOB")).unwrap().state, State::Running);
    job::purge(&db, NOW + job::KEPT).unwrap();
    assert_eq!(job::find(&db, &id("JOB")).unwrap().state, State::Failed);
}

#[test]
fn cron_takes_what_nobody_looks_after() {
    let db = with_job(40);
    assert_eq!(job::left(&db, NOW + 4_999).unwrap(), []);
    assert_eq!(job::left(&db, NOW + 5_000).unwrap(), [(id("JOB"), job::Kind::Accounts)]);
    job::advance(&db, NOW + 5_000, &id("JOB"), &mut |_, turn| Ok(make(turn, 10))).unwrap();
    assert_eq!(job::left(&db, NOW + 9_999).unwrap(), []);
    job::cancel(&db, NOW, &id("JOB")).unwrap();
    assert_eq!(job::left(&db, NOW + 90_000).unwrap(), []);
}
