//! ONDE and our own CSV.

use crate::kept::{Kept, UAI, read, refused};
use feed::{Change, Format, Function, Kind, NamedChild, Place, Record, Tie};

pub(crate) const STUDENTS: &str = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage\r
ROUX;;Noé;03/05/2016;M;1234567890a;3 rue Haute;31000;TOULOUSE;FRANCE;;;;;CYCLE II;CE1;CE1-CE2 Mme Durand;77;O;N;N;\r
PETIT;LEGRAND;Zoé;2015-12-31;F;;;;;;;;;;CYCLE III;CM1;\"CM1 \"\"bleu\"\"\";78;O;N;N;\r
;;;;;;;;;;;;;;;;;;;;;\r
ÉTÉ;;Ünal;31/04/2015;F;;;;;;;;;;;;CM1;;;;;\r
COURT;;Léo;03/05/2015\r
LONG;;Léo;03/05/2015;M;;;;;;;;;;;;CM1;;;;;;;de trop\r
;;Sans;03/05/2015;M;;;;;;;;;;;;CM1;;;;;\r
\"DEUX\r
LIGNES\";;Ali;03/05/2015;M;;;;;;;;;;;;CM1;;;;;;;\r
FIN;;Eva;;F;;;;;;;;;;;;;;;;;";

pub(crate) const RELATIVES: &str = "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants
MME;LEGRAND;PETIT;Anne;3 rue Haute;31000;TOULOUSE;FRANCE;Anne@example.org;05;04;06;LEGRAND;PETIT;Zoé;CM1;;ROUX;Noé;CE1
M.;;ROUX;Jean;3 rue Haute;31000;TOULOUSE;FRANCE;;;;;;ROUX;Noé;CE1
M.;;ROUX;Jean;4 rue Basse;31000;TOULOUSE;FRANCE;pas une adresse;;;;;;;;;;;
M.;;ROUX;Paul;4 rue Basse
";

const TEACHERS: &str = "\u{feff}Civilité;Nom usage;Nom;Prénom;Adresse;CP;Commune;Pays;Courriel;Téléphone domicile;Téléphone portable;Directeur;Classe\r
Mme;;DURAND;Aline;;;;;aline.durand@example.org;;;Non;CE1-CE2 Mme Durand\r
M.;;HÉRAULT;Luc;;;;;;;;Oui;\r
M.;;BON;Guy;;;;;;;;Oui;CP\r
M.;;BON;Guy;;;;;;;;peut-être;CP\r
";

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn place(name: &str) -> Place {
    Place { structure: UAI.to_owned(), name: name.to_owned(), subject: String::new() }
}

fn function(code: &str, label: &str) -> Function {
    let [structure, code, label] = [UAI, code, label].map(str::to_owned);
    Function { structure, code, label, discipline: String::new() }
}

fn ids(kept: &Kept) -> Vec<(u64, &str)> {
    kept.entries.iter().map(|entry| (entry.line, entry.id.as_str())).collect()
}

