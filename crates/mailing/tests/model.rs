//! Model letters (P-5): whom they go to, what is merged, how they leave, and who may not.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use mailing::job::{self, State};
use mailing::model::{self, Content, Copy, Error, Launch, LetterState, Plan, Refusal, Selection, Way};
use store::{Database as _, File, params};
use submission::Desk;

const NOW: i64 = 1_790_834_400_000;

struct School(File);

impl School {
    fn new() -> Self {
        let file = File::in_memory().unwrap();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        store::apply_migrations(&file, &root.join("sql/migrations")).unwrap();
        demo::run(&file, &demo::Options::of(300, NOW)).unwrap();
        file.batch("DELETE FROM model").unwrap();
        Self(file)
    }

    fn one(&self, sql: &str) -> String {
        self.0.first(sql, &[]).unwrap().unwrap().text(0).unwrap().to_owned()
    }

    fn count(&self, sql: &str) -> i64 {
        self.0.first(sql, &[]).unwrap().unwrap().integer(0).unwrap()
    }

    fn person(&self, login: &str) -> String {
        self.one(&format!("SELECT id FROM person WHERE login = '{login}'"))
    }

    fn admin(&self) -> String {
        self.one("SELECT person_id FROM local_admin")
    }

    fn uai(&self) -> String {
        self.one("SELECT uai FROM establishment")
    }

    fn class(&self, name: &str) -> String {
        self.one(&format!("SELECT id FROM class WHERE kind = 'class' AND name = '{name}'"))
    }

    fn model(&self, subject: &str, body: &str) -> model::Model {
        let content = Content { name: format!("Modèle {subject}"), subject: subject.into(), body: body.into() };
        let id = model::create(&self.0, NOW, &self.admin(), &self.uai(), &content).unwrap();
        model::find(&self.0, &self.admin(), &id).unwrap()
    }

    fn plan(&self, model: &model::Model, selection: &Selection) -> Plan {
        let admin = self.admin();
        let head = model::letterhead(&self.0, NOW, &admin, &self.uai(), Some(&model.id)).unwrap();
        let people = model::select(&self.0, &admin, &self.uai(), selection).unwrap();
        model::plan(model, &head.setting, people).unwrap()
    }

    fn launch(&self, model: &model::Model, selection: &Selection, way: Way, copies: &[Copy]) -> Result<String, Error> {
        let admin = self.admin();
        let head = model::letterhead(&self.0, NOW, &admin, &self.uai(), Some(&model.id)).unwrap();
        let plan = self.plan(model, selection);
        let launch = Launch { model, head: &head, plan: &plan, selection, way, audience: "Essai", copies, key: None };
        model::launch(&self.0, NOW, &admin, &launch)
    }

    fn make(&self, run: &str) -> job::Job {
        let mut job = model::run(&self.0, &self.admin(), run).unwrap().job;
        while job.state == State::Running {
            job = job::advance(&self.0, NOW, &job.id, &mut |db, turn| model::slice(db, turn)).unwrap();
        }
        job
    }

    fn send(&self, run: &str) -> Result<u32, submission::Refusal> {
        submission::mail_letters(Desk { database: &self.0, now: NOW }, &self.admin(), run)
    }

    fn states(&self, run: &str) -> Vec<(String, LetterState)> {
        let letters = model::run_letters(&self.0, &self.admin(), run, None).unwrap();
        letters.into_iter().map(|letter| (letter.name, letter.state)).collect()
    }
}

fn people(ids: &[String]) -> Selection {
    Selection { people: ids.to_vec(), ..Selection::default() }
}

