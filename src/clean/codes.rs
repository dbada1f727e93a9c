//! Words for registers, exits, supervision, litmas, services and outcomes → their codes (DOMAIN.md 1.3, 1.4, 1.7).

use super::text::{is_placeholder, normal, says};
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::{LitmasKind, SupervisionEnd, SupervisionKind};
use crate::domain::{ExitCode, RegisterClass, Sex};

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

/// The letter, its roman numeral, and `a` or `b` behind it; nothing alphabetic may follow (DOMAIN.md 1.3).
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

/// Words that say that nothing is known: an answer, and no fault.
pub fn says_unknown(s: &str) -> bool {
    says(
        &normal(s),
        &[
            "tidak diketahui",
            "tdk diketahui",
            "tidak ditemukan",
            "tidak bertemu",
            "belum diketahui",
            "tidak ada kabar",
            "tidak terpantau",
            "unknown",
            "pindah alamat",
            "tidak bekerja",
            "belum bekerja",
            "menganggur",
            "tdk bekerja",
            "tutup",
        ],
    )
}

/// The exit code some wording means; `None` for nothing or for what does not end custody (RU I).
pub fn exit(s: &str) -> Option<ExitCode> {
    use ExitCode::*;
    let n = normal(s);
    if is_placeholder(s) {
        return None;
    }
    let bare = n.replace(' ', "").to_uppercase();
    if let Some(code) = ExitCode::from_id(&bare).filter(|c| *c != Other) {
        return Some(code);
    }
    let has = |p: &[&str]| says(&n, p);
    Some(match () {
        () if has(&["meninggal", "meninggal dunia", "wafat", "md"]) => Mgl,
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
        () if has(&["cuti mengunjungi keluarga"]) => Cmk,
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
        ]) =>
        {
            return None;
        }
        () if has(&[
            "bebas murni",
            "habis masa pidana",
            "bebas biasa",
            "habis pidana",
            "selesai masa pidana",
            "murni",
            "bm",
        ]) =>
        {
            Bm
        }
        () if has(&["bebas demi hukum", "demi hukum", "bdh"]) => Bdh,
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
            "pengalihan",
            "tahanan kota",
            "tahanan rumah",
            "onslag",
            "vrijspraak",
        ]) =>
        {
            Pts
        }
        () if has(&["bebas"]) => Bm,
        () => Other,
    })
}

/// Exit words that may stand in a remarks column; everything else there is no exit.
pub fn exit_in_remarks(s: &str) -> Option<ExitCode> {
    let n = normal(s);
    let phrase = says(
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
    );
    if phrase {
        exit(s).filter(|c| *c != ExitCode::Other)
    } else {
        None
    }
}

/// Jenis bimbingan.
pub fn supervision_kind(s: &str) -> Option<SupervisionKind> {
    use SupervisionKind::*;
    let n = normal(s);
    if is_placeholder(s) {
        return None;
    }
    let has = |p: &[&str]| says(&n, p);
    Some(match () {
        () if has(&["kerja sosial", "pks"]) => CommunityService,
        () if has(&[
            "pengawasan",
            "pidana pengawasan",
            "pidana bersyarat",
            "bersyarat pidana",
            "pib",
        ]) =>
        {
            SupervisionSentence
        }
        () if has(&["cmb", "cuti menjelang bebas"]) => Cmb,
        () if has(&["cb", "cuti bersyarat"]) => Cb,
        () if has(&["pb", "pembebasan bersyarat", "bebas bersyarat"]) => Pb,
        () if has(&["asimilasi", "asimilasi rumah", "asimilasi di rumah", "asr"]) => Assimilation,
        () if has(&["diversi"]) => Diversion,
        () if has(&["anak", "akot", "ak"]) => ChildOther,
        () => Other,
    })
}

