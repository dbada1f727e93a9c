//! Words for registers, exits, supervision, litmas, services and outcomes → their codes (docs/definitions.md 2, 4).

mod custody;
mod service;
mod supervision;

pub use custody::{
    exit, exit_in_remarks, exits_named, integration, is_moved_in, is_undone, register_class,
};
pub use service::{
    is_result, main_service, outcome, says_unknown, service, service_answer, service_named,
    service_state,
};
pub use supervision::{
    breach, end_named, end_proposed, ends_named, litmas_kind, revoked_for, supervision_end,
    supervision_kind, supervision_named,
};

use super::text::{is_placeholder, normal, says, wording};
use crate::domain::Sex;

/// L, P, Laki-laki, Perempuan, Pria, Wanita, M, F, LK, PR, 1, 2.
pub fn sex(s: &str) -> Option<Sex> {
    match normal(s).as_str() {
        "l" | "lk" | "laki laki" | "laki" | "pria" | "m" | "male" | "1" | "lelaki" | "putra" => {
            Some(Sex::Male)
        }
        "p" | "pr" | "perempuan" | "wanita" | "f" | "female" | "2" | "w" | "pr p" | "putri" => {
            Some(Sex::Female)
        }
        _ => None,
    }
}

/// Levels of schooling, the highest first, with the words for them.
const LEVELS: [(&str, &[&str]); 4] = [
    (
        "higher",
        &[
            "s1",
            "s2",
            "s3",
            "d1",
            "d2",
            "d3",
            "d4",
            "diploma",
            "sarjana",
            "perguruan tinggi",
            "pt",
            "strata",
        ],
    ),
    (
        "sma",
        &["sma", "smk", "slta", "smu", "ma", "stm", "paket c"],
    ),
    ("smp", &["smp", "sltp", "mts", "paket b"]),
    ("sd", &["sd", "mi", "sr", "paket a"]),
];

/// Highest diploma: of a school that was not finished (`tidak tamat SMP`), the one before it.
pub fn education(s: &str) -> &'static str {
    if is_placeholder(s) {
        return "";
    }
    let n = wording(s);
    let has = |p: &[&str]| says(&n, p);
    if has(&[
        "tidak sekolah",
        "tidak pernah sekolah",
        "belum sekolah",
        "buta huruf",
    ]) {
        return "none";
    }
    let unfinished = has(&[
        "tidak tamat",
        "belum tamat",
        "tidak lulus",
        "belum lulus",
        "putus",
    ]);
    let level = LEVELS.iter().position(|(_, words)| has(words));
    match (level, unfinished) {
        (Some(k), false) => LEVELS[k].0,
        (Some(k), true) => LEVELS.get(k + 1).map_or("none", |l| l.0),
        (None, true) if !has(&["putus"]) => "none",
        (None, _) => "",
    }
}

/// `Ya`, `Tidak`, `ke-2`.
pub fn recidivist(s: &str) -> Option<bool> {
    let n = wording(s);
    match n.as_str() {
        "ya" | "y" | "residivis" | "1" => Some(true),
        "tidak" | "t" | "bukan" | "belum" | "non residivis" | "0" | "bukan residivis"
        | "belum pernah" | "tidak pernah" => Some(false),
        _ if n.starts_with("ke ") || n.starts_with("residivis ke") => {
            Some(!n.ends_with(" 1") || n.starts_with("residivis ke"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_not_finished_leaves_the_diploma_before_it() {
        for (s, level) in [
            ("SMA/SMK", "sma"),
            ("tidak tamat SD", "none"),
            ("Tdk tamat SMP", "sd"),
            ("putus SMA", "smp"),
            ("Belum lulus S1", "sma"),
            ("tidak tamat", "none"),
            ("Tidak sekolah", "none"),
            ("putus sekolah", ""),
            ("Strata I", "higher"),
            ("-", ""),
        ] {
            assert_eq!(education(s), level, "{s}");
        }
    }

    #[test]
    fn a_recidivist_is_told_by_yes_no_or_number() {
        for (s, yes) in [
            ("Ya", Some(true)),
            ("ke-2", Some(true)),
            ("ke-1", Some(false)),
            ("Tdk", Some(false)),
            ("Belum pernah", Some(false)),
            ("?", None),
        ] {
            assert_eq!(recidivist(s), yes, "{s}");
        }
    }
}
