//! Pseudonyms: keyed digests that stand for people, made with a secret of this workspace.

use crate::domain::Text;
use crate::workspace::write_private;
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

/// The registry or its key could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct RegistryError {
    path: String,
    reason: String,
}

pub(super) fn fail(path: &Path) -> impl Fn(&dyn fmt::Display) -> RegistryError + '_ {
    move |e| RegistryError {
        path: path.display().to_string(),
        reason: e.to_string(),
    }
}

impl PseudonymKey {
    /// Reads the key, or makes one on the first run, readable by its owner alone.
    pub fn load_or_create(path: &Path) -> Result<PseudonymKey, RegistryError> {
        let error = fail(path);
        if let Ok(bytes) = std::fs::read(path) {
            let secret =
                <[u8; 32]>::try_from(bytes).map_err(|_| error(&"not a key of this program"))?;
            return Ok(PseudonymKey::of(secret));
        }
        let mut secret = [0u8; 32];
        getrandom::fill(&mut secret).map_err(|e| error(&e))?;
        write_private(path, &secret).map_err(|e| error(&e))?;
        Ok(PseudonymKey::of(secret))
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
    fn a_pseudonym_is_an_hmac_of_the_secret() {
        // HMAC-SHA256 of "a" under thirty-two bytes 7, as other implementations give it.
        let text = PseudonymKey::fixed().hmac("a");
        assert_eq!(text, EXPECTED);
    }

    const EXPECTED: &str = "4e7004bebac287656f96a29d4b16be2d";
}
