//! Campaigns: started, listed, and what became of each account (P-2 to P-4).

use counter::AccountText;
use mailing::campaign::{self, Kind};
use mailing::outcome::{self, Outcome, State};
use mailing::{Campaign, Criteria, Start, job, letterhead};
use maud::{Markup, html};
use web::ui::{self, Column, Tone};
use web::{Exchange, Problem, Response};

use crate::access::{Place, failed, place, place_as};
use crate::{accounts, ask, export, frame, jobs};

pub(crate) const PATH: &str = "/publipostage/campaigns";
/// Campaigns a page.
pub(crate) const PAGE: u32 = 50;
/// Rows of a CSV: no campaign has more.
const MOST: u32 = 1_000_000;

/// How a kind is told.
pub(crate) const fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::One => "PDF, 1 par page",
        Kind::Eight => "PDF, 8 par page",
        Kind::Mail => "E-mail",
    }
}

/// The campaign of the path, and the establishment it is of; 403 for those who may make no letters at all, 404 for a campaign
/// that is not theirs to see.
pub(crate) fn found(exchange: &Exchange<'_>) -> Result<(Campaign, Place), Problem> {
    place_as(exchange, "")?;
    let viewer = exchange.viewer()?.id.as_str();
    let campaign = campaign::find(exchange.db(), viewer, exchange.param("id")).map_err(failed)?;
    let place = place_as(exchange, &campaign.uai)?;
    Ok((campaign, place))
}

/// Starts a campaign, and sends its mails; its id.
pub(crate) fn launch(
    exchange: &Exchange<'_>,
    place: &Place,
    criteria: &Criteria,
    kind: Kind,
    key: Option<&str>,
) -> Result<String, Problem> {
    if key.is_some_and(|key| key.is_empty() || key.len() > 128 || !key.bytes().all(|c| c.is_ascii_graphic())) {
        return Err(Problem::invalid("Idempotency-Key", "Une clé a de 1 à 128 caractères ASCII visibles."));
    }
    let id =
        begun(exchange, place, kind, key, |start| mailing::launch(exchange.db(), place.viewpoint(), criteria, start))?;
    if kind == Kind::Mail {
        send(exchange, place, &id)?;
    }
    Ok(id)
}

/// Prints the letters of those whom the mails of `campaign` do not reach; the new campaign's id.
pub(crate) fn print_rest(
    exchange: &Exchange<'_>,
    place: &Place,
    campaign: &str,
    kind: Kind,
    key: Option<&str>,
) -> Result<String, Problem> {
    if kind == Kind::Mail {
        return Err(Problem::invalid("kind", "Choisissez « one » ou « eight » : ce qui reste est imprimé."));
    }
    begun(exchange, place, kind, key, |start| mailing::print_rest(exchange.db(), &place.viewer, campaign, start))
}

