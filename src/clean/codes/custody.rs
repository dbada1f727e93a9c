//! Words of prison registers: register classes and exits (docs/definitions.md 2).

use crate::clean::not_yet::{self, OF_LISTS, count, joined};
use crate::clean::remarks::of_another;
use crate::clean::text::{DENIALS, affirms, is_placeholder, normal, says, wording};
use crate::domain::{ExitCode, RegisterClass};

/// The register class at the start of a register number or in a class column: `B.IIa 15/2025`, `Register A.III`,
/// `BI/024/IX/2022`; typing errors for roman numerals (`1`, `l`, `|`) are read where they stand in the numeral.
pub fn register_class(s: &str) -> Option<RegisterClass> {
    use RegisterClass::*;
    let s = s.trim();
    if let Some(class) = class_at_start(s) {
        return Some(class);
    }
    if !s.chars().any(char::is_alphabetic) {
        return None;
    }
    let n = normal(s);
    match () {
        () if n.contains("seumur") || n == "sh" => return Some(Life),
        () if n.contains("mati") => return Some(Death),
        () if n.contains("anak") => return Some(Child),
        () => {}
    }
    let mut rest = s;
    for lead in ["register", "reg", "golongan", "gol"] {
        if let (Some(head), Some(tail)) = (rest.get(..lead.len()), rest.get(lead.len()..))
            && head.eq_ignore_ascii_case(lead)
        {
            rest = tail.trim_start_matches(|c: char| !c.is_alphanumeric());
        }
    }
    class_at_start(rest)
}

/// The letter, its roman numeral, and `a` or `b` behind it; nothing alphabetic may follow (docs/definitions.md 2).
fn class_at_start(s: &str) -> Option<RegisterClass> {
    use RegisterClass::*;
    let b = s.as_bytes();
    let between = |b: u8| matches!(b, b' ' | b'.' | b'-' | b'/');
    let skip = |mut at: usize| {
        while b.get(at).copied().is_some_and(between) {
            at += 1;
        }
        at
    };
    let word_ends = |at: usize| b.get(at).is_none_or(|c| !c.is_ascii_alphabetic());
    let letter = b.first()?.to_ascii_uppercase();
    if letter == b'C' && word_ends(1) {
        return Some(C);
    }
    if !matches!(letter, b'A' | b'B') {
        return None;
    }
    let start = skip(1);
    let one = |c: u8| matches!(c, b'I' | b'i' | b'1' | b'l' | b'|' | b'!');
    let mut at = start;
    while b.get(at).copied().is_some_and(one) {
        at += 1;
    }
    let ones = at - start;
    let five = matches!(b.get(at), Some(b'V' | b'v'));
    at += usize::from(five);
    // `A 123/2026` is a number, not a numeral.
    let digits_alone = b[start..at].iter().all(|c| *c == b'1');
    if digits_alone && b.get(at).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let part = skip(at);
    let half = match b.get(part).map(u8::to_ascii_uppercase) {
        Some(c @ (b'A' | b'B')) if word_ends(part + 1) => Some(c),
        _ => None,
    };
    if half.is_none() && !word_ends(at) {
        return None;
    }
    Some(match (letter, ones, five, half) {
        (b'A', 1, false, None) => AI,
        (b'A', 2, false, None) => AII,
        (b'A', 3, false, None) => AIII,
        (b'A', 1, true, None) => AIV,
        (b'A', 0, true, None) => AV,
        (b'B', 1, false, None) => BI,
        (b'B', 2, false, Some(b'A')) => BIIA,
        (b'B', 2, false, Some(b'B')) => BIIB,
        (b'B', 3, false, None) => BIII,
        _ => return None,
    })
}

/// Words besides denials by which an exit has not come about, or not yet.
const NOT_YET: &[&str] = &joined::<{ count(BEFORE) }>(BEFORE);

const BEFORE: &[&[&str]] = &[not_yet::NOT_YET, STANDING];

/// How somebody stood when he was brought in: `tahanan baru (residivis, sdg PB)`; and what is near and not there.
const STANDING: &[&str] = &[
    "menjelang",
    "sedang",
    "masih",
    "eks",
    "mantan",
    "saat",
    "ketika",
    "selagi",
];

/// The exit code some wording means; `None` for nothing, for what has not come about (`belum bebas`, `usulan PB`) or does not
/// end custody (RU I).
pub fn exit(s: &str) -> Option<ExitCode> {
    read(s, NOT_YET)
}

