//! Pseudonyms: keyed digests that stand for people, made with a secret of this workspace.

use crate::domain::Text;
use crate::workspace::{StateError, read_state, write_state};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::{self, Write};
use std::path::Path;
use std::str::FromStr;

/// So many bytes of a digest; written as lower-case hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest<const N: usize>([u8; N]);

/// Stable pseudonym of a person (128 bits of an HMAC-SHA256).
pub type PersonKey = Digest<16>;

/// How the registry names an identity. 80 bits: one chance in 10^12 that two of a million share one.
pub type Handle = Digest<10>;

impl PersonKey {
    /// As a number, for lists that hold many.
    pub fn number(self) -> u128 {
        u128::from_be_bytes(self.0)
    }
}

impl<const N: usize> Default for Digest<N> {
    fn default() -> Self {
        Digest([0; N])
    }
}

impl<const N: usize> fmt::Display for Digest<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut out = [0; 32];
        self.0.chunks(16).try_for_each(|bytes| {
            for (pair, b) in out.chunks_exact_mut(2).zip(bytes) {
                pair.copy_from_slice(&[HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
            }
            f.write_str(std::str::from_utf8(&out[..2 * bytes.len()]).map_err(|_| fmt::Error)?)
        })
    }
}

impl<const N: usize> FromStr for Digest<N> {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut out = [0; N];
        let (pairs, rest) = text.as_bytes().as_chunks();
        if pairs.len() != N || !rest.is_empty() {
            return Err(());
        }
        let digit = |b: u8| char::from(b).to_digit(16).ok_or(());
        for (b, [high, low]) in out.iter_mut().zip(pairs) {
            *b = (digit(*high)? << 4 | digit(*low)?) as u8;
        }
        Ok(Digest(out))
    }
}

/// The secret of a workspace.
#[derive(Clone)]
pub struct PseudonymKey {
    mac: Hmac<Sha256>,
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

/// Thirty-two random bytes.
fn secret() -> std::io::Result<[u8; 32]> {
    let mut secret = [0u8; 32];
    getrandom::fill(&mut secret).map_err(std::io::Error::other)?;
    Ok(secret)
}

impl PseudonymKey {
    /// Reads the key; `None` when there is none.
    ///
    /// # Errors
    /// A key that is there and cannot be used is never replaced: under another one every person gets another pseudonym
    /// and no decision finds its records.
    pub fn load(path: &Path) -> Result<Option<PseudonymKey>, StateError> {
        let Some(bytes) = read_state(path)? else {
            return Ok(None);
        };
        let secret = <[u8; 32]>::try_from(bytes).map_err(|_| StateError::Damaged {
            path: path.to_owned(),
        })?;
        Ok(Some(PseudonymKey::of(secret)))
    }

    /// Makes a key where there is none, readable by its owner alone.
    pub fn create(path: &Path) -> Result<PseudonymKey, StateError> {
        let written = secret().and_then(|secret| {
            write_state(path, &secret)?;
            Ok(secret)
        });
        written.map(PseudonymKey::of).map_err(StateError::io(path))
    }

    /// A key that nobody keeps: for a look at a workspace that has none yet.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn of_the_moment() -> Result<PseudonymKey, StateError> {
        secret()
            .map(PseudonymKey::of)
            .map_err(StateError::io(Path::new("")))
    }

    /// A key for tests and one-off links.
    pub fn fixed() -> PseudonymKey {
        PseudonymKey::of([7; 32])
    }

    fn of(secret: [u8; 32]) -> PseudonymKey {
        // A key shorter than a block is followed by zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&secret);
        PseudonymKey {
            mac: Hmac::<Sha256>::new(&block.into()),
        }
    }

    fn digest<const N: usize>(&self, text: &str) -> Digest<N> {
        let mut mac = self.mac.clone();
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let mut out = [0; N];
        out.iter_mut().zip(bytes).for_each(|(o, b)| *o = b);
        Digest(out)
    }

    /// Keyed pseudonym of a text: 32 hex digits.
    pub fn hmac(&self, text: &str) -> Text {
        let mut out = Text::default();
        let digest: Digest<16> = self.digest(text);
        // Writing into a text cannot fail.
        let _ = write!(out, "{digest}");
        out
    }

    /// The key of a person.
    pub(super) fn person(&self, text: &str) -> PersonKey {
        self.digest(text)
    }

    /// The handle of an identity.
    pub(super) fn handle(&self, text: &str) -> Handle {
        self.digest(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_as_it_is_written() {
        let key = PseudonymKey::fixed().person("a");
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!(key.to_string().len(), 32);
        for bad in ["", "zz", &"g".repeat(32), "é".repeat(16).as_str()] {
            assert!(bad.parse::<PersonKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_is_an_error_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pseudonym.key");
        assert!(PseudonymKey::load(&path).unwrap().is_none());
        let made = PseudonymKey::create(&path).unwrap();
        let again = PseudonymKey::load(&path).unwrap().unwrap();
        assert_eq!(again.hmac("a"), made.hmac("a"));
        // One of a version before this one is 32 bytes and nothing else.
        std::fs::write(&path, [7; 32]).unwrap();
        assert_eq!(
            PseudonymKey::load(&path).unwrap().unwrap().hmac("a"),
            EXPECTED
        );
        for bad in [&[7; 31][..], b"", &[7; 64]] {
            std::fs::write(&path, bad).unwrap();
            assert!(PseudonymKey::load(&path).is_err());
            assert_eq!(std::fs::read(&path).unwrap(), bad);
        }
        // A folder in its place: the system refuses to read it.
        assert!(PseudonymKey::load(dir.path()).is_err());
    }

    #[test]
    fn a_pseudonym_is_an_hmac_of_the_secret() {
        // HMAC-SHA256 of "a" under thirty-two bytes 7, as other implementations give it.
        let text = PseudonymKey::fixed().hmac("a");
        assert_eq!(text, EXPECTED);
    }

    const EXPECTED: &str = "4e7004bebac287656f96a29d4b16be2d";
}
