//! Which figure stands in which cell of a month's workbooks: kept in `state/` for `explain`, never handed over.

use super::RunError;
use crate::domain::Month;
use crate::domain::figure::FigureKey;
use crate::workspace::{StateError, read_state};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A cell: sheet, row and column, both zero-based.
pub type Cell = (String, u32, u16);

fn file(state: &Path, month: Month, workbook: &str) -> PathBuf {
    state.join(format!("cells/{month}/{workbook}.json"))
}

/// Records below `state` (the folder itself, or what will become it) what the cells of a workbook show.
pub fn remember(
    state: &Path,
    month: Month,
    workbook: &str,
    cells: BTreeMap<Cell, FigureKey>,
) -> Result<(), RunError> {
    let list: Vec<(Cell, FigureKey)> = cells.into_iter().collect();
    let text = serde_json::to_vec(&list).map_err(RunError::stage("report"))?;
    super::state::write_pending(&file(state, month, workbook), &text)
}

/// What the cells of a workbook show; `None` when no such workbook was written for the month.
pub fn recall(
    state: &Path,
    month: Month,
    workbook: &str,
) -> Result<Option<BTreeMap<Cell, FigureKey>>, StateError> {
    let path = file(state, month, workbook);
    let Some(text) = read_state(&path)? else {
        return Ok(None);
    };
    let list: Vec<(Cell, FigureKey)> =
        serde_json::from_slice(&text).map_err(StateError::unknown(&path))?;
    Ok(Some(list.into_iter().collect()))
}

/// The newest month for which a workbook was written.
pub fn latest(state: &Path, workbook: &str) -> Option<Month> {
    let months = std::fs::read_dir(state.join("cells")).ok()?;
    months
        .filter_map(|e| e.ok()?.file_name().to_str()?.parse::<Month>().ok())
        .filter(|m| file(state, *m, workbook).is_file())
        .max()
}

/// Reads `'Kohor'!D7`, `Kohor!$D$7`.
pub fn parse(text: &str) -> Option<Cell> {
    let (sheet, place) = text.rsplit_once('!')?;
    let sheet = sheet
        .strip_prefix('\'')
        .and_then(|s| s.strip_suffix('\''))
        .unwrap_or(sheet)
        .replace("''", "'");
    let place = place.replace('$', "");
    let digits = place.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = place.split_at(digits);
    let row = row.parse::<u32>().ok()?.checked_sub(1)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0u32;
    for c in letters.bytes() {
        let c = c.to_ascii_uppercase();
        if !c.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + u32::from(c - b'A') + 1;
    }
    Some((sheet, row, u16::try_from(column - 1).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_excel_names_them() {
        assert_eq!(parse("'Kohor'!D7"), Some(("Kohor".into(), 6, 3)));
        assert_eq!(
            parse("Wajib lapor!$AA$12"),
            Some(("Wajib lapor".into(), 11, 26))
        );
        assert_eq!(parse("'Jum''at'!a1"), Some(("Jum'at".into(), 0, 0)));
        for wrong in [
            "D7",
            "Kohor!7",
            "Kohor!D0",
            "Kohor!D",
            "Kohor!ÄB3",
            "Kohor!ABCD1",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_a_workbook_shows_is_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let month = Month::new(2026, 1).unwrap();
        let key: FigureKey = (
            "stock".into(),
            "v1".into(),
            crate::domain::Population::Maluku,
            ("upt".into(), "lapas-ambon".into()),
            Default::default(),
            None,
        );
        let cells = BTreeMap::from([(("Penghuni".to_owned(), 6, 1), key)]);
        remember(dir.path(), month, "kanwil", cells.clone()).unwrap();
        assert_eq!(recall(dir.path(), month, "kanwil").unwrap(), Some(cells));
        assert_eq!(recall(dir.path(), month.plus(1), "kanwil").unwrap(), None);
        assert_eq!(latest(dir.path(), "kanwil"), Some(month));
        assert_eq!(latest(dir.path(), "kota"), None);
    }
}
