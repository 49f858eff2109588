//! A school as an academy's directory knows it.

use std::collections::{BTreeMap, HashMap};

use feed::{Function, Kind, Place, Record, Tie};
use people::{GroupKind, Profile};

use super::day::{Event, Time};
use super::{Entries, facts};
use crate::names::Sex;
use crate::person::Person;
use crate::rng::Rng;
use crate::school::{LEVELS, School};

/// The entries of a school, whose number is `number`, on a day.
pub(super) fn of(school: &School, number: u32, seed: u64, day: u32) -> Entries {
    let writer = Town { school, number: u64::from(number), seed, day };
    let mut entries = Entries::new();
    let mut put = |kind, id, record| {
        entries.insert((kind, id), record);
    };
    if number == 0 {
        for (code, label, _) in facts::SUBJECTS {
            put(Kind::Subject, code.to_owned(), Record { name: some(label), ..Record::default() });
        }
        for (digit, level) in LEVELS {
            put(Kind::Level, format!("10{digit}10012110"), Record { name: some(level), ..Record::default() });
        }
    }
    let establishment = Record { uai: some(&school.uai), name: some(&school.name), ..Record::default() };
    put(Kind::Establishment, writer.structure(), establishment);
    let (mut taught, mut followed) = writer.classes();
    let ties = writer.ties();
    for (index, person) in school.people.iter().enumerate().filter(|(_, person)| !person.left) {
        let places = taught.remove(&index).unwrap_or_default();
        let record = match person.profile {
            Profile::Student if writer.time(index).there() => {
                let relatives = ties.get(&index).cloned().unwrap_or_default();
                writer.student(index, person, followed.remove(&index).unwrap_or_default(), relatives)
            }
            Profile::Relative if writer.has_children(index) => writer.relative(index, person),
            Profile::Teacher | Profile::Staff => writer.adult(index, person, places),
            Profile::Student | Profile::Relative | Profile::Guest => continue,
        };
        let kind = match person.profile {
            Profile::Student => Kind::Student,
            Profile::Relative => Kind::Relative,
            _ => Kind::Adult,
        };
        put(kind, writer.id(index), record);
    }
    entries
}

/// Classes and teaching groups of somebody.
#[derive(Debug, Default)]
struct Places {
    classes: Vec<Place>,
    groups: Vec<Place>,
    level: &'static str,
}

/// A school on a day.
struct Town<'a> {
    school: &'a School,
    number: u64,
    seed: u64,
    day: u32,
}

