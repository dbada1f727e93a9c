//! What headers offices write for each field (DOMAIN.md 1.12, and what abbreviation makes of them).

use crate::domain::Field;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Header texts in normal form (lower case, words and numbers separated by single spaces).
/// A text listed for two fields is ambiguous: the table's kind and its neighbours decide.
const WORDS: &[(Field, &str)] = &[
    (Field::RowNo, "no|no urut|nomor|nomor urut|nomer|urut|#"),
    (
        Field::Remarks,
        "ket|keterangan|catatan|remarks|keterangan lain|notes|note|comments",
    ),
    (Field::Month, "bulan|periode|bulan laporan|bulan data|bln"),
    (
        Field::Nik,
        "nik|no nik|nomor nik|no ktp|nomor ktp|no induk kependudukan|nomor induk kependudukan|nik ktp|nik sesuai ktp|nik wbp|nik klien|nik peserta|no identitas|nomor identitas|no ktp nik|nik no ktp|id number|id card no|id no|national id|national id number|id card number",
    ),
    (
        Field::FamilyCardNo,
        "no kk|nomor kk|nomor kartu keluarga|no kartu keluarga|kk",
    ),
    (
        Field::Name,
        "nama|nama lengkap|nama wbp|nama narapidana|nama napi|nama tahanan|nama klien|nama peserta|nama penghuni|nama warga binaan|nama penduduk|nama terpidana|nama wbp klien|nama pemohon|nama anak|nama penerima|nama penerima manfaat|nama almarhum|nama lengkap sesuai ktp|nama dan alias|nama alias|nama peserta pelatihan|nama wbp penghuni|identitas nama|nama penghuni wbp|nama siswa|nama warga belajar|full name|name|complete name|participant name",
    ),
    (
        Field::Alias,
        "alias|nama alias lain|nama kecil|nama panggilan|panggilan|als",
    ),
    (
        Field::Sex,
        "jenis kelamin|jk|l p|lp|kelamin|sex|gender|jns kelamin|jenis kel|jns kel|j k|l p jk|gender l p|sex m f",
    ),
    (
        Field::BirthPlace,
        "tempat lahir|tpt lahir|tmp lahir|tempat kelahiran|tmpt lahir|lahir tempat|place of birth|birth place",
    ),
    (
        Field::BirthDate,
        "tanggal lahir|tgl lahir|tgl kelahiran|tanggal kelahiran|tgllahir|lahir tanggal|dob|lahir tgl|tgl lhr|date of birth|birth date|birthdate",
    ),
    (
        Field::BirthPlaceDate,
        "ttl|tempat tanggal lahir|tempat tgl lahir|tempat dan tanggal lahir|tempat tgl lhr|tpt tgl lahir|tempat dan tgl lahir|tmp tgl lahir|kelahiran",
    ),
    (Field::Age, "umur|usia|umur thn|usia tahun|umur tahun|age"),
    (Field::Religion, "agama|agama kepercayaan"),
    (
        Field::Education,
        "pendidikan|pendidikan terakhir|last education|highest education|pend|pendidikan akhir|pend terakhir|tingkat pendidikan|ijazah terakhir|education",
    ),
    (
        Field::Occupation,
        "pekerjaan|pekerjaan sebelumnya|profesi|pek|mata pencaharian|occupation|job",
    ),
    (
        Field::MaritalStatus,
        "status perkawinan|status kawin|status nikah|kawin",
    ),
    (
        Field::Nationality,
        "kewarganegaraan|wn|warga negara|kebangsaan|wni wna|nationality|citizenship",
    ),
    (Field::FatherName, "nama ayah|ayah|nama bapak"),
    (Field::MotherName, "nama ibu|ibu|nama ibu kandung"),
    (
        Field::ParentName,
        "nama orang tua|orang tua|nama orang tua wali|bin binti|nama ortu|wali",
    ),
    (
        Field::Phone,
        "no hp|no telp|telepon|hp|no telepon|nomor hp|kontak|phone|no handphone|nomor telepon|telp|telp hp|wa|no wa|phone number|mobile",
    ),
    (
        Field::Address,
        "alamat|alamat lengkap|alamat tinggal|alamat rumah|tempat tinggal|alamat domisili|domisili|alamat ktp|alamat sesuai ktp|alamat asal|alamat tempat tinggal|address|rt rw|dusun|rt rw dusun|rt rw lingkungan",
    ),
    (
        Field::Village,
        "kelurahan|desa|negeri|kel|kelurahan negeri|kelurahan desa|desa kelurahan|negeri kelurahan|kel negeri|kelurahan negeri desa|desa negeri kelurahan|negeri desa kelurahan|kel desa|kel desa negeri|village",
    ),
    (
        Field::District,
        "kecamatan|kec|kecamatan domisili|district|sub district",
    ),
    (Field::Regency, "kabupaten|kota|kabupaten kota|kab kota|kab"),
    (
        Field::RegisterNo,
        "no registrasi|no reg|no register|nomor register|nomor registrasi|noreg|reg|register|no reg instansi|nomor reg|registrasi|no regs|no register wbp",
    ),
    (
        Field::RegisterClass,
        "golongan|gol register|golongan register|gol|jenis register|golongan reg|status register|klasifikasi register",
    ),
    (
        Field::MasterNo,
        "no induk|nomor induk|no induk wbp|nomor induk wbp",
    ),
    (
        Field::Offence,
        "perkara|jenis kejahatan|tindak pidana|kasus|jenis perkara|jenis tindak pidana|kejahatan|pidana|jenis pidana|delik|perkara tindak pidana|tindak pidana pasal|kasus pasal|perkara pasal|pasal perkara|offence|offense|type of offence|charge",
    ),
    (
        Field::Article,
        "pasal|uu|pasal uu|uu pasal|pasal yang dilanggar|pasal dakwaan|dakwaan|pasal dilanggar|uu pasal yang dilanggar|pasal dan uu|melanggar pasal|pasal yang didakwakan|pasal yang disangkakan|pasal sangkaan",
    ),
    (
        Field::OffenceDate,
        "tanggal kejadian|tgl kejadian|tempus delicti|tempus|waktu kejadian|tgl tindak pidana|tgl perkara",
    ),
    (
        Field::DetainingAgency,
        "instansi penahan|penahan|pihak penahan|yang menahan|instansi",
    ),
    (
        Field::DetainedDate,
        "tgl ditahan|tanggal ditahan|mulai ditahan|tanggal penahanan|tgl penahanan|ditahan",
    ),
    (
        Field::AdmissionDate,
        "tgl masuk|tanggal masuk|masuk|tgl masuk upt|tgl masuk lapas|tgl masuk rutan|tanggal masuk upt|tgl diterima|tanggal diterima|tanggal masuk lapas|tgl msk|tgl masuk lapas rutan|tanggal penerimaan|masuk tanggal|tanggal masuk rutan",
    ),
    (
        Field::VerdictDate,
        "tgl putusan|tanggal putusan|putusan|tanggal vonis|tgl vonis|putusan tanggal",
    ),
    (
        Field::VerdictNo,
        "no putusan|nomor putusan|nomor putusan pengadilan|no putusan pn",
    ),
    (
        Field::SentenceLength,
        "lama pidana|pidana penjara|hukuman|masa pidana|lama hukuman|vonis|putusan pidana|pidana dijatuhkan|lama pidana th bl hr|masa hukuman|hukuman pidana|lama putusan",
    ),
    (
        Field::SentenceYears,
        "lama pidana th|lama pidana thn|lama pidana tahun|pidana tahun|th|thn|hukuman th|hukuman tahun",
    ),
    (
        Field::SentenceMonths,
        "lama pidana bl|lama pidana bln|lama pidana bulan|pidana bulan|bl|hukuman bl|hukuman bulan",
    ),
    (
        Field::SentenceDays,
        "lama pidana hr|lama pidana hari|pidana hari|hr|hukuman hr|hukuman hari",
    ),
    (Field::Fine, "denda|denda rp|jumlah denda"),
    (
        Field::Subsidiary,
        "subsider|subs|subsidair|ss|denda subsider",
    ),
    (Field::Restitution, "up|uang pengganti|restitusi"),
    (
        Field::ExpiryDate,
        "tgl ekspirasi|ekspirasi|tanggal ekspirasi|ekspirasi akhir|tgl ekspirasi akhir|tanggal bebas akhir|bebas akhir|tgl expirasi|expirasi|tanggal habis pidana|perkiraan bebas|tgl bebas akhir|rencana bebas|tgl berakhir penahanan|tanggal berakhir penahanan|berakhir penahanan|habis masa penahanan|masa penahanan s d|akhir penahanan|tgl akhir penahanan",
    ),
    (
        Field::FirstExpiryDate,
        "ekspirasi awal|tgl ekspirasi awal|tanggal ekspirasi awal",
    ),
    (
        Field::OneThirdDate,
        "1 3 mp|1 3|sepertiga|tgl 1 3|1 3 masa pidana",
    ),
    (
        Field::HalfDate,
        "1 2 mp|1 2|setengah|tgl 1 2|1 2 masa pidana",
    ),
    (
        Field::TwoThirdsDate,
        "2 3 mp|2 3|dua pertiga|tgl 2 3|2 3 masa pidana|tgl 2 3 mp|tanggal 2 3",
    ),
    (
        Field::Remission,
        "remisi|jumlah remisi|total remisi|remisi hari",
    ),
    (Field::Block, "blok|kamar|blok kamar|blok kmr|hunian"),
    (
        Field::Upt,
        "upt|lapas|rutan|nama upt|unit|satker|lapas rutan|lapas rutan lpka|tempat penahanan|upt pemasyarakatan|unit pelaksana teknis|lokasi upt|upt pelaksana|lokasi penahanan|tempat ditahan|prison|detention facility|place of detention",
    ),
    (
        Field::FromUpt,
        "upt asal|lapas asal|asal upt|asal lapas|pindahan dari|asal|dari upt|asal lapas rutan|lapas rutan asal|asal wbp|upt pengirim|pengirim|asal rujukan|dirujuk oleh",
    ),
    (
        Field::ToUpt,
        "upt tujuan|lapas tujuan|pindah ke|tujuan|dipindahkan ke",
    ),
    (
        Field::RecidivistFlag,
        "residivis|residivis ya tidak|residivis ke|pengulangan|ket residivis|status residivis",
    ),
    (
        Field::ExitDate,
        "tgl bebas|tanggal bebas|tgl keluar|tanggal keluar|keluar|bebas|keluar tanggal|tanggal pengeluaran|tgl bebas keluar|tgl keluar bebas|tgl pengeluaran|tanggal bebas keluar",
    ),
    (
        Field::ExitKind,
        "jenis keluar|jenis bebas|cara keluar|jenis pembebasan|alasan keluar|jenis pengeluaran|keluar jenis|sebab keluar|bebas karena|alasan pengeluaran|jenis pembebasan keluar|status keluar|keluar karena",
    ),
    (
        Field::DecreeNo,
        "no sk|nomor sk|sk|sk nomor|no surat keputusan|nomor surat keputusan",
    ),
    (
        Field::DecreeDate,
        "tgl sk|tanggal sk|sk tanggal|tanggal surat keputusan",
    ),
    (
        Field::IntegrationKind,
        "jenis integrasi|integrasi|program integrasi",
    ),
    (
        Field::ClientNo,
        "no reg klien|no klien|nomor register klien|no register klien|nomor klien|reg klien|no reg bapas|no registrasi klien|nomor registrasi klien",
    ),
    (
        Field::SupervisionKind,
        "jenis bimbingan|jenis klien|status klien|jenis pembimbingan|bimbingan|program bimbingan|kategori klien|jenis program",
    ),
    (Field::Bapas, "bapas|balai pemasyarakatan|bapas pembimbing"),
    (Field::Guarantor, "penjamin|nama penjamin"),
    (
        Field::Officer,
        "pk|nama pk|pembimbing kemasyarakatan|pk apk|petugas|pembimbing|pk pembimbing|petugas pk|nama petugas|nama pembimbing|penyuluh|instruktur|pendamping|pembina|tutor|pengajar|konselor|fasilitator|instructor|trainer|counsellor",
    ),
    (
        Field::ReportsDue,
        "wajib lapor|wajib lapor wajib|jadwal lapor|wajib|lapor wajib|jumlah wajib lapor|wajib lapor harus|apel wajib|wajib apel",
    ),
    (
        Field::ReportsMet,
        "hadir lapor|lapor hadir|hadir|wajib lapor hadir|realisasi lapor|melapor|jumlah hadir|apel hadir|hadir apel|kehadiran lapor",
    ),
    (
        Field::EndKind,
        "status akhir|jenis pengakhiran|alasan berakhir|status bimbingan|cara berakhir|sebab berakhir|hasil bimbingan|pengakhiran|alasan pengakhiran",
    ),
    (
        Field::RevocationGround,
        "alasan pencabutan|alasan cabut|dasar pencabutan|pencabutan|jenis pencabutan",
    ),
    (
        Field::StartDate,
        "tgl mulai|tanggal mulai|mulai|tmt|mulai bimbingan|tanggal mulai bimbingan|tgl mulai bimbingan|tgl mulai pelatihan|pelaksanaan mulai|tanggal pelaksanaan|tgl pelaksanaan|mulai tanggal|tanggal kegiatan|masa bimbingan mulai|tgl layanan|tanggal layanan|waktu mulai|mulai kegiatan|tanggal mulai kegiatan|start date|start|date from|tanggal pemeriksaan|tanggal skrining|tanggal tindakan|tgl pelayanan|tanggal pelayanan|date|tanggal|tgl",
    ),
    (
        Field::EndDate,
        "tgl selesai|tanggal selesai|selesai|tgl berakhir|tanggal berakhir|berakhir|pelaksanaan selesai|sampai|tanggal akhir|akhir|tgl akhir|tanggal pengakhiran|tgl pengakhiran|selesai tanggal|end date|end|date to|date until|finish date|completion date",
    ),
    (
        Field::PlannedEndDate,
        "masa percobaan s d|masa percobaan|masa percobaan sampai|rencana selesai|tgl rencana selesai|berakhir masa percobaan|s d|sampai dengan|habis masa bimbingan|masa bimbingan s d|masa bimbingan sampai|akhir masa percobaan|tanggal akhir bimbingan|rencana akhir|target selesai|habis masa percobaan",
    ),
    (
        Field::LitmasKind,
        "jenis litmas|litmas|jenis penelitian|keperluan litmas|keperluan",
    ),
    (
        Field::RequestedDate,
        "tgl permintaan|tanggal permintaan|tgl permintaan litmas|diminta|tanggal surat permintaan|tgl surat permintaan|permintaan tanggal|tanggal diminta",
    ),
    (
        Field::CompletedDate,
        "tgl selesai litmas|tanggal selesai litmas|tgl penyelesaian|tanggal penyelesaian|tgl dikirim|dikirim|tanggal dikirim|tgl litmas selesai",
    ),
    (
        Field::Opd,
        "opd|dinas|instansi pelaksana|penyelenggara|perangkat daerah|pelaksana|opd pelaksana",
    ),
    (
        Field::ServiceKind,
        "jenis layanan|layanan|jenis kegiatan|jenis bantuan|jenis pelayanan|jenis dokumen|dokumen|bantuan|bentuk layanan|jenis fasilitasi|fasilitasi|kode layanan|jenis pembinaan|jenis program pembinaan|service|service type|type of service|paket|jenis paket|jenis skrining|jenis pemeriksaan|jenis surat|surat yang diterbitkan|assistance",
    ),
    (
        Field::ServiceName,
        "nama program|program|nama kegiatan|kegiatan|pelatihan|nama pelatihan|jenis pelatihan|jenis keterampilan|keterampilan|kejuruan|program pelatihan|judul pelatihan|nama program kegiatan|training|course|programme|training name|program name|vocational program|training program|skill|materi|materi pembinaan|materi kegiatan|materi pelatihan",
    ),
    (
        Field::Batch,
        "angkatan|gelombang|batch|kelas|kelompok|tahap",
    ),
    (
        Field::ReferralDate,
        "tgl rujukan|tanggal rujukan|rujukan|tgl dirujuk|dirujuk|tanggal usulan|tgl usulan|tanggal surat rujukan|tgl pengajuan|tanggal pengajuan",
    ),
    (
        Field::EnrolDate,
        "tgl daftar|tanggal daftar|tgl pendaftaran|tanggal pendaftaran|terdaftar|pendaftaran|tgl registrasi",
    ),
    (
        Field::SessionsPlanned,
        "jumlah sesi|sesi rencana|jml pertemuan|jumlah pertemuan|sesi|pertemuan|sesi dijadwalkan|sesi direncanakan|pertemuan rencana|jadwal sesi|tatap muka|jumlah tatap muka|sessions",
    ),
    (
        Field::SessionsAttended,
        "sesi hadir|jml hadir|kehadiran|pertemuan hadir|hadir sesi|sesi diikuti|jumlah kehadiran",
    ),
    (
        Field::HoursPlanned,
        "jam rencana|jumlah jam|jp|jam pelajaran|total jp|jam pelatihan|jam direncanakan|total hours|training hours",
    ),
    (Field::HoursAttended, "jam hadir|jp hadir|jam diikuti"),
    (
        Field::ServiceState,
        "status|status peserta|hasil|status layanan|status kegiatan|keterangan status|realisasi|hasil pelatihan|status pelaksanaan|kelulusan|result|hasil pemeriksaan|hasil akhir|case status|final status",
    ),
    (
        Field::CertificateNo,
        "no sertifikat|nomor sertifikat|sertifikat|no bast|bast|nomor bast|no sertifikat bast|no ijazah|nomor ijazah|ijazah|certificate number|certificate no",
    ),
    (
        Field::IssuedDate,
        "tgl terbit|tanggal terbit|tgl cetak|tanggal cetak|terbit|tanggal pencetakan|tgl diterbitkan|dicetak|tanggal realisasi|tanggal pencairan|tanggal penyaluran|tanggal penyerahan|tanggal serah terima|tanggal surat|issue date",
    ),
    (
        Field::DocumentNo,
        "no dokumen|nomor dokumen|nib|no nib|nomor nib|nomor kartu",
    ),
    (
        Field::Setting,
        "tempat pelaksanaan|tempat|lokasi|dalam luar|dalam luar upt|lokasi kegiatan|tempat kegiatan",
    ),
    (
        Field::OutcomeKind,
        "hasil|kondisi|status pekerjaan|hasil pemantauan|status kerja|keadaan|kondisi pekerjaan|hasil monitoring",
    ),
    (
        Field::OutcomeDate,
        "tgl pemantauan|tanggal pemantauan|tgl hasil|tanggal hasil|tanggal monitoring|tgl monitoring|tanggal kunjungan|tgl kunjungan",
    ),
    (
        Field::Evidence,
        "bukti|bukti dukung|evidence|dokumen pendukung",
    ),
    (
        Field::HoursOrdered,
        "jam putusan|lama kerja sosial|jam wajib|jumlah jam putusan|jam kerja sosial|jam pidana|jam diputus",
    ),
    (
        Field::HoursServed,
        "jam terpenuhi|jam dijalani|realisasi jam|jam terlaksana|jam dilaksanakan",
    ),
    (
        Field::PlacementSite,
        "lokasi penempatan|tempat kerja|tempat kerja sosial|penempatan|lokasi kerja sosial",
    ),
    (
        Field::DeathDate,
        "tgl meninggal|tanggal meninggal|meninggal|tgl kematian|tanggal kematian|tanggal wafat",
    ),
];

