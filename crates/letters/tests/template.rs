//! Model letters (P-5): what merges, what is refused and how it is told, and that no template and no name does harm.

use letters::template::{Child, FIELDS, Part, Person, Setting, Template, Unmerged, What};
use proptest::prelude::*;

fn setting() -> Setting {
    Setting {
        establishment: "Collège Jean-Jaurès".into(),
        date: "22 novembre 2026".into(),
        school_year: "2026-2027".into(),
        author: "Claire Dubois".into(),
        author_function: "Principale".into(),
    }
}

fn child(first_name: &str, class: &str) -> Child {
    Child { first_name: first_name.into(), last_name: "Martin".into(), class: class.into() }
}

fn sophie() -> Person {
    Person {
        civility: "Mme".into(),
        first_name: "Sophie".into(),
        last_name: "Martin".into(),
        profile: "Parent".into(),
        login: "sophie.martin".into(),
        address: "sophie.martin@ent.test".into(),
        children: vec![child("Lina", "6A"), child("Tom", "4B")],
        ..Person::default()
    }
}

#[expect(clippy::unwrap_used, clippy::panic, reason = "a helper of tests: a failure is a failed test")]
fn merged(body: &str) -> String {
    let sophie = sophie();
    let template = Template::parse("", body).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    template.merge(&setting(), &sophie, sophie.children.first()).unwrap().html.replace('\n', "")
}

#[expect(clippy::expect_used, reason = "a helper of tests: a failure is a failed test")]
fn mistakes(body: &str) -> Vec<(u32, String)> {
    let told = |m: &letters::template::Mistake| (m.line, m.to_string());
    Template::parse("", body).expect_err(body).iter().map(told).collect()
}

#[test]
fn fields_conditions_and_children_are_merged() {
    for (body, expected) in [
        ("<p>Bonjour {{ civilité }} {{nom}},</p>", "<p>Bonjour Mme Martin,</p>"),
        ("<p>{{ enfant.prénom }}, {{ enfant.classe }}</p>", "<p>Lina, 6A</p>"),
        ("{% if enfant.classe == \"6A\" %}<p>oui</p>{% else %}<p>non</p>{% endif %}", "<p>oui</p>"),
        ("{% if enfant.classe in [\"5A\", \"5B\"] %}cinq{% elif enfant.classe == \"6A\" %}six{% endif %}", "six"),
        ("{% if classe %}élève{% endif %}{% if not classe and profil == \"Parent\" %}parent{% endif %}", "parent"),
        ("{% if classe == \"6A\" %}élève{% else %}autre{% endif %}", "autre"),
        ("{% for e in enfants %}{{ e.prénom }}{% if not loop.last %}, {% endif %}{% endfor %}", "Lina, Tom"),
        ("{% if enfant %}parent{% endif %}{% if fonction < \"a\" or fonction in [\"CPE\"] %}{% endif %}", "parent"),
        ("{{ \"Madame\" if civilité == \"Mme\" else \"Monsieur\" }}", "Madame"),
        (
            "{# à revoir #}<p>{{ établissement }}, le {{ date }} ({{ année_scolaire }})</p>",
            "<p>Collège Jean-Jaurès, le 22 novembre 2026 (2026-2027)</p>",
        ),
        ("<p>{{ expéditeur }}, {{ fonction_expéditeur }}</p>", "<p>Claire Dubois, Principale</p>"),
        ("<p>20 % de { accolades } et } }</p>", "<p>20 % de { accolades } et } }</p>"),
    ] {
        assert_eq!(merged(body), expected, "{body}");
    }
}

