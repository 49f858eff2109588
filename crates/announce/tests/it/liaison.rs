//! Liaison notices: whom they may concern, who is asked, who confirms, who is reminded.

use announce::liaison::{self, Content};
use announce::{Error, Told, tell_due};
use store::{Database as _, params};

use crate::school::{DAY, HOUR, NOW, SITE, School, id};

fn content(school: &School) -> Content {
    Content {
        title: "Sortie au musée".to_owned(),
        body: "<p>Jeudi.</p><p>Prévoir un pique-nique.</p>".to_owned(),
        groups: vec![school.group("class", "student", Some("6A"))],
        ..Content::default()
    }
}

/// A notice of Claire to 6A that has left.
fn sent(school: &School) -> String {
    let notice =
        liaison::write(school.desk(NOW), &school.id("claire.lefevre"), &id(1), &content(school), None).unwrap();
    let Told::Sent(_) = liaison::tell(school.desk(NOW), SITE, &notice).unwrap() else { panic!("not sent") };
    notice
}

fn refused(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result {
        Err(Error::Refused(code)) => code,
        other => format!("{other:?}"),
    }
}

#[test]
fn it_goes_to_the_legal_parents_of_these_very_children() {
    let school = School::open();
    // Lina's father is no legal parent any more; somebody of the same name is a parent of nobody here.
    school
        .0
        .batch(
            "UPDATE kinship SET legal = 0 WHERE relative_id = (SELECT id FROM person WHERE login = 'karim.benali')
        AND student_id = (SELECT id FROM person WHERE login = 'lina.benali')",
        )
        .unwrap();
    let homonym = school.text("SELECT p.id FROM person p WHERE p.profile = 'relative' AND p.left_at IS NULL AND p.blocked_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM kinship k JOIN membership m ON m.person_id = k.student_id JOIN person_group g ON g.id = m.group_id
            JOIN class c ON c.id = g.class_id AND c.name = '6A' WHERE k.relative_id = p.id)");
    school
        .0
        .execute(
            "UPDATE person SET first_name = 'Nadia', last_name = 'Haddad', folded_name = 'haddad nadia' WHERE id = ?1",
            params![&homonym],
        )
        .unwrap();
    let notice = sent(&school);
    let group = school.group("class", "student", Some("6A"));
    let expected = school.texts(&format!(
        "SELECT DISTINCT k.relative_id FROM membership m JOIN kinship k ON k.student_id = m.person_id AND k.legal
            JOIN person p ON p.id = k.relative_id AND p.blocked_at IS NULL AND p.left_at IS NULL
            JOIN person s ON s.id = k.student_id AND s.blocked_at IS NULL AND s.left_at IS NULL
            WHERE m.group_id = '{group}' ORDER BY 1"
    ));
    assert_eq!(school.told(&notice), expected);
    let (karim, nadia, lina) = (school.id("karim.benali"), school.id("nadia.haddad"), school.id("lina.benali"));
    assert!(!expected.contains(&karim) && expected.contains(&nadia) && !expected.contains(&homonym));
    for outsider in [&karim, &homonym, &lina] {
        assert_eq!(liaison::one_for_parent(&school.0, outsider, &notice), Err(Error::NotFound));
        assert_eq!(liaison::confirm(&school.0, outsider, &notice, &lina, NOW), Err(Error::NotFound));
        assert!(liaison::of_parent(&school.0, outsider).unwrap().is_empty());
    }
    // Her other child is not in 6A: nothing to confirm for him.
    let yanis = school.id("yanis.benali");
    assert_eq!(liaison::confirm(&school.0, &nadia, &notice, &yanis, NOW), Err(Error::NotFound));
    liaison::confirm(&school.0, &nadia, &notice, &lina, NOW).unwrap();
}

