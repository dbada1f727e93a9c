//! A moving window over a stream, cut only where a piece of XML begins.

use super::Stop;
use crate::ingest::grid::GridError;
use std::io::Read;

/// How much is read at a time.
const STEP: usize = 256 << 10;
/// The longest piece between two cuts: no row of a spreadsheet is as long.
const LONGEST: usize = 64 << 20;

/// What is held of a stream.
pub struct Window<R> {
    input: R,
    held: Vec<u8>,
    filled: usize,
    ended: bool,
}

impl<R: Read> Window<R> {
    /// Over a stream, from its beginning.
    pub fn new(input: R) -> Window<R> {
        Window {
            input,
            held: Vec::new(),
            filled: 0,
            ended: false,
        }
    }

    /// Reads on. Returns false at the end of the stream.
    pub fn more(&mut self) -> Result<bool, Stop> {
        if self.ended {
            return Ok(false);
        }
        if self.filled > LONGEST {
            return Err(Stop::Unusual("a row of many megabytes"));
        }
        if self.held.len() < self.filled + STEP {
            self.held.resize(self.filled + STEP, 0);
        }
        let mut got = 0;
        // A window is worth looking at when it is half full: expanders hand out small pieces.
        while got < STEP / 2 {
            let n = self
                .input
                .read(&mut self.held[self.filled..])
                .map_err(GridError::from)?;
            if n == 0 {
                self.ended = true;
                break;
            }
            self.filled += n;
            got += n;
        }
        Ok(got > 0)
    }

    /// What is held.
    pub fn bytes(&self) -> &[u8] {
        &self.held[..self.filled]
    }

    /// Whether the stream has ended: what is held is all that is left.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Lets go of the first bytes.
    pub fn drop_first(&mut self, n: usize) {
        self.held.copy_within(n..self.filled, 0);
        self.filled -= n;
    }
}
