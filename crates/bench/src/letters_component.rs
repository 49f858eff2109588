//! The same letters as a local administrator has them: a campaign of ten thousand accounts over HTTP, made by the component slice by
//! slice, the database included.

use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use store::{Database as _, params};
use tests::{Caller, House, NEVER, Options};

const PEOPLE: u32 = 10_000;
const API: &str = "/api/v1/publipostage";

/// A school of ten thousand people, none of whom has activated an account.
pub(crate) struct School {
    house: House,
    admin: Caller,
}

impl School {
    pub(crate) fn open() -> Result<Self> {
        // Without an address of the service there would be no QR code to draw.
        let variables = vec!["public_url=https://ent.exemple.fr".to_owned()];
        let house =
            House::start(Options { people: Some(PEOPLE), schedule: Some(NEVER), variables, ..Options::default() })?;
        let admin = house.sign_in("sophie.legoff")?;
        house.database()?.execute(
            "UPDATE person SET uai = (SELECT a.uai FROM local_admin a WHERE a.person_id = ?1),
                activation_code = coalesce(activation_code, substr(lower(id), 19)),
                activated_at = CASE WHEN id = ?1 THEN activated_at END, password_hash = CASE WHEN id = ?1 THEN password_hash END",
            params![&admin.id],
        )?;
        Ok(Self { house, admin })
    }

    /// Letters a second, from the request to the file that can be downloaded; `layout`: `one` or `eight`.
    pub(crate) fn print(&self, layout: &str) -> Result<f64> {
        let begun = Instant::now();
        let campaign = self.admin.post(&format!("{API}/campaigns"), &json!({ "kind": layout }))?.ok()?;
        let job = campaign.pointer("/job/id").and_then(Value::as_str).context("no job")?;
        loop {
            let job = self.admin.post(&format!("{API}/jobs/{job}/advance"), &json!({}))?.ok()?;
            match job.get("state").and_then(Value::as_str) {
                Some("running") => {}
                Some("done") => {
                    let letters = job.get("done").and_then(Value::as_f64).context("no count")?;
                    return Ok(letters / begun.elapsed().as_secs_f64());
                }
                _ => bail!("{}: {job}\n{}", layout, self.house.log()),
            }
        }
    }
}
