//! Rubriques: sections of the site, who edits them and who reads them (B-1).
//!
//! Who may do what is said by the views of `sql/migrations/0010_rubriques.sql`, never beside them.
