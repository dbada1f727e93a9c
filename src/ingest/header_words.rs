//! The words of a header: abbreviations written out, affixes taken off, typing errors forgiven.
//!
//! Offices abbreviate at will (`Tgl Lhr`, `Pkrjn`, `Jlh Tatap Muka`) and Indonesian forms words by affixes (`diterima`,
//! `penerimaan`, `menerima`), so headers are compared word by word in a common form and not as texts.

use crate::domain::normal;

/// Abbreviations whose word cannot be told from their letters, and words with one meaning in a header.
const WRITTEN_OUT: &[(&str, &str)] = &[
    ("tgl", "tanggal"),
    ("tggl", "tanggal"),
    ("tg", "tanggal"),
    ("tangal", "tanggal"),
    ("hari", "hr"),
    ("hp", "telepon"),
    ("telp", "telepon"),
    ("tlp", "telepon"),
    ("handphone", "telepon"),
    ("ponsel", "telepon"),
    ("wa", "telepon"),
    ("whatsapp", "telepon"),
    ("nomor", "no"),
    ("nomer", "no"),
    ("nmr", "no"),
    ("nomr", "no"),
    ("number", "no"),
    ("jml", "jumlah"),
    ("jlh", "jumlah"),
    ("jmlh", "jumlah"),
    ("jum", "jumlah"),
    ("total", "jumlah"),
    ("jns", "jenis"),
    ("jen", "jenis"),
    ("macam", "jenis"),
    ("bentuk", "jenis"),
    ("nm", "nama"),
    ("klmn", "kelamin"),
    ("kel", "kelurahan"),
    ("kec", "kecamatan"),
    ("kab", "kabupaten"),
    ("alm", "alamat"),
    ("ket", "keterangan"),
    ("ktr", "keterangan"),
    ("reg", "register"),
    ("regs", "register"),
    ("registrasi", "register"),
    ("gol", "golongan"),
    ("lhr", "lahir"),
    ("pend", "pendidikan"),
    ("pddk", "pendidikan"),
    ("pddkn", "pendidikan"),
    ("pdd", "pendidikan"),
    ("pek", "pekerjaan"),
    ("pkrj", "pekerjaan"),
    ("psl", "pasal"),
    ("ps", "pasal"),
    ("pid", "pidana"),
    ("msk", "masuk"),
    ("klr", "keluar"),
    ("exp", "ekspirasi"),
    ("expirasi", "ekspirasi"),
    ("expired", "ekspirasi"),
    ("kls", "kelas"),
    ("thn", "th"),
    ("tahun", "th"),
    ("bln", "bl"),
    ("bulan", "bl"),
    ("bid", "bidang"),
    ("ttg", "tentang"),
    ("hub", "hubungan"),
    ("sekarang", "kini"),
    ("skrg", "kini"),
    ("skr", "kini"),
    ("stlh", "setelah"),
    ("sblm", "sebelum"),
    ("tdk", "tidak"),
    ("jln", "jalan"),
    ("jl", "jalan"),
    ("subs", "subsider"),
    ("ss", "subsider"),
    ("subsidair", "subsider"),
    ("dok", "dokumen"),
    ("sert", "sertifikat"),
    ("srtf", "sertifikat"),
    ("ortu", "orangtua"),
    ("sd", "sampai"),
    ("hingga", "sampai"),
    ("awal", "mulai"),
    ("tmt", "mulai"),
    ("tamat", "selesai"),
    ("akhir", "selesai"),
    ("lembaga", "instansi"),
    ("presensi", "hadir"),
    ("absensi", "hadir"),
    ("ikut", "hadir"),
    ("realisasi", "hadir"),
    ("target", "rencana"),
    ("jadwal", "rencana"),
    ("kasus", "perkara"),
    ("hukuman", "pidana"),
    ("vonis", "putusan"),
    ("catt", "catatan"),
    ("cat", "catatan"),
    ("sdh", "sudah"),
    ("blm", "belum"),
    ("msh", "masih"),
    ("almat", "alamat"),
    ("bimb", "bimbingan"),
    ("peny", "penyelenggara"),
    ("uk", "ukuran"),
    ("kira2", "perkiraan"),
    ("estimasi", "perkiraan"),
    ("pd", "peserta"),
    ("prs", "persen"),
    ("prsn", "persen"),
    ("bag", "bagian"),
    ("hrs", "wajib"),
    ("harus", "wajib"),
    ("bnyk", "jumlah"),
    ("banyaknya", "jumlah"),
    ("banyak", "jumlah"),
    ("rampung", "selesai"),
    ("put", "putusan"),
    ("han", "penahanan"),
    ("bgmn", "bagaimana"),
    ("laki2", "laki"),
    ("urt", "urut"),
    ("lkp", "lengkap"),
    ("ms", "masa"),
    ("kmr", "kamar"),
    ("blk", "blok"),
    ("srt", "surat"),
    ("krn", "sebab"),
    ("karna", "sebab"),
    ("karena", "sebab"),
    ("sbb", "sebab"),
    ("alsn", "alasan"),
    ("btk", "jenis"),
    ("bntk", "jenis"),
    ("rcn", "rencana"),
    ("rnc", "rencana"),
    ("renc", "rencana"),
    ("rncn", "rencana"),
    ("sls", "selesai"),
    ("slsai", "selesai"),
    ("riil", "hadir"),
    ("real", "hadir"),
    ("lok", "lokasi"),
    ("krj", "kerja"),
    ("karja", "kerja"),
    ("sjk", "mulai"),
    ("sejak", "mulai"),
    ("ctt", "catatan"),
    ("nb", "catatan"),
    ("sts", "status"),
    ("stts", "status"),
    ("stat", "status"),
    ("kwin", "kawin"),
    ("nkh", "nikah"),
    ("plg", "pulang"),
    ("pjmn", "penjamin"),
    ("pdmpg", "pendamping"),
    ("dmpg", "pendamping"),
    ("akhr", "selesai"),
    ("bpk", "ayah"),
    ("bapa", "ayah"),
    ("mama", "ibu"),
    ("hsl", "hasil"),
    ("hsil", "hasil"),
    ("skrng", "kini"),
    ("skarang", "kini"),
    ("wjb", "wajib"),
    ("rwt", "rawat"),
    ("keg", "kegiatan"),
    ("nil", "nilai"),
    ("idt", "identitas"),
    ("alamt", "alamat"),
    ("tmpt", "tempat"),
    ("tpt", "tempat"),
    ("tmp", "tempat"),
    ("trm", "terima"),
    ("dtg", "datang"),
    ("dr", "dari"),
    ("smpai", "sampai"),
    ("sampe", "sampai"),
    ("brgkt", "berangkat"),
    ("tiba", "masuk"),
    ("umr", "umur"),
    ("nma", "nama"),
    ("rjk", "rujuk"),
    ("dftr", "daftar"),
    ("prog", "program"),
    ("progrm", "program"),
    ("ijz", "ijazah"),
    ("sertf", "sertifikat"),
    ("ptsn", "putusan"),
    ("rms", "remisi"),
    ("ssdh", "setelah"),
    ("sesudah", "setelah"),
    ("kss", "perkara"),
    ("bps", "bapas"),
    ("nsbh", "nasabah"),
    ("deb", "debitur"),
    ("hdr", "hadir"),
    ("sesi", "pertemuan"),
    ("tm", "pertemuan"),
    ("follow", "pemantauan"),
    ("monev", "pemantauan"),
    ("pantau", "pemantauan"),
    ("ots", "pemantauan"),
    ("hv", "pemantauan"),
    ("kapan", "tanggal"),
    ("siapa", "nama"),
    ("dimana", "tempat"),
    ("mana", "tempat"),
    ("thp", "tahap"),
    ("gel", "gelombang"),
    ("angk", "angkatan"),
    ("bkt", "bukti"),
    ("kbthn", "kebutuhan"),
    ("sklh", "sekolah"),
    ("dsn", "dusun"),
    ("ngri", "negeri"),
    ("neg", "negeri"),
    ("klhn", "keahlian"),
    ("pjm", "penjamin"),
    ("idr", "rp"),
    ("rupiah", "rp"),
    ("hkm", "pidana"),
    ("hukum", "pidana"),
    ("dihukum", "pidana"),
    ("mslh", "perkara"),
    ("masalah", "perkara"),
    ("doc", "dokumen"),
];

