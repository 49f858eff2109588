//! How often a request goes to the database: each statement is a round trip to a libSQL server. It counts what the embedded runner logs,
//! the statements of `post` included, so it says nothing of another server.

use std::cell::{Cell, RefCell};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tests::{COUNT_STATEMENTS, House, NEVER, Options};

/// The most statements of one request.
const MAX_ROUND_TRIPS: usize = 4;

const API: &str = "/api/v1/send-message";

struct Counted {
    house: House,
    seen: Cell<usize>,
    over: RefCell<Vec<String>>,
}

impl Counted {
    /// Statements since the last look.
    fn statements(&self) -> usize {
        let all = self.house.statements();
        all - self.seen.replace(all)
    }

    /// Notes what took more than it may.
    fn look(&self, what: &str) -> Result<()> {
        let counted = self.statements();
        ensure!(counted > 0, "{what}: nothing was counted, the log has changed");
        println!("{what}: {counted}");
        if counted > MAX_ROUND_TRIPS {
            self.over.borrow_mut().push(format!("{what}: {counted}"));
        }
        Ok(())
    }
}

#[test]
fn a_page_or_a_call_takes_few_statements() -> Result<()> {
    let options = Options { people: Some(200), schedule: Some(NEVER), log: COUNT_STATEMENTS, ..Options::default() };
    let counted = Counted { house: House::start(options)?, seen: Cell::new(0), over: RefCell::default() };
    let anonymous = counted.house.anonymous();
    // The first sign-in of the day also sweeps.
    counted.house.sign_in("karim.benali")?;
    counted.statements();

    let claire = counted.house.sign_in("claire.lefevre")?;
    counted.look("sign-in by the API")?;
    let form = b"login=claire.lefevre&password=vaguemestre-demo&next=/".to_vec();
    let page =
        anonymous.send("POST", "/session/sign-in", &[("content-type", "application/x-www-form-urlencoded")], form)?;
    ensure!(page.status == 303, "{}", page.text());
    counted.look("sign-in by the page")?;
    let lina = counted.house.sign_in("lina.benali")?;
    counted.statements();

    for path in
        ["/send-message/inbox", "/send-message/sent", "/send-message/drafts", "/send-message/compose", "/outbox"]
    {
        claire.get(path)?.ok()?;
        counted.look(path)?;
    }
    for path in ["/api/v1/send-message/recipients?q=ben", "/api/v1/directory/people?q=ben", "/directory?q=ben"] {
        claire.get(path)?.ok()?;
        counted.look(path)?;
    }

    let mut last = String::new();
    for turn in 0..6 {
        let (from, to) = if turn % 2 == 0 { (&claire, &lina) } else { (&lina, &claire) };
        let id = if last.is_empty() {
            let draft: Value = json!({"subject": "Aller-retour", "html": "<p>Bonjour</p>",
                "addressees": [{"field": "to", "kind": "person", "id": to.id}]});
            let id = text(&from.post(&format!("{API}/drafts"), &draft)?.ok()?);
            counted.look("a new draft")?;
            id
        } else {
            let id = text(&from.post(&format!("{API}/messages/{last}/respond"), &json!({"how": "reply"}))?.ok()?);
            counted.look("an answer begun")?;
            id
        };
        from.send("POST", &format!("{API}/drafts/{id}/attachments?name=a.pdf"), &[], b"%PDF-1.7 a".to_vec())?.ok()?;
        counted.statements();
        from.post(&format!("{API}/drafts/{id}/submit"), &json!({}))?.ok()?;
        counted.look("send")?;
        last = id;
    }
    // Six messages, of which the last is unread.
    let page = claire.get(&format!("/send-message/messages/{last}"))?;
    ensure!(page.text().matches("<article").count() >= 6, "the conversation is not whole");
    counted.look("a conversation")?;
    claire.get(&format!("{API}/messages/{last}"))?.ok()?;
    counted.look("a conversation by the API")?;
    let over = counted.over.into_inner();
    ensure!(over.is_empty(), "more than {MAX_ROUND_TRIPS} statements: {over:?}");
    Ok(())
}

fn text(draft: &Value) -> String {
    draft["id"].as_str().unwrap_or_default().to_owned()
}
