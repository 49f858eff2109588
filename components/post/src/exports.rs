//! The exported functions: open the database, call, convert the answer.

use people::PersonId;
use store::Spin;
use submission::Desk;

use crate::bindings::exports::vaguemestre::post::{rights as rights_export, submission as submission_export};
use crate::bindings::vaguemestre::post::types::{Addressee, Refusal, Refused};
use crate::convert;

pub(crate) struct Post;

/// Runs `work` at a desk: this instant, this component's database.
fn at_desk<T>(work: impl FnOnce(Desk<'_>) -> Result<T, submission::Refusal>) -> Result<T, Refusal> {
    work(Desk { database: &Spin, now: clock::now() }).map_err(convert::refusal)
}

impl rights_export::Guest for Post {
    fn judge(sender: String, in_reply_to: Option<String>, addressees: Vec<Addressee>) -> Result<Vec<Refused>, Refusal> {
        let asked: Vec<_> =
            addressees.into_iter().filter_map(|addressee| convert::addressee(addressee).asked()).collect();
        let refused = at_desk(|desk| {
            let sender: PersonId = sender.parse().map_err(|_| submission::Refusal::NotFound)?;
            Ok(rights::judge(&desk.database, &sender, in_reply_to.as_deref(), &asked)?)
        })?;
        Ok(refused.into_iter().map(convert::refused).collect())
    }

    fn reach(sender: String) -> Result<u64, Refusal> {
        at_desk(|desk| {
            let sender: PersonId = sender.parse().map_err(|_| submission::Refusal::NotFound)?;
            Ok(rights::reach(&desk.database, &sender)?)
        })
    }
}

impl submission_export::Guest for Post {
    fn save(
        author: String,
        id: Option<String>,
        draft: submission_export::Draft,
        key: Option<String>,
    ) -> Result<String, Refusal> {
        let draft = submission::Draft {
            subject: draft.subject,
            body: draft.body,
            addressees: draft.addressees.into_iter().map(convert::addressee).collect(),
            in_reply_to: draft.in_reply_to,
            copy_to_author: draft.copy_to_author,
        };
        at_desk(|desk| submission::save(desk, &author, id.as_deref(), &draft, key.as_deref()))
    }

    fn discard(author: String, id: String) -> Result<(), Refusal> {
        at_desk(|desk| submission::discard(desk, &author, &id))
    }

    fn attach(author: String, id: String, name: String, content: Vec<u8>) -> Result<String, Refusal> {
        at_desk(|desk| submission::attach(desk, &author, &id, &name, &content))
    }

    fn detach(author: String, id: String, attachment: String) -> Result<(), Refusal> {
        at_desk(|desk| submission::detach(desk, &author, &id, &attachment))
    }

    fn respond(author: String, original: String, how: submission_export::Response) -> Result<String, Refusal> {
        let how = match how {
            submission_export::Response::Reply => submission::Response::Reply,
            submission_export::Response::ReplyAll => submission::Response::ReplyAll,
            submission_export::Response::Forward => submission::Response::Forward,
        };
        at_desk(|desk| submission::respond(desk, &author, &original, how))
    }

    fn submit(author: String, id: String) -> Result<submission_export::Receipt, Refusal> {
        let receipt = at_desk(|desk| submission::submit(desk, &author, &id))?;
        Ok(submission_export::Receipt {
            message: receipt.message,
            submitted_at: u64::try_from(receipt.submitted_at).unwrap_or(0),
            recipients: receipt.recipients,
            by_mailbox: receipt.by_mailbox,
            by_redirect: receipt.by_redirect,
            unreachable: receipt.unreachable,
        })
    }

    fn mail_letters(author: String, run: String) -> Result<u32, Refusal> {
        at_desk(|desk| submission::mail_letters(desk, &author, &run))
    }

    fn mail_accounts(campaign: String, texts: Vec<submission_export::AccountText>) -> Result<u32, Refusal> {
        let texts: Vec<_> = texts
            .into_iter()
            .map(|text| submission::AccountText {
                profile: text.profile,
                active: text.active,
                subject: text.subject,
                text: text.text,
            })
            .collect();
        at_desk(|desk| submission::mail_accounts(desk, &campaign, &texts))
    }

    fn write_to_address(person: String, address: String, subject: String, text: String) -> Result<String, Refusal> {
        at_desk(|desk| submission::write_to_address(desk, &person, &address, &subject, &text))
    }
}
