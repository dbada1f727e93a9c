//! Words of city agencies: services, how far they have come, outcomes (docs/definitions.md 4).

use crate::clean::not_yet::{AWAITED, NOT_YET, PLANNED, PROPOSED};
use crate::clean::text::{DENIALS, affirms, is_placeholder, normal, says, wording};
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};

/// Kind of service from its wording; the agency's main service when the wording says nothing.
pub fn service(text: &str, opd: &str) -> ServiceKind {
    service_named(text, opd).unwrap_or_else(|| main_service(opd))
}

/// Kind of service that a wording names; the agency decides what words of several agencies mean.
pub fn service_named(text: &str, opd: &str) -> Option<ServiceKind> {
    use ServiceKind::*;
    let t = text.trim();
    if let Some(k) = ServiceKind::from_id(&t.to_uppercase()) {
        return Some(k);
    }
    let n = normal(t);
    let has = |p: &[&str]| says(&n, p);
    Some(match () {
        () if has(&["kia", "identitas anak"]) => Kia,
        () if has(&["perekaman", "rekam"]) => KtpRek,
        () if has(&["ktp", "ktp el", "e ktp", "cetak ulang"]) => KtpCtk,
        () if has(&["kk", "kartu keluarga"]) => Kk,
        () if has(&["akta", "akte", "akta kelahiran"]) => Akta,
        () if has(&["jkn", "kis", "bpjs", "pbi", "jkn kis"]) => Jkn,
        () if has(&["skrining", "screening", "tb", "hiv"]) => Skr,
        () if has(&["rehabilitasi sosial", "rehsos"]) => Rehsos,
        () if has(&[
            "rehabilitasi",
            "rehab",
            "pascarehab",
            "pascarehabilitasi",
            "rawat jalan",
            "rawat inap",
            "pasca rehabilitasi",
            "adiksi",
            "napza",
            "rehab napza",
        ]) =>
        {
            Rehab
        }
        () if has(&["paket a", "setara sd"]) => PktA,
        () if has(&["paket b", "setara smp"]) => PktB,
        () if has(&["paket c", "setara sma", "setara smu"]) => PktC,
        () if has(&["nib", "oss", "nomor induk berusaha"]) => Nib,
        () if has(&["koperasi"]) => Kop,
        () if has(&["modal", "kur"]) => Modal,
        () if has(&["alat", "alat alat", "bantuan alat", "peralatan", "toolkit"]) => Alat,
        () if has(&["pemasaran", "pameran", "promosi"]) => Pasar,
        () if has(&[
            "umkm",
            "wirausaha",
            "kewirausahaan",
            "naik kelas",
            "pendampingan usaha",
            "pembinaan usaha",
            "inkubasi usaha",
        ]) =>
        {
            Umkm
        }
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
        // A workshop of the prison is where another office's course may take place.
        () if has(&["kemandirian", "giatja"]) || has(&["bengkel"]) && matches!(opd, "" | "upt") => {
            Kmd
        }
        () if has(&["pelatihan", "keterampilan", "kejuruan", "blk", "kompetensi"]) => {
            if opd == "upt" { Kmd } else { PltKer }
        }
        () => return None,
    })
}

