//! A send is accepted or refused whole: an error at any row, or a kill at any moment, leaves nothing or all.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use store::{Database as _, File, params};
use submission::submit;

use crate::school::{TEACHER, desk, draft, fill, written};

const RELATIVES: u32 = 60;

#[test]
fn an_error_at_any_row_takes_all_of_it_back() {
    let file = File::in_memory().unwrap();
    fill(&file, RELATIVES);
    let message = draft(&file);
    let nothing = written(&file);
    assert_eq!(nothing, [0; 6]);
    for (table, rows) in [("audience", 1), ("recipient", 60), ("mailbox_entry", 45), ("delivery", 20)] {
        for row in [0, rows / 3, rows / 2, rows - 1] {
            file.batch(&format!(
                "CREATE TRIGGER fault BEFORE INSERT ON {table} WHEN (SELECT count(*) FROM {table}) = {row}
                 BEGIN SELECT RAISE(ABORT, 'broken'); END"
            ))
            .unwrap();
            let outcome = submit(desk(&file), TEACHER, &message);
            file.batch("DROP TRIGGER fault").unwrap();
            assert!(outcome.is_err(), "{table} {row}");
            assert_eq!(written(&file), nothing, "{table} {row}");
        }
    }
    // And after all that, it leaves.
    let receipt = submit(desk(&file), TEACHER, &message).unwrap();
    assert_eq!(receipt.recipients, RELATIVES);
    assert_eq!(written(&file)[..3], [1, 1, i64::from(RELATIVES)]);
}

/// Where the child finds its database.
const CHILD: &str = "VAGUEMESTRE_TEST_SEND";

/// Not a test: what the process does that the next test kills.
#[test]
#[ignore = "run by the test of kills, in a process of its own"]
fn child() {
    let Ok(path) = std::env::var(CHILD) else { return };
    let file = File::open(Path::new(&path)).unwrap();
    let row = file.first("SELECT id FROM message", &[]).unwrap().unwrap();
    println!("ready");
    submit(desk(&file), TEACHER, row.text(0).unwrap()).unwrap();
    println!("done");
}

#[test]
fn a_kill_at_any_moment_leaves_nothing_or_all() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made.db");
    let file = File::open(&made).unwrap();
    fill(&file, 3000);
    draft(&file);
    let nothing = written(&file);
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)", params![]).unwrap();
    drop(file);
    let (mut none, mut all) = (0, 0);
    for milliseconds in [0, 1, 2, 4, 7, 11, 16, 23, 32, 45, 60, 80, 110, 150, 3000] {
        let path = folder.path().join(format!("{milliseconds}.db"));
        std::fs::copy(&made, &path).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "faults::child", "--ignored", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("ready")));
        if milliseconds < 1000 {
            std::thread::sleep(Duration::from_millis(milliseconds));
            let _ = child.kill();
        } else {
            // The last one is left alone.
            assert!(lines.any(|line| line.unwrap().ends_with("done")));
        }
        child.wait().unwrap();
        let file = File::open(&path).unwrap();
        let after = written(&file);
        if after == nothing {
            none += 1;
        } else {
            assert_eq!(after[..3], [1, 1, 3000], "after {milliseconds} ms: {after:?}");
            assert_eq!(after[4], 1000);
            all += 1;
        }
    }
    assert!(none > 0 && all > 0, "{none} killed before, {all} after");
}
