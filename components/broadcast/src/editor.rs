//! The field of a formatted text.

use maud::{Markup, html};
use web::Form;

/// The field `text`; `html` is what was kept: sanitised.
pub(crate) fn editor(label: &str, html: &str) -> Markup {
    html! {
        div.field {
            label for="text" { (label) }
            textarea #text name="text" rows="14" { (plain(html)) }
        }
    }
}

/// The HTML of [`editor`].
pub(crate) fn written(form: &Form) -> String {
    if form.has("html") { form.raw("html").to_owned() } else { web::text::to_html(form.raw("text")) }
}

/// A text as written, made safe to be shown in its form again.
pub(crate) fn shown_again(html: &str) -> String {
    announce::shown_again(html).unwrap_or_else(|| web::text::to_html(html))
}

fn plain(html: &str) -> String {
    let spaced = html.replace("<br>", "\n").replace("</p>", "\n\n").replace("</li>", "\n");
    let mut text = String::with_capacity(spaced.len());
    for (position, part) in spaced.split('<').enumerate() {
        text.push_str(if position == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) });
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim_end().to_owned()
}
