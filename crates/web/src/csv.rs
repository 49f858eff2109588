//! Tables as spreadsheets in France open them: UTF-8 with its mark, semicolons, and no cell taken for a formula.

use crate::{Problem, Response};

impl Response {
    /// A CSV file to keep: `heading`, then `rows`.
    ///
    /// # Errors
    /// 500 when it cannot be written.
    pub fn csv<const N: usize>(
        name: &str,
        heading: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Result<Self, Problem> {
        let failed = |error: csv::Error| Problem::internal(format!("CSV: {error}"));
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(heading).map_err(failed)?;
        for row in rows {
            writer.write_record(row.map(harmless)).map_err(failed)?;
        }
        let bytes = writer.into_inner().map_err(|error| Problem::internal(format!("CSV: {error}")))?;
        Ok(Self::download(name, "text/csv; charset=utf-8", bytes))
    }
}

/// A cell that begins like a formula is preceded by an apostrophe: the spreadsheet shows it, and does not run it.
fn harmless(cell: String) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || cell.starts_with(['\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_is_taken_for_a_formula() {
        for cell in ["=1+1", "+33 5", "-2", "@SUM(A1)", " =1", "\t=1", "\r1", "＝1"] {
            assert_eq!(harmless(cell.to_owned()), format!("'{cell}"));
        }
        for cell in ["", "Lina", "d’Arc", "6A-6B", "a=b"] {
            assert_eq!(harmless(cell.to_owned()), cell);
        }
    }
}
