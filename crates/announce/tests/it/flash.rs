//! Flash messages: who writes, whose pages show them, what their message does.

use announce::flash::{self, Content, Level, State};
use announce::{Error, Told};
use store::{Database as _, params};

use crate::school::{DAY, HOUR, NOW, SITE, School, id};

fn content() -> Content {
    Content {
        text: "Le collège est fermé demain : neige.\nRestez chez vous.".to_owned(),
        level: Level::Urgent,
        profiles: vec!["relative".to_owned(), "teacher".to_owned()],
        starts_at: None,
        ends_at: NOW + DAY,
    }
}

fn uai(school: &School) -> String {
    school.text("SELECT uai FROM person WHERE login = 'sophie.legoff'")
}

fn set_function(school: &School, login: &str, function: &str) {
    school.0.execute("UPDATE person SET function = ?2 WHERE login = ?1", params![login, function]).unwrap();
}

#[test]
fn the_head_and_local_administrators_write_and_nobody_else() {
    let school = School::open();
    let uai = uai(&school);
    let head = school
        .text(&format!("SELECT login FROM person WHERE uai = '{uai}' AND function IN ('Principal', 'Principale')"));
    let may = |login: &str| !flash::establishments(&school.0, &school.id(login)).unwrap().is_empty();
    assert!(may("sophie.legoff") && may(&head));
    for (number, login) in ["claire.lefevre", "lina.benali", "karim.benali"].into_iter().enumerate() {
        assert!(!may(login), "{login}");
        let refused = flash::write(
            school.desk(NOW),
            &school.id(login),
            &uai,
            &id(u32::try_from(number).unwrap()),
            &content(),
            None,
        );
        assert_eq!(refused, Err(Error::Refused("not-author".to_owned())), "{login}");
    }
    let functions = [
        ("Proviseure", true),
        ("Chef d'établissement", true),
        ("Cheffe d’établissement", true),
        ("Directrice d’école", true),
        ("Principale adjointe", false),
        ("Conseiller principal d’éducation", false),
        ("Adjointe au chef d’établissement", false),
        ("Professeure principale", false),
        ("", false),
    ];
    for (function, expected) in functions {
        set_function(&school, "claire.lefevre", function);
        assert_eq!(may("claire.lefevre"), expected, "{function}");
    }
    // A parent who calls himself a head is none; a head is one in her own school only.
    set_function(&school, "karim.benali", "Principal");
    assert!(!may("karim.benali"));
    let other = school.text(&format!("SELECT uai FROM establishment WHERE uai <> '{uai}'"));
    let refused = flash::write(school.desk(NOW), &school.id(&head), &other, &id(9), &content(), None);
    assert_eq!(refused, Err(Error::Refused("not-author".to_owned())));
    assert_eq!(flash::history(&school.0, &school.id(&head), &other, NOW), Err(Error::NotFound));
}

#[test]
fn the_chosen_profiles_of_the_school_see_it_until_it_is_dismissed_or_over() {
    let school = School::open();
    let (sophie, uai) = (school.id("sophie.legoff"), uai(&school));
    let later = Content { starts_at: Some(NOW + HOUR), level: Level::Information, ..content() };
    let urgent = flash::write(school.desk(NOW), &sophie, &uai, &id(1), &content(), None).unwrap();
    let information = flash::write(school.desk(NOW), &sophie, &uai, &id(2), &later, None).unwrap();
    let shown = |person: &str, now| -> Vec<String> {
        flash::shown(&school.0, person, now).unwrap().into_iter().map(|one| one.id).collect()
    };
    let everybody = school
        .0
        .execute("SELECT id, uai, profile, login FROM person WHERE blocked_at IS NULL AND left_at IS NULL", params![])
        .unwrap();
    for row in &everybody {
        let hers = row.text(1).unwrap() == uai && ["relative", "teacher"].contains(&row.text(2).unwrap());
        let expected: Vec<String> = if hers { vec![urgent.clone(), information.clone()] } else { Vec::new() };
        assert_eq!(shown(row.text(0).unwrap(), NOW + HOUR), expected, "{}", row.text(3).unwrap());
    }
    let (karim, claire, lina) = (school.id("karim.benali"), school.id("claire.lefevre"), school.id("lina.benali"));
    assert_eq!(shown(&karim, NOW), [urgent.as_str()], "the other one has not begun");
    assert_eq!(flash::dismiss(&school.0, &karim, &information, NOW), Err(Error::NotFound));
    flash::dismiss(&school.0, &karim, &urgent, NOW).unwrap();
    flash::dismiss(&school.0, &karim, &urgent, NOW + 1).unwrap();
    assert!(shown(&karim, NOW).is_empty());
    assert_eq!(shown(&claire, NOW), [urgent.as_str()], "hers stays");
    assert_eq!(flash::dismiss(&school.0, &lina, &urgent, NOW), Err(Error::NotFound), "not for pupils");
    assert_eq!(flash::withdraw(&school.0, &claire, &urgent, NOW), Err(Error::NotFound));
    flash::withdraw(&school.0, &sophie, &urgent, NOW).unwrap();
    assert!(shown(&claire, NOW).is_empty());
    assert!(shown(&claire, NOW + DAY).is_empty(), "over");
    let history = flash::history(&school.0, &sophie, &uai, NOW).unwrap();
    assert_eq!(
        history.iter().map(|one| (one.state, one.dismissed)).collect::<Vec<_>>(),
        [(State::Scheduled, 0), (State::Withdrawn, 1)]
    );
    assert_eq!(history[1].withdrawn, Some(("Sophie Le Goff".to_owned(), NOW)));
}