/// The conditional exit a person is proposed for or has got: a day beside it tells which.
pub fn integration(s: &str) -> Option<ExitCode> {
    read(s, &[]).filter(|c| c.is_conditional())
}

fn read(s: &str, not_yet: &[&str]) -> Option<ExitCode> {
    use ExitCode::*;
    if is_placeholder(s) {
        return None;
    }
    let n = wording(s);
    let bare = n.replace(' ', "").to_uppercase();
    if let Some(code) = ExitCode::from_id(&bare).filter(|c| *c != Other) {
        return Some(code);
    }
    if is_undone(&n) {
        return None;
    }
    let has = |p: &[&str]| affirms(&n, p, not_yet);
    Some(match () {
        () if has(&["meninggal", "meninggal dunia", "wafat", "md"]) && !of_another(&n) => Mgl,
        () if has(&["melarikan diri", "lari", "kabur", "pelarian"]) => Lri,
        () if has(&["deportasi", "dideportasi"]) => Dep,
        () if has(&[
            "asimilasi rumah",
            "asimilasi di rumah",
            "asimilasi covid",
            "asimilasi dirumah",
        ]) =>
        {
            Asr
        }
        () if has(&["asimilasi", "kerja luar", "asimilasi kerja"]) => Asl,
        // Leave for a death or a wedding in the family ends custody as little.
        () if has(&[
            "cuti mengunjungi keluarga",
            "izin luar biasa",
            "ijin luar biasa",
            "ilb",
        ]) =>
        {
            Cmk
        }
        () if has(&["cuti menjelang bebas", "cmb"]) => Cmb,
        () if has(&["cuti bersyarat", "cb"]) => Cb,
        () if has(&["pembebasan bersyarat", "bebas bersyarat", "pb"]) => Pb,
        () if has(&[
            "remisi umum ii",
            "ru ii",
            "ru 2",
            "remisi umum 2",
            "rem umum ii",
        ]) =>
        {
            Ru2
        }
        () if has(&[
            "remisi khusus ii",
            "rk ii",
            "rk 2",
            "remisi khusus 2",
            "rem khusus ii",
        ]) =>
        {
            Rk2
        }
        () if has(&[
            "remisi dasawarsa ii",
            "remisi dasawarsa 2",
            "dasawarsa ii",
            "rd ii",
            "rd 2",
            "dasawarsa denda ii",
            "dasawarsa pidana denda ii",
            "rd denda ii",
            "remisi denda ii",
        ]) =>
        {
            Rd2
        }
        () if has(&[
            "pengurangan masa pidana ii",
            "pmp ii",
            "pmpu ii",
            "pmp umum ii",
        ]) =>
        {
            Pmp2
        }
        () if has(&[
            "remisi umum i",
            "ru i",
            "rk i",
            "remisi khusus i",
            "ru 1",
            "rk 1",
            "pmp i",
            "pmpu i",
            "remisi dasawarsa i",
            "remisi dasawarsa 1",
            "dasawarsa i",
            "rd i",
            "rd 1",
            "dasawarsa denda i",
            "dasawarsa pidana denda i",
            "rd denda i",
            "remisi denda i",
            "remisi tambahan",
        ]) =>
        {
            return None;
        }
        () if has(&[
            "pemaafan hakim",
            "pemaafan",
            "dimaafkan hakim",
            "maaf hakim",
        ]) =>
        {
            Maaf
        }
        () if has(&[
            "keadilan restoratif",
            "restorative justice",
            "restoratif",
            "rj",
            "penghentian penuntutan",
            "penghentian penyidikan",
            "pengakuan bersalah",
            "diversi berhasil",
        ]) =>
        {
            Rj
        }
        () if has(&[
            "bebas murni",
            "habis masa pidana",
            "bebas biasa",
            "habis pidana",
            "habis mp",
            "selesai masa pidana",
            "selesai menjalani pidana",
            "selesai menjalani masa pidana",
            "selesai pidana",
            "murni",
            "bm",
            "habis masa",
            "habis masa pembinaan",
            "habis masa hukuman",
            "habis hukuman",
            "masa pidana habis",
            "masa pembinaan selesai",
        ]) || n == "habis" =>
        {
            Bm
        }
        () if has(&["bebas demi hukum", "demi hukum", "bdh"]) => Bdh,
        // `Pindah masuk`, `mutasi masuk`: who came from elsewhere.
        () if is_moved_in(&n) => return None,
        () if has(&["amnesti"]) => Amn,
        () if has(&["grasi"]) => Grs,
        () if has(&["abolisi"]) => Abl,
        () if has(&["rehabilitasi"]) => Rhb,
        () if has(&[
            "pindah",
            "mutasi",
            "dipindahkan",
            "dipindah",
            "pemindahan",
            "layar",
            "dikirim ke",
            "transfer",
            "pindahan ke",
        ]) =>
        {
            Pdh
        }
        () if has(&[
            "putusan bebas",
            "lepas",
            "penangguhan",
            "penahanan ditangguhkan",
            "ditangguhkan penahanannya",
            "penahanan dialihkan",
            "pengalihan",
            "tahanan kota",
            "tahanan rumah",
            "onslag",
            "diputus lepas",
            "vrijspraak",
        ]) =>
        {
            Pts
        }
        () if has(&["bebas"]) => Bm,
        // Who is still there has not left.
        () if says(&n, STILL_THERE) => return None,
        () if says(&n, DENIALS) || says(&n, not_yet) => return None,
        () => Other,
    })
}

