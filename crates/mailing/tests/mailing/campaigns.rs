//! Campaigns: frozen once, printed and mailed as things are then, and their outcome.

use mailing::campaign::{self, Kind};
use mailing::job::{self, State as JobState};
use mailing::outcome::{self, State};
use mailing::{Criteria, Error, Refusal, Start, Viewpoint, accounts, letterhead};
use store::{Database as _, File, params};
use submission::{AccountText, Desk, mail_accounts};

use crate::id;
use crate::school::{PEOPLE, UAI, class, school};

const NOW: i64 = 1_790_834_400_000;

fn launch(
    db: &File,
    viewer: &str,
    criteria: &Criteria,
    kind: Kind,
    tail: &str,
    key: Option<&str>,
) -> Result<String, Error> {
    let sender = letterhead::sender(db, UAI, Some("https://ent.test"), NOW).unwrap();
    let (campaign, job) = (id(&format!("CAM{tail}")), id(&format!("JOB{tail}")));
    let start = Start { id: &campaign, job: &job, kind, sender: &sender, file_name: "publipostage.pdf", key, now: NOW };
    mailing::launch(db, Viewpoint { viewer: &id(viewer), uai: UAI }, criteria, start)
}

fn rest(db: &File, viewer: &str, campaign: &str, tail: &str) -> Result<String, Error> {
    let sender = letterhead::sender(db, UAI, None, NOW).unwrap();
    let (new, job) = (id(&format!("CAM{tail}")), id(&format!("JOB{tail}")));
    let start =
        Start { id: &new, job: &job, kind: Kind::One, sender: &sender, file_name: "reste.pdf", key: None, now: NOW };
    mailing::print_rest(db, &id(viewer), campaign, start)
}

fn finish(db: &File, campaign: &str) -> job::Job {
    let mut job = job::of(db, job::Kind::Accounts, campaign).unwrap().unwrap();
    while job.state == JobState::Running {
        job = job::advance(db, NOW + 1, &job.id, &mut accounts::slice).unwrap();
    }
    job
}

fn mail(db: &File, campaign: &str, now: i64) -> Result<u32, submission::Refusal> {
    let sender = letterhead::sender(db, UAI, Some("https://ent.test"), NOW).unwrap();
    let texts: Vec<_> = mailing::mail::texts(&sender)
        .into_iter()
        .map(|t| AccountText {
            profile: t.profile.as_str().to_owned(),
            active: t.active,
            subject: t.subject,
            text: format!(
                "{} MARQUEPRENOM MARQUENOM {} MARQUELOGIN",
                t.text,
                if t.active { "actif" } else { "MARQUECODE" }
            ),
        })
        .collect();
    mail_accounts(Desk { database: db, now }, campaign, &texts)
}

fn states(db: &File, campaign: &str) -> Vec<(String, State)> {
    let found = outcome::outcomes(db, &id("ADM"), campaign, 0, 100).unwrap();
    found.into_iter().map(|o| (o.last_name, o.state)).collect()
}

fn number(db: &File, sql: &str) -> i64 {
    db.first(sql, &[]).unwrap().unwrap().integer(0).unwrap()
}

#[test]
fn a_printed_campaign_says_what_became_of_each() {
    let db = school();
    let campaign = launch(&db, "ADM", &Criteria::default(), Kind::Eight, "1", None).unwrap();
    // Since it was started one has left, one was given a name, one activated her account, one came who is not in it.
    let set = |sql: &str, tail: &str| {
        db.execute(&format!("UPDATE person SET {sql} WHERE id = ?1"), params![id(tail)]).unwrap();
    };
    set("left_at = 9", "S1");
    set("last_name = 'Haddad-Benali'", "R2");
    set("activated_at = 1790834400777, password_hash = 'none', activation_code = NULL", "S3");
    crate::add_person(&db, "NEW", UAI, "guest", "Trop", "Tard");
    let job = finish(&db, &campaign);
    assert_eq!((job.state, job.done, job.total), (JobState::Done, 13, 13));
    let outcomes = outcome::outcomes(&db, &id("ADM"), &campaign, 0, 100).unwrap();
    let left_out: Vec<_> =
        outcomes.iter().filter(|o| o.state == State::LeftOut).map(|o| o.last_name.as_str()).collect();
    assert_eq!(left_out, ["Abadie", "Benali", "Etcheverry"], "no code, gone, administrator elsewhere");
    assert!(outcomes.iter().all(|o| (o.state == State::LeftOut) != o.reason.is_empty()), "{outcomes:?}");
    assert!(
        outcomes.iter().all(|o| o.at == (o.state == State::Printed).then_some(NOW + 1) || o.state == State::LeftOut)
    );
    let maitena = outcomes.iter().find(|o| o.first_name == "Maïtena").unwrap();
    assert_eq!((maitena.state, maitena.activated_since), (State::Printed, Some(1_790_834_400_777)));
    assert!(outcomes.iter().any(|o| o.last_name == "Haddad-Benali"));
    assert_eq!(outcome::tally(&db, &id("ADM"), &campaign).unwrap(), [(State::Printed, 10), (State::LeftOut, 3)]);
    // Codes are copied nowhere: neither with the campaign, nor with the job once it is done.
    for p in PEOPLE {
        let kept = format!(
            "SELECT count(*) FROM campaign c JOIN campaign_account a ON a.campaign_id = c.id, job j
             WHERE instr(a.address || c.criteria || j.file_name || j.reason || coalesce(j.progress, ''), '{}')",
            p.code()
        );
        assert_eq!(number(&db, &kept), 0, "{}", p.tail);
    }
}

