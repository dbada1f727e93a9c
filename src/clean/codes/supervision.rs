//! Words of probation offices: kinds of supervision, its ends, litmas (docs/definitions.md 2).

use crate::clean::not_yet::{NOT_YET, OF_LISTS, is_pending};
use crate::clean::remarks::of_another;
use crate::clean::text::{affirms, is_placeholder, normal, says, wording};
use crate::domain::supervision::{Breach, LitmasKind, SupervisionEnd, SupervisionKind};

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
        // A diversion may order supervision.
        () if has(&["diversi"]) => Diversion,
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
        () if has(&["anak", "akot", "ak"]) => ChildOther,
        () => Other,
    })
}

/// Kinds of supervision that the words of a title, a sheet, a file's name or a section name outright, each once. Words that
/// offices use for all of their work (`pengawasan`, `anak`, `PKS`) name none.
pub fn supervision_named(s: &str) -> Vec<SupervisionKind> {
    use SupervisionKind::*;
    const NAMED: &[(SupervisionKind, &[&str])] = &[
        (Pb, &["pembebasan bersyarat", "bebas bersyarat", "pb"]),
        (Cb, &["cuti bersyarat", "cb"]),
        (Cmb, &["cuti menjelang bebas", "cmb"]),
        (Assimilation, &["asimilasi", "asimilasi rumah"]),
        (
            SupervisionSentence,
            &[
                "pidana pengawasan",
                "pidana bersyarat",
                "pib",
                "pidana percobaan",
            ],
        ),
        (CommunityService, &["kerja sosial", "pidana kerja sosial"]),
        (Diversion, &["diversi"]),
    ];
    let n = normal(s);
    let named = NAMED.iter().filter(|(_, words)| says(&n, words));
    named.map(|(kind, _)| *kind).collect()
}

/// How guidance ended that the words of a title or sheet name outright, as those of a list of nothing else.
pub fn end_named(s: &str) -> Option<SupervisionEnd> {
    match ends_named(s)[..] {
        [end] => Some(end),
        _ => None,
    }
}

/// All ways of ending that such words name outright, each once.
pub fn ends_named(s: &str) -> Vec<SupervisionEnd> {
    use SupervisionEnd::*;
    let n = wording(s);
    let has = |p: &[&str]| says(&n, p);
    if has(&["aktif"]) || has(OF_LISTS) {
        return Vec::new();
    }
    let named = [
        (
            Completed,
            has(&[
                "pengakhiran",
                "berakhir",
                "selesai",
                "selesai bimbingan",
                "bebas akhir",
                "tuntas",
                "habis masa bimbingan",
                "habis masa percobaan",
                "habis masa",
            ]),
        ),
        (
            Revoked,
            has(&["pencabutan", "dicabut", "cabut", "tercabut"]),
        ),
        // Who is handed over from elsewhere has come.
        (
            Delegated,
            has(&[
                "pelimpahan",
                "dilimpahkan",
                "limpah",
                "pindah bapas",
                "alih bimbingan",
                "pindah bimbingan",
                "limpah keluar",
            ]) && !has(&["diterima", "penerimaan", "masuk", "dari", "terima"]),
        ),
        (
            Died,
            has(&["meninggal", "meninggal dunia", "wafat", "kematian"]) && !of_another(&n),
        ),
        (
            Absconded,
            has(&["dpo", "buron", "melarikan diri", "tidak ditemukan"]),
        ),
    ];
    let found = named.iter().filter(|(_, yes)| *yes);
    found.map(|(end, _)| *end).collect()
}

/// Whether guidance was revoked, where its list tells of revocations among other ends and a row of its ground alone: `3x tdk
/// lapor`, `tindak pidana baru`.
pub fn revoked_for(ground: &str) -> Option<SupervisionEnd> {
    match supervision_end("dicabut", ground)? {
        SupervisionEnd::Revoked => None,
        known => Some(known),
    }
}

/// Whether some wording only proposes or plans that supervision ends.
pub fn end_proposed(s: &str) -> bool {
    is_pending(&wording(s)) && supervision_end(s, "").is_none()
}

