//! Liaison notices for programs.

use announce::liaison::{self, Content};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::follow::{asked, reminded};
use super::{author, write};
use crate::news::api::made;
use crate::refusal::problem;

web::described! {
    /// What an author writes.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Wanted as "LiaisonContent" {
        /// Une ligne, 150 caractères au plus.
        title: String,
        /// HTML, assaini avant d’être gardé.
        body: String,
        /// Groupes dont les élèves sont concernés.
        #[serde(default)]
        groups: Vec<String>,
        /// Élèves un par un.
        #[serde(default)]
        pupils: Vec<String>,
        /// De 1 à 60 : un rappel automatique, tant de jours après l’envoi.
        remind_days: Option<i64>,
    }
    /// A notice about one child.
    #[derive(Serialize)]
    pub(crate) struct Child as "LiaisonForChild" {
        notice: String,
        title: String,
        author: String,
        at: i64,
        student: String,
        student_name: String,
        /// Quand on a soi-même confirmé.
        confirmed_at: Option<i64>,
        /// Un responsable légal au moins a confirmé.
        confirmed: bool,
    }
    /// The notices about one’s children.
    #[derive(Serialize)]
    pub(crate) struct Children as "LiaisonForChildren" {
        items: Vec<Child>,
    }
    /// A notice as a parent reads it.
    #[derive(Serialize)]
    pub(crate) struct ForParent as "LiaisonForParent" {
        /// HTML assaini.
        body: String,
        children: Vec<Child>,
    }
    /// Which child.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Confirm as "LiaisonConfirmation" {
        student: String,
    }
    /// A notice one wrote.
    #[derive(Serialize)]
    pub(crate) struct Written as "LiaisonWritten" {
        id: String,
        title: String,
        author: String,
        at: i64,
        pupils: i64,
        confirmed: i64,
    }
    /// The notices one wrote.
    #[derive(Serialize)]
    pub(crate) struct WrittenList as "LiaisonWrittenList" {
        items: Vec<Written>,
    }
    /// A legal parent who was asked.
    #[derive(Serialize)]
    pub(crate) struct Parent as "LiaisonParent" {
        name: String,
        confirmed_at: Option<i64>,
        reachable: bool,
    }
    /// A pupil whom a notice concerns.
    #[derive(Serialize)]
    pub(crate) struct Pupil as "LiaisonPupil" {
        id: String,
        name: String,
        class: String,
        confirmed: bool,
        /// Aucun responsable légal ne peut être joint par message.
        unreachable: bool,
        parents: Vec<Parent>,
    }
    /// A reminder that left.
    #[derive(Serialize)]
    pub(crate) struct Reminder as "LiaisonReminder" {
        at: i64,
        scheduled: bool,
    }
    /// What became of a notice.
    #[derive(Serialize)]
    pub(crate) struct Followed as "LiaisonFollow" {
        notice: Written,
        body: String,
        notified_at: Option<i64>,
        notify_problem: Option<String>,
        remind_days: Option<i64>,
        reminders: Vec<Reminder>,
        pupils: Vec<Pupil>,
    }
    /// A group that pupils can be chosen by.
    #[derive(Serialize)]
    pub(crate) struct Group as "LiaisonGroup" {
        id: String,
        name: String,
        kind: String,
        pupils: i64,
    }
    /// Those groups.
    #[derive(Serialize)]
    pub(crate) struct Groups as "LiaisonGroups" {
        items: Vec<Group>,
    }
    /// A pupil who can be chosen.
    #[derive(Serialize)]
    pub(crate) struct Choice as "LiaisonChoice" {
        id: String,
        name: String,
    }
    /// Those pupils.
    #[derive(Serialize)]
    pub(crate) struct Choices as "LiaisonChoices" {
        items: Vec<Choice>,
    }
}