/// Words that say nothing about what stands in a column.
const SILENT: &[&str] = &[
    "yg",
    "yang",
    "dgn",
    "dengan",
    "di",
    "utk",
    "untuk",
    "the",
    "of",
    "dan",
    "atau",
    "pada",
    "oleh",
    "nya",
    "sesuai",
    "menurut",
    "data",
    "identitas",
    "isi",
    "lengkapi",
    "bersangkutan",
    "tersebut",
    "per",
    "dr",
    "and",
    "in",
    "terakhir",
    "lengkap",
    "mohon",
    "kolom",
    "pt",
    "ma",
    // A form asks for what it wants.
    "anda",
    "saudara",
    "apa",
    "apakah",
    "berapa",
    "boleh",
    "jika",
    "kalau",
    "bila",
    "tuliskan",
    "tulis",
    "sebutkan",
    "akan",
    "bisa",
    "kami",
    "ini",
    "itu",
    "saat",
    "diisi",
];

/// Words that alone say what sort of thing stands in a column, not which.
pub const GENERAL: &[&str] = &[
    "tanggal",
    "no",
    "nama",
    "jenis",
    "jumlah",
    "status",
    "hasil",
    "tempat",
    "lokasi",
    "asal",
    "tujuan",
    "sampai",
    "mulai",
    "selesai",
    "masuk",
    "keluar",
    "bebas",
    "instansi",
    "pidana",
    "golongan",
    "th",
    "bl",
    "hr",
    "kelas",
    "tahap",
    "hadir",
    "rencana",
    "keterangan",
    "nilai",
    "dari",
    "ke",
    "date",
    "name",
    "type",
    "start",
    "end",
    "kategori",
    "program",
    "kegiatan",
    "layanan",
    "bantuan",
    "usaha",
    "data",
    "alat",
    "barang",
    "paket",
    "lembaga",
    "kota",
    "city",
    "value",
    "support",
    "alasan",
    "sebab",
    "putusan",
    "penahanan",
    "wajib",
    "lapor",
    "kini",
];