fn begun(
    exchange: &Exchange<'_>,
    place: &Place,
    kind: Kind,
    key: Option<&str>,
    start: impl FnOnce(Start<'_>) -> Result<String, mailing::Error>,
) -> Result<String, Problem> {
    let now = exchange.now();
    let sender = letterhead::sender(exchange.db(), &place.uai, exchange.public_url(), now).map_err(failed)?;
    let (id, job) = (web::random::ulid(exchange.now())?.to_string(), web::random::ulid(exchange.now())?.to_string());
    let file_name = format!("publipostage-{}.pdf", place.zone.day(now));
    start(Start { id: &id, job: &job, kind, sender: &sender, file_name: &file_name, key, now }).map_err(failed)
}

/// Queues the mails of a campaign, once; how many.
pub(crate) fn send(exchange: &Exchange<'_>, place: &Place, campaign: &str) -> Result<u32, Problem> {
    let sender =
        letterhead::sender(exchange.db(), &place.uai, exchange.public_url(), exchange.now()).map_err(failed)?;
    let texts: Vec<_> = mailing::mail::texts(&sender)
        .into_iter()
        .map(|text| AccountText {
            profile: text.profile.as_str().to_owned(),
            active: text.active,
            subject: text.subject,
            text: text.text,
        })
        .collect();
    counter::mail_accounts(counter::desk(exchange), campaign, &texts).map_err(counter::problem)
}

/// `POST /publipostage/campaigns`
pub(crate) fn start(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let place = place_as(exchange, form.get("uai"))?;
    let criteria = ask::criteria(form.fields(), &place)?;
    let kind = given_kind(form.get("kind"))?;
    let key = Some(form.get("key")).filter(|key| !key.is_empty());
    let id = launch(exchange, &place, &criteria, kind, key)?;
    let mut words = if kind == Kind::Mail {
        "Les e-mails sont dans la file d’envoi. Le résultat pour chacun s’affiche ici."
    } else {
        "La campagne est lancée. Le fichier se fabrique."
    };
    if kind == Kind::Mail && form.has("rest") {
        let printed = given_kind(form.get("rest"))?;
        let rest_key = key.map(|key| format!("{key}-rest"));
        match print_rest(exchange, &place, &id, printed, rest_key.as_deref()) {
            Ok(_) => words = "Les e-mails sont dans la file d’envoi. Les courriers des autres se fabriquent.",
            // Everybody has an address after all.
            Err(problem) if problem.code == "nobody" => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Response::see_other(&format!("{PATH}/{id}")).success(words))
}

pub(crate) fn given_kind(word: &str) -> Result<Kind, Problem> {
    Kind::of(word).ok_or_else(|| Problem::invalid("kind", "Choisissez « one », « eight » ou « mail »."))
}

/// `POST /publipostage/campaigns/{id}/mail`
pub(crate) fn mail(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = found(exchange)?;
    send(exchange, &place, &campaign.id)?;
    Ok(Response::see_other(&format!("{PATH}/{}", campaign.id)).success("Les e-mails sont dans la file d’envoi."))
}

/// `POST /publipostage/campaigns/{id}/print`
pub(crate) fn print(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = found(exchange)?;
    let form = exchange.form()?;
    let key = Some(form.get("key")).filter(|key| !key.is_empty());
    let id = print_rest(exchange, &place, &campaign.id, given_kind(form.get("kind"))?, key)?;
    Ok(Response::see_other(&format!("{PATH}/{id}")).success("La campagne est lancée. Le fichier se fabrique."))
}

/// `GET /publipostage/campaigns`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?;
    let before = exchange.query_value("cursor");
    let campaigns = campaign::list(exchange.db(), place.viewpoint(), &before, PAGE).map_err(failed)?;
    let classes = mailing::classes(exchange.db(), place.viewpoint()).map_err(failed)?;
    let columns = ["Quand", "Forme", "Qui", "Comptes", "Lancée par"].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = campaigns
        .iter()
        .map(|campaign| {
            let what = if campaign.after.is_some() {
                "ceux qui n’ont pas reçu l’e-mail".to_owned()
            } else {
                ask::words(&campaign.criteria, &classes, &place)
            };
            vec![
                html! { a href={ (PATH) "/" (campaign.id) } { (place.zone.long(campaign.created_at)) } },
                html! { (label(campaign.kind)) },
                html! { (what) },
                html! { (campaign.total) },
                html! { (campaign.by.1) },
            ]
        })
        .collect();
    let older = (rows.len() == PAGE as usize).then(|| campaigns.last()).flatten();
    let body = html! {
        @if rows.is_empty() { (ui::empty("Aucune campagne", "Choisissez des comptes dans l’onglet « Comptes », puis imprimez ou envoyez.")) }
        @else { (ui::table("Campagnes", &columns, &rows)) }
        (ui::pager(None, older.map(|last| format!("{PATH}?uai={}&cursor={}", place.uai, last.id)).as_deref()))
    };
    frame::page(&place, PATH, "Campagnes", body).respond(exchange)
}

/// `GET /publipostage/campaigns/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = found(exchange)?;
    let from = ask::cursor(&exchange.query_value("cursor"))?;
    let here = format!("{PATH}/{}", campaign.id);
    let classes = mailing::classes(exchange.db(), place.viewpoint()).map_err(failed)?;
    let tally = outcome::tally(exchange.db(), &place.viewer, &campaign.id).map_err(failed)?;
    let outcomes =
        outcome::outcomes(exchange.db(), &place.viewer, &campaign.id, from, accounts::PAGE).map_err(failed)?;
    let job = job::of(exchange.db(), job::Kind::Accounts, &campaign.id).map_err(failed)?;
    let body = html! {
        section.box aria-labelledby="campagne" {
            h2 #campagne { "La campagne" }
            dl.facts {
                dt { "Lancée" } dd { (place.zone.long(campaign.created_at)) @if !campaign.by.1.is_empty() { " par " (campaign.by.1) } }
                dt { "Forme" } dd { (label(campaign.kind)) }
                dt { "Comptes" } dd { (campaign.total) " : " (ask::words(&campaign.criteria, &classes, &place)) }
                @if let Some(origin) = &campaign.after { dt { "Complète" } dd { a href={ (PATH) "/" (origin) } { "une campagne d’e-mails : ceux qui ne l’ont pas reçue" } } }
            }
            p { @for (state, count) in &tally { (ui::badge(tone(*state), &format!("{} : {count}", state.label()))) " " } }
        }
        @if let Some(job) = &job { (jobs::progress(exchange, job)) }
        @if campaign.kind == Kind::Mail { (mailed(exchange, &campaign, &here, &tally)?) }
        div.heading {
            h2 { "Le résultat pour chacun" }
            div.toolbar { a.button href={ "/api/v1" (here) "/accounts.csv" } download { "Exporter en CSV" } }
        }
        (table(&outcomes, &place))
        @let shown = u32::try_from(outcomes.len()).unwrap_or(0);
        (ui::pager(
            (from > 0).then(|| format!("{here}?cursor={}", from.saturating_sub(accounts::PAGE))).as_deref(),
            (from + shown < campaign.total).then(|| format!("{here}?cursor={}", from + shown)).as_deref(),
        ))
    };
    let title = format!("Campagne du {}", place.zone.figures(campaign.created_at));
    frame::page(&place, PATH, &title, body).crumb("Campagnes", PATH).respond(exchange)
}

