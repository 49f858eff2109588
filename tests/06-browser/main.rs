//! What a person does, in headless Chromium: signs in, finds a recipient, writes, sends; another reads and answers.

use anyhow::Result;
use store::Database as _;
use tests::{Browser, House, Options};

fn sign_in(browser: &Browser, house: &House, login: &str) -> Result<()> {
    browser.open(&format!("{}/session/sign-in", house.url()))?;
    browser.write("#login", login)?;
    browser.write("#password", "vaguemestre-demo")?;
    browser.click("main form button.primary")?;
    browser.wait_for("Boîte de réception")
}

fn sign_out(browser: &Browser) -> Result<()> {
    browser.click("details.account summary")?;
    browser.click("details.account form button")
}

#[test]
fn a_teacher_writes_and_her_student_reads_and_answers() -> Result<()> {
    if !Browser::installed() {
        println!("skipped: Chromium and ChromeDriver are not installed (apt-get install chromium chromium-driver)");
        return Ok(());
    }
    let house = House::start(Options { people: Some(200), ..Options::with(&["session", "send-message"]) })?;
    let browser = Browser::start(1200, 900)?;

    sign_in(&browser, &house, "claire.lefevre")?;
    browser.click("nav.folders a.button")?;
    browser.write("#find-to", "lina ben")?;
    browser.click("#suggestions-to [role=option]")?;
    browser.write("#subject", "Exercice 18")?;
    browser.write("[data-editor]", "Bonjour Lina, voici l’exercice.")?;
    browser.wait_for("Brouillon gardé.")?;
    browser.click("[data-send]")?;
    browser.wait_for("Votre message est parti vers 1 personne.")?;
    browser.wait_for("Exercice 18")?;
    sign_out(&browser)?;

    sign_in(&browser, &house, "lina.benali")?;
    browser.wait_for("Exercice 18")?;
    browser.find(".messages .unread")?;
    browser.click(".messages li:first-child .subject a")?;
    browser.wait_for("Bonjour Lina, voici l’exercice.")?;
    browser.click("button[name=how][value=reply]")?;
    browser.find(".chip")?;
    browser.write("[data-editor]", "Merci Madame !")?;
    browser.click("[data-send]")?;
    browser.wait_for("Votre message est parti vers 1 personne.")?;
    sign_out(&browser)?;

    sign_in(&browser, &house, "claire.lefevre")?;
    browser.wait_for("Re : Exercice 18")?;
    browser.click(".messages li:first-child .subject a")?;
    browser.wait_for("Merci Madame !")?;
    assert_eq!(
        browser.run("return document.querySelectorAll('article.letter').length")?,
        2,
        "the conversation shows both"
    );
    assert_eq!(browser.complaints()?, Vec::<String>::new(), "nothing refused by the content security policy");
    Ok(())
}

#[test]
fn the_composer_works_without_script_and_on_a_phone() -> Result<()> {
    let house = House::start(Options { people: Some(200), ..Options::with(&["session", "send-message"]) })?;
    // What a browser without script sends, button by button.
    let claire = house.sign_in("claire.lefevre")?;
    let boundary = "xxx";
    let part = |name: &str, value: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let content_type = format!("multipart/form-data; boundary={boundary}");
    let press = |fields: &[(&str, &str)]| {
        let body =
            fields.iter().map(|(name, value)| part(name, value)).collect::<String>() + &format!("--{boundary}--\r\n");
        claire.send("POST", "/send-message/compose", &[("content-type", &content_type)], body.into_bytes())
    };
    let found = press(&[
        ("id", ""),
        ("subject", "Sans script"),
        ("text", "Bonjour"),
        ("q-to", "lina ben"),
        ("action", "find"),
    ])?;
    assert_eq!(found.status, 303, "{}", found.text());
    let page = claire.get(&found.location)?.text();
    let value =
        page.split("name=\"found\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    assert!(value.starts_with("to:person:"), "{page}");
    let id = found.location.split(['/', '?']).nth(3).unwrap_or_default();
    let added =
        press(&[("id", id), ("subject", "Sans script"), ("text", "Bonjour"), ("found", value), ("action", "add")])?;
    assert_eq!(added.status, 303, "{}", added.text());
    let sent = press(&[
        ("id", id),
        ("subject", "Sans script"),
        ("text", "Bonjour"),
        ("addressee", value),
        ("action", "send"),
    ])?;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/send-message/sent"), "{}", sent.text());
    let refused = press(&[("id", ""), ("subject", "À personne"), ("text", "x"), ("action", "send")])?;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("n’a pas de destinataire") && refused.text().contains("À personne"));

    if !Browser::installed() {
        println!("skipped the phone: Chromium and ChromeDriver are not installed");
        return Ok(());
    }
    let browser = Browser::start(400, 800)?;
    sign_in(&browser, &house, "lina.benali")?;
    for path in ["/send-message/inbox", "/send-message/compose"] {
        browser.open(&format!("{}{path}", house.url()))?;
        browser.find("main h1")?;
        let overflow =
            browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")?;
        assert_eq!(overflow, 0, "{path} is wider than a phone");
    }
    Ok(())
}

