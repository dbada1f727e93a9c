//! When an effect is shown and when it is refused, from both sides of each limit.

use super::groups::{Compared, Member};
use super::study::most_that_fit;
use super::{Study, Verdict};
use crate::domain::Text;

/// Participants and others who are alike in age (20 … 49 by turns) unless `older` years are added to the participants, and
/// of whom every `own`th and `other`th comes back.
fn study(participants: usize, others: usize, older: f64, own: usize, other: usize) -> Study {
    let age = |i: usize, took: bool| 20.0 + (i % 30) as f64 + if took { older } else { 0.0 };
    let person = |i: usize, took: bool| {
        let every = if took { own } else { other };
        Member {
            hit: i.is_multiple_of(every),
            stratum: (0, 0, 0),
            time: (365.0, i.is_multiple_of(every)),
        }
    };
    let own = (0..participants).map(|i| (i, true));
    let all = own.chain((0..others).map(|i| (i, false)));
    let people = Compared {
        covariates: vec![Text::const_new("age")],
        columns: vec![all.clone().map(|(i, took)| age(i, took)).collect()],
        all: all.map(|(i, took)| person(i, took)).collect(),
    };
    let took: Vec<bool> = (0..participants + others)
        .map(|i| i < participants)
        .collect();
    Study::of(&people, &took)
}

#[test]
fn thirty_participants_are_enough_and_twenty_nine_are_not() {
    let enough = study(30, 300, 0.0, 10, 5);
    assert_eq!(enough.verdict, Verdict::Comparable);
    assert!(!enough.effect(enough.strata.rd).refused);
    let few = study(29, 290, 0.0, 10, 5);
    assert_eq!(few.verdict, Verdict::TooFew);
    let cell = few.effect(few.strata.rd);
    assert!(cell.refused && cell.estimate.is_none() && cell.interval.is_none());
    assert_eq!(few.pairs.verdict, Verdict::TooFew);
    assert!(
        few.matched_rates()
            .iter()
            .all(|c| c.refused && c.numerator.is_none())
    );
}

#[test]
fn a_difference_of_a_tenth_of_the_spread_is_the_limit() {
    // The ages of both groups have a standard deviation of about 8.7 years.
    let alike = study(300, 300, 0.8, 10, 5);
    assert!(alike.balance[0].strata < 0.10, "{:?}", alike.balance);
    assert_eq!(alike.verdict, Verdict::Comparable);
    let unlike = study(300, 300, 0.95, 10, 5);
    assert!(unlike.balance[0].strata > 0.10, "{:?}", unlike.balance);
    assert_eq!(unlike.verdict, Verdict::Unlike);
    assert!(unlike.effect(unlike.strata.rr).refused);
    assert!(!unlike.largest_difference().refused, "the reason is told");
}

#[test]
fn pairs_of_equal_propensity_are_alike_where_the_groups_were_not() {
    let s = study(300, 900, 4.0, 10, 5);
    assert_eq!(s.verdict, Verdict::Unlike);
    let b = &s.balance[0];
    assert!(b.before > 0.4 && b.matched.abs() <= 0.10, "{b:?}");
    assert_eq!(s.pairs.verdict, Verdict::Comparable);
    assert!(s.pairs.table.n() < 300, "the oldest find nobody");
    let d = s.matched_difference();
    assert!(d.interval.is_some_and(|i| i.low < d.estimate.unwrap()));
}

#[test]
fn without_returns_or_without_others_there_is_nothing_to_compare() {
    assert_eq!(study(40, 40, 0.0, 1000, 1000).pairs.table.events(), (1, 1));
    let nobody = Study::of(&Compared::default(), &[]);
    assert_eq!(nobody.verdict, Verdict::TooFew);
    assert!(nobody.log_rank().refused);
    let alone = study(40, 0, 0.0, 10, 5);
    assert_eq!(alone.verdict, Verdict::TooFew, "no stratum holds both");
    assert_eq!(alone.pairs.table.n(), 0);
}

#[test]
fn a_covariate_that_only_participants_have_is_told_and_refuses() {
    let mut m = Compared {
        covariates: vec![Text::const_new("female")],
        columns: vec![(0..80).map(|i| f64::from(u8::from(i < 40))).collect()],
        all: vec![],
    };
    for i in 0..80usize {
        m.all.push(Member {
            hit: i.is_multiple_of(7),
            stratum: (0, 0, 0),
            time: (365.0, i.is_multiple_of(7)),
        });
    }
    let took: Vec<bool> = (0..80).map(|i| i < 40).collect();
    let s = Study::of(&m, &took);
    assert_eq!(s.verdict, Verdict::Unlike);
    assert_eq!(s.pairs.verdict, Verdict::Unlike);
}

#[test]
fn as_many_covariates_are_used_as_can_be_fitted() {
    for all in 0..30 {
        for limit in 0..=all {
            let fit = |n: usize| (n <= limit).then_some(n);
            assert_eq!(most_that_fit(all, fit), (limit > 0).then_some(limit));
        }
    }
}