#[test]
fn authors_choose_among_the_pupils_they_reach() {
    let school = School::open();
    let [claire, sophie, karim, lina] =
        ["claire.lefevre", "sophie.legoff", "karim.benali", "lina.benali"].map(|login| school.id(login));
    let elsewhere = school.text(
        "SELECT p.id FROM person p WHERE p.profile = 'student' AND p.blocked_at IS NULL AND p.left_at IS NULL
        AND p.uai <> (SELECT uai FROM person WHERE login = 'lina.benali')",
    );
    let their_class = school.text(
        "SELECT g.id FROM person_group g WHERE g.kind = 'class' AND g.profile = 'student'
        AND g.uai <> (SELECT uai FROM person WHERE login = 'lina.benali')",
    );
    let one = |pupil: &str| Content { groups: Vec::new(), pupils: vec![pupil.to_owned()], ..content(&school) };
    let group = |group: &str| Content { groups: vec![group.to_owned()], ..content(&school) };
    let write = |person: &str, content: &Content| liaison::write(school.desk(NOW), person, &id(1), content, None);
    for person in [&claire, &sophie] {
        assert_eq!(refused(write(person, &one(&elsewhere))), "pupils");
        assert_eq!(refused(write(person, &one(&karim))), "pupils", "a parent is no pupil");
        assert_eq!(refused(write(person, &group(&their_class))), "groups");
        assert_eq!(refused(write(person, &group(&school.group("establishment", "teacher", None)))), "groups");
        assert_eq!(refused(write(person, &Content { groups: Vec::new(), ..content(&school) })), "no-pupil");
    }
    for person in [&karim, &lina] {
        assert!(!liaison::may_write(&school.0, person).unwrap());
        assert_eq!(refused(write(person, &one(&lina))), "pupils");
        assert_eq!(refused(write(person, &content(&school))), "groups");
        assert!(liaison::groups(&school.0, person).unwrap().is_empty());
    }
    assert_eq!(school.count("SELECT count(*) FROM liaison"), 0);
    // A teacher whose rules were taken away reaches nobody; a local administrator reaches all the same.
    school.0.batch("DELETE FROM rule").unwrap();
    assert_eq!(refused(write(&claire, &one(&lina))), "pupils");
    assert!(liaison::groups(&school.0, &claire).unwrap().is_empty());
    assert!(liaison::groups(&school.0, &sophie).unwrap().iter().any(|group| group.name.contains("6A")));
    write(&sophie, &one(&lina)).unwrap();
}

#[test]
fn a_parent_whom_the_author_may_not_write_to_is_not_asked() {
    let school = School::open();
    let [claire, nadia, karim] = ["claire.lefevre", "nadia.haddad", "karim.benali"].map(|login| school.id(login));
    school
        .0
        .execute(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'x', 0)",
            params![&claire, &nadia],
        )
        .unwrap();
    let notice = sent(&school);
    assert!(!school.told(&notice).contains(&nadia) && school.told(&notice).contains(&karim));
}

#[test]
fn one_parent_confirms_for_a_child_and_the_author_sees_who() {
    let school = School::open();
    let [claire, karim, nadia, lina] =
        ["claire.lefevre", "karim.benali", "nadia.haddad", "lina.benali"].map(|login| school.id(login));
    let notice = sent(&school);
    let before = liaison::of_parent(&school.0, &nadia).unwrap();
    assert_eq!(
        before.iter().map(|child| (child.student.as_str(), child.confirmed)).collect::<Vec<_>>(),
        [(lina.as_str(), false)]
    );
    liaison::confirm(&school.0, &karim, &notice, &lina, NOW + 5).unwrap();
    liaison::confirm(&school.0, &karim, &notice, &lina, NOW + 9).unwrap();
    let hers = liaison::one_for_parent(&school.0, &nadia, &notice).unwrap();
    assert_eq!((hers.children[0].confirmed, hers.children[0].confirmed_at), (true, None), "the other parent did");
    let follow = liaison::follow(&school.0, &claire, &notice).unwrap();
    let pupil = follow.pupils.iter().find(|pupil| pupil.id == lina).unwrap();
    assert!(pupil.confirmed() && pupil.class == "6A");
    let by: Vec<_> = pupil.parents.iter().filter(|parent| parent.confirmed_at.is_some()).collect();
    assert_eq!(
        by.iter().map(|parent| (parent.name.as_str(), parent.confirmed_at)).collect::<Vec<_>>(),
        [("Karim Benali", Some(NOW + 5))]
    );
    assert_eq!((follow.notice.confirmed, follow.pupils.iter().filter(|pupil| pupil.confirmed()).count()), (1, 1));
    // Maïtena's only parent has neither mailbox nor redirect address: named to the author.
    let unreachable: Vec<_> =
        follow.pupils.iter().filter(|pupil| pupil.unreachable()).map(|pupil| pupil.name.as_str()).collect();
    assert!(unreachable.contains(&"Etcheverry Maïtena"), "{unreachable:?}");
    // Its author and the administration follow it, nobody else.
    assert!(!liaison::follow(&school.0, &school.id("sophie.legoff"), &notice).unwrap().author);
    for person in [&school.id("antoine.delavilleon"), &karim, &lina] {
        assert_eq!(liaison::follow(&school.0, person, &notice), Err(Error::NotFound));
        assert!(liaison::written(&school.0, person, None).unwrap().is_empty());
    }
    assert_eq!(liaison::written(&school.0, &claire, None).unwrap().len(), 1);
    let uai = school.text("SELECT uai FROM person WHERE login = 'claire.lefevre'");
    assert_eq!(liaison::written(&school.0, &school.id("sophie.legoff"), Some(&uai)).unwrap().len(), 1);
    assert!(liaison::written(&school.0, &claire, Some(&uai)).unwrap().is_empty(), "she administers nothing");
}