/// How supervision ended, with the ground when a second text names it.
pub fn supervision_end(s: &str, ground: &str) -> Option<SupervisionEnd> {
    use SupervisionEnd::*;
    if is_placeholder(s) && is_placeholder(ground) {
        return None;
    }
    let n = wording(s);
    let has = |p: &[&str]| affirms(&n, p, NOT_YET);
    const REVOKED: &[&str] = &[
        "dicabut",
        "cabut",
        "cbt",
        "pencabutan",
        "cabut umum",
        "cabut khusus",
    ];
    // Why somebody is proposed for revocation revokes nothing.
    let proposed = says(&n, REVOKED) && !has(REVOKED);
    let revoked = has(REVOKED) || !is_placeholder(ground) && !proposed;
    if revoked {
        let both = format!("{n} {}", wording(ground));
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
                    "kasus baru",
                    "perkara baru",
                    "pelanggaran hukum",
                    "mengulangi",
                    "mengulang",
                    "ditangkap",
                    "tertangkap",
                    "ditahan",
                    "cbt umum",
                    "tp baru",
                    "tpd baru",
                    "pidana lagi",
                    "residivis",
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
                    "tidak pernah lapor",
                    "tidak pernah melapor",
                    "mangkir",
                    "melanggar syarat",
                    "syarat khusus",
                    "tidak kooperatif",
                    "tidak melapor",
                    "keresahan",
                    "meresahkan",
                    "pindah alamat",
                    "alamat",
                    "tidak mengikuti",
                    "tidak ikut",
                    "tidak ikut program",
                    "melanggar ketentuan",
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
        () if has(&["meninggal", "mgl", "wafat"]) && !of_another(&n) => Died,
        () if has(&["melarikan diri", "tidak ditemukan", "lari", "lri"]) => Absconded,
        () if says(&n, &["belum"]) || is_pending(&n) => return None,
        () => Other,
    })
}

/// What a state or remark says of community service that was not done as ordered; `None` where it says nothing of the kind.
pub fn breach(s: &str) -> Option<Breach> {
    let n = normal(s);
    let has = |p: &[&str]| says(&n, p);
    let broken = has(&[
        "melanggar",
        "pelanggaran",
        "tidak menjalani",
        "tidak dijalani",
        "tidak melaksanakan",
        "tidak dilaksanakan",
        "tidak hadir tanpa alasan",
        "mangkir",
        "breached",
    ]) && !has(&[
        "tidak melanggar",
        "tidak ada pelanggaran",
        "tanpa pelanggaran",
    ]);
    Some(match () {
        () if has(&["mengulang", "diulang", "mengulangi", "repeated"]) => Breach::Repeated,
        () if has(&[
            "menjalani pidana penjara",
            "menjalani penjara",
            "diganti penjara",
            "diganti pidana penjara",
            "dijalankan penjara",
            "imprisoned",
        ]) =>
        {
            Breach::Imprisoned
        }
        () if has(&[
            "membayar denda",
            "denda dibayar",
            "bayar denda",
            "diganti denda",
            "fine paid",
        ]) =>
        {
            Breach::Paid
        }
        () if broken => Breach::Open,
        () => return None,
    })
}

/// Jenis litmas.
pub fn litmas_kind(s: &str) -> LitmasKind {
    use LitmasKind::*;
    let n = normal(s);
    let has = |p: &[&str]| says(&n, p);
    match () {
        () if has(&["kerja sosial", "community service"]) => CommunityService,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_one_way_of_ending_and_no_plan() {
        for (line, end) in [
            ("KLIEN TUNTAS BIMBINGAN", Some(SupervisionEnd::Completed)),
            ("II. SK dicabut", Some(SupervisionEnd::Revoked)),
            ("Pelimpahan keluar", Some(SupervisionEnd::Delegated)),
            ("Pelimpahan masuk", None),
            ("Klien DPO", Some(SupervisionEnd::Absconded)),
            ("SELESAI, DICABUT DAN MENINGGAL", None),
            ("Usulan pencabutan", None),
        ] {
            assert_eq!(end_named(line), end, "{line}");
        }
        assert_eq!(supervision_end("mau diusul cabut", ""), None);
        assert!(end_proposed("Usul cabut") && end_proposed("menunggu SK pencabutan"));
        assert!(!end_proposed("Dicabut") && !end_proposed("Selesai"));
        assert_ne!(
            supervision_end("orang tua meninggal", ""),
            Some(SupervisionEnd::Died)
        );
        assert_eq!(
            supervision_end("meninggal dunia, sakit", ""),
            Some(SupervisionEnd::Died)
        );
        assert_eq!(supervision_end("usul cabut", "tidak lapor"), None);
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
        assert_eq!(supervision_end("Blm selesai", ""), None);
        assert_eq!(supervision_end("Batal dicabut, aktif", ""), None);
        assert_eq!(
            supervision_end("Tdk aktif", ""),
            Some(SupervisionEnd::Other)
        );
        assert_eq!(
            supervision_end("Tidak ditemukan", ""),
            Some(SupervisionEnd::Absconded)
        );
    }
}
