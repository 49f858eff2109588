//! With the real readers: an ONDE school, and our own table.

use people::Uai;
use provisioning::{Mode, Request, Source, Staging, advance, begin, confirm, prepare, rejects, rejects_csv};
use store::File;

use crate::world::{Counting, NOW, database, difference, members, reload, texts};

const UAI: &str = "0310003C";

/// Reads files (name, content) as one import, to its end.
fn read(database: &File, files: &[(&str, &str)]) -> provisioning::Import {
    let uai: Uai = UAI.parse().unwrap();
    let source = Source::school(&uai);
    let request =
        Request { source: &source, mode: Mode::Full, limits: None, domain: Some("e.test"), person: None, now: NOW };
    let mut chance = Counting(u64::try_from(texts(database, "SELECT id FROM directory_import").len()).unwrap() << 20);
    let import = begin(database, &mut chance, &request).unwrap();
    for (name, content) in files {
        let mut staging = Staging::open(database, &import, name).unwrap();
        feed::read(name, Some(UAI), content.as_bytes(), &mut staging).unwrap();
        staging.finish().unwrap();
    }
    let import = reload(database, &import).unwrap();
    prepare(database, &import).unwrap();
    confirm(database, &reload(database, &import).unwrap(), true).unwrap();
    let import = reload(database, &import).unwrap();
    while !advance(database, &import, &mut chance, NOW, 100).unwrap().done {}
    reload(database, &import).unwrap()
}

const STUDENTS: &str = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage\r
MARTIN;;Léa;03/05/2017;F;111111111AA;1 rue A;31000;Toulouse;;;;;;CYCLE III;CM1;CM1 A;1;;;;\r
DUPONT;NOËL;Hugo;04/05/2016;M;111111111BB;;;;;;;;;CYCLE III;CM2;CM2 B;2;;;;\r
";
const RELATIVES: &str = "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants\r
Mme;;MARTIN;Claire;1 rue A;31000;Toulouse;;c@home.test;;;;;MARTIN;Léa;CM1 A;NOËL;DUPONT;Hugo;CM2 B\r
M.;;INCONNU;Luc;;;;;l@home.test;;;;;PERSONNE;Zoé;CM1 A;;;;\r
";

#[test]
fn onde_ties_relatives_by_the_names_of_their_children_whichever_file_comes_first() {
    let (one, other) = (database(), database());
    read(&one, &[("eleves.csv", STUDENTS), ("responsables.csv", RELATIVES)]);
    read(&other, &[("responsables.csv", RELATIVES)]);
    assert_eq!(texts(&other, "SELECT login FROM person"), Vec::<String>::new());
    read(&other, &[("eleves.csv", STUDENTS)]);
    assert_eq!(difference(&one, &other), Vec::<String>::new());
    assert_eq!(members(&one, UAI, "Parents de CM1 A"), ["claire.martin"]);
    assert_eq!(members(&one, UAI, "Parents de CM2 B"), ["claire.martin"]);
    assert_eq!(members(&one, UAI, "Élèves de CM2 B"), ["hugo.noel"]);
    // Nobody's parent is nobody here, and stays known for the day a child comes.
    assert_eq!(texts(&one, "SELECT login FROM person ORDER BY login"), ["claire.martin", "hugo.noel", "lea.martin"]);
}

#[test]
fn our_own_table_makes_a_school() {
    let database = database();
    let table = feed::csv::MODEL.replace("\n#", "\n");
    let done = read(&database, &[("modele.csv", &table)]);
    assert_eq!((done.counts.read, done.counts.rejected), (5, 0), "{:?}", rejects(&database, &done, 0, 9));
    assert_eq!(
        texts(&database, "SELECT login || ' ' || profile || ' ' || function FROM person ORDER BY login"),
        [
            "claire.martin relative ",
            "karim.haddad guest Intervenant théâtre",
            "lea.martin student ",
            "marc.petit teacher Professeur d’espagnol",
            "sophie.legoff staff Principale adjointe",
        ]
    );
    assert_eq!(members(&database, UAI, "Parents de 6A"), ["claire.martin"]);
    assert_eq!(members(&database, UAI, "Parents de LATIN6"), ["claire.martin"]);
    assert_eq!(members(&database, UAI, "Professeurs principaux – 6A"), ["marc.petit"]);
    let again = read(&database, &[("modele.csv", &table)]);
    assert_eq!(again.dirtied, Some(0));
}

#[test]
fn what_is_left_out_is_a_table_that_computes_nothing() {
    let database = database();
    let table = feed::csv::MODEL.replace("\n#", "\n").replace("personnel;LE GOFF;Sophie", "=1+1;LE GOFF;\"So;phie\"");
    let done = read(&database, &[("modele.csv", &table)]);
    let said = rejects_csv(&rejects(&database, &done, 0, 10).unwrap());
    assert_eq!((done.counts.rejected, said.lines().count()), (1, 2), "{said}");
    let hostile = provisioning::Rejected {
        file: "=cmd".into(),
        line: 1,
        code: "x".into(),
        kind: String::new(),
        id: "a;\"b".into(),
        words: "ok".into(),
        remark: true,
    };
    assert!(rejects_csv(&[hostile]).ends_with("'=cmd;1;x;;\"a;\"\"b\";ok;oui\r\n"));
}
