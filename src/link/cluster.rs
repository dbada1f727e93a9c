//! Clusters of identities under constraints: best edges first, never against the evidence.

use super::compare::{Feature, Features};
use super::decisions::Decided;
use crate::domain::history::LinkStrength;
use crate::domain::{PartialDate, Sex};

/// Which identities are one person.
#[derive(Debug, Clone)]
pub struct Clusters {
    /// Cluster per identity (root index).
    pub person: Vec<u32>,
}

/// What a cluster is known to be; another value is a contradiction.
#[derive(Debug, Clone, Default)]
struct Known {
    nik: Option<String>,
    sex: Option<Sex>,
    birth: Option<PartialDate>,
    members: Vec<u32>,
}

impl Known {
    fn of(i: u32, f: &Feature) -> Known {
        Known {
            nik: f.nik.intact().map(str::to_owned),
            sex: f.sex,
            birth: f.birth.day().map(PartialDate::Day),
            members: vec![i],
        }
    }
    /// Two different intact NIK, or another sex together with another birth date, are never one person.
    fn contradicts(&self, other: &Known) -> bool {
        let nik = self.nik.is_some() && other.nik.is_some() && self.nik != other.nik;
        let sex = self.sex.is_some() && other.sex.is_some() && self.sex != other.sex;
        let birth = self.birth.is_some() && other.birth.is_some() && self.birth != other.birth;
        nik || (sex && birth)
    }
}

impl Clusters {
    /// Joins exact edges, then likely ones in the order given (best first), under the constraints; decisions of an
    /// analyst come first and forbid what they separate.
    pub fn build(
        features: &Features,
        exact: &[(u32, u32)],
        likely: &[(u32, u32)],
        decided: &Decided,
    ) -> Clusters {
        let n = features.len();
        let mut root: Vec<u32> = (0..n as u32).collect();
        let mut known: Vec<Known> = features
            .all
            .iter()
            .enumerate()
            .map(|(i, f)| Known::of(i as u32, f))
            .collect();
        fn find(root: &mut [u32], mut i: u32) -> u32 {
            while root[i as usize] != i {
                root[i as usize] = root[root[i as usize] as usize];
                i = root[i as usize];
            }
            i
        }
        let steps = decided
            .same
            .iter()
            .map(|e| (e, true))
            .chain(exact.iter().chain(likely).map(|e| (e, false)));
        for (&(a, b), forced) in steps {
            let (x, y) = (find(&mut root, a), find(&mut root, b));
            if x == y {
                continue;
            }
            let (kx, ky) = (&known[x as usize], &known[y as usize]);
            if !forced && (kx.contradicts(ky) || decided.separates(&kx.members, &ky.members)) {
                continue;
            }
            let (keep, gone) = (x.min(y), x.max(y));
            root[gone as usize] = keep;
            let other = std::mem::take(&mut known[gone as usize]);
            let k = &mut known[keep as usize];
            k.nik = k.nik.take().or(other.nik);
            k.sex = k.sex.or(other.sex);
            k.birth = k.birth.or(other.birth);
            k.members.extend(other.members);
        }
        let person = (0..n as u32).map(|i| find(&mut root, i)).collect();
        Clusters { person }
    }

    /// Dense person per record, strength per person, and the identities of each person.
    pub fn records(
        &self,
        node_of: &[u32],
        strict: &Clusters,
    ) -> (Vec<u32>, Vec<LinkStrength>, Vec<Vec<u32>>) {
        let mut dense = vec![u32::MAX; self.person.len()];
        let mut count: Vec<u32> = Vec::new();
        let mut persons: Vec<Vec<u32>> = Vec::new();
        let mut taken = vec![false; self.person.len()];
        let person_of: Vec<u32> = node_of
            .iter()
            .map(|&node| {
                let r = self.person[node as usize] as usize;
                if dense[r] == u32::MAX {
                    dense[r] = count.len() as u32;
                    count.push(0);
                    persons.push(Vec::new());
                }
                count[dense[r] as usize] += 1;
                if !std::mem::replace(&mut taken[node as usize], true) {
                    persons[dense[r] as usize].push(node);
                }
                dense[r]
            })
            .collect();
        let strength = persons
            .iter()
            .zip(&count)
            .map(|(nodes, &records)| {
                let one = nodes
                    .iter()
                    .all(|&i| strict.person[i as usize] == strict.person[nodes[0] as usize]);
                match () {
                    () if records == 1 => LinkStrength::Single,
                    () if one => LinkStrength::Strict,
                    () => LinkStrength::Likely,
                }
            })
            .collect();
        (person_of, strength, persons)
    }
}
