//! The identities of a month as numbers: every distinct text once, an identity holds the numbers of its texts.
//!
//! Lists repeat people every month: records that say the very same of a person are one identity. Knows records and
//! texts; knows nothing of comparisons and weights.

use super::engine::agree::Date;
use super::engine::column::{Interner, MISSING, Terms};
use super::engine::similarity::{Positions, Signature, jaro_winkler};
use super::pseudonym::PseudonymKey;
use super::spells::Moved;
use crate::clean::name::fold;
use crate::domain::records::{Identity, Records};
use crate::domain::{NikStatus, PartialDate, Sex, Text};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// Identities, or records, that are worked on at a time.
const AT_A_TIME: usize = 1 << 16;

/// Digits of a NIK as far as they were readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits {
    digits: [u8; 16],
    status: NikStatus,
}

impl Digits {
    fn of(who: &Identity) -> Digits {
        let mut digits = [0; 16];
        let from = who.nik.digits().as_bytes();
        let n = from.len().min(16);
        digits[..n].copy_from_slice(&from[..n]);
        Digits {
            digits,
            status: who.nik.status(),
        }
    }

    /// All sixteen, when they can be trusted.
    pub fn intact(&self) -> Option<&[u8; 16]> {
        (self.status == NikStatus::Intact).then_some(&self.digits)
    }

    /// The first fifteen, when they can be trusted.
    pub fn prefix15(&self) -> Option<&[u8]> {
        let known = matches!(self.status, NikStatus::Intact | NikStatus::Damaged15);
        (known && self.digits[14] != 0).then(|| &self.digits[..15])
    }

    /// [`Digits::prefix15`] as a number, a byte each.
    pub fn number15(&self) -> Option<u128> {
        (self.prefix15()).map(|_| u128::from_be_bytes(self.digits) >> 8)
    }

    fn text(&self) -> &str {
        let n = self.digits.iter().position(|d| *d == 0).unwrap_or(16);
        std::str::from_utf8(&self.digits[..n]).unwrap_or_default()
    }
}

/// One distinct identity; its texts are numbers in [`Features`].
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// Folded full name.
    pub full: u32,
    /// Folded alias.
    pub alias: u32,
    /// Folded name of a parent.
    pub parent: u32,
    /// Folded place of birth.
    pub birth_place: u32,
    /// Regency of residence.
    pub regency: u32,
    /// Village of residence.
    pub village: Option<u8>,
    /// Sex.
    pub sex: Option<Sex>,
    /// NIK.
    pub nik: Digits,
    /// Birth.
    pub birth: PartialDate,
    /// The day of birth as digits.
    pub born: Date,
}

/// What a folded name is made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Name {
    /// All words but the last; of one word this word.
    pub given: u32,
    /// The last word; of one word none.
    pub family: u32,
    /// The words in alphabetical order: the same however given and family names stand.
    pub sorted: u64,
}

/// Distinct texts with what is known of each before it is compared.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    terms: Terms,
    signatures: Vec<Signature>,
}

impl Texts {
    fn of(interner: Interner) -> Texts {
        let terms = interner.finish();
        let signatures = (0..terms.len() as u32)
            .into_par_iter()
            .map(|id| Signature::of(terms.get(id)))
            .collect();
        Texts { terms, signatures }
    }

    /// The text of a number.
    pub fn get(&self, id: u32) -> &[u8] {
        self.terms.get(id)
    }

    /// Jaro–Winkler similarity of one of these texts and one of those; 0 when it is certainly below `least`.
    pub fn similar(
        &self,
        x: u32,
        those: &Texts,
        y: u32,
        least: f64,
        positions: &mut Positions,
    ) -> f64 {
        let (f, g) = (self.signatures[x as usize], those.signatures[y as usize]);
        let (v, w) = (self.get(x), those.get(y));
        if v == w {
            1.0
        } else if f.most_similar(g) < least {
            0.0
        } else {
            jaro_winkler(v, w, positions)
        }
    }
}

