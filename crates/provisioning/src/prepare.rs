//! From staging to preview: what cannot be used is left out, what is odd is remarked, the rest is counted.

use feed::{Kind, Record};
use people::Uai;
use store::{Database, params};

use crate::judge::{judge, reject};
use crate::mirror::word;
use crate::staging::SCHOOL;
use crate::structures::Structures;
use crate::{Counts, Error, Import, Refusal, counts};

/// Prepares an import whose files are all read, or prepares it again: afterwards it can be applied.
///
/// # Errors
/// [`Refusal::Empty`], [`Refusal::Unread`], [`Refusal::State`]; or when the database cannot be used.
pub fn prepare(database: &dyn Database, import: &Import) -> Result<Counts, Error> {
    if !matches!(import.state.as_str(), "reading" | "ready") {
        return Err(Refusal::State.into());
    }
    if let Some(file) = import.files.iter().find(|file| file.read.is_none()) {
        return Err(Refusal::Unread(file.name.clone()).into());
    }
    school(database, import)?;
    let patches = "SELECT 1 FROM import_entry e WHERE e.import_n = ?1 AND e.change = 'patch' LIMIT 1";
    if import.limits.is_some() || database.first(patches, params![import.n])?.is_some() {
        judge(database, import)?;
    }
    establishments(database, import)?;
    let structures = Structures::load(database, &import.source, import.n)?;
    for kind in [Kind::Adult, Kind::Student] {
        homeless(database, import, kind, &structures)?;
    }
    unknown_relatives(database, import)?;
    if database.first("SELECT 1 FROM import_entry e WHERE e.import_n = ?1 LIMIT 1", params![import.n])?.is_none() {
        return Err(Refusal::Empty.into());
    }
    let counts = counts::count(database, import, &structures)?;
    // How many imports of the source were applied so far says, later, whether the preview is still true.
    database.execute(
        "UPDATE directory_import SET state = 'ready', counts = ?2, seen = (SELECT count(*) FROM directory_import a
            WHERE a.source = ?3 AND a.state IN ('applying', 'applied'))
         WHERE n = ?1 AND state IN ('reading', 'ready')",
        params![import.n, serde_json::to_string(&counts)?, &import.source],
    )?;
    Ok(counts)
}

/// The files of one school do not tell of the school: where it is new and may be made, an entry does.
fn school(database: &dyn Database, import: &Import) -> Result<(), Error> {
    let Some(uai) = import.source.strip_prefix(SCHOOL) else {
        return Ok(());
    };
    let record = Record { uai: Some(uai.to_owned()), name: Some(format!("Établissement {uai}")), ..Record::default() };
    if import.domain.is_some() {
        database.execute(
            "INSERT INTO import_entry (import_n, kind, id, file, line, change, structure, record)
             SELECT ?1, 'establishment', ?2, -1, 0, 'put', ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM establishment e WHERE e.uai = ?2) ON CONFLICT DO NOTHING",
            params![import.n, uai, serde_json::to_string(&record)?],
        )?;
    }
    Ok(())
}

const NO_UAI: (&str, &str) = ("bad-uai", "L’établissement n’a pas de code UAI valable (sept chiffres et une lettre).");
const NEW: (&str, &str) = (
    "unknown-establishment",
    "Cet établissement n’est pas dans l’annuaire. Un import en ligne de commande avec l’option --domain peut le créer.",
);
const OTHER_SOURCE: (&str, &str) = (
    "other-source",
    "Cet établissement vient déjà d’une autre source. Donnez aux fichiers le même préfixe que la première fois.",
);

