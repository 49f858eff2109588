//! The address book as JSON (U-2). Types of its own, so that what is promised to programs does not change with the library.

use contacts::{Contact, ContactQuery, Entry, contacts as find};
use people::PageSize;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::problem;
use crate::ask::{given, reader};

macro_rules! described {
    ($($(#[$doc:meta])* $name:ident as $public:literal { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, Serialize, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            #[cfg_attr(
                not(target_family = "wasm"),
                derive(web::schemars::JsonSchema),
                schemars(crate = "web::schemars", rename = $public)
            )]
            pub(crate) struct $name { $($(#[$fdoc])* pub(crate) $field: $type),* }
        )*
    };
}
pub(crate) use described;

described! {
    /// What is looked for in the book.
    Asked as "ContactQuery" {
        /// Le début des mots du nom, dans n’importe quel ordre, avec ou sans accents.
        q: String,
        /// L’identifiant d’un de mes groupes de contacts.
        group: String,
        /// `next` de la page précédente.
        cursor: String,
        /// De 1 à 100 ; 25 par défaut.
        limit: Option<u32>,
    }
    /// A mail address or a phone number.
    Labelled as "ContactLabelled" {
        value: String,
        /// `home`, `work`, `mobile`, `fax`, `other`, ou un mot à soi ; peut être vide.
        label: String,
    }
    /// A postal address.
    Address as "ContactAddress" { street: String, city: String, region: String, code: String, country: String, label: String }
    /// The card of somebody outside.
    Card as "ContactCard" {
        /// Le nom affiché ; trouvé dans le reste quand il est vide.
        name: String,
        last_name: String,
        first_name: String,
        other_names: String,
        prefix: String,
        suffix: String,
        nickname: String,
        function: String,
        organisation: String,
        /// 20 au plus. Gardées pour mémoire : la messagerie n’y écrit pas.
        mails: Vec<Labelled>,
        phones: Vec<Labelled>,
        addresses: Vec<Address>,
        /// `AAAA-MM-JJ`, ou `--MM-JJ` sans l’année.
        birthday: String,
        /// 10 000 caractères au plus.
        note: String,
    }
    /// A contact.
    OneContact as "Contact" {
        id: String,
        /// `person` (de l’annuaire), `card` (extérieur) ou `inaccessible` (de l’annuaire, et qui n’est plus accessible).
        kind: String,
        name: String,
        /// L’identifiant de la personne dans l’annuaire.
        person: Option<String>,
        /// Ce qui se montre à côté du nom : « Élève de 6A ».
        detail: String,
        card: Option<Card>,
        /// Les identifiants de ses groupes.
        groups: Vec<String>,
    }
    /// A page of contacts.
    Contacts as "Contacts" {
        items: Vec<OneContact>,
        /// À donner comme `cursor` pour la suite ; null à la fin.
        next: Option<String>,
        /// Combien de contacts de l’annuaire ne sont plus accessibles ; ils ne sont pas dans la liste.
        inaccessible: usize,
    }
    /// A new card.
    NewCard as "ContactNewCard" {
        card: Card,
        /// Les identifiants des groupes où la mettre.
        groups: Vec<String>,
    }
    /// People of the directory to add.
    NewPeople as "ContactNewPeople" {
        /// Leurs identifiants, 2 000 au plus.
        people: Vec<String>,
        /// L’identifiant du groupe où les mettre.
        group: Option<String>,
    }
    /// What became of them.
    Added as "ContactsAdded" {
        added: usize,
        /// Déjà dans le carnet.
        known: usize,
        /// À qui l’on ne peut pas écrire.
        refused: usize,
    }
    /// A group of contacts.
    OneGroup as "ContactGroup" { id: String, name: String, contacts: usize }
    /// All groups.
    Groups as "ContactGroups" {
        items: Vec<OneGroup>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
    }
    /// A name for a group.
    Naming as "ContactGroupName" { name: String }
    /// What was made.
    Made as "ContactMade" { id: String }
    /// Contacts into a group, and out of it.
    Moves as "ContactGroupChange" { add: Vec<String>, remove: Vec<String> }
    /// How many there were.
    Moved as "ContactGroupChanged" { added: usize, removed: usize }
    /// Who would receive a message to a group.
    Recipients as "ContactGroupRecipients" {
        /// Identifiants des personnes de l’annuaire à qui l’on peut écrire.
        items: Vec<String>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
        inaccessible: usize,
        /// Contacts extérieurs : jamais destinataires.
        outside: usize,
    }
    /// What was taken away.
    Deleted as "ContactsDeleted" { deleted: usize }
}

impl From<Card> for contacts::Card {
    fn from(card: Card) -> Self {
        let list = |values: Vec<Labelled>| {
            values.into_iter().map(|Labelled { value, label }| contacts::Labelled { value, label }).collect()
        };
        let address = |Address { street, city, region, code, country, label }| contacts::Address {
            street,
            city,
            region,
            code,
            country,
            label,
        };
        Self {
            name: card.name,
            last_name: card.last_name,
            first_name: card.first_name,
            other_names: card.other_names,
            prefix: card.prefix,
            suffix: card.suffix,
            nickname: card.nickname,
            function: card.function,
            organisation: card.organisation,
            mails: list(card.mails),
            phones: list(card.phones),
            addresses: card.addresses.into_iter().map(address).collect(),
            birthday: card.birthday,
            note: card.note,
        }
    }
}

impl From<contacts::Card> for Card {
    fn from(card: contacts::Card) -> Self {
        let list = |values: Vec<contacts::Labelled>| {
            values.into_iter().map(|contacts::Labelled { value, label }| Labelled { value, label }).collect()
        };
        let address = |contacts::Address { street, city, region, code, country, label }| Address {
            street,
            city,
            region,
            code,
            country,
            label,
        };
        Self {
            name: card.name,
            last_name: card.last_name,
            first_name: card.first_name,
            other_names: card.other_names,
            prefix: card.prefix,
            suffix: card.suffix,
            nickname: card.nickname,
            function: card.function,
            organisation: card.organisation,
            mails: list(card.mails),
            phones: list(card.phones),
            addresses: card.addresses.into_iter().map(address).collect(),
            birthday: card.birthday,
            note: card.note,
        }
    }
}

fn shown(contact: Contact) -> OneContact {
    let base = OneContact { id: contact.id, groups: contact.groups, ..OneContact::default() };
    match contact.entry {
        Entry::Person(person) => OneContact {
            kind: "person".to_owned(),
            detail: person.detail(),
            person: Some(person.id.to_string()),
            name: person.name,
            ..base
        },
        Entry::Card(card) => {
            OneContact { kind: "card".to_owned(), name: card.name.clone(), card: Some(card.into()), ..base }
        }
        Entry::Inaccessible => OneContact { kind: "inaccessible".to_owned(), ..base },
    }
}

fn made(id: String) -> Result<Response, Problem> {
    Ok(Response::json(&Made { id })?.status(StatusCode::CREATED))
}

fn refs(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}

/// `GET /api/v1/directory/contacts`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked: Asked = exchange.query()?;
    let query = ContactQuery {
        owner: &viewer.person,
        text: &asked.q,
        group: Some(asked.group.as_str()).filter(|id| !id.is_empty()),
        after: given("cursor", &asked.cursor)?,
        size: asked.limit.map_or_else(PageSize::default, PageSize::near),
    };
    let found = find(&exchange.db(), &query).map_err(problem)?;
    Response::json(&Contacts {
        items: found.page.items.into_iter().map(shown).collect(),
        next: found.page.next.map(|cursor| cursor.to_string()),
        inaccessible: found.inaccessible,
    })
}

/// `POST /api/v1/directory/contacts`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let NewCard { card, groups }: NewCard = exchange.json()?;
    let id = web::random::ulid(exchange.now())?.to_string();
    contacts::save_card(&exchange.db(), &viewer.id, &id, card.into(), Some(&refs(&groups))).map_err(problem)?;
    made(id)
}