fn latin(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

#[test]
fn students_of_onde() {
    let (kept, summary) = read("eleves.csv", latin(STUDENTS));
    assert_eq!((summary.format, summary.read, summary.rejected), (Format::OndeStudents, 4, 4));
    let expected = [
        (2, "1234567890A"),
        (3, "eleve:petit zoe:2015-12-31"),
        (9, "eleve:deux lignes ali:2015-05-03"),
        (11, "eleve:fin eva"),
    ];
    assert_eq!(ids(&kept), expected);
    assert_eq!(kept.refused(), [(5, "bad-field"), (6, "ragged-row"), (7, "ragged-row"), (8, "missing-field")]);
    let noe = Record {
        last_name: some("ROUX"),
        first_name: some("Noé"),
        birth_date: some("2016-05-03"),
        ine: some("1234567890A"),
        level: some("CE1"),
        street: Some(vec!["3 rue Haute".to_owned()]),
        postcode: some("31000"),
        city: some("TOULOUSE"),
        country: some("FRANCE"),
        structure: some(UAI),
        classes: Some(vec![place("CE1-CE2 Mme Durand")]),
        ..Record::default()
    };
    let entry = kept.entry_of("1234567890A");
    assert_eq!((entry.kind, &entry.change), (Kind::Student, &Change::Put(Box::new(noe))));
    let zoe = kept.record("eleve:petit zoe:2015-12-31");
    assert_eq!((zoe.last_name.as_deref(), zoe.birth_name.as_deref()), (Some("LEGRAND"), Some("PETIT")));
    assert_eq!(zoe.classes, Some(vec![place("CM1 \"bleu\"")]));
    assert!(summary.unknown.is_empty());
}

/// The same table, however it was saved, says the same.
#[test]
fn ways_to_save_a_table() {
    let (expected, _) = read("eleves.csv", STUDENTS);
    let commas = STUDENTS.replace(';', ",");
    let tabs = STUDENTS.replace(';', "\t");
    let starred = STUDENTS.replacen("Nom élève;", "NOM  ÉLÈVE *;", 1);
    for (what, file) in [
        ("windows-1252", latin(STUDENTS)),
        ("UTF-8 with BOM", [b"\xEF\xBB\xBF", STUDENTS.as_bytes()].concat()),
        ("LF", STUDENTS.replace("\r\n", "\n").into_bytes()),
        ("CR", STUDENTS.replace("\r\n", "\r").into_bytes()),
        ("commas", commas.into_bytes()),
        ("tabs", tabs.into_bytes()),
        ("other header", starred.into_bytes()),
        ("a line break at the end", format!("{STUDENTS}\r\n\r\n;;\r\n").into_bytes()),
    ] {
        assert_eq!(read("eleves.csv", file).0, expected, "{what}");
    }
}

#[test]
fn relatives_of_onde() {
    let (kept, summary) = read("responsables.csv", RELATIVES);
    assert_eq!(summary.format, Format::OndeRelatives);
    let expected = [
        (2, "responsable:petit anne:anne@example.org"),
        (3, "responsable:roux jean:3 rue haute 31000 toulouse"),
        (4, "responsable:roux jean:4 rue basse 31000 toulouse"),
    ];
    assert_eq!(ids(&kept), expected);
    assert_eq!(kept.refused(), [(5, "ragged-row")]);
    let child = |usual: &str, last: &str, first: &str, class: &str| {
        let [usual_name, last_name, first_name, class] = [usual, last, first, class].map(str::to_owned);
        NamedChild { usual_name, last_name, first_name, class }
    };
    let anne = Record {
        title: some("Mme"),
        last_name: some("LEGRAND"),
        birth_name: some("PETIT"),
        first_name: some("Anne"),
        mail: some("Anne@example.org"),
        home_phone: some("05"),
        work_phone: some("04"),
        mobile: some("06"),
        street: Some(vec!["3 rue Haute".to_owned()]),
        postcode: some("31000"),
        city: some("TOULOUSE"),
        country: some("FRANCE"),
        structure: some(UAI),
        children: Some(vec![child("LEGRAND", "PETIT", "Zoé", "CM1"), child("", "ROUX", "Noé", "CE1")]),
        ..Record::default()
    };
    assert_eq!(kept.entries[0].change, Change::Put(Box::new(anne)));
    assert_eq!(kept.record(expected[1].1).children, Some(vec![child("", "ROUX", "Noé", "CE1")]));
    assert_eq!((kept.record(expected[2].1).children.as_ref(), kept.record(expected[2].1).mail.as_ref()), (None, None));
}

#[test]
fn teachers_of_onde() {
    let (kept, summary) = read("enseignants.csv", TEACHERS);
    assert_eq!(summary.format, Format::OndeTeachers);
    assert_eq!(kept.refused(), [(5, "bad-field")]);
    let (teaches, heads) = (function("ENS", "ENSEIGNEMENT"), function("DIR", "DIRECTION"));
    for (id, teaching, functions, classes) in [
        ("enseignant:durand aline", true, vec![teaches.clone()], Some(vec![place("CE1-CE2 Mme Durand")])),
        ("enseignant:herault luc", false, vec![heads.clone()], None),
        ("enseignant:bon guy", true, vec![heads, teaches], Some(vec![place("CP")])),
    ] {
        let record = kept.record(id);
        assert_eq!((record.teaching, &record.functions, &record.classes), (Some(teaching), &Some(functions), &classes));
    }
    assert_eq!(kept.record("enseignant:durand aline").mail.as_deref(), Some("aline.durand@example.org"));
}

pub(crate) const OURS: &str = "profil,nom,prénom,date de naissance,identifiant,couleur,classes,groupes,enfants,disciplines,fonction,professeur principal,courriel
Élève,MARTIN,Léa,3/5/2014,E1,bleu,6A,\"6A ESP1, LATIN6\",,,,,
élève,MARTIN,Tom,,,,4B,,,,,,
Parent,MARTIN,Claire,,,,,,\"E1, MARTIN Tom (4B)|\",,,,claire@example.org
Professeure,PETIT,Anne,,,,6A|6B,,,\"espagnol, latin\",,6A,
personnel,LE GOFF,Sophie,,S1,,,,,,CPE,,
invité,HADDAD,Karim,,,,,,,,Intervenant théâtre,,
directeur,A,B,,,,,,,,,,
,A,B,,,,,,,,,,
élève,A,,,,,,,,,,,
# élève,X,Y,,,,,,,,,,
élève,A,B,hier,,,,,,,,,
";

#[test]
fn our_own_table() {
    let (kept, summary) = read("annuaire.csv", OURS);
    assert_eq!((summary.format, summary.read, summary.rejected), (Format::Csv, 6, 4));
    let expected = [
        (2, "E1"),
        (3, "eleve:martin tom"),
        (4, "responsable:martin claire:claire@example.org"),
        (5, "enseignant:petit anne"),
        (6, "S1"),
        (7, "invite:haddad karim"),
    ];
    assert_eq!(ids(&kept), expected);
    let kinds: Vec<_> = kept.entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Student, Kind::Student, Kind::Relative, Kind::Adult, Kind::Adult, Kind::Adult]);
    let profiles: Vec<_> = expected.iter().filter_map(|(_, id)| kept.record(id).profile.as_deref()).collect();
    assert_eq!(profiles, ["student", "student", "relative", "teacher", "staff", "guest"]);
    assert_eq!(kept.refused(), [(8, "bad-field"), (9, "missing-field"), (10, "missing-field"), (12, "bad-field")]);
    let lea = kept.record("E1");
    assert_eq!((lea.birth_date.as_deref(), &lea.classes), (Some("2014-05-03"), &Some(vec![place("6A")])));
    assert_eq!(lea.groups, Some(vec![place("6A ESP1"), place("LATIN6")]));
    let claire = kept.record(expected[2].1);
    assert_eq!(claire.students, Some(vec![Tie { id: "E1".to_owned(), link: 0, legal: true }]));
    let tom = claire.children.as_ref().unwrap();
    assert_eq!(
        (tom.len(), tom[0].last_name.as_str(), tom[0].first_name.as_str(), tom[0].class.as_str()),
        (1, "MARTIN", "Tom", "4B")
    );
    let anne = kept.record(expected[3].1);
    assert_eq!((anne.teaching, &anne.head_of), (Some(true), &Some(vec![place("6A")])));
    assert_eq!(anne.classes, Some(vec![place("6A"), place("6B")]));
    assert_eq!(anne.disciplines, Some(vec!["espagnol".to_owned(), "latin".to_owned()]));
    let sophie = kept.record("S1");
    assert_eq!((sophie.teaching, &sophie.functions), (Some(false), &Some(vec![function("", "CPE")])));
    assert_eq!(summary.unknown.into_iter().collect::<Vec<_>>(), [("couleur".to_owned(), 1)]);
}

