//! The JSON API of account letters: the same as the pages, for programs. A third of this file is the shapes that the OpenAPI
//! document promises, beside the handlers that fill them.

use mailing::campaign::{self, Campaign};
use mailing::{Account, Code, Criteria, delegate, job, letterhead, outcome};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use crate::access::{Place, failed, place, place_as};
use crate::{accounts, ask, campaigns, jobs};

web::described! {
    /// A page of accounts, and counts of the whole selection.
    #[derive(Debug, Serialize)]
    pub(crate) struct Accounts as "PublipostageAccounts" {
        pub(crate) items: Vec<OneAccount>,
        /// For `cursor`; null on the last page.
        pub(crate) next: Option<String>,
        pub(crate) total: u32,
        pub(crate) without_mail: u32,
        pub(crate) inactive: u32,
    }
    #[derive(Debug, Serialize)]
    pub(crate) struct OneAccount as "PublipostageOneAccount" {
        pub(crate) person: String,
        pub(crate) first_name: String,
        pub(crate) last_name: String,
        pub(crate) profile: String,
        pub(crate) login: String,
        /// Null unless `code_state` is `given`.
        pub(crate) code: Option<String>,
        /// `given`, `active` (there is none any more), `withheld` (not for this viewer), `missing`.
        pub(crate) code_state: String,
        /// Empty when none is known.
        pub(crate) mail: String,
        pub(crate) classes: Vec<String>,
        /// UTC milliseconds.
        pub(crate) created_at: i64,
    }
    #[derive(Debug, Serialize)]
    pub(crate) struct Classes as "PublipostageClasses" {  pub(crate) items: Vec<OneClass> }
    #[derive(Debug, Serialize)]
    pub(crate) struct OneClass as "PublipostageOneClass" {  pub(crate) id: String, pub(crate) name: String, pub(crate) level: String }
    /// A campaign to start. Filters left empty select everybody.
    #[derive(Debug, Deserialize)]
    pub(crate) struct Wanted as "PublipostageWanted" {
        /// `one` or `eight` a page (PDF), or `mail`.
        pub(crate) kind: String,
        /// By default the viewer's own establishment.
        #[serde(default)]
        pub(crate) uai: String,
        #[serde(default)]
        pub(crate) profiles: Vec<String>,
        #[serde(default)]
        pub(crate) levels: Vec<String>,
        #[serde(default)]
        pub(crate) classes: Vec<String>,
        pub(crate) active: Option<bool>,
        /// With a mail address, or without.
        pub(crate) mail: Option<bool>,
        #[serde(default)]
        pub(crate) admins: bool,
        /// `YYYY-MM-DD`
        pub(crate) from: Option<String>,
        /// `YYYY-MM-DD`, that day included.
        pub(crate) until: Option<String>,
        /// `name`, `profile` or `class`.
        pub(crate) sort: Option<String>,
    }
    #[derive(Debug, Deserialize)]
    pub(crate) struct Layout as "PublipostageLayout" {
        /// `one` or `eight` a page.
        pub(crate) kind: String,
    }
    #[derive(Debug, Serialize)]
    pub(crate) struct Campaigns as "PublipostageCampaigns" {  pub(crate) items: Vec<OneCampaign>, pub(crate) next: Option<String> }
    #[derive(Debug, Serialize)]
    pub(crate) struct OneCampaign as "PublipostageOneCampaign" {
        pub(crate) id: String,
        pub(crate) uai: String,
        pub(crate) kind: String,
        pub(crate) total: u32,
        /// Who started it; empty when she was purged.
        pub(crate) by: String,
        /// The mail campaign whose unreached it prints.
        pub(crate) after: Option<String>,
        pub(crate) created_at: i64,
        pub(crate) mailed_at: Option<i64>,
        /// The job that makes its file.
        pub(crate) job: Option<OneJob>,
        /// How many accounts are in each state.
        pub(crate) outcomes: Vec<Tally>,
    }
    #[derive(Debug, Serialize)]
    pub(crate) struct Tally as "PublipostageTally" {  pub(crate) state: String, pub(crate) count: u32 }
    #[derive(Debug, Serialize)]
    pub(crate) struct Outcomes as "PublipostageOutcomes" {  pub(crate) items: Vec<OneOutcome>, pub(crate) next: Option<String> }
    #[derive(Debug, Serialize)]
    pub(crate) struct OneOutcome as "PublipostageOneOutcome" {
        pub(crate) first_name: String,
        pub(crate) last_name: String,
        pub(crate) profile: String,
        /// Where the mail went, or would have gone.
        pub(crate) mail: String,
        /// `waiting`, `printed`, `queued`, `sent`, `failed`, `left-out`, `abandoned`.
        pub(crate) state: String,
        pub(crate) reason: String,
        pub(crate) at: Option<i64>,
        /// When she activated her account since.
        pub(crate) activated_since: Option<i64>,
    }
    #[derive(Debug, Serialize)]
    pub(crate) struct OneJob as "PublipostageOneJob" {
        pub(crate) id: String,
        /// `running`, `done`, `failed`, `cancelled`.
        pub(crate) state: String,
        pub(crate) total: u32,
        pub(crate) done: u32,
        pub(crate) left_out: u32,
        /// Bytes of the file so far.
        pub(crate) size: u64,
        /// Why it failed.
        pub(crate) reason: String,
        /// Whether the file can be downloaded now.
        pub(crate) has_file: bool,
        /// Until when, UTC milliseconds.
        pub(crate) kept_until: Option<i64>,
    }
    #[derive(Debug, Serialize)]
    pub(crate) struct Mailed as "PublipostageMailed" {  pub(crate) queued: u32 }
    #[derive(Debug, Serialize)]
    pub(crate) struct Head as "PublipostageHead" {  pub(crate) uai: String, pub(crate) address: Vec<String>, pub(crate) signatory: Vec<String>, pub(crate) logo: bool, pub(crate) signature: bool }
    #[derive(Debug, Deserialize)]
    pub(crate) struct Heading as "PublipostageHeading" {  pub(crate) address: Vec<String>, pub(crate) signatory: Vec<String> }
    #[derive(Debug, Serialize)]
    pub(crate) struct ClassAdmins as "PublipostageClassAdmins" {  pub(crate) items: Vec<OneClassAdmin> }
    #[derive(Debug, Serialize)]
    pub(crate) struct OneClassAdmin as "PublipostageOneClassAdmin" {  pub(crate) person: String, pub(crate) name: String, pub(crate) function: String, pub(crate) class: String, pub(crate) class_name: String }
    #[derive(Debug, Deserialize)]
    pub(crate) struct Delegation as "PublipostageDelegation" {  pub(crate) login: String, pub(crate) class: String }
    #[derive(Debug, Deserialize)]
    pub(crate) struct Taken as "PublipostageTaken" {  pub(crate) person: String, pub(crate) class: String }
}

