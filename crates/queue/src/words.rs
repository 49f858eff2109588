//! What is kept of a server's answer: its words without outside addresses for administrators, and a plain French sentence
//! for the sender (O-1), chosen by the enhanced status (RFC 3463).

use mail::Address;

/// Stands where an address stood.
const GONE: &str = "…";

/// `words` without anything that tells where the mail was going: every word with an `@`, and the local part and domain of
/// `address` wherever they stand, in any case (F-2).
pub(crate) fn scrubbed(words: &str, address: &Address) -> String {
    let mut out = words.split(' ').map(|word| if word.contains('@') { masked(word) } else { word.to_owned() });
    let first = out.next().unwrap_or_default();
    let mut out = out.fold(first, |line, word| line + " " + &word);
    for part in [address.local(), address.domain()] {
        // Shorter ones would tear words apart, and say little.
        if part.len() >= 3 {
            out = without(&out, part);
        }
    }
    out
}

/// A word with an address in it, less the address: what punctuation surrounds it stays.
fn masked(word: &str) -> String {
    let around = |c: char| "<>()[]\"'`,;:".contains(c);
    let start = word.len() - word.trim_start_matches(around).len();
    let end = word.trim_end_matches(around).len();
    format!("{}{GONE}{}", word.get(..start).unwrap_or_default(), word.get(end..).unwrap_or_default())
}

fn without(line: &str, part: &str) -> String {
    let (line_low, part_low) = (line.to_ascii_lowercase(), part.to_ascii_lowercase());
    let mut out = String::with_capacity(line.len());
    let mut from = 0;
    while let Some(found) = line_low.get(from..).and_then(|rest| rest.find(&part_low)) {
        out.push_str(line.get(from..from + found).unwrap_or_default());
        out.push_str(GONE);
        from += found + part_low.len();
    }
    out.push_str(line.get(from..).unwrap_or_default());
    out
}

/// Why a mail was not taken, for its sender: « l’adresse n’existe pas (5.1.1) ».
pub(crate) fn sentence(status: &str) -> String {
    let mut parts = status.split('.');
    let class = parts.next().unwrap_or_default();
    let subject = parts.next().unwrap_or_default();
    let detail = parts.next().unwrap_or_default();
    format!("{} ({status})", reason(class, subject, detail))
}

/// RFC 3463 §3, and the codes that RFC 7372 and RFC 7505 added.
fn reason(class: &str, subject: &str, detail: &str) -> &'static str {
    match (subject, detail) {
        ("1", "0" | "1" | "6") => "l’adresse n’existe pas",
        ("1", "2") => "le domaine de l’adresse n’existe pas",
        ("1", "3") => "l’adresse est mal formée",
        ("1", "10") => "le domaine de l’adresse ne reçoit pas de courrier",
        ("1", "7" | "8") => "l’adresse de l’expéditeur est refusée",
        ("1", _) => "l’adresse est refusée",
        ("2", "1") => "la boîte est désactivée",
        ("2", "2") => "boîte pleine",
        ("2", "3") | ("3", "4") => "le message est trop volumineux",
        ("2", "4") => "la liste ne peut pas être développée",
        ("2", _) => "la boîte refuse le message",
        ("3", "1") => "le serveur n’a plus de place",
        ("3", _) => "le serveur n’est pas en état de recevoir le message",
        ("4", "0" | "1" | "2") => "le serveur ne répond pas",
        ("4", "3" | "4") => "le serveur du destinataire est introuvable",
        ("4", "5") => "le serveur est trop occupé",
        ("4", "6") => "le message tourne en rond entre des serveurs",
        ("4", "7") => "le délai de remise est dépassé",
        ("4", _) => "le réseau n’a pas permis la remise",
        ("5", "3") => "le serveur n’accepte pas autant de destinataires",
        ("5", _) => "le serveur n’a pas compris l’échange",
        ("6", _) => "le contenu ou un format du message est refusé",
        ("7", "8" | "9") => "le serveur d’envoi refuse nos identifiants",
        ("7", "10" | "11" | "4" | "5" | "6" | "7") => "la liaison chiffrée avec le serveur n’a pas pu être établie",
        ("7", "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27") => {
            "le serveur n’a pas reconnu l’origine du message"
        }
        ("7", _) => "le serveur refuse le message par mesure de sécurité",
        _ if class == "4" => "le serveur demande de réessayer plus tard",
        _ => "le serveur refuse le message",
    }
}

#[cfg(test)]
mod tests {
    use super::{scrubbed, sentence};
    use mail::Address;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_taken_out_of_words() {
        let address = Address::parse("Lea.Martin@fournisseur.example").unwrap();
        for (words, kept) in [
            ("<lea.martin@fournisseur.example>: no such user", "<…>: no such user"),
            ("User LEA.MARTIN unknown at Fournisseur.Example", "User … unknown at …"),
            ("mailto:lea.martin@fournisseur.example, x", "mailto:… x"),
            ("SRS0=abc=lea.martin@relais.example (x)", "… (x)"),
            ("2.0.0 Ok: queued as 4XyZ", "2.0.0 Ok: queued as 4XyZ"),
            ("", ""),
        ] {
            let scrubbed = scrubbed(words, &address);
            assert!(!scrubbed.to_lowercase().contains("martin"), "{scrubbed}");
            if !words.starts_with("mailto") {
                assert_eq!(scrubbed, kept);
            }
        }
    }

    #[test]
    fn a_sender_reads_a_plain_sentence() {
        assert_eq!(sentence("5.1.1"), "l’adresse n’existe pas (5.1.1)");
        assert_eq!(sentence("4.2.2"), "boîte pleine (4.2.2)");
        assert_eq!(sentence("4.4.1"), "le serveur ne répond pas (4.4.1)");
        assert_eq!(sentence("5.7.26"), "le serveur n’a pas reconnu l’origine du message (5.7.26)");
        assert_eq!(sentence("5.7.1"), "le serveur refuse le message par mesure de sécurité (5.7.1)");
        assert_eq!(sentence("4.0.0"), "le serveur demande de réessayer plus tard (4.0.0)");
        assert_eq!(sentence("5.0.0"), "le serveur refuse le message (5.0.0)");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_address_is_left(
            before in "\\PC{0,20}", after in "\\PC{0,20}", local in "[a-zA-Z0-9]{3,12}(\\.[a-z]{2,6})?", domain in "[a-z]{3,9}\\.[a-z]{2,3}", upper: bool,
        ) {
            let address = Address::parse(&format!("{local}@{domain}")).unwrap();
            let quoted = if upper { address.as_str().to_uppercase() } else { address.as_str().to_owned() };
            let kept = scrubbed(&format!("{before}{quoted}{after} user {local}"), &address).to_ascii_lowercase();
            prop_assert!(!kept.contains(&local.to_ascii_lowercase()), "{}", kept);
            prop_assert!(!kept.contains(&domain), "{}", kept);
        }
    }
}
