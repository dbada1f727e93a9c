//! City agencies (OPD) and partners that give services (docs/definitions.md 4).

/// id, official name, spellings offices use.
pub type OpdRow = (&'static str, &'static str, &'static [&'static str]);

/// The agencies seen in 2025–26, in report order. Ids are what figures and templates carry.
pub const OPDS: &[OpdRow] = &[
    (
        "disperindag",
        "Dinas Perindustrian dan Perdagangan",
        &["Disperindag", "Dinas Perindag", "Dinas Perindustrian"],
    ),
    (
        "diskop-umkm",
        "Dinas Koperasi dan UMKM",
        &[
            "Dinas Koperasi",
            "Dinkop",
            "Dinkop UMKM",
            "Diskop",
            "Diskop UKM",
            "Diskop UMKM",
            "Dinas Koperasi & UMKM",
            "Dinas Koperasi Usaha Mikro Kecil dan Menengah",
        ],
    ),
    (
        "disnakertrans",
        "Dinas Tenaga Kerja dan Transmigrasi",
        &[
            "Disnakertrans",
            "Disnaker",
            "Dinas Tenaga Kerja",
            "BLK",
            "Balai Latihan Kerja",
        ],
    ),
    ("dinsos", "Dinas Sosial", &["Dinsos"]),
    (
        "disdukcapil",
        "Dinas Kependudukan dan Pencatatan Sipil",
        &["Disdukcapil", "Dukcapil", "Dinas Dukcapil"],
    ),
    (
        "disdik",
        "Dinas Pendidikan",
        &[
            "Disdik",
            "SKB Kota Ambon",
            "SKB",
            "Sanggar Kegiatan Belajar",
            "PKBM",
        ],
    ),
    ("dinkes", "Dinas Kesehatan", &["Dinkes"]),
    (
        "dlh",
        "Dinas Lingkungan Hidup",
        &["DLH", "DLHP", "Dinas Lingkungan Hidup dan Persampahan"],
    ),
    (
        "dp3a",
        "Dinas Pemberdayaan Perempuan dan Perlindungan Anak",
        &["DP3A", "DPPPA", "DP3AMD"],
    ),
    ("diskan", "Dinas Perikanan", &["Dinas Perikanan", "Diskan"]),
    ("dispora", "Dinas Pemuda dan Olahraga", &["Dispora"]),
    (
        "disperpus",
        "Dinas Perpustakaan dan Kearsipan",
        &["Dinas Perpustakaan"],
    ),
    ("dpmptsp", "Dinas Penanaman Modal dan PTSP", &["DPMPTSP"]),
    ("bpjs-kesehatan", "BPJS Kesehatan", &["BPJS"]),
    (
        "bnn",
        "BNN",
        &[
            "Badan Narkotika Nasional",
            "BNNP Maluku",
            "BNN Provinsi Maluku",
        ],
    ),
    (
        "kemenag",
        "Kementerian Agama",
        &["Kemenag", "Kantor Kementerian Agama"],
    ),
    (
        "upt",
        "UPT Pemasyarakatan",
        &["Giatja", "Bengkel Kerja Lapas"],
    ),
];

/// The official name for an id.
pub fn opd_name(id: &str) -> Option<&'static str> {
    OPDS.iter().find(|(i, _, _)| *i == id).map(|(_, n, _)| *n)
}
