//! The bytes of a file, opened anew for every pass over them, so that no file need fit into memory.

use std::io::{BufReader, Cursor, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;

/// Something that can be read and moved about in.
pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Where bytes come from.
#[derive(Debug, Clone)]
pub enum Bytes {
    /// A file on disk.
    File(PathBuf),
    /// A member of an archive, already expanded.
    Memory(Arc<Vec<u8>>),
}

impl Bytes {
    /// Starts at the first byte.
    pub fn open(&self) -> std::io::Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Bytes::File(p) => Box::new(BufReader::with_capacity(1 << 16, std::fs::File::open(p)?)),
            Bytes::Memory(m) => Box::new(Cursor::new(Shared(m.clone()))),
        })
    }

    /// The first bytes, enough to know the format.
    pub fn head(&self) -> std::io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.open()?.take(1 << 16).read_to_end(&mut head)?;
        Ok(head)
    }
}

/// Shared memory as a slice.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