#[test]
fn cron_carries_on_what_nobody_looks_after_and_purges() {
    let db = school();
    let campaign = launch(&db, "ADM", &Criteria::default(), Kind::One, "1", None).unwrap();
    let other = launch(&db, "ADM", &Criteria::default(), Kind::Eight, "2", None).unwrap();
    let state = |campaign: &str| job::of(&db, job::Kind::Accounts, campaign).unwrap().unwrap();
    mailing::carry_on(&db, &mut || NOW + 1).unwrap();
    assert_eq!(state(&campaign).state, JobState::Running, "somebody looks after it");
    mailing::carry_on(&db, &mut || NOW + 5_000).unwrap();
    assert_eq!((state(&campaign).state, state(&other).state), (JobState::Done, JobState::Done));
    mailing::carry_on(&db, &mut || NOW + 5_000 + job::KEPT).unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM job_part"), 0);
    // It stops when its time is over: here each look at the clock takes 30 s.
    let late = launch(&db, "ADM", &Criteria::default(), Kind::One, "3", None).unwrap();
    let later = launch(&db, "ADM", &Criteria::default(), Kind::One, "4", None).unwrap();
    let mut clock = NOW + 10_000;
    mailing::carry_on(&db, &mut || {
        clock += 30_000;
        clock
    })
    .unwrap();
    assert_eq!((state(&late).state, state(&later).state), (JobState::Done, JobState::Running));
}

#[test]
fn one_bad_job_keeps_no_other_from_going_on() {
    let db = school();
    let bad = launch(&db, "ADM", &Criteria::default(), Kind::One, "1", None).unwrap();
    let good = launch(&db, "ADM", &Criteria::default(), Kind::One, "2", None).unwrap();
    let of = |campaign: &str| job::of(&db, job::Kind::Accounts, campaign).unwrap().unwrap();
    db.batch(&format!(
        "CREATE TRIGGER bad BEFORE UPDATE OF generation ON job WHEN new.id = '{}' BEGIN SELECT RAISE(ABORT, 'post:bad'); END;
         UPDATE job SET touched_at = 1 WHERE id = '{}';",
        of(&bad).id,
        of(&bad).id
    ))
    .unwrap();
    assert!(mailing::carry_on(&db, &mut || NOW + 5_000).is_err(), "it is told");
    assert_eq!((of(&bad).state, of(&good).state), (JobState::Running, JobState::Done));
}

#[test]
fn a_cancelled_file_prints_nobody() {
    let db = school();
    let campaign = launch(&db, "ADM", &Criteria::default(), Kind::One, "1", None).unwrap();
    let job = job::of(&db, job::Kind::Accounts, &campaign).unwrap().unwrap();
    assert_eq!(outcome::tally(&db, &id("ADM"), &campaign).unwrap(), [(State::Waiting, 13)]);
    assert!(job::cancel(&db, NOW, &job.id).unwrap());
    assert_eq!(outcome::tally(&db, &id("ADM"), &campaign).unwrap(), [(State::Abandoned, 13)]);
}

