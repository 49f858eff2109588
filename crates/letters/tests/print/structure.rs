//! The file itself: every reference leads somewhere, the tags say what is on each page, and nothing tells a code.

use letters::{Layout, Press, Sender};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

use crate::reader;
use crate::school::{account, logo, print, sender};

fn follow(document: &Document, object: &Object) {
    match object {
        Object::Reference(id) => assert!(document.objects.contains_key(id), "{id:?} is missing"),
        Object::Array(items) => items.iter().for_each(|item| follow(document, item)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, item)| follow(document, item)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, item)| follow(document, item)),
        _ => {}
    }
}

fn dictionary<'a>(document: &'a Document, of: &'a Dictionary, name: &str) -> &'a Dictionary {
    let object = of.get(name.as_bytes()).unwrap();
    object.as_reference().map_or_else(|_| object.as_dict().unwrap(), |id| document.get_dictionary(id).unwrap())
}

/// The owners of the marks of a page, as the tree of marks tells.
fn owners(document: &Document, node: &Dictionary, page: i64) -> Option<Vec<Object>> {
    if let Ok(kids) = node.get(b"Kids").and_then(Object::as_array) {
        return kids
            .iter()
            .find_map(|kid| owners(document, document.get_dictionary(kid.as_reference().unwrap()).unwrap(), page));
    }
    let numbers = node.get(b"Nums").and_then(Object::as_array).unwrap();
    let found = numbers.chunks(2).find(|pair| pair[0].as_i64().unwrap() == page)?;
    Some(found[1].as_array().unwrap().clone())
}

#[test]
fn a_file_of_many_branches_is_whole_and_tagged() {
    let logins: Vec<String> = (0..150).map(|n| format!("eleve.{n}")).collect();
    let accounts: Vec<_> = logins.iter().map(|login| account("Lina", login, login, Some("k3mn8xyz"))).collect();
    let sender = Sender { logo: Some(logo()), ..sender() };
    for layout in [Layout::OnePerPage, Layout::EightPerPage] {
        let pdf = print(&sender, layout, &accounts);
        let document = reader::open(&pdf);
        document.objects.values().for_each(|object| follow(&document, object));
        let catalog = document.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR");
        let structure = dictionary(&document, catalog, "StructTreeRoot");
        let marks = dictionary(&document, structure, "ParentTree");
        let top = dictionary(&document, structure, "K");
        assert_eq!(top.get(b"K").and_then(Object::as_array).unwrap().len(), accounts.len());
        for page in document.get_pages().values() {
            let said = document.get_dictionary(*page).unwrap();
            let owners = owners(&document, marks, said.get(b"StructParents").unwrap().as_i64().unwrap()).unwrap();
            let (mut depth, mut number) = (0, 0);
            for operation in Content::decode(&document.get_page_content(*page)).unwrap().operations {
                match (operation.operator.as_str(), operation.operands.as_slice()) {
                    ("BDC", [Object::Name(role), Object::Dictionary(properties)]) => {
                        assert_eq!(properties.get(b"MCID").unwrap().as_i64().unwrap(), number);
                        let owner = document
                            .get_dictionary(owners[usize::try_from(number).unwrap()].as_reference().unwrap())
                            .unwrap();
                        assert_eq!(owner.get(b"S").unwrap().as_name().unwrap(), role);
                        assert_eq!(owner.get(b"Pg").unwrap().as_reference().unwrap(), *page);
                        assert!(role != b"Figure" || owner.has(b"Alt"));
                        (depth, number) = (depth + 1, number + 1);
                    }
                    ("BMC", _) => depth += 1,
                    ("EMC", _) => depth -= 1,
                    ("Tj" | "f" | "Do" | "S", _) => assert_eq!(depth, 1, "all is tagged or said to be furniture"),
                    _ => {}
                }
            }
            assert_eq!(usize::try_from(number).unwrap(), owners.len());
        }
    }
}

#[test]
fn title_and_claim_are_there_and_no_code_is() {
    let title = "Comptes <&> (élèves)";
    let mut press = Press::new(&sender(), Layout::OnePerPage, title);
    let mut pdf = press.accounts(&sender(), &[account("Lina", "Benali", "lina.benali", Some("k3mn8xyz"))]).unwrap();
    pdf.extend(press.finish());
    let told = String::from_utf8_lossy(&pdf);
    assert!(told.contains("<pdfuaid:part>1</pdfuaid:part>") && told.contains("Comptes &lt;&amp;&gt; (élèves)"));
    assert!(!told.contains("k3mn8xyz") && !told.contains("lina.benali"));
    let document = reader::open(&pdf);
    let info = dictionary(&document, &document.trailer, "Info");
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(title.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(info.get(b"Title").unwrap().as_str().unwrap(), utf16);
}

#[test]
fn a_file_without_letters_can_be_opened() {
    assert_eq!(reader::open(&print(&sender(), Layout::EightPerPage, &[])).get_pages().len(), 0);
}
