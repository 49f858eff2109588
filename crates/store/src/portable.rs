//! What libSQL makes of our SQL. Its client, the one in Spin, parses each statement with a parser of its own and sends what that
//! parser prints; so does the server. A statement that they refuse or change would fail in production only.

use fallible_iterator::FallibleIterator as _;
use libsql_sqlite3_parser::ast::{Cmd, Stmt};
use libsql_sqlite3_parser::lexer::sql::Parser;

/// The text that libSQL's client sends for one statement.
///
/// # Errors
/// Where and why the parser refuses it, or that it is not one statement.
pub fn reprint(statement: &str) -> Result<String, String> {
    let mut parser = Box::new(Parser::new(statement.as_bytes()));
    let command = parser.next().map_err(|error| error.to_string())?.ok_or("no statement")?;
    if parser.next().map_err(|error| error.to_string())?.is_some() {
        return Err("more than one statement".to_owned());
    }
    // As the client does: what it prints of a table with two options is wrong (`WITHOUT ROWID STRICT`).
    Ok(if matches!(command, Cmd::Stmt(Stmt::CreateTable { .. })) { statement.to_owned() } else { command.to_string() })
}

/// The statements of a script, in order, without what stands between them.
///
/// # Errors
/// Where and why the parser refuses it.
pub fn statements(script: &str) -> Result<Vec<&str>, String> {
    let mut parser = Box::new(Parser::new(script.as_bytes()));
    let (mut statements, mut from) = (Vec::new(), 0);
    while parser.next().map_err(|error| error.to_string())?.is_some() {
        let to = parser.offset();
        statements.push(script.get(from..to).unwrap_or_default().trim());
        from = to;
    }
    Ok(statements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libsql_refuses_is_refused() {
        assert!(reprint("SELECT json_group_array(a ORDER BY a) FROM t").is_err());
        assert!(reprint("SELECT 1; SELECT 2").is_err());
        assert!(reprint("").is_err());
        assert_eq!(reprint("SELECT  a\n FROM t -- all").unwrap(), "SELECT a FROM t;");
    }

    #[test]
    fn a_script_is_cut_between_its_statements() {
        let script = "-- one\nCREATE TABLE t (a) STRICT, WITHOUT ROWID;\n\
            CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT ';'; SELECT 2; END;\n-- the end\n";
        let cut = statements(script).unwrap();
        assert_eq!(cut.len(), 2);
        assert!(cut[0].ends_with("STRICT, WITHOUT ROWID;") && cut[1].ends_with("END;"), "{cut:?}");
        assert!(reprint(cut[0]).unwrap().contains("STRICT, WITHOUT ROWID"));
    }
}
