//! Logistic regression: the chance of an event by several things at once, for expected rates and for propensity scores
//! (docs/definitions.md 5).

use rayon::prelude::*;

/// Rows summed by one thread.
const AT_A_TIME: usize = 1 << 13;

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// Intercept first, then one coefficient per column.
    pub coefficients: Vec<f64>,
    /// Their standard errors from the inverse information.
    pub se: Vec<f64>,
    /// Fitted probabilities, in the order of the rows; they sum to the observed events.
    pub fitted: Vec<f64>,
    /// −2 log likelihood.
    pub deviance: f64,
    /// Newton steps taken.
    pub steps: usize,
}

/// Why a model cannot be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogisticError {
    /// Nobody, or everybody, has the event, or there are no rows.
    #[error("there is nothing to tell apart")]
    OneOutcome,
    /// A column follows from others, or never varies.
    #[error("a column follows from the others")]
    Collinear,
    /// Some combination of columns tells the outcomes apart without error: the estimate runs away.
    #[error("the columns tell the outcomes apart without error")]
    Separated,
}

/// How much larger a deviance may come out, of its own size, and be the same: it is a sum of rounded numbers, and of very
/// many of them a step that lowers it by less than this would be halved for nothing.
const ROUNDING: f64 = 1e-12;

/// Maximum likelihood by iteratively reweighted least squares (McCullagh and Nelder 1989), halving a step that would
/// lower the likelihood. `cells` are the columns without intercept, row after row; `event` is the outcome of each row.
pub fn logistic(cells: &[f64], event: &[bool]) -> Result<Logistic, LogisticError> {
    let events = event.iter().filter(|e| **e).count();
    if events == 0 || events == event.len() || !cells.len().is_multiple_of(event.len()) {
        return Err(LogisticError::OneOutcome);
    }
    let columns = cells.len() / event.len();
    // Columns are centred and scaled inside, so that years and days converge alike.
    let scale = moments(cells, columns);
    if scale.iter().any(|(_, sd)| *sd <= 0.0) {
        return Err(LogisticError::Collinear);
    }
    let x = Design::of(cells, event, &scale);
    let mut beta = vec![0.0; x.k];
    beta[0] = (events as f64 / (event.len() - events) as f64).ln();
    let mut fit = x.at(&beta);
    for steps in 1..=100 {
        let delta =
            solve(fit.information.clone(), fit.score.clone()).ok_or(LogisticError::Collinear)?;
        let mut share = 1.0;
        let (next, better) = loop {
            let along = beta.iter().zip(&delta).map(|(b, d)| b + share * d);
            let next: Vec<f64> = along.collect();
            let there = x.at(&next);
            let no_worse = there.deviance <= fit.deviance * (1.0 + ROUNDING) + 1e-9;
            if no_worse || share < 1e-6 {
                break (next, there);
            }
            share /= 2.0;
        };
        let moved = beta
            .iter()
            .zip(&next)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max);
        (beta, fit) = (next, better);
        // On scaled columns a coefficient beyond 25 is a runaway.
        if beta.iter().any(|b| !b.is_finite() || b.abs() > 25.0) {
            return Err(LogisticError::Separated);
        }
        if moved < 1e-10 {
            return finish(&x, &beta, fit, &scale, steps);
        }
    }
    Err(LogisticError::Separated)
}

/// The columns with the intercept first, row after row, and what became of each row.
struct Design<'a> {
    k: usize,
    cells: Vec<f64>,
    event: &'a [bool],
}

/// What some coefficients say of the rows.
struct Fit {
    /// −2 log likelihood.
    deviance: f64,
    /// Its derivatives: score, and information.
    score: Vec<f64>,
    information: Vec<Vec<f64>>,
}

impl Fit {
    /// Of no rows.
    fn none(k: usize) -> Fit {
        Fit {
            deviance: 0.0,
            score: vec![0.0; k],
            information: vec![vec![0.0; k]; k],
        }
    }

    fn add(&mut self, other: &Fit) {
        self.deviance += other.deviance;
        let scores = self.score.iter_mut().zip(&other.score);
        scores.for_each(|(a, b)| *a += b);
        let cells = self.information.iter_mut().flatten();
        let cells = cells.zip(other.information.iter().flatten());
        cells.for_each(|(a, b)| *a += b);
    }
}