/// Words for those a list is about: whose a value is hardly matters.
pub const PEOPLE: &[&str] = &[
    "peserta",
    "wbp",
    "klien",
    "binaan",
    "warga",
    "penerima",
    "siswa",
    "napi",
    "narapidana",
    "tahanan",
    "penghuni",
    "santri",
    "jemaat",
    "debitur",
    "nasabah",
    "anggota",
    "atlet",
    "pasien",
    "mustahik",
    "pemohon",
    "pelamar",
    "terpidana",
    "terdakwa",
    "tersangka",
    "terlapor",
    "pelaku",
    "pekerja",
    "penduduk",
    "pemilih",
    "ybs",
    "residen",
    "konseli",
    "kpm",
    "ppks",
    "pmks",
    "abh",
    "andikpas",
    "pencaker",
    "calon",
    "mantan",
    "eks",
    "bekas",
    "wb",
    "orang",
    "binaannya",
    "dampingan",
    "murid",
    "pelajar",
    "pemagang",
    "alumni",
    "manfaat",
    "client",
    "participant",
    "beneficiary",
    "member",
    "patient",
    "trainee",
    "student",
    "inmate",
    "prisoner",
    "resident",
    "person",
    "returnee",
    "jamaah",
    "jemaah",
    "petani",
    "nelayan",
    "basudara",
];

/// A word of a header in the form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Written out.
    pub text: String,
    /// Without affixes.
    pub stem: String,
}

/// The words of a header, in order, without those that say nothing.
pub fn words(header: &str) -> Vec<Word> {
    let spaced = camel_case_apart(header);
    let n = normal(&spaced);
    let all: Vec<&str> = n.split(' ').filter(|w| !w.is_empty()).collect();
    // `N I K`, `J K`: letters set apart for looks.
    if all.len() >= 2 && all.iter().all(|w| w.chars().count() == 1) && n != "l p" && n != "s d" {
        return vec![word(&all.concat())];
    }
    let mut out: Vec<Word> = Vec::with_capacity(all.len());
    let mut i = 0;
    while i < all.len() {
        let w = match (all[i], all.get(i + 1).copied().unwrap_or_default()) {
            ("s", "d") => {
                i += 1;
                "sampai"
            }
            ("l", "p") | ("p", "l") | ("lk", "pr") | ("laki", "laki") => {
                i += 1;
                "lp"
            }
            // A form speaks to its reader.
            ("bapak", "ibu") => {
                i += 2;
                continue;
            }
            ("k", "k") => {
                i += 1;
                "kk"
            }
            ("e", "ktp") | ("ktp", "el") => {
                i += 1;
                "ktp"
            }
            (w, _) => w,
        };
        i += 1;
        if !is_silent(w) {
            out.push(word(w));
        }
    }
    out
}

