//! The form of a card, and the card it makes. Lists have two empty rows more than they hold; an empty row is nothing.

use contacts::{Address, Card, LABELS, Labelled, shown_birthday, typed_birthday};
use maud::{Markup, html};
use web::ui::{self, Field};
use web::{Form, Problem};

/// Fields of a card, with what is wrong with them.
pub(crate) fn fields(card: &Card, problem: Option<&Problem>) -> Markup {
    let text = |name, label, value| Field::new(name, label).value(value).optional().problem(problem);
    let shown = shown_birthday(&card.birthday);
    let birthday = if shown.is_empty() { &card.birthday } else { &shown };
    html! {
        (text("first_name", "Prénom", &card.first_name))
        (text("last_name", "Nom", &card.last_name))
        (text("name", "Nom affiché", &card.name).hint("Laissez vide pour « Prénom Nom »."))
        (text("organisation", "Organisme", &card.organisation))
        (text("function", "Fonction", &card.function))
        (list("mails", "Adresses électroniques", "mail", &card.mails, problem))
        (list("phones", "Téléphones", "phone", &card.phones, problem))
        (addresses(&card.addresses, problem))
        (text("birthday", "Anniversaire", birthday).hint("Jour/mois/année, ou jour/mois."))
        details.field {
            summary.link { "Plus de noms" }
            (text("prefix", "Civilité", &card.prefix))
            (text("other_names", "Autres prénoms", &card.other_names))
            (text("suffix", "Suffixe", &card.suffix))
            (text("nickname", "Surnom", &card.nickname))
        }
        (ui::textarea("note", "Note", &card.note, 4, problem))
    }
}

/// The card as it was typed.
pub(crate) fn typed(form: &Form) -> Card {
    let text = |name: &str| form.get(name).to_owned();
    let labelled = |name: &str| {
        let labels = format!("{name}_label");
        form.all(name)
            .zip(form.all(&labels).chain(std::iter::repeat("")))
            .map(|(value, label)| Labelled { value: value.to_owned(), label: label.to_owned() })
            .collect()
    };
    let column = |name: &'static str| form.all(name).chain(std::iter::repeat(""));
    let addresses = form
        .all("street")
        .zip(column("code"))
        .zip(column("city"))
        .zip(column("region"))
        .zip(column("country"))
        .zip(column("address_label"))
        .map(|(((((street, code), city), region), country), label)| Address {
            street: street.to_owned(),
            code: code.to_owned(),
            city: city.to_owned(),
            region: region.to_owned(),
            country: country.to_owned(),
            label: label.to_owned(),
        });
    Card {
        name: text("name"),
        last_name: text("last_name"),
        first_name: text("first_name"),
        other_names: text("other_names"),
        prefix: text("prefix"),
        suffix: text("suffix"),
        nickname: text("nickname"),
        function: text("function"),
        organisation: text("organisation"),
        mails: labelled("mail"),
        phones: labelled("phone"),
        addresses: addresses.collect(),
        birthday: typed_birthday(form.get("birthday")),
        note: form.raw("note").to_owned(),
    }
}

fn error(problem: Option<&Problem>, field: &str) -> Markup {
    html! { @if let Some(error) = problem.and_then(|problem| problem.about(field)) { p.error { (error) } } }
}

fn list(id: &str, legend: &str, name: &str, values: &[Labelled], problem: Option<&Problem>) -> Markup {
    let none = Labelled::default();
    html! {
        fieldset #(id) {
            legend { (legend) }
            (error(problem, id))
            @for (n, one) in values.iter().chain([&none, &none]).enumerate() {
                div.inline {
                    div.field { input type="text" name=(name) value=(one.value) aria-label={ (legend) " " (n + 1) } autocomplete="off"; }
                    (label(&format!("{name}_label"), &one.label, legend, n))
                }
            }
        }
    }
}

fn addresses(values: &[Address], problem: Option<&Problem>) -> Markup {
    let none = Address::default();
    html! {
        fieldset #addresses {
            legend { "Adresses postales" }
            (error(problem, "addresses"))
            @for (n, one) in values.iter().chain([&none]).enumerate() {
                div.field { textarea name="street" rows="2" aria-label={ "Rue, adresse " (n + 1) } placeholder="Rue" { (one.street) } }
                div.inline {
                    @for (name, label, value) in [("code", "Code postal", &one.code), ("city", "Commune", &one.city), ("region", "Région", &one.region), ("country", "Pays", &one.country)] {
                        div.field.small { input type="text" name=(name) value=(value) aria-label={ (label) ", adresse " (n + 1) } placeholder=(label) autocomplete="off"; }
                    }
                    (label("address_label", &one.label, "Adresse", n))
                }
            }
        }
    }
}

fn label(name: &str, chosen: &str, what: &str, n: usize) -> Markup {
    html! {
        div.field.small {
            select name=(name) aria-label={ "Type : " (what) " " (n + 1) } {
                @for (word, french) in LABELS { option value=(word) selected[word == chosen] { (french) } }
                // A word of her own, or of another address book.
                @if !LABELS.iter().any(|(word, _)| *word == chosen) { option value=(chosen) selected { (chosen) } }
            }
        }
    }
}
