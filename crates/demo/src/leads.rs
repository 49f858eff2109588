//! The people whose sign-ins are shown: the same names whatever the seed, made before anybody else so that their logins
//! carry no number.

use people::Profile;

use crate::families::enrol;
use crate::names::Sex;
use crate::person::{Maker, Person};
use crate::school::School;
use crate::teaching::{Teacher, teacher_function};

/// An account worth signing in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The login; the password is [`crate::PASSWORD`].
    pub login: String,
    /// Her name.
    pub name: String,
    /// Who she is, in French.
    pub who: String,
}

/// Indices in the first school.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leads {
    pub(crate) teacher: usize,
    pub(crate) colleague: usize,
    pub(crate) admin: usize,
    pub(crate) student: usize,
    pub(crate) friend: usize,
    pub(crate) parent: usize,
    pub(crate) mother: usize,
    /// Neither mailbox nor redirect address (M-9).
    pub(crate) unreachable: usize,
}

/// How many of each profile the leads are, in the order of [`Profile::ALL`].
pub(crate) const COUNTS: [usize; 5] = [3, 3, 2, 1, 0];

/// Name, and who she is: the one list behind both the accounts and what is printed.
const CAST: [(&str, &str, &str); 5] = [
    ("Claire", "Lefèvre", "professeure de mathématiques, professeure principale de 6A, avec adresse de redirection"),
    ("Lina", "Benali", "élève de 6A"),
    ("Karim", "Benali", "parent de Lina (6A) et de Yanis (4A), avec adresse de redirection"),
    ("Sophie", "Le Goff", "principale adjointe, administratrice locale"),
    ("Antoine", "de La Villéon", "professeur d’histoire-géographie, sans adresse de redirection"),
];

pub(crate) fn sign_ins() -> Vec<SignIn> {
    let mut namer = people::Namer::default();
    CAST.iter()
        .map(|(first, last, who)| SignIn {
            login: namer.login(first, last).to_string(),
            name: format!("{first} {last}"),
            who: (*who).to_owned(),
        })
        .collect()
}

/// Puts them in the school; `first_class` is 6A and `other_class` 4A.
pub(crate) fn cast(
    school: &mut School,
    maker: &mut Maker<'_>,
    first_class: usize,
    other_class: usize,
) -> (Leads, Vec<Teacher>) {
    let [claire, lina, karim, sophie, antoine] = CAST;
    let mut add = |profile, sex, (first, last, _): (&str, &str, &str), function: String, outside: Option<&str>| {
        let person = maker.bare(profile, sex, first, last, function);
        school.add(Person { redirect: outside.map(str::to_owned), ..person })
    };
    let none = String::new;
    let teacher = add(
        Profile::Teacher,
        Sex::F,
        claire,
        teacher_function(Sex::F, "mathématiques"),
        Some("claire.lefevre@example.org"),
    );
    let student = add(Profile::Student, Sex::F, lina, none(), None);
    let parent = add(Profile::Relative, Sex::M, karim, none(), Some("karim.benali@example.net"));
    let admin = add(Profile::Staff, Sex::F, sophie, "Principale adjointe".to_owned(), None);
    let colleague = add(Profile::Teacher, Sex::M, antoine, teacher_function(Sex::M, "histoire-géographie"), None);
    let brother = add(Profile::Student, Sex::M, ("Yanis", "Benali", ""), none(), None);
    let mother = add(Profile::Relative, Sex::F, ("Nadia", "Haddad", ""), none(), None);
    let friend = add(Profile::Student, Sex::F, ("Maïtena", "Etcheverry", ""), none(), None);
    let unreachable = add(Profile::Relative, Sex::M, ("Gérard", "Etcheverry", ""), "Tuteur légal".to_owned(), None);
    if let Some(person) = school.people.get_mut(unreachable) {
        person.mailbox = false;
    }
    school.admins.push(admin);
    enrol(school, student, first_class, &[(parent, true), (mother, true)]);
    enrol(school, brother, other_class, &[(parent, true), (mother, true)]);
    enrol(school, friend, first_class, &[(unreachable, true)]);
    let team = vec![
        Teacher { person: teacher, discipline: "mathématiques" },
        Teacher { person: colleague, discipline: "histoire-géographie" },
    ];
    (Leads { teacher, colleague, admin, student, friend, parent, mother, unreachable }, team)
}
