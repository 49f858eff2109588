//! Labels of an academy's directory, which are upper case without accents, as French reads.

use feed::{Function, Record};
use people::{Profile, fold};

/// Words that get their accents back; the others are as they are, in lower case.
const ACCENTED: [(&str, &str); 62] = [
    ("activites", "activités"),
    ("amenagement", "aménagement"),
    ("americain", "américain"),
    ("appliquee", "appliquée"),
    ("appliquees", "appliquées"),
    ("armenien", "arménien"),
    ("batiment", "bâtiment"),
    ("biotechnologies", "biotechnologies"),
    ("celtique", "celtique"),
    ("coreen", "coréen"),
    ("createur", "créateur"),
    ("creole", "créole"),
    ("danse", "danse"),
    ("economie", "économie"),
    ("economique", "économique"),
    ("economiques", "économiques"),
    ("education", "éducation"),
    ("electricite", "électricité"),
    ("electronique", "électronique"),
    ("electrotechnique", "électrotechnique"),
    ("eleve", "élève"),
    ("eleves", "élèves"),
    ("energetique", "énergétique"),
    ("esthetique", "esthétique"),
    ("etablissement", "établissement"),
    ("etranger", "étranger"),
    ("etrangere", "étrangère"),
    ("etrangeres", "étrangères"),
    ("francais", "français"),
    ("genie", "génie"),
    ("geographie", "géographie"),
    ("geologie", "géologie"),
    ("hebreu", "hébreu"),
    ("hotellerie", "hôtellerie"),
    ("hygiene", "hygiène"),
    ("industriel", "industriel"),
    ("ingenierie", "ingénierie"),
    ("ingenieur", "ingénieur"),
    ("interieur", "intérieur"),
    ("mathematique", "mathématique"),
    ("mathematiques", "mathématiques"),
    ("mecanique", "mécanique"),
    ("medico", "médico"),
    ("metier", "métier"),
    ("metiers", "métiers"),
    ("numerique", "numérique"),
    ("numeriques", "numériques"),
    ("pedagogique", "pédagogique"),
    ("philosophie", "philosophie"),
    ("prevention", "prévention"),
    ("qualite", "qualité"),
    ("reeducation", "rééducation"),
    ("scolaire", "scolaire"),
    ("sante", "santé"),
    ("securite", "sécurité"),
    ("specialise", "spécialisé"),
    ("specialisee", "spécialisée"),
    ("specialises", "spécialisés"),
    ("systemes", "systèmes"),
    ("telecommunications", "télécommunications"),
    ("theatre", "théâtre"),
    ("vegetale", "végétale"),
];

/// Two subjects taught together are joined.
const JOINED: [(&str, &str); 3] = [
    ("histoire géographie", "histoire-géographie"),
    ("physique chimie", "physique-chimie"),
    ("médico social", "médico-social"),
];

/// "MATHEMATIQUES" → "mathématiques", "HISTOIRE GEOGRAPHIE" → "histoire-géographie". What has a lower-case letter was written
/// by somebody, and stays as it is.
pub(crate) fn readable(label: &str) -> String {
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.chars().any(char::is_lowercase) {
        return label;
    }
    let word = |word: &str| {
        let lower = word.to_lowercase();
        let found = ACCENTED.iter().find(|(plain, _)| *plain == lower);
        found.map_or(lower, |(_, accented)| (*accented).to_owned())
    };
    // Words are what stands between spaces, hyphens and apostrophes, which stay.
    let mut text = String::new();
    let mut current = String::new();
    for c in label.chars() {
        if c.is_alphanumeric() {
            current.push(c);
        } else {
            text.push_str(&word(&std::mem::take(&mut current)));
            text.push(c);
        }
    }
    text.push_str(&word(&current));
    for (apart, joined) in JOINED {
        text = text.replace(apart, joined);
    }
    text
}

