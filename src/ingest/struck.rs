//! Rows whose words an office has struck out: counted while a sheet is read, and marked when it is.

use super::grid::Sheet;

/// Cells of words by row, and how many of them are struck out; rows come in order.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Strokes(Vec<(u32, u16, u16)>);

impl Strokes {
    /// Sees a cell of words.
    pub fn see(&mut self, row: u32, struck: bool) {
        let own = u16::from(struck);
        match self.0.last_mut() {
            Some((last, all, n)) if *last == row => {
                (*all, *n) = (all.saturating_add(1), n.saturating_add(own));
            }
            _ => self.0.push((row, 1, own)),
        }
    }

    /// The cell that was seen last is struck out after all.
    pub fn strike(&mut self, row: u32) {
        if let Some((last, all, n)) = self.0.last_mut()
            && *last == row
        {
            *n = n.saturating_add(1).min(*all);
        }
    }

    /// Marks the rows of which most words are struck out.
    pub fn mark(&self, sheet: &mut Sheet) {
        let mut most: Vec<u32> = (self.0.iter())
            .filter(|(_, all, n)| *n > 0 && u32::from(*n) * 2 > u32::from(*all))
            .map(|(row, ..)| *row)
            .collect();
        most.sort_unstable();
        if !most.is_empty() {
            for r in &mut sheet.rows {
                r.struck = most.binary_search(&r.row).is_ok();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::raw::RawCell;

    #[test]
    fn a_row_is_struck_when_most_of_its_words_are() {
        let mut sheet = Sheet::default();
        let mut strokes = Strokes::default();
        for (row, cells) in [[true, true, false], [true, false, false], [false; 3]]
            .iter()
            .enumerate()
        {
            for (col, struck) in cells.iter().enumerate() {
                sheet.push(row as u32, col as u32, RawCell::Text("x".into()));
                strokes.see(row as u32, *struck);
            }
        }
        strokes.mark(&mut sheet);
        let struck: Vec<bool> = sheet.rows.iter().map(|r| r.struck).collect();
        assert_eq!(struck, [true, false, false]);
    }
}