/// Words of having been moved.
const MOVES: &[&str] = &[
    "pindah",
    "pindahan",
    "mutasi",
    "dipindahkan",
    "pemindahan",
    "transfer",
    "layar",
    "kiriman",
];

/// Whether a wording says of a move that it was one to here: `pindah masuk`, and not `pindah keluar`.
pub fn is_moved_in(wording: &str) -> bool {
    says(wording, &["masuk", "in"])
        && !says(wording, &["keluar", "out", "ke", "agama"])
        && affirms(wording, MOVES, NOT_YET)
}

/// Whether what some wording tells was called off: `PB BATAL, SK salah nama`.
pub fn is_undone(wording: &str) -> bool {
    says(
        wording,
        &["batal", "dibatalkan", "ditunda", "tertunda", "urung"],
    ) && !says(wording, &["batal demi hukum"])
}

/// Words by which somebody is still inside: `masih menjalani`, `tahanan hakim`, `titipan polsek`.
const STILL_THERE: &[&str] = &[
    "masih",
    "aktif",
    "menjalani",
    "tahanan",
    "titipan",
    "narapidana",
    "napi",
    "di dalam",
];

/// Ways of leaving custody that the words of a title, a sheet or a header name outright, each once; none where they speak of
/// proposals or plans.
pub fn exits_named(s: &str) -> Vec<ExitCode> {
    use ExitCode::*;
    const NAMED: &[(ExitCode, &[&str])] = &[
        (Pb, &["pembebasan bersyarat", "bebas bersyarat", "pb"]),
        (Cb, &["cuti bersyarat", "cb"]),
        (Cmb, &["cuti menjelang bebas", "cmb"]),
        (Cmk, &["cuti mengunjungi keluarga", "cmk"]),
        (
            Bm,
            &[
                "bebas murni",
                "bebas biasa",
                "habis masa pidana",
                "habis pidana",
                "habis mp",
                "selesai masa pidana",
                "selesai menjalani pidana",
                "bm",
            ],
        ),
        (
            Asr,
            &["asimilasi rumah", "asimilasi di rumah", "asimilasi dirumah"],
        ),
        (Mgl, &["meninggal", "meninggal dunia", "wafat"]),
        (Lri, &["melarikan diri", "pelarian"]),
        (
            Pdh,
            &["pindah", "pemindahan", "mutasi keluar", "pindah keluar"],
        ),
        (Ru2, &["ru ii", "remisi umum ii"]),
        (Rk2, &["rk ii", "remisi khusus ii"]),
        (Amn, &["amnesti"]),
        (Grs, &["grasi"]),
        (Abl, &["abolisi"]),
        (Bdh, &["bebas demi hukum", "bdh"]),
        (Dep, &["deportasi"]),
    ];
    let n = wording(s);
    if [OF_LISTS, ELIGIBLE, DENIALS].iter().any(|l| says(&n, l)) {
        return Vec::new();
    }
    let named = NAMED.iter().filter(|(_, words)| says(&n, words));
    named.map(|(code, _)| *code).collect()
}

/// What makes somebody eligible releases nobody.
const ELIGIBLE: &[&str] = &["syarat", "memenuhi", "eligible"];