/// What an agency mostly gives.
pub fn main_service(opd: &str) -> ServiceKind {
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
    if is_placeholder(s) {
        return None;
    }
    // The ids of the states are words of `sources/*.toml`.
    if let Some(state) = ServiceState::from_id(s.trim()) {
        return Some(state);
    }
    let n = wording(s);
    let has = |p: &[&str]| says(&n, p);
    let is = |p: &[&str]| affirms(&n, p, NOT_YET);
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
            "mundur",
            "tidak dilanjutkan",
            "tidak lanjut",
            "tidak melanjutkan",
            "menolak lanjut",
            "menolak melanjutkan",
            "dihentikan",
        ]) && !has(&["mundur sebelum", "diri sebelum", "sebelum mulai"]) =>
        {
            DroppedOut
        }
        () if has(&[
            "dibatalkan",
            "batal",
            "gagal",
            "menolak",
            "ditolak",
            "tolak",
            "mengundurkan diri sebelum mulai",
            "mundur sebelum mulai",
            "sebelum mulai",
            "tidak lulus seleksi",
            "tidak mau",
            "tidak bersedia",
            "tidak berminat",
            "tidak jadi",
            "enggan",
            "tidak memenuhi syarat",
            "tidak layak",
            "tidak diterima",
            "tidak lolos",
        ]) =>
        {
            Cancelled
        }
        () if has(&[
            "belum selesai",
            "belum lulus",
            "belum tuntas",
            "belum tamat",
            "belum kompeten",
            "bk",
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
            "belum dimulai",
            "belum berjalan",
            "belum mengikuti",
            "belum aktif",
            "belum proses",
            "belum diproses",
            "berkas kurang",
            "berkas belum lengkap",
            "kurang berkas",
            "belum lengkap",
            "belum belajar",
            "belum ikut",
            "survei",
            "survey",
            "verifikasi",
            "seleksi",
            "mendaftar",
        ]) =>
        {
            Enrolled
        }
        // What somebody means to do once he is free.
        () if has(&[
            "setelah bebas",
            "sesudah bebas",
            "jika bebas",
            "akan lanjut",
        ]) =>
        {
            return None;
        }
        () if is(&[
            "berhasil",
            "sukses",
            "terekam",
            "sudah direkam",
            "sudah terima",
            "sudah dapat",
            "sudah dilayani",
            "terlayani",
            "terlaksana",
        ]) =>
        {
            Completed
        }
        () if !has(&["pindah alamat", "pindah rumah", "pindah domisili"])
            && is(&[
                "pindah",
                "bebas",
                "keluar karena pindah",
                "keluar karena bebas",
            ]) =>
        {
            Moved
        }
        () if is(&[
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
            "terpenuhi",
            "sudah diperiksa",
            "diambil",
            "negatif",
            "positif",
            "reaktif",
            "non reaktif",
            "tersalur",
            "disalurkan",
            "cair",
            "dicairkan",
            "dibagikan",
        ]) =>
        {
            Completed
        }
        () if is(&[
            "mulai",
            "dimulai",
            "berjalan",
            "proses",
            "sedang",
            "aktif",
            "mengikuti",
            "masih mengikuti",
            "masih ikut",
            "masih rawat",
            "masih rehabilitasi",
            "masih belajar",
            "dalam proses",
            "berlangsung",
        ]) =>
        {
            Started
        }
        () if is(&["keluar", "berhenti", "tidak aktif"]) => DroppedOut,
        () if has(&["belum terdaftar", "belum daftar", "daftar tunggu"]) => Referred,
        () if is(&["terdaftar", "daftar", "registrasi"]) => Enrolled,
        () if is(&["dirujuk", "rujukan", "antri"])
            || affirms(&n, PROPOSED, &[])
            || affirms(&n, AWAITED, &[]) =>
        {
            Referred
        }
        // What only its end is planned of is on its way.
        () if affirms(&n, PLANNED, &[]) && !has(&["selesai", "tamat", "lulus", "tuntas"]) => {
            Referred
        }
        () => return None,
    })
}

/// State of a participation below a question (`Apakah program sudah selesai?`): the answer, by what is asked.
pub fn service_answer(question: &str, s: &str) -> Option<ServiceState> {
    use ServiceState::*;
    let asked = wording(question);
    let n = wording(s);
    let first = n.split(' ').next().unwrap_or_default();
    let over = says(&asked, &["selesai", "tuntas", "tamat", "lulus", "berakhir"]);
    match first {
        "ya" | "y" | "sudah" | "iya" if over => Some(Completed),
        "belum" | "tidak" if over && n.split(' ').count() == 1 => Some(Started),
        _ => service_state(s),
    }
}

/// Whether a text is what a screening found: `negatif`, `non reaktif`, `NR`.
pub fn is_result(s: &str) -> bool {
    const RESULTS: &[&str] = &[
        "negatif",
        "positif",
        "reaktif",
        "non reaktif",
        "nonreaktif",
        "neg",
        "pos",
        "nr",
        "r",
        "normal",
        "suspek",
        "terduga",
    ];
    RESULTS.contains(&normal(s).as_str())
}

/// Words for having no work.
const NOT_EMPLOYED: &[&str] = &[
    "tidak bekerja",
    "belum bekerja",
    "tidak kerja",
    "belum kerja",
    "tidak ada pekerjaan",
    "belum ada pekerjaan",
    "menganggur",
    "pengangguran",
];

/// Words for what is over: no outcome.
const OVER: &[&str] = &["tutup", "bangkrut", "putus sekolah"];