impl Town<'_> {
    fn structure(&self) -> String {
        (7000 + self.number).to_string()
    }

    fn id(&self, person: usize) -> String {
        ((self.number + 1) * 1_000_000 + person as u64).to_string()
    }

    fn time(&self, person: usize) -> Time {
        Time::new(self.seed, (self.number + 1) * 1_000_000 + person as u64, self.day)
    }

    fn place(&self, name: &str, subject: &str) -> Place {
        Place { structure: self.structure(), name: name.to_owned(), subject: subject.to_owned() }
    }

    fn subject(&self, teacher: usize) -> Option<(&'static str, &'static str)> {
        let (_, own) = self.school.disciplines.iter().find(|(person, _)| *person == teacher)?;
        facts::SUBJECTS.iter().find(|(.., name)| name == own).map(|(code, label, _)| (*code, *label))
    }

    /// By person: what is taught or looked after, and where students sit.
    fn classes(&self) -> (HashMap<usize, Places>, HashMap<usize, Places>) {
        let (mut taught, mut followed) = (HashMap::<usize, Places>::new(), HashMap::<usize, Places>::new());
        for class in &self.school.classes {
            let add = |all: &mut HashMap<usize, Places>, person: usize, subject: &str| {
                let places = all.entry(person).or_default();
                let place = self.place(&class.name, subject);
                if class.kind == GroupKind::Class {
                    places.level = class.level;
                    places.classes.push(place);
                } else {
                    places.groups.push(place);
                }
            };
            for person in self.school.members(class.teachers) {
                add(&mut taught, *person, self.subject(*person).map_or("", |(code, _)| code));
            }
            for person in class.staff.map(|staff| self.school.members(staff)).into_iter().flatten() {
                add(&mut taught, *person, "");
            }
            for person in self.school.members(class.students) {
                add(&mut followed, *person, "");
            }
        }
        (taught, followed)
    }

    /// By student: those responsible for her. The first two are her parents, a guardian the only one by law.
    fn ties(&self) -> BTreeMap<usize, Vec<Tie>> {
        let mut ties = BTreeMap::<usize, Vec<Tie>>::new();
        for kinship in &self.school.kinships {
            let guardian = self.school.people.get(kinship.relative).is_some_and(|p| p.function.starts_with("Tut"));
            let of = ties.entry(kinship.student).or_default();
            let link = match (guardian, kinship.legal, of.len()) {
                (true, ..) => 50,
                (false, false, _) => 39,
                (false, true, 0) => 10,
                (false, true, _) => 20,
            };
            of.push(Tie { id: self.id(kinship.relative), link, legal: kinship.legal });
        }
        ties
    }

    fn has_children(&self, relative: usize) -> bool {
        let children = self.school.kinships.iter().filter(|kinship| kinship.relative == relative);
        children.map(|kinship| kinship.student).any(|student| self.time(student).there())
    }

    fn student(&self, index: usize, person: &Person, mut places: Places, relatives: Vec<Tie>) -> Record {
        let time = self.time(index);
        let mut rng = time.draw(1);
        self.move_class(&mut places, time.count(Event::Class));
        let age = LEVELS.iter().position(|(_, level)| *level == places.level).unwrap_or(0);
        let ine = format!("{:09}{}{}", rng.below(1_000_000_000), facts::letter(&mut rng), facts::letter(&mut rng));
        let home = self.household(index);
        Record {
            ine: Some(ine),
            level: some(places.level).filter(|level| !level.is_empty()),
            birth_date: Some(facts::birth(&mut rng, 2014 - age)),
            structure: Some(self.structure()),
            classes: list(places.classes),
            groups: list(places.groups),
            relatives: list(relatives),
            ..self.person(person, home)
        }
    }

    /// Goes to the next class of the level, so many times.
    fn move_class(&self, places: &mut Places, times: usize) {
        let classes = self.school.classes.iter().filter(|c| c.kind == GroupKind::Class && c.level == places.level);
        let names: Vec<&str> = classes.map(|class| class.name.as_str()).collect();
        for place in &mut places.classes {
            let at = names.iter().position(|name| *name == place.name).unwrap_or(0);
            if let Some(name) = names.get((at + times) % names.len().max(1)) {
                (*name).clone_into(&mut place.name);
            }
        }
    }

    fn relative(&self, index: usize, person: &Person) -> Record {
        let time = self.time(index);
        let mut rng = time.draw(1);
        let phone = rng.below(10_000) + time.count(Event::Mobile) * 7;
        // A mail address comes and goes.
        let mail = rng.chance(70) != (time.count(Event::Mail) % 2 == 1);
        let child =
            self.school.kinships.iter().find(|kinship| kinship.relative == index).map(|kinship| kinship.student);
        Record {
            mail: mail.then(|| format!("{}@example.org", person.login)),
            mobile: rng.chance(90).then(|| facts::number("06 39 98", phone)),
            home_phone: rng.chance(40).then(|| facts::number("05 36 49", phone / 2)),
            work_phone: rng.chance(15).then(|| facts::number("05 36 49", phone / 3)),
            ..self.person(person, child.map_or(index as u64, |child| self.household(child)))
        }
    }

    fn adult(&self, index: usize, person: &Person, places: Places) -> Record {
        let time = self.time(index);
        let mut rng = time.draw(1);
        let teaching = person.profile == Profile::Teacher;
        let subject = self.subject(index).map_or("", |(_, label)| label);
        let (code, label) = match subject {
            "DOCUMENTATION" => ("DOC", "DOCUMENTATION"),
            _ if teaching => ("ENS", "ENSEIGNEMENT"),
            _ => facts::post(&person.function),
        };
        let head_of = self.school.classes.iter().filter(|class| class.head_teacher == Some(index));
        let function = Function {
            structure: self.structure(),
            code: code.to_owned(),
            label: label.to_owned(),
            discipline: if teaching { subject.to_owned() } else { String::new() },
        };
        let at = time.count(Event::Mail);
        let more = if at == 0 { String::new() } else { format!(".{at}") };
        let birth_date = Some(facts::birth(&mut rng, 1962 + index % 36));
        Record {
            mail: Some(format!("{}{more}@ac-demo.example.org", person.login)),
            birth_date,
            structure: Some(self.structure()),
            classes: list(places.classes),
            groups: list(places.groups),
            head_of: list(head_of.map(|class| self.place(&class.name, "")).collect()),
            functions: Some(vec![function]),
            disciplines: list(Vec::from_iter((teaching && !subject.is_empty()).then(|| subject.to_owned()))),
            teaching: Some(teaching),
            ..names(person)
        }
    }

    /// A number that those who live together share: the first of those responsible for a student.
    fn household(&self, student: usize) -> u64 {
        let kinship = self.school.kinships.iter().find(|kinship| kinship.student == student);
        kinship.map_or(student, |kinship| kinship.relative) as u64
    }

    /// What families give: names and address.
    fn person(&self, person: &Person, home: u64) -> Record {
        let mut rng = Rng::new(self.seed).branch(self.number * 1_000_000 + home + 77);
        let (street, (postcode, city)) = facts::home(&mut rng);
        Record {
            street: Some(street),
            postcode: some(postcode),
            city: some(city),
            country: some("FRANCE"),
            ..names(person)
        }
    }
}

fn names(person: &Person) -> Record {
    let last = person.last.to_uppercase();
    Record {
        birth_name: Some(last.clone()),
        last_name: Some(last),
        first_name: some(&person.first),
        title: some(if person.sex == Sex::F { "Mme" } else { "M." }),
        ..Record::default()
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn list<T>(items: Vec<T>) -> Option<Vec<T>> {
    Some(items).filter(|items| !items.is_empty())
}
