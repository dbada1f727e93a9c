//! Pictures of any size: nothing leaves the canvas, no label lies on another, everybody can tell the colours apart.

use super::*;

fn spec(n: usize, kind: ChartKind, series: usize) -> ChartSpec {
    ChartSpec {
        title: "Dari 120 orang yang bebas, 54 terfasilitasi sebelum kembali ke masyarakat".into(),
        subtitle: "Warga Binaan yang Terfasilitasi, Januari 2026".into(),
        footer: "Sumber: register UPT Pemasyarakatan. Data sampai dengan 31 Januari 2026.".into(),
        kind,
        categories: (0..n)
            .map(|i| {
                format!("Lembaga Pemasyarakatan Perempuan Kelas III Kepulauan Tanimbar Nomor {i}")
            })
            .collect(),
        series: (0..series)
            .map(|j| Series {
                name: format!("Layanan yang dimulai dalam dua belas bulan, kelompok {j}"),
                values: (0..n)
                    .map(|i| (i % 4 != 1).then_some(((i + j) % 7) as f64 * 1234.0))
                    .collect(),
                low: (0..n)
                    .map(|i| (i % 4 != 1).then_some(((i + j) % 7) as f64 * 900.0))
                    .collect(),
                high: (0..n)
                    .map(|i| (i % 4 != 1).then_some(((i + j) % 7) as f64 * 1900.0))
                    .collect(),
                marks: (0..n)
                    .map(|i| (i % 4 == 1).then_some(Sign::Hidden))
                    .collect(),
                ..Series::default()
            })
            .collect(),
        ..ChartSpec::default()
    }
}

const KINDS: [ChartKind; 7] = [
    ChartKind::Bar,
    ChartKind::Line,
    ChartKind::Step,
    ChartKind::Dot,
    ChartKind::Stacked,
    ChartKind::Percent,
    ChartKind::Waterfall,
];

fn judge(d: &Drawing, what: &str) {
    let b = render::tree(&d.svg).unwrap().root().abs_bounding_box();
    assert!(b.left() >= -0.5 && b.top() >= -0.5, "{what} {b:?}");
    assert!(
        f64::from(b.right()) <= d.width + 0.5 && f64::from(b.bottom()) <= d.height + 0.5,
        "{what} {b:?}"
    );
    for (i, x) in d.labels.iter().enumerate() {
        let [l, t, r, bottom] = x.at;
        assert!(
            l >= 0.0 && t >= 0.0 && r <= d.width && bottom <= d.height,
            "{what}: `{}` leaves the canvas: {:?}",
            x.text,
            x.at
        );
        for y in &d.labels[i + 1..] {
            let apart = r <= y.at[0] || y.at[2] <= l || bottom <= y.at[1] || y.at[3] <= t;
            assert!(
                apart,
                "{what}: `{}` {:?} lies on `{}` {:?}",
                x.text, x.at, y.text, y.at
            );
        }
    }
}

#[test]
fn labels_never_lie_on_each_other_or_leave_the_canvas() {
    for kind in KINDS {
        for n in [0, 1, 2, 15, 40] {
            for series in [1, 2, 4] {
                let d = draw_chart(&spec(n, kind, series), 1600, 900).unwrap();
                judge(&d, &format!("{kind:?} of {n} × {series}"));
            }
        }
    }
}

#[test]
fn zeros_and_hidden_numbers_are_drawn_as_such() {
    for kind in KINDS {
        let mut zeros = spec(15, kind, 1);
        zeros.series[0].values = vec![Some(0.0); 15];
        zeros.series[0].low = vec![Some(0.0); 15];
        zeros.series[0].high = vec![Some(0.0); 15];
        judge(
            &draw_chart(&zeros, 1600, 900).unwrap(),
            &format!("{kind:?} of zeros"),
        );
        let mut hidden = spec(15, kind, 2);
        for s in &mut hidden.series {
            s.values = vec![None; 15];
            s.low = vec![None; 15];
            s.high = vec![None; 15];
            s.marks = vec![Some(Sign::Hidden); 15];
        }
        let d = draw_chart(&hidden, 1600, 900).unwrap();
        judge(&d, &format!("{kind:?} of hidden numbers"));
        // The last word of a category that stands on two lines may be a number.
        let words = hidden.categories.iter().flat_map(|c| c.split(' '));
        let words: Vec<&str> = words.collect();
        let known = |l: &str| matches!(l, "0" | "1") || words.contains(&l);
        assert!(
            d.labels
                .iter()
                .all(|l| l.text.parse::<f64>().is_err() || known(&l.text)),
            "{kind:?} shows a number that is hidden"
        );
    }
}

#[test]
fn lines_that_end_close_together_keep_their_names_apart() {
    let mut s = spec(12, ChartKind::Line, 4);
    for (j, x) in s.series.iter_mut().enumerate() {
        x.values = (0..12).map(|_| Some(100.0 + j as f64 * 0.2)).collect();
        x.low.clear();
        x.high.clear();
    }
    judge(&draw_chart(&s, 1600, 900).unwrap(), "close ends");
}