#[test]
fn what_an_editor_does_between_braces_is_undone() {
    for (body, expected) in [
        ("<p>{{&nbsp;<b>prénom</b>\u{a0}}}</p>", "<p>Sophie</p>"),
        ("<p>{% if enfant.classe == «\u{a0}6A\u{a0}» %}oui{% endif %}</p>", "<p>oui</p>"),
        ("<p>{% if enfant.classe == “6A” %}oui{% endif %}</p>", "<p>oui</p>"),
        ("<p>{% if enfant.classe &gt;= &quot;6A&quot; %}oui{% endif %}</p>", "<p>oui</p>"),
        ("<p>un</p><p>{% if classe %}</p><p>deux</p><p>{% endif %}<br></p><p>trois</p>", "<p>un</p><p>trois</p>"),
        ("<div>{% if nom %}</div><div>deux</div><div>{% endif %}</div>", "<div>deux</div>"),
        // Entities outside stay what they are.
        ("<p>a &lt; b &amp;amp; {{ \"&lt;i&gt;\" }}</p>", "<p>a &lt; b &amp;amp; &lt;i&gt;</p>"),
    ] {
        assert_eq!(merged(body), expected, "{body}");
    }
}

#[test]
fn every_field_of_the_palette_is_one() {
    let everything = Person { function: "CPE".into(), class: "6A".into(), ..sophie() };
    for field in FIELDS {
        let template = Template::parse("", &format!("{{{{ {} }}}}", field.name)).unwrap();
        let letter = template.merge(&setting(), &everything, everything.children.first()).unwrap();
        assert!(!letter.html.trim().is_empty(), "{}", field.name);
    }
}