/// The directory and its administration (D-1 to D-5, R-3, A-7): every page on a phone, none over 100 KB; a rule is added with its
/// effects shown first, and taken back.
#[test]
fn an_administrator_sees_what_a_rule_brings_before_making_it() -> Result<()> {
    let house =
        House::start(Options { people: Some(300), ..Options::with(&["session", "send-message", "directory"]) })?;
    let pages = [
        "/directory",
        "/directory?profile=teacher",
        "/directory/groups",
        "/directory/my-groups",
        "/directory/contacts",
        "/directory/bookmarks",
        "/directory/import",
        "/directory/admin/rules",
        "/directory/admin/simulator",
        "/directory/admin/prohibitions",
        "/directory/admin/lists",
        "/directory/admin/people",
        "/directory/admin/settings",
    ];
    let sophie = house.sign_in("sophie.legoff")?;
    for path in pages {
        let page = sophie.get(path)?;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.bytes.len() < 100_000, "{path} has {} bytes", page.bytes.len());
    }
    if !Browser::installed() {
        println!("skipped: Chromium and ChromeDriver are not installed (apt-get install chromium chromium-driver)");
        return Ok(());
    }
    let phone = Browser::start(400, 800)?;
    sign_in(&phone, &house, "sophie.legoff")?;
    for path in pages {
        phone.open(&format!("{}{path}", house.url()))?;
        phone.find("main h1")?;
        let overflow =
            phone.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")?;
        assert_eq!(overflow, 0, "{path} is wider than a phone");
    }

    let database = house.database()?;
    let group = |name: &str| -> Result<String> {
        let row = database.first("SELECT id FROM person_group WHERE name = ?1", store::params![name])?;
        Ok(row.map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default())
    };
    let (teachers, parents) = (group("Enseignants de 6A")?, group("Parents de 6A")?);
    let browser = Browser::start(1200, 900)?;
    sign_in(&browser, &house, "sophie.legoff")?;
    browser.open(&format!("{}/directory/admin/rules/{teachers}", house.url()))?;
    browser.run(&format!("document.querySelector('select#to').value = '{parents}'"))?;
    browser.run("document.querySelector('select#to').form.requestSubmit()")?;
    browser.wait_for("les membres de ces groupes pourraient s’écrire entre eux")?;
    browser.click("main form.toolbar button.primary")?;
    browser.wait_for("Les droits sont changés.")?;
    browser.wait_for("Parents de 6A")?;
    browser.open(&format!("{}/directory/admin/rules/{parents}", house.url()))?;
    browser.click("[aria-labelledby=sources] button[aria-label='Retirer Enseignants de 6A']")?;
    browser.wait_for("ne pourrait plus écrire à")?;
    browser.click("main form.toolbar button.primary")?;
    browser.wait_for("Les droits sont changés.")?;
    assert_eq!(browser.complaints()?, Vec::<String>::new(), "nothing refused by the content security policy");
    Ok(())
}