/// An outcome by its wording; what is denied (`belum punya KTP`) is none.
pub fn outcome(s: &str) -> Option<OutcomeKind> {
    use OutcomeKind::*;
    if is_placeholder(s) {
        return None;
    }
    let n = wording(s);
    let is = |p: &[&str]| affirms(&n, p, &[]);
    Some(match () {
        () if says(&n, NOT_EMPLOYED) => NotEmployed,
        () if says(&n, OVER) => return None,
        () if is(&["usaha", "wirausaha", "berusaha", "dagang", "usaha sendiri"]) => Business,
        () if is(&["bekerja", "kerja", "karyawan", "buruh", "honorer"]) => Employed,
        () if is(&["sekolah", "kuliah", "paket"]) => School,
        () if is(&["jkn", "bpjs", "kis"]) => Insurance,
        () if is(&["rumah", "tempat tinggal", "kontrakan"]) => Housing,
        () if is(&["ktp", "kk", "dokumen"]) => Document,
        () => return None,
    })
}

/// Whether words that are no outcome say that nothing is known or nothing came about: an answer, and no fault.
pub fn says_unknown(s: &str) -> bool {
    let n = wording(s);
    [OVER, DENIALS, &["unknown", "pindah alamat"]]
        .iter()
        .any(|words| says(&n, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_with_its_denial() {
        use ServiceState::*;
        for (s, state) in [
            ("Selesai", Some(Completed)),
            ("LULUS (sertifikat)", Some(Completed)),
            ("Blm selesai", Some(Started)),
            ("tdk lulus", Some(DroppedOut)),
            ("tidak diterima", Some(Cancelled)),
            ("sdh terima", Some(Completed)),
            ("Sedang berjalan", Some(Started)),
            ("belum berjalan", Some(Enrolled)),
            ("tidak mengikuti", None),
            ("Terdaftar", Some(Enrolled)),
            ("daftar tunggu", Some(Referred)),
            ("Belum terdaftar", Some(Referred)),
            ("batal", Some(Cancelled)),
            ("pindah UPT", Some(Moved)),
            ("pindah alamat ke Tehoru", None),
            ("berhasil (KTP luar daerah)", Some(Completed)),
            ("tdk lanjut, menolak 26/1/26", Some(DroppedOut)),
            ("tdk berhasil", None),
            ("-", None),
        ] {
            assert_eq!(service_state(s), state, "{s}");
        }
        assert_eq!(service_state("akan mulai 2 Feb"), Some(Referred));
        assert_eq!(service_state("menunggu diterbitkan"), Some(Referred));
        assert_eq!(service_state("ikut sampai selesai"), Some(Completed));
        assert_ne!(
            service_state("target selesai April"),
            Some(ServiceState::Completed)
        );
        assert_eq!(
            service_state("selesai sesuai target"),
            Some(ServiceState::Completed)
        );
    }

    #[test]
    fn an_answer_is_of_what_its_question_asks() {
        use ServiceState::*;
        let asked = "Apakah program sudah selesai?";
        assert_eq!(
            service_answer(asked, "Ya, selesai hari ini"),
            Some(Completed)
        );
        assert_eq!(service_answer(asked, "Belum"), Some(Started));
        assert_eq!(service_answer(asked, "Tidak dilanjutkan"), Some(DroppedOut));
        assert_eq!(service_answer("Status", "Ya"), None);
    }

    #[test]
    fn an_outcome_is_none_when_it_is_denied() {
        use OutcomeKind::*;
        for (s, kind) in [
            ("Bekerja di toko", Some(Employed)),
            ("tdk bekerja", Some(NotEmployed)),
            ("belum ada pekerjaan", Some(NotEmployed)),
            ("Usaha sendiri", Some(Business)),
            ("usaha tutup", None),
            ("belum punya usaha", None),
            ("Putus sekolah", None),
            ("Sekolah Paket C", Some(School)),
            ("blm punya KTP", None),
        ] {
            assert_eq!(outcome(s), kind, "{s}");
        }
    }

    #[test]
    fn a_service_is_read_by_its_wording_then_by_its_agency() {
        use ServiceKind::*;
        for (s, opd, kind) in [
            ("Cetak ulang KTP-el", "disdukcapil", KtpCtk),
            ("Perekaman KTP", "disdukcapil", KtpRek),
            ("Pelatihan", "diskop-umkm", Umkm),
            ("Pelatihan", "disnakertrans", PltKer),
            ("", "dinsos", Bansos),
            ("PLT-IKM", "bnn", PltIkm),
        ] {
            assert_eq!(service(s, opd), kind, "{s} {opd}");
        }
    }
}
