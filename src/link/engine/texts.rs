//! Distinct texts, each once, with what is known of a text before it is compared.

use super::column::{Interner, Terms};
use super::similarity::{Positions, Signature, jaro_winkler};
use rayon::prelude::*;

/// Distinct texts with what is known of each before it is compared.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    terms: Terms,
    signatures: Vec<Signature>,
}

impl Texts {
    /// All texts that were numbered.
    pub fn of(interner: Interner) -> Texts {
        let terms = interner.finish();
        let signatures = (0..terms.len() as u32)
            .into_par_iter()
            .map(|id| Signature::of(terms.get(id)))
            .collect();
        Texts { terms, signatures }
    }

    /// How many, the missing one included.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// The text of a number.
    pub fn get(&self, id: u32) -> &[u8] {
        self.terms.get(id)
    }

    /// [`Texts::similar`] of two of these texts, each of which is there once.
    pub fn similar_own(&self, x: u32, y: u32, least: f64, positions: &mut Positions) -> f64 {
        if x == y {
            1.0
        } else {
            self.similar(x, self, y, least, positions)
        }
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
        // The texts themselves are fetched only where their signatures do not decide.
        let texts = || (self.get(x), those.get(y));
        let equal = |(v, w)| v == w;
        if f == g && equal(texts()) {
            1.0
        } else if f.most_similar(g) < least {
            0.0
        } else {
            let (v, w) = texts();
            jaro_winkler(v, w, positions)
        }
    }
}