#[test]
fn a_key_starts_one_campaign() {
    let db = school();
    let everybody = Criteria::default();
    let first = launch(&db, "ADM", &everybody, Kind::Mail, "1", Some("k")).unwrap();
    assert_eq!(launch(&db, "ADM", &everybody, Kind::Mail, "2", Some("k")).unwrap(), first);
    assert!(matches!(
        launch(&db, "ADM", &everybody, Kind::One, "3", Some("k")),
        Err(Error::Refused(Refusal::KeyReused))
    ));
    assert_eq!(number(&db, "SELECT count(*) FROM campaign"), 1);
}

#[test]
fn nobody_selected_is_no_campaign() {
    let db = school();
    let nobody = Criteria { until: Some(1), ..Criteria::default() };
    for (viewer, criteria) in [("ADM", &nobody), ("ADM2", &Criteria::default()), ("S1", &Criteria::default())] {
        assert!(matches!(launch(&db, viewer, criteria, Kind::One, "1", None), Err(Error::Refused(Refusal::Nobody))));
    }
    assert_eq!(number(&db, "SELECT (SELECT count(*) FROM campaign) + (SELECT count(*) FROM job)"), 0);
}

#[test]
fn mails_go_once_to_those_with_an_address_and_to_no_mailbox() {
    let db = school();
    let campaign = launch(&db, "ADM", &Criteria::default(), Kind::Mail, "1", None).unwrap();
    // Her address changes after the selection was frozen: the campaign says where the mail went.
    db.execute("UPDATE redirect SET address = 'elsewhere@example.org' WHERE person_id = ?1", params![id("R1")])
        .unwrap();
    db.execute("UPDATE person SET last_name = 'MARQUEPRENOM MARQUECODE' WHERE id = ?1", params![id("CPE")]).unwrap();
    assert_eq!(mail(&db, &campaign, NOW).unwrap(), 6);
    assert_eq!(mail(&db, &campaign, NOW + 5).unwrap(), 6);
    assert_eq!(number(&db, "SELECT count(*) FROM delivery"), 6);
    assert_eq!(number(&db, "SELECT count(*) FROM mailbox_entry"), 0);
    let rows = db
        .execute(
            "SELECT p.last_name, d.address, m.body_text, m.author_id IS NULL, r.by_mailbox, r.by_redirect, m.addressees
             FROM delivery d JOIN person p ON p.id = d.person_id JOIN message m ON m.id = d.message_id
             JOIN recipient r ON r.message_id = m.id ORDER BY m.id",
            &[],
        )
        .unwrap();
    for row in &rows {
        assert_eq!((row.integer(3), row.integer(4), row.integer(5)), (Ok(1), Ok(0), Ok(1)));
    }
    let mails: Vec<_> = rows.iter().map(|row| (row.text(1).unwrap(), row.text(2).unwrap())).collect();
    for p in PEOPLE {
        let own: Vec<_> = mails.iter().filter(|(address, _)| *address == p.address()).collect();
        let wanted = p.uai == UAI && !p.address().is_empty() && !p.has('b') && !p.has('l');
        assert_eq!(own.len(), usize::from(wanted), "{}", p.tail);
        // A code is in its owner's mail, and in no other.
        let with_code = mails.iter().filter(|(_, text)| text.contains(&p.code())).map(|(address, _)| *address);
        let expected = (wanted && !p.has('a')).then(|| p.address());
        assert_eq!(
            with_code.collect::<Vec<_>>(),
            expected.iter().map(String::as_str).collect::<Vec<_>>(),
            "{}",
            p.tail
        );
    }
    // A name is never taken for a marker.
    let cpe = mails.iter().find(|(address, _)| *address == "cpe@source.example").unwrap();
    assert!(cpe.1.contains("MARQUECODE codecpe") || cpe.1.matches("codecpe").count() >= 1);
    assert_eq!(
        states(&db, &campaign).iter().filter(|(_, state)| *state == State::Queued).count(),
        6,
        "{:?}",
        states(&db, &campaign)
    );

    // One is delivered, one refused; the rest can be printed: without an address, or refused.
    let end = |address: &str, state: &str| {
        db.execute(
            "UPDATE delivery SET state = ?2, finished_at = 7, last_error = 'boîte pleine' WHERE address = ?1",
            params![address, state],
        )
        .unwrap();
    };
    end("dead@redirect.example", "sent");
    end("r2@source.example", "failed");
    let tally = outcome::tally(&db, &id("ADM"), &campaign).unwrap();
    assert_eq!(tally, [(State::Queued, 4), (State::Sent, 1), (State::Failed, 1), (State::LeftOut, 7)]);
    let failed = outcome::outcomes(&db, &id("ADM"), &campaign, 0, 100)
        .unwrap()
        .into_iter()
        .find(|o| o.state == State::Failed)
        .unwrap();
    assert_eq!((failed.last_name.as_str(), failed.reason.as_str(), failed.at), ("Haddad", "boîte pleine", Some(7)));
    assert_eq!(number(&db, "SELECT count(*) FROM message WHERE body_text = ''"), 2);

    let rest = rest(&db, "ADM", &campaign, "2").unwrap();
    let mut names: Vec<_> = states(&db, &rest).into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, ["Abadie", "Benali", "Benali", "Garcia", "Haddad", "Le Goff", "de La Villéon"]);
    assert_eq!(campaign::after(&db, &campaign).unwrap(), [rest]);
}