#[test]
fn no_text_is_too_small_for_a_phone() {
    for kind in KINDS {
        let d = draw_chart(&spec(40, kind, 2), 1600, 900).unwrap();
        let least = d
            .svg
            .split("font-size=\"")
            .skip(1)
            .filter_map(|s| s.split('"').next()?.parse::<f64>().ok())
            .fold(f64::MAX, f64::min);
        assert!(least >= 14.0, "{kind:?}: {least}");
    }
}

#[test]
fn the_same_picture_has_the_same_bytes_in_every_format() {
    let made = || {
        let d = draw_chart(&spec(5, ChartKind::Bar, 1), 1600, 900).unwrap();
        Outlines::new(&d).unwrap()
    };
    let svg = |o: &Outlines| o.svg("Judul & isi", Lang::Id);
    assert_eq!(svg(&made()), svg(&made()));
    assert!(svg(&made()).contains("<title>Judul &amp; isi</title><desc>"));
    assert_eq!(made().png(1.0).unwrap(), made().png(1.0).unwrap());
    let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    assert_eq!(
        made().pdf("x", Lang::Id, date).unwrap(),
        made().pdf("x", Lang::Id, date).unwrap()
    );
}

#[test]
fn the_svg_draws_what_the_picture_shows() {
    for kind in KINDS {
        let d = draw_chart(&spec(9, kind, 2), 1600, 900).unwrap();
        let o = Outlines::new(&d).unwrap();
        let written = outline::svg(&render::tree(&d.svg).unwrap()).expect("plain paths and text");
        assert!(!written.contains("<text"));
        let again = Drawing {
            svg: written,
            ..d.clone()
        };
        let drawn = |o: &Outlines| o.pixels(1.0).unwrap().data().to_vec();
        let (a, b) = (drawn(&o), drawn(&Outlines::new(&again).unwrap()));
        let far = a.iter().zip(&b).filter(|(x, y)| x.abs_diff(**y) > 40);
        let differ = far.count();
        assert!(
            differ * 8_000 < a.len(),
            "{kind:?}: {differ} of {}",
            a.len()
        );
    }
}

#[test]
fn every_text_has_a_contrast_of_four_and_a_half_to_one() {
    for ink in [INK, MUTED, WARNING, SERIES[0]] {
        for paper in ["#FFFFFF", "#F3F6F9"] {
            assert!(
                contrast(ink, paper) >= 4.5,
                "{ink} on {paper}: {}",
                contrast(ink, paper)
            );
        }
    }
    for tint in SERIES {
        let c = contrast(ink_on(tint), tint);
        assert!(c >= 4.5, "text on {tint}: {c}");
    }
}

/// L*a*b* (D65) of a colour, as it is or as seen without green cones (Machado, Oliveira & Fernandes 2009, severity 1).
fn lab(hex: &str, without_green: bool) -> [f64; 3] {
    let n = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap();
    let linear = |v: u32| {
        let v = f64::from(v & 255) / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    let mut c = [linear(n >> 16), linear(n >> 8), linear(n)];
    if without_green {
        const M: [[f64; 3]; 3] = [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ];
        c = M.map(|r| (r[0] * c[0] + r[1] * c[1] + r[2] * c[2]).clamp(0.0, 1.0));
    }
    let xyz = [
        (0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.95047,
        0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2],
        (0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.08883,
    ];
    let f = xyz.map(|t| {
        if t > 0.008856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    });
    [
        116.0 * f[1] - 16.0,
        500.0 * (f[0] - f[1]),
        200.0 * (f[1] - f[2]),
    ]
}

#[test]
fn neighbours_in_the_palette_stay_apart_without_green_cones_and_in_grey() {
    for (i, a) in SERIES.iter().enumerate() {
        for (j, b) in SERIES.iter().enumerate().skip(i + 1) {
            let (p, q) = (lab(a, true), lab(b, true));
            let d = p
                .iter()
                .zip(q)
                .map(|(x, y)| (x - y).powi(2))
                .sum::<f64>()
                .sqrt();
            assert!(d >= 10.0, "{a} and {b}: a distance of {d:.1}");
            // Bars of a stack touch their neighbour only.
            if j == i + 1 {
                let grey = (lab(a, false)[0] - lab(b, false)[0]).abs();
                assert!(grey >= 6.0, "{a} and {b} in grey: {grey:.1}");
            }
        }
    }
}

#[test]
fn marks_of_an_axis_are_round_and_few_and_reach_the_highest_number() {
    for k in 1..2000 {
        for (highest, share) in [(f64::from(k), false), (f64::from(k) / 1000.0, true)] {
            let (end, step) = axis(highest, share);
            let marks = (end / step).round();
            assert!((1.0..=6.0).contains(&marks), "{highest}: {end} by {step}");
            assert!(end >= highest * 0.999 && (marks * step - end).abs() < 1e-6);
            let lead = step / 10f64.powf((step * 1.000001).log10().floor());
            assert!(
                [1.0, 2.0, 5.0].iter().any(|d| (lead - d).abs() < 1e-6),
                "{step}"
            );
            assert!(share || step >= 1.0, "people come whole");
        }
    }
}
