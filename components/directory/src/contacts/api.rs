//! The address book as JSON (U-2). Types of its own, so that what is promised to programs does not change with the library.

use contacts::{Contact, ContactQuery, Entry, contacts as find};
use people::PageSize;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::problem;
use crate::ask::{given, reader};

web::described! {
    /// What is looked for in the book.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Asked as "ContactQuery" {
        /// Le début des mots du nom, dans n’importe quel ordre, avec ou sans accents.
        pub(crate) q: String,
        /// L’identifiant d’un de mes groupes de contacts.
        pub(crate) group: String,
        /// `next` de la page précédente.
        pub(crate) cursor: String,
        /// De 1 à 100 ; 25 par défaut.
        pub(crate) limit: Option<u32>,
    }
    /// A mail address or a phone number.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Labelled as "ContactLabelled" {
        pub(crate) value: String,
        /// `home`, `work`, `mobile`, `fax`, `other`, ou un mot à soi ; peut être vide.
        pub(crate) label: String,
    }
    /// A postal address.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Address as "ContactAddress" { pub(crate) street: String, pub(crate) city: String, pub(crate) region: String, pub(crate) code: String, pub(crate) country: String, pub(crate) label: String }
    /// The card of somebody outside.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Card as "ContactCard" {
        /// Le nom affiché ; trouvé dans le reste quand il est vide.
        pub(crate) name: String,
        pub(crate) last_name: String,
        pub(crate) first_name: String,
        pub(crate) other_names: String,
        pub(crate) prefix: String,
        pub(crate) suffix: String,
        pub(crate) nickname: String,
        pub(crate) function: String,
        pub(crate) organisation: String,
        /// 20 au plus. Gardées pour mémoire : la messagerie n’y écrit pas.
        pub(crate) mails: Vec<Labelled>,
        pub(crate) phones: Vec<Labelled>,
        pub(crate) addresses: Vec<Address>,
        /// `AAAA-MM-JJ`, ou `--MM-JJ` sans l’année.
        pub(crate) birthday: String,
        /// 10 000 caractères au plus.
        pub(crate) note: String,
    }
    /// A contact.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct OneContact as "Contact" {
        pub(crate) id: String,
        /// `person` (de l’annuaire), `card` (extérieur) ou `inaccessible` (de l’annuaire, et qui n’est plus accessible).
        pub(crate) kind: String,
        pub(crate) name: String,
        /// L’identifiant de la personne dans l’annuaire.
        pub(crate) person: Option<String>,
        /// Ce qui se montre à côté du nom : « Élève de 6A ».
        pub(crate) detail: String,
        pub(crate) card: Option<Card>,
        /// Les identifiants de ses groupes.
        pub(crate) groups: Vec<String>,
    }
    /// A page of contacts.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Contacts as "Contacts" {
        pub(crate) items: Vec<OneContact>,
        /// À donner comme `cursor` pour la suite ; null à la fin.
        pub(crate) next: Option<String>,
        /// Combien de contacts de l’annuaire ne sont plus accessibles ; ils ne sont pas dans la liste.
        pub(crate) inaccessible: usize,
    }
    /// A new card.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct NewCard as "ContactNewCard" {
        pub(crate) card: Card,
        /// Les identifiants des groupes où la mettre.
        pub(crate) groups: Vec<String>,
    }
    /// People of the directory to add.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct NewPeople as "ContactNewPeople" {
        /// Leurs identifiants, 2 000 au plus.
        pub(crate) people: Vec<String>,
        /// L’identifiant du groupe où les mettre.
        pub(crate) group: Option<String>,
    }
    /// What became of them.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Added as "ContactsAdded" {
        pub(crate) added: usize,
        /// Déjà dans le carnet.
        pub(crate) known: usize,
        /// À qui l’on ne peut pas écrire.
        pub(crate) refused: usize,
    }
    /// A group of contacts.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct OneGroup as "ContactGroup" { pub(crate) id: String, pub(crate) name: String, pub(crate) contacts: usize }
    /// All groups.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Groups as "ContactGroups" {
        pub(crate) items: Vec<OneGroup>,
        /// Toujours null : la liste est entière.
        pub(crate) next: Option<String>,
    }
    /// A name for a group.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Naming as "ContactGroupName" { pub(crate) name: String }
    /// What was made.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Made as "ContactMade" { pub(crate) id: String }
    /// Contacts into a group, and out of it.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Moves as "ContactGroupChange" { pub(crate) add: Vec<String>, pub(crate) remove: Vec<String> }
    /// How many there were.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Moved as "ContactGroupChanged" { pub(crate) added: usize, pub(crate) removed: usize }
    /// Who would receive a message to a group.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Recipients as "ContactGroupRecipients" {
        /// Identifiants des personnes de l’annuaire à qui l’on peut écrire.
        pub(crate) items: Vec<String>,
        /// Toujours null : la liste est entière.
        pub(crate) next: Option<String>,
        pub(crate) inaccessible: usize,
        /// Contacts extérieurs : jamais destinataires.
        pub(crate) outside: usize,
    }
    /// What was taken away.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Deleted as "ContactsDeleted" { pub(crate) deleted: usize }
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
