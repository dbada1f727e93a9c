//! The chat message: a few lines to paste under a picture.

use super::model::Paper;

/// The message of an audience, a line a paragraph.
pub fn text(p: &Paper) -> String {
    let mut out = p.chat.join("\n");
    out.push('\n');
    out
}