#[test]
fn the_model_is_read_and_its_examples_too() {
    let (kept, summary) = read("modele.csv", feed::csv::MODEL);
    assert_eq!((summary.format, summary.read, summary.rejected), (Format::Csv, 0, 0));
    assert_eq!(kept, Kept::default());
    let (kept, summary) = read("modele.csv", feed::csv::MODEL.replace("\n#", "\n"));
    assert_eq!((summary.read, kept.refused().len()), (5, 0));
    assert!(summary.unknown.is_empty());
    let parent = kept.record("P0001");
    assert_eq!((parent.students.as_ref().map(Vec::len), parent.children.as_ref().map(Vec::len)), (Some(1), Some(1)));
    assert_eq!((parent.mobile.as_deref(), parent.birth_name.as_deref()), (Some("06 00 00 00 01"), Some("DUBOIS")));
    assert_eq!(kept.record("T0001").head_of, Some(vec![place("6A")]));
}

#[test]
fn tables_that_cannot_be_read() {
    let students = |from: &str, to: &str| STUDENTS.replacen(from, to, 1);
    for (what, file, code, line) in [
        ("no known columns", "a;b;c\n1;2;3\n".to_owned(), "unknown-header", None),
        ("another separator", STUDENTS.replace(';', "|"), "unknown-header", None),
        ("a binary file", "PK\u{3}\u{4}\0\0".to_owned(), "not-text", Some(1)),
        ("a column too few", students("Libellé classe", "Classe"), "missing-column", None),
        ("a column twice", students("Sexe", "INE"), "duplicate-column", None),
        ("two names of one column", "profil;nom;prénom;classe;classes\n".to_owned(), "duplicate-column", None),
        ("a column too few of ours", "profil;nom\n".to_owned(), "missing-column", None),
        (
            "a quotation mark left open",
            students("\"CM1 \"\"bleu\"\"\"", "\"CM1 \"\"bleu\"\""),
            "unclosed-quote",
            Some(3),
        ),
        ("nothing but rows of nothing", "\n".repeat(2000), "empty-file", None),
    ] {
        let (_, found, at) = refused("x.csv", file);
        assert_eq!((found, at), (code, line), "{what}");
    }
    let (kept, ..) = refused("x.csv", students("\"CM1 \"\"bleu\"\"\"", "\"CM1"));
    assert_eq!(kept.entries.len(), 1, "what comes before is read");
    let half = [STUDENTS.as_bytes(), &latin("\r\nÉTÉ;")].concat();
    let (kept, code, line) = refused("x.csv", half);
    assert_eq!((kept.entries.len(), code, line), (4, "wrong-encoding", Some(12)), "half UTF-8, half Latin");
    let mut nobody = Kept::default();
    let error = feed::read("x.csv", None, STUDENTS.as_bytes(), &mut nobody).unwrap_err();
    assert_eq!(error.code(), "missing-uai");
}

#[test]
fn ids_stay_from_one_import_to_the_next() {
    let again = STUDENTS.replace("PETIT;LEGRAND;Zoé", "petit;;ZOE").replace("CM1", "CM2");
    let (kept, _) = read("eleves.csv", again);
    assert!(kept.entries.iter().any(|entry| entry.id == "eleve:petit zoe:2015-12-31"));
}