/// One spelling for words that offices abbreviate at will.
fn canonical(normal: &str) -> String {
    let words = normal.split(' ').map(|w| match w {
        "tgl" | "tggl" => "tanggal",
        "jml" | "jmlh" => "jumlah",
        "nomor" | "nomer" | "nmr" => "no",
        "jns" => "jenis",
        "klmn" => "kelamin",
        w => w,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Every entry with its fields, in alphabetical order.
fn index() -> &'static BTreeMap<String, Vec<Field>> {
    static INDEX: OnceLock<BTreeMap<String, Vec<Field>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut map: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        for (field, words) in WORDS {
            for w in words.split('|') {
                let fields = map.entry(canonical(w)).or_default();
                if !fields.contains(field) {
                    fields.push(*field);
                }
            }
        }
        map
    })
}

/// An entry made ready for comparison: every text of a sheet without a header is held against all of them.
struct Entry {
    text: &'static str,
    words: Vec<&'static str>,
    letters: Letters,
    fields: &'static [Field],
}

/// Every header text, and every word for those a list is about.
pub fn headers() -> impl Iterator<Item = &'static str> {
    let texts = index().keys().map(AsRef::<str>::as_ref);
    texts.chain(PEOPLE.iter().copied())
}

fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        index()
            .iter()
            .map(|(text, fields)| Entry {
                text,
                words: text.split(' ').collect(),
                letters: Letters::of(text),
                fields,
            })
            .collect()
    })
}