fn child(one: liaison::Child) -> Child {
    Child {
        notice: one.notice,
        title: one.title,
        author: one.author,
        at: one.at,
        student: one.student,
        student_name: one.student_name,
        confirmed_at: one.confirmed_at,
        confirmed: one.confirmed,
    }
}

fn written_one(one: liaison::Written) -> Written {
    Written {
        id: one.id,
        title: one.title,
        author: one.author,
        at: one.at,
        pupils: one.pupils,
        confirmed: one.confirmed,
    }
}

/// `GET /api/v1/broadcast/liaison`
pub(crate) fn mine(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let children = liaison::of_parent(exchange.db(), &exchange.viewer()?.id).map_err(problem)?;
    Response::json(&Children { items: children.into_iter().map(child).collect() })
}

/// `GET /api/v1/broadcast/liaison/written`
pub(crate) fn written(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let notices = liaison::written(exchange.db(), &author(exchange)?.id, None).map_err(problem)?;
    Response::json(&WrittenList { items: notices.into_iter().map(written_one).collect() })
}

/// `GET /api/v1/broadcast/liaison/groups`
pub(crate) fn groups(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let groups = liaison::groups(exchange.db(), &author(exchange)?.id).map_err(problem)?;
    let group = |one: liaison::Group| Group { id: one.id, name: one.name, kind: one.kind, pupils: one.pupils };
    Response::json(&Groups { items: groups.into_iter().map(group).collect() })
}

/// `GET /api/v1/broadcast/liaison/groups/{id}/pupils`
pub(crate) fn pupils(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let pupils = liaison::pupils(exchange.db(), &author(exchange)?.id, exchange.param("id")).map_err(problem)?;
    Response::json(&Choices { items: pupils.into_iter().map(|(id, name)| Choice { id, name }).collect() })
}

/// `POST /api/v1/broadcast/liaison`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    author(exchange)?;
    let Wanted { title, body, groups, pupils, remind_days } = exchange.json()?;
    let id = write::write(exchange, &Content { title, body, groups, pupils, remind_days })?;
    let told = liaison::tell(counter::desk(exchange), exchange.public_url(), &id);
    Ok(Response::json(&made(id, told))?.status(StatusCode::CREATED))
}

/// `GET /api/v1/broadcast/liaison/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let notice =
        liaison::one_for_parent(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(problem)?;
    Response::json(&ForParent { body: notice.html, children: notice.children.into_iter().map(child).collect() })
}

/// `POST /api/v1/broadcast/liaison/{id}/confirm`
pub(crate) fn confirm(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Confirm { student } = exchange.json()?;
    let viewer = &exchange.viewer()?.id;
    liaison::confirm(exchange.db(), viewer, exchange.param("id"), &student, exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/broadcast/liaison/{id}/follow`
pub(crate) fn follow(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let follow = asked(exchange)?;
    let parent =
        |one: liaison::Parent| Parent { name: one.name, confirmed_at: one.confirmed_at, reachable: one.reachable };
    let pupil = |one: liaison::Pupil| Pupil {
        confirmed: one.confirmed(),
        unreachable: one.unreachable(),
        id: one.id,
        name: one.name,
        class: one.class,
        parents: one.parents.into_iter().map(parent).collect(),
    };
    Response::json(&Followed {
        notice: written_one(follow.notice),
        body: follow.html,
        notified_at: follow.notified_at,
        notify_problem: follow.notify_problem,
        remind_days: follow.remind_days,
        reminders: follow.reminders.into_iter().map(|(at, scheduled)| Reminder { at, scheduled }).collect(),
        pupils: follow.pupils.into_iter().map(pupil).collect(),
    })
}

/// `POST /api/v1/broadcast/liaison/{id}/remind`
pub(crate) fn remind(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let reminder = reminded(exchange)?;
    let told = liaison::tell_reminder(counter::desk(exchange), exchange.public_url(), &reminder);
    Ok(Response::json(&made(reminder, told))?.status(StatusCode::CREATED))
}
