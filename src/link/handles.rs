//! Handles: what the registry knows identities by, keyed digests that are no names.

use super::identity::Features;
use super::pseudonym::{Handle, PseudonymKey};
use crate::domain::Members;
use rayon::prelude::*;

/// How much more an intact NIK says about who is who than a name and a birth date.
const NIK_COUNTS: u64 = 1000;

/// A handle of one of a person's identities.
pub(super) struct Handled {
    pub handle: Handle,
    nik: bool,
    pub person: u32,
}

impl Handled {
    /// What it counts where a person's identities had several keys.
    pub fn counts(&self) -> u64 {
        if self.nik { NIK_COUNTS } else { 1 }
    }
}

/// The handles of an identity: of its intact NIK, and of its name and birth date.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwnHandles {
    nik: Option<Handle>,
    name: Handle,
}

impl OwnHandles {
    /// Of handles that are known.
    #[cfg(test)]
    pub fn known(nik: Option<Handle>, name: Handle) -> OwnHandles {
        OwnHandles { nik, name }
    }

    /// Each with whether it is of the NIK.
    pub fn all(&self) -> impl Iterator<Item = (Handle, bool)> {
        let nik = self.nik.map(|h| (h, true));
        nik.into_iter().chain([(self.name, false)])
    }

    /// The first of them in their order.
    pub fn first(&self) -> Handle {
        self.nik.map_or(self.name, |h| h.min(self.name))
    }
}

/// The handles of every identity. They are of nobody yet, so that they can be made while persons are being found.
pub(super) fn own_handles(features: &Features, secret: &PseudonymKey) -> Vec<OwnHandles> {
    features
        .all
        .par_iter()
        .map_init(String::new, |text, f| {
            use std::fmt::Write;
            let nik = f.nik.intact().map(|n| {
                text.clear();
                text.push_str("nik|");
                text.push_str(&String::from_utf8_lossy(n));
                secret.handle(text)
            });
            let full = String::from_utf8_lossy(features.names.get(f.full));
            let mut words: Vec<&str> = full.split(' ').collect();
            words.sort_unstable();
            text.clear();
            text.push_str("name");
            for (i, word) in words.iter().enumerate() {
                text.push(if i == 0 { '|' } else { ' ' });
                text.push_str(word);
            }
            // Writing into a text cannot fail.
            let _ = write!(text, "|{:?}", f.birth);
            OwnHandles {
                nik,
                name: secret.handle(text),
            }
        })
        .collect()
}

/// The handles of all persons' identities, each person's once; in their order, so that what is looked up for them one
/// after the other lies side by side in the registry.
pub(super) fn handles(own: &[OwnHandles], persons: &Members) -> Vec<Handled> {
    let mut all: Vec<Handled> = (0..persons.len() as u32)
        .into_par_iter()
        .fold(Vec::new, |mut all: Vec<Handled>, person| {
            let before = all.len();
            for &i in persons.get(person) {
                for (handle, nik) in own[i as usize].all() {
                    if !all[before..].iter().any(|h| h.handle == handle) {
                        all.push(Handled {
                            handle,
                            nik,
                            person,
                        });
                    }
                }
            }
            all
        })
        .flatten_iter()
        .collect();
    all.par_sort_unstable_by_key(|h| (h.handle, h.person));
    all
}
