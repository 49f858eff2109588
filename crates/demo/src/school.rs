//! One made-up school in memory: people and groups by index, until they are written.

use people::{GroupKind, Profile, automatic_group_name};

use crate::person::{Maker, Person};

/// The four levels of a collège: the digit in class names, the code in the database.
pub(crate) const LEVELS: [(&str, &str); 4] = [("6", "6EME"), ("5", "5EME"), ("4", "4EME"), ("3", "3EME")];

#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) id: String,
    pub(crate) kind: GroupKind,
    pub(crate) name: String,
    pub(crate) level: &'static str,
    /// Its groups in [`School::groups`]: students, relatives, teachers, staff.
    pub(crate) students: usize,
    pub(crate) relatives: usize,
    pub(crate) teachers: usize,
    pub(crate) staff: Option<usize>,
    /// In [`School::people`].
    pub(crate) head_teacher: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) kind: GroupKind,
    pub(crate) profile: Option<Profile>,
    pub(crate) class: Option<String>,
    pub(crate) discipline: Option<String>,
    pub(crate) name: String,
    pub(crate) participation: &'static str,
    pub(crate) members_hidden: bool,
    pub(crate) members: Vec<usize>,
    /// Those who keep an ad hoc group (D-3).
    pub(crate) managers: Vec<usize>,
}

/// A relative, a student, and whether the relative is a legal representative.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kinship {
    pub(crate) relative: usize,
    pub(crate) student: usize,
    pub(crate) legal: bool,
}

#[derive(Debug)]
pub(crate) struct School {
    pub(crate) uai: String,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) people: Vec<Person>,
    pub(crate) classes: Vec<Class>,
    pub(crate) groups: Vec<Group>,
    pub(crate) kinships: Vec<Kinship>,
    /// From a group to a group, beside what the preset brings.
    pub(crate) rules: Vec<(usize, usize)>,
    pub(crate) admins: Vec<usize>,
    /// What each teacher teaches.
    pub(crate) disciplines: Vec<(usize, &'static str)>,
}

impl School {
    /// A school with its own five groups, in the order of [`Profile::ALL`].
    pub(crate) fn new(maker: &mut Maker<'_>, uai: String, name: String) -> Self {
        let domain = maker.domain.to_owned();
        let mut school = Self {
            uai,
            name,
            domain,
            people: Vec::new(),
            classes: Vec::new(),
            groups: Vec::new(),
            kinships: Vec::new(),
            rules: Vec::new(),
            admins: Vec::new(),
            disciplines: Vec::new(),
        };
        for profile in Profile::ALL {
            school.group(maker, GroupKind::Establishment, Some(*profile), None, automatic_group_name(*profile, None));
        }
        school
    }

    /// Adds a group; its index.
    pub(crate) fn group(
        &mut self,
        maker: &mut Maker<'_>,
        kind: GroupKind,
        profile: Option<Profile>,
        class: Option<String>,
        name: String,
    ) -> usize {
        let id = maker.id();
        self.groups.push(Group {
            id,
            kind,
            profile,
            class,
            discipline: None,
            name,
            participation: "none",
            members_hidden: false,
            members: Vec::new(),
            managers: Vec::new(),
        });
        self.groups.len() - 1
    }

    /// Adds a class or teaching group with its automatic groups; its index.
    pub(crate) fn class(&mut self, maker: &mut Maker<'_>, kind: GroupKind, name: &str, level: &'static str) -> usize {
        let id = maker.id();
        let mut group = |profile| {
            self.group(maker, kind, Some(profile), Some(id.clone()), automatic_group_name(profile, Some(name)))
        };
        let [students, relatives, teachers] = [Profile::Student, Profile::Relative, Profile::Teacher].map(&mut group);
        let staff = (kind == GroupKind::Class).then(|| group(Profile::Staff));
        let (name, head_teacher) = (name.to_owned(), None);
        self.classes.push(Class { id, kind, name, level, students, relatives, teachers, staff, head_teacher });
        self.classes.len() - 1
    }

    /// Adds a person to the school and to the group of her profile; her index.
    pub(crate) fn add(&mut self, person: Person) -> usize {
        let index = self.people.len();
        let profile = Profile::ALL.iter().position(|p| *p == person.profile).unwrap_or(0);
        self.people.push(person);
        if let Some(group) = self.groups.get_mut(profile) {
            group.members.push(index);
        }
        index
    }

    /// Puts a person in a group, once.
    pub(crate) fn join(&mut self, group: usize, person: usize) {
        if let Some(group) = self.groups.get_mut(group)
            && !group.members.contains(&person)
        {
            group.members.push(person);
        }
    }

    pub(crate) fn members(&self, group: usize) -> &[usize] {
        self.groups.get(group).map_or(&[], |g| &g.members)
    }

    /// The group of the whole school for a profile.
    pub(crate) fn everybody(profile: Profile) -> usize {
        Profile::ALL.iter().position(|p| *p == profile).unwrap_or(0)
    }
}
