//! Chance that is the same on every machine and with every version of every package.
//!
//! A seed and a few numbers (person, supplier, purpose) name a stream, so that what one office types does not
//! depend on how many others were simulated before. Knows nothing of people.

/// A SplitMix64 stream.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Dice {
    /// The stream named by these numbers.
    pub(crate) fn new(name: &[u64]) -> Self {
        Dice(name.iter().fold(GOLDEN, |h, &p| {
            mix(h ^ p.wrapping_mul(GOLDEN).wrapping_add(h << 6))
        }))
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }
    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    /// Uniform in 0 … n−1 (0 when n is 0).
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
    /// Uniform in a … b, both included.
    pub(crate) fn between(&mut self, a: i64, b: i64) -> i64 {
        if b <= a {
            return a;
        }
        a + self.below((b - a + 1) as usize) as i64
    }
    /// True with probability p.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }
    /// One of a list that is never empty (all lists are constants of this module's siblings).
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
    /// An index by weight.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let total: f64 = weights.clone().sum();
        let mut x = self.unit() * total;
        let mut last = 0;
        for (i, w) in weights.enumerate() {
            if w > 0.0 {
                last = i;
                if x < w {
                    return i;
                }
                x -= w;
            }
        }
        last
    }
    /// Exponential waiting time in days for a yearly hazard (very long when the hazard is 0).
    pub(crate) fn waiting_days(&mut self, per_year: f64) -> i64 {
        if per_year <= 0.0 {
            return 1_000_000;
        }
        let u = 1.0 - self.unit();
        ((-u.ln() / per_year * 365.25) as i64).min(1_000_000)
    }
}

/// A stable number for a text, to name a stream by it.
pub(crate) fn hash_text(s: &str) -> u64 {
    s.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_named_by_all_its_numbers_and_repeats() {
        let a: Vec<u64> = (0..3).map(|_| Dice::new(&[1, 2]).next()).collect();
        assert_eq!(a[0], a[1]);
        assert_ne!(Dice::new(&[1, 2]).next(), Dice::new(&[2, 1]).next());
    }

    #[test]
    fn weights_and_bounds_are_kept() {
        let mut d = Dice::new(&[7]);
        for _ in 0..1000 {
            assert!((3..=5).contains(&d.between(3, 5)));
            assert_eq!(d.weighted([0.0, 1.0, 0.0].into_iter()), 1);
        }
    }
}
