//! The demands on every implementation of the port: here on the native ones. The runner's tests put them on `spin:sqlite`.

mod demands;

use store::{Database as _, Error, File, Libsql, params};

#[test]
fn a_file() {
    demands::all(&File::in_memory().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    demands::all(&File::open(&folder.path().join("a.db")).unwrap()).unwrap();
}

/// On the server at `VAGUEMESTRE_LIBSQL_URL` (docs/SPIN.md), which is not part of the tests that must pass anywhere.
#[test]
#[ignore = "needs a libSQL server: VAGUEMESTRE_LIBSQL_URL=http://127.0.0.1:8080 cargo test -p store -- --ignored"]
fn a_libsql_server() {
    let url = std::env::var("VAGUEMESTRE_LIBSQL_URL").unwrap();
    let server = Libsql::new(&url, &std::env::var("VAGUEMESTRE_LIBSQL_TOKEN").unwrap_or_default());
    demands::all(&server).unwrap();
    // A transaction is all or nothing.
    server.transaction(&[("DELETE FROM demand", &[]), ("INSERT INTO demand (id) VALUES (?)", params![1])]).unwrap();
    let refused = server.transaction(&[("DELETE FROM demand", &[]), ("INSERT INTO demand (u) VALUES ('no')", &[])]);
    assert_eq!(refused, Err(Error::Raised("too-many".to_owned())));
    assert_eq!(server.execute("SELECT id FROM demand", &[]).unwrap().len(), 1);
    // A stream that expired meanwhile.
    std::thread::sleep(std::time::Duration::from_secs(11));
    assert_eq!(server.execute("SELECT id FROM demand", &[]).unwrap().len(), 1);
}

#[test]
fn a_column_of_another_kind_is_said_not_guessed() {
    let row = File::in_memory().unwrap().first("SELECT 1, 'a', NULL", params![]).unwrap().unwrap();
    assert_eq!(row.text(0), Err(Error::Column(0)));
    assert_eq!(row.integer(1), Err(Error::Column(1)));
    assert_eq!(row.text(2), Err(Error::Column(2)));
    assert_eq!(row.optional_text(2), Ok(None));
    assert_eq!(row.integer(7), Err(Error::Column(7)));
}
