//! `scripts/bench [name…]`: measures what the names say (all by default), prints a table, writes `target/bench.json`.
//!
//! Each row stands beside its peer or limit, measured in the same run: several rounds of both in turn, medians. `ratio` above
//! 1 means that we are ahead, whatever the unit. No figure fails the run: a slow machine is not a fault.

mod broadcast;
mod broadcast_mail;
mod host;
mod http;
mod import;
mod ldap;
mod letters;
mod letters_component;
mod load;
mod mailing;
mod outbox;
mod people;
mod postfix;
mod row;
mod slapd;
mod statements;
mod wrk;

use anyhow::Result;

use row::Row;

/// A group of rows measured together: their names, and how.
type Group = (&'static [&'static str], fn() -> Result<Vec<Row>>);

const GROUPS: &[Group] = &[
    (&["host-plain", "host-plain-p99-ms", "host-select", "host-select-p99-ms"], host::throughput),
    (&["host-start-ms", "host-idle-mb"], host::start),
    (&["statements-per-page"], statements::per_page),
    (&["outbox-sink"], outbox::sink),
    (&["people-search", "people-search-p99-ms"], people::search),
    (&["rights-reach-ms", "rights-50-ms"], people::rights),
    (&["rules-preview-ms"], people::preview),
    (
        &["letters-1up-10k", "letters-1up-10k-component", "letters-8up-10k", "letters-8up-10k-component", "letters-mb"],
        letters::rows,
    ),
    (&["letters-mail-10k-ms"], mailing::mails),
    (&["broadcast-10k-ms", "broadcast-100k-ms", "broadcast-statements"], broadcast::acceptance),
    (&["broadcast-mail-10k"], broadcast_mail::mails),
    (&["aaf-import-100k-s", "aaf-import-100k-mb", "aaf-reimport-100k-s"], import::aaf),
];

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut rows = Vec::new();
    for (names, measure) in GROUPS {
        if wanted.is_empty() || names.iter().any(|name| wanted.iter().any(|w| name.starts_with(w.as_str()))) {
            eprintln!("measuring {}…", names.join(", "));
            rows.extend(measure()?);
        }
    }
    row::print(&rows);
    std::fs::write(tests::repository().join("target/bench.json"), serde_json::to_vec_pretty(&rows)?)?;
    Ok(())
}
