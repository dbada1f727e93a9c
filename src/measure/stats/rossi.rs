//! The Rossi data (432 men released from Maryland prisons, half of them given financial aid, one year of follow-up)
//! against docs/definitions.md 9, on which R survival and lifelines agree in every digit shown.

use super::*;

/// One man: week of arrest or of the end of the year, and what is known of him.
struct Man {
    week: f64,
    arrest: bool,
    fin: usize,
    wexp: usize,
    mar: usize,
}

fn men() -> Vec<Man> {
    include_str!("../../../tests/data/rossi.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let v: Vec<usize> = line.split(',').map(|x| x.parse().unwrap()).collect();
            Man {
                week: v[0] as f64,
                arrest: v[1] == 1,
                fin: v[2],
                wexp: v[4],
                mar: v[5],
            }
        })
        .collect()
}

fn obs<'a>(men: impl Iterator<Item = &'a Man>) -> Vec<Obs> {
    men.map(|m| Obs {
        entry: 0.0,
        time: m.week,
        event: m.arrest,
    })
    .collect()
}

fn by(men: &[Man], groups: usize, group: impl Fn(&Man) -> usize) -> Vec<Vec<Obs>> {
    (0..groups)
        .map(|g| obs(men.iter().filter(|m| group(m) == g)))
        .collect()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 6e-11, "{a} {b}");
}

#[test]
fn the_published_curves() {
    let all = men();
    assert_eq!(all.len(), 432);
    let groups = by(&all, 2, |m| m.fin);
    let everyone = obs(all.iter());
    // group, week, events so far, S, Greenwood SE, log-log, plain
    type Row<'a> = (&'a [Obs], f64, f64, f64, f64, (f64, f64), (f64, f64));
    let table: [Row; 6] = [
        (
            &everyone,
            26.,
            54.,
            0.8750000000,
            0.0159117212,
            (0.8399754058, 0.9028037957),
            (0.8438135996, 0.9061864004),
        ),
        (
            &everyone,
            52.,
            114.,
            0.7361111111,
            0.0212051020,
            (0.6918597158, 0.7750631834),
            (0.6945498749, 0.7776723473),
        ),
        (
            &groups[0],
            26.,
            32.,
            0.8518518519,
            0.0241714817,
            (0.7970635953, 0.8928395818),
            (0.8044766182, 0.8992270855),
        ),
        (
            &groups[0],
            52.,
            66.,
            0.6944444444,
            0.0313427408,
            (0.6282883076, 0.7511909335),
            (0.6330138014, 0.7558750875),
        ),
        (
            &groups[1],
            26.,
            22.,
            0.8981481481,
            0.0205793465,
            (0.8494436156, 0.9317257941),
            (0.8578133703, 0.9384829260),
        ),
        (
            &groups[1],
            52.,
            48.,
            0.7777777778,
            0.0282875043,
            (0.7162437790, 0.8275804525),
            (0.7223352882, 0.8332202674),
        ),
    ];
    for (who, week, events, s, se, log_log, plain) in table {
        let curve = kaplan_meier(who);
        let step = curve.at(week).unwrap();
        let so_far: f64 = curve
            .steps
            .iter()
            .filter(|x| x.time <= week)
            .map(|x| x.events)
            .sum();
        assert_eq!(so_far, events);
        near(step.survival, s);
        near(step.se, se);
        let i = step.interval.unwrap();
        near(i.low, log_log.0);
        near(i.high, log_log.1);
        near(step.plain().low, plain.0);
        near(step.plain().high, plain.1);
    }
    let curve = kaplan_meier(&everyone);
    near(curve.at(26.0).unwrap().hazard, 0.1330683230);
    near(curve.at(52.0).unwrap().hazard, 0.3051275337);
    assert_eq!(curve.median(), None, "three quarters never came back");
    for (group, mean, se) in [
        (&groups[0], 44.8333333333, 0.9176715405),
        (&groups[1], 46.8750000000, 0.7933248959),
    ] {
        let (m, s) = kaplan_meier(group).rmst(52.0);
        near(m, mean);
        near(s, se);
    }
}

#[test]
fn the_published_tests_of_financial_aid() {
    let all = men();
    let groups = by(&all, 2, |m| m.fin);
    let t = log_rank(&groups, 0.0).unwrap();
    near(t.chi2, 3.8375695765);
    near(t.p, 0.0501161174);
    assert_eq!(t.observed, [66.0, 48.0]);
    assert!((t.expected[0] - 55.57444277).abs() < 6e-9);
    assert!((t.expected[1] - 58.42555723).abs() < 6e-9);
    near(t.variance, 28.3231981652);
    let t = log_rank(&groups, 1.0).unwrap();
    near(t.chi2, 3.7494996822);
    near(t.p, 0.0528233205);
    let strata: Vec<Vec<Vec<Obs>>> = (0..2)
        .map(|w| {
            (0..2)
                .map(|f| obs(all.iter().filter(|m| m.wexp == w && m.fin == f)))
                .collect()
        })
        .collect();
    let t = log_rank_stratified(&strata, 0.0).unwrap();
    near(t.chi2, 4.0331068203);
    near(t.p, 0.0446157073);
    let t = log_rank(&by(&all, 4, |m| 2 * m.wexp + m.mar), 0.0).unwrap();
    near(t.chi2, 19.3655900257);
    assert_eq!(t.df, 3);
    assert!((t.p - 2.297e-4).abs() < 5e-8);
}

#[test]
fn the_published_shares_straddle_the_five_percent_line() {
    let w = wilson(114, 432).unwrap();
    let c = clopper_pearson(114, 432).unwrap();
    let (rate, i) = rate_per(114, 19809.0).unwrap();
    assert_eq!(men().iter().map(|m| m.week).sum::<f64>(), 19809.0);
    let (aid, none) = (wilson(48, 216).unwrap(), wilson(66, 216).unwrap());
    for (x, y) in [
        (w.low, 0.2245399741),
        (w.high, 0.3073999186),
        (c.low, 0.2229102905),
        (c.high, 0.3081352827),
        (rate, 0.0057549599),
        (i.low, 0.0047471322),
        (i.high, 0.0069134648),
        (aid.low, 0.1719061531),
        (aid.high, 0.2822459407),
        (none.low, 0.2479669480),
        (none.high, 0.3699395177),
    ] {
        near(x, y);
    }
    let (d, i) = newcombe(66, 216, 48, 216).unwrap();
    near(d, 18.0 / 216.0);
    near(i.low, 0.0001510365);
    near(i.high, 0.1650462539);
    let (rr, i) = risk_ratio(48, 216, 66, 216).unwrap();
    near(rr, 0.7272727273);
    near(i.low, 0.5278897009);
    near(i.high, 1.0019623776);
    let z = pooled_z(48, 216, 66, 216).unwrap();
    assert!((z * z - 3.861).abs() < 5e-4);
    assert!((chi2_p(z * z, 1) - 0.04942).abs() < 5e-6);
    assert!((fisher(48, 216, 66, 216).unwrap() - 0.06322).abs() < 5e-6);
}