/// How often each letter, digit and blank occurs in a text (all other characters as one), and how many there are.
struct Letters {
    counts: [u16; 38],
    all: u16,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let mut out = Letters {
            counts: [0; 38],
            all: 0,
        };
        for c in text.chars() {
            let k = match c {
                'a'..='z' => c as usize - 'a' as usize,
                '0'..='9' => 26 + c as usize - '0' as usize,
                ' ' => 36,
                _ => 37,
            };
            out.counts[k] = out.counts[k].saturating_add(1);
            out.all = out.all.saturating_add(1);
        }
        out
    }

    /// Whether more than a fifth of the longer text must be edited to make the other of it. Every letter one has more
    /// often costs an edit, so the edit distance is never less: nothing within a fifth is passed over.
    fn are_far_from(&self, other: &Letters) -> bool {
        let (mut more, mut fewer) = (0u32, 0u32);
        for (a, b) in self.counts.iter().zip(&other.counts) {
            more += u32::from(a.saturating_sub(*b));
            fewer += u32::from(b.saturating_sub(*a));
        }
        more.max(fewer) * 5 > u32::from(self.all.max(other.all))
    }
}

/// Normal form of a header: lower case, letters and digits in words, single spaces.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || c == '#' {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// Fields a header can mean, best first, with a confidence of 0–1. Empty when nothing is near.
pub fn look_up(header: &str) -> Vec<(Field, f32)> {
    let whole = look_up_words(header);
    if whole.first().is_some_and(|(_, c)| *c >= 0.9) || !header.contains('(') {
        return whole;
    }
    // A legend in brackets explains the values, not the column: `Status perkawinan (B/S/P)`.
    let mut bare = String::new();
    let mut depth = 0u32;
    for c in header.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    let bare = look_up_words(&bare);
    let sure = |v: &[(Field, f32)]| v.first().map_or(0.0, |(_, c)| *c);
    if sure(&bare) > sure(&whole) {
        bare
    } else {
        whole
    }
}

