//! Pseudonyms and the registry of persons: the same key every month, made with a secret of this workspace.

use super::compare::Features;
use crate::domain::Text;
use crate::workspace::write_private;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::path::Path;

/// Stable pseudonym of a person (hex of an HMAC-SHA256, 128 bits).
pub type PersonKey = Text;

/// The secret of a workspace.
#[derive(Clone)]
pub struct PseudonymKey {
    secret: [u8; 32],
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

fn fail(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> RegistryError + '_ {
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
            let secret = bytes
                .try_into()
                .map_err(|_| error(&"not a key of this program"))?;
            return Ok(PseudonymKey { secret });
        }
        let mut secret = [0u8; 32];
        getrandom::fill(&mut secret).map_err(|e| error(&e))?;
        write_private(path, &secret).map_err(|e| error(&e))?;
        Ok(PseudonymKey { secret })
    }

    /// A key for tests and one-off links.
    pub fn fixed() -> PseudonymKey {
        PseudonymKey { secret: [7; 32] }
    }

    /// Keyed pseudonym of a text: 32 hex digits.
    pub fn hmac(&self, text: &str) -> Text {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else {
            return Text::default();
        };
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes
            .iter()
            .take(16)
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
            .into()
    }
}

/// Keys of persons seen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    keys: BTreeSet<Text>,
}

impl Registry {
    /// Reads the registry; a missing file is an empty one.
    pub fn load(path: &Path, _key: &PseudonymKey) -> Result<Registry, RegistryError> {
        match std::fs::read_to_string(path) {
            Ok(t) => Ok(Registry {
                keys: t
                    .lines()
                    .filter(|l| !l.is_empty())
                    .map(Text::from)
                    .collect(),
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Registry::default()),
            Err(e) => Err(fail(path)(&e)),
        }
    }

    /// Writes it whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), RegistryError> {
        let text: String = self.keys.iter().flat_map(|k| [k.as_str(), "\n"]).collect();
        write_private(path, text.as_bytes()).map_err(|e| fail(path)(&e))
    }

    /// This registry and some more keys.
    pub fn with(&self, keys: &[PersonKey]) -> Registry {
        Registry {
            keys: self
                .keys
                .iter()
                .cloned()
                .chain(keys.iter().cloned())
                .collect(),
        }
    }

    /// The key of each person: one that an earlier month gave to any of its identities, else the smallest.
    pub(super) fn keys(
        &self,
        features: &Features,
        persons: &[Vec<u32>],
        key: &PseudonymKey,
    ) -> Vec<PersonKey> {
        persons
            .iter()
            .map(|nodes| {
                let mut candidates: Vec<Text> = nodes
                    .iter()
                    .map(|&i| {
                        let f = &features.all[i as usize];
                        match f.nik.intact() {
                            Some(n) => key.hmac(n),
                            None => key.hmac(&format!("{}|{:?}", f.full, f.birth)),
                        }
                    })
                    .collect();
                candidates.sort_unstable();
                let old = candidates.iter().find(|c| self.keys.contains(*c)).cloned();
                old.or_else(|| candidates.into_iter().next())
                    .unwrap_or_default()
            })
            .collect()
    }
}
