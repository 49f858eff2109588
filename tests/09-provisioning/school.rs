//! The first day: an academy's files, letters with codes, a teacher who writes to a student; then the school's own ONDE files.

use anyhow::{Context as _, Result};
use feed::Extent;
use serde_json::{Value, json};
use store::{Database as _, File, params};
use tests::{Caller, House};

use crate::{NETWORK, content, empty_house, import, printed};

const PASSWORD: &str = "vaguemestre-demo";

/// Somebody as the letter from the school names her.
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) code: String,
    /// As typed into a search.
    pub(crate) name: String,
}

/// The letter of the person of whom this condition on `p` holds.
pub(crate) fn letter(database: &File, condition: &str) -> Result<Letter> {
    let select = format!(
        "SELECT p.id, p.login, p.activation_code, p.first_name || ' ' || p.last_name FROM person p
         WHERE p.activated_at IS NULL AND {condition} ORDER BY p.login LIMIT 1"
    );
    let row = database.first(&select, &[])?.with_context(|| format!("nobody of whom {condition}"))?;
    let text = |column| Ok::<_, store::Error>(row.text(column)?.to_owned());
    Ok(Letter { id: text(0)?, login: text(1)?, code: text(2)?, name: text(3)? })
}

/// Opens the account, and signs in with it.
pub(crate) fn activate(house: &House, letter: &Letter) -> Result<Caller> {
    let body = json!({"login": letter.login, "code": letter.code, "password": PASSWORD, "charter": true});
    let opened = house.anonymous().post("/api/v1/session/activation", &body)?;
    assert_eq!(opened.status, 201, "{}", opened.text());
    house.sign_in(&letter.login)
}

pub(crate) fn sign_in(house: &House, login: &str) -> Result<tests::Answer> {
    house.anonymous().post("/api/v1/session", &json!({"login": login, "password": PASSWORD}))
}

/// The people whom a search by name shows, by id.
pub(crate) fn search(caller: &Caller, typed: &str) -> Result<Vec<String>> {
    let typed: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let found = caller.get(&format!("/api/v1/directory/people?q={typed}&limit=100"))?.ok()?;
    Ok(ids(&found))
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().into_iter().flatten().filter_map(|item| Some(item["id"].as_str()?.to_owned())).collect()
}

pub(crate) fn count(database: &File, select: &str) -> Result<u64> {
    let row = database.first(select, params![])?.context("no count")?;
    Ok(u64::try_from(row.integer(0)?)?)
}

