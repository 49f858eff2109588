//! The form in which an entry is kept: the same content is the same text, so that equal texts mean that nothing changed.

use feed::{Kind, Record};

/// The words of the database for kinds, in the order in which the directory follows them: a relative belongs to where her
/// children are, so they come before her.
pub(crate) const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Establishment => "establishment",
        Kind::Subject => "subject",
        Kind::Level => "level",
        Kind::Adult => "adult",
        Kind::Student => "student",
        Kind::Relative => "relative",
    }
}

macro_rules! fields {
    ($do:ident, $($argument:expr),*) => {
        $do!($($argument),*; uai, name, last_name, birth_name, first_name, title, birth_date, ine, level, mail, mobile, home_phone,
            work_phone, postcode, city, country, structure, profile;
            street, classes, groups, head_of, relatives, students, children, functions, disciplines; teaching)
    };
}

/// Takes out what is empty: an emptied field and one that was never there are the same to the directory.
pub(crate) fn tidy(mut record: Record) -> Record {
    macro_rules! each {
        ($record:expr; $($text:ident),*; $($list:ident),*; $($flag:ident),*) => {
            $(if $record.$text.as_deref().is_some_and(|text| text.trim().is_empty()) { $record.$text = None; })*
            $(if $record.$list.as_deref().is_some_and(<[_]>::is_empty) { $record.$list = None; })*
        };
    }
    fields!(each, record);
    record
}

/// The record with the fields that `patch` has (RFC 7396 on records).
pub(crate) fn patched(mut record: Record, patch: Record) -> Record {
    macro_rules! each {
        ($record:expr, $patch:expr; $($text:ident),*; $($list:ident),*; $($flag:ident),*) => {
            $(if $patch.$text.is_some() { $record.$text = $patch.$text; })*
            $(if $patch.$list.is_some() { $record.$list = $patch.$list; })*
            $(if $patch.$flag.is_some() { $record.$flag = $patch.$flag; })*
        };
    }
    fields!(each, record, patch);
    record
}

#[cfg(test)]
mod tests {
    use feed::Record;
    use serde_json::{Value, json};

    use super::{patched, tidy};

    /// Every field there is, named by serde itself: a field that the lists above forget fails here.
    fn full() -> Value {
        let place = json!({"structure": "1", "name": "6A"});
        json!({
            "uai": "u", "name": "n", "last_name": "l", "birth_name": "b", "first_name": "f", "title": "t", "birth_date": "d",
            "ine": "i", "level": "v", "mail": "m", "mobile": "1", "home_phone": "2", "work_phone": "3", "street": ["s"],
            "postcode": "p", "city": "c", "country": "o", "structure": "1", "classes": [place], "groups": [place],
            "head_of": [place], "relatives": [{"id": "1", "link": 1, "legal": true}],
            "students": [{"id": "1", "link": 0, "legal": true}],
            "children": [{"usual_name": "", "last_name": "l", "first_name": "f", "class": "c"}],
            "functions": [{"structure": "1", "code": "ENS", "label": "", "discipline": ""}], "disciplines": ["M"],
            "teaching": true, "profile": "guest",
        })
    }

    #[test]
    fn a_patch_of_everything_is_everything_and_emptied_fields_vanish() {
        let all: Record = serde_json::from_value(full()).unwrap();
        assert_eq!(serde_json::to_value(&all).unwrap(), full());
        assert_eq!(patched(Record::default(), all.clone()), all);
        assert_eq!(patched(all.clone(), Record::default()), all);
        let mut emptied = full();
        for value in emptied.as_object_mut().unwrap().values_mut() {
            *value = if value.is_string() {
                json!(" ")
            } else if value.is_array() {
                json!([])
            } else {
                json!(false)
            };
        }
        let emptied: Record = serde_json::from_value(emptied).unwrap();
        assert_eq!(tidy(patched(all, emptied)), Record { teaching: Some(false), ..Record::default() });
    }
}
