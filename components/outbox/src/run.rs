//! A run of the queue asked for over HTTP: by an administrator, or by a scheduler that has the token.

use queue::{Limits, Report, System, drain};
use subtle::ConstantTimeEq as _;
use web::{Exchange, Problem};

use crate::outside;

/// A request is given 30 s: claiming stops at 14 s, sending at 20 s.
const LIMITS: Limits = Limits { run: 20_000, send: 60_000, batch: 10 };

/// Sends what is due.
pub(crate) fn now(exchange: &Exchange<'_>) -> Result<Report, Problem> {
    Ok(outside::outlet(|transport| drain(exchange.db(), transport, &mut System, &LIMITS))?)
}

/// Lets through a local admin, or a caller with the token.
pub(crate) fn authorised(exchange: &Exchange<'_>) -> Result<(), Problem> {
    if let Some(viewer) = exchange.visitor() {
        return if viewer.is_local_admin() {
            Ok(())
        } else {
            Err(Problem::forbidden("Seuls les administrateurs de l’établissement peuvent lancer l’envoi."))
        };
    }
    let token = outside::drain_token();
    let given = exchange.header("authorization").and_then(|value| value.split_once(' ')).unwrap_or_default();
    let matches =
        given.0.eq_ignore_ascii_case("bearer") && bool::from(given.1.trim().as_bytes().ct_eq(token.as_bytes()));
    if matches && !token.is_empty() { Ok(()) } else { Err(Problem::unauthenticated()) }
}

/// What a run did, in a sentence.
pub(crate) fn sentence(report: &Report) -> String {
    let Report { sent, deferred, failed, dead, released, .. } = report;
    if let Some(words) =
        report.paused_until.map(|_| "Le serveur d’envoi ne répond pas : il sera essayé de nouveau plus tard.")
    {
        return words.to_owned();
    }
    if sent + deferred + failed + dead + released == 0 {
        return "Aucun courrier n’attendait son tour.".to_owned();
    }
    let mut parts = vec![format!("Remis : {sent}")];
    for (number, words) in [
        (deferred, "à réessayer"),
        (failed, "refusés"),
        (dead, "abandonnés"),
        (released, "laissés pour le prochain passage"),
    ] {
        if *number > 0 {
            parts.push(format!("{words} : {number}"));
        }
    }
    format!("{}.", parts.join(", "))
}