#[test]
fn mails_that_cannot_be_written_are_refused_whole() {
    use submission::Refusal as Post;
    let db = school();
    let campaign = launch(&db, "ADM", &Criteria::default(), Kind::Mail, "1", None).unwrap();
    let printed = launch(&db, "ADM", &Criteria::default(), Kind::One, "2", None).unwrap();
    let texts = |profiles: &[&str], subject: &str, text: &str| -> Vec<AccountText> {
        let text = |profile: &str, active| AccountText {
            profile: profile.to_owned(),
            active,
            subject: subject.to_owned(),
            text: text.to_owned(),
        };
        profiles.iter().flat_map(|profile| [text(profile, true), text(profile, false)]).collect()
    };
    let all = ["student", "relative", "teacher", "staff", "guest"];
    let desk = Desk { database: &db, now: NOW };
    assert!(matches!(mail_accounts(desk, &campaign, &texts(&all, "a\nBcc: b", "x")), Err(Post::BadSubject)));
    assert!(matches!(mail_accounts(desk, &campaign, &texts(&all, "a", "")), Err(Post::BadBody)));
    assert!(matches!(mail_accounts(desk, &campaign, &texts(&all, "a", &"x".repeat(4097))), Err(Post::BadBody)));
    assert!(matches!(mail_accounts(desk, &printed, &texts(&all, "a", "x")), Err(Post::NotFound)));
    assert!(matches!(mail_accounts(desk, &id("NOWHERE"), &texts(&all, "a", "x")), Err(Post::NotFound)));
    // A text is missing for some: nobody gets a mail.
    assert!(mail_accounts(desk, &campaign, &texts(&all[..2], "a", "x")).is_err());
    db.execute("UPDATE person SET blocked_at = 1 WHERE id = ?1", params![id("ADM")]).unwrap();
    assert!(matches!(mail_accounts(desk, &campaign, &texts(&all, "a", "x")), Err(Post::AuthorMayNotSend)));
    let nothing =
        "SELECT (SELECT count(*) FROM delivery) + (SELECT count(*) FROM message) + (SELECT count(*) FROM account_text)
        + (SELECT count(*) FROM campaign WHERE mailed_at IS NOT NULL)";
    assert_eq!(number(&db, nothing), 0);
    db.execute("UPDATE person SET blocked_at = NULL WHERE id = ?1", params![id("ADM")]).unwrap();
    assert_eq!(mail_accounts(desk, &campaign, &texts(&all, "a", "x")).unwrap(), 6);
}

#[test]
fn an_administrator_of_a_class_mails_and_prints_no_more_than_she_may() {
    let db = school();
    let campaign = launch(&db, "TEACH", &Criteria::default(), Kind::One, "1", None).unwrap();
    finish(&db, &campaign);
    let mut printed: Vec<_> = states(&db, &campaign).into_iter().filter(|(_, s)| *s == State::Printed).collect();
    printed.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        printed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["Benali", "Benali", "Etcheverry", "Haddad"]
    );
    // Her class is taken back: what she started stops there, whoever carries it on.
    let printed = launch(&db, "TEACH", &Criteria::default(), Kind::One, "2", None).unwrap();
    let mailed = launch(&db, "TEACH", &Criteria::default(), Kind::Mail, "3", None).unwrap();
    mailing::delegate::remove(&db, UAI, &id("TEACH"), &class(UAI, "6A")).unwrap();
    let job = finish(&db, &printed);
    assert_eq!(job.state, JobState::Failed, "{}", job.reason);
    assert_eq!(mail(&db, &mailed, NOW).unwrap(), 0);
    assert_eq!(outcome::tally(&db, &id("ADM"), &mailed).unwrap(), [(State::LeftOut, 5)]);
    assert!(matches!(campaign::find(&db, &id("TEACH"), &campaign), Err(Error::Refused(Refusal::Unknown))));
}

