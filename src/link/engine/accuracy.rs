//! Precision and recall by threshold, where a column says who a row is about in truth.

use super::WEIGHTS;

/// A share with its 95 % interval (Wilson 1927).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Hits over all.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// So many of so many; nothing of none.
    pub fn of(hits: u64, all: u64) -> Option<Share> {
        const Z2: f64 = 1.959_963_984_540_054 * 1.959_963_984_540_054;
        if all == 0 || hits > all {
            return None;
        }
        let (k, n) = (hits as f64, all as f64);
        let p = k / n;
        let centre = (p + Z2 / (2.0 * n)) / (1.0 + Z2 / n);
        let half = (Z2 * (p * (1.0 - p) / n + Z2 / (4.0 * n * n))).sqrt() / (1.0 + Z2 / n);
        Some(Share {
            estimate: p,
            low: (centre - half).max(0.0),
            high: (centre + half).min(1.0),
        })
    }
}

/// Pairs compared whose truth is known, by whole bits of weight, and what there was to find.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accuracy {
    /// Pairs of one person, by weight as in [`super::Linked::distribution`].
    pub same: Vec<u64>,
    /// Pairs of two persons.
    pub different: Vec<u64>,
    /// Pairs of one person there are, compared or not.
    pub all: u64,
    /// Of the clusters: pairs of one person, and all pairs whose truth is known.
    pub clustered: (u64, u64),
}

/// What a threshold comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtThreshold {
    /// Bits.
    pub weight: f64,
    /// Of the pairs from there up those of one person.
    pub precision: Option<Share>,
    /// Of all pairs of one person those from there up.
    pub recall: Option<Share>,
}

impl Accuracy {
    /// Nothing counted yet.
    pub fn empty() -> Accuracy {
        Accuracy {
            same: vec![0; 2 * WEIGHTS as usize + 1],
            different: vec![0; 2 * WEIGHTS as usize + 1],
            ..Accuracy::default()
        }
    }

    /// Every second bit from the lowest weight at which there is a pair of one person.
    pub fn by_threshold(&self) -> Vec<AtThreshold> {
        let filled = |n: &u64| *n > 0;
        let first = self.same.iter().position(filled).unwrap_or(self.same.len());
        let last = self.same.iter().rposition(filled).unwrap_or(0);
        (first..=last)
            .rev()
            .step_by(2)
            .map(|from| {
                let sum = |v: &[u64]| v.get(from..).unwrap_or_default().iter().sum::<u64>();
                let (hits, wrong) = (sum(&self.same), sum(&self.different));
                AtThreshold {
                    weight: from as f64 - f64::from(WEIGHTS) - 0.5,
                    precision: Share::of(hits, hits + wrong),
                    recall: Share::of(hits, self.all),
                }
            })
            .collect()
    }

    /// Precision and recall of the clusters.
    pub fn of_clusters(&self) -> (Option<Share>, Option<Share>) {
        let (hits, pairs) = self.clustered;
        (Share::of(hits, pairs), Share::of(hits, self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_count_the_pairs_from_there_up() {
        let mut a = Accuracy::empty();
        let zero = WEIGHTS as usize;
        a.same[zero + 10] = 8;
        a.same[zero + 2] = 1;
        a.different[zero + 2] = 3;
        a.all = 10;
        let all = a.by_threshold();
        let at = |w: f64| all.iter().find(|t| t.weight == w).unwrap();
        let share = |s: Option<Share>| s.unwrap().estimate;
        assert_eq!(
            (share(at(9.5).precision), share(at(9.5).recall)),
            (1.0, 0.8)
        );
        assert_eq!(
            (share(at(1.5).precision), share(at(1.5).recall)),
            (0.75, 0.9)
        );
        let s = Share::of(8, 10).unwrap();
        assert!(
            (s.low - 0.4902).abs() < 1e-4 && (s.high - 0.9433).abs() < 1e-4,
            "{s:?}"
        );
        assert_eq!(Share::of(0, 0), None);
    }
}
