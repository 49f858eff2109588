//! What letters of one job have in common, set once for each slice of it: the texts of each case and profile, in lines.

use crate::font::Face;
use crate::ink::mm;
use crate::picture::Picture;
use crate::text::{self, Line, Span};
use crate::wording::{self, Case};
use crate::{Profile, Sender, clean};

/// Room for text on a whole page.
pub(crate) const LEFT: f32 = mm(20.0);
pub(crate) const ROOM: f32 = mm(170.0);
/// Beside the QR code on an eighth of a page, and without one.
pub(crate) const BRIEF_NARROW: f32 = mm(59.0);
pub(crate) const BRIEF_WIDE: f32 = mm(89.0);

pub(crate) const BODY: f32 = 11.0;
pub(crate) const BODY_LEADING: f32 = 15.5;
/// The number of a step and the room after it.
pub(crate) const INDENT: f32 = 22.0;

/// The texts of one case and profile.
pub(crate) struct Plate {
    /// Begins the keys of its drawn pieces.
    pub(crate) key: u16,
    pub(crate) title: String,
    pub(crate) intro: Vec<Line>,
    pub(crate) how: String,
    pub(crate) steps: Vec<Vec<Line>>,
    pub(crate) notes: Vec<Vec<Line>>,
    pub(crate) brief: Vec<Line>,
}

/// The plates that were needed so far.
pub(crate) struct Plates<'a> {
    pub(crate) sender: &'a Sender,
    /// Its name, its address, the date and what stands at the foot, clean.
    pub(crate) name: String,
    pub(crate) address: Vec<String>,
    pub(crate) date: String,
    pub(crate) foot: String,
    /// What tells its logo from other pictures.
    pub(crate) logo: u64,
    made: Vec<((Case, Profile), Plate)>,
}

impl<'a> Plates<'a> {
    pub(crate) fn new(sender: &'a Sender) -> Self {
        let name = lenient(&sender.name);
        let address: Vec<String> = sender.address_lines.iter().map(|line| lenient(line)).collect();
        let mut foot = std::iter::once(&name).chain(&address).cloned().collect::<Vec<_>>();
        if !sender.uai.is_empty() {
            foot.push(format!("UAI {}", lenient(&sender.uai)));
        }
        Self {
            sender,
            name,
            address,
            date: lenient(&sender.date),
            foot: foot.join("  ·  "),
            logo: sender.logo.as_ref().map_or(0, Picture::key),
            made: Vec::new(),
        }
    }

    /// The place of a plate, for [`Plates::get`]; it is set when it is asked for the first time.
    pub(crate) fn prepare(&mut self, case: Case, profile: Profile) {
        if self.get(case, profile).is_none() {
            let plate = Plate::set(case, profile, self.sender);
            self.made.push(((case, profile), plate));
        }
    }

    pub(crate) fn get(&self, case: Case, profile: Profile) -> Option<&Plate> {
        self.made.iter().find(|(key, _)| *key == (case, profile)).map(|(_, plate)| plate)
    }
}

impl Plate {
    fn set(case: Case, profile: Profile, sender: &Sender) -> Self {
        let words = wording::words(case, profile, sender);
        let set = |words: &str, size: f32, room: f32| {
            let words = text::french(&lenient(words));
            // What stands between two stars is bold.
            let styles = [Face::Regular, Face::Bold].into_iter().cycle();
            let spans: Vec<_> = words.split('*').zip(styles).map(|(part, face)| Span::new(part, face)).collect();
            text::lines(&spans, size, room)
        };
        let with_qr = case == Case::Activate && sender.activation_url.is_some();
        Self {
            key: 100 + (case as u16 * 5 + profile as u16) * 20,
            title: text::french(words.title),
            intro: set(words.intro, BODY, ROOM),
            how: text::french(words.how),
            steps: words.steps.iter().map(|step| set(step, BODY, ROOM - INDENT)).collect(),
            notes: words.notes.iter().map(|note| set(note, 9.5, ROOM)).collect(),
            brief: set(&words.brief, 7.5, if with_qr { BRIEF_NARROW } else { BRIEF_WIDE }),
        }
    }
}

/// A text of the establishment's own: letters that cannot be written are left out.
pub(crate) fn lenient(text: &str) -> String {
    match clean::line(text) {
        Ok(clean) => clean,
        Err(_) => {
            let kept: String = text.chars().filter(|c| clean::line(&c.to_string()).is_ok()).collect();
            clean::line(&kept).unwrap_or_default()
        }
    }
}
