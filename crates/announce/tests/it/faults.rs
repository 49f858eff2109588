//! The promise of the messages: one, whoever calls, however often, wherever the service is killed.

use std::cell::Cell;

use announce::{Report, Told, flash, liaison, news, tell_due};
use counter::Desk;
use store::File;

use crate::school::{DAY, Failing, HOUR, NOW, PARENTS, SITE, School, id};

/// One news, one flash message, one notice, all due at `NOW + HOUR`; what was written under `number`.
fn write(school: &School, number: u32) -> [String; 3] {
    let (claire, sophie) = (school.id("claire.lefevre"), school.id("sophie.legoff"));
    let uai = school.text("SELECT uai FROM person WHERE login = 'sophie.legoff'");
    let ids = [id(number * 10), id(number * 10 + 1), id(number * 10 + 2)];
    let [n, f, l] = &ids;
    let content = news::Content {
        title: format!("Exposition {number}"),
        body: "<p>Venez</p>".to_owned(),
        audience: Some(vec![PARENTS.to_owned()]),
        publish_at: Some(NOW + HOUR),
        notify: true,
        ..news::Content::default()
    };
    news::write(school.desk(NOW), &claire, crate::school::RUBRIQUE, n, &content, None).unwrap();
    let content = flash::Content {
        text: format!("Neige {number}"),
        level: flash::Level::Urgent,
        profiles: vec!["relative".to_owned(), "student".to_owned()],
        starts_at: Some(NOW + HOUR),
        ends_at: NOW + DAY,
    };
    flash::write(school.desk(NOW), &sophie, &uai, f, &content, None).unwrap();
    let content = liaison::Content {
        title: format!("Sortie {number}"),
        body: "<p>Au musée</p>".to_owned(),
        groups: vec![school.group("class", "student", Some("6A"))],
        ..liaison::Content::default()
    };
    liaison::write(school.desk(NOW + HOUR), &claire, l, &content, None).unwrap();
    ids
}

fn messages(school: &School, ids: &[String; 3]) -> Vec<i64> {
    let about = |id: &String| school.count(&format!("SELECT count(*) FROM audience WHERE about_id = '{id}'"));
    ids.iter().map(about).collect()
}

#[test]
fn what_is_due_is_told_once_however_often_the_cron_fires() {
    let school = School::open();
    let ids = write(&school, 1);
    assert_eq!(tell_due(school.desk(NOW), SITE).unwrap(), Report { sent: 1, ..Report::default() }, "the notice alone");
    assert_eq!(messages(&school, &ids), [0, 0, 1]);
    assert_eq!(tell_due(school.desk(NOW + HOUR), SITE).unwrap(), Report { sent: 2, ..Report::default() });
    for later in [HOUR, 2 * HOUR, 10 * DAY] {
        assert_eq!(tell_due(school.desk(NOW + later), SITE).unwrap(), Report::default());
    }
    assert_eq!(messages(&school, &ids), [1, 1, 1]);
    assert_eq!(school.count("SELECT count(*) FROM audience WHERE kind = 'news' AND rubrique_id IS NULL"), 0);
    let drafts =
        "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)
        AND m.author_id IS NOT NULL AND m.idempotency_key LIKE 'announce-%'";
    assert_eq!(school.count(drafts), 0, "no draft is left behind");
}

#[test]
fn a_cron_that_is_too_late_says_nothing_that_is_over() {
    let school = School::open();
    let ids = write(&school, 1);
    school.0.batch(&format!("UPDATE news SET expires_at = {} WHERE id = '{}'", NOW + 2 * HOUR, ids[0])).unwrap();
    tell_due(school.desk(NOW + 30 * DAY), SITE).unwrap();
    assert_eq!(messages(&school, &ids), [0, 0, 1]);
}

#[test]
fn a_kill_at_any_statement_leaves_nothing_or_all_and_the_next_run_makes_it_one() {
    let school = School::open();
    let drafts = || {
        school.count(
            "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)",
        )
    };
    let (before, mut finished) = (drafts(), 0);
    for number in 0..60 {
        let after = number % 2 == 1;
        let ids = write(&school, number + 1);
        let failing = Failing { database: &school.0, at: number / 2, after, done: Cell::new(0) };
        let outcome = tell_due(Desk { database: &failing, now: NOW + HOUR }, SITE);
        finished += u32::from(outcome.is_ok());
        for (id, count) in ids.iter().zip(messages(&school, &ids)) {
            assert!(count <= 1, "{number}");
            // All of it or nothing: recipients, mailboxes and the mark come with the message.
            let marked = format!(
                "SELECT (SELECT count(*) FROM news WHERE id = '{id}' AND notified_at IS NOT NULL)
                + (SELECT count(*) FROM flash WHERE id = '{id}' AND notified_at IS NOT NULL)
                + (SELECT count(*) FROM liaison WHERE id = '{id}' AND notified_at IS NOT NULL)"
            );
            assert_eq!(school.count(&marked), count, "{number}");
            assert_eq!(school.told(id).is_empty(), count == 0, "{number}");
        }
        // The title changes before the next run: the draft of the first try is no obstacle.
        school.0.batch(&format!("UPDATE news SET title = 'Autre {number}' WHERE id = '{}'", ids[0])).unwrap();
        tell_due(school.desk(NOW + HOUR + 60_000), SITE).unwrap();
        tell_due(school.desk(NOW + HOUR + 120_000), SITE).unwrap();
        assert_eq!(messages(&school, &ids), [1, 1, 1], "{number}");
    }
    assert_eq!(drafts(), before, "no draft is left behind");
    assert!(finished > 0, "the faults went past the last statement");
}

#[test]
fn two_crons_side_by_side_tell_once() {
    let folder = std::env::temp_dir().join(format!("announce-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("two.db");
    let school = School::fill(File::open(&path).unwrap());
    for round in 1..6 {
        let ids = write(&school, round);
        let go = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let own = File::open(&path).unwrap();
                    go.wait();
                    tell_due(Desk { database: &own, now: NOW + HOUR }, SITE)
                });
            }
        });
        tell_due(school.desk(NOW + HOUR), SITE).unwrap();
        assert_eq!(messages(&school, &ids), [1, 1, 1]);
    }
    drop(school);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_was_refused_for_good_is_said_and_not_tried_again() {
    let school = School::open();
    let ids = write(&school, 1);
    // Claire loses the rubrique before the hour comes.
    school.0.batch("DELETE FROM rubrique_editor").unwrap();
    let report = tell_due(school.desk(NOW + HOUR), SITE).unwrap();
    assert_eq!((report.sent, report.refused), (2, 1));
    assert_eq!(school.text(&format!("SELECT notify_problem FROM news WHERE id = '{}'", ids[0])), "audience-refused");
    assert_eq!(tell_due(school.desk(NOW + 2 * HOUR), SITE).unwrap(), Report::default());
    assert_eq!(news::tell(school.desk(NOW + 2 * HOUR), SITE, &ids[0]).unwrap(), Told::Nothing);
}