/// Whether a word, or the word it is a slip of, says nothing.
fn is_silent(w: &str) -> bool {
    SILENT.contains(&w) || SILENT.iter().any(|s| s.len() >= 7 && nearness(w, s) > 0.85)
}

/// One word, written out.
pub fn word(w: &str) -> Word {
    let text = WRITTEN_OUT
        .iter()
        .find(|(short, _)| *short == w)
        .map_or(w, |(_, long)| *long);
    Word {
        text: text.to_owned(),
        stem: stem(text),
    }
}

/// `TglLahir` as `Tgl Lahir`; texts with blanks are left alone.
fn camel_case_apart(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 4);
    let mut before = ' ';
    let joined = !s.trim().contains(char::is_whitespace);
    for c in s.chars() {
        if joined && c.is_uppercase() && before.is_lowercase() {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

/// The root of a word as far as affixes can be seen: `diterima`, `penerimaan` and `menerima` are `terima`. Who does
/// something (`pembimbing`, `pelatih`) is another thing than what is done (`bimbingan`, `pelatihan`) and keeps its form.
fn stem(w: &str) -> String {
    if PEOPLE.contains(&w) || w.len() < 5 || !w.is_ascii() {
        return w.to_owned();
    }
    let mut root = w;
    let noun = ["annya", "nya"]
        .iter()
        .find_map(|s| root.strip_suffix(s))
        .filter(|r| r.len() >= 4);
    root = noun.unwrap_or(root);
    let suffix = root.strip_suffix("an").filter(|r| r.len() >= 4);
    let done = suffix.is_some();
    let inner = suffix.unwrap_or(root);
    let long = |r: &&str| r.len() >= 4;
    for p in ["di", "ter", "ber"] {
        if let Some(r) = root.strip_prefix(p).filter(long) {
            let r = ["kan", "i"]
                .iter()
                .find_map(|s| r.strip_suffix(s).filter(long))
                .unwrap_or(r);
            return r.to_owned();
        }
    }
    if root.starts_with("me") || (root.starts_with("pe") && done) {
        let r = if root.starts_with("me") { root } else { inner };
        let r = ["kan", "i"]
            .iter()
            .find_map(|s| r.strip_suffix(s).filter(long))
            .unwrap_or(r);
        return bare(&r[2..]).unwrap_or_else(|| r.to_owned());
    }
    if let Some(r) = inner.strip_prefix("ke").filter(|r| done && r.len() >= 4) {
        return r.to_owned();
    }
    if done && root.ends_with("an") && !root.starts_with("pe") {
        return inner.to_owned();
    }
    root.to_owned()
}

/// What stands behind `me-` or `pe-`, with the consonant that the prefix swallowed.
fn bare(rest: &str) -> Option<String> {
    let vowel = |r: &str| r.starts_with(['a', 'e', 'i', 'o', 'u']);
    let long = |r: &str| r.len() >= 3;
    if let Some(r) = rest.strip_prefix("ny").filter(|r| long(r) && vowel(r)) {
        return Some(format!("s{r}"));
    }
    if let Some(r) = rest.strip_prefix("ng").filter(|r| long(r)) {
        // `pengeluaran` is of `keluar`, `pengambilan` of `ambil`: only words with e swallow their k.
        return Some(if r.starts_with('e') {
            format!("k{r}")
        } else {
            r.to_owned()
        });
    }
    if let Some(r) = rest.strip_prefix('m').filter(|r| long(r)) {
        return Some(if vowel(r) {
            format!("p{r}")
        } else {
            r.to_owned()
        });
    }
    if let Some(r) = rest.strip_prefix('n').filter(|r| long(r)) {
        return Some(if vowel(r) {
            format!("t{r}")
        } else {
            r.to_owned()
        });
    }
    long(rest).then(|| rest.to_owned())
}

/// How alike a word of a header and a word of the dictionary are: 1 the same, 0 different.
pub fn likeness(header: &Word, entry: &Word) -> f32 {
    if header.text == entry.text {
        1.0
    } else if header.stem == entry.stem {
        0.92
    } else {
        0.0
    }
}

/// How near a word that the dictionary does not know is to one it knows: a typing error, or an abbreviation.
pub fn nearness(unknown: &str, known: &str) -> f32 {
    let (u, k) = (unknown.as_bytes(), known.as_bytes());
    if u.len() < 3 || k.len() < 4 || u[0] != k[0] || !unknown.is_ascii() || !known.is_ascii() {
        return 0.0;
    }
    let edits = if k.len() >= 10 { 2 } else { 1 };
    if u.len() >= 5
        && u.len().abs_diff(k.len()) <= edits
        && strsim::damerau_levenshtein(unknown, known) <= edits
    {
        return 0.88;
    }
    if k.len() <= u.len() {
        return 0.0;
    }
    // `kecam`, `pendid`: the word broken off; `pkrjn`, `almt`: its consonants.
    if u.len() >= 4 && k.len() >= u.len() + 2 && known.starts_with(unknown) {
        return 0.8;
    }
    let vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let consonants = |w: &[u8]| {
        w[1..]
            .iter()
            .copied()
            .filter(|b| !vowel(b))
            .collect::<Vec<u8>>()
    };
    let (short, long) = (consonants(u), consonants(k));
    if short == long && !u[1..].iter().any(vowel) {
        return 0.85;
    }
    // `pmbimbing`, `kejhtn`: some vowels are left; `pddk`, `srtf`: the first consonants.
    let mut rest = k.iter();
    let within = u.iter().all(|b| rest.any(|r| r == b));
    if within && short == long && k.len() >= 5 {
        return 0.84;
    }
    let begun = short.len() >= 3 && long.starts_with(&short) && long.len() <= short.len() + 2;
    if begun && within && u.len() == short.len() + 1 && k.len() >= 6 {
        return 0.78;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affixes_of_one_root_meet_and_doers_keep_their_form() {
        for (a, b) in [
            ("diterima", "penerimaan"),
            ("perekaman", "rekam"),
            ("pencetakan", "dicetak"),
            ("penyaluran", "disalurkan"),
            ("pelaksanaan", "dilaksanakan"),
            ("pengambilan", "diambil"),
            ("pemeriksaan", "diperiksa"),
            ("pendaftaran", "terdaftar"),
            ("kehadiran", "dihadiri"),
            ("pengeluaran", "keluar"),
            ("pembebasan", "bebas"),
            ("penahanan", "ditahan"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [
            ("pembimbing", "bimbingan"),
            ("pelatih", "pelatihan"),
            ("pendamping", "pendampingan"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn abbreviations_and_typing_errors_are_near_their_words() {
        assert!(nearness("pkrjn", "pekerjaan") > 0.8);
        assert!(nearness("almt", "alamat") > 0.8);
        assert!(nearness("kecamtan", "kecamatan") > 0.8);
        assert!(nearness("pendidkan", "pendidikan") > 0.8);
        assert_eq!(nearness("warna", "wisma"), 0.0);
    }

    #[test]
    fn a_header_is_words_whatever_its_writing() {
        let texts = |h: &str| words(h).into_iter().map(|w| w.text).collect::<Vec<_>>();
        assert_eq!(texts("TglLahir"), ["tanggal", "lahir"]);
        assert_eq!(texts("tgl_lahir"), ["tanggal", "lahir"]);
        assert_eq!(texts("N I K"), ["nik"]);
        assert_eq!(texts("JENIS KELAMIN (L/P)"), ["jenis", "kelamin", "lp"]);
        assert_eq!(texts("Masa percobaan s/d"), ["masa", "percobaan", "sampai"]);
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_the_words_panic(s in "\\PC{0,40}") {
            for w in words(&s) {
                let _ = nearness(&w.text, "pendidikan");
            }
        }
    }
}
