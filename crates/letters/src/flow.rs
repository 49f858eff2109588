//! stub
use crate::{Letter, Sender, Unprintable, file::Out, press::Press, tags::Tree};
pub(crate) struct Set;
pub(crate) fn set(_i: usize, _s: &Sender, _l: &Letter) -> Result<Set, Unprintable> {
    Ok(Set)
}
pub(crate) fn draw(_p: &mut Press, _o: &mut Out, _s: &Set) -> (Vec<Vec<u8>>, Tree) {
    (vec![], Tree::default())
}