/// Exit words that may stand in a remarks column; everything else there is no exit.
pub fn exit_in_remarks(s: &str) -> Option<ExitCode> {
    let n = wording(s);
    let phrase = affirms(
        &n,
        &[
            "meninggal",
            "meninggal dunia",
            "melarikan diri",
            "bebas murni",
            "pindah ke",
            "dipindahkan",
            "deportasi",
            "bebas demi hukum",
            "mutasi ke",
        ],
        NOT_YET,
    );
    if phrase {
        exit(s).filter(|c| *c != ExitCode::Other)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_has_a_direction() {
        for (s, code) in [
            ("Pindah masuk", None),
            ("Mutasi masuk", None),
            ("Pindah keluar", Some(ExitCode::Pdh)),
            ("Pindah ke Lapas Piru", Some(ExitCode::Pdh)),
            ("Mutasi", Some(ExitCode::Pdh)),
        ] {
            assert_eq!(exit(s), code, "{s}");
        }
    }

    #[test]
    fn register_classes_are_read_through_typing_errors() {
        use RegisterClass::*;
        for (s, c) in [
            ("B.I 123/2024", BI),
            ("BI/024/IX/2022", BI),
            ("B.IIa.15/2025", BIIA),
            ("A.III-12/2026", AIII),
            ("AIV-7/2025", AIV),
            ("B.Il a 5/2024", BIIA),
            ("B.1 12/2025", BI),
            ("B IIb 3/2025", BIIB),
            ("B.III-4/2025", BIII),
            ("a.ii.9/2025", AII),
            ("A.I 12/2026", AI),
            ("A.II 1/2026", AII),
            ("A.IV.1/2026", AIV),
            ("Register A.III", AIII),
            ("Gol. B.II.b", BIIB),
        ] {
            assert_eq!(register_class(s), Some(c), "{s}");
        }
        for s in [
            "123/2024",
            "A 123/2026",
            "B.II 5/2024",
            "Ambon",
            "BIN 1/2024",
            "A",
        ] {
            assert_eq!(register_class(s), None, "{s}");
        }
    }

    #[test]
    fn remission_one_only_shortens_and_two_releases() {
        assert_eq!(exit("RU I"), None);
        assert_eq!(exit("Remisi Umum II (17 Agustus)"), Some(ExitCode::Ru2));
        assert_eq!(exit("Pindah ke Lapas Kelas IIB Piru"), Some(ExitCode::Pdh));
        assert_eq!(exit("Bebas Bersyarat"), Some(ExitCode::Pb));
        assert_eq!(exit("Bebas Murni"), Some(ExitCode::Bm));
        assert_eq!(exit("Asimilasi di Rumah"), Some(ExitCode::Asr));
        assert_eq!(exit("-"), None);
    }

    #[test]
    fn an_exit_that_has_not_come_about_is_none() {
        assert_eq!(
            exit("Izin luar biasa, orang tua meninggal"),
            Some(ExitCode::Cmk)
        );
        assert_ne!(
            exit("ILB istri meninggal dunia 3/1/2026"),
            Some(ExitCode::Mgl)
        );
        assert_eq!(
            exit("meninggal dunia di RSUD 9 Jan 2026"),
            Some(ExitCode::Mgl)
        );
        use ExitCode::*;
        for (s, code) in [
            ("Belum bebas", None),
            ("blm pindah", None),
            ("Usulan PB", None),
            ("Usulan cuti menjelang bebas", None),
            ("menunggu SK CB", None),
            ("batal dipindahkan", None),
            ("percobaan melarikan diri", None),
            ("Cuti Menjelang Bebas", Some(Cmb)),
            ("Bebas, tidak ada perkara lain", Some(Bm)),
            ("belum inkracht, pindah ke Lapas Piru", Some(Pdh)),
            ("Masih di dalam", None),
            ("tahanan hakim", None),
            ("tahanan kota", Some(Pts)),
            ("dicoret", Some(Other)),
        ] {
            assert_eq!(exit(s), code, "{s}");
        }
        assert_eq!(integration("Usulan PB"), Some(Pb));
        assert_eq!(integration("tidak diusulkan"), None);
        assert_eq!(integration("Bebas murni"), None);
        assert_eq!(exit_in_remarks("akan bebas murni 5/6/2026"), None);
        assert_eq!(exit_in_remarks("belum dipindahkan"), None);
        assert_eq!(exit_in_remarks("dipindahkan ke Piru"), Some(Pdh));
    }
}