/// `tdk` and `blm` turn a word into its contrary and must not be passed over.
fn written_out(normal: &str) -> String {
    let words = normal.split(' ').map(|w| match w {
        "tdk" | "tak" | "gak" | "nggak" => "tidak",
        "blm" | "blum" | "belom" => "belum",
        "sdg" | "sementara" => "sedang",
        "sdh" | "udah" => "sudah",
        w => w,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// How supervision ended, with the ground when a second text names it.
pub fn supervision_end(s: &str, ground: &str) -> Option<SupervisionEnd> {
    use SupervisionEnd::*;
    let n = normal(s);
    let g = normal(ground);
    if is_placeholder(s) && is_placeholder(ground) {
        return None;
    }
    let has = |p: &[&str]| says(&n, p);
    let revoked = has(&[
        "dicabut",
        "cabut",
        "cbt",
        "pencabutan",
        "cabut umum",
        "cabut khusus",
    ]) || !is_placeholder(ground);
    if revoked {
        let both = format!("{n} {g}");
        return Some(match () {
            () if says(
                &both,
                &[
                    "umum",
                    "tindak pidana",
                    "pidana baru",
                    "tersangka",
                    "terpidana",
                    "melanggar hukum",
                    "cbt umum",
                ],
            ) =>
            {
                RevokedOffence
            }
            () if says(
                &both,
                &[
                    "khusus",
                    "tidak lapor",
                    "wajib lapor",
                    "tidak melapor",
                    "keresahan",
                    "meresahkan",
                    "pindah alamat",
                    "alamat",
                    "tidak mengikuti",
                    "cbt khusus",
                ],
            ) =>
            {
                RevokedTechnical
            }
            () => Revoked,
        });
    }
    Some(match () {
        () if has(&[
            "aktif",
            "berjalan",
            "proses",
            "masih bimbingan",
            "dalam bimbingan",
        ]) =>
        {
            return None;
        }
        () if has(&[
            "selesai",
            "sls",
            "berakhir",
            "habis masa percobaan",
            "pengakhiran",
            "bebas akhir",
            "tuntas",
        ]) =>
        {
            Completed
        }
        () if has(&["dilimpahkan", "limpah", "lmp", "pelimpahan", "dilimpah"]) => Delegated,
        () if has(&["meninggal", "mgl", "wafat"]) => Died,
        () if has(&["melarikan diri", "tidak ditemukan", "lari", "lri"]) => Absconded,
        () => Other,
    })
}

/// Jenis litmas.
pub fn litmas_kind(s: &str) -> LitmasKind {
    use LitmasKind::*;
    let n = normal(s);
    let has = |p: &[&str]| says(&n, p);
    match () {
        () if has(&["asimilasi"]) => Assimilation,
        () if has(&[
            "pb",
            "cb",
            "cmb",
            "integrasi",
            "reintegrasi",
            "pembebasan bersyarat",
            "cuti bersyarat",
            "cuti menjelang bebas",
        ]) =>
        {
            Integration
        }
        () if has(&["sidang", "diversi", "peradilan", "sidang anak"]) => ChildTrial,
        () if has(&["perawatan", "tahanan"]) => Care,
        () if has(&["pembinaan awal", "awal", "admisi orientasi"]) => EarlyTreatment,
        () => Other,
    }
}

/// Kind of service from its wording; the agency's main service when the wording says nothing.
pub fn service(text: &str, opd: &str) -> ServiceKind {
    use ServiceKind::*;
    let t = text.trim();
    if let Some(k) = ServiceKind::from_id(&t.to_uppercase()) {
        return k;
    }
    let n = normal(t);
    let has = |p: &[&str]| says(&n, p);
    match () {
        () if has(&["kia", "identitas anak"]) => Kia,
        () if has(&["perekaman", "rekam"]) => KtpRek,
        () if has(&["ktp", "ktp el", "e ktp", "cetak ulang"]) => KtpCtk,
        () if has(&["kk", "kartu keluarga"]) => Kk,
        () if has(&["akta", "akte", "akta kelahiran"]) => Akta,
        () if has(&["jkn", "kis", "bpjs", "pbi", "jkn kis"]) => Jkn,
        () if has(&["skrining", "screening", "tb", "hiv"]) => Skr,
        () if has(&["rehabilitasi sosial", "rehsos"]) => Rehsos,
        () if has(&["rehabilitasi", "rehab", "pascarehab", "pasca rehabilitasi"]) => Rehab,
        () if has(&["paket a"]) => PktA,
        () if has(&["paket b"]) => PktB,
        () if has(&["paket c"]) => PktC,
        () if has(&["nib", "oss", "nomor induk berusaha"]) => Nib,
        () if has(&["koperasi"]) => Kop,
        () if has(&["modal", "kur"]) => Modal,
        () if has(&["alat", "bantuan alat", "peralatan"]) => Alat,
        () if has(&["pemasaran", "pameran", "promosi"]) => Pasar,
        () if has(&["umkm", "wirausaha", "kewirausahaan", "naik kelas"]) => Umkm,
        () if has(&["ak 1", "ak1", "kartu kuning", "pencari kerja", "ak i"]) => Ak1,
        () if has(&[
            "penempatan",
            "bursa kerja",
            "magang",
            "job fair",
            "penempatan kerja",
        ]) && opd != "dlh" =>
        {
            Kerja
        }
        () if has(&["kerja sosial"]) => PksSos,
        () if has(&[
            "bansos",
            "bantuan sosial",
            "pkh",
            "sembako",
            "dtsen",
            "dtks",
            "blt",
        ]) =>
        {
            Bansos
        }
        () if has(&["reunifikasi", "keluarga", "tempat tinggal", "rumah singgah"]) => Klg,
        () if has(&[
            "kerohanian",
            "rohani",
            "pramuka",
            "ibadah",
            "pengajian",
            "kepribadian",
            "alkitab",
            "kebaktian",
            "kesadaran hukum",
            "olahraga",
        ]) =>
        {
            Kprb
        }
        () if has(&[
            "ikm",
            "industri kecil",
            "kemasan",
            "halal",
            "pirt",
            "industri",
        ]) =>
        {
            PltIkm
        }
        () if opd == "disperindag" && has(&["pelatihan"]) => PltIkm,
        () if opd == "diskop-umkm" && has(&["pelatihan"]) => Umkm,
        () if opd == "upt" || has(&["kemandirian", "bengkel", "giatja"]) => Kmd,
        () if has(&["pelatihan", "keterampilan", "kejuruan", "blk", "kompetensi"]) => PltKer,
        () => main_service(opd),
    }
}

fn main_service(opd: &str) -> ServiceKind {
    use ServiceKind::*;
    match opd {
        "disperindag" => PltIkm,
        "diskop-umkm" => Umkm,
        "disnakertrans" => PltKer,
        "dinsos" => Bansos,
        "disdukcapil" => KtpCtk,
        "disdik" => PktC,
        "dinkes" | "bpjs-kesehatan" => Jkn,
        "bnn" => Rehab,
        "dlh" => PksSos,
        "kemenag" => Kprb,
        "upt" => Kmd,
        _ => Other,
    }
}

/// State of a participation by its wording.
pub fn service_state(s: &str) -> Option<ServiceState> {
    use ServiceState::*;
    let n = written_out(&normal(s));
    if is_placeholder(s) {
        return None;
    }
    let has = |p: &[&str]| says(&n, p);
    Some(match () {
        () if has(&[
            "tidak selesai",
            "putus",
            "drop out",
            "do",
            "mengundurkan diri",
            "berhenti",
            "tidak lulus",
            "tidak kompeten",
            "tidak tuntas",
            "tidak tamat",
            "gugur",
        ]) =>
        {
            DroppedOut
        }
        () if has(&["dibatalkan", "batal"]) => Cancelled,
        () if has(&[
            "belum selesai",
            "belum lulus",
            "belum tuntas",
            "belum tamat",
            "belum kompeten",
        ]) =>
        {
            Started
        }
        () if has(&[
            "belum mulai",
            "belum terbit",
            "belum diterima",
            "belum diserahkan",
            "belum tercetak",
        ]) =>
        {
            Enrolled
        }
        () if has(&[
            "pindah",
            "bebas",
            "keluar karena pindah",
            "keluar karena bebas",
        ]) =>
        {
            Moved
        }
        () if has(&[
            "selesai",
            "lulus",
            "tamat",
            "terbit",
            "tuntas",
            "diterima",
            "diserahkan",
            "tercetak",
            "sudah cetak",
            "kompeten",
        ]) =>
        {
            Completed
        }
        () if has(&[
            "mulai",
            "berjalan",
            "proses",
            "sedang",
            "aktif",
            "mengikuti",
            "dalam proses",
            "berlangsung",
        ]) =>
        {
            Started
        }
        () if has(&["terdaftar", "daftar", "registrasi", "terdaftar menunggu"]) => Enrolled,
        () if has(&[
            "dirujuk",
            "rujukan",
            "usulan",
            "diusulkan",
            "menunggu",
            "antri",
            "daftar tunggu",
        ]) =>
        {
            Referred
        }
        () => return None,
    })
}

/// An outcome by its wording.
pub fn outcome(s: &str) -> Option<OutcomeKind> {
    use OutcomeKind::*;
    let n = normal(s);
    if is_placeholder(s) {
        return None;
    }
    let has = |p: &[&str]| says(&n, p);
    Some(match () {
        () if has(&[
            "tidak bekerja",
            "belum bekerja",
            "menganggur",
            "tdk bekerja",
            "pengangguran",
        ]) =>
        {
            NotEmployed
        }
        () if has(&["usaha", "wirausaha", "berusaha", "dagang", "usaha sendiri"]) => Business,
        () if has(&["bekerja", "kerja", "karyawan", "buruh", "honorer"]) => Employed,
        () if has(&["sekolah", "kuliah", "paket"]) => School,
        () if has(&["jkn", "bpjs", "kis"]) => Insurance,
        () if has(&["rumah", "tempat tinggal", "kontrakan"]) => Housing,
        () if has(&["ktp", "kk", "dokumen"]) => Document,
        () => return None,
    })
}

/// Highest diploma.
pub fn education(s: &str) -> &'static str {
    let n = normal(s);
    let has = |p: &[&str]| says(&n, p);
    match () {
        () if is_placeholder(s) => "",
        () if has(&[
            "tidak sekolah",
            "tidak tamat",
            "tidak tamat sd",
            "belum sekolah",
            "buta huruf",
        ]) =>
        {
            "none"
        }
        () if has(&[
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
        ]) =>
        {
            "higher"
        }
        () if has(&["sma", "smk", "slta", "smu", "ma", "stm", "paket c"]) => "sma",
        () if has(&["smp", "sltp", "mts", "paket b"]) => "smp",
        () if has(&["sd", "mi", "sr", "paket a"]) => "sd",
        () => "",
    }
}

/// `Ya`, `Tidak`, `ke-2`.
pub fn recidivist(s: &str) -> Option<bool> {
    let n = normal(s);
    match n.as_str() {
        "ya" | "y" | "residivis" | "1" => Some(true),
        "tidak" | "t" | "bukan" | "tdk" | "non residivis" | "0" | "bukan residivis" => Some(false),
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
    fn a_revocation_is_general_or_technical_by_its_ground() {
        assert_eq!(
            supervision_end("Dicabut", "melakukan tindak pidana baru"),
            Some(SupervisionEnd::RevokedOffence)
        );
        assert_eq!(
            supervision_end("Dicabut", "tidak lapor 3 kali"),
            Some(SupervisionEnd::RevokedTechnical)
        );
        assert_eq!(
            supervision_end("Selesai", ""),
            Some(SupervisionEnd::Completed)
        );
        assert_eq!(supervision_end("Aktif", "-"), None);
    }
}