/// All distinct identities of a month.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// The identities.
    pub all: Vec<Feature>,
    /// Index of the first record of each.
    pub first_record: Vec<u32>,
    /// Folded full names.
    pub names: Texts,
    /// What each full name is made of.
    pub parts: Vec<Name>,
    /// Parts of names, aliases, parents, places.
    pub words: Texts,
    /// Share of identities with a given name, by word.
    pub given_share: Vec<f32>,
    /// Share with a family name, by word.
    pub family_share: Vec<f32>,
    /// What told the parts of an identity apart that was in two prisons at once: for identities from
    /// `all.len() - moved.len()` on.
    moved: Vec<Moved>,
}

impl Features {
    /// Number of identities.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The parts of an identity's name.
    pub fn name(&self, i: u32) -> Name {
        self.parts[self.all[i as usize].full as usize]
    }

    /// The identities of the records and, per record, which one it has. Identities are numbered by what they say, so
    /// that neither the order of the records nor that of the files changes anything.
    pub fn of(records: &Records) -> (Features, Vec<u32>) {
        let all: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
        let mut order: Vec<(u64, u32)> = all
            .par_iter()
            .enumerate()
            .map(|(i, who)| (content(who), i as u32))
            .collect();
        order.par_sort_unstable();
        let (node_of, first_record) = numbered(&all, &order);
        drop(order);
        let mut names = Interner::default();
        let mut words = Interner::default();
        let mut features = Vec::with_capacity(first_record.len());
        for some in first_record.chunks(AT_A_TIME) {
            let folded: Vec<(Feature, [Text; 5])> = some
                .par_iter()
                .map(|&i| (without_texts(all[i as usize]), texts(all[i as usize])))
                .collect();
            let (full, others) = rayon::join(
                || -> Vec<u32> {
                    let texts = folded.iter().map(|(_, t)| t[0].as_bytes());
                    texts.map(|t| names.number(t)).collect()
                },
                || -> Vec<[u32; 4]> {
                    let texts = folded.iter().map(|(_, t)| [&t[1], &t[2], &t[3], &t[4]]);
                    texts
                        .map(|t| t.map(|t| words.number(t.as_bytes())))
                        .collect()
                },
            );
            let numbers = full.into_iter().zip(others);
            features.extend(folded.iter().zip(numbers).map(|((f, _), (full, others))| {
                let [alias, parent, birth_place, regency] = others;
                Feature {
                    full,
                    alias,
                    parent,
                    birth_place,
                    regency,
                    ..*f
                }
            }));
        }
        let names = Texts::of(names);
        let parts: Vec<Name> = (0..names.terms.len() as u32)
            .map(|id| parts(names.get(id), &mut words))
            .collect();
        let mut out = Features {
            all: features,
            first_record,
            names,
            parts,
            words: Texts::of(words),
            ..Features::default()
        };
        out.given_share = out.shares(|n| n.given);
        out.family_share = out.shares(|n| n.family);
        (out, node_of)
    }

    fn shares(&self, term: fn(&Name) -> u32) -> Vec<f32> {
        let mut counts = vec![0u32; self.words.terms.len()];
        for f in &self.all {
            counts[term(&self.parts[f.full as usize]) as usize] += 1;
        }
        let n = self.all.len().max(1) as f32;
        counts.into_iter().map(|c| c as f32 / n).collect()
    }

    /// Adds the parts of identities that were in two prisons at once: each says what the whole says. `node_of` is that
    /// of the records after it.
    pub fn split(&mut self, moved: Vec<Moved>, node_of: &[u32]) {
        if moved.is_empty() {
            return;
        }
        let mut first: FxHashMap<u32, u32> = moved.iter().map(|m| (m.from, u32::MAX)).collect();
        for (i, node) in node_of.iter().enumerate() {
            if let Some(f) = first.get_mut(node) {
                *f = (*f).min(i as u32);
            }
        }
        for (node, record) in first {
            self.first_record[node as usize] = record;
        }
        for m in &moved {
            self.all.push(self.all[m.from as usize]);
            self.first_record.push(m.record);
        }
        self.moved = moved;
    }

    /// How decisions name an identity: a keyed digest of what it says.
    pub fn fingerprint(&self, i: u32, key: &PseudonymKey) -> Text {
        let f = &self.all[i as usize];
        let full = String::from_utf8_lossy(self.names.get(f.full));
        let part = (i as usize + self.moved.len())
            .checked_sub(self.all.len())
            .map_or(String::new(), |k| self.moved[k].describe());
        key.hmac(&format!("{full}|{:?}|{}{part}", f.birth, f.nik.text()))
    }
}

