//! Times the searches on a made-up network: `cargo run --release -p people --example measure [PEOPLE [PRESET]]`
//! (100,000 by default). Prints the median and the slowest of 30 runs of each, in milliseconds; asserts nothing.

use std::time::Instant;

use people::{GroupQuery, PageSize, PeopleQuery, PersonId, Profile};
use store::{Database as _, File, params};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const NOW: i64 = 1_800_000_000_000;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().map_or(Ok(100_000), |n| n.parse())?;
    let preset = arguments.next().unwrap_or_else(|| "minors-2025".to_owned());
    let database = File::in_memory()?;
    store::apply_migrations(&database, &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations"))?;
    let start = Instant::now();
    demo::run(&database, &demo::Options::of(count, NOW))?;
    print(&format!("made {count} people in {:.1} s", start.elapsed().as_secs_f64()));
    if preset != "minors-2025" {
        let start = Instant::now();
        let preset = rights::Preset::ALL.into_iter().find(|p| p.as_str() == preset).ok_or("no such preset")?;
        database.batch("BEGIN")?;
        for row in database.execute("SELECT uai FROM establishment", &[])? {
            let uai = row.text(0)?.parse()?;
            let editor = rights::Editor { person: None, uai: &uai, now: 0 };
            let id = format!("{:0>26}", uai.as_str());
            rights::edit(&database, &editor, &id, &rights::Edit::Preset(preset))?;
        }
        database.batch("COMMIT")?;
        print(&format!("applied {preset} in {:.1} s", start.elapsed().as_secs_f64()));
    }
    for login in ["claire.lefevre", "karim.benali", "lina.benali", "sophie.legoff"] {
        viewer(&database, login)?;
    }
    Ok(())
}

fn viewer(database: &File, login: &str) -> Outcome<()> {
    let row = database.first("SELECT id FROM person WHERE login = ?1", params![login])?.ok_or("no such login")?;
    let viewer: PersonId = row.text(0)?.parse()?;
    print(&format!("{login}, who reaches {}:", rights::reach(database, &viewer)?));
    let all = PeopleQuery::of(&viewer);
    let first = people::search_people(database, &all)?;
    let class = people::classes(database, &viewer)?.into_iter().next().map(|class| class.id);
    let own = database.first("SELECT uai FROM person WHERE id = ?1", params![viewer.as_str()])?.ok_or("no such id")?;
    let own = vec![own.text(0)?.parse()?];
    for (name, query) in [
        ("first page", all.clone()),
        ("second page", PeopleQuery { after: first.next, ..all.clone() }),
        ("100 a page", PeopleQuery { size: PageSize::near(100), ..all.clone() }),
        ("m", PeopleQuery { text: "m", ..all.clone() }),
        ("ma", PeopleQuery { text: "ma", ..all.clone() }),
        ("martin", PeopleQuery { text: "martin", ..all.clone() }),
        ("cla lef", PeopleQuery { text: "cla lef", ..all.clone() }),
        ("nobody", PeopleQuery { text: "zzz", ..all.clone() }),
        ("students", PeopleQuery { profile: Some(Profile::Student), ..all.clone() }),
        ("guests", PeopleQuery { profile: Some(Profile::Guest), ..all.clone() }),
        ("at home", PeopleQuery { establishments: own.clone(), ..all.clone() }),
        ("m at home", PeopleQuery { establishments: own.clone(), text: "m", ..all.clone() }),
        ("discipline", PeopleQuery { discipline: Some("Anglais"), ..all.clone() }),
        ("a class", PeopleQuery { class, ..all.clone() }),
    ] {
        time(name, || Ok(people::search_people(database, &query)?.items.len()))?;
    }
    time("count", || Ok(people::count_people(database, &all, 1000)?.unwrap_or(1001) as usize))?;
    time("export", || Ok(people::all_people(database, &all, 10_000)?.map_or(0, |people| people.len())))?;
    time("groups", || Ok(people::search_groups(database, &GroupQuery::of(&viewer))?.items.len()))?;
    time("categories", || Ok(people::categories(database, &viewer)?.len()))?;
    time("classes", || Ok(people::classes(database, &viewer)?.len()))?;
    time("misspelt", || Ok(people::suggest(database, &viewer, "benaly", NOW)?.len()))?;
    time("suggest ma", || Ok(people::suggest(database, &viewer, "ma", NOW)?.len()))?;
    time("judge 50", || {
        let asked: Vec<_> =
            first.items.iter().cycle().take(50).map(|p| rights::Addressee::Person(p.id.to_string())).collect();
        Ok(rights::judge(database, &viewer, None, &asked)?.len())
    })?;
    time("reach", || Ok(usize::try_from(rights::reach(database, &viewer)?)?))
}

fn time(name: &str, mut run: impl FnMut() -> Outcome<usize>) -> Outcome<()> {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..30 {
        let start = Instant::now();
        rows = run()?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let (median, worst) = (times.get(15).copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0));
    print(&format!("  {name:<12} {median:>8.2} ms, at worst {worst:>8.2} ms, {rows} rows"));
    Ok(())
}

fn print(line: &str) {
    use std::io::Write as _;
    // Nothing to do when nobody listens.
    let _ = writeln!(std::io::stdout(), "{line}");
}
