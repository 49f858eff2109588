//! The rules of the database host, on a real file.

use std::path::Path;

use super::*;
use crate::sqlite::Database;

fn database(dir: &Path) -> Arc<Database> {
    Database::open(&dir.join("sub/test.db")).unwrap()
}

async fn run(connection: &mut Pooled, sql: &str) -> Result<Answer, SqliteError> {
    connection.execute(sql, &[], None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_go_in_and_come_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut c = database(dir.path()).checkout().unwrap();
    let values = [Value::Integer(7), Value::Real(0.5), Value::Text("é".into()), Value::Blob(vec![0, 1]), Value::Null];
    let answer = c.execute("SELECT ? AS a, ?, ?, ?, ?", &values, None).await.unwrap();
    assert_eq!(answer.rows, [values.to_vec()]);
    assert_eq!(answer.columns[0], "a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_first_statement_runs() {
    let dir = tempfile::tempdir().unwrap();
    let mut c = database(dir.path()).checkout().unwrap();
    run(&mut c, "CREATE TABLE t (a)").await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); nonsense").await.unwrap_err();
    run(&mut c, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)").await.unwrap();
    let answer = run(&mut c, "SELECT a FROM t; -- done").await.unwrap();
    assert_eq!(answer.rows, [[Value::Integer(1)]]);
    assert_eq!((c.last_insert_rowid(), c.changes()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_leaves_the_file_or_the_rules_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut c = database(dir.path()).checkout().unwrap();
    run(&mut c, "CREATE VIRTUAL TABLE f USING fts5(a)").await.unwrap();
    let outside = dir.path().join("out.db");
    for sql in [
        format!("ATTACH '{}' AS o", outside.display()),
        format!("VACUUM INTO '{}'", outside.display()),
        "PRAGMA writable_schema=ON".into(),
        "PRAGMA journal_mode=DELETE".into(),
        "DELETE FROM f_data".into(),
        "DELETE FROM sqlite_master".into(),
    ] {
        assert!(run(&mut c, &sql).await.is_err(), "{sql}");
    }
    assert!(!outside.exists());
    for sql in ["PRAGMA foreign_keys", "PRAGMA table_info(f)", "PRAGMA journal_mode=WAL", "VACUUM"] {
        run(&mut c, sql).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loan_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let db = database(dir.path());
    {
        let mut c = db.checkout().unwrap();
        run(&mut c, "CREATE TABLE t (a)").await.unwrap();
        run(&mut c, "BEGIN").await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (1)").await.unwrap();
    }
    {
        let mut c = db.checkout().unwrap();
        assert_eq!((c.last_insert_rowid(), c.changes()), (0, 0));
        assert_eq!(run(&mut c, "SELECT count(*) FROM t").await.unwrap().rows, [[Value::Integer(0)]]);
        run(&mut c, "PRAGMA foreign_keys=OFF").await.unwrap();
        run(&mut c, "CREATE TEMP TABLE mine (a)").await.unwrap();
    }
    let mut c = db.checkout().unwrap();
    assert_eq!(run(&mut c, "PRAGMA foreign_keys").await.unwrap().rows, [[Value::Integer(1)]]);
    assert!(run(&mut c, "SELECT * FROM mine").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_transactions_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let db = database(dir.path());
    run(&mut db.checkout().unwrap(), "CREATE TABLE n (v)").await.unwrap();
    run(&mut db.checkout().unwrap(), "INSERT INTO n VALUES (0)").await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..16 {
        let db = Arc::clone(&db);
        tasks.spawn(async move {
            for _ in 0..10 {
                let mut c = db.checkout().unwrap();
                let begin = if i % 2 == 0 { "BEGIN IMMEDIATE" } else { "BEGIN EXCLUSIVE" };
                run(&mut c, begin).await.unwrap();
                run(&mut c, "UPDATE n SET v = v + 1").await.unwrap();
                tokio::task::yield_now().await;
                run(&mut c, "COMMIT").await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(run(&mut db.checkout().unwrap(), "SELECT v FROM n").await.unwrap().rows, [[Value::Integer(160)]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_slow_read_is_moved_aside_and_stopped_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let db = database(dir.path());
    let sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ?) SELECT count(*) FROM c";
    let mut slow = db.checkout().unwrap();
    let answer = slow.execute(sql, &[Value::Integer(500_000)], None).await.unwrap();
    assert_eq!(answer.rows, [[Value::Integer(500_000)]]);
    let deadline = Some(Instant::now() + Duration::from_millis(100));
    let started = Instant::now();
    let error = slow.execute(sql, &[Value::Integer(i64::MAX)], deadline).await.unwrap_err();
    assert!(matches!(error, SqliteError::TimedOut), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let db = database(dir.path());
    run(&mut db.checkout().unwrap(), "CREATE TABLE t (a)").await.unwrap();
    let other = rusqlite::Connection::open(db.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = tokio::spawn({
        let db = Arc::clone(&db);
        async move { run(&mut db.checkout().unwrap(), "INSERT INTO t VALUES (1)").await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    other.execute_batch("COMMIT").unwrap();
    waiting.await.unwrap().unwrap();
}