#[test]
fn the_files_of_an_academy_become_people_who_write() -> Result<()> {
    let house = empty_house()?;
    let files = tempfile::tempdir()?;
    demo::aaf::write(files.path(), &NETWORK, 0)?;
    let database = house.database()?;
    import(&house, files.path(), &["--dry-run"])?;
    assert_eq!(count(&database, "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM establishment)")?, 0);

    let told = printed(&import(&house, files.path(), &[])?)?;
    told.reconcile(Extent::Full);
    assert!(told.read > 550 && told.rejected == 0 && told.all == [told.read, 0, 0, 0], "{told:?}");
    assert_eq!(count(&database, "SELECT count(*) FROM establishment")?, 2);
    for line in told.lines.iter().filter(|line| line.kind == "student" || line.kind == "adult") {
        let profiles = if line.kind == "student" { "'student'" } else { "'teacher', 'staff'" };
        let uai = &line.uai;
        let people = format!("SELECT count(*) FROM person WHERE uai = '{uai}' AND profile IN ({profiles})");
        assert_eq!(count(&database, &people)?, line.counts[0], "{line:?}");
    }
    let relatives: u64 = told.lines.iter().filter(|line| line.kind == "relative").map(|line| line.counts[0]).sum();
    assert_eq!(count(&database, "SELECT count(*) FROM person WHERE profile = 'relative'")?, relatives);

    // A teacher of a class of hers, and a student there.
    let group = "SELECT g.class_id FROM membership m JOIN person_group g ON g.id = m.group_id AND g.kind = 'class'";
    let teacher = letter(&database, &format!("p.profile = 'teacher' AND EXISTS ({group} AND m.person_id = p.id)"))?;
    let class = database
        .first(
            &format!("SELECT c.id, c.name FROM class c WHERE c.id IN ({group} AND m.person_id = ?1) ORDER BY c.name"),
            params![&teacher.id],
        )?
        .context("a class")?;
    let (class, class_name) = (class.text(0)?, class.text(1)?);
    let student =
        letter(&database, &format!("p.profile = 'student' AND '{class}' IN ({group} AND m.person_id = p.id)"))?;

    // Without activation there is no way in, whatever the password; nor with somebody else's code.
    for password in [PASSWORD, teacher.code.as_str(), ""] {
        let refused =
            house.anonymous().post("/api/v1/session", &json!({"login": teacher.login, "password": password}))?;
        assert!((400..500).contains(&refused.status), "{}", refused.text());
    }
    let body = json!({"login": teacher.login, "code": student.code, "password": PASSWORD, "charter": true});
    assert_eq!(house.anonymous().post("/api/v1/session/activation", &body)?.status, 422);
    let anne = activate(&house, &teacher)?;
    assert_eq!(anne.id, teacher.id);
    let again = json!({"login": teacher.login, "code": teacher.code, "password": PASSWORD, "charter": true});
    assert_eq!(house.anonymous().post("/api/v1/session/activation", &again)?.status, 422, "a code serves once");

    // She finds her student, her class and its members.
    assert!(search(&anne, &student.name)?.contains(&student.id));
    let groups = anne.get(&format!("/api/v1/directory/groups?kind=class&class={class}"))?.ok()?;
    let students =
        groups["items"].as_array().into_iter().flatten().find(|g| g["profile"] == "student").context("her class")?;
    assert!(students["name"].as_str().is_some_and(|name| name.contains(class_name)), "{students}");
    let members =
        format!("SELECT count(*) FROM membership WHERE group_id = '{}'", students["id"].as_str().unwrap_or_default());
    assert_eq!(students["members"].as_u64(), Some(count(&database, &members)?));
    let of_class = anne.get(&format!("/api/v1/directory/people?class={class}&profile=student&limit=100"))?.ok()?;
    assert_eq!(Some(ids(&of_class).len() as u64), students["members"].as_u64());

    // She writes; the student opens her account and finds it.
    let message = json!({"subject": "Bienvenue", "text": "Bonjour.", "addressees": [{"field": "to", "kind": "person", "id": student.id}]});
    anne.post("/api/v1/send-message/messages", &message)?.ok()?;
    let lea = activate(&house, &student)?;
    let inbox = lea.get("/api/v1/send-message/folders/inbox?limit=5")?.ok()?;
    assert_eq!(inbox["items"][0]["subject"], "Bienvenue", "{inbox}");

    // The same files again: nothing is new, and nobody has to open her account again.
    let before = content::of(&database)?;
    let told = printed(&import(&house, files.path(), &[])?)?;
    told.reconcile(Extent::Full);
    assert_eq!(told.all, [0, 0, told.read, 0]);
    content::same(&before, &content::of(&database)?, "the same files twice");
    assert_eq!(lea.get("/api/v1/session")?.status, 200);
    Ok(())
}

const STUDENTS: &str = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;\
Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;Autorisation photo;\
Décision de passage\r
ZÉPHYRIN;;Aïcha;03/05/2016;F;999000001ZZ;3 rue des Lilas;31000;TOULOUSE;FRANCE;;;;; CYCLE III;CM1;CM1 Mme QUINTARD;1;Non;Oui;Oui;\r
ZÉPHYRIN;;Noé;2017-09-21;M;999000002ZZ;3 rue des Lilas;31000;TOULOUSE;FRANCE;;;;; CYCLE II;CE2;CE2-CM1;2;Non;Oui;Oui;\r
WOLKOFF;MARÉCHAL;Inès;31/02/2016;F;999000003ZZ;8 rue du Pré;31000;TOULOUSE;FRANCE;;;;; CYCLE III;CM1;CM1 Mme QUINTARD;1;Non;Oui;Oui;\r
";
const RELATIVES: &str = "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP responsable;\
Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable;Nom d'usage enfant;Nom de famille enfant;\
Prénom enfant;Classes enfants;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants\r
Mme;ZÉPHYRIN;ODINOT;Solange;3 rue des Lilas;31000;TOULOUSE;FRANCE;solange@example.org;;;06 39 98 00 01;;ZÉPHYRIN;Aïcha;\
CM1 Mme QUINTARD;;ZÉPHYRIN;Noé;CE2-CM1\r
";
const TEACHERS: &str = "Civilité;Nom usage;Nom;Prénom;Adresse;CP;Commune;Pays;Courriel;Téléphone domicile;Téléphone portable;Directeur;Classe\r
Mme;QUINTARD;;Edmée;;;;;edmee.quintard@example.org;;;Oui;CM1 Mme QUINTARD\r
";

