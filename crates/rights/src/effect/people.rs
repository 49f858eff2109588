//! People by classes of equal groups: as senders by all their groups, as recipients by those of the establishment.

use std::collections::HashMap;

use store::{Database, Error, params};

use super::reach::{Classes, Reach};
use super::state::Rules;
use crate::edit::{Edit, Editor};

/// Senders who differ in nothing that rules know of.
pub(super) struct SenderClass {
    /// Places of their groups, in order.
    pub(super) groups: Vec<usize>,
    /// They may write beyond their establishment (`send-extended`).
    pub(super) extended: bool,
    members: Vec<usize>,
}

impl SenderClass {
    pub(super) fn members(&self) -> impl Iterator<Item = usize> {
        self.members.iter().copied()
    }
}

/// What lies between a sender and one recipient whatever the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    recipient: usize,
    /// She may write to her as her relative, before and after the edit.
    pub(super) before: bool,
    pub(super) after: bool,
    /// She may not write to her.
    barred: bool,
}

/// Everybody whom the edit may concern, by place in one list.
pub(super) struct People {
    senders: Vec<SenderClass>,
    /// Of each person, her class as a recipient.
    class_of: Vec<usize>,
    /// Of each class of recipients, how many they are.
    sizes: Vec<u64>,
    /// Of each group of the establishment, the classes of its members.
    classes_in: HashMap<usize, Classes>,
    ties: HashMap<usize, Vec<Tie>>,
}

impl People {
    pub(super) fn read(
        database: &impl Database,
        editor: &Editor<'_>,
        edit: &Edit,
        rules: &Rules,
    ) -> Result<Self, Error> {
        let rows = database.execute(include_str!("people.sql"), params![editor.uai.as_str()])?;
        let mut people = Self {
            senders: Vec::new(),
            class_of: Vec::new(),
            sizes: Vec::new(),
            classes_in: HashMap::new(),
            ties: HashMap::new(),
        };
        let mut places = HashMap::new();
        let mut sender_classes: HashMap<(Vec<usize>, bool), usize> = HashMap::new();
        let mut recipient_classes: HashMap<Vec<usize>, usize> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            places.insert(row.text(0)?.to_owned(), place);
            let mut groups: Vec<usize> = row.text(3)?.split(' ').filter_map(|id| rules.place(id)).collect();
            groups.sort_unstable();
            let own: Vec<usize> = groups.iter().copied().filter(|group| rules.is_own(*group)).collect();
            let class = *recipient_classes.entry(own).or_insert_with_key(|own| people.recipient_class(own));
            people.class_of.push(class);
            people.sizes.get_mut(class).into_iter().for_each(|size| *size += 1);
            if row.boolean(1)? {
                let key = (groups, row.boolean(2)?);
                let class = *sender_classes.entry(key).or_insert_with_key(|(groups, extended)| {
                    people.senders.push(SenderClass {
                        groups: groups.clone(),
                        extended: *extended,
                        members: Vec::new(),
                    });
                    people.senders.len() - 1
                });
                people.senders.get_mut(class).into_iter().for_each(|class| class.members.push(place));
            }
        }
        people.tie(database, editor, edit, &places)?;
        Ok(people)
    }

    fn recipient_class(&mut self, own: &[usize]) -> usize {
        let class = self.sizes.len();
        self.sizes.push(0);
        for group in own {
            self.classes_in.entry(*group).or_default().insert(class);
        }
        class
    }

    fn tie(
        &mut self,
        database: &impl Database,
        editor: &Editor<'_>,
        edit: &Edit,
        places: &HashMap<String, usize>,
    ) -> Result<(), Error> {
        let preset = match edit {
            Edit::Preset(preset) => Some(preset.as_str()),
            _ => None,
        };
        for row in database.execute(include_str!("ties.sql"), params![editor.uai.as_str(), preset, editor.now])? {
            let (Some(sender), Some(recipient)) = (places.get(row.text(0)?), places.get(row.text(1)?)) else {
                continue;
            };
            let tie =
                Tie { recipient: *recipient, before: row.boolean(2)?, after: row.boolean(3)?, barred: row.boolean(4)? };
            self.ties.entry(*sender).or_default().push(tie);
        }
        Ok(())
    }

    pub(super) fn senders(&self) -> impl Iterator<Item = &SenderClass> {
        self.senders.iter()
    }

    pub(super) fn classes_in(&self, group: usize) -> Option<&Classes> {
        self.classes_in.get(&group)
    }

    /// Whether `sender` reaches somebody by what her class reaches `more`, or by kinship, whom she did not reach with `had`. `sides` tells
    /// of a tie whether it was there, and whether it is there then. She herself does not count.
    pub(super) fn reaches_more(
        &self,
        sender: usize,
        more: &Reach,
        had: &Reach,
        sides: impl Fn(&Tie) -> (bool, bool),
    ) -> bool {
        if more.names_groups() {
            return true;
        }
        let ties = self.ties.get(&sender).map_or(&[][..], Vec::as_slice);
        let class = |person: usize| self.class_of.get(person).copied();
        let barred = |person: usize| ties.iter().any(|tie| tie.barred && tie.recipient == person);
        let by_kinship = ties.iter().any(|tie| {
            let (was, is) = sides(tie);
            let reached = class(tie.recipient).is_some_and(|class| had.reaches(class));
            is && !was && !reached && tie.recipient != sender && !barred(tie.recipient)
        });
        if by_kinship || more.is_empty() {
            return by_kinship;
        }
        // Among those whom her class reaches more: herself, and who was reached or is barred anyway.
        let mut except: Vec<usize> =
            ties.iter().filter(|tie| tie.barred || sides(tie).0).map(|tie| tie.recipient).collect();
        except.push(sender);
        except.sort_unstable();
        except.dedup();
        let excepted =
            except.into_iter().filter(|person| class(*person).is_some_and(|class| more.reaches(class))).count();
        let reached: u64 = more.classes().filter_map(|class| self.sizes.get(class)).sum();
        reached > u64::try_from(excepted).unwrap_or(u64::MAX)
    }
}
