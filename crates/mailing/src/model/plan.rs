//! The letters that come of a model and a selection, before anything is sent: one for each person, and for relatives one for
//! each child, those that say the same merged into one that names all children.

use letters::template::{Child, Merged, Setting, Template, Unmerged, paragraph};
use letters::{Picture, Sender};
use people::Profile;
use store::{Database, params};

use super::{Addressed, Error, Model, Refusal};

/// Bytes of all letters of a run together.
const MAX_TOGETHER: usize = 16 * 1024 * 1024;

/// What letters of an establishment have on them, and who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The merge fields that are the same in all.
    pub setting: Setting,
    /// The head.
    pub sender: Sender,
    /// "Toulouse, le 22 novembre 2026"
    pub place_and_date: String,
    /// Name and function of who signs.
    pub signatory: Vec<String>,
    /// The scanned signature, as bytes: PNG or JPEG.
    pub signature: Option<Vec<u8>>,
}

/// The head of letters that `viewer` writes now; with the signature of `model`, else that of the establishment.
///
/// # Errors
/// [`Refusal::Unknown`] for an establishment that is not hers.
pub fn letterhead(
    db: &dyn Database,
    now: i64,
    viewer: &str,
    uai: &str,
    model: Option<&str>,
) -> Result<Letterhead, Error> {
    let row = db.first(
        "SELECT e.name, e.timezone, a.first_name || ' ' || a.last_name, a.function, coalesce(h.address, ''), h.logo,
            coalesce((SELECT s.picture FROM model_signature s WHERE s.model_id = ?3), h.signature), coalesce(h.signatory, ''), e.domain
         FROM establishment e JOIN local_admin l ON l.uai = e.uai AND l.person_id = ?1 JOIN person a ON a.id = ?1
         LEFT JOIN establishment_letterhead h ON h.uai = e.uai WHERE e.uai = ?2",
        params![viewer, uai, model],
    )?;
    let Some(row) = row else { return Err(Refusal::Unknown.into()) };
    let zone = clock::Zone::named(row.text(1)?);
    let long = zone.long(now);
    // « dimanche 22 novembre 2026 à 19:02 »
    let date = long.split_once(' ').map_or(&*long, |(_, date)| date).split(" à ").next().unwrap_or_default().to_owned();
    let began = zone.last_midnight(8, 1, now);
    let year: i32 = zone.long(began).split(' ').nth(3).and_then(|year| year.parse().ok()).unwrap_or_default();
    let address_lines: Vec<String> = row.text(4)?.lines().map(str::to_owned).collect();
    let city = address_lines.iter().rev().find_map(|line| {
        let city = line.trim().strip_prefix(|c: char| c.is_ascii_digit())?;
        Some(city.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned())
    });
    let place_and_date = match city {
        Some(city) if !city.is_empty() => format!("{city}, le {date}"),
        _ => format!("Le {date}"),
    };
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let picture = |bytes: &[u8]| Picture::new(bytes.to_vec()).ok();
    Ok(Letterhead {
        setting: Setting {
            establishment: row.text(0)?.to_owned(),
            date: date.clone(),
            school_year: format!("{year}-{}", year + 1),
            author: row.text(2)?.to_owned(),
            author_function: row.text(3)?.to_owned(),
        },
        sender: Sender {
            name: row.text(0)?.to_owned(),
            uai: uai.to_owned(),
            address_lines,
            logo: row.blob(5).ok().and_then(picture),
            activation_url: None,
            site: row.text(8)?.to_owned(),
            date: format!("le {date}"),
        },
        place_and_date,
        signatory: lines(row.text(7)?),
        signature: row.blob(6).ok().map(<[u8]>::to_vec),
    })
}

/// A letter to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The place in [`Plan::people`] of whom it is to.
    pub to: usize,
    /// The children it is about: "Lina Martin (6A)".
    pub children: Vec<String>,
    /// Plain text.
    pub subject: String,
    /// HTML: whom it concerns, then what was merged.
    pub html: String,
}

/// What would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Who is written to, by name.
    pub people: Vec<Addressed>,
    /// Their letters, in the same order.
    pub letters: Vec<Drafted>,
    /// Letters in which a field has no value: the place of the person, and why.
    pub incomplete: Vec<(usize, Unmerged)>,
}

/// How many are reached, by way; somebody with both counts in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// People.
    pub people: usize,
    /// Letters.
    pub letters: usize,
    /// By the internal mailbox.
    pub by_mailbox: usize,
    /// By mail to a redirect address.
    pub by_redirect: usize,
    /// By neither: on paper only.
    pub paper_only: usize,
    /// Whom the viewer may not write to: on paper only, too.
    pub refused: usize,
}

impl Plan {
    /// How many are reached.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let count = |which: fn(&Addressed) -> bool| self.people.iter().filter(|person| which(person)).count();
        Reach {
            people: self.people.len(),
            letters: self.letters.len(),
            by_mailbox: count(|p| p.may_write && p.by_mailbox),
            by_redirect: count(|p| p.may_write && p.by_redirect),
            paper_only: count(|p| !p.reached()),
            refused: count(|p| !p.may_write),
        }
    }
}

/// The letters of `model` to `people`.
///
/// # Errors
/// [`Refusal::Mistakes`] of the template; [`Refusal::TooMuch`].
pub fn plan(model: &Model, setting: &Setting, people: Vec<Addressed>) -> Result<Plan, Refusal> {
    let template = Template::parse(&model.subject, &model.body).map_err(Refusal::Mistakes)?;
    let mut plan = Plan { people, letters: Vec::new(), incomplete: Vec::new() };
    let mut together = 0;
    for (to, addressed) in plan.people.iter().enumerate() {
        match drafted(&template, setting, to, addressed) {
            Ok(letters) => {
                together += letters.iter().map(|letter| letter.html.len() + letter.subject.len()).sum::<usize>();
                plan.letters.extend(letters);
            }
            Err(why) => plan.incomplete.push((to, why)),
        }
        if together > MAX_TOGETHER {
            return Err(Refusal::TooMuch);
        }
    }
    Ok(plan)
}

fn drafted(template: &Template, setting: &Setting, to: usize, addressed: &Addressed) -> Result<Vec<Drafted>, Unmerged> {
    let person = &addressed.person;
    if addressed.profile != Profile::Relative || person.children.is_empty() {
        let Merged { subject, html } = template.merge(setting, person, None)?;
        return Ok(vec![Drafted { to, children: Vec::new(), subject, html }]);
    }
    let mut letters: Vec<(Merged, Vec<String>)> = Vec::new();
    for child in &person.children {
        let merged = template.merge(setting, person, Some(child))?;
        match letters.iter_mut().find(|(said, _)| *said == merged) {
            Some((_, children)) => children.push(named(child)),
            None => letters.push((merged, vec![named(child)])),
        }
    }
    Ok(letters
        .into_iter()
        .map(|(Merged { subject, html }, children)| {
            let html = format!("{}\n{html}", paragraph(&format!("Concernant : {}", children.join(", "))));
            Drafted { to, children, subject, html }
        })
        .collect())
}

/// "Lina Martin (6A)"
fn named(child: &Child) -> String {
    let name = format!("{} {}", child.first_name, child.last_name);
    if child.class.is_empty() { name } else { format!("{name} ({})", child.class) }
}

/// The HTML of a letter as it leaves: sanitised as every body is; empty when it cannot be taken.
#[must_use]
pub fn sanitised(html: &str) -> String {
    submission::Body::parse(html).map(|body| body.html).unwrap_or_default()
}