/// Words for those a list is about.
const PEOPLE: &[&str] = &[
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
    "pekerja",
    "penduduk",
    "pemilih",
    "ybs",
    "client",
    "participant",
    "beneficiary",
    "member",
    "patient",
    "trainee",
    "student",
];

/// Other words beside the noun that do not change what a column is.
const BESIDE: &[&str] = &["tk", "pn", "pt", "ma", "the", "of", "yang", "bersangkutan"];

fn look_up_words(header: &str) -> Vec<(Field, f32)> {
    let n = canonical(&normal(header));
    if n.is_empty() {
        return vec![];
    }
    if let Some(fields) = index().get(n.as_str()) {
        let sure = if fields.len() > 1 { 0.9 } else { 1.0 };
        return fields.iter().map(|&f| (f, sure)).collect();
    }
    // The same words in another order: a header of two rows reads `Pengeluaran / Jenis`.
    if let Some(fields) = sorted_index().get(&sorted(&n)) {
        return fields.iter().map(|&f| (f, 0.9)).collect();
    }
    // `Tgl lahir pasien`, `No KTP debitur`, `Putusan PN tanggal`: whose it is and which court says nothing.
    let bare: Vec<&str> = n
        .split(' ')
        .filter(|w| !PEOPLE.contains(w) && !BESIDE.contains(w))
        .collect();
    if !bare.is_empty() && bare.len() < n.split(' ').count() {
        let bare = bare.join(" ");
        let known = index()
            .get(bare.as_str())
            .or_else(|| sorted_index().get(&sorted(&bare)));
        let fields: Vec<(Field, f32)> = known
            .into_iter()
            .flatten()
            .filter(|f| !matches!(f, Field::RowNo | Field::Remarks))
            .map(|&f| (f, 0.85))
            .collect();
        if !fields.is_empty() {
            return fields;
        }
    }
    // Typing errors and a word too many: nearest entry by edit distance.
    let mut best: Vec<(Field, f32)> = Vec::new();
    let letters = Letters::of(&n);
    for e in entries().iter().filter(|e| e.text.len() >= 4) {
        if e.letters.are_far_from(&letters) {
            continue;
        }
        let s = strsim::normalized_damerau_levenshtein(e.text, &n) as f32;
        if s >= 0.82 {
            for &f in e.fields {
                match best.iter_mut().find(|(g, _)| *g == f) {
                    Some(b) => b.1 = b.1.max(s * 0.9),
                    None => best.push((f, s * 0.9)),
                }
            }
        }
    }
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    // `Nama peserta bimtek`: the name of somebody, whatever the course is called.
    let somebody = || n.split(' ').any(|w| PEOPLE.contains(&w));
    if best.is_empty() && n.starts_with("nama ") && somebody() {
        best.push((Field::Name, 0.8));
    }
    if best.is_empty() {
        best = within(&n);
    }
    best
}