/// `POST /api/v1/directory/contacts/people`
pub(crate) fn add_people(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked: NewPeople = exchange.json()?;
    let first = web::random::ulid(exchange.now())?;
    let added =
        contacts::add_people(&exchange.db(), &viewer.person, &refs(&asked.people), asked.group.as_deref(), first);
    let contacts::Added { added, known, refused } = added.map_err(problem)?;
    Response::json(&Added { added, known, refused })
}

/// `GET /api/v1/directory/contacts/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let found = contacts::contact(&exchange.db(), &viewer.person, exchange.param("id")).map_err(problem)?;
    Response::json(&shown(found))
}

/// `PUT /api/v1/directory/contacts/{id}`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let card: Card = exchange.json()?;
    contacts::save_card(&exchange.db(), &viewer.id, exchange.param("id"), card.into(), None).map_err(problem)?;
    one(exchange)
}

/// `DELETE /api/v1/directory/contacts/{id}`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    match contacts::delete_contacts(&exchange.db(), &viewer.id, &[exchange.param("id")]).map_err(problem)? {
        0 => Err(Problem::not_found()),
        _ => Ok(Response::no_content()),
    }
}

/// `DELETE /api/v1/directory/contacts/inaccessible`
pub(crate) fn delete_inaccessible(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let deleted = contacts::delete_inaccessible(&exchange.db(), &viewer.id).map_err(problem)?;
    Response::json(&Deleted { deleted })
}

/// `GET /api/v1/directory/contacts/groups`
pub(crate) fn groups(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let groups = contacts::groups(&exchange.db(), &reader(exchange)?.id).map_err(problem)?;
    let group = |contacts::Group { id, name, contacts }| OneGroup { id, name, contacts };
    Response::json(&Groups { items: groups.into_iter().map(group).collect(), next: None })
}

/// `POST /api/v1/directory/contacts/groups`
pub(crate) fn make_group(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let Naming { name }: Naming = exchange.json()?;
    let id = web::random::ulid(exchange.now())?.to_string();
    contacts::new_group(&exchange.db(), &viewer.id, &id, &name).map_err(problem)?;
    made(id)
}

/// `PUT /api/v1/directory/contacts/groups/{id}`
pub(crate) fn rename_group(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let Naming { name }: Naming = exchange.json()?;
    contacts::rename_group(&exchange.db(), &viewer.id, exchange.param("id"), &name).map_err(problem)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/directory/contacts/groups/{id}`
pub(crate) fn delete_group(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    contacts::delete_group(&exchange.db(), &viewer.id, exchange.param("id")).map_err(problem)?;
    Ok(Response::no_content())
}

/// `PATCH /api/v1/directory/contacts/groups/{id}/contacts`
pub(crate) fn change_group(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let Moves { add, remove }: Moves = exchange.json()?;
    let (db, group) = (exchange.db(), exchange.param("id"));
    let removed = contacts::leave(&db, &viewer.id, group, &refs(&remove)).map_err(problem)?;
    let added = contacts::join(&db, &viewer.id, group, &refs(&add)).map_err(problem)?;
    Response::json(&Moved { added, removed })
}

/// `GET /api/v1/directory/contacts/groups/{id}/recipients`
pub(crate) fn recipients(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let found = contacts::recipients(&exchange.db(), &viewer.id, exchange.param("id")).map_err(problem)?;
    Response::json(&Recipients {
        items: found.people.iter().map(ToString::to_string).collect(),
        next: None,
        inaccessible: found.inaccessible,
        outside: found.outside,
    })
}