#[test]
fn a_relative_has_a_letter_for_each_child_and_one_where_they_say_the_same() {
    let school = School::new();
    let karim = people(&[school.person("karim.benali")]);
    let each = school.model("{{ enfant.prénom }}", "<p>{{ enfant.prénom }} est en {{ enfant.classe }}.</p>");
    let plan = school.plan(&each, &karim);
    let subjects: Vec<_> = plan.letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects, ["Lina", "Yanis"]);
    assert!(plan.letters[0].html.contains("<p>Concernant : Lina Benali (6A)</p>"), "{}", plan.letters[0].html);

    let same = school.model("Rentrée", "<p>Bonjour {{ nom }}</p>");
    let plan = school.plan(&same, &karim);
    assert_eq!(plan.letters.len(), 1);
    assert_eq!(plan.letters[0].children, ["Lina Benali (6A)", "Yanis Benali (4A)"]);
    assert!(plan.letters[0].html.contains("Concernant : Lina Benali (6A), Yanis Benali (4A)"));

    // By a class, it is about the children of that class alone.
    let relatives =
        Selection { profiles: vec!["relative".into()], classes: vec![school.class("4A")], ..Selection::default() };
    let plan = school.plan(&each, &relatives);
    let karims: Vec<_> = plan.letters.iter().filter(|l| plan.people[l.to].id == karim.people[0]).collect();
    assert_eq!(karims.len(), 1);
    assert_eq!(karims[0].children, ["Yanis Benali (4A)"]);
}