const fn tone(state: State) -> Tone {
    match state {
        State::Printed | State::Sent => Tone::Good,
        State::Waiting | State::Queued => Tone::Neutral,
        State::LeftOut | State::Abandoned => Tone::Attention,
        State::Failed => Tone::Bad,
    }
}

/// What can be done about a campaign of mails.
fn mailed(exchange: &Exchange<'_>, campaign: &Campaign, here: &str, tally: &[(State, u32)]) -> Result<Markup, Problem> {
    let later = campaign::after(exchange.db(), &campaign.id).map_err(failed)?;
    let missed: u32 = tally.iter().filter(|(s, _)| matches!(s, State::Failed | State::LeftOut)).map(|(_, n)| n).sum();
    let key = web::random::ulid(exchange.now())?.to_string();
    Ok(html! {
        @if campaign.mailed_at.is_none() {
            (ui::notice(Tone::Attention, "Les e-mails de cette campagne ne sont pas encore partis."))
            form method="post" action={ (here) "/mail" } { (ui::csrf(exchange)) (ui::submit("Envoyer les e-mails")) }
        } @else if missed > 0 {
            form.toolbar method="post" action={ (here) "/print" } {
                (ui::csrf(exchange)) (ui::hidden("key", &key))
                span { "Uniquement à ceux qui ne reçoivent pas d’e-mail :" }
                button.primary type="submit" name="kind" value="eight" { "PDF, 8 par page" }
                button type="submit" name="kind" value="one" { "PDF, 1 par page" }
            }
        }
        @if !later.is_empty() {
            p { "Courriers imprimés ensuite : " @for id in &later { a href={ (PATH) "/" (id) } { "voir la campagne" } " " } }
        }
    })
}

fn table(outcomes: &[Outcome], place: &Place) -> Markup {
    let columns =
        ["Nom", "Profil", "Courriel", "Résultat", "Quand", "Activation"].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = outcomes
        .iter()
        .map(|outcome| {
            vec![
                html! {
                    @if outcome.last_name.is_empty() { small { "compte supprimé" } }
                    @else { strong { (outcome.last_name) } " " (outcome.first_name) }
                },
                ui::profile_badge(outcome.profile),
                frame::mail(&outcome.address),
                html! {
                    (ui::badge(tone(outcome.state), outcome.state.label()))
                    @if !outcome.reason.is_empty() { br; small { (outcome.reason) } }
                },
                html! { @if let Some(at) = outcome.at { (place.zone.long(at)) } },
                html! { @if let Some(at) = outcome.activated_since { (ui::badge(Tone::Good, "activé depuis")) " " small { (place.zone.figures(at)) } } },
            ]
        })
        .collect();
    ui::table("Comptes de la campagne", &columns, &rows)
}

/// `GET /api/v1/publipostage/campaigns/{id}/accounts.csv`
pub(crate) fn csv(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = found(exchange)?;
    let outcomes = outcome::outcomes(exchange.db(), &place.viewer, &campaign.id, 0, MOST).map_err(failed)?;
    export::outcomes(outcomes, &place.zone)
}