#[test]
fn onde_files_join_a_school_that_an_academy_told_of() -> Result<()> {
    let house = empty_house()?;
    let files = tempfile::tempdir()?;
    demo::aaf::write(files.path(), &NETWORK, 0)?;
    import(&house, files.path(), &[])?;
    let database = house.database()?;
    let uai = database.first("SELECT min(uai) FROM establishment", params![])?.context("a school")?.text(0)?.to_owned();
    let people = count(&database, "SELECT count(*) FROM person")?;
    let onde = tempfile::tempdir()?;
    // Whoever exports from ONDE gets ISO-8859-1 or UTF-8 with its mark.
    std::fs::write(
        onde.path().join("eleves.csv"),
        STUDENTS.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<u8>, _>>()?,
    )?;
    std::fs::write(onde.path().join("responsables.csv"), format!("\u{feff}{RELATIVES}"))?;
    std::fs::write(onde.path().join("enseignants.csv"), format!("\u{feff}{TEACHERS}"))?;
    let before = content::of(&database)?;
    let error = import(&house, onde.path(), &[]).unwrap_err().to_string();
    assert!(error.contains("--uai"), "{error}");
    content::same(&before, &content::of(&database)?, "files of no school");

    let text = import(&house, onde.path(), &["--uai", &uai])?;
    let told = printed(&text)?;
    told.reconcile(Extent::Full);
    // The third student was born on a day that is none: she is left out, and it is said where and why.
    let rejected =
        text.lines().find(|line| line.starts_with("eleves.csv:4: ")).context("no reject of the fourth line")?;
    assert!(told.rejected == 1 && rejected.contains("date de naissance"), "{text}");
    assert_eq!(count(&database, "SELECT count(*) FROM person")?, people + 4, "nobody else came or left");

    let edmee = activate(&house, &letter(&database, "p.first_name = 'Edmée'")?)?;
    let solange = letter(&database, "p.first_name = 'Solange'")?;
    let found = edmee.get("/api/v1/directory/people?q=solange")?.ok()?;
    assert_eq!(ids(&found), [solange.id.as_str()]);
    let children: Vec<_> = found["items"][0]["children"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|child| child["name"].as_str())
        .collect();
    assert!(children.len() == 2 && children.iter().any(|name| name.contains("Noé")), "{found}");
    // An academy's teacher of the same school knows them too; one of the other school does not.
    for (condition, known) in [("=", true), ("<>", false)] {
        let colleague = letter(&database, &format!("p.profile = 'teacher' AND p.uai {condition} '{uai}'"))?;
        assert_eq!(search(&activate(&house, &colleague)?, "noé zéph")?.len(), usize::from(known), "{condition}");
    }
    // Each source speaks for its own people: neither takes those of the other for gone.
    let before = content::of(&database)?;
    let told = printed(&import(&house, onde.path(), &["--uai", &uai])?)?;
    assert_eq!((told.all[0], told.all[1], told.all[3]), (0, 0, 0), "{told:?}");
    let told = printed(&import(&house, files.path(), &[])?)?;
    assert_eq!(told.all, [0, 0, told.read, 0], "{told:?}");
    content::same(&before, &content::of(&database)?, "both again");
    Ok(())
}
