//! Students and the people responsible for them: brothers and sisters, separated parents, step-parents, guardians.

use people::Profile;

use crate::names::{Age, Names, Sex};
use crate::person::{Maker, Person};
use crate::school::{Kinship, School};

/// Makes `students` students and `relatives` relatives more, family by family, filling classes evenly.
/// Gives (person, class index) of each student made.
pub(crate) fn make(
    school: &mut School,
    maker: &mut Maker<'_>,
    names: &Names,
    students: usize,
    relatives: usize,
    class_count: usize,
) -> Vec<(usize, usize)> {
    let households = (students * 3 / 4).clamp(relatives.div_ceil(2), relatives.max(1)).clamp(1, students.max(1));
    let mut made = Vec::with_capacity(students);
    // A seat for every student, spread over classes: brothers and sisters do not sit side by side.
    let mut seats: Vec<usize> = (0..students).map(|n| n % class_count.max(1)).collect();
    for last in (1..seats.len()).rev() {
        seats.swap(last, maker.rng.below(last + 1));
    }
    let (mut students_left, mut relatives_left) = (students, relatives);
    for household in 0..households {
        let others = households - household - 1;
        let children = share(maker, students_left, others, 4);
        let adults = share(maker, relatives_left, others, 2);
        students_left -= children;
        relatives_left -= adults;
        let family = Family::draw(maker, names);
        let kin = family.adults(school, maker, names, adults);
        for _ in 0..children {
            let class = seats.pop().unwrap_or(0);
            let student = family.child(school, maker, names);
            enrol(school, student, class, &kin);
            made.push((student, class));
        }
    }
    homonyms(school, maker, &made);
    made
}

/// How many of `left` this household takes so that each of the `others` can have at least one and at most `most`.
fn share(maker: &mut Maker<'_>, left: usize, others: usize, most: usize) -> usize {
    let least = left.saturating_sub(others * most).max(1);
    let all = left.saturating_sub(others).clamp(least, most.max(least));
    let average = left.div_ceil(others + 1);
    let drawn = if maker.rng.chance(50) { average.saturating_sub(1) } else { average };
    let drawn = if maker.rng.chance(12) { drawn + 1 } else { drawn };
    drawn.clamp(least, all).min(left)
}

/// Puts a student in a class, with those responsible for her.
pub(crate) fn enrol(school: &mut School, student: usize, class: usize, kin: &[(usize, bool)]) {
    let Some((students, relatives)) = school.classes.get(class).map(|c| (c.students, c.relatives)) else { return };
    school.join(students, student);
    for (relative, legal) in kin {
        school.join(relatives, *relative);
        school.kinships.push(Kinship { relative: *relative, student, legal: *legal });
    }
}

/// The names of a household.
struct Family {
    origin: &'static str,
    father: String,
    mother: String,
    children: String,
    /// Brought up by somebody else: a grandparent, an aunt, a guardian.
    guardian: bool,
}

impl Family {
    fn draw(maker: &mut Maker<'_>, names: &Names) -> Self {
        let rng = &mut maker.rng;
        let origin = names.origin(rng);
        let father = names.last(rng, origin).to_owned();
        let other = if rng.chance(75) { origin } else { names.origin(rng) };
        let mother = if rng.chance(50) { father.clone() } else { names.last(rng, other).to_owned() };
        let children = match rng.below(100) {
            0..12 if father != mother && !father.contains(' ') && !mother.contains(' ') => format!("{father}-{mother}"),
            12..24 => mother.clone(),
            _ => father.clone(),
        };
        Self { origin, father, mother, children, guardian: rng.chance(3) }
    }

    /// Those responsible, and whether they are so by law: one or two parents, or a guardian and perhaps a step-parent.
    fn adults(&self, school: &mut School, maker: &mut Maker<'_>, names: &Names, count: usize) -> Vec<(usize, bool)> {
        let first_sex = if maker.rng.chance(80) || count > 1 { Sex::F } else { Sex::M };
        (0..count)
            .map(|turn| {
                let sex = if turn == 0 { first_sex } else { Sex::M };
                let last = if sex == Sex::F { &self.mother } else { &self.father };
                let guardian = self.guardian && turn == 0;
                let (age, last) = if guardian {
                    (Age::Elder, names.last(&mut maker.rng, self.origin).to_owned())
                } else {
                    (Age::Adult, last.clone())
                };
                let first = names.first(&mut maker.rng, self.origin, age, sex);
                let function = match (guardian, sex) {
                    (true, Sex::F) => "Tutrice légale",
                    (true, Sex::M) => "Tuteur légal",
                    _ => "",
                };
                let person = maker.person(Profile::Relative, sex, first, &last, function.to_owned());
                let legal = turn == 0 || !self.guardian;
                (school.add(person), legal)
            })
            .collect()
    }

    fn child(&self, school: &mut School, maker: &mut Maker<'_>, names: &Names) -> usize {
        let sex = Names::sex(&mut maker.rng);
        let first = names.first(&mut maker.rng, self.origin, Age::Child, sex);
        let person = maker.person(Profile::Student, sex, first, &self.children, String::new());
        school.add(person)
    }
}

/// A-1 asks for homonyms to be told apart: the last student made is called like the first.
fn homonyms(school: &mut School, maker: &mut Maker<'_>, made: &[(usize, usize)]) {
    let (Some((one, _)), Some((other, _))) = (made.first(), made.last()) else { return };
    let Some(Person { first, last, sex, .. }) = school.people.get(*one).cloned() else { return };
    if let Some(person) = school.people.get_mut(*other).filter(|_| one != other) {
        person.login = maker.namer.login(&first, &last).to_string();
        person.address = maker.namer.address(&first, &last, maker.domain).to_string();
        (person.first, person.last, person.sex) = (first, last, sex);
    }
}