#[test]
fn confirming_stays_possible_when_rules_and_groups_change() {
    let school = School::open();
    let [claire, nadia, lina] = ["claire.lefevre", "nadia.haddad", "lina.benali"].map(|login| school.id(login));
    let notice = sent(&school);
    school.0.batch("DELETE FROM rule; DELETE FROM membership;").unwrap();
    assert_eq!(liaison::of_parent(&school.0, &nadia).unwrap().len(), 1);
    liaison::confirm(&school.0, &nadia, &notice, &lina, NOW).unwrap();
    let follow = liaison::follow(&school.0, &claire, &notice).unwrap();
    assert!(follow.pupils.iter().any(|pupil| pupil.id == lina && pupil.confirmed() && pupil.class == "6A"));
    liaison::remind(&school.0, &claire, &notice, &id(30), NOW + DAY).unwrap();
}

#[test]
fn who_is_no_legal_parent_any_more_reads_confirms_and_counts_no_more() {
    let school = School::open();
    let [claire, karim, nadia, lina] =
        ["claire.lefevre", "karim.benali", "nadia.haddad", "lina.benali"].map(|login| school.id(login));
    let notice = sent(&school);
    let legal = |relative: &str, legal: bool| {
        let statement = "UPDATE kinship SET legal = ?3 WHERE relative_id = ?1 AND student_id = ?2";
        school.0.execute(statement, params![relative, &lina, legal]).unwrap();
    };
    let confirmed = || {
        let follow = liaison::follow(&school.0, &claire, &notice).unwrap();
        let pupil = follow.pupils.into_iter().find(|pupil| pupil.id == lina).unwrap();
        (follow.notice.confirmed, pupil.confirmed(), pupil.parents.len())
    };
    // What he confirmed while he was a parent does not keep the other from being asked.
    liaison::confirm(&school.0, &karim, &notice, &lina, NOW).unwrap();
    assert_eq!(confirmed(), (1, true, 2));
    legal(&karim, false);
    assert_eq!(confirmed(), (0, false, 1));
    assert_eq!(liaison::one_for_parent(&school.0, &karim, &notice), Err(Error::NotFound));
    assert!(liaison::of_parent(&school.0, &karim).unwrap().is_empty());
    assert_eq!(liaison::confirm(&school.0, &karim, &notice, &lina, NOW), Err(Error::NotFound));
    let hers = liaison::one_for_parent(&school.0, &nadia, &notice).unwrap();
    assert!(!hers.children[0].confirmed);
    liaison::remind(&school.0, &claire, &notice, &id(30), NOW + DAY).unwrap();
    liaison::tell_reminder(school.desk(NOW + DAY), SITE, &id(30)).unwrap();
    assert!(school.told(&id(30)).contains(&nadia) && !school.told(&id(30)).contains(&karim));
    // Of a child who has no legal parent any more nobody is left to be reminded: by hand or by itself.
    let one = Content { groups: Vec::new(), pupils: vec![lina.clone()], remind_days: Some(3), ..content(&school) };
    let notice = liaison::write(school.desk(NOW), &claire, &id(2), &one, None).unwrap();
    tell_due(school.desk(NOW), SITE).unwrap();
    legal(&nadia, false);
    assert_eq!(refused(liaison::remind(&school.0, &claire, &notice, &id(31), NOW + DAY)), "all-confirmed");
    assert_eq!(liaison::remind_due(&school.0, NOW + 4 * DAY).unwrap(), 0);
    legal(&nadia, true);
    assert_eq!(liaison::remind_due(&school.0, NOW + 4 * DAY).unwrap(), 1);
    // Legal again, she confirms again.
    liaison::confirm(&school.0, &nadia, &notice, &lina, NOW).unwrap();
}