#[test]
fn selections_give_exactly_their_people() {
    let school = School::new();
    let (admin, uai) = (school.admin(), school.uai());
    let selected = |selection: &Selection| {
        let mut ids: Vec<_> =
            model::select(&school.0, &admin, &uai, selection).unwrap().into_iter().map(|p| p.id).collect();
        ids.sort();
        ids
    };
    let expected = |sql: &str| {
        let mut ids: Vec<_> =
            school.0.execute(sql, &[]).unwrap().iter().map(|row| row.text(0).unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let profile = |word: &str| Selection { profiles: vec![word.into()], ..Selection::default() };
    let present = "p.blocked_at IS NULL AND p.left_at IS NULL";
    for word in ["student", "teacher", "staff"] {
        assert_eq!(
            selected(&profile(word)),
            expected(&format!("SELECT p.id FROM person p WHERE p.profile = '{word}' AND {present}")),
            "{word}"
        );
    }
    let legal = "JOIN kinship k ON k.relative_id = p.id AND k.legal = 1 JOIN person s ON s.id = k.student_id AND s.left_at IS NULL AND s.blocked_at IS NULL";
    assert_eq!(
        selected(&profile("relative")),
        expected(&format!("SELECT DISTINCT p.id FROM person p {legal} WHERE {present}"))
    );
    let sixth = Selection { classes: vec![school.class("6A")], ..profile("relative") };
    let in_6a =
        "JOIN membership m ON m.person_id = s.id JOIN person_group g ON g.id = m.group_id AND g.name = 'Élèves de 6A'";
    assert_eq!(
        selected(&sixth),
        expected(&format!("SELECT DISTINCT p.id FROM person p {legal} {in_6a} WHERE {present}"))
    );
    let group = Selection {
        groups: vec![school.one("SELECT id FROM person_group WHERE name = 'Enseignants de 6A'")],
        ..Selection::default()
    };
    assert_eq!(
        selected(&group),
        expected(
            "SELECT m.person_id FROM membership m JOIN person_group g ON g.id = m.group_id WHERE g.name = 'Enseignants de 6A'"
        )
    );
    assert!(selected(&Selection { classes: vec![school.class("6A")], ..Selection::default() }).is_empty());
    // Of an establishment that is not hers, nobody; of another establishment's group or person, nobody.
    assert!(model::select(&school.0, &school.person("claire.lefevre"), &uai, &profile("student")).unwrap().is_empty());
    school.0.batch("INSERT INTO establishment (uai, name, domain, created_at) VALUES ('9990009Z', 'Ailleurs', 'ailleurs.test', 0);
        INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
        VALUES ('0000000000000000000000000Z', '9990009Z', 'student', 'Z', 'Z', 'z z', 'z', 'z@ailleurs.test', 0);").unwrap();
    assert!(selected(&people(&["0000000000000000000000000Z".into()])).is_empty());
}

#[test]
fn the_reach_counts_ways_and_paper() {
    let school = School::new();
    let model = school.model("x", "<p>x</p>");
    let selection =
        people(&[school.person("karim.benali"), school.person("gerard.etcheverry"), school.person("claire.lefevre")]);
    let reach = school.plan(&model, &selection).reach();
    assert_eq!((reach.people, reach.by_mailbox, reach.by_redirect, reach.paper_only, reach.refused), (3, 2, 2, 1, 0));
    let (admin, karim) = (school.admin(), school.person("karim.benali"));
    school
        .0
        .execute(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'x', 0)",
            params![admin, karim],
        )
        .unwrap();
    let reach = school.plan(&model, &selection).reach();
    assert_eq!((reach.by_mailbox, reach.by_redirect, reach.paper_only, reach.refused), (1, 1, 2, 1));
}

#[test]
fn letters_are_sent_once_all_or_none_and_who_is_left_out_is_named() {
    let school = School::new();
    let model = school.model("Sortie de {{ enfant.prénom }}", "<p>Bonjour {{ nom }}</p>");
    let (karim, gerard, claire) =
        (school.person("karim.benali"), school.person("gerard.etcheverry"), school.person("claire.lefevre"));
    let copies = [
        Copy { hidden: false, person: claire.clone() },
        Copy {
            hidden: true,
            person: school.one("SELECT id FROM person WHERE first_name = 'Antoine' AND last_name LIKE '%Vill%'"),
        },
    ];
    let run = school.launch(&model, &people(&[karim.clone(), gerard]), Way::Attached, &copies).unwrap();
    assert_eq!(school.send(&run), Err(submission::Refusal::NotFound), "not before the letters are made");
    let before = school.count("SELECT count(*) FROM message");
    assert_eq!(school.make(&run).state, State::Done);
    assert_eq!(model::due(&school.0).unwrap(), [(run.clone(), school.admin())]);
    assert_eq!(
        submission::mail_letters(Desk { database: &school.0, now: NOW }, &karim, &run),
        Err(submission::Refusal::NotFound),
        "only who started it"
    );
    assert_eq!(school.send(&run), Ok(2));
    assert_eq!(school.send(&run), Ok(2), "again: the same");
    assert_eq!(school.count("SELECT count(*) FROM message") - before, 2);
    assert!(model::due(&school.0).unwrap().is_empty());
    let states = school.states(&run);
    assert_eq!(
        states.iter().map(|(_, state)| *state).collect::<Vec<_>>(),
        [LetterState::Redirect, LetterState::Redirect, LetterState::Nowhere]
    );
    assert_eq!(states[2].0, "Gérard Etcheverry");

    let of_run = "FROM model_letter l JOIN message m ON m.id = l.message_id";
    assert_eq!(school.one(&format!("SELECT group_concat(m.subject) {of_run}")), "Sortie de Lina,Sortie de Yanis");
    let texts = format!(
        "SELECT count(*) {of_run} WHERE instr(m.body_text, 'Bonjour Benali') AND instr(m.body_html, '<p>Bonjour Benali</p>')"
    );
    assert_eq!(school.count(&texts), 2);
    // In her mailbox and to her redirect address, with the file; the copies as well; the author's own mailbox is left alone.
    let entries = |person: &str| {
        school.count(&format!("SELECT count(*) FROM mailbox_entry e WHERE e.person_id = '{person}' AND e.message_id IN (SELECT l.message_id FROM model_letter l)"))
    };
    assert_eq!((entries(&karim), entries(&claire), entries(&copies[1].person), entries(&school.admin())), (2, 2, 2, 0));
    assert_eq!(school.count("SELECT count(*) FROM delivery d JOIN model_letter l ON l.message_id = d.message_id"), 4);
    assert_eq!(school.count("SELECT count(*) FROM attachment a JOIN model_letter l ON l.message_id = a.message_id AND a.media_type = 'application/pdf'"), 2);
    let whole = "SELECT count(*) FROM attachment a JOIN model_letter l ON l.message_id = a.message_id
        WHERE a.size = (SELECT sum(length(c.bytes)) FROM content_chunk c WHERE c.sha256 = a.sha256)";
    assert_eq!(school.count(whole), 2);
    assert_eq!(
        school.one(&format!("SELECT group_concat(r.field || p.first_name) FROM (SELECT * FROM recipient ORDER BY field) r JOIN person p ON p.id = r.person_id WHERE r.message_id = (SELECT min(m.id) {of_run})")),
        "bccAntoine,ccClaire,toKarim"
    );
    assert_eq!(school.one(&format!("SELECT CAST(json_array_length(m.addressees) AS TEXT) {of_run}")), "3");
    // Contents live in the messages alone, but of those who are still to have theirs on paper.
    assert_eq!(school.count("SELECT count(*) FROM model_letter WHERE body <> ''"), 1);

    let rest = model::print_rest(&school.0, NOW, &school.admin(), &run, Some("r")).unwrap();
    assert_eq!(model::print_rest(&school.0, NOW, &school.admin(), &run, Some("r")).unwrap(), rest, "asked twice");
    assert_eq!(school.make(&rest).state, State::Done);
    assert_eq!(model::run(&school.0, &school.admin(), &rest).unwrap().letters, 1);
    assert!(matches!(
        model::print_rest(&school.0, NOW, &school.admin(), &rest, None),
        Err(Error::Refused(Refusal::Unknown | Refusal::Nobody))
    ));
    model::purge(&school.0, NOW + 3 * job::KEPT).unwrap();
    assert_eq!(school.count("SELECT count(*) FROM model_letter WHERE body <> '' OR addressee <> ''"), 0);
}

#[test]
fn what_changes_before_the_mails_leave_counts() {
    let school = School::new();
    let model = school.model("x", "<p>Bonjour {{ nom }}</p>");
    let (karim, nadia) = (school.person("karim.benali"), school.person("nadia.haddad"));
    let both = people(&[karim.clone(), nadia.clone()]);
    let run = school.launch(&model, &both, Way::Body, &[]).unwrap();
    school.make(&run);
    school
        .0
        .execute(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'x', 0)",
            params![school.admin(), karim.as_str()],
        )
        .unwrap();
    assert_eq!(school.send(&run), Ok(1));
    assert_eq!(
        school.states(&run),
        [("Karim Benali".to_owned(), LetterState::Refused), ("Nadia Haddad".to_owned(), LetterState::Mailbox)]
    );
    assert_eq!(school.count("SELECT count(*) FROM attachment a JOIN model_letter l ON l.message_id = a.message_id"), 0);

    let run = school.launch(&model, &people(&[nadia]), Way::Body, &[]).unwrap();
    school.make(&run);
    let admin = school.admin();
    school.0.execute("DELETE FROM local_admin WHERE person_id = ?1", params![admin.as_str()]).unwrap();
    let sent = submission::mail_letters(Desk { database: &school.0, now: NOW }, &admin, &run);
    assert_eq!(sent, Err(submission::Refusal::AuthorMayNotSend));
    assert_eq!(school.count("SELECT count(*) FROM model_letter WHERE message_id IS NOT NULL"), 1);
}

#[test]
fn what_cannot_be_sent_is_refused_before() {
    let school = School::new();
    let (karim, gerard) = (school.person("karim.benali"), school.person("gerard.etcheverry"));
    let of = |result: Result<String, Error>| match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let model = school.model("x", "<p>{{ classe }}</p>");
    let Refusal::Incomplete(missing) =
        of(school.launch(&model, &people(std::slice::from_ref(&karim)), Way::Print, &[]))
    else {
        panic!()
    };
    assert_eq!(missing[0].0, "Karim Benali");
    let model = school.model("y", "<p>y</p>");
    assert_eq!(of(school.launch(&model, &people(&[gerard]), Way::Body, &[])), Refusal::Nobody);
    assert_eq!(of(school.launch(&model, &people(&[]), Way::Print, &[])), Refusal::Nobody);
    assert_eq!(
        of(school.launch(&model, &people(std::slice::from_ref(&karim)), Way::PrintUnreached, &[])),
        Refusal::Nobody
    );
    let unknown = [Copy { hidden: true, person: "00000000000000000000000000".into() }];
    assert!(matches!(
        of(school.launch(&model, &people(std::slice::from_ref(&karim)), Way::Body, &unknown)),
        Refusal::Copies(_)
    ));
    let many: Vec<_> = (0..6).map(|n| Copy { hidden: false, person: n.to_string() }).collect();
    assert!(matches!(of(school.launch(&model, &people(&[karim]), Way::Body, &many)), Refusal::Copies(_)));
    let wrong = school.model("z", "<p>{{ prenom }}</p>");
    let head = model::letterhead(&school.0, NOW, &school.admin(), &school.uai(), None).unwrap();
    assert!(matches!(model::plan(&wrong, &head.setting, Vec::new()), Err(Refusal::Mistakes(_))));
    assert_eq!(school.count("SELECT count(*) FROM model_run"), 0);
}

#[test]
fn a_key_starts_one_run() {
    let school = School::new();
    let (admin, uai) = (school.admin(), school.uai());
    let model = school.model("x", "<p>x</p>");
    let other = school.model("y", "<p>y</p>");
    let head = model::letterhead(&school.0, NOW, &admin, &uai, None).unwrap();
    let plan = school.plan(&model, &people(&[school.person("karim.benali")]));
    let karim = people(&[school.person("karim.benali")]);
    let nadia = people(&[school.person("nadia.haddad")]);
    let copied = [Copy { hidden: true, person: school.person("claire.lefevre") }];
    let start = |model: &model::Model, selection: &Selection, way, copies: &[Copy]| {
        let plan = if selection == &karim { &plan } else { &school.plan(model, selection) };
        let launch = Launch { model, head: &head, plan, selection, way, audience: "x", copies, key: Some("k") };
        model::launch(&school.0, NOW, &admin, &launch)
    };
    assert_eq!(start(&model, &karim, Way::Body, &[]).unwrap(), start(&model, &karim, Way::Body, &[]).unwrap());
    for (what, other) in [
        ("model", start(&other, &karim, Way::Body, &[])),
        ("selection", start(&model, &nadia, Way::Body, &[])),
        ("way", start(&model, &karim, Way::Attached, &[])),
        ("copies", start(&model, &karim, Way::Body, &copied)),
    ] {
        assert!(matches!(other, Err(Error::Refused(Refusal::KeyReused))), "{what}: {other:?}");
    }
    assert_eq!(school.count("SELECT count(*) FROM model_run"), 1);
}

#[test]
fn models_are_edited_by_one_at_a_time_and_by_administrators_only() {
    let school = School::new();
    let (admin, uai, teacher) = (school.admin(), school.uai(), school.person("claire.lefevre"));
    let model = school.model("x", "<p onclick=\"x\">Bonjour <script>alert(1)</script>{{ nom }}</p>");
    assert_eq!(model.body, "<p>Bonjour {{ nom }}</p>");
    let content = Content { name: "Autre".into(), subject: "s".into(), body: "<p>b</p>".into() };
    assert_eq!(model::save(&school.0, NOW, &admin, &model.id, 1, &content).unwrap(), 2);
    assert!(matches!(
        model::save(&school.0, NOW, &admin, &model.id, 1, &content),
        Err(Error::Refused(Refusal::Changed(by))) if by == "Sophie Le Goff"
    ));
    assert!(matches!(model::create(&school.0, NOW, &admin, &uai, &content), Err(Error::Refused(Refusal::NameTaken))));
    let copy = model::duplicate(&school.0, NOW, &admin, &model.id).unwrap();
    assert_eq!(model::find(&school.0, &admin, &copy).unwrap().name, "Copie de Autre");
    assert_eq!(model::list(&school.0, &admin, &uai).unwrap().len(), 2);

    let unknown =
        |result: Result<(), Error>| assert!(matches!(result, Err(Error::Refused(Refusal::Unknown))), "{result:?}");
    unknown(model::find(&school.0, &teacher, &model.id).map(drop));
    unknown(model::create(&school.0, NOW, &teacher, &uai, &content).map(drop));
    unknown(model::save(&school.0, NOW, &teacher, &model.id, 2, &content).map(drop));
    unknown(model::duplicate(&school.0, NOW, &teacher, &model.id).map(drop));
    unknown(model::delete(&school.0, &teacher, &model.id));
    unknown(model::signature(&school.0, &teacher, &model.id).map(drop));
    unknown(model::remove_signature(&school.0, &teacher, &model.id));
    unknown(model::letterhead(&school.0, NOW, &teacher, &uai, None).map(drop));
    assert!(model::list(&school.0, &teacher, &uai).unwrap().is_empty());
    model::delete(&school.0, &admin, &model.id).unwrap();
    unknown(model::delete(&school.0, &admin, &model.id));
}

#[test]
fn a_letter_left_out_at_the_start_stays_so() {
    let school = School::new();
    let model = school.model("x", "<p>Bonjour {{ nom }}</p>");
    let (gerard, nadia) = (school.person("gerard.etcheverry"), school.person("nadia.haddad"));
    let run = school.launch(&model, &people(&[gerard.clone(), nadia]), Way::Attached, &[]).unwrap();
    school.make(&run);
    // Meanwhile he gets an address: his letter was not made, and an empty one is none.
    school
        .0
        .execute(
            "INSERT INTO redirect (person_id, address, verified_at) VALUES (?1, 'g@ailleurs.example', 1)
             ON CONFLICT (person_id) DO UPDATE SET address = 'g@ailleurs.example', verified_at = 1",
            params![gerard.as_str()],
        )
        .unwrap();
    assert_eq!(school.count(&format!("SELECT by_redirect FROM conveyance WHERE person_id = '{gerard}'")), 1);
    assert_eq!(school.send(&run), Ok(1));
    assert!(school.states(&run).contains(&("Gérard Etcheverry".to_owned(), LetterState::Nowhere)));
}

#[test]
fn a_run_that_never_left_is_given_up_before_its_letters_are_emptied() {
    let school = School::new();
    let model = school.model("x", "<p>Bonjour {{ nom }}</p>");
    let run = school.launch(&model, &people(&[school.person("nadia.haddad")]), Way::Attached, &[]).unwrap();
    school.make(&run);
    model::purge(&school.0, NOW + job::KEPT).unwrap();
    assert_eq!(model::due(&school.0).unwrap().len(), 1);
    model::purge(&school.0, NOW + 3 * job::KEPT).unwrap();
    assert!(model::due(&school.0).unwrap().is_empty());
    assert!(model::run(&school.0, &school.admin(), &run).unwrap().refused.contains("deux jours"));
    assert_eq!(school.send(&run), Err(submission::Refusal::NotFound), "an empty letter does not leave");
    assert_eq!(school.count("SELECT count(*) FROM content_chunk"), 0);
}

#[test]
fn pdfs_that_leave_with_no_message_are_not_kept() {
    let school = School::new();
    let model = school.model("x", "<p>Bonjour {{ nom }}</p>");
    let before = school.count("SELECT count(*) FROM content_chunk");
    let (karim, nadia) = (school.person("karim.benali"), school.person("nadia.haddad"));
    let kept = || school.count("SELECT count(*) FROM content_chunk") - before;
    let one = people(std::slice::from_ref(&nadia));
    // The same letter twice is one content: it stays as long as one of them may leave.
    let (first, second) = (
        school.launch(&model, &one, Way::Attached, &[]).unwrap(),
        school.launch(&model, &one, Way::Attached, &[]).unwrap(),
    );
    school.make(&first);
    school.make(&second);
    assert_eq!(kept(), 1);
    let cancel = |run: &str| {
        school
            .0
            .execute("UPDATE job SET state = 'running', finished_at = NULL WHERE about_id = ?1", params![run])
            .unwrap();
        let job = model::run(&school.0, &school.admin(), run).unwrap().job;
        assert!(job::cancel(&school.0, NOW, &job.id).unwrap());
    };
    cancel(&first);
    assert_eq!(kept(), 1);
    cancel(&second);
    assert_eq!(kept(), 0);
    // Of two, one may not be written to any more when they leave.
    let run = school.launch(&model, &people(&[karim.clone(), nadia]), Way::Attached, &[]).unwrap();
    school.make(&run);
    assert_eq!(kept(), 2);
    school
        .0
        .execute(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'x', 0)",
            params![school.admin(), karim],
        )
        .unwrap();
    assert_eq!(school.send(&run), Ok(1));
    assert_eq!(kept(), 1);
}

