//! Those announced are those sent to, whatever the school looks like; and ways are what roles and addresses say.

use proptest::prelude::*;
use store::{Database as _, File, params};
use submission::submit;

use crate::school::{POPULATION, RELATIVES, RUBRIQUE, TEACHER, count, desk, draft, fill};

/// What is done to one person: profile, blocked, left, member, override of the mailbox, redirect, barred.
type Fate = (u8, bool, bool, bool, Option<bool>, bool, bool);

fn fates() -> impl Strategy<Value = (Vec<Fate>, Option<u8>)> {
    let fate = (
        0..3_u8,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.8),
        any::<Option<bool>>(),
        any::<bool>(),
        prop::bool::weighted(0.1),
    );
    (prop::collection::vec(fate, 1..25), prop::option::of(0..3_u8))
}

/// The profile of this number.
fn named(profile: u8) -> &'static str {
    match profile {
        0 => "student",
        1 => "relative",
        _ => "teacher",
    }
}

fn suffer(file: &File, fates: &[Fate], profile: Option<u8>) {
    // A group that mixes profiles, so that the population may be one profile of it.
    let of = profile.map_or("", named);
    file.execute("UPDATE person_group SET kind = 'manual', profile = NULL WHERE id = ?1", params![RELATIVES]).unwrap();
    file.execute("UPDATE population SET profile = ?2 WHERE id = ?1", params![POPULATION, of]).unwrap();
    file.batch("DELETE FROM role_override; DELETE FROM redirect").unwrap();
    // The author is a member too: she is left out.
    file.execute("INSERT INTO membership VALUES (?1, ?2)", params![RELATIVES, TEACHER]).unwrap();
    for (n, (profile, blocked, left, member, mailbox, redirect, barred)) in fates.iter().enumerate() {
        let id = format!("01RE1AT1VE{:016}", n + 1);
        let (blocked, left) = (blocked.then_some(1), left.then_some(1));
        file.execute(
            "UPDATE person SET profile = ?2, blocked_at = ?3, left_at = ?4 WHERE id = ?1",
            params![&id, named(*profile), blocked, left],
        )
        .unwrap();
        if !member {
            file.execute("DELETE FROM membership WHERE person_id = ?1", params![&id]).unwrap();
        }
        if let Some(granted) = mailbox {
            file.execute("INSERT INTO role_override VALUES (?1, 'mailbox', ?2)", params![&id, *granted]).unwrap();
        }
        if *redirect {
            file.execute(
                "INSERT INTO redirect (person_id, address, verified_at) VALUES (?1, 'a@mail.example', 1)",
                params![&id],
            )
            .unwrap();
        }
        if *barred {
            file.execute(
                "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'x', 0)",
                params![TEACHER, &id],
            )
            .unwrap();
        }
    }
}

/// The same by hand: whether she receives, by mailbox, by redirect. Guests and students have no mailbox by their profile here.
fn expected(fates: &[Fate], of: Option<u8>) -> [u64; 4] {
    let mut reach = [0; 4];
    for (profile, blocked, left, member, mailbox, redirect, barred) in fates {
        if *blocked || *left || !*member || *barred || of.is_some_and(|of| of != *profile) {
            continue;
        }
        let mailbox = mailbox.unwrap_or(*profile != 0);
        reach[0] += 1;
        reach[1] += u64::from(mailbox);
        reach[2] += u64::from(*redirect);
        reach[3] += u64::from(!mailbox && !redirect);
    }
    reach
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn those_announced_are_those_sent_to((fates, profile) in fates()) {
        let file = File::in_memory().unwrap();
        fill(&file, u32::try_from(fates.len()).unwrap());
        suffer(&file, &fates, profile);
        let told = rubriques::writable(&file, TEACHER, RUBRIQUE).unwrap();
        let reach = told[0].reach;
        let expected = expected(&fates, profile);
        prop_assert_eq!([reach.people, reach.by_mailbox, reach.by_redirect, reach.by_neither], expected);
        let message = draft(&file);
        match submit(desk(&file), TEACHER, &message) {
            Ok(receipt) => {
                prop_assert_eq!([receipt.recipients, receipt.by_mailbox, receipt.by_redirect].map(u64::from), [expected[0], expected[1], expected[2]]);
                prop_assert_eq!(receipt.unreachable.len() as u64, expected[3]);
                prop_assert_eq!(count(&file, "delivery") as u64, expected[2]);
                let report = rubriques::report(&file, TEACHER, &message).unwrap().unwrap();
                prop_assert_eq!((report.on_paper, report.pending) , (expected[3] as i64, expected[2] as i64));
            }
            Err(refusal) => {
                prop_assert_eq!(refusal, submission::Refusal::Nobody);
                prop_assert_eq!(expected[0], 0);
            }
        }
        let odd = "person p JOIN conveyance c ON c.person_id = p.id
            WHERE c.by_mailbox <> EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role = 'mailbox')";
        prop_assert_eq!(count(&file, odd), 0, "the way is what the role says");
    }
}
