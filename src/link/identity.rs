//! The identities of a month as numbers: every distinct text once, an identity holds the numbers of its texts.
//!
//! Lists repeat people every month: records that say the very same of a person are one identity. Knows records and
//! texts; knows nothing of comparisons and weights.

use super::engine::birth_date::Heaps;
use super::engine::column::{Interner, MISSING};
use super::engine::nik::Trust;
use super::engine::person_name::{self, Name, Words, given};
use super::engine::similarity::Positions;
use super::engine::texts::Texts;
use super::plain::Plain;
use super::pseudonym::PseudonymKey;
use super::spells::Moved;
use crate::clean::name::fold;
use crate::domain::records::{Identity, Records};
use crate::domain::{NikStatus, PartialDate, Sex, Text};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use siphasher::sip::SipHasher13;
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
    /// NIK.
    pub nik: Digits,
    /// Birth as it is known.
    pub birth: PartialDate,
    /// Birth as far as it is evidence: of a default day the year alone.
    pub born: PartialDate,
    /// The words of the name as they are spelt, as [`person_name::spelling`] has them.
    pub spelt: u32,
    /// The sex written beside the NIK is not the one inside it.
    pub other_sex: bool,
}

/// All distinct identities of a month.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// The identities.
    pub all: Vec<Feature>,
    /// What each says in numbers.
    pub plain: Vec<Plain>,
    /// Index of the first record of each.
    pub first_record: Vec<u32>,
    /// Folded full names.
    pub names: Texts,
    /// What each full name is made of.
    pub parts: Vec<Name>,
    /// Parts of names, aliases, parents, places.
    pub words: Texts,
    /// Share of identities with these given names, by their text.
    pub given_share: Vec<f32>,
    /// Share with a family name, by word.
    pub family_share: Vec<f32>,
    /// Identities with a word among their given and family names.
    pub bearers: Vec<u32>,
    /// Whether the NIK of an identity is borne by another of the same given name.
    pub attested: Vec<bool>,
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

    /// The words of all names, to compare them.
    pub fn name_words(&self) -> Words<'_> {
        Words {
            texts: &self.words,
            bearers: &self.bearers,
        }
    }

    /// The identities of the records and, per record, which one it has. Identities are numbered by what they say, so
    /// that neither the order of the records nor that of the files changes anything.
    pub fn of(records: &Records) -> (Features, Vec<u32>) {
        let all: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
        let mut order: Vec<Said> = all
            .par_iter()
            .zip(0..all.len() as u32)
            .map(|(who, i)| said(who, i))
            .collect();
        order.par_sort_unstable();
        let (node_of, first_record) = numbered(&order);
        drop(order);
        let written = first_record.iter().map(|&i| all[i as usize]);
        let written = written.filter(|who| !who.from_nik.birth);
        let heaps = Heaps::of(written.filter_map(|who| who.birth.day()));
        let mut names = Interner::default();
        let mut words = Interner::default();
        let mut features = Vec::with_capacity(first_record.len());
        let mut plain = Vec::with_capacity(first_record.len());
        for some in first_record.chunks(AT_A_TIME) {
            let folded: Vec<(Feature, Plain, [Text; 4])> = some
                .par_iter()
                .map(|&i| all[i as usize])
                .map(|who| {
                    let (plain, born) = Plain::of(who, &heaps);
                    let feature = Feature {
                        born,
                        ..without_texts(who)
                    };
                    (feature, plain, texts(who))
                })
                .collect();
            let (full, others) = rayon::join(
                || -> Vec<u32> {
                    let texts = folded.iter().map(|(_, _, t)| t[0].as_bytes());
                    texts.map(|t| names.number(t)).collect()
                },
                || -> Vec<[u32; 3]> {
                    let texts = folded.iter().map(|(_, _, t)| [&t[1], &t[2], &t[3]]);
                    texts
                        .map(|t| t.map(|t| words.number(t.as_bytes())))
                        .collect()
                },
            );
            for ((f, p, _), (full, others)) in folded.iter().zip(full.into_iter().zip(others)) {
                let [alias, parent, birth_place] = others;
                features.push(Feature {
                    full,
                    alias,
                    parent,
                    birth_place,
                    ..*f
                });
                plain.push(*p);
            }
        }
        let names = Texts::of(names);
        let mut borne = vec![0; names.len()];
        features.iter().for_each(|f| borne[f.full as usize] += 1);
        let parts = person_name::parts(&names, &borne, &mut words);
        let mut out = Features {
            plain,
            all: features,
            first_record,
            names,
            parts,
            words: Texts::of(words),
            ..Features::default()
        };
        (out.given_share, out.family_share) =
            rayon::join(|| out.shares(|n| n.given), || out.shares(Name::family));
        let names = out.all.iter().map(|f| &out.parts[f.full as usize]);
        out.bearers = person_name::bearers(names, out.words.len());
        out.doubt_borrowed();
        (out, node_of)
    }

    fn shares(&self, term: fn(&Name) -> u32) -> Vec<f32> {
        let mut counts = vec![0u32; self.words.len()];
        for f in &self.all {
            counts[term(&self.parts[f.full as usize]) as usize] += 1;
        }
        let n = self.all.len().max(1) as f32;
        counts.into_iter().map(|c| c as f32 / n).collect()
    }

    /// Of identities that share a NIK and have no name in common those are doubted whose row says no birth date that the
    /// NIK fits: they bear a relative's number, or that of the row above.
    fn doubt_borrowed(&mut self) {
        let mut bearers = self.by_nik();
        let shared: Vec<&[(u64, u32, u32)]> = bearers.chunk_by(|x, y| x.0 == y.0).collect();
        let mut doubted: Vec<u32> = (shared.par_iter())
            .filter(|same| same.len() > 1)
            .map_init(Positions::default, |positions, same| {
                let fits = |i: u32| self.plain[i as usize].trust == Trust::Fits;
                let owners: Vec<u32> = same.iter().map(|s| s.2).filter(|i| fits(*i)).collect();
                let mut named = |a: u32, b: u32| {
                    let (p, q) = (self.name(a), self.name(b));
                    self.name_words().share_one(&p, &q, positions)
                };
                let mut others: Vec<u32> = Vec::new();
                for &(_, _, i) in same.iter().filter(|s| !fits(s.2)) {
                    let strange = match owners.is_empty() {
                        false => !owners.iter().any(|&o| named(o, i)),
                        true => same.iter().any(|&(_, _, o)| !named(o, i)),
                    };
                    if strange {
                        others.push(i);
                    }
                }
                others
            })
            .flatten_iter()
            .collect();
        doubted.par_sort_unstable();
        for i in doubted {
            self.plain[i as usize].trust = Trust::Contradicted;
        }
        bearers.retain(|n| n.1 != MISSING && self.plain[n.2 as usize].nik().is_some());
        for i in self.with_a_twins_number(&bearers) {
            self.plain[i as usize].trust = Trust::Contradicted;
        }
        bearers.retain(|n| self.plain[n.2 as usize].nik().is_some());
        self.attested = vec![false; self.plain.len()];
        for named in bearers.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
            let several = named.len() > 1;
            named
                .iter()
                .for_each(|n| self.attested[n.2 as usize] = several);
        }
    }

    /// NIK that can be believed, given name (it may be missing) and number of all identities with such a NIK, in this order.
    fn by_nik(&self) -> Vec<(u64, u32, u32)> {
        let mut all: Vec<(u64, u32, u32)> = (self.plain.par_iter().zip(0..self.plain.len() as u32))
            .filter_map(|(p, i)| Some((p.nik()?, self.name(i).given, i)))
            .collect();
        all.par_sort_unstable();
        all
    }

    /// Identities that bear the NIK of somebody born on the same day: of the bearers of a NIK those with another given name
    /// than most of them, where that name stands beside the same birth date and family name in a row without that NIK. A
    /// name that is spelt alike must be the usual one of the other NIK: else it is a slip.
    /// And those of [`Features::of_the_other_sex`]. `bearers` are those of [`Features::by_nik`] that have a given name.
    fn with_a_twins_number(&self, bearers: &[(u64, u32, u32)]) -> Vec<u32> {
        let name = |i: u32| self.name(i);
        let of_nik: Vec<&[(u64, u32, u32)]> = bearers.chunk_by(|x, y| x.0 == y.0).collect();
        let of_several = (of_nik.par_iter()).filter(|same| same[0].1 != same[same.len() - 1].1);
        // A bearer of the name that most bearers of a NIK have; the first of several as usual.
        let usual = |same: &[(u64, u32, u32)]| {
            let names = same.chunk_by(|x, y| x.1 == y.1);
            names.rev().max_by_key(|n| n.len()).map(|n| n[0])
        };
        let unusual: Vec<(u32, bool)> = of_several
            .clone()
            .map_init(Positions::default, |positions, same| {
                let Some((_, _, first)) = usual(same) else {
                    return Vec::new();
                };
                let level = |positions: &mut Positions, i: u32| {
                    self.name_words().given(&name(first), &name(i), positions)
                };
                let all = same.iter().map(|s| s.2);
                all.filter_map(|i| match level(positions, i) {
                    given::DIFFERENT | given::ALIKE | given::PART => Some((i, false)),
                    given::SIMILAR => Some((i, true)),
                    _ => None,
                })
                .collect()
            })
            .flatten_iter()
            .collect();
        let key = |i: u32| {
            let born = self.plain[i as usize].born();
            let known = born.day.is_known();
            known.then(|| (born.day, name(i).family(), name(i).given))
        };
        let others = of_several.map_init(Positions::default, |positions, same| {
            self.of_the_other_sex(same, positions)
        });
        let others: Vec<u32> = others.flatten_iter().collect();
        let mut elsewhere: FxHashMap<_, Vec<u32>> = unusual
            .iter()
            .filter_map(|(i, _)| Some((key(*i)?, Vec::new())))
            .collect();
        for i in 0..self.plain.len() as u32 {
            if let Some(found) = key(i).and_then(|k| elsewhere.get_mut(&k)) {
                found.push(i);
            }
        }
        let is_usual = |nik: u64, given: u32| {
            let at = of_nik.partition_point(|same| same[0].0 < nik);
            let same = of_nik.get(at).filter(|same| same[0].0 == nik);
            same.and_then(|same| usual(same))
                .is_some_and(|(_, g, _)| g == given)
        };
        (unusual.into_iter())
            .filter(|&(i, alike)| {
                let own = self.plain[i as usize].nik();
                let found = key(i).and_then(|k| elsewhere.get(&k));
                found.into_iter().flatten().any(|&other| {
                    let nik = self.plain[other as usize].nik();
                    match nik {
                        _ if nik == own => false,
                        Some(nik) => !alike || is_usual(nik, name(i).given),
                        None => !alike,
                    }
                })
            })
            .map(|(i, _)| i)
            .chain(others)
            .collect()
    }

    /// Bearers of a NIK who write another sex than it says, and have a given name that nobody has in common who writes its
    /// own: the number of a brother, sister or wife.
    fn of_the_other_sex(&self, same: &[(u64, u32, u32)], positions: &mut Positions) -> Vec<u32> {
        let (others, own): (Vec<u32>, Vec<u32>) =
            (same.iter().map(|s| s.2)).partition(|&i| self.all[i as usize].other_sex);
        let mut strange = |i: u32| {
            own.iter().all(|&o| {
                let (p, q) = (self.name(o), self.name(i));
                self.name_words().given(&p, &q, positions) == given::DIFFERENT
            })
        };
        let mut found = others;
        found.retain(|&i| !own.is_empty() && strange(i));
        found
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
            self.plain.push(self.plain[m.from as usize]);
            self.attested.push(self.attested[m.from as usize]);
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

/// Everything that tells identities apart, as two hashes of different kinds, and a record that says it. That two contents
/// have both in common is all but impossible: among 20 million it happens once in 10¹³ lists.
type Said = (u64, u32, u32);

/// The identity of each record, and the first record of each identity; `order` are the records by what they say.
fn numbered(order: &[Said]) -> (Vec<u32>, Vec<u32>) {
    let mut node_of = vec![0; order.len()];
    let mut first_record: Vec<u32> = Vec::new();
    for same in order.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
        let node = first_record.len() as u32;
        same.iter().for_each(|x| node_of[x.2 as usize] = node);
        first_record.push(same[0].2);
    }
    (node_of, first_record)
}

