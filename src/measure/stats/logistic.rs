//! Logistic regression: the chance of an event by several things at once, for expected rates and for propensity scores
//! (DOMAIN.md 2.3.11, 2.3.12).

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

/// Maximum likelihood by iteratively reweighted least squares (McCullagh and Nelder 1989), halving a step that would
/// lower the likelihood. `rows` hold the columns without intercept, all of one length; `event` is the outcome.
pub fn logistic(rows: &[Vec<f64>], event: &[bool]) -> Result<Logistic, LogisticError> {
    let k = rows.first().map_or(0, Vec::len) + 1;
    let events = event.iter().filter(|e| **e).count();
    if events == 0 || events == event.len() || rows.len() != event.len() {
        return Err(LogisticError::OneOutcome);
    }
    // Columns are centred and scaled inside, so that years and days converge alike.
    let scale: Vec<(f64, f64)> = (0..k - 1).map(|j| moments(rows, j)).collect();
    if scale.iter().any(|(_, sd)| *sd <= 0.0) {
        return Err(LogisticError::Collinear);
    }
    let mut x = Design {
        k,
        cells: Vec::with_capacity(rows.len() * k),
    };
    for r in rows {
        x.cells.push(1.0);
        x.cells
            .extend(r.iter().zip(&scale).map(|(v, (mean, sd))| (v - mean) / sd));
    }
    let mut beta = vec![0.0; k];
    beta[0] = (events as f64 / (event.len() - events) as f64).ln();
    let mut deviance = deviance_of(&x, event, &beta);
    for steps in 1..=100 {
        let (score, information) = derivatives(&x, event, &beta);
        let delta = solve(information, score).ok_or(LogisticError::Collinear)?;
        let mut share = 1.0;
        let (next, better) = loop {
            let next: Vec<f64> = beta
                .iter()
                .zip(&delta)
                .map(|(b, d)| b + share * d)
                .collect();
            let d = deviance_of(&x, event, &next);
            if d <= deviance + 1e-9 || share < 1e-6 {
                break (next, d);
            }
            share /= 2.0;
        };
        let moved = beta
            .iter()
            .zip(&next)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max);
        (beta, deviance) = (next, better);
        // On scaled columns a coefficient beyond 25 is a runaway.
        if beta.iter().any(|b| !b.is_finite() || b.abs() > 25.0) {
            return Err(LogisticError::Separated);
        }
        if moved < 1e-10 {
            let (_, information) = derivatives(&x, event, &beta);
            return finish(&x, &beta, information, &scale, deviance, steps);
        }
    }
    Err(LogisticError::Separated)
}

/// The columns with the intercept first, row after row.
struct Design {
    k: usize,
    cells: Vec<f64>,
}

impl Design {
    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.k)
    }

    /// Works on the rows and their events some at a time, on all threads; what comes back is in their order, so that sums of
    /// it do not depend on threads.
    fn in_parts<T: Send>(
        &self,
        event: &[bool],
        work: impl Fn(&[f64], &[bool]) -> T + Sync,
    ) -> Vec<T> {
        let rows = self.cells.par_chunks(AT_A_TIME * self.k);
        rows.zip(event.par_chunks(AT_A_TIME))
            .map(|(rows, event)| work(rows, event))
            .collect()
    }
}

/// Mean and standard deviation of a column.
fn moments(rows: &[Vec<f64>], j: usize) -> (f64, f64) {
    let n = rows.len() as f64;
    let mean = rows.iter().map(|r| r[j]).sum::<f64>() / n;
    let var = rows.iter().map(|r| (r[j] - mean).powi(2)).sum::<f64>() / n;
    (mean, var.sqrt())
}

fn eta(row: &[f64], beta: &[f64]) -> f64 {
    row.iter().zip(beta).map(|(a, b)| a * b).sum()
}

fn probability(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

fn deviance_of(x: &Design, event: &[bool], beta: &[f64]) -> f64 {
    // ln(1 + e^η) without overflow.
    let softplus = |e: f64| e.max(0.0) + (-e.abs()).exp().ln_1p();
    let part = |rows: &[f64], event: &[bool]| -> f64 {
        let rows = rows.chunks_exact(x.k).zip(event);
        rows.map(|(r, y)| {
            let e = eta(r, beta);
            softplus(e) - if *y { e } else { 0.0 }
        })
        .sum()
    };
    2.0 * x.in_parts(event, part).into_iter().sum::<f64>()
}

fn derivatives(x: &Design, event: &[bool], beta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let zero = || (vec![0.0; x.k], vec![vec![0.0; x.k]; x.k]);
    let part = |rows: &[f64], event: &[bool]| {
        let (mut score, mut information) = zero();
        for (r, y) in rows.chunks_exact(x.k).zip(event) {
            let p = probability(eta(r, beta));
            let (u, w) = (f64::from(u8::from(*y)) - p, p * (1.0 - p));
            for (i, row) in information.iter_mut().enumerate() {
                score[i] += r[i] * u;
                let weighted = w * r[i];
                for (cell, v) in row[..=i].iter_mut().zip(r) {
                    *cell += weighted * v;
                }
            }
        }
        (score, information)
    };
    let (mut score, mut information) = zero();
    for (s, i) in x.in_parts(event, part) {
        score.iter_mut().zip(s).for_each(|(a, b)| *a += b);
        let cells = information.iter_mut().flatten();
        cells
            .zip(i.into_iter().flatten())
            .for_each(|(a, b)| *a += b);
    }
    // The upper half mirrors the lower.
    let lower = information.clone();
    for (i, row) in information.iter_mut().enumerate() {
        for (cell, mirror) in row.iter_mut().zip(&lower).skip(i + 1) {
            *cell = mirror[i];
        }
    }
    (score, information)
}

/// Back to the columns' own units.
fn finish(
    x: &Design,
    beta: &[f64],
    information: Vec<Vec<f64>>,
    scale: &[(f64, f64)],
    deviance: f64,
    steps: usize,
) -> Result<Logistic, LogisticError> {
    let k = beta.len();
    let covariance: Vec<Vec<f64>> = (0..k)
        .map(|i| {
            let unit = (0..k).map(|j| f64::from(u8::from(i == j))).collect();
            solve(information.clone(), unit)
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
        fitted: x.rows().map(|r| probability(eta(r, beta))).collect(),
        deviance,
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
        let rows: Vec<Vec<f64>> = (0..80).map(|i| vec![f64::from(u8::from(i < 40))]).collect();
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
        let rows = |f: fn(usize) -> Vec<f64>| (0..20).map(f).collect::<Vec<_>>();
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
            let x: Vec<Vec<f64>> = rows.iter().map(|r| vec![r.0, r.1]).collect();
            let y: Vec<bool> = rows.iter().map(|r| r.2).collect();
            if let Ok(m) = logistic(&x, &y) {
                let k = y.iter().filter(|e| **e).count() as f64;
                prop_assert!((m.fitted.iter().sum::<f64>() - k).abs() < 1e-6);
            }
        }
    }
}