/// A header that says more than an entry does: `Tanggal mulai pelayanan di loket`. Half of the header's words must be an
/// entry's; one that holds the first word counts most, for the noun stands first, then the longest.
fn within(n: &str) -> Vec<(Field, f32)> {
    // Words that say what sort of thing stands in the column, not which.
    const BARE: &[&str] = &[
        "nama", "no", "tanggal", "jenis", "jumlah", "status", "hasil", "tempat", "asal", "sampai",
        "mulai", "selesai", "akhir", "masuk", "keluar", "bebas", "tujuan", "instansi", "pidana",
        "gol", "golongan", "date", "name", "th", "bl", "hr", "kelas", "tahap",
    ];
    let words: Vec<&str> = n
        .split(' ')
        .filter(|w| !matches!(*w, "dan" | "di" | "yang"))
        .collect();
    let first = words.first().copied().unwrap_or_default();
    let mut best: Vec<(Field, f32)> = Vec::new();
    let mut weight = 0;
    for Entry {
        text,
        words: entry,
        fields,
        ..
    } in entries()
    {
        let leads = entry.contains(&first);
        let long = entry.len() >= 2 || (leads && !BARE.contains(&entry[0]) && text.len() > 2);
        let share = if leads { 2 } else { 3 };
        let held = long
            && entry.len() * (share + 2) >= words.len() * share
            && entry.iter().all(|e| words.contains(e));
        let own = entry.len() + if leads { 10 } else { 0 };
        if !held || own < weight {
            continue;
        }
        if own > weight {
            weight = own;
            best.clear();
        }
        let sure = 0.5 + 0.3 * entry.len() as f32 / words.len() as f32;
        for &f in *fields {
            if !best.iter().any(|(g, _)| *g == f) {
                best.push((f, sure));
            }
        }
    }
    // `Jumlah pertemuan dihadiri` is what was attended, not what was planned.
    if words
        .iter()
        .any(|w| matches!(*w, "hadir" | "dihadiri" | "diikuti"))
    {
        for (f, _) in &mut best {
            match f {
                Field::SessionsPlanned => *f = Field::SessionsAttended,
                Field::HoursPlanned => *f = Field::HoursAttended,
                _ => {}
            }
        }
    }
    best
}