/// Which establishment, and where the list goes on.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[expect(dead_code, reason = "describes the query, which is read name by name")]
pub(crate) struct Where {
    /// By default the viewer's own.
    uai: Option<String>,
    /// Where the last page ended, for lists that have pages.
    cursor: Option<String>,
}

fn account(account: Account) -> OneAccount {
    let (code_state, code) = match account.code {
        Code::Given(code) => ("given", Some(code)),
        Code::Active => ("active", None),
        Code::Withheld => ("withheld", None),
        Code::Missing => ("missing", None),
    };
    OneAccount {
        person: account.person,
        first_name: account.first_name,
        last_name: account.last_name,
        profile: account.profile.as_str().to_owned(),
        login: account.login,
        code,
        code_state: code_state.to_owned(),
        mail: account.mail,
        classes: account.classes,
        created_at: account.created_at,
    }
}

/// `GET /api/v1/publipostage/accounts`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?;
    let criteria = ask::criteria(&exchange.query_pairs()?, &place)?;
    let skip = ask::cursor(&exchange.query_value("cursor"))?;
    let found = mailing::select(exchange.db(), place.viewpoint(), &criteria, skip, accounts::PAGE).map_err(failed)?;
    let end = skip + u32::try_from(found.items.len()).unwrap_or(0);
    Response::json(&Accounts {
        next: (end < found.total).then(|| end.to_string()),
        total: found.total,
        without_mail: found.without_mail,
        inactive: found.inactive,
        items: found.items.into_iter().map(account).collect(),
    })
}