#[test]
fn a_notice_is_of_the_establishment_of_its_pupils() {
    let school = School::open();
    let [claire, sophie, lina] = ["claire.lefevre", "sophie.legoff", "lina.benali"].map(|login| school.id(login));
    let uai = school.text("SELECT uai FROM person WHERE login = 'lina.benali'");
    let elsewhere = school.text(&format!("SELECT uai FROM establishment WHERE uai <> '{uai}' LIMIT 1"));
    let theirs = school.text(&format!(
        "SELECT id FROM person WHERE uai = '{elsewhere}' AND profile = 'student'
        AND blocked_at IS NULL AND left_at IS NULL LIMIT 1"
    ));
    let admin = school.text(&format!("SELECT person_id FROM local_admin WHERE uai = '{elsewhere}' LIMIT 1"));
    let move_to = |person: &str, uai: &str| {
        school.0.execute("UPDATE person SET uai = ?2 WHERE id = ?1", params![person, uai]).unwrap();
    };
    // Claire teaches here too; her home is elsewhere.
    move_to(&claire, &elsewhere);
    let notice = sent(&school);
    assert_eq!(school.text(&format!("SELECT uai FROM liaison WHERE id = '{notice}'")), uai);
    assert!(liaison::follow(&school.0, &sophie, &notice).is_ok());
    assert_eq!(liaison::follow(&school.0, &admin, &notice), Err(Error::NotFound));
    // Of two establishments at once there is none.
    school.0.execute("INSERT INTO local_admin VALUES (?1, ?2)", params![&sophie, &elsewhere]).unwrap();
    let mixed = Content { groups: Vec::new(), pupils: vec![lina, theirs], ..content(&school) };
    assert_eq!(refused(liaison::write(school.desk(NOW), &sophie, &id(2), &mixed, None)), "establishments");
    // Once she is here no more, neither by home nor by group, no reminder leaves in her name.
    liaison::remind(&school.0, &claire, &notice, &id(30), NOW + DAY).unwrap();
    let told = |reminder: &str| liaison::tell_reminder(school.desk(NOW + DAY), SITE, reminder).unwrap();
    assert!(matches!(told(&id(30)), Told::Sent(_)));
    school.0.execute("DELETE FROM membership WHERE person_id = ?1", params![&claire]).unwrap();
    liaison::remind(&school.0, &claire, &notice, &id(31), NOW + 3 * DAY).unwrap();
    assert_eq!(told(&id(31)), Told::Refused("audience-refused"));
}