/// Words of a header in alphabetical order, each once.
fn sorted(n: &str) -> String {
    let mut words: Vec<&str> = n.split(' ').collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

fn sorted_index() -> &'static HashMap<String, Vec<Field>> {
    static INDEX: OnceLock<HashMap<String, Vec<Field>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut map: HashMap<String, Vec<Field>> = HashMap::new();
        for (w, fields) in index().iter().filter(|(w, _)| w.contains(' ')) {
            let at = map.entry(sorted(w)).or_default();
            for f in fields {
                if !at.contains(f) {
                    at.push(*f);
                }
            }
        }
        map
    })
}

/// Fields nearest to a header that was not recognised, for an analyst to choose from.
pub fn nearest(header: &str, most: usize) -> Vec<Field> {
    let n = normal(header);
    let mut all: Vec<(f64, Field)> = WORDS
        .iter()
        .map(|(f, words)| {
            (
                words
                    .split('|')
                    .map(|w| strsim::jaro_winkler(w, &n))
                    .fold(0.0, f64::max),
                *f,
            )
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all.into_iter().take(most).map(|(_, f)| f).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// What is passed over without being measured would not have been near enough.
        #[test]
        fn far_letters_are_far_texts(n in "[a-d éx0]{0,14}", k in 0usize..4000) {
            let e = &entries()[k % entries().len()];
            let near = strsim::normalized_damerau_levenshtein(e.text, &n) >= 0.8;
            proptest::prop_assert!(!(near && e.letters.are_far_from(&Letters::of(&n))));
            // And an entry with one letter changed is always measured, when it is long enough to count.
            if e.text.len() >= 5 {
                let typo = format!("{}{}", &e.text[1..], "q");
                let near = strsim::normalized_damerau_levenshtein(e.text, &typo) >= 0.8;
                proptest::prop_assert!(!(near && e.letters.are_far_from(&Letters::of(&typo))));
            }
        }
    }

    #[test]
    fn headers_are_found_through_punctuation_case_and_typing_errors() {
        let first = |h: &str| look_up(h).first().map(|(f, _)| *f);
        assert_eq!(first("No. Reg."), Some(Field::RegisterNo));
        assert_eq!(first("TEMPAT / TGL. LAHIR"), Some(Field::BirthPlaceDate));
        assert_eq!(first("Nama Lengkpa"), Some(Field::Name));
        assert_eq!(first("2/3 MP"), Some(Field::TwoThirdsDate));
        assert_eq!(first("L/P"), Some(Field::Sex));
        assert_eq!(first("Tgl. Kegiatan"), Some(Field::StartDate));
        assert_eq!(first("NAMA PESERTA BIMTEK"), Some(Field::Name));
        assert_eq!(first("Warna kesukaan"), None);
    }
}