/// The identity of each record, and the first record of each identity; `order` are the records by what they say.
fn numbered(all: &[&Identity], order: &[(u64, u32)]) -> (Vec<u32>, Vec<u32>) {
    // Pieces end where what is said ends.
    let mut pieces: Vec<&[(u64, u32)]> = Vec::new();
    let mut rest = order;
    while !rest.is_empty() {
        let least = AT_A_TIME.min(rest.len());
        let last = rest[least - 1].0;
        let more = rest[least..].iter().take_while(|(h, _)| *h == last).count();
        let (piece, after) = rest.split_at(least + more);
        pieces.push(piece);
        rest = after;
    }
    // By piece: the identity of each of its records, counted from the piece's first, and the first records.
    let numbers: Vec<(Vec<u32>, Vec<u32>)> = pieces
        .par_iter()
        .map(|piece| {
            let (mut nodes, mut first) = (Vec::with_capacity(piece.len()), Vec::new());
            for same in piece.chunk_by(|x, y| x.0 == y.0) {
                // Two contents with one hash are all but impossible, and must not become one person.
                let mut kinds: Vec<(&Identity, u32)> = Vec::with_capacity(1);
                for &(_, i) in same {
                    let who = all[i as usize];
                    let known = kinds.iter().find(|(k, _)| alike(k, who));
                    nodes.push(known.map_or(first.len() as u32, |(_, node)| *node));
                    if known.is_none() {
                        kinds.push((who, first.len() as u32));
                        first.push(i);
                    }
                }
            }
            (nodes, first)
        })
        .collect();
    let mut node_of = vec![0; all.len()];
    let mut first_record: Vec<u32> = Vec::new();
    for (piece, (nodes, first)) in pieces.iter().zip(numbers) {
        let before = first_record.len() as u32;
        for (&(_, i), node) in piece.iter().zip(nodes) {
            node_of[i as usize] = before + node;
        }
        first_record.extend(first);
    }
    (node_of, first_record)
}

/// What an identity says besides its texts.
fn without_texts(who: &Identity) -> Feature {
    Feature {
        full: MISSING,
        alias: MISSING,
        parent: MISSING,
        birth_place: MISSING,
        regency: MISSING,
        village: who.residence.village.map(|v| v.0),
        sex: who.sex,
        nik: Digits::of(who),
        birth: who.birth,
        born: who.birth.day().map_or(Date::default(), Date::on),
    }
}

/// Full name, alias, name of a parent, place of birth and regency of residence, folded.
fn texts(who: &Identity) -> [Text; 5] {
    let [full, alias, parent, birth_place] = [
        who.name.as_str(),
        who.alias(),
        who.parent(),
        &who.birth_place,
    ]
    .map(fold);
    let regency = Text::from(who.residence.regency.to_string());
    [full, alias, parent, birth_place, regency]
}

fn parts(full: &[u8], words: &mut Interner) -> Name {
    if full.is_empty() {
        return Name::default();
    }
    let mut all: Vec<&[u8]> = full.split(|b| *b == b' ').collect();
    let at = full.iter().rposition(|b| *b == b' ');
    let (given, family) = match at {
        Some(at) => (words.number(&full[..at]), words.number(&full[at + 1..])),
        None => (words.number(full), MISSING),
    };
    all.sort_unstable();
    let mut h = FxHasher::default();
    all.hash(&mut h);
    Name {
        given,
        family,
        sorted: h.finish(),
    }
}

/// Everything that tells identities apart, as a number.
fn content(who: &Identity) -> u64 {
    let mut h = FxHasher::default();
    let r = &who.residence;
    (&who.name, &who.others, &who.birth_place).hash(&mut h);
    (who.birth, &who.nik, who.sex.map(|s| s == Sex::Male)).hash(&mut h);
    (r.village, r.district, &r.regency).hash(&mut h);
    h.finish()
}

fn alike(a: &Identity, b: &Identity) -> bool {
    let (r, s) = (&a.residence, &b.residence);
    a.name == b.name
        && a.nik == b.nik
        && a.birth == b.birth
        && a.sex == b.sex
        && a.others == b.others
        && a.birth_place == b.birth_place
        && r.village == s.village
        && r.district == s.district
        && r.regency == s.regency
}