/// With a capital: what a group is called.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The disciplines of a teacher, as groups are called: those of her post, else those of her functions.
pub(crate) fn disciplines(record: &Record) -> Vec<String> {
    let post: Vec<&str> = record.disciplines.iter().flatten().map(String::as_str).collect();
    let functions = record.functions.iter().flatten().map(|function| function.discipline.as_str());
    let named = if post.is_empty() { functions.collect() } else { post };
    let mut found: Vec<String> = named
        .into_iter()
        .filter(|label| !matches!(fold(label).as_str(), "" | "sans objet" | "sans specialite"))
        .map(|label| capital(&readable(label)).chars().take(150).collect())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// What an adult is (PersEducNatPresenceDevantEleves, ENTPersonFonctions), or what the source says outright.
pub(crate) fn adult_profile(record: &Record) -> Profile {
    if let Some(profile) = record.profile.as_deref().and_then(|profile| profile.parse().ok()) {
        return profile;
    }
    let has =
        |codes: &[&str]| record.functions.iter().flatten().any(|function| codes.contains(&function.code.as_str()));
    let classes = record.classes.iter().flatten().next().is_some();
    // A head is of the staff, unless she has classes too: most heads of primary schools do.
    if has(&["ENS", "DOC"]) || record.teaching == Some(true) && (classes || !has(&["DIR"])) {
        Profile::Teacher
    } else {
        Profile::Staff
    }
}

/// "Professeur de mathématiques", "Cheffe d’établissement", "CPE"; empty where nothing is known.
pub(crate) fn function(record: &Record, profile: Profile) -> String {
    let madam =
        record.title.as_deref().is_some_and(|title| fold(title).starts_with("mme") || fold(title).starts_with("mlle"));
    let functions: Vec<&Function> = record.functions.iter().flatten().collect();
    // Our own CSV has words only.
    if let Some(said) = functions.iter().find(|function| function.code.is_empty() && !function.label.trim().is_empty())
    {
        return capital(&readable(&said.label)).chars().take(120).collect();
    }
    if profile == Profile::Teacher {
        let professor = if madam { "Professeure" } else { "Professeur" };
        if functions.iter().any(|function| function.code == "DOC") {
            return format!("{professor} documentaliste");
        }
        return match disciplines(record).first() {
            Some(discipline) => {
                let discipline = lower_first(discipline);
                let vowel = fold(&discipline).starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
                format!("{professor} {}{discipline}", if vowel { "d’" } else { "de " })
            }
            None => professor.to_owned(),
        };
    }
    if profile != Profile::Staff {
        return String::new();
    }
    let mut named: Vec<String> =
        functions.iter().map(|function| staff(function, madam)).filter(|name| !name.is_empty()).collect();
    named.sort();
    named.dedup();
    named.into_iter().next().unwrap_or_default().chars().take(120).collect()
}

fn staff(function: &Function, madam: bool) -> String {
    let name = match function.code.as_str() {
        "DIR" if fold(&function.discipline).contains("adjoint") || fold(&function.label).contains("adjoint") => {
            if madam { "Adjointe au chef d’établissement" } else { "Adjoint au chef d’établissement" }
        }
        "DIR" if madam => "Cheffe d’établissement",
        "DIR" => "Chef d’établissement",
        "EDU" => "CPE",
        "SUR" if madam => "Assistante d’éducation",
        "SUR" => "Assistant d’éducation",
        "AVS" | "AED" | "AES" => "AESH",
        "ADF" => "Personnel administratif",
        "ALB" => "Personnel de laboratoire",
        "ORI" => "Psychologue de l’éducation nationale",
        "MDS" => "Personnel médico-social",
        "OUV" => "Agent",
        "CTR" => "Directeur délégué aux formations",
        "ASE" => "Assistant étranger",
        "" | "-" => "",
        _ => return capital(&readable(&function.label)),
    };
    name.to_owned()
}

/// "Mathématiques" → "mathématiques"; what begins with two capitals ("EPS") stays.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use feed::{Function, Record};
    use people::Profile;

    use super::{adult_profile, disciplines, function, readable};

    fn adult(title: &str, code: &str, label: &str, discipline: &str, teaching: Option<bool>) -> Record {
        let text = |text: &str| text.to_owned();
        let function =
            Function { structure: text("1"), code: text(code), label: text(label), discipline: text(discipline) };
        Record { title: Some(text(title)), functions: Some(vec![function]), teaching, ..Record::default() }
    }

    #[test]
    fn labels_read_as_french() {
        for (label, expected) in [
            ("MATHEMATIQUES", "mathématiques"),
            ("HISTOIRE GEOGRAPHIE", "histoire-géographie"),
            ("SCIENCES  DE LA VIE ET DE LA TERRE", "sciences de la vie et de la terre"),
            ("EDUCATION PHYSIQUE ET SPORTIVE", "éducation physique et sportive"),
            ("Lettres modernes", "Lettres modernes"),
            ("", ""),
        ] {
            assert_eq!(readable(label), expected);
        }
    }

    #[test]
    fn adults_are_said_in_words() {
        for (record, profile, words) in [
            (
                adult("M.", "ENS", "ENSEIGNEMENT", "MATHEMATIQUES", None),
                Profile::Teacher,
                "Professeur de mathématiques",
            ),
            (adult("Mme", "ENS", "ENSEIGNEMENT", "ANGLAIS", None), Profile::Teacher, "Professeure d’anglais"),
            (adult("Mme", "DOC", "DOCUMENTATION", "", None), Profile::Teacher, "Professeure documentaliste"),
            (adult("M.", "-", "SANS OBJET", "", Some(true)), Profile::Teacher, "Professeur"),
            (adult("M.", "DIR", "DIRECTION", "", None), Profile::Staff, "Chef d’établissement"),
            (adult("Mme", "EDU", "EDUCATION", "", None), Profile::Staff, "CPE"),
            (adult("Mme", "", "Infirmière", "", None), Profile::Staff, "Infirmière"),
            (adult("", "XYZ", "GENIE CLIMATIQUE", "", None), Profile::Staff, "Génie climatique"),
            (Record::default(), Profile::Staff, ""),
            (Record { profile: Some("guest".into()), ..Record::default() }, Profile::Guest, ""),
        ] {
            assert_eq!((adult_profile(&record), function(&record, profile).as_str()), (profile, words));
        }
    }

    #[test]
    fn what_is_no_discipline_makes_no_group() {
        assert_eq!(disciplines(&adult("", "ENS", "", "SANS OBJET", None)), Vec::<String>::new());
        assert_eq!(disciplines(&adult("", "ENS", "", "GENIE MECANIQUE", None)), ["Génie mécanique"]);
    }
}
