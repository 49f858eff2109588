//! From the options to a network of schools, one school in memory at a time.

use people::{GroupKind, Namer, Profile};
use store::Database;

use crate::leads::{self, Leads};
use crate::names::Names;
use crate::person::Maker;
use crate::rng::Rng;
use crate::school::{LEVELS, School};
use crate::{
    Error, Options, announcements, events, families, letters, load, models, publipostage, rubriques, teaching,
};

/// The domain of the universal addresses: a reserved one (RFC 2606).
const DOMAIN: &str = "ent.example";

/// Students in a class, on average.
const CLASS_SIZE: usize = 27;

const PATRONS: [&str; 20] = [
    "Collège Simone-Veil",
    "Collège Jean-Moulin",
    "Collège Marie-Curie",
    "Collège Victor-Hugo",
    "Collège Olympe-de-Gouges",
    "Collège Aimé-Césaire",
    "Collège George-Sand",
    "Collège Jules-Verne",
    "Collège Rosa-Parks",
    "Collège Alexandre-Dumas",
    "Collège Louise-Michel",
    "Collège Émile-Zola",
    "Collège Joséphine-Baker",
    "Collège Jacques-Prévert",
    "Collège Anne-Frank",
    "Collège Frédéric-Mistral",
    "Collège Germaine-Tillion",
    "Collège Lucie-Aubrac",
    "Collège Gustave-Eiffel",
    "Collège Sonia-Delaunay",
];

/// What will be made.
pub(crate) struct Plan {
    options: Options,
    rng: Rng,
}

impl Plan {
    pub(crate) const fn new(options: &Options) -> Self {
        let rng = Rng::new(options.seed).branch(((options.people as u64) << 20) | options.establishments as u64);
        Self { options: *options, rng }
    }

    /// The id of a person who exists in this demo and in no other database.
    pub(crate) fn mark(&self) -> String {
        ulid::Ulid::from_parts(crate::person::CREATED, self.rng.branch(u64::MAX).bits()).to_string()
    }

