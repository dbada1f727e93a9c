use super::*;
use crate::link::handles::OwnHandles;
use crate::link::pseudonym::Handle;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn month(n: u32) -> Month {
    Month::new(2025, n).unwrap()
}

/// What [`Registry::assign`] is to do, said plainly: every vote ranked, every key of the past in one set.
fn by_the_book(
    r: &Registry,
    own: &[OwnHandles],
    persons: &[Vec<u32>],
    secret: &PseudonymKey,
) -> (Vec<PersonKey>, BTreeSet<Change>) {
    let this = r.month.unwrap();
    let handles: Vec<BTreeMap<Handle, u64>> = persons
        .iter()
        .map(|all| {
            let own = all.iter().flat_map(|&i| own[i as usize].all());
            own.map(|(h, nik)| (h, if nik { 1000 } else { 1 }))
                .collect()
        })
        .collect();
    let known = |h: &Handle| {
        let h = *h;
        r.entries.iter().filter(move |e| e.handle == h)
    };
    let key = |h: &Handle| {
        let up_to = known(h).rfind(|e| e.since <= this);
        up_to.or_else(|| known(h).next()).map(|e| e.key)
    };
    let mut votes: BTreeMap<(PersonKey, usize), u64> = BTreeMap::new();
    for (p, all) in handles.iter().enumerate() {
        for (h, n) in all {
            if let Some(k) = key(h) {
                *votes.entry((k, p)).or_default() += n;
            }
        }
    }
    let order = |p: usize| (handles[p].keys().next().copied(), persons[p].first());
    let mut ranked: Vec<_> = votes.into_iter().collect();
    ranked.sort_by_key(|((k, p), n)| (std::cmp::Reverse(*n), *k, order(*p)));
    let mut keys: Vec<Option<PersonKey>> = vec![None; persons.len()];
    let mut taken = BTreeSet::new();
    for ((k, p), _) in ranked {
        if keys[p].is_none() && taken.insert(k) {
            keys[p] = Some(k);
        }
    }
    taken.extend(r.entries.iter().map(|e| e.key));
    let mut fresh: Vec<usize> = (0..persons.len()).filter(|p| keys[*p].is_none()).collect();
    fresh.sort_by_key(|p| order(*p));
    for p in fresh {
        let base = order(p).0.map_or(String::new(), |h| h.to_string());
        let mut made = (0..).map(|n| secret.person(&format!("person|{base}|{n}")));
        keys[p] = made.find(|k| taken.insert(*k));
    }
    let keys: Vec<PersonKey> = keys.into_iter().flatten().collect();

    let mut had: BTreeMap<PersonKey, BTreeSet<usize>> = BTreeMap::new();
    for (p, all) in handles.iter().enumerate() {
        for h in all.keys() {
            if let Some(e) = known(h).rfind(|e| e.since < this) {
                had.entry(e.key).or_default().insert(p);
            }
        }
    }
    let before = |k: &PersonKey| r.entries.iter().any(|e| e.since < this && e.key == *k);
    let mut changes = BTreeSet::new();
    for (old, holders) in had {
        for k in holders.iter().map(|p| keys[*p]) {
            let merged = !keys.contains(&old);
            if merged || holders.len() > 1 && k != old && !before(&k) {
                let (key, other) = if merged { (k, old) } else { (old, k) };
                let month = this;
                changes.insert(Change {
                    month,
                    merged,
                    key,
                    other,
                });
            }
        }
    }
    (keys, changes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    /// Few handles and keys, so that people share them, lose them, and would be given what others had.
    #[test]
    fn keys_go_on_as_if_every_vote_were_ranked(
        entries in prop::collection::btree_set((0u8..8, 1u32..4, 0u8..6), 0..14),
        own in prop::collection::vec((prop::option::of(4u8..8), 0u8..4), 1..9),
        cuts in prop::collection::vec(any::<bool>(), 9),
        this in 1u32..5,
    ) {
        let secret = PseudonymKey::fixed();
        // Of names the first four, of NIK the others.
        let handle = |n: u8| secret.handle(&n.to_string());
        // Some keys of the past are those that would be made next.
        let key = |n: u8| secret.person(&format!("person|{}|{}", handle(n % 3), n / 3));
        let mut entries: Vec<Entry> = (entries.into_iter())
            .map(|(h, since, k)| Entry { handle: handle(h), since: month(since), key: key(k) })
            .collect();
        entries.sort_unstable();
        let registry = Registry { month: Some(month(this)), entries, changes: Vec::new() };
        let own: Vec<OwnHandles> =
            own.into_iter().map(|(nik, name)| OwnHandles::known(nik.map(handle), handle(name))).collect();
        let mut persons: Vec<Vec<u32>> = Vec::new();
        for (i, joined) in (0..own.len() as u32).zip(cuts) {
            match persons.last_mut().filter(|_| joined) {
                Some(last) => last.push(i),
                None => persons.push(vec![i]),
            }
        }
        let owned = persons.iter().zip(0u32..).flat_map(|(all, p)| all.iter().map(move |i| (p, *i)));
        let members = Members::of(owned.collect::<Vec<_>>().into_iter(), persons.len());
        let got = registry.assign(&own, &members, &secret);
        let (keys, changes) = by_the_book(&registry, &own, &persons, &secret);
        prop_assert_eq!(got.keys, keys);
        prop_assert_eq!(got.changes, changes.into_iter().collect::<Vec<_>>());
    }
}
