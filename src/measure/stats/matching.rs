//! Pairs of people alike, and how alike two groups are (docs/definitions.md 5).

use std::collections::BTreeMap;

/// Standardised mean difference of two groups (means and variances).
pub fn smd(mean1: f64, var1: f64, mean0: f64, var0: f64) -> Option<f64> {
    let pooled = ((var1 + var0) / 2.0).sqrt();
    if pooled > 0.0 {
        Some((mean1 - mean0) / pooled)
    } else {
        (mean1 == mean0).then_some(0.0)
    }
}

/// Mean and variance (n − 1 in the denominator) of values with weights one. `None` for fewer than two values.
pub fn mean_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    if values.len() < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let var = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some((mean, var))
}

/// Greedy 1:1 nearest neighbours without replacement within a caliper: (participant, other) by index.
///
/// Participants choose in order of falling score (the hardest to match first, Rosenbaum and Rubin 1985), equal scores in
/// order of index; of two others equally near the one with the lower score, then the lower index, is taken. The result
/// depends on nothing but the numbers.
pub fn match_pairs(participants: &[f64], others: &[f64], caliper: f64) -> Vec<(usize, usize)> {
    // Others by score; within a score the lowest index is at the front.
    let mut free: BTreeMap<Key, std::collections::VecDeque<usize>> = BTreeMap::new();
    for (i, s) in others.iter().enumerate().filter(|(_, s)| s.is_finite()) {
        free.entry(Key(*s)).or_default().push_back(i);
    }
    let mut order: Vec<usize> = (0..participants.len())
        .filter(|&i| participants[i].is_finite())
        .collect();
    order.sort_by(|&a, &b| participants[b].total_cmp(&participants[a]).then(a.cmp(&b)));
    let mut pairs = Vec::new();
    for p in order {
        let s = participants[p];
        let below = free.range(..=Key(s)).next_back().map(|(k, _)| k.0);
        let above = free.range(Key(s)..).next().map(|(k, _)| k.0);
        let nearest = match (below, above) {
            (Some(b), Some(a)) => Some(if s - b <= a - s { b } else { a }),
            (b, a) => b.or(a),
        };
        let Some(score) = nearest.filter(|x| (x - s).abs() <= caliper) else {
            continue;
        };
        if let Some(queue) = free.get_mut(&Key(score)) {
            pairs.extend(queue.pop_front().map(|o| (p, o)));
            if queue.is_empty() {
                free.remove(&Key(score));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// A finite number with a total order.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key(f64);

impl Eq for Key {}
impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_hardest_to_match_chooses_first_and_nobody_twice() {
        let pairs = match_pairs(&[0.1, 0.9, 0.85], &[0.86, 0.12, 0.5, 0.12], 0.1);
        assert_eq!(
            pairs,
            [(0, 1), (1, 0)],
            "the third finds nobody within the caliper"
        );
        assert!(match_pairs(&[0.1], &[], 1.0).is_empty());
        assert!(match_pairs(&[f64::NAN], &[0.1], 1.0).is_empty());
    }

    #[test]
    fn a_difference_of_half_a_standard_deviation_is_one_half() {
        assert_eq!(smd(5.0, 4.0, 4.0, 4.0), Some(0.5));
        assert_eq!(smd(5.0, 0.0, 5.0, 0.0), Some(0.0));
        assert_eq!(smd(5.0, 0.0, 4.0, 0.0), None, "unlike beyond any measure");
    }

    proptest! {
        #[test]
        fn pairs_stay_within_the_caliper_and_use_everyone_once(a in proptest::collection::vec(-3.0f64..3.0, 0..40), b in proptest::collection::vec(-3.0f64..3.0, 0..40)) {
            let pairs = match_pairs(&a, &b, 0.25);
            let mut used = std::collections::BTreeSet::new();
            for (p, o) in &pairs {
                prop_assert!((a[*p] - b[*o]).abs() <= 0.25 && used.insert(*o));
            }
            // Nobody left over could still be paired.
            let mine: std::collections::BTreeSet<usize> = pairs.iter().map(|x| x.0).collect();
            for (i, s) in a.iter().enumerate().filter(|(i, _)| !mine.contains(i)) {
                prop_assert!(b.iter().enumerate().all(|(j, t)| used.contains(&j) || (s - t).abs() > 0.25), "{i}");
            }
        }
    }
}