/// `GET /api/v1/publipostage/classes`
pub(crate) fn classes(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?;
    let classes = mailing::classes(exchange.db(), place.viewpoint()).map_err(failed)?;
    let items = classes.into_iter().map(|c| OneClass { id: c.id, name: c.name, level: c.level }).collect();
    Response::json(&Classes { items })
}

fn one_job(exchange: &Exchange<'_>, job: &job::Job) -> OneJob {
    OneJob {
        id: job.id.clone(),
        state: job.state.as_str().to_owned(),
        total: job.total,
        done: job.done,
        left_out: job.left_out,
        size: job.size,
        reason: job.reason.clone(),
        has_file: job.has_file(exchange.now()),
        kept_until: job.kept_until().filter(|_| job.has_file(exchange.now())),
    }
}

fn shown(exchange: &Exchange<'_>, campaign: Campaign) -> Result<OneCampaign, Problem> {
    let job = job::of(exchange.db(), job::Kind::Accounts, &campaign.id).map_err(failed)?;
    let tally = outcome::tally(exchange.db(), &exchange.viewer()?.id, &campaign.id).map_err(failed)?;
    let outcomes = tally.into_iter().map(|(state, count)| Tally { state: state.as_str().to_owned(), count }).collect();
    let job = job.map(|job| one_job(exchange, &job));
    Ok(OneCampaign { job, outcomes, ..brief(campaign) })
}

fn brief(campaign: Campaign) -> OneCampaign {
    OneCampaign {
        id: campaign.id,
        uai: campaign.uai,
        kind: campaign.kind.as_str().to_owned(),
        total: campaign.total,
        by: campaign.by.1,
        after: campaign.after,
        created_at: campaign.created_at,
        mailed_at: campaign.mailed_at,
        job: None,
        outcomes: Vec::new(),
    }
}

fn criteria(wanted: &Wanted, place: &Place) -> Result<Criteria, Problem> {
    let from = wanted.from.as_deref().map(|day| place.zone.start_of_day(day).ok_or_else(|| ask::not_a_day("from")));
    let until = wanted.until.as_deref().map(|day| place.zone.end_of_day(day).ok_or_else(|| ask::not_a_day("until")));
    Ok(Criteria {
        profiles: ask::profiles(&wanted.profiles)?,
        levels: wanted.levels.clone(),
        classes: wanted.classes.clone(),
        active: wanted.active,
        mail: wanted.mail,
        admins: wanted.admins,
        from: from.transpose()?,
        until: until.transpose()?,
        sort: wanted.sort.as_deref().map_or(Ok(mailing::Sort::Name), ask::sort)?,
    })
}

/// `POST /api/v1/publipostage/campaigns`
pub(crate) fn start(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    place_as(exchange, "")?;
    let wanted: Wanted = exchange.json()?;
    let place = place_as(exchange, &wanted.uai)?;
    let kind = campaigns::given_kind(&wanted.kind)?;
    let id =
        campaigns::launch(exchange, &place, &criteria(&wanted, &place)?, kind, exchange.header("idempotency-key"))?;
    created(exchange, &place, &id)
}

fn created(exchange: &Exchange<'_>, place: &Place, id: &str) -> Result<Response, Problem> {
    let campaign = campaign::find(exchange.db(), &place.viewer, id).map_err(failed)?;
    Ok(Response::json(&shown(exchange, campaign)?)?.status(StatusCode::CREATED))
}

/// `GET /api/v1/publipostage/campaigns`
pub(crate) fn list_campaigns(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?;
    let before = exchange.query_value("cursor");
    let found = campaign::list(exchange.db(), place.viewpoint(), &before, campaigns::PAGE).map_err(failed)?;
    let next = (found.len() == campaigns::PAGE as usize).then(|| found.last().map(|c| c.id.clone())).flatten();
    Response::json(&Campaigns { next, items: found.into_iter().map(brief).collect() })
}

/// `GET /api/v1/publipostage/campaigns/{id}`
pub(crate) fn campaign(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, _) = campaigns::found(exchange)?;
    Response::json(&shown(exchange, campaign)?)
}

