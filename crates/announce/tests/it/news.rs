//! News: who writes, who reads, when; comments, acknowledgements, polls.

use announce::news::{self, Content, Poll, State};
use announce::{Error, Told};
use store::{Database as _, params};

use crate::school::{DAY, HOUR, NOW, PARENTS, PUPILS, RUBRIQUE, SITE, School, id};

fn content() -> Content {
    Content {
        title: "Exposition".to_owned(),
        body: "<p>Venez <b>voir</b><script>1</script></p>".to_owned(),
        audience: Some(vec![PARENTS.to_owned()]),
        publish_at: Some(NOW),
        comments: true,
        acknowledge: true,
        ..Content::default()
    }
}

fn write(school: &School, content: &Content) -> String {
    let claire = school.id("claire.lefevre");
    let new = id(u32::try_from(school.count("SELECT count(*) FROM news")).unwrap() + 1);
    news::write(school.desk(NOW), &claire, RUBRIQUE, &new, content, None).unwrap()
}

fn code(error: Error) -> String {
    match error {
        Error::Refused(code) => code,
        Error::Invalid { field, .. } => field.to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn only_the_chosen_audience_reads_from_publication_to_expiry() {
    let school = School::open();
    let when = Content { publish_at: Some(NOW + HOUR), expires_at: Some(NOW + DAY), ..content() };
    let chosen = write(&school, &when);
    let all = write(&school, &Content { audience: None, ..when.clone() });
    let draft = write(&school, &Content { publish_at: None, expires_at: None, ..content() });
    let (before, during, after) = (NOW, NOW + 2 * HOUR, NOW + DAY);
    let table = [
        ("claire.lefevre", [true, true, true], [true, true, true], true),
        ("sophie.legoff", [true, true, true], [true, true, true], true),
        ("karim.benali", [false, true, false], [false, true, false], false),
        ("lina.benali", [false, false, false], [false, true, false], false),
    ];
    let outsiders = school.texts(&format!(
        "SELECT p.login FROM person p WHERE p.activated_at IS NOT NULL AND p.blocked_at IS NULL AND p.left_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM editable_rubrique e WHERE e.person_id = p.id AND e.rubrique_id = '{RUBRIQUE}')
            AND NOT EXISTS (SELECT 1 FROM readable_rubrique e WHERE e.person_id = p.id AND e.rubrique_id = '{RUBRIQUE}')",
    ));
    assert!(outsiders.len() > 50);
    let never = ([false; 3], [false; 3], false);
    let outside = outsiders.iter().map(|login| (login.as_str(), never.0, never.1, never.2));
    for (login, of_chosen, of_all, of_draft) in table.into_iter().chain(outside) {
        let person = school.id(login);
        let reads = |news: &str, now| news::one(&school.0, &person, news, now).is_ok();
        assert_eq!([before, during, after].map(|now| reads(&chosen, now)), of_chosen, "{login}");
        assert_eq!([before, during, after].map(|now| reads(&all, now)), of_all, "{login}");
        assert_eq!(reads(&draft, during), of_draft, "{login}");
        // The list of everything says the same, without drafts and such.
        let listed = news::of_everything(&school.0, &person, during, None).unwrap();
        let expected = [of_chosen[1].then_some(&chosen), of_all[1].then_some(&all)];
        let mut ids: Vec<_> = listed.items.iter().map(|item| &item.id).collect();
        ids.sort();
        assert_eq!(ids, expected.into_iter().flatten().collect::<Vec<_>>(), "{login}");
        assert!(news::of_everything(&school.0, &person, before, None).unwrap().items.is_empty());
    }
    let claire = school.id("claire.lefevre");
    assert_eq!(news::of_rubrique(&school.0, &claire, RUBRIQUE, after, None).unwrap().items.len(), 3);
    assert_eq!(news::of_rubrique(&school.0, &school.id("lina.benali"), RUBRIQUE, during, None).unwrap().items.len(), 1);
    let stranger = school.id(&outsiders[0]);
    assert_eq!(news::of_rubrique(&school.0, &stranger, RUBRIQUE, during, None), Err(Error::NotFound));
}

#[test]
fn only_editors_write_and_only_to_populations_within_their_rights() {
    let school = School::open();
    let (karim, claire) = (school.id("karim.benali"), school.id("claire.lefevre"));
    let desk = school.desk(NOW);
    let try_as =
        |person: &str, content: &Content| news::write(desk, person, RUBRIQUE, &id(900), content, None).map_err(code);
    assert_eq!(try_as(&karim, &content()), Err("not-editor".to_owned()));
    assert_eq!(try_as(&claire, &Content { audience: Some(vec![id(5)]), ..content() }), Err("audience".to_owned()));
    assert_eq!(news::write(desk, &claire, &id(77), &id(900), &content(), None), Err(Error::NotFound));
    // A population that teachers may not write to any more.
    let group = school.group("class", "relative", Some("6A"));
    school
        .0
        .execute("DELETE FROM rule WHERE from_group = ?1", params![school.group("establishment", "teacher", None)])
        .unwrap();
    assert!(news::populations(&school.0, &claire, RUBRIQUE).unwrap().iter().all(|one| one.id != PARENTS), "{group}");
    assert_eq!(try_as(&claire, &content()), Err("audience".to_owned()));
    let written = write(&school, &Content { audience: None, ..content() });
    assert_eq!(news::change(desk, &karim, &written, &content()), Err(Error::NotFound));
    assert_eq!(news::withdraw(&school.0, &karim, &written, NOW), Err(Error::NotFound));
    assert_eq!(news::delete(&school.0, &claire, &written), Err(Error::NotFound), "it is out");
    news::withdraw(&school.0, &claire, &written, NOW).unwrap();
    assert_eq!(news::delete(&school.0, &karim, &written), Err(Error::NotFound));
    news::delete(&school.0, &claire, &written).unwrap();
    assert_eq!(news::one(&school.0, &claire, &written, NOW), Err(Error::NotFound));
}

#[test]
fn what_will_not_do_is_said_field_by_field() {
    let school = School::open();
    let claire = school.id("claire.lefevre");
    let poll = |choices: &[&str]| {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        Some(Poll { question: "Venez-vous ?".to_owned(), choices, named: false, results_shown: false })
    };
    let table = [
        ("title", Content { title: " ".to_owned(), ..content() }),
        ("body", Content { body: "<p> </p>".to_owned(), ..content() }),
        ("audience", Content { audience: Some(Vec::new()), ..content() }),
        ("expires_at", Content { expires_at: Some(NOW), ..content() }),
        ("expires_at", Content { publish_at: Some(NOW + DAY), expires_at: Some(NOW + DAY), ..content() }),
        ("choices", Content { poll: poll(&["oui"]), ..content() }),
        ("choices", Content { poll: poll(&["oui", " oui"]), ..content() }),
        ("choices", Content { poll: poll(&["oui", ""]), ..content() }),
        ("choices", Content { poll: poll(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]), ..content() }),
    ];
    for (field, wrong) in table {
        let refused = news::write(school.desk(NOW), &claire, RUBRIQUE, &id(1), &wrong, None).map_err(code);
        assert_eq!(refused, Err(field.to_owned()), "{wrong:?}");
    }
    assert_eq!(school.count("SELECT count(*) FROM news"), 0);
    let shown = news::one(&school.0, &claire, &write(&school, &content()), NOW).unwrap();
    assert_eq!(shown.html, "<p>Venez <b>voir</b></p>");
}

#[test]
fn the_same_key_writes_once() {
    let school = School::open();
    let claire = school.id("claire.lefevre");
    let write =
        |number| news::write(school.desk(NOW), &claire, RUBRIQUE, &id(number), &content(), Some("cle-1")).unwrap();
    assert_eq!((write(1), write(2)), (id(1), id(1)));
    assert_eq!(school.count("SELECT count(*) FROM news"), 1);
}

#[test]
fn the_message_goes_to_the_audience_alone_and_editing_does_not_send_it_again() {
    let school = School::open();
    let claire = school.id("claire.lefevre");
    let told = Content { notify: true, ..content() };
    let news = write(&school, &told);
    let Told::Sent(receipt) = news::tell(school.desk(NOW), SITE, &news).unwrap() else { panic!("not sent") };
    let parents = school.texts(&format!(
        "SELECT DISTINCT m.person_id FROM population_member m WHERE m.population_id = '{PARENTS}' ORDER BY 1"
    ));
    assert_eq!(school.told(&news), parents);
    assert_eq!(receipt.recipients as usize, parents.len());
    let body = school.text(&format!("SELECT m.body_html FROM message m WHERE m.id = '{}'", receipt.message));
    assert!(body.contains(&format!("href=\"https://ent.example.fr/broadcast/news/{news}\"")), "{body}");
    assert_eq!(
        school.text(&format!(
            "SELECT group_concat(DISTINCT field) FROM recipient WHERE message_id = '{}'",
            receipt.message
        )),
        "bcc"
    );
    news::change(school.desk(NOW + HOUR), &claire, &news, &Content { title: "Autre".to_owned(), ..told.clone() })
        .unwrap();
    assert_eq!(news::tell(school.desk(NOW + HOUR), SITE, &news).unwrap(), Told::Nothing);
    let shown = news::one(&school.0, &claire, &news, NOW + HOUR).unwrap();
    assert_eq!((shown.publish_at, shown.title.as_str()), (Some(NOW), "Autre"), "it keeps the instant it came out");
    // Nothing is sent of what is a draft, to come, over, or not to be told.
    for quiet in [
        Content { notify: false, ..told.clone() },
        Content { publish_at: None, ..told.clone() },
        Content { publish_at: Some(NOW + HOUR), ..told.clone() },
    ] {
        let news = write(&school, &quiet);
        assert_eq!(news::tell(school.desk(NOW), SITE, &news).unwrap(), Told::Nothing);
    }
    let all = write(&school, &Content { audience: None, ..told });
    let Told::Sent(receipt) = news::tell(school.desk(NOW), SITE, &all).unwrap() else { panic!("not sent") };
    assert!(receipt.recipients as usize > parents.len());
}

#[test]
fn a_population_that_is_out_of_reach_when_the_message_leaves_refuses_it_whole() {
    let school = School::open();
    let claire = school.id("claire.lefevre");
    let later = Content { audience: None, notify: true, publish_at: Some(NOW + HOUR), ..content() };
    let news = write(&school, &later);
    let teachers = school.group("establishment", "teacher", None);
    let parents = school.group("establishment", "relative", None);
    let take = "DELETE FROM rule WHERE from_group = ?1 AND to_group = ?2";
    school.0.execute(take, params![teachers, parents]).unwrap();
    assert_eq!(news::populations(&school.0, &claire, RUBRIQUE).unwrap().len(), 1, "she still reaches the pupils");
    assert_eq!(news::tell(school.desk(NOW + HOUR), SITE, &news).unwrap(), Told::Refused("audience-refused"));
    assert!(school.told(&news).is_empty());
    let shown = news::one(&school.0, &claire, &news, NOW + HOUR).unwrap();
    assert_eq!((shown.notify_problem.as_deref(), shown.state), (Some("audience-refused"), State::Published));
    // Saved again for the pupils alone, it is told.
    let pupils = Content { audience: Some(vec![PUPILS.to_owned()]), ..later };
    news::change(school.desk(NOW + HOUR), &claire, &news, &pupils).unwrap();
    assert!(matches!(news::tell(school.desk(NOW + HOUR), SITE, &news).unwrap(), Told::Sent(_)));
}

#[test]
fn a_message_by_hand_to_the_readers_of_a_news_is_judged_as_the_news_is() {
    let school = School::open();
    let news = write(&school, &Content { notify: true, ..content() });
    for login in ["karim.benali", "sophie.legoff", "antoine.delavilleon"] {
        let person = school.id(login);
        let addressees = vec![counter::Addressee::audience(counter::Kind::News, &news)];
        let draft = counter::Draft {
            subject: "Publicité".to_owned(),
            body: "x".to_owned(),
            addressees,
            ..counter::Draft::default()
        };
        let message = counter::save(school.desk(NOW), &person, None, &draft, None).unwrap();
        assert_eq!(counter::submit(school.desk(NOW), &person, &message), Err(counter::Refusal::Audience), "{login}");
    }
    assert!(school.told(&news).is_empty());
    // Nor does its own editor write to them again, once they have been told.
    let Told::Sent(_) = news::tell(school.desk(NOW), SITE, &news).unwrap() else { panic!("not sent") };
    let claire = school.id("claire.lefevre");
    let addressees = vec![counter::Addressee::audience(counter::Kind::News, &news)];
    let draft = counter::Draft { subject: "Encore".to_owned(), addressees, ..counter::Draft::default() };
    let message = counter::save(school.desk(NOW), &claire, None, &draft, None).unwrap();
    assert_eq!(counter::submit(school.desk(NOW), &claire, &message), Err(counter::Refusal::Audience));
}

#[test]
fn readers_see_acknowledge_comment_and_answer_while_it_is_out() {
    let school = School::open();
    let [karim, nadia, lina, claire] =
        ["karim.benali", "nadia.haddad", "lina.benali", "claire.lefevre"].map(|login| school.id(login));
    let poll = Poll {
        question: "Venez-vous ?".to_owned(),
        choices: vec!["Oui".to_owned(), "Non".to_owned()],
        named: false,
        results_shown: true,
    };
    let asked = Content { poll: Some(poll.clone()), expires_at: Some(NOW + DAY), ..content() };
    let news = write(&school, &asked);
    let database = &school.0;
    let unread = || news::of_everything(database, &karim, NOW, None).unwrap().items[0].unread;
    assert!(unread());
    news::see(database, &karim, &news, NOW).unwrap();
    assert!(!unread());
    news::acknowledge(database, &karim, &news, NOW + 1).unwrap();
    news::acknowledge(database, &karim, &news, NOW + 2).unwrap();
    let shown = news::one(database, &karim, &news, NOW).unwrap();
    assert_eq!(
        (shown.acknowledged_at, shown.vote, shown.results),
        (Some(NOW + 1), None, None),
        "no result before an answer"
    );
    news::vote(database, &karim, &news, 0, NOW).unwrap();
    news::vote(database, &karim, &news, 1, NOW).unwrap();
    news::vote(database, &nadia, &news, 1, NOW).unwrap();
    let shown = news::one(database, &karim, &news, NOW).unwrap();
    assert_eq!((shown.vote, shown.results), (Some(1), Some(vec![0, 2])));
    for odd in [-1, 2, i64::MAX] {
        assert_eq!(news::vote(database, &karim, &news, odd, NOW), Err(Error::NotFound));
    }
    // Lina is not in the audience; after the expiry nobody answers any more.
    assert_eq!(news::vote(database, &lina, &news, 0, NOW), Err(Error::NotFound));
    assert_eq!(news::acknowledge(database, &lina, &news, NOW), Err(Error::NotFound));
    assert_eq!(news::comment(database, &lina, &news, &id(50), "Moi ?", NOW), Err(Error::NotFound));
    assert_eq!(news::vote(database, &karim, &news, 0, NOW + DAY), Err(Error::NotFound));
    let follow = news::follow(database, &claire, &news, NOW).unwrap();
    assert_eq!((follow.seen, follow.acknowledged, follow.votes[1].count), (1, 1, 2));
    assert_eq!(
        follow.audience,
        i64::try_from(
            school.texts(&format!("SELECT person_id FROM population_member WHERE population_id = '{PARENTS}'")).len()
        )
        .unwrap()
    );
    assert!(follow.votes.iter().all(|votes| votes.names.is_empty()), "the poll is anonymous");
    assert_eq!(follow.readers[0].name, "Karim Benali");
    assert_eq!(news::follow(database, &karim, &news, NOW).map_err(code), Err("not-editor".to_owned()));
    // Whoever answered answered this question, without a name.
    let named = Content { poll: Some(Poll { named: true, ..poll }), ..asked.clone() };
    assert_eq!(news::change(school.desk(NOW), &claire, &news, &named).map_err(code), Err("poll-answered".to_owned()));
    news::change(school.desk(NOW), &claire, &news, &Content { title: "Autre".to_owned(), ..asked }).unwrap();
}

#[test]
fn a_named_poll_names_to_editors() {
    let school = School::open();
    let karim = school.id("karim.benali");
    let poll = Poll {
        question: "Venez-vous ?".to_owned(),
        choices: vec!["Oui".to_owned(), "Non".to_owned()],
        named: true,
        results_shown: false,
    };
    let news = write(&school, &Content { poll: Some(poll), ..content() });
    news::vote(&school.0, &karim, &news, 0, NOW).unwrap();
    assert_eq!(news::one(&school.0, &karim, &news, NOW).unwrap().results, None, "voters are not told");
    let follow = news::follow(&school.0, &school.id("claire.lefevre"), &news, NOW).unwrap();
    assert_eq!(follow.votes[0].names, ["Karim Benali"]);
}

#[test]
fn comments_are_for_readers_and_deleted_by_their_author_or_an_editor() {
    let school = School::open();
    let [karim, nadia, claire] = ["karim.benali", "nadia.haddad", "claire.lefevre"].map(|login| school.id(login));
    let database = &school.0;
    let news = write(&school, &content());
    for (number, (person, text)) in [(&karim, "Un"), (&nadia, "Deux <b>"), (&karim, "Trois")].into_iter().enumerate() {
        news::comment(database, person, &news, &id(60 + u32::try_from(number).unwrap()), text, NOW).unwrap();
    }
    for odd in ["", " \n", &"x".repeat(2001), "\u{1b}[2J"] {
        assert_eq!(news::comment(database, &karim, &news, &id(70), odd, NOW).map_err(code), Err("comment".to_owned()));
    }
    let seen = |person: &str| -> Vec<_> {
        let comments = news::comments(database, person, &news, NOW).unwrap();
        comments.into_iter().map(|comment| (comment.body, comment.deletable)).collect()
    };
    let all = |deletable: [bool; 3]| -> Vec<_> {
        ["Un", "Deux <b>", "Trois"].map(str::to_owned).into_iter().zip(deletable).collect()
    };
    assert_eq!(seen(&karim), all([true, false, true]));
    assert_eq!(seen(&claire), all([true; 3]));
    assert_eq!(news::delete_comment(database, &nadia, &news, &id(60), NOW), Err(Error::NotFound));
    news::delete_comment(database, &karim, &news, &id(60), NOW).unwrap();
    news::delete_comment(database, &claire, &news, &id(61), NOW).unwrap();
    assert_eq!(seen(&nadia), [("Trois".to_owned(), false)]);
    let quiet = write(&school, &Content { comments: false, acknowledge: false, ..content() });
    assert_eq!(
        news::comment(database, &karim, &quiet, &id(71), "Non", NOW).map_err(code),
        Err("comments-closed".to_owned())
    );
    assert_eq!(news::acknowledge(database, &karim, &quiet, NOW), Err(Error::NotFound));
}

#[test]
fn lists_go_page_by_page_without_gap_or_repetition() {
    let school = School::open();
    for number in 0..45 {
        // Several in the same millisecond.
        write(
            &school,
            &Content { audience: Some(vec![PUPILS.to_owned()]), publish_at: Some(NOW + number / 10), ..content() },
        );
    }
    let lina = school.id("lina.benali");
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = news::of_everything(&school.0, &lina, NOW + HOUR, before.as_ref()).unwrap();
        seen.extend(page.items.iter().map(|item| (item.publish_at, item.id.clone())));
        assert!(page.items.iter().all(|item| item.state == State::Published));
        let Some(next) = page.next else { break };
        before = Some(next.to_string().parse().unwrap());
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (45, &sorted));
    for odd in ["", ".", "x.01", "1.2", "9999999999999999999999.01NEW000000000000000000001"] {
        assert!(odd.parse::<news::Cursor>().is_err(), "{odd}");
    }
}