#[test]
fn mistakes_are_told_with_their_line_and_a_way_out() {
    for (body, line, words) in [
        ("<p>Bonjour</p><p>{{ prenom }}</p>", 2, "« prenom » n’existe pas. Vouliez-vous dire « prénom »"),
        ("<ul><li>a</li><li>{{ enfant.clase }}</li></ul>", 2, "« enfant.classe »"),
        ("a<br>b<br>{{ login }}", 3, "« identifiant »"),
        ("<blockquote><p>a</p></blockquote><p>{{ élève.classe }}</p>", 2, "« enfant.classe »"),
        ("{{ xyzzyplugh }}", 1, "Choisissez un champ dans la liste"),
        ("{{ code }}", 1, "publipostage des comptes"),
        ("{{ mot_de_passe }}", 1, "ne peut pas figurer"),
        ("<p>ok</p><p>{{ nom </p><p>}}</p>", 2, "n’est pas refermé"),
        ("{% if nom %}", 1, "n’est pas terminé"),
        ("<p>a</p>{% endif %}", 2, "ne répond à aucun début"),
        ("{% if nom %}{% endfor %}{% endif %}", 1, "ne répond à aucun début"),
        ("{% si nom %}", 1, "« si » n’est pas une instruction"),
        ("<p>a</p><p>{% if enfant.classe = \"6A\" %}x{% endif %}</p>", 2, "ne se lit pas"),
        ("{{ nom prénom }}", 1, "« nom prénom » ne se lit pas"),
        ("{{ }}", 1, "ne se lit pas"),
        ("{{ enfants }}", 1, "n’est pas un texte"),
        ("{{ enfant }}", 1, "n’est pas un texte"),
        ("{% for x in nom %}{% endfor %}", 1, "que les enfants"),
        ("{% for x in [1, 2, 3] %}{% endfor %}", 1, "que les enfants"),
        ("{% for x in enfants recursive %}{{ loop(x) }}{% endfor %}", 1, "que les enfants"),
        (
            "{% for x in enfants %}{% for y in enfants %}{% endfor %}{% endfor %}",
            1,
            "ne peut pas en contenir une autre",
        ),
        ("{% for x in enfants %}{{ x.code }}{% endfor %}", 1, "ne peut pas figurer"),
        ("{% for nom in enfants %}{% endfor %}", 1, "que les enfants"),
        ("{{ nom|upper }}", 1, "n’a pas de filtre"),
        ("{{ nom.upper() }}", 1, "n’a pas de fonction"),
        ("{{ range(1000000) }}", 1, "n’a pas de fonction"),
        ("{{ \"a\" * 1000000000 }}", 1, "n’a pas de calcul"),
        ("{{ nom ~ nom }}", 1, "n’a pas de calcul"),
        ("{{ enfants[0].nom }}", 1, "n’a pas de"),
        ("{% if nom is defined %}{% endif %}", 1, "n’a pas de test"),
        ("{{ {\"a\": 1} }}", 1, "n’a pas de liste"),
        ("{% include \"/etc/passwd\" %}", 1, "n’est pas une instruction"),
        ("{% import \"x\" as y %}", 1, "n’est pas une instruction"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", 1, "n’est pas une instruction"),
        ("{% set x = 1 %}", 1, "n’est pas une instruction"),
        ("{% raw %}{{ nom }}{% endraw %}", 1, "n’est pas une instruction"),
        ("{% autoescape false %}{{ nom }}{% endautoescape %}", 1, "n’est pas une instruction"),
        ("{% do x() %}", 1, "n’est pas une instruction"),
        ("{% with a = 1 %}{% endwith %}", 1, "n’est pas une instruction"),
    ] {
        let told = mistakes(body);
        let (found, text) = told.first().unwrap();
        assert!(text.contains(words), "{body}: {text}");
        assert_eq!(*found, line, "{body}: {text}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let told = Template::parse("{{ prenom }}", "<p>{{ nome }}</p><p>{{ clase }}</p>").unwrap_err();
    let places: Vec<_> = told.iter().map(|m| (m.part, m.line)).collect();
    assert_eq!(places, [(Part::Subject, 1), (Part::Body, 1), (Part::Body, 2)]);
    assert_eq!(
        told.first().unwrap().to_string(),
        "Objet : le champ « prenom » n’existe pas. Vouliez-vous dire « prénom » ?"
    );
    assert!(matches!(&told.last().unwrap().what, What::UnknownField(name, Some("classe")) if name == "clase"));
}

#[test]
fn a_missing_value_is_told_with_its_field() {
    let template = Template::parse("", "<p>{{ nom }}</p><p>{{ nom }} {{ classe }}</p>").unwrap();
    let why = template.merge(&setting(), &sophie(), None).unwrap_err();
    assert_eq!(why, Unmerged::Missing { part: Part::Body, line: 2, field: "classe".into() });
    let template = Template::parse("{{ enfant.classe }}", "").unwrap();
    let why = template.merge(&setting(), &Person::default(), None).unwrap_err();
    assert_eq!(why, Unmerged::Missing { part: Part::Subject, line: 1, field: "enfant.classe".into() });
    let template = Template::parse("", "{% for e in enfants %}{{ e.classe }}{% endfor %}").unwrap();
    let nowhere = Person { children: vec![child("Lina", "")], ..sophie() };
    let why = template.merge(&setting(), &nowhere, None).unwrap_err();
    assert_eq!(why, Unmerged::Missing { part: Part::Body, line: 1, field: "e.classe".into() });
    assert!(why.to_string().contains("{% if e.classe %}"), "{why}");
}

#[test]
fn who_has_no_child_is_no_parent() {
    let template = Template::parse("", "{% if enfant %}parent{% elif not enfant.classe %}autre{% endif %}").unwrap();
    let letter = template.merge(&setting(), &Person::default(), None).unwrap();
    assert_eq!(letter.html.trim(), "autre");
}

#[test]
fn the_subject_is_one_line_of_plain_text() {
    let template = Template::parse("Sortie de {{ enfant.prénom }} & « co »\r\nBcc: x", "").unwrap();
    let sophie = sophie();
    let letter = template.merge(&setting(), &sophie, sophie.children.first()).unwrap();
    assert_eq!(letter.subject, "Sortie de Lina & « co » Bcc: x");
}

#[test]
fn bombs_end_in_a_refusal() {
    let deep = format!("{}x{}", "{% if nom %}".repeat(9), "{% endif %}".repeat(9));
    assert!(matches!(Template::parse("", &deep).unwrap_err()[0].what, What::TooDeep));
    let nested = format!("{{{{ {}nom{} }}}}", "(".repeat(150), ")".repeat(150));
    assert!(Template::parse("", &nested).is_err());
    let nots = format!("{{% if {} nom %}}{{% endif %}}", "not ".repeat(80));
    assert!(Template::parse("", &nots).is_err());
    assert!(Template::parse("", &"x".repeat(60_001)).is_err());
    assert!(Template::parse(&"x".repeat(401), "").is_err());
    assert!(Template::parse("", &"{{ nom }}".repeat(1000)).is_ok());

    // A long text for each of very many children: bounded by the number of children, then by size.
    let many = Person { children: vec![child("Lina", "6A"); 10_000], ..sophie() };
    let body = format!("{{% for e in enfants %}}{}{{% endfor %}}", "x".repeat(50_000));
    let why = Template::parse("", &body).unwrap().merge(&setting(), &many, None).unwrap_err();
    assert_eq!(why, Unmerged::TooLong);
    let body = format!("{{% for e in enfants %}}{}{{% endfor %}}", "{% if nom %}{% endif %}".repeat(2000));
    let why = Template::parse("", &body).unwrap().merge(&setting(), &many, None).unwrap_err();
    assert_eq!(why, Unmerged::TooMuch);
}

#[test]
fn a_name_is_text_whatever_it_holds() {
    let name = "<script>alert('1')</script>{{ identifiant }}{% include 'x' %}\u{202e}\u{2067}\r\n🎉";
    let person = Person { last_name: name.into(), ..sophie() };
    let template = Template::parse("{{ nom }}", "<p title=\"{{ nom }}\">{{ nom }}</p>").unwrap();
    let letter = template.merge(&setting(), &person, None).unwrap();
    assert!(letter.html.contains("&lt;script&gt;") && !letter.html.contains("<script"), "{}", letter.html);
    assert!(letter.html.contains("{{ identifiant }}") && letter.html.contains('🎉'), "{}", letter.html);
    assert_eq!(letter.html.matches('"').count(), 2, "{}", letter.html);
    assert!(!letter.html.contains(['\u{202e}', '\u{2067}']));
    assert!(!letter.subject.contains(['\r', '\n', '\u{202e}']));

    let long = Person { last_name: "é".repeat(10_000), ..sophie() };
    let letter = template.merge(&setting(), &long, None).unwrap();
    assert!(letter.html.chars().count() < 500 && letter.html.contains('…'));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_template_or_a_list_of_mistakes(body in "([a-zé<>/\"'&;(){}%#|.,= -]|\\PC){0,120}", subject in "\\PC{0,60}") {
        if let Ok(template) = Template::parse(&subject, &body) {
            let sophie = sophie();
            let _ = template.merge(&setting(), &sophie, sophie.children.first());
        }
    }

    #[test]
    fn pieces_of_the_language_in_any_order_do_no_harm(pieces in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "{%", "%}", "{#", "#}", " if ", " endif ", " for e in enfants ", " endfor ", " else ", "nom", "enfant.classe",
        " == ", "\"6A\"", " in ", "[", "]", "(", ")", " not ", " and ", "loop", ".", "|", "<p>", "</p>", "<br>", "é", " * ", " ~ ", "1",
        "recursive", "{{ nom }}", "{% if nom %}", "{% endif %}", "{% for e in enfants %}", "{% endfor %}", "{{ e.nom }}",
    ]), 0..40)) {
        if let Ok(template) = Template::parse("", &pieces.concat()) {
            let sophie = sophie();
            let _ = template.merge(&setting(), &sophie, sophie.children.first());
        }
    }

    #[test]
    fn a_value_comes_out_as_text(first in "\\PC{1,30}", last in "[<>&\"'{}%a-z]{1,20}") {
        let person = Person { first_name: first, last_name: last.clone(), ..sophie() };
        let template = Template::parse("", "<p>{{ prénom }}|{{ nom }}</p>").unwrap();
        if let Ok(letter) = template.merge(&setting(), &person, None) {
            let inner = letter.html.trim().strip_prefix("<p>").unwrap().strip_suffix("</p>").unwrap();
            prop_assert!(!inner.contains(['<', '>', '"']));
            let (_, shown) = inner.rsplit_once('|').unwrap();
            let plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&");
            prop_assert_eq!(plain, last);
        }
    }
}
