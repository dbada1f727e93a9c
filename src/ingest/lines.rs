//! The physical lines of a text, one after another: `\n`, `\r\n` or `\r` end one; zero bytes and a byte-order mark are left
//! out, UTF-16 is turned into UTF-8, eight-bit text passes as it is. A line is bounded while it is read.

use super::grid::{Fault, GridError};
use super::text_file::utf16;
use encoding_rs::Decoder;
use std::io::Read;

/// No row of a spreadsheet is longer.
const LONGEST: usize = 4 << 20;
/// How much is read at a time.
const STEP: usize = 1 << 16;

/// See the module.
pub struct Lines<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// What was read and not yet handed out begins at `at`.
    held: Vec<u8>,
    at: usize,
    /// Up to where no line end was found.
    searched: usize,
    /// The last line ended in `\r`: a `\n` that follows is of the same end.
    after_cr: bool,
    ended: bool,
    /// Control characters that divide nothing are left out.
    drop_controls: bool,
    row: u32,
}

impl<R: Read> Lines<R> {
    /// Of a text from its beginning.
    pub fn new(mut inner: R) -> Result<Self, GridError> {
        let mut start = Vec::with_capacity(1 << 10);
        (&mut inner).take(512).read_to_end(&mut start)?;
        let mut out = Lines {
            inner,
            decoder: utf16(&start).map(|e| e.new_decoder_with_bom_removal()),
            raw: vec![0; STEP],
            held: Vec::with_capacity(2 * STEP),
            at: 0,
            searched: 0,
            after_cr: false,
            ended: false,
            drop_controls: false,
            row: 0,
        };
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
        out.take_in(start, false);
        Ok(out)
    }

    /// Whether to leave out control characters from here on.
    pub fn drop_controls(&mut self, yes: bool) {
        self.drop_controls = yes;
        if yes {
            let at = self.at;
            let kept = self.held[at..].iter().copied().filter(|b| !is_control(*b));
            let kept: Vec<u8> = kept.collect();
            if at + kept.len() < self.held.len() {
                self.held.truncate(at);
                self.held.extend(kept);
                self.searched = self.at;
            }
        }
    }

    /// The beginning of what is to come, so many bytes of it.
    pub fn peek(&mut self, bytes: usize) -> Result<&[u8], GridError> {
        while !self.ended && self.held.len() - self.at < bytes {
            self.more()?;
        }
        Ok(&self.held[self.at..])
    }

    fn take_in(&mut self, bytes: &[u8], last: bool) {
        let decoded;
        let bytes = match &mut self.decoder {
            Some(d) => {
                let mut text = String::with_capacity(bytes.len() * 3 + 16);
                let _ = d.decode_to_string(bytes, &mut text, last);
                decoded = text;
                decoded.as_bytes()
            }
            None => bytes,
        };
        let odd = memchr::memchr(0, bytes).is_some()
            || (self.drop_controls && bytes.iter().any(|b| is_control(*b)));
        if odd {
            let drop = self.drop_controls;
            let kept = |b: &u8| *b != 0 && !(drop && is_control(*b));
            self.held.extend(bytes.iter().copied().filter(|b| kept(b)));
        } else {
            self.held.extend_from_slice(bytes);
        }
    }

    fn more(&mut self) -> Result<(), GridError> {
        if self.at > 0 && self.at >= self.held.len() / 2 {
            self.held.drain(..self.at);
            self.searched -= self.at;
            self.at = 0;
        }
        let mut raw = std::mem::take(&mut self.raw);
        let n = self.inner.read(&mut raw)?;
        self.ended = n == 0;
        self.take_in(&raw[..n], n == 0);
        self.raw = raw;
        Ok(())
    }

    /// The next line without its end, and its zero-based number; `None` behind the last.
    ///
    /// # Errors
    /// A line longer than any row; the text cannot be read.
    pub fn next(&mut self) -> Result<Option<(u32, &[u8])>, GridError> {
        let end = loop {
            if self.after_cr && self.at < self.held.len() {
                self.after_cr = false;
                if self.held[self.at] == b'\n' {
                    self.at += 1;
                    self.searched = self.searched.max(self.at);
                }
            }
            if let Some(i) = memchr::memchr2(b'\n', b'\r', &self.held[self.searched..]) {
                break self.searched + i;
            }
            self.searched = self.held.len();
            if self.ended {
                if self.at == self.held.len() {
                    return Ok(None);
                }
                break self.held.len();
            }
            if self.held.len() - self.at > LONGEST {
                return Err(GridError::Broken(Fault::LongLine(self.row + 1)));
            }
            self.more()?;
        };
        let from = self.at;
        self.after_cr = self.held.get(end) == Some(&b'\r');
        self.at = (end + 1).min(self.held.len());
        self.searched = self.at;
        let row = self.row;
        self.row = self.row.saturating_add(1);
        Ok(Some((row, &self.held[from..end])))
    }
}

/// Group, record and unit separators, and other marks that are no text.
fn is_control(b: u8) -> bool {
    matches!(b, 1..=8 | 11 | 12 | 14..=31)
}