#[test]
fn a_purged_child_is_in_no_letter_of_her_parents() {
    let school = School::new();
    let model = school.model("Sortie de {{ enfant.prénom }}", "<p>Bonjour {{ nom }}</p>");
    let run = school.launch(&model, &people(&[school.person("karim.benali")]), Way::Print, &[]).unwrap();
    school.make(&run);
    let lina = school.person("lina.benali");
    school
        .0
        .execute(
            "UPDATE person SET left_at = 1, purged_at = 2, first_name = '', last_name = '' WHERE id = ?1",
            params![lina.as_str()],
        )
        .unwrap();
    let left = "SELECT group_concat(children || subject) FROM model_letter";
    assert_eq!(school.one(left), "[],[\"Yanis Benali (4A)\"]Sortie de Yanis");
}

#[test]
fn those_whom_a_message_has_not_reached_are_written_to_by_who_reads_its_report() {
    let school = School::new();
    let (admin, uai) = (school.admin(), school.uai());
    let of = |message: &str| Selection { message: message.to_owned(), ..Selection::default() };
    let ids = |viewer: &str, message: &str| {
        let people = model::select(&school.0, viewer, &uai, &of(message)).unwrap();
        let mut ids: Vec<_> = people.into_iter().map(|person| person.id).collect();
        ids.sort();
        ids
    };
    let message = school.one(
        "SELECT a.message_id FROM audience a JOIN outcome o ON o.message_id = a.message_id AND o.on_paper
         WHERE a.kind = 'population' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    );
    let on_paper = "SELECT DISTINCT o.person_id FROM outcome o JOIN person p ON p.id = o.person_id
        AND p.left_at IS NULL AND p.blocked_at IS NULL WHERE o.message_id = ?1 AND o.on_paper ORDER BY 1";
    let on_paper = school.0.execute(on_paper, params![message.as_str()]).unwrap();
    let expected: Vec<_> = on_paper.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
    assert!(!expected.is_empty());
    assert_eq!(ids(&admin, &message), expected);
    assert!(ids(&school.person("claire.lefevre"), &message).is_empty());
    // A message between people has no report: nobody learns whom it went to.
    let private = school.one(
        "SELECT r.message_id FROM recipient r WHERE r.message_id NOT IN (SELECT a.message_id FROM audience a)
         AND NOT r.by_mailbox UNION ALL SELECT r.message_id FROM recipient r
         WHERE r.message_id NOT IN (SELECT a.message_id FROM audience a) LIMIT 1",
    );
    school
        .0
        .execute(
            "UPDATE recipient SET by_mailbox = 0, by_redirect = 0 WHERE message_id = ?1",
            params![private.as_str()],
        )
        .unwrap();
    assert!(ids(&admin, &private).is_empty());
}