impl Design<'_> {
    fn of<'a>(cells: &[f64], event: &'a [bool], scale: &[(f64, f64)]) -> Design<'a> {
        let k = scale.len() + 1;
        let mut own = Vec::with_capacity(event.len() * k);
        for i in 0..event.len() {
            let row = &cells[i * scale.len()..][..scale.len()];
            own.push(1.0);
            own.extend(row.iter().zip(scale).map(|(v, (mean, sd))| (v - mean) / sd));
        }
        Design {
            k,
            cells: own,
            event,
        }
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.k)
    }

    /// What these coefficients say of all rows, some at a time on all threads. Sums are made in the order of the rows and
    /// do not depend on threads.
    fn at(&self, beta: &[f64]) -> Fit {
        let rows = self.cells.par_chunks(AT_A_TIME * self.k);
        let parts: Vec<Fit> = rows
            .zip(self.event.par_chunks(AT_A_TIME))
            .map(|(rows, event)| self.part(rows, event, beta))
            .collect();
        let mut all = Fit::none(self.k);
        parts.iter().for_each(|p| all.add(p));
        // The upper half mirrors the lower.
        let lower = all.information.clone();
        for (i, row) in all.information.iter_mut().enumerate() {
            for (cell, mirror) in row.iter_mut().zip(&lower).skip(i + 1) {
                *cell = mirror[i];
            }
        }
        all
    }

    /// Of some of them, the lower half of the information alone.
    fn part(&self, rows: &[f64], event: &[bool], beta: &[f64]) -> Fit {
        let mut fit = Fit::none(self.k);
        for (r, y) in rows.chunks_exact(self.k).zip(event) {
            let e = eta(r, beta);
            let (p, t) = probability(e);
            let y = f64::from(u8::from(*y));
            fit.deviance += 2.0 * (e.max(0.0) + t.ln_1p() - y * e);
            let (u, w) = (y - p, p * (1.0 - p));
            for (i, row) in fit.information.iter_mut().enumerate() {
                fit.score[i] += r[i] * u;
                let weighted = w * r[i];
                for (cell, v) in row[..=i].iter_mut().zip(r) {
                    *cell += weighted * v;
                }
            }
        }
        fit
    }
}

/// Mean and standard deviation of every column.
fn moments(cells: &[f64], columns: usize) -> Vec<(f64, f64)> {
    if columns == 0 {
        return Vec::new();
    }
    let n = (cells.len() / columns) as f64;
    let mut sums = vec![(0.0, 0.0); columns];
    for row in cells.chunks_exact(columns) {
        (sums.iter_mut().zip(row)).for_each(|((sum, _), v)| *sum += v);
    }
    sums.iter_mut().for_each(|(sum, _)| *sum /= n);
    for row in cells.chunks_exact(columns) {
        let each = sums.iter_mut().zip(row);
        each.for_each(|((mean, squares), v)| *squares += (v - *mean).powi(2));
    }
    sums.iter_mut().for_each(|(_, s)| *s = (*s / n).sqrt());
    sums
}

fn eta(row: &[f64], beta: &[f64]) -> f64 {
    row.iter().zip(beta).map(|(a, b)| a * b).sum()
}

/// The probability, and e^−|η|: of it this and ln(1 + e^η) are had without overflow.
fn probability(eta: f64) -> (f64, f64) {
    let t = (-eta.abs()).exp();
    (if eta < 0.0 { t } else { 1.0 } / (1.0 + t), t)
}

/// Back to the columns' own units.
fn finish(
    x: &Design,
    beta: &[f64],
    fit: Fit,
    scale: &[(f64, f64)],
    steps: usize,
) -> Result<Logistic, LogisticError> {
    let k = beta.len();
    let covariance: Vec<Vec<f64>> = (0..k)
        .map(|i| {
            let unit = (0..k).map(|j| f64::from(u8::from(i == j))).collect();
            solve(fit.information.clone(), unit)
        })
        .collect::<Option<_>>()
        .ok_or(LogisticError::Collinear)?;
    // Intercept in own units: β₀ − Σ β_j·mean_j/sd_j.
    let weights: Vec<f64> = std::iter::once(1.0)
        .chain(scale.iter().map(|(mean, sd)| -mean / sd))
        .collect();
    let mut coefficients = vec![eta(&weights, beta)];
    let var0: f64 = (0..k)
        .flat_map(|i| (0..k).map(move |j| (i, j)))
        .map(|(i, j)| weights[i] * weights[j] * covariance[i][j])
        .sum();
    let mut se = vec![var0.max(0.0).sqrt()];
    for (j, (_, sd)) in scale.iter().enumerate() {
        coefficients.push(beta[j + 1] / sd);
        se.push(covariance[j + 1][j + 1].max(0.0).sqrt() / sd);
    }
    Ok(Logistic {
        coefficients,
        se,
        fitted: x.rows().map(|r| probability(eta(r, beta)).0).collect(),
        deviance: fit.deviance,
        steps,
    })
}

