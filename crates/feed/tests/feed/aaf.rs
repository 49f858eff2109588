//! AAF: each attribute, both degrees, full and delta, encodings, lines.

use crate::kept::{aaf, read, refused, try_read};
use feed::{Change, Extent, Format, Function, Kind, Place, Record, Tie};

pub(crate) const NAME: &str = "ENT_0990001A_Complet_20250901_Eleve_0000.xml";
pub(crate) const FILE: &str = include_str!("fixtures/ENT_0990001A_Complet_20250901_Eleve_0000.xml");

fn place(structure: &str, name: &str, subject: &str) -> Place {
    Place { structure: structure.to_owned(), name: name.to_owned(), subject: subject.to_owned() }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An `addRequest` for an adult with these attributes more.
fn adult(attributes: &str) -> Record {
    let request = format!(
        "<addRequest><operationalAttributes><attr name='categoriePersonne'><value>PersEducNat</value></attr></operationalAttributes>
        <identifier><id>1</id></identifier><attributes><attr name='sn'><value>A</value></attr>
        <attr name='givenName'><value>B</value></attr>{attributes}</attributes></addRequest>"
    );
    let (kept, _) = read("x.xml", aaf(&request));
    let Change::Put(record) = &kept.entry_of("1").change else { panic!("not whole") };
    Record { last_name: None, first_name: None, ..(**record).clone() }
}

fn modified(kind: &str, modifications: &str) -> feed::Entry {
    let request = format!(
        "<modifyRequest><operationalAttributes><attr name='categoriePersonne'><value>{kind}</value></attr></operationalAttributes>
        <identifier><id>7</id></identifier><modifications>{modifications}</modifications></modifyRequest>"
    );
    read("ENT_Delta_20250902_Eleve_0001.xml", aaf(&request)).0.entry_of("7").clone()
}

#[test]
fn a_student_of_the_second_degree() {
    let (kept, summary) = read(NAME, FILE);
    let expected = Record {
        last_name: some("MARTIN <d'EÜ> éè"),
        birth_name: some("D'ARTAGNAN & FILS"),
        first_name: some("Léa"),
        title: some("Mme"),
        birth_date: some("2014-05-03"),
        ine: some("123456789AB"),
        level: some("6EME"),
        street: Some(vec!["12 rue des Lilas".to_owned(), "Bât. B".to_owned()]),
        postcode: some("31000"),
        city: some("TOULOUSE"),
        country: some("FRANCE"),
        structure: some("99"),
        classes: Some(vec![place("99", "6A", "")]),
        groups: Some(vec![place("99", "6ESPGR1", ""), place("99", "6LATIN", "")]),
        relatives: Some(vec![
            Tie { id: "2001".to_owned(), link: 10, legal: true },
            Tie { id: "2002".to_owned(), link: 20, legal: true },
            Tie { id: "2003".to_owned(), link: 5, legal: false },
            Tie { id: "2004".to_owned(), link: 0, legal: false },
        ]),
        ..Record::default()
    };
    let entry = kept.entry_of("1001");
    assert_eq!((entry.kind, entry.line, &entry.change), (Kind::Student, 5, &Change::Put(Box::new(expected))));
    assert_eq!((kept.entry_of("1002").kind, kept.entry_of("1002").line), (Kind::Student, 33));
    assert_eq!(kept.refused(), [(36, "bad-field")]);
    assert_eq!(kept.rejects[0].id, "1003");
    assert_eq!((summary.format, summary.extent, summary.read, summary.rejected), (Format::Aaf, Extent::Full, 2, 1));
    assert_eq!(summary.unknown.into_iter().collect::<Vec<_>>(), [("ENTInconnu".to_owned(), 2)]);
    let incomplete = [("ENTEleveGroupes".to_owned(), 1), ("ENTElevePersRelEleve".to_owned(), 1)];
    assert_eq!(summary.incomplete.into_iter().collect::<Vec<_>>(), incomplete);
}

#[test]
fn a_student_of_the_first_degree() {
    let (kept, summary) = read(
        "ENT1D_Complet_20250901_Eleve_0000.xml",
        aaf("<addRequest><identifier><id>E1</id></identifier><attributes>
            <attr name='ENTPersonNom'><value>ROUX</value></attr><attr name='ENTPersonPrenom'><value>Noé</value></attr>
            <attr name='ENTPersonCivilite'><value>M.</value></attr>
            <attr name='ENTPersonClasses'><value>44$A$B$1234$CE1-CE2 Mme Durand</value></attr>
            <attr name='ENTPersonGroupes'><value>44$A$B$1235$Chorale</value></attr>
            <attr name='ENTEleveNiveau'><value>CE1</value></attr>
            <attr name='ENTEleveAutoriteParentale'><value>R1$1$1</value><value>R2</value></attr>
            </attributes></addRequest>"),
    );
    let record = kept.record("E1");
    assert_eq!((record.last_name.as_deref(), record.first_name.as_deref()), (Some("ROUX"), Some("Noé")));
    assert_eq!((record.title.as_deref(), record.level.as_deref()), (Some("M."), Some("CE1")));
    assert_eq!(record.classes, Some(vec![place("44", "CE1-CE2 Mme Durand", "")]));
    assert_eq!(record.groups, Some(vec![place("44", "Chorale", "")]));
    let legal = |id: &str| Tie { id: id.to_owned(), link: 0, legal: true };
    assert_eq!(record.relatives, Some(vec![legal("R1"), legal("R2")]));
    assert!(summary.unknown.is_empty() && summary.incomplete.is_empty());
}

#[test]
fn relatives_of_both_degrees() {
    let (kept, _) = read(
        "ENT_Complet_20250901_PersRelEleve_0000.xml",
        aaf("<addRequest><identifier><id>2</id></identifier><attributes><attr name='sn'><value>A</value></attr>
            <attr name='mail'><value></value><value>a@example.org</value></attr><attr name='mobile'><value>06 00 00 00 01</value></attr>
            <attr name='homePhone'><value>05</value></attr><attr name='telephoneNumber'><value>04</value></attr></attributes></addRequest>
            <addRequest><identifier><id>1</id></identifier><attributes><attr name='ENTPersonNom'><value>A</value></attr>
            <attr name='ENTPersonMail'><value>a@example.org</value></attr><attr name='ENTPersRelEleveTelMobile'><value>06 00 00 00 01</value></attr>
            <attr name='ENTPersonTelPerso'><value>05</value></attr><attr name='ENTPersRelEleveTelPro'><value>04</value></attr>
            <attr name='ENTPersRelEleveEleve'><value>E1</value></attr></attributes></addRequest>"),
    );
    let mut first = kept.record("1").clone();
    assert_eq!(first.students.take(), Some(vec![Tie { id: "E1".to_owned(), link: 0, legal: true }]));
    assert_eq!(&first, kept.record("2"));
    let record = kept.record("2");
    assert_eq!((record.mail.as_deref(), record.mobile.as_deref()), (Some("a@example.org"), Some("06 00 00 00 01")));
    assert_eq!((record.home_phone.as_deref(), record.work_phone.as_deref()), (Some("05"), Some("04")));
    assert_eq!(record.first_name, None, "a service has no first name");
    assert!(kept.entries.iter().all(|entry| entry.kind == Kind::Relative));
}

#[test]
fn what_adults_do() {
    let record = adult(
        "<attr name='ENTPersonFonctions'><value>99$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES</value><value>98$DIR</value><value>$ENS</value></attr>
        <attr name='ENTAuxEnsClasses'><value>99$6B</value><value>99$6A</value><value>99$6A</value></attr>
        <attr name='ENTAuxEnsClassesMatieres'><value>99$6A$061300</value><value>99$6A$061400</value><value>99$6C</value></attr>
        <attr name='ENTAuxEnsGroupesMatieres'><value>99$6G1$061300</value></attr>
        <attr name='ENTAuxEnsClassesPrincipal'><value>99$6A</value></attr>
        <attr name='ENTAuxEnsDisciplinesPoste'><value>MATHEMATIQUES$L1300</value></attr>
        <attr name='PersEducNatPresenceDevantEleves'><value>O</value></attr>",
    );
    let function = |structure: &str, code: &str, label: &str, discipline: &str| Function {
        structure: structure.to_owned(),
        code: code.to_owned(),
        label: label.to_owned(),
        discipline: discipline.to_owned(),
    };
    let expected = Record {
        functions: Some(vec![function("99", "ENS", "ENSEIGNEMENT", "MATHEMATIQUES"), function("98", "DIR", "", "")]),
        classes: Some(vec![
            place("99", "6A", "061300"),
            place("99", "6A", "061400"),
            place("99", "6B", ""),
            place("99", "6C", ""),
        ]),
        groups: Some(vec![place("99", "6G1", "061300")]),
        head_of: Some(vec![place("99", "6A", "")]),
        disciplines: Some(vec!["MATHEMATIQUES".to_owned()]),
        teaching: Some(true),
        ..Record::default()
    };
    assert_eq!(record, expected);
    for (value, teaching) in [("O", Some(true)), ("N", Some(false)), ("", None)] {
        let attribute = format!("<attr name='PersEducNatPresenceDevantEleves'><value>{value}</value></attr>");
        assert_eq!(adult(&attribute).teaching, teaching);
    }
}

#[test]
fn establishments_subjects_and_levels() {
    let request = |category: &str, id: &str, attributes: &[(&str, &str)]| {
        let attributes: String = attributes
            .iter()
            .map(|(name, value)| format!("<attr name='{name}'><value>{value}</value></attr>"))
            .collect();
        format!(
            "<addRequest><operationalAttributes><attr name='c'><value>{category}</value></attr></operationalAttributes>
            <identifier><id>{id}</id></identifier><attributes>{attributes}</attributes></addRequest>\n"
        )
    };
    let (kept, summary) = read(
        "whatever.xml",
        aaf(&[
            request(
                "EtabEducNat",
                "99",
                &[("ENTStructureUAI", "0990001A"), ("ENTStructureNomCourant", "CLG A"), ("ENTStructureSIREN", "1")],
            ),
            request("MatiereEducNat", "061300", &[("ENTLibelleMatiere", "MATHEMATIQUES")]),
            request("MefEducNat", "1001", &[("ENTLibelleMef", "6EME")]),
            request("EtabEducNat", "98", &[("ENTStructureUAI", "990002B"), ("ENTStructureNomCourant", "CLG B")]),
            request("EtabEducNat", "97", &[("ENTStructureUAI", "0990003C")]),
        ]
        .concat()),
    );
    let seen: Vec<_> = kept.entries.iter().map(|entry| (entry.kind, entry.id.as_str())).collect();
    assert_eq!(seen, [(Kind::Establishment, "99"), (Kind::Subject, "061300"), (Kind::Level, "1001")]);
    assert_eq!(
        (kept.record("99").uai.as_deref(), kept.record("99").name.as_deref()),
        (Some("0990001A"), Some("CLG A"))
    );
    assert_eq!(kept.record("1001").name.as_deref(), Some("6EME"));
    assert_eq!(
        kept.rejects.iter().map(|r| (r.id.as_str(), r.code.as_str())).collect::<Vec<_>>(),
        [("98", "bad-field"), ("97", "missing-field")]
    );
    assert_eq!(summary.extent, Extent::Delta, "a name that says nothing makes nobody leave");
}

#[test]
fn a_modification_has_the_fields_it_names() {
    let entry = modified(
        "PersEducNat",
        "<modification name='mail' operation='replace'><value></value></modification>
        <modification name='homePhone' operation='replace'/>
        <modification name='sn' operation='replace'><value>NEUF</value></modification>
        <modification name='ENTAuxEnsClassesPrincipal' operation='replace'><value/></modification>
        <modification name='PersEducNatPresenceDevantEleves' operation='replace'><value/></modification>
        <modification name='ENTPersonAdresse' operation='replace'><value>$$$</value></modification>
        <modification name='ENTPersonDateNaissance' operation='replace'><value/></modification>",
    );
    let expected = Record {
        mail: some(""),
        home_phone: some(""),
        last_name: some("NEUF"),
        head_of: Some(Vec::new()),
        teaching: Some(false),
        street: Some(Vec::new()),
        birth_date: some(""),
        ..Record::default()
    };
    assert_eq!((entry.kind, entry.change), (Kind::Adult, Change::Patch(Box::new(expected))));
}

#[test]
fn deletions_and_requests_that_cannot_be() {
    let request = |tag: &str, inside: &str| format!("<{tag}><identifier><id>8</id></identifier>{inside}</{tag}>");
    let name = "ENT_Delta_20250902_Eleve_0001.xml";
    let (kept, summary) = read(name, aaf(&request("deleteRequest", "")));
    assert_eq!((kept.entry_of("8").kind, &kept.entry_of("8").change), (Kind::Student, &Change::Delete));
    assert_eq!(summary.extent, Extent::Delta);
    let modification = |inside: &str| request("modifyRequest", &format!("<modifications>{inside}</modifications>"));
    for (requests, code) in [
        (request("renameRequest", ""), "unknown-request"),
        (modification("<modification name='sn' operation='delete'><value>A</value></modification>"), "unknown-request"),
        (modification("<modification name='sn' operation='replace'><value> </value></modification>"), "missing-field"),
        (
            modification("<modification name='sn' operation='replace'><value>a&nbsp;b</value></modification>"),
            "bad-field",
        ),
        (modification("<modification name='sn' operation='replace'><value>a&#0;b</value></modification>"), "bad-field"),
        (
            modification(&format!(
                "<modification name='sn' operation='replace'><value>{}</value></modification>",
                "a".repeat(201)
            )),
            "bad-field",
        ),
        (
            modification(
                "<modification name='ENTPersonDateNaissance' operation='replace'><value>2014</value></modification>",
            ),
            "bad-field",
        ),
        (
            modification(
                "<modification name='PersEducNatPresenceDevantEleves' operation='replace'><value>peut-être</value></modification>",
            ),
            "bad-field",
        ),
        (request("addRequest", "<attributes/>"), "missing-field"),
        ("<deleteRequest/>".to_owned(), "missing-id"),
        ("<addRequest><identifier><id> </id></identifier></addRequest>".to_owned(), "missing-id"),
    ] {
        let (kept, _) = read(name, aaf(&format!("{requests}\n{}", request("deleteRequest", ""))));
        assert_eq!(kept.refused(), [(3, code)], "{requests}");
        assert_eq!(kept.entries.len(), 1, "the rest is read: {requests}");
        assert!(kept.rejects[0].words.ends_with('.'));
    }
    let nameless = aaf(&request("deleteRequest", ""));
    assert_eq!(
        read("x.xml", nameless).0.refused(),
        [(3, "missing-field")],
        "neither the file nor the entry says what it is"
    );
}

#[test]
fn the_id_may_be_an_attribute() {
    let (kept, _) = read(NAME, aaf("<addRequest><attributes><attr name='ENTPersonJointure'><value>12</value></attr>
        <attr name='sn'><value>A</value></attr><attr name='givenName'><value>B</value></attr></attributes></addRequest>"));
    assert_eq!(kept.entries[0].id, "12");
}

/// The file in all the encodings that academies write says the same.
#[test]
fn encodings() {
    let body = FILE.split_once("?>\n").unwrap().1;
    let (expected, _) = read(NAME, FILE);
    let latin = |text: &str, encoding: &'static encoding_rs::Encoding| encoding.encode(text).0.into_owned();
    let declared = |label: &str| format!("<?xml version='1.0' encoding='{label}'?>\n{body}");
    for (what, file) in [
        ("UTF-8 with BOM", [b"\xEF\xBB\xBF", FILE.as_bytes()].concat()),
        ("no declaration, UTF-8", format!("\n{body}").into_bytes()),
        ("no declaration, ISO-8859-15", latin(&format!("\n{body}"), encoding_rs::ISO_8859_15)),
        ("ISO-8859-15", latin(&declared("ISO-8859-15"), encoding_rs::ISO_8859_15)),
        ("ISO-8859-1", latin(&declared("iso-8859-1"), encoding_rs::WINDOWS_1252)),
        ("BOM against the declaration", [b"\xEF\xBB\xBF", declared("ISO-8859-1").as_bytes()].concat()),
        ("CR LF", FILE.replace('\n', "\r\n").into_bytes()),
        ("CR", FILE.replace('\n', "\r").into_bytes()),
    ] {
        let (kept, _) = read(NAME, file);
        assert_eq!(kept, expected, "{what}");
    }
    let (kept, _) = read(NAME, latin(&declared("ISO-8859-15").replace("Léa<", "Lœa<"), encoding_rs::ISO_8859_15));
    assert_eq!(kept.record("1001").first_name.as_deref(), Some("Lœa"));
}

#[test]
fn wrong_encodings_are_told() {
    let wrong = encoding_rs::ISO_8859_15.encode(FILE).0.into_owned();
    let (kept, code, line) = refused(NAME, &wrong);
    assert_eq!((code, line, kept.entries.len()), ("wrong-encoding", Some(4), 0), "declared as UTF-8");
    let utf16: Vec<u8> = FILE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(NAME, &utf16).1, "utf-16");
    assert_eq!(refused(NAME, [b"\xFF\xFE", utf16.as_slice()].concat()).1, "utf-16");
    assert_eq!(refused(NAME, FILE.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()).1, "utf-16");
    assert_eq!(refused(NAME, FILE.replacen("UTF-8", "UTF-16", 1)).1, "unknown-encoding");
    assert_eq!(refused(NAME, FILE.replacen("UTF-8", "klingon", 1)).1, "unknown-encoding");
}

#[test]
fn what_comes_before_the_damage_is_read() {
    let second = FILE.find("<addRequest><operationalAttributes/>").unwrap();
    let (kept, code, line) = refused(NAME, &FILE[..second + 60]);
    assert_eq!((code, line, kept.entries.len()), ("truncated-file", Some(33), 1));
    let broken = FILE.replacen("<identifier><id>1002</id>", "<identifier><id>1002</ie>", 1);
    let (kept, code, line) = refused(NAME, broken);
    assert_eq!((code, line, kept.entries.len()), ("malformed-xml", Some(33), 1));
    let (kept, code, line) = refused(NAME, FILE.replacen("Tom", "T\0m", 1));
    assert_eq!((code, line, kept.entries.len()), ("not-text", Some(34), 1));
}

#[test]
fn what_is_not_aaf_is_told() {
    for (file, code) in [
        ("", "empty-file"),
        ("\u{feff}\n ", "empty-file"),
        ("<html></html>", "not-aaf"),
        ("<!-- nothing -->", "not-aaf"),
        ("<ficAlimMENESR>", "truncated-file"),
        ("<ficAlimMENESR></ficAlimMENESR></ficAlimMENESR>", "malformed-xml"),
        ("<ficAlimMENESR/><ficAlimMENESR/>", "malformed-xml"),
        ("<ficAlimMENESR></addRequest>", "malformed-xml"),
        ("<ficAlimMENESR></other>", "malformed-xml"),
    ] {
        assert_eq!(refused(NAME, file).1, code, "{file}");
    }
    assert!(try_read(NAME, b"<ficAlimMENESR/>").1.is_ok());
}
