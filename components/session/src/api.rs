//! The same as JSON (U-2). A program gets a bearer token and keeps it; no cookie is set.

use account::Proven;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, Session, StatusCode, Viewer};

use crate::{activation, mine, problems, renewal};

/// What opens a session.
#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    login: String,
    password: String,
}

/// A session that was opened.
#[derive(Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Opened {
    /// To be sent as `Authorization: Bearer …`.
    token: String,
    /// When it ends unless it is used before; each use gives it 12 hours more, 7 days at most.
    expires_at: i64,
    person: Person,
}

/// The person who is signed in.
#[derive(Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Person {
    id: String,
    login: String,
    first_name: String,
    last_name: String,
    /// `student`, `relative`, `teacher`, `staff` or `guest`
    profile: &'static str,
    function: String,
    uai: String,
    establishment: String,
    universal_address: String,
    /// `send`, `send-extended`, `mailbox`, `user`, `advanced-user`, `directory-manager`
    roles: Vec<&'static str>,
    /// UAIs of the establishments she is a local administrator of.
    administers: Vec<String>,
}

/// Another password for oneself.
#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    old: String,
    password: String,
}

/// What activates an account.
#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Activation {
    login: String,
    /// From the letter of the establishment.
    code: String,
    password: String,
    /// The charter (`/session/charter`) was read and accepted.
    charter: bool,
}

/// Who has forgotten her password.
#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct RenewalRequest {
    login: String,
}

/// A password chosen by a mailed link.
#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    password: String,
}

/// What there is to say.
#[derive(Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Told {
    detail: &'static str,
}

impl From<&Viewer> for Person {
    fn from(viewer: &Viewer) -> Self {
        Self {
            id: viewer.id.clone(),
            login: viewer.login.clone(),
            first_name: viewer.first_name.clone(),
            last_name: viewer.last_name.clone(),
            profile: viewer.profile.as_str(),
            function: viewer.function.clone(),
            uai: viewer.uai.clone(),
            establishment: viewer.establishment.clone(),
            universal_address: viewer.universal_address.clone(),
            roles: viewer.roles.iter().map(|role| role.as_str()).collect(),
            administers: viewer.administers.clone(),
        }
    }
}

/// `POST /api/v1/session`
pub(crate) fn sign_in(exchange: &Exchange) -> Result<Response, Problem> {
    let given: Credentials = exchange.json()?;
    let proven =
        account::sign_in(exchange.db(), &given.login, &given.password, exchange.now()).map_err(problems::of)?;
    Ok(open(exchange, &proven)?.status(StatusCode::CREATED))
}

/// `GET /api/v1/session`
pub(crate) fn who_am_i(exchange: &Exchange) -> Result<Response, Problem> {
    Response::json(&Person::from(exchange.viewer()?))
}

/// `DELETE /api/v1/session`
pub(crate) fn sign_out(_: &Exchange) -> Result<Response, Problem> {
    Ok(Response::no_content().end_session())
}

/// `DELETE /api/v1/session/all`
pub(crate) fn sign_out_everywhere(exchange: &Exchange) -> Result<Response, Problem> {
    account::end_all_sessions(exchange.db(), &exchange.viewer()?.id).map_err(problems::of)?;
    Ok(Response::no_content().end_session())
}

/// `PUT /api/v1/session/password`
pub(crate) fn change_password(exchange: &Exchange) -> Result<Response, Problem> {
    let given: PasswordChange = exchange.json()?;
    open(exchange, &mine::change(exchange, &given.old, &given.password)?)
}

/// `POST /api/v1/session/activation`
pub(crate) fn activate(exchange: &Exchange) -> Result<Response, Problem> {
    let given: Activation = exchange.json()?;
    if !given.charter {
        return Err(Problem::invalid("charter", "La charte doit être acceptée pour activer un compte."));
    }
    let proven = account::activate(exchange.db(), &given.login, &given.code, &given.password, exchange.now())
        .map_err(activation::code_problem)?;
    Ok(open(exchange, &proven)?.status(StatusCode::CREATED))
}

/// `POST /api/v1/session/renewal`
pub(crate) fn ask_renewal(exchange: &Exchange) -> Result<Response, Problem> {
    let given: RenewalRequest = exchange.json()?;
    renewal::send_link(exchange, &given.login)?;
    Ok(Response::json(&Told { detail: renewal::TOLD })?.status(StatusCode::ACCEPTED))
}

/// `PUT /api/v1/session/renewal/{token}`
pub(crate) fn renew(exchange: &Exchange) -> Result<Response, Problem> {
    let given: NewPassword = exchange.json()?;
    let token = exchange.param("token");
    let proven =
        account::finish_renewal(exchange.db(), token, &given.password, exchange.now()).map_err(problems::of)?;
    open(exchange, &proven)
}

fn open(exchange: &Exchange, proven: &Proven) -> Result<Response, Problem> {
    let (token, session) = Session::begin(&proven.person_id, proven.epoch, exchange.now())?;
    let viewer = Viewer::load(exchange.db(), &proven.person_id, proven.epoch)?.ok_or_else(Problem::unauthenticated)?;
    let opened = Opened { token: token.clone(), expires_at: session.expires_at(), person: Person::from(&viewer) };
    Ok(Response::json(&opened)?.start_token_session(&token, session))
}