#[test]
fn reminders_go_to_those_who_have_not_confirmed_and_once() {
    let school = School::open();
    let [claire, karim, nadia, lina] =
        ["claire.lefevre", "karim.benali", "nadia.haddad", "lina.benali"].map(|login| school.id(login));
    let notice = sent(&school);
    let first = school.told(&notice);
    liaison::confirm(&school.0, &karim, &notice, &lina, NOW).unwrap();
    assert_eq!(
        refused(liaison::remind(&school.0, &school.id("sophie.legoff"), &notice, &id(30), NOW + HOUR)),
        "not-author"
    );
    assert_eq!(liaison::remind(&school.0, &karim, &notice, &id(30), NOW + HOUR), Err(Error::NotFound));
    liaison::remind(&school.0, &claire, &notice, &id(30), NOW + HOUR).unwrap();
    assert_eq!(refused(liaison::remind(&school.0, &claire, &notice, &id(31), NOW + HOUR + 1)), "reminded");
    let Told::Sent(_) = liaison::tell_reminder(school.desk(NOW + HOUR), SITE, &id(30)).unwrap() else {
        panic!("not sent")
    };
    tell_due(school.desk(NOW + HOUR), SITE).unwrap();
    let mut expected = first.clone();
    // Both parents of Lina: one confirmed, and that is enough.
    expected.retain(|person| *person != karim && *person != nadia);
    assert_eq!(school.told(&id(30)), expected);
    assert_eq!(school.told(&notice), first);
    let pupils = liaison::follow(&school.0, &claire, &notice).unwrap().pupils;
    for pupil in &pupils {
        for parent in school.texts(&format!(
            "SELECT relative_id FROM liaison_addressee WHERE liaison_id = '{notice}' AND student_id = '{}'",
            pupil.id
        )) {
            liaison::confirm(&school.0, &parent, &notice, &pupil.id, NOW).unwrap();
        }
    }
    assert_eq!(refused(liaison::remind(&school.0, &claire, &notice, &id(32), NOW + 3 * DAY)), "all-confirmed");
}

#[test]
fn a_reminder_by_itself_comes_once_after_its_days() {
    let school = School::open();
    let claire = school.id("claire.lefevre");
    let notice =
        liaison::write(school.desk(NOW), &claire, &id(1), &Content { remind_days: Some(3), ..content(&school) }, None)
            .unwrap();
    assert_eq!(refused(liaison::remind(&school.0, &claire, &notice, &id(30), NOW)), "not-sent");
    let run = |now| {
        let report = tell_due(school.desk(now), SITE).unwrap();
        (report.sent, report.reminders)
    };
    assert_eq!(run(NOW), (1, 0));
    assert_eq!(run(NOW + 3 * DAY - 1), (0, 0));
    assert_eq!(run(NOW + 3 * DAY), (1, 1));
    assert_eq!(run(NOW + 3 * DAY), (0, 0));
    assert_eq!(run(NOW + 9 * DAY), (0, 0));
    let messages = "SELECT count(*) FROM audience WHERE kind = 'liaison'";
    assert_eq!(school.count(messages), 2);
    assert_eq!(liaison::follow(&school.0, &claire, &notice).unwrap().reminders, [(NOW + 3 * DAY, true)]);
    // One by hand an hour before: the other waits.
    let notice =
        liaison::write(school.desk(NOW), &claire, &id(3), &Content { remind_days: Some(3), ..content(&school) }, None)
            .unwrap();
    assert_eq!(run(NOW), (1, 0));
    liaison::remind(&school.0, &claire, &notice, &id(30), NOW + 3 * DAY - HOUR).unwrap();
    assert_eq!(run(NOW + 3 * DAY), (1, 0), "the one by hand");
    assert_eq!(run(NOW + 3 * DAY + 12 * HOUR), (1, 1));
    assert_eq!(run(NOW + 9 * DAY), (0, 0));
    for days in [0, 61, -3] {
        let wrong = Content { remind_days: Some(days), ..content(&school) };
        assert!(matches!(
            liaison::write(school.desk(NOW), &claire, &id(2), &wrong, None),
            Err(Error::Invalid { field: "remind_days", .. })
        ));
    }
}

#[test]
fn a_notice_to_a_whole_school_takes_as_many_statements_as_one_to_a_class() {
    let school = School::open();
    let sophie = school.id("sophie.legoff");
    let counted = |group: String, number| {
        let failing =
            crate::school::Failing { database: &school.0, at: u32::MAX, after: false, done: std::cell::Cell::new(0) };
        let desk = counter::Desk { database: &failing, now: NOW };
        let content = Content { groups: vec![group], ..content(&school) };
        let notice = liaison::write(desk, &sophie, &id(number), &content, None).unwrap();
        let Told::Sent(receipt) = liaison::tell(desk, SITE, &notice).unwrap() else { panic!("not sent") };
        (failing.done.get(), receipt.recipients)
    };
    let (few, class) = counted(school.group("class", "student", Some("6A")), 1);
    let (many, everybody) = counted(school.group("establishment", "student", None), 2);
    assert_eq!(few, many);
    assert!(everybody > 3 * class, "{class} {everybody}");
}
