//! What each audience received, by month: kept in `state/`, so that a later month can be protected against
//! subtraction and shown beside the earlier one.

use super::{RunError, state};
use crate::domain::Month;
use crate::domain::figure::Figure;
use crate::protect::Audience;
use crate::workspace::Workspace;
use std::path::PathBuf;

fn file(ws: &Workspace, audience: Audience, month: Month) -> PathBuf {
    ws.state()
        .join("published")
        .join(audience.id())
        .join(format!("{month}.json"))
}

/// Records what was handed over for a month.
pub fn remember(
    ws: &Workspace,
    month: Month,
    all: &[(Audience, Vec<Figure>)],
) -> Result<(), RunError> {
    for (audience, figures) in all {
        let text = serde_json::to_vec(figures).map_err(RunError::stage("published"))?;
        state::write_private(&file(ws, *audience, month), &text)?;
    }
    Ok(())
}

/// What an audience received for a month; empty when nothing was (or the record is broken).
pub fn recall(ws: &Workspace, audience: Audience, month: Month) -> Vec<Figure> {
    std::fs::read(file(ws, audience, month))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default()
}