/// Publipostage and rubriques (P-2, P-3, P-5, B-1 to B-5): every page on a phone, none over 100 KB; letters are printed with the
/// page's own script, a message goes to a population, a flash message is read and gone.
#[test]
fn an_administrator_prints_letters_and_writes_to_a_population() -> Result<()> {
    let components = ["session", "send-message", "broadcast", "publipostage"];
    let house =
        House::start(Options { people: Some(300), schedule: Some(tests::NEVER), ..Options::with(&components) })?;
    let database = house.database()?;
    let id = |sql: &str| -> Result<String> {
        Ok(database.first(sql, &[])?.map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default())
    };
    let rubrique = id("SELECT id FROM rubrique WHERE name = 'Direction'")?;
    let news = id("SELECT id FROM news WHERE publish_at IS NOT NULL ORDER BY publish_at LIMIT 1")?;
    let event = id("SELECT id FROM event WHERE state = 'published' AND confirmation LIMIT 1")?;
    let model = id("SELECT id FROM model LIMIT 1")?;
    let pages = [
        "/publipostage".to_owned(),
        "/publipostage?profile=relative&active=no".to_owned(),
        "/publipostage/campaigns".to_owned(),
        "/publipostage/letterhead".to_owned(),
        "/publipostage/class-admins".to_owned(),
        "/publipostage/models".to_owned(),
        format!("/publipostage/models/{model}"),
        format!("/publipostage/models/{model}/recipients?profile=relative"),
        format!("/publipostage/models/{model}/preview?profile=relative"),
        "/broadcast".to_owned(),
        format!("/broadcast/rubriques/{rubrique}"),
        format!("/broadcast/rubriques/{rubrique}/settings"),
        format!("/broadcast/rubriques/{rubrique}/message"),
        format!("/broadcast/rubriques/{rubrique}/sends"),
        format!("/broadcast/rubriques/{rubrique}/news/new"),
        "/broadcast/news".to_owned(),
        format!("/broadcast/news/{news}"),
        "/broadcast/agenda".to_owned(),
        format!("/broadcast/agenda/events/{event}"),
        "/broadcast/flash".to_owned(),
        "/broadcast/liaison".to_owned(),
        "/broadcast/liaison/new".to_owned(),
    ];
    let admin = house.sign_in("sophie.legoff")?;
    for path in &pages {
        let page = admin.get(path)?;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.bytes.len() <= 100_000, "{path} weighs {} bytes", page.bytes.len());
    }
    if !Browser::installed() {
        println!("skipped the browser: Chromium and ChromeDriver are not installed");
        return Ok(());
    }
    let phone = Browser::start(400, 800)?;
    sign_in(&phone, &house, "sophie.legoff")?;
    for path in &pages {
        phone.open(&format!("{}{path}", house.url()))?;
        phone.find("main h1")?;
        let overflow =
            phone.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")?;
        assert_eq!(overflow, 0, "{path} is wider than a phone");
    }

    let browser = Browser::start(1200, 900)?;
    sign_in(&browser, &house, "sophie.legoff")?;
    browser.open(&format!("{}/publipostage?profile=relative", house.url()))?;
    browser.click("button[name=kind][value=eight]")?;
    browser.wait_for("Le fichier est prêt")?;
    browser.find("a[href$='/result']")?;

    // A model keeps its formatting, and takes a field where the caret is.
    let model = id("SELECT id FROM model WHERE body LIKE '%<b>%' LIMIT 1")?;
    browser.open(&format!("{}/publipostage/models/{model}", house.url()))?;
    browser.write("[data-editor]", "Ajout ")?;
    browser.click("[data-field] button")?;
    browser.run("document.querySelector('form[data-model]').requestSubmit()")?;
    browser.wait_for("Succès")?;
    let kept = id(&format!("SELECT body FROM model WHERE id = '{model}'"))?;
    assert!(kept.contains("<b>") && kept.contains("Ajout") && kept.matches("{{").count() > 2, "{kept}");

    browser.open(&format!("{}/broadcast/rubriques/{rubrique}/message", house.url()))?;
    browser.click("input[name=population]")?;
    browser.write("input[name=subject]", "Fermeture du portail")?;
    browser.write("[contenteditable]", "Entrez par la cour d’honneur.")?;
    browser.click("main form button.primary")?;
    browser.wait_for("Votre message est parti vers")?;
    assert_eq!(browser.complaints()?, Vec::<String>::new());

    let karim = Browser::start(1200, 900)?;
    sign_in(&karim, &house, "karim.benali")?;
    karim.open(&format!("{}/send-message/inbox", house.url()))?;
    karim.wait_for("Photos de classe")?;
    karim.click(".announcement button")?;
    karim.find("main h1")?;
    assert!(karim.url()?.ends_with("/send-message/inbox"), "{}", karim.url()?);
    assert!(!karim.text("main")?.contains("Photos de classe"), "the flash message is still there");
    Ok(())
}