/// x of m·x = b by Gaussian elimination with pivoting; `None` when m is singular.
fn solve(mut m: Vec<Vec<f64>>, mut x: Vec<f64>) -> Option<Vec<f64>> {
    let n = x.len();
    for c in 0..n {
        let p = (c..n).max_by(|&a, &b| m[a][c].abs().total_cmp(&m[b][c].abs()))?;
        if m[p][c].abs() < 1e-14 {
            return None;
        }
        m.swap(c, p);
        x.swap(c, p);
        for r in c + 1..n {
            let f = m[r][c] / m[c][c];
            let (above, below) = m.split_at_mut(r);
            for (a, b) in below[0].iter_mut().zip(&above[c]).skip(c) {
                *a -= f * b;
            }
            x[r] -= f * x[c];
        }
    }
    for r in (0..n).rev() {
        let rest: f64 = (r + 1..n).map(|j| m[r][j] * x[j]).sum();
        x[r] = (x[r] - rest) / m[r][r];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_yes_or_no_column_gives_the_odds_of_both_groups() {
        // 12 of 40 against 18 of 40 (W6): the slope is the logarithm of the odds ratio.
        let rows: Vec<f64> = (0..80).map(|i| f64::from(u8::from(i < 40))).collect();
        let event: Vec<bool> = (0..80)
            .map(|i| i % 40 < if i < 40 { 12 } else { 18 })
            .collect();
        let m = logistic(&rows, &event).unwrap();
        let (o1, o0) = (12.0f64 / 28.0, 18.0f64 / 22.0);
        assert!((m.coefficients[0] - o0.ln()).abs() < 1e-9);
        assert!((m.coefficients[1] - (o1 / o0).ln()).abs() < 1e-9);
        let se = (1.0f64 / 12.0 + 1.0 / 28.0 + 1.0 / 18.0 + 1.0 / 22.0).sqrt();
        assert!((m.se[1] - se).abs() < 1e-9, "Woolf's standard error");
    }

    #[test]
    fn what_cannot_be_fitted_is_said() {
        let rows = |f: fn(usize) -> Vec<f64>| (0..20).flat_map(f).collect::<Vec<_>>();
        let half: Vec<bool> = (0..20).map(|i| i < 10).collect();
        let odd: Vec<bool> = (0..20).map(|i| i % 2 == 1).collect();
        use LogisticError::*;
        assert_eq!(
            logistic(&rows(|i| vec![i as f64]), &[true; 20]),
            Err(OneOutcome)
        );
        assert_eq!(logistic(&[], &[]), Err(OneOutcome));
        assert_eq!(logistic(&rows(|_| vec![3.0]), &odd), Err(Collinear));
        assert_eq!(
            logistic(&rows(|i| vec![i as f64, 2.0 * i as f64]), &odd),
            Err(Collinear)
        );
        assert_eq!(logistic(&rows(|i| vec![i as f64]), &half), Err(Separated));
    }

    proptest! {
        #[test]
        fn fitted_probabilities_sum_to_the_observed_events(rows in proptest::collection::vec((-50.0f64..50.0, 0.0f64..3.0, any::<bool>()), 30..120)) {
            let x: Vec<f64> = rows.iter().flat_map(|r| [r.0, r.1]).collect();
            let y: Vec<bool> = rows.iter().map(|r| r.2).collect();
            if let Ok(m) = logistic(&x, &y) {
                let k = y.iter().filter(|e| **e).count() as f64;
                prop_assert!((m.fitted.iter().sum::<f64>() - k).abs() < 1e-6);
            }
        }
    }
}
