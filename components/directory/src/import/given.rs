//! Files that were given: begun as an import of the right source, and staged.

use feed::Extent;
use feed::aaf::FileName;
use people::Uai;
use provisioning::{Import, Mode, Request, Source, Staging, System};
use web::{Exchange, Problem};

use super::refused;

/// What an import is asked to be.
pub(crate) struct Asked<'a> {
    /// The establishment of ONDE and CSV files.
    pub(crate) uai: &'a Uai,
    /// `None`: as the first file says.
    pub(crate) mode: Option<Mode>,
}

/// Begins an import for a first file of this name and content.
pub(crate) fn begin(exchange: &Exchange<'_>, asked: &Asked<'_>, name: &str, content: &[u8]) -> Result<Import, Problem> {
    let viewer = exchange.viewer()?;
    let xml = is_xml(content);
    let file = name.parse::<FileName>().ok().filter(|_| xml);
    let source =
        if xml { Source::aaf(file.as_ref().map(|file| file.prefix.as_str())) } else { Source::school(asked.uai) };
    let said = match &file {
        Some(file) if file.extent == Extent::Full => Mode::Full,
        // Without a name that says so, nobody is taken for gone.
        _ if xml => Mode::Delta,
        _ => Mode::Full,
    };
    let limits: Vec<Uai> = if xml {
        viewer.administers.iter().filter_map(|uai| uai.parse().ok()).collect()
    } else {
        vec![asked.uai.clone()]
    };
    let request = Request {
        source: &source,
        mode: asked.mode.unwrap_or(said),
        limits: Some(&limits),
        domain: None,
        person: Some(&viewer.id),
        now: exchange.now(),
    };
    provisioning::begin(exchange.db(), &mut System::default(), &request).map_err(refused)
}

/// Reads a file into an import. One that cannot be read to its end does not count, and nothing goes on before it is given
/// again or the import is cancelled: in a full import its people would be taken for gone.
pub(crate) fn stage(
    exchange: &Exchange<'_>,
    import: &Import,
    name: &str,
    content: &[u8],
) -> Result<provisioning::Read, Problem> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let uai = import.source.strip_prefix("school:");
    if is_xml(content) == uai.is_some() {
        return Err(Problem::refused(
            "mixed-files",
            format!(
                "« {name} » n’est pas de la même nature que les autres fichiers de cet import. AAF (XML) et listes (CSV) s’importent séparément."
            ),
        ));
    }
    let mut staging = Staging::open(exchange.db(), import, &name).map_err(refused)?;
    if let Err(error) = feed::read(&name, uai, content, &mut staging) {
        if let Some(failure) = staging.failure() {
            return Err(refused(failure));
        }
        return Err(Problem::refused(error.code(), format!("« {name} » : {error}")));
    }
    staging.finish().map_err(refused)
}

fn is_xml(content: &[u8]) -> bool {
    content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content).trim_ascii_start().starts_with(b"<")
}