/// Establishments that cannot be: without UAI, new where none may be made, of another academy's files.
fn establishments(database: &dyn Database, import: &Import) -> Result<(), Error> {
    let rows = database.execute(
        "SELECT e.id, e.record ->> 'uai', EXISTS (SELECT 1 FROM establishment x WHERE x.uai = e.record ->> 'uai'),
            EXISTS (SELECT 1 FROM (SELECT DISTINCT i.source FROM directory_import i
                    WHERE i.state IN ('applying', 'applied') AND i.source <> ?2 AND i.source GLOB 'aaf*') s
                JOIN source_record r ON r.source = s.source AND r.kind = 'establishment' AND r.gone = 0
                    AND r.record ->> 'uai' = e.record ->> 'uai' WHERE ?2 GLOB 'aaf*')
         FROM import_entry e WHERE e.import_n = ?1 AND e.kind = 'establishment' AND e.change <> 'delete'",
        params![import.n, &import.source],
    )?;
    let mut rejected = Vec::new();
    for row in &rows {
        let valid = row.optional_text(1)?.is_some_and(|uai| uai.parse::<Uai>().is_ok());
        let (known, elsewhere) = (row.boolean(2)?, row.boolean(3)?);
        let wrong = match (valid, known || import.domain.is_some(), elsewhere) {
            (false, ..) => NO_UAI,
            (_, false, _) => NEW,
            (.., true) => OTHER_SOURCE,
            _ => continue,
        };
        rejected.push((row.text(0)?.to_owned(), wrong.0, wrong.1));
    }
    reject(database, import, Kind::Establishment, &rejected)
}

/// Students and adults who belong to no establishment that is known; others are filed under one that is.
fn homeless(database: &dyn Database, import: &Import, kind: Kind, structures: &Structures) -> Result<(), Error> {
    let known = serde_json::to_string(&structures.ids().collect::<Vec<_>>())?;
    let mut after = String::new();
    loop {
        let rows = database.execute(
            "WITH known AS MATERIALIZED (SELECT k.value AS id FROM json_each(?3) k)
             SELECT e.id, e.record FROM import_entry e
             WHERE e.import_n = ?1 AND e.kind = ?2 AND e.id > ?4 AND e.change <> 'delete' AND e.structure NOT IN (SELECT id FROM known)
             ORDER BY e.id LIMIT 1000",
            params![import.n, word(kind), known.as_str(), after.as_str()],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        last.text(0)?.clone_into(&mut after);
        let (mut homes, mut rejected) = (Vec::new(), Vec::new());
        for row in &rows {
            let record: Record = serde_json::from_str(row.text(1)?)?;
            match structures.home(&record) {
                Some(home) => homes.push((row.text(0)?.to_owned(), home.to_owned())),
                None => rejected.push((
                    row.text(0)?.to_owned(),
                    "unknown-establishment",
                    "Cette personne n’est rattachée à aucun établissement connu. Joignez le fichier des établissements, ou vérifiez le rattachement.",
                )),
            }
        }
        database.execute(
            "UPDATE import_entry SET structure = j.value ->> 1 FROM json_each(?3) j
             WHERE import_entry.import_n = ?1 AND import_entry.kind = ?2 AND import_entry.id = j.value ->> 0",
            params![import.n, word(kind), serde_json::to_string(&homes)?],
        )?;
        reject(database, import, kind, &rejected)?;
    }
}

/// Ties to relatives of whom neither the files nor the source know anything: the student is taken, the tie waits. Silent
/// where the files are without relatives at all.
fn unknown_relatives(database: &dyn Database, import: &Import) -> Result<(), Error> {
    database.execute(
        "INSERT INTO import_reject (import_n, file, line, code, kind, id, words, remark)
         SELECT e.import_n, e.file, e.line, 'unknown-relative', e.kind, e.id,
            'Responsable inconnu (' || substr(group_concat(t.value ->> 'id', ', '), 1, 200) ||
            ') : l’élève est repris, le lien se fera quand ce responsable sera connu.', 1
         FROM import_entry e, json_each(e.record, '$.relatives') t
         WHERE e.import_n = ?1 AND e.kind = 'student' AND e.change <> 'delete'
            AND EXISTS (SELECT 1 FROM import_entry x WHERE x.import_n = ?1 AND x.kind = 'relative')
            AND NOT EXISTS (SELECT 1 FROM import_entry x
                WHERE x.import_n = ?1 AND x.kind = 'relative' AND x.id = t.value ->> 'id' AND x.change <> 'delete')
            AND NOT EXISTS (SELECT 1 FROM source_record m
                WHERE m.source = ?2 AND m.kind = 'relative' AND m.id = t.value ->> 'id' AND m.gone = 0)
         GROUP BY e.rowid
         ON CONFLICT DO NOTHING",
        params![import.n, &import.source],
    )?;
    Ok(())
}