/// A PNG that nothing makes smaller.
fn noise(side: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut lines = Vec::new();
    for at in 0..(side + 1) * side {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        lines.push(if at % (side + 1) == 0 { 0 } else { state.to_le_bytes()[1] });
    }
    let mut data = vec![0x78, 0x01];
    for (n, block) in lines.chunks(60_000).enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        data.push(u8::from((n + 1) * 60_000 >= lines.len()));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(block);
    }
    let (a, b) = lines.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    data.extend((b << 16 | a).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    for (kind, data) in [(b"IHDR", head), (b"IDAT", data), (b"IEND", Vec::new())] {
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let start = png.len();
        png.extend(kind);
        png.extend(data);
        let crc = png.iter().skip(start).fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        });
        png.extend((!crc).to_be_bytes());
    }
    png
}

#[test]
fn a_slice_of_heavy_letters_ends_early_and_keeps_them_whole() {
    let school = School::new();
    school
        .0
        .execute(
            "INSERT INTO establishment_letterhead (uai, logo) VALUES (?1, ?2) ON CONFLICT (uai) DO UPDATE SET logo = excluded.logo",
            params![school.uai(), noise(800)],
        )
        .unwrap();
    let model = school.model("x", "<p>Bonjour {{ prénom }} {{ nom }}</p>");
    let rows = school
        .0
        .execute(
            "SELECT p.id FROM person p JOIN conveyance c ON c.person_id = p.id AND c.by_mailbox
        WHERE p.profile = 'teacher' AND p.left_at IS NULL AND p.blocked_at IS NULL LIMIT 9",
            &[],
        )
        .unwrap();
    let nine: Vec<_> = rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
    let run = school.launch(&model, &people(&nine), Way::Attached, &[]).unwrap();
    let job = model::run(&school.0, &school.admin(), &run).unwrap().job;
    let job = job::advance(&school.0, NOW, &job.id, &mut |db, turn| model::slice(db, turn)).unwrap();
    assert!(job.done > 0 && job.done < 9 && job.state == State::Running, "{job:?}");
    assert_eq!(school.make(&run).state, State::Done);
    let whole = "SELECT count(*) FROM model_letter l
        WHERE l.size > 400000 AND l.size = (SELECT sum(length(c.bytes)) FROM content_chunk c WHERE c.sha256 = l.sha256)";
    assert_eq!(school.count(whole), 9);
}
