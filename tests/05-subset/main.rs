//! Every subset of the capabilities works, and the menu shows only what is enabled (U-3).

use anyhow::Result;
use tests::{House, Options};

/// The capabilities that have pages, with a page of each.
const CAPABILITIES: [(&str, &str); 4] = [
    ("send-message", "/send-message/inbox"),
    ("directory", "/directory"),
    ("redirect", "/redirect"),
    ("outbox", "/outbox"),
];

#[test]
fn each_subset_starts_and_shows_itself_alone() -> Result<()> {
    for chosen in 0..(1_u32 << CAPABILITIES.len()) {
        let enabled = |index: usize| chosen & (1 << index) != 0;
        let mut components = vec!["session"];
        components.extend(CAPABILITIES.iter().enumerate().filter(|(index, _)| enabled(*index)).map(|(_, (id, _))| *id));
        let house = House::start(Options { people: Some(200), ..Options::with(&components) })?;
        let claire = house.sign_in("claire.lefevre")?;
        let account = claire.get("/session/account")?;
        assert_eq!(account.status, 200, "{components:?}");
        for (index, (id, path)) in CAPABILITIES.iter().enumerate() {
            let answer = claire.get(path)?;
            assert_eq!(
                answer.status,
                if enabled(index) { 200 } else { 404 },
                "{path} with {components:?}: {}",
                answer.text()
            );
            let shown = account.text().contains(&format!("href=\"/{id}"));
            assert_eq!(shown, enabled(index), "menu entry of {id} with {components:?}");
        }
    }
    Ok(())
}