    /// Makes the schools, one after the other, and gives each: only one is in memory.
    pub(crate) fn schools(
        &self,
        mut take: impl FnMut(u32, School, Option<Leads>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let names = Names::new();
        let mut namer = Namer::default();
        let count = self.options.establishments;
        for number in 0..count {
            // Spread what does not divide evenly over the first establishments.
            let size = self.options.people / count + u32::from(number < self.options.people % count);
            let maker = Maker { rng: self.rng.branch(u64::from(number) + 1), namer: &mut namer, domain: DOMAIN };
            let (school, leads) = school(maker, &names, number, size as usize)?;
            take(number, school, leads)?;
        }
        Ok(())
    }

    /// Writes everything; the caller holds the transaction.
    pub(crate) fn write(&self, database: &dyn Database) -> Result<(), Error> {
        // All activated accounts share one password on purpose, so they may share its hash: hashing 100,000 times would
        // take two hours and protect nothing, since the password is printed. A real account has a salt of its own.
        let password = load::hash(crate::PASSWORD, self.options.seed)?;
        self.schools(|number, mut school, leads| {
            if number == 0
                && let Some(first) = school.people.first_mut()
            {
                first.id = self.mark();
            }
            load::school(database, &school, &password)?;
            let uai: people::Uai = school.uai.parse().map_err(|_| Error::Contradiction("an invalid UAI"))?;
            rights::settle(&database, &uai)?;
            rubriques::write(database, &school, self.rng.branch(u64::MAX - 2 - u64::from(number)))?;
            if number == 0 {
                events::write(database, &school, self.options.now, self.rng.branch(u64::MAX / 2 - 1))?;
            }
            leads.map_or(Ok(()), |leads| {
                letters::write(database, &school, leads, &self.options, self.rng.branch(u64::MAX - 1))?;
                publipostage::write(database, &school, leads, &self.options, self.rng.branch(u64::MAX / 2))?;
                models::write(database, &school, leads, &self.options, &self.rng.branch(u64::MAX / 2 - 2))?;
                announcements::write(database, &school, leads, self.options.now, self.rng.branch(u64::MAX - 15))
            })
        })
    }
}

/// One school of `size` people; the first one has the leads.
fn school(mut maker: Maker<'_>, names: &Names, number: u32, size: usize) -> Result<(School, Option<Leads>), Error> {
    let mut school = School::new(&mut maker, uai(number), establishment_name(number));
    let (students, teachers, staff) = (size * 43 / 100, (size * 4 / 100).max(14), (size * 16 / 1000).max(7));
    let guests = (size * 6 / 1000).max(4);
    let relatives = size.saturating_sub(students + teachers + staff + guests);
    let per_level = ((students + CLASS_SIZE * 2) / (CLASS_SIZE * 4)).max(1);
    for (digit, level) in LEVELS {
        for letter in 0..per_level {
            school.class(&mut maker, GroupKind::Class, &class_name(digit, letter), level);
        }
    }
    let class_count = school.classes.len();
    let (leads, team) = if number == 0 {
        let (leads, team) = leads::cast(&mut school, &mut maker, 0, per_level * 2);
        (Some(leads), team)
    } else {
        (None, Vec::new())
    };
    let [cast_students, cast_relatives, ..] = if leads.is_some() { leads::COUNTS } else { [0; 5] };
    let team = teaching::teachers(&mut school, &mut maker, names, team, teachers);
    teaching::others(&mut school, &mut maker, names, staff, guests);
    let mut seated: Vec<(usize, usize)> = seats(&school);
    seated.extend(families::make(
        &mut school,
        &mut maker,
        names,
        students.saturating_sub(cast_students),
        relatives.saturating_sub(cast_relatives),
        class_count,
    ));
    teaching::attach(&mut school, &team);
    teaching::groups(&mut school, &mut maker, &team, &seated);
    school.disciplines = team.iter().map(|teacher| (teacher.person, teacher.discipline)).collect();
    societies(&mut school, &mut maker, &team);
    exceptions(&mut school);
    teaching::colleges(&mut school, &mut maker, &team);
    if school.admins.is_empty() {
        school.admins.extend(school.members(School::everybody(Profile::Staff)).first().copied());
    }
    if school.people.len() == size { Ok((school, leads)) } else { Err(Error::Contradiction("a miscounted school")) }
}

/// The students who sit in a class already.
fn seats(school: &School) -> Vec<(usize, usize)> {
    let seats = school
        .classes
        .iter()
        .enumerate()
        .flat_map(|(index, class)| school.members(class.students).iter().map(move |person| (*person, index)));
    seats.collect()
}

/// Groups that people make: the board and clubs, whose members write to one another, and a distribution list.
fn societies(school: &mut School, maker: &mut Maker<'_>, team: &[teaching::Teacher]) {
    let some = |school: &School, profile, skip: usize, take: usize| {
        school.members(School::everybody(profile)).iter().copied().skip(skip).take(take).collect::<Vec<_>>()
    };
    let mut board = some(school, Profile::Staff, 0, 3);
    board.extend(some(school, Profile::Teacher, 0, 3));
    board.extend(some(school, Profile::Relative, 0, 3));
    board.extend(some(school, Profile::Guest, 1, 1));
    let mut theatre = some(school, Profile::Guest, 0, 1);
    theatre.extend(team.iter().find(|t| t.discipline == "français").map(|t| t.person));
    // Lina, without her brother: they may not write to each other by the rules of her class.
    theatre.extend(some(school, Profile::Student, 0, 1));
    theatre.extend(some(school, Profile::Student, 3, 13));
    let mut sport: Vec<usize> = team.iter().filter(|t| t.discipline == "EPS").map(|t| t.person).collect();
    sport.extend(some(school, Profile::Student, 20, 24));
    let lead = |discipline| team.iter().find(|t| t.discipline == discipline).map(|t| t.person);
    for (kind, name, members, manager) in [
        (GroupKind::Manual, "Conseil d’administration", board, None),
        (GroupKind::AdHoc, "Club théâtre", theatre, lead("français")),
        (GroupKind::AdHoc, "Association sportive", sport, lead("EPS")),
    ] {
        let group = school.group(maker, kind, None, None, name.to_owned());
        members.into_iter().for_each(|member| school.join(group, member));
        if let Some(group) = school.groups.get_mut(group) {
            group.participation = "both";
            group.managers.extend(manager);
        }
    }
    let relatives = some(school, Profile::Relative, 0, usize::MAX);
    let name = "Liste de diffusion : tous les parents".to_owned();
    let list = school.group(maker, GroupKind::List, Some(Profile::Relative), None, name);
    if let Some(group) = school.groups.get_mut(list) {
        (group.members_hidden, group.members) = (true, relatives);
    }
    school.rules.push((School::everybody(Profile::Staff), list));
}

/// A few accounts that are not as usual: no mailbox and no redirect address (M-9), blocked, gone.
fn exceptions(school: &mut School) {
    let last = |school: &School, profile, back: usize| {
        school.members(School::everybody(profile)).iter().rev().nth(back).copied()
    };
    let unreachable =
        [last(school, Profile::Relative, 3), last(school, Profile::Relative, 8), last(school, Profile::Guest, 0)];
    let (blocked, left) = (last(school, Profile::Student, 5), last(school, Profile::Teacher, 0));
    for person in unreachable.into_iter().flatten() {
        if let Some(person) = school.people.get_mut(person) {
            (person.mailbox, person.redirect) = (false, None);
        }
    }
    if let Some(person) = blocked.and_then(|p| school.people.get_mut(p)) {
        person.blocked = true;
    }
    if let Some(person) = left.and_then(|p| school.people.get_mut(p)) {
        person.left = true;
    }
}

/// "6A" to "6Z"; beyond, "627".
fn class_name(digit: &str, index: usize) -> String {
    match u8::try_from(index) {
        Ok(letter @ 0..26) => format!("{digit}{}", char::from(b'A' + letter)),
        _ => format!("{digit}{:02}", index + 1),
    }
}

/// A code of the right form with its check letter, in a département that has no school (099).
fn uai(number: u32) -> String {
    const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let digits = 990_001 + number;
    let letter = LETTERS.get((digits % 23) as usize).copied().unwrap_or(b'A');
    format!("{digits:07}{}", char::from(letter))
}

fn establishment_name(number: u32) -> String {
    let index = number as usize;
    let patron = PATRONS.get(index % PATRONS.len()).copied().unwrap_or("Collège");
    if index < PATRONS.len() { patron.to_owned() } else { format!("{patron} ({})", index / PATRONS.len() + 1) }
}