/// An identity before its texts have numbers.
fn without_texts(who: &Identity) -> Feature {
    Feature {
        full: MISSING,
        alias: MISSING,
        parent: MISSING,
        birth_place: MISSING,
        nik: Digits::of(who),
        birth: who.birth,
        born: who.birth,
        spelt: person_name::spelling(&who.name),
        other_sex: who.sex.is_some_and(|s| {
            let inside = who.nik.birth(2026);
            !who.from_nik.sex && inside.is_some_and(|(_, own)| own != s)
        }),
    }
}

/// Full name, alias, name of a parent and place of birth, folded.
fn texts(who: &Identity) -> [Text; 4] {
    [
        who.name.as_str(),
        who.alias(),
        who.parent(),
        &who.birth_place,
    ]
    .map(fold)
}

fn said(who: &Identity, record: u32) -> Said {
    let (mut fast, mut other) = (FxHasher::default(), SipHasher13::new());
    say(who, &mut fast);
    say(who, &mut other);
    (fast.finish(), other.finish() as u32, record)
}

fn say(who: &Identity, h: &mut impl Hasher) {
    let r = &who.residence;
    (&who.name, &who.others, &who.birth_place).hash(h);
    (who.birth, &who.nik, who.sex.map(|s| s == Sex::Male)).hash(h);
    who.aged.iter().for_each(|year| year.hash(h));
    (r.village, r.district, &r.regency).hash(h);
}
