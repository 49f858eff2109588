//! The grown-ups of the school and what they teach or look after.

use people::{GroupKind, Profile, discipline_group_name, head_teacher_group_name};

use crate::names::{Age, Names, Sex};
use crate::person::Maker;
use crate::school::School;

/// Disciplines in the order in which a growing school gets its teachers: each once, then the big ones again.
const DISCIPLINES: [&str; 14] = [
    "mathématiques",
    "français",
    "histoire-géographie",
    "anglais",
    "EPS",
    "sciences de la vie et de la Terre",
    "physique-chimie",
    "espagnol",
    "technologie",
    "arts plastiques",
    "éducation musicale",
    "allemand",
    "lettres classiques",
    "documentation",
];
const BIG: [&str; 8] =
    ["français", "mathématiques", "anglais", "histoire-géographie", "EPS", "mathématiques", "français", "espagnol"];

/// Those taught to whole classes; the others to teaching groups, or to nobody in particular (documentation).
const FOR_CLASSES: usize = 11;
const LANGUAGE: &str = "espagnol";

/// A teacher of the school.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Teacher {
    pub(crate) person: usize,
    pub(crate) discipline: &'static str,
}

const STAFF: [(&str, &str); 12] = [
    ("Principal", "Principale"),
    ("Conseiller principal d’éducation", "Conseillère principale d’éducation"),
    ("Secrétaire de direction", "Secrétaire de direction"),
    ("Infirmier scolaire", "Infirmière scolaire"),
    ("Adjoint gestionnaire", "Adjointe gestionnaire"),
    ("Assistant d’éducation", "Assistante d’éducation"),
    ("Assistant d’éducation", "Assistante d’éducation"),
    ("Psychologue de l’Éducation nationale", "Psychologue de l’Éducation nationale"),
    ("AESH", "AESH"),
    ("Conseiller principal d’éducation", "Conseillère principale d’éducation"),
    ("Assistant d’éducation", "Assistante d’éducation"),
    ("Agent d’accueil", "Agente d’accueil"),
];
const GUESTS: [(&str, &str); 4] = [
    ("Intervenant théâtre", "Intervenante théâtre"),
    ("Conseiller municipal", "Conseillère municipale"),
    ("Médiathécaire", "Médiathécaire"),
    ("Éducateur sportif", "Éducatrice sportive"),
];

/// "Professeure d’anglais", with the elision French asks for.
pub(crate) fn teacher_function(sex: Sex, discipline: &str) -> String {
    let noun = if sex == Sex::F { "Professeure" } else { "Professeur" };
    if discipline == "documentation" {
        return format!("{noun} documentaliste");
    }
    let vowel = people::fold(discipline).starts_with(['a', 'e', 'i', 'o', 'u', 'h']);
    format!("{noun} {}{discipline}", if vowel { "d’" } else { "de " })
}

/// Completes the teachers to `count`: one per discipline first, given those who are there.
pub(crate) fn teachers(
    school: &mut School,
    maker: &mut Maker<'_>,
    names: &Names,
    mut team: Vec<Teacher>,
    count: usize,
) -> Vec<Teacher> {
    let missing = DISCIPLINES.into_iter().filter(|d| team.iter().all(|t| t.discipline != *d)).collect::<Vec<_>>();
    for discipline in missing.into_iter().chain(BIG.into_iter().cycle()) {
        if team.len() >= count {
            break;
        }
        let person = adult(school, maker, names, Profile::Teacher, |sex| teacher_function(sex, discipline));
        team.push(Teacher { person, discipline });
    }
    team
}

/// Staff and guests, completed to `staff` and `guests`. The heads of the list come once, the rest again and again.
pub(crate) fn others(school: &mut School, maker: &mut Maker<'_>, names: &Names, staff: usize, guests: usize) {
    for (profile, jobs, count) in [(Profile::Staff, &STAFF[..], staff), (Profile::Guest, &GUESTS[..], guests)] {
        let again = if profile == Profile::Staff { &STAFF[5..7] } else { &GUESTS[..] };
        let there = school.members(School::everybody(profile)).len();
        for job in jobs.iter().chain(again.iter().cycle()).take(count.saturating_sub(there)) {
            adult(school, maker, names, profile, |sex| if sex == Sex::F { job.1 } else { job.0 }.to_owned());
        }
    }
}

fn adult(
    school: &mut School,
    maker: &mut Maker<'_>,
    names: &Names,
    profile: Profile,
    function: impl Fn(Sex) -> String,
) -> usize {
    let sex = Names::sex(&mut maker.rng);
    let age = if maker.rng.chance(30) { Age::Elder } else { Age::Adult };
    let origin = names.origin(&mut maker.rng);
    let first = names.first(&mut maker.rng, origin, age, sex);
    let last = names.last(&mut maker.rng, origin);
    let person = maker.person(profile, sex, first, last, function(sex));
    school.add(person)
}