/// `GET /api/v1/publipostage/campaigns/{id}/accounts`
pub(crate) fn outcomes(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = campaigns::found(exchange)?;
    let from = ask::cursor(&exchange.query_value("cursor"))?;
    let found = outcome::outcomes(exchange.db(), &place.viewer, &campaign.id, from, accounts::PAGE).map_err(failed)?;
    let end = from.saturating_add(u32::try_from(found.len()).unwrap_or(0));
    let items = found
        .into_iter()
        .map(|o| OneOutcome {
            first_name: o.first_name,
            last_name: o.last_name,
            profile: o.profile.as_str().to_owned(),
            mail: o.address,
            state: o.state.as_str().to_owned(),
            reason: o.reason,
            at: o.at,
            activated_since: o.activated_since,
        })
        .collect();
    Response::json(&Outcomes { items, next: (end < campaign.total).then(|| end.to_string()) })
}

/// `POST /api/v1/publipostage/campaigns/{id}/mail`
pub(crate) fn mail(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = campaigns::found(exchange)?;
    Response::json(&Mailed { queued: campaigns::send(exchange, &place, &campaign.id)? })
}

/// `POST /api/v1/publipostage/campaigns/{id}/print`
pub(crate) fn print(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (campaign, place) = campaigns::found(exchange)?;
    let layout: Layout = exchange.json()?;
    let kind = campaigns::given_kind(&layout.kind)?;
    let id = campaigns::print_rest(exchange, &place, &campaign.id, kind, exchange.header("idempotency-key"))?;
    created(exchange, &place, &id)
}

/// `GET /api/v1/publipostage/jobs/{id}`
pub(crate) fn job(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (job, _) = jobs::found(exchange)?;
    Response::json(&one_job(exchange, &job))
}

/// `POST /api/v1/publipostage/jobs/{id}/advance`
pub(crate) fn advance(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (job, _) = jobs::advanced(exchange)?;
    Response::json(&one_job(exchange, &job))
}

/// `POST /api/v1/publipostage/jobs/{id}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (job, _) = jobs::found(exchange)?;
    job::cancel(exchange.db(), exchange.now(), &job.id).map_err(failed)?;
    let job = job::find(exchange.db(), &job.id).map_err(failed)?;
    Response::json(&one_job(exchange, &job))
}

/// `GET /api/v1/publipostage/letterhead`
pub(crate) fn head(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (place, kept) = crate::letterhead::asked(exchange)?;
    let letterhead::Letterhead { address, signatory, logo, signature } = kept;
    Response::json(&Head { uai: place.uai, address, signatory, logo, signature })
}

/// `PUT /api/v1/publipostage/letterhead`
pub(crate) fn set_head(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let heading: Heading = exchange.json()?;
    let address = crate::letterhead::lines("address", heading.address.iter().map(String::as_str))?;
    let signatory = crate::letterhead::lines("signatory", heading.signatory.iter().map(String::as_str))?;
    letterhead::set_texts(exchange.db(), &place.uai, &address, &signatory).map_err(failed)?;
    Ok(Response::no_content())
}

/// `PUT /api/v1/publipostage/letterhead/{picture}`
pub(crate) fn set_picture(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    crate::letterhead::keep(exchange, &place, crate::letterhead::which(exchange)?, exchange.body())?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/publipostage/letterhead/{picture}`
pub(crate) fn remove_picture(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    letterhead::set_picture(exchange.db(), &place.uai, crate::letterhead::which(exchange)?, None).map_err(failed)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/publipostage/class-admins`
pub(crate) fn class_admins(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let items = delegate::class_admins(exchange.db(), &place.uai)
        .map_err(failed)?
        .into_iter()
        .map(|admin| OneClassAdmin {
            person: admin.person,
            name: admin.name,
            function: admin.function,
            class: admin.class.0,
            class_name: admin.class.1,
        })
        .collect();
    Response::json(&ClassAdmins { items })
}

/// `POST /api/v1/publipostage/class-admins`
pub(crate) fn add_class_admin(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let wanted: Delegation = exchange.json()?;
    delegate::add(exchange.db(), &place.uai, &wanted.login, &wanted.class).map_err(failed)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/publipostage/class-admins`
pub(crate) fn remove_class_admin(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let taken: Taken = exchange.json()?;
    delegate::remove(exchange.db(), &place.uai, &taken.person, &taken.class).map_err(failed)?;
    Ok(Response::no_content())
}
