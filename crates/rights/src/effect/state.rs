//! Groups, rules and people as they are, and the rules as an edit would leave them.

use std::collections::{BTreeSet, HashMap};

use store::{Database, Error, Row, params};

use crate::Preset;
use crate::edit::{Edit, Editor, Participation};

/// Groups by their place in one list, with how their members take part and where their rules lead.
#[derive(Clone)]
pub(super) struct Rules {
    groups: Vec<Group>,
    places: HashMap<String, usize>,
}

#[derive(Clone)]
struct Group {
    id: String,
    /// Empty for a group of the network.
    uai: String,
    own: bool,
    kind: String,
    profile: String,
    participation: Participation,
    targets: BTreeSet<usize>,
    name: String,
    folded_name: String,
}

impl Rules {
    pub(super) fn read(database: &impl Database, editor: &Editor<'_>, edit: &Edit) -> Result<Self, Error> {
        let (from, to) = edit.groups();
        let uai = editor.uai.as_str();
        let rows = database.execute(include_str!("groups.sql"), params![uai, from, to])?;
        let places: HashMap<String, usize> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| Ok((row.text(0)?.to_owned(), place)))
            .collect::<Result<_, Error>>()?;
        let group = |row: &Row| {
            Ok(Group {
                id: row.text(0)?.to_owned(),
                uai: row.text(1)?.to_owned(),
                own: row.text(1)? == uai,
                kind: row.text(2)?.to_owned(),
                profile: row.text(3)?.to_owned(),
                participation: row.text(4)?.parse().map_err(|_| Error::Column(4))?,
                targets: targets(row, 7, &places)?,
                name: row.text(5)?.to_owned(),
                folded_name: row.text(6)?.to_owned(),
            })
        };
        let groups = rows.iter().map(group).collect::<Result<_, Error>>()?;
        Ok(Self { groups, places })
    }

    /// The same after the edit: what the trigger `rights_changed` does.
    pub(super) fn edited(&self, database: &impl Database, editor: &Editor<'_>, edit: &Edit) -> Result<Self, Error> {
        let mut after = self.clone();
        let place = |id: &people::GroupId| self.places.get(id.as_str()).copied();
        match edit {
            Edit::AddRule(from, to) => {
                let (Some(from), Some(to)) = (place(from), place(to)) else { return Ok(after) };
                after.change(from, |group| {
                    group.targets.insert(to);
                    group.participation = group.participation.with(Participation::Incoming);
                });
                after.change(to, |group| {
                    if group.kind != "list" {
                        group.participation = group.participation.with(Participation::Outgoing);
                    }
                });
            }
            Edit::RemoveRule(from, to) => {
                let needed = database.first(NEEDED, params![from.as_str(), to.as_str()])?.ok_or(Error::Column(0))?;
                let (Some(from), Some(to)) = (place(from), place(to)) else { return Ok(after) };
                let (from_needed, to_needed) = (needed.boolean(0)?, needed.boolean(1)?);
                after.change(from, |group| {
                    group.targets.remove(&to);
                    if !from_needed {
                        group.participation = group.participation.without(Participation::Incoming);
                    }
                });
                after.change(to, |group| {
                    if !to_needed && group.own {
                        group.participation = group.participation.without(Participation::Outgoing);
                    }
                });
            }
            Edit::Participation(group, participation) => {
                if let Some(place) = place(group) {
                    after.change(place, |group| group.participation = *participation);
                }
            }
            Edit::Preset(preset) => after.apply(database, editor, *preset)?,
        }
        Ok(after)
    }

    fn apply(&mut self, database: &impl Database, editor: &Editor<'_>, preset: Preset) -> Result<(), Error> {
        let made_by_people: BTreeSet<usize> = (self.groups.iter().enumerate())
            .filter(|(_, group)| matches!(group.kind.as_str(), "manual" | "ad-hoc" | "list"))
            .map(|(place, _)| place)
            .collect();
        for row in database.execute(include_str!("preset.sql"), params![editor.uai.as_str(), preset.as_str()])? {
            let Some(place) = self.places.get(row.text(0)?).copied() else { continue };
            let participation = row.text(1)?.parse().map_err(|_| Error::Column(1))?;
            let made = targets(&row, 2, &self.places)?;
            self.change(place, |group| {
                group.participation = participation;
                group.targets = group.targets.intersection(&made_by_people).copied().chain(made).collect();
            });
        }
        Ok(())
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.get_mut(place) {
            change(group);
        }
    }

    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(super) fn is_own(&self, place: usize) -> bool {
        self.groups.get(place).is_some_and(|group| group.own)
    }

    pub(super) fn is_both(&self, place: usize) -> bool {
        self.participation(place) == Participation::Both
    }

    pub(super) fn participation(&self, place: usize) -> Participation {
        self.groups.get(place).map_or(Participation::None, |group| group.participation)
    }

    pub(super) fn targets(&self, place: usize) -> impl Iterator<Item = usize> {
        self.groups.get(place).into_iter().flat_map(|group| group.targets.iter().copied())
    }

    pub(super) fn same_establishment(&self, one: usize, other: usize) -> bool {
        let uai = |place: usize| self.groups.get(place).map(|group| group.uai.as_str());
        uai(one) == uai(other)
    }

    /// Whether a group is counted as such: a list, or beyond the establishment, where people can be a whole network.
    pub(super) fn is_counted_whole(&self, place: usize) -> bool {
        self.groups.get(place).is_some_and(|group| !group.own || group.kind == "list")
    }

    /// Of a group of the network, the establishment's own group of that profile.
    pub(super) fn own_part(&self, place: usize) -> Option<usize> {
        let whole = self.groups.get(place).filter(|group| group.kind == "network")?;
        self.groups
            .iter()
            .position(|group| group.own && group.kind == "establishment" && group.profile == whole.profile)
    }

    /// Ids and names of the groups for which `holds`, in order of name.
    pub(super) fn named(&self, holds: impl Fn(usize) -> bool) -> (Vec<String>, Vec<String>) {
        let mut found: Vec<&Group> =
            self.groups.iter().enumerate().filter(|(place, _)| holds(*place)).map(|(_, group)| group).collect();
        found.sort_by(|one, other| one.folded_name.cmp(&other.folded_name));
        found.into_iter().map(|group| (group.id.clone(), group.name.clone())).unzip()
    }
}

/// Whether another rule needs the source ?1 and the target ?2 as they are.
const NEEDED: &str = "
    SELECT EXISTS (SELECT 1 FROM rule r WHERE r.from_group = ?1 AND r.to_group <> ?2),
        EXISTS (SELECT 1 FROM rule r WHERE r.to_group = ?2 AND r.from_group <> ?1)";

/// Places of the groups in a column that holds a JSON array of ids; those that nobody here meets are left out.
fn targets(row: &Row, column: usize, places: &HashMap<String, usize>) -> Result<BTreeSet<usize>, Error> {
    let ids: Vec<String> = serde_json::from_str(row.text(column)?).map_err(|_| Error::Column(column))?;
    Ok(ids.iter().filter_map(|id| places.get(id).copied()).collect())
}
