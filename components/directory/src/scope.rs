//! In which establishments a page searches: one's own first, others chosen one by one, or the whole ENT.

use maud::{Markup, html};
use people::{Establishment, Uai};
use web::{Exchange, Problem, Viewer, ui};

use crate::ask::{failed, own_establishment};

/// Establishments proposed for a name that is not precise.
const PROPOSED: usize = 20;

/// The scope of a search, and what the form says of it.
pub(crate) struct Scope {
    /// Where to search; empty: everywhere.
    pub(crate) establishments: Vec<Uai>,
    chosen: Vec<Establishment>,
    proposed: Vec<Establishment>,
    typed: String,
    everywhere: bool,
    /// Whether there is a choice: the role goes beyond the own establishment, and there is a beyond.
    open: bool,
}

impl Scope {
    /// From the establishments asked for, the box "dans tout l’ENT" and the name typed to add one.
    pub(crate) fn read(exchange: &Exchange<'_>, viewer: &Viewer, asked: Vec<Uai>) -> Result<Self, Problem> {
        let own = own_establishment(viewer);
        let open = own.is_some() && viewer.in_network;
        let everywhere = exchange.query_value("everywhere") == "1";
        let typed = exchange.query_value("school");
        let mut scope =
            Self { establishments: asked, chosen: Vec::new(), proposed: Vec::new(), typed, everywhere, open };
        if open && !(scope.establishments.is_empty() && scope.typed.is_empty()) {
            let mut found = people::establishments(&exchange.db(), &scope.typed).map_err(failed)?;
            if !scope.typed.is_empty() {
                found.retain(|school| !scope.establishments.contains(&school.uai));
                if let [one] = &found[..] {
                    scope.establishments.push(one.uai.clone());
                    scope.typed.clear();
                } else {
                    scope.proposed = found;
                }
            }
            let all = people::establishments(&exchange.db(), "").map_err(failed)?;
            scope.chosen = all.into_iter().filter(|school| scope.establishments.contains(&school.uai)).collect();
        }
        if scope.establishments.is_empty() && !everywhere {
            scope.establishments.extend(own);
        }
        Ok(scope)
    }

    /// The part of the form; nothing for those who have no choice.
    pub(crate) fn fields(&self) -> Markup {
        if !self.open {
            return html! {};
        }
        html! {
            details open[self.everywhere || !self.chosen.is_empty() || !self.proposed.is_empty() || !self.typed.is_empty()] {
                summary.link { "Autres établissements" }
                (ui::checkbox("everywhere", "1", "Chercher dans tout l’ENT", self.everywhere && self.chosen.is_empty()))
                @if !self.chosen.is_empty() || !self.proposed.is_empty() {
                    fieldset {
                        legend { "Établissements" }
                        @for school in &self.chosen { (ui::checkbox("establishment", school.uai.as_str(), &school.name, true)) }
                        @for school in self.proposed.iter().take(PROPOSED) {
                            (ui::checkbox("establishment", school.uai.as_str(), &school.name, false))
                        }
                    }
                }
                @if self.proposed.len() > PROPOSED { p.hint { (self.proposed.len() - PROPOSED) " autres : précisez le nom." } }
                @if !self.typed.is_empty() && self.proposed.is_empty() { p.error { "Aucun établissement ne porte ce nom." } }
                div.field {
                    label for="school" { "Ajouter un établissement" span.optional { " (facultatif)" } }
                    p.hint id="school-aide" { "Le début de son nom ou son code, puis Rechercher." }
                    input id="school" name="school" type="search" value=(self.typed) autocomplete="off" aria-describedby="school-aide";
                }
            }
        }
    }

    /// For the addresses of pages: what `establishments` alone would not say.
    pub(crate) fn pair(&self) -> (&'static str, String) {
        ("everywhere", if self.everywhere { "1".to_owned() } else { String::new() })
    }
}