/// Gives each class its teachers, its head teacher and the CPE who follows it.
pub(crate) fn attach(school: &mut School, team: &[Teacher]) {
    let of =
        |discipline: &str| team.iter().filter(|t| t.discipline == discipline).map(|t| t.person).collect::<Vec<_>>();
    let by_discipline: Vec<Vec<usize>> =
        DISCIPLINES.iter().take(FOR_CLASSES).filter(|d| **d != LANGUAGE).map(|d| of(d)).collect();
    let cpe: Vec<usize> = school
        .members(School::everybody(Profile::Staff))
        .iter()
        .copied()
        .filter(|person| {
            school
                .people
                .get(*person)
                .is_some_and(|p| p.function.contains("d’éducation") && p.function.starts_with("Conseill"))
        })
        .collect();
    let classes: Vec<_> = school.classes.iter().map(|c| (c.teachers, c.staff, c.name.clone())).collect();
    for (index, (teachers, staff, name)) in classes.into_iter().enumerate() {
        for discipline in &by_discipline {
            if let Some(teacher) = discipline.get(index % discipline.len().max(1)) {
                school.join(teachers, *teacher);
            }
        }
        if let (Some(staff), Some(cpe)) = (staff, cpe.get(index % cpe.len().max(1))) {
            school.join(staff, *cpe);
        }
        // The first discipline leads the first classes, the second the next ones…
        let head =
            by_discipline.get(index / 2 % by_discipline.len().max(1)).and_then(|d| d.get(index % d.len().max(1)));
        if let Some(person) = head.and_then(|head| school.people.get_mut(*head))
            && !person.function.contains("principal")
        {
            let noun = if person.sex == Sex::F { "professeure principale" } else { "professeur principal" };
            person.function = format!("{}, {noun} de {name}", person.function);
            if let Some(class) = school.classes.get_mut(index) {
                class.head_teacher = head.copied();
            }
        }
    }
}

/// The teaching groups (S1: ULIS comes as one): a second language from 5e on, Latin, ULIS across levels.
/// `students` are (person, class index), in order.
pub(crate) fn groups(school: &mut School, maker: &mut Maker<'_>, team: &[Teacher], students: &[(usize, usize)]) {
    let teacher_of = |discipline: &str, turn: usize| {
        let all: Vec<_> = team.iter().filter(|t| t.discipline == discipline).collect();
        all.get(turn % all.len().max(1)).map(|t| t.person)
    };
    let levels: Vec<&'static str> = school.classes.iter().map(|c| c.level).collect();
    let mut made: Vec<(String, &'static str, Option<usize>, Vec<usize>)> = Vec::new();
    for (turn, (digit, level)) in crate::school::LEVELS.iter().enumerate().skip(1) {
        let pupils: Vec<usize> =
            students.iter().filter(|(_, class)| levels.get(*class) == Some(level)).map(|(person, _)| *person).collect();
        let (mut spanish, mut german, mut latin) = (Vec::new(), Vec::new(), Vec::new());
        for pupil in pupils {
            if maker.rng.chance(70) {
                spanish.push(pupil)
            } else {
                german.push(pupil)
            }
            if maker.rng.chance(18) {
                latin.push(pupil);
            }
        }
        for (number, group) in spanish.chunks(28).enumerate() {
            let name = format!("LV2 espagnol {digit}e, groupe {}", number + 1);
            made.push((name, level, teacher_of(LANGUAGE, turn + number), group.to_vec()));
        }
        made.push((format!("LV2 allemand {digit}e"), level, teacher_of("allemand", turn), german));
        made.push((format!("Latin {digit}e"), level, teacher_of("lettres classiques", turn), latin));
    }
    let ulis = students.iter().filter(|_| maker.rng.chance(3)).map(|(person, _)| *person).take(12).collect();
    made.push(("ULIS".to_owned(), "", teacher_of("français", 1), ulis));
    for (name, level, teacher, members) in made.into_iter().filter(|(.., members)| !members.is_empty()) {
        let class = school.class(maker, GroupKind::TeachingGroup, &name, level);
        fill(school, class, teacher, &members);
    }
}

/// The automatic groups across classes: the teachers of each discipline, the head teachers of each class and of the school.
pub(crate) fn colleges(school: &mut School, maker: &mut Maker<'_>, team: &[Teacher]) {
    for discipline in DISCIPLINES {
        let members: Vec<usize> = team.iter().filter(|t| t.discipline == discipline).map(|t| t.person).collect();
        if members.is_empty() {
            continue;
        }
        let title = capitalised(discipline);
        let name = discipline_group_name(&title);
        let group = school.group(maker, GroupKind::Discipline, Some(Profile::Teacher), None, name);
        if let Some(group) = school.groups.get_mut(group) {
            (group.discipline, group.members) = (Some(title), members);
        }
    }
    let heads: Vec<(String, String, usize)> = school
        .classes
        .iter()
        .filter_map(|class| Some((class.id.clone(), class.name.clone(), class.head_teacher?)))
        .collect();
    let everywhere = head_teacher_group_name(None);
    let everywhere = school.group(maker, GroupKind::HeadTeacher, Some(Profile::Teacher), None, everywhere);
    for (class, name, head) in heads {
        let name = head_teacher_group_name(Some(&name));
        let group = school.group(maker, GroupKind::HeadTeacher, Some(Profile::Teacher), Some(class), name);
        school.join(group, head);
        school.join(everywhere, head);
    }
}

/// "mathématiques" as a title: "Mathématiques".
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Students of a teaching group, their relatives and their teacher.
fn fill(school: &mut School, class: usize, teacher: Option<usize>, members: &[usize]) {
    let Some((students, relatives, teachers)) =
        school.classes.get(class).map(|c| (c.students, c.relatives, c.teachers))
    else {
        return;
    };
    let kin: Vec<usize> = school.kinships.iter().filter(|k| members.contains(&k.student)).map(|k| k.relative).collect();
    members.iter().for_each(|student| school.join(students, *student));
    kin.into_iter().for_each(|relative| school.join(relatives, relative));
    teacher.into_iter().for_each(|teacher| school.join(teachers, teacher));
}