#[test]
fn its_message_goes_before_other_mail_to_the_chosen_profiles() {
    let school = School::open();
    let (sophie, uai) = (school.id("sophie.legoff"), uai(&school));
    let flash = flash::write(school.desk(NOW), &sophie, &uai, &id(1), &content(), None).unwrap();
    let Told::Sent(receipt) = flash::tell(school.desk(NOW), SITE, &flash).unwrap() else { panic!("not sent") };
    let expected = school.texts(&format!(
        "SELECT id FROM person WHERE uai = '{uai}' AND profile IN ('relative', 'teacher') AND blocked_at IS NULL AND left_at IS NULL
            AND id <> '{sophie}' ORDER BY id"
    ));
    assert_eq!(school.told(&flash), expected);
    let count = |what: &str| school.count(&format!("SELECT count(*) FROM {what} = '{}'", receipt.message));
    assert!(count("delivery WHERE message_id") > 0);
    assert_eq!(count("delivery WHERE priority = 0 AND message_id"), count("delivery WHERE message_id"));
    let subject = school.text(&format!("SELECT subject FROM message WHERE id = '{}'", receipt.message));
    assert_eq!(subject, "Urgent : Le collège est fermé demain : neige. Restez chez vous.");
    assert_eq!(flash::tell(school.desk(NOW), SITE, &flash).unwrap(), Told::Nothing);
    // Withdrawn before it began: nobody hears of it.
    let later = Content { starts_at: Some(NOW + HOUR), ..content() };
    let never = flash::write(school.desk(NOW), &sophie, &uai, &id(2), &later, None).unwrap();
    flash::withdraw(&school.0, &sophie, &never, NOW).unwrap();
    assert_eq!(flash::tell(school.desk(NOW + HOUR), SITE, &never).unwrap(), Told::Nothing);
}

#[test]
fn what_will_not_do_is_said_field_by_field() {
    let school = School::open();
    let (sophie, uai) = (school.id("sophie.legoff"), uai(&school));
    let table = [
        ("text", Content { text: " ".to_owned(), ..content() }),
        ("text", Content { text: "é".repeat(501), ..content() }),
        ("text", Content { text: "\u{7}".to_owned(), ..content() }),
        ("profiles", Content { profiles: Vec::new(), ..content() }),
        ("profiles", Content { profiles: vec!["everybody".to_owned()], ..content() }),
        ("ends_at", Content { ends_at: NOW, ..content() }),
        ("ends_at", Content { starts_at: Some(NOW + 2 * DAY), ..content() }),
        ("ends_at", Content { ends_at: NOW + 61 * DAY, ..content() }),
    ];
    for (expected, wrong) in table {
        match flash::write(school.desk(NOW), &sophie, &uai, &id(1), &wrong, None) {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    let longest = Content { text: "é".repeat(500), ..content() };
    let write = |number| flash::write(school.desk(NOW), &sophie, &uai, &id(number), &longest, Some("une-cle"));
    assert_eq!((write(1), write(2)), (Ok(id(1)), Ok(id(1))), "the same key writes once");
}

#[test]
fn a_page_costs_a_few_look_ups() {
    let school = School::open();
    let plan = school.0.execute(
        "EXPLAIN QUERY PLAN SELECT s.id FROM flash_shown s WHERE s.person_id = ?1 AND s.starts_at <= ?2 AND s.ends_at > ?2",
        params![school.id("karim.benali"), NOW],
    );
    let steps: Vec<String> = plan.unwrap().iter().map(|row| row.text(3).unwrap().to_owned()).collect();
    assert!(
        steps.iter().all(|step| !step.starts_with("SCAN") || step.contains("json_each") || step.contains(" j ")),
        "{steps:?}"
    );
    assert!(steps.iter().any(|step| step.contains("flash_open (uai=? AND ends_at>?)")), "{steps:?}");
}