#[test]
fn campaigns_are_seen_by_their_establishment() {
    let db = school();
    let whole = launch(&db, "ADM", &Criteria::default(), Kind::Mail, "1", None).unwrap();
    let class = launch(&db, "TEACH", &Criteria::default(), Kind::Mail, "2", None).unwrap();
    for (viewer, campaign, sees) in [
        ("ADM", &whole, true),
        ("ADM", &class, true),
        ("TEACH", &class, true),
        ("TEACH", &whole, false),
        ("ADM2", &whole, false),
        ("S1", &class, false),
    ] {
        assert_eq!(campaign::find(&db, &id(viewer), campaign).is_ok(), sees, "{viewer}");
        let viewer = id(viewer);
        let listed = campaign::list(&db, Viewpoint { viewer: &viewer, uai: UAI }, "", 10).unwrap();
        assert_eq!(listed.iter().any(|c| c.id == *campaign), sees, "{viewer}");
    }
    assert!(matches!(rest(&db, "ADM2", &whole, "3"), Err(Error::Refused(Refusal::Unknown))));
}

#[test]
fn a_file_with_a_code_that_one_may_not_see_stays_closed() {
    let db = school();
    // The administrator of both schools prints a parent who administers the other one.
    db.execute("INSERT INTO local_admin VALUES (?1, ?2)", params![id("DEAD"), UAI]).unwrap();
    db.execute("INSERT INTO local_admin VALUES (?1, ?2)", params![id("DEAD"), crate::school::OTHER]).unwrap();
    let both = launch(&db, "DEAD", &Criteria::default(), Kind::One, "1", None).unwrap();
    let students = Criteria { profiles: vec![people::Profile::Student], ..Criteria::default() };
    let students = launch(&db, "DEAD", &students, Kind::One, "2", None).unwrap();
    for (viewer, campaign, opens) in [("DEAD", &both, true), ("ADM", &both, false), ("ADM", &students, true)] {
        let found = campaign::find(&db, &id(viewer), campaign).unwrap();
        assert_eq!(campaign::may_open_file(&db, &id(viewer), &found).unwrap(), opens, "{viewer}");
    }
}

#[test]
fn who_started_a_campaign_sees_of_it_what_she_may_see_now() {
    let db = school();
    db.execute("INSERT INTO class_admin VALUES (?1, ?2)", params![id("TEACH"), class(UAI, "4A")]).unwrap();
    let campaign = launch(&db, "TEACH", &Criteria::default(), Kind::One, "1", None).unwrap();
    finish(&db, &campaign);
    let opens = |viewer: &str| {
        let found = campaign::find(&db, &id(viewer), &campaign).unwrap();
        campaign::may_open_file(&db, &id(viewer), &found).unwrap()
    };
    let seen = || outcome::outcomes(&db, &id("TEACH"), &campaign, 0, 100).unwrap().len();
    let tallied = || outcome::tally(&db, &id("TEACH"), &campaign).unwrap().iter().map(|(_, n)| *n).sum::<u32>();
    // A parent of the class administers another school: his letter is not in the file, which opens.
    assert!(opens("TEACH") && opens("ADM"));
    assert_eq!((seen(), tallied()), (6, 6));
    // One of the two classes is taken back: Yanis was in it alone.
    mailing::delegate::remove(&db, UAI, &id("TEACH"), &class(UAI, "4A")).unwrap();
    assert!(!opens("TEACH") && opens("ADM"));
    assert_eq!((seen(), tallied()), (5, 5));
    assert_eq!(outcome::outcomes(&db, &id("ADM"), &campaign, 0, 100).unwrap().len(), 6);
}

#[test]
fn a_purge_takes_name_and_address_out_of_campaigns() {
    let db = school();
    let campaign = launch(&db, "ADM", &Criteria::default(), Kind::Mail, "1", None).unwrap();
    db.execute("UPDATE person SET left_at = 1, purged_at = 2 WHERE id = ?1", params![id("R1")]).unwrap();
    let outcomes = outcome::outcomes(&db, &id("ADM"), &campaign, 0, 100).unwrap();
    assert_eq!(outcomes.len(), 13);
    assert!(!outcomes.iter().any(|o| o.first_name == "Karim" || o.address.starts_with("r1@")));
}
