//! The header texts of every field.

use crate::domain::Field;

/// Header texts in normal form (lower case, words and numbers separated by single spaces).
/// A text listed for two fields is ambiguous: the table's kind and its neighbours decide.
pub(super) const WORDS: &[(Field, &str)] = &[
    (
        Field::RowNo,
        "no|no urut|nomor|nomor urut|nomer|urut|nmr|nomor antri|no antrian",
    ),
    (
        Field::Remarks,
        "mutasi|tindak lanjut|uraian|dari ke|asal tujuan|asal dan tujuan|asal atau tujuan|kejadian|jenis kejadian|jenis peristiwa|uraian kejadian|uraian peristiwa|peristiwa|keterangan peristiwa|riwayat|riwayat bimbingan|perihal|penjelasan|rincian|catatan harian|catatan pk|catatan pembimbing|riwayat catatan|riwayat catatan pk|informasi|isi catatan|ket|keterangan|catatan|remarks|keterangan lain|notes|note|comments|keterangan tambahan|catatan petugas|catatan khusus|remark|catatan tambahan|keterangan kondisi|alasan|sebab|alasan lain|info lain|comment|hal lain|pesan|saran|kesan|lain lain",
    ),
    (Field::Month, "bulan|periode|bulan laporan|bulan data|bln"),
    (
        Field::Nik,
        "nik|no nik|nomor nik|no ktp|nomor ktp|no induk kependudukan|nomor induk kependudukan|nik ktp|nik sesuai ktp|nik wbp|nik klien|nik peserta|no identitas|nomor identitas|no ktp nik|nik no ktp|id number|id card no|id no|national id|national id number|id card number|nik e ktp|no ktp el|no e ktp|ktp el|no kependudukan|no pengenal|nik 16 digit|ktp|nik ktp el",
    ),
    (
        Field::FamilyCardNo,
        "no kk|nomor kk|nomor kartu keluarga|no kartu keluarga|kk|nkk|no kartu keluarga kk|no kk keluarga|no k k|no kartu kel",
    ),
    (
        Field::Name,
        "nama dan ybs|nama pencaker|nama pencari kerja ak1|client|client name|nama terlapor|nama orangnya|nama|nama lengkap|nama wbp|nama narapidana|nama napi|nama tahanan|nama klien|nama peserta|nama penghuni|nama warga binaan|nama penduduk|nama terpidana|nama wbp klien|nama pemohon|nama anak|nama penerima|nama penerima manfaat|nama almarhum|nama lengkap sesuai ktp|nama dan alias|nama alias|nama peserta pelatihan|nama wbp penghuni|identitas nama|nama penghuni wbp|nama siswa|nama warga belajar|full name|name|complete name|participant name|nama ybs|nama yang bersangkutan|inisial nama|nama inisial|inisial|nama orang|nama sesuai akta|nama sesuai kk|nama tenaga kerja|nama pencari kerja|nama pelaku usaha|nama pemilik usaha|nama warga|nama lengkap dan gelar|terpidana|nama terdakwa|terdakwa|narapidana|andikpas|nama andikpas|nama anak binaan|klien|nama jemaah|nama konseli|nama nasabah|nama petani|nama mustahik|nama dan marga|nama marga lengkap|nama panjang|terpidana kerja sosial|nama panjang klien|nama lengkap ktp|nama kepala keluarga wbp|nama pemilik|nama eks klien|nama eks wbp",
    ),
    (
        Field::Alias,
        "alias|alias 1|nama alias 1|nm alias 1|nm alias|nama alias lain|nama kecil|nama panggilan|panggilan|als|nama lain|nama samaran|julukan|nama sapaan|aka|nick name|nickname|nama baptis|nama baptis panggilan|nama sehari hari|dipanggil|biasa dipanggil|dipanggil siapa",
    ),
    (
        Field::Sex,
        "jenis kelamin|jk|l p|lp|kelamin|sex|gender|jns kelamin|jenis kel|jns kel|j k|l p jk|gender l p|sex m f|jenkel|j kel|jkel|laki laki perempuan|pria wanita|jenis kelamin l p|jender|kelamin l p|m f|laki laki atau perempuan|laki perempuan|laki2 perempuan|jenis kelamin l|jenis kelamin p",
    ),
    (
        Field::FamilyName,
        "fam|marga|nama fam|nama marga|fam marga|family name|surname|last name|nama belakang|marga fam",
    ),
    (
        Field::PersonStatus,
        "status wbp|status penghuni|status wbp mantan klien|status orang|kategori peserta|kategori penerima|status klien wbp|status binaan|kategori wbp|kelompok sasaran|keterangan klien|status subjek|kategori sasaran|wbp mantan wbp|jenis peserta|client category|client type|beneficiary type|category|status penerima|status penerima manfaat|status calon|status sasaran|asal peserta|jenis penerima|status mantan napi klien|status wbp tahanan klien|wbp tahanan|narapidana tahanan|dewasa anak|hubungan dengan wbp|status kini wbp klien",
    ),
    (
        Field::Court,
        "pengadilan|pn|pengadilan negeri|putusan pengadilan|pn yang memutus|pengadilan yang memutus|asal pengadilan|nama pengadilan|pn pemutus|pengadilan pemutus|court",
    ),
    (
        Field::AttendanceShare,
        "persentase kehadiran|persen kehadiran|persen hadir|tingkat kehadiran|prosentase kehadiran|kehadiran persen|persen|attendance persen",
    ),
    (
        Field::Amount,
        "nilai|nilai bantuan|jumlah dana|besar bantuan|nilai rp|jumlah bantuan|nominal|besaran|besaran bantuan|jumlah uang|nilai bantuan rp|plafon|jumlah rp|dana|rp|besar dana|nominal bantuan|jumlah modal|nilai paket|anggaran|plafond kredit|amount|besar pinjaman|premi|upah|grant amount|value|nilai barang|besaran rp|harga|total bantuan|upah hari|upah per hari|jumlah diterima|uang saku|plaf|support given rp|support rp|tahap rp|bantuan rp|modal usaha rp|modal usaha|nominal disetujui|disetujui|nilai disetujui|jumlah disetujui",
    ),
    (
        Field::BirthPlace,
        "tempat lahir|tpt lahir|tmp lahir|tempat kelahiran|tmpt lahir|lahir tempat|place of birth|birth place|kota lahir|kab kota lahir|asal kelahiran|kota kelahiran|daerah lahir|kelahiran tempat|lahir di",
    ),
    (
        Field::BirthDate,
        "tanggal lahir|tgl lahir|tgl kelahiran|tanggal kelahiran|tgllahir|lahir tanggal|dob|lahir tgl|tgl lhr|date of birth|birth date|birthdate|tanggal lhr|tl|born|birthday|th lahir|tahun lahir|kelahiran tanggal|lahir tanggal bulan tahun|tanggal bulan tahun lahir|lahir|tanggal lahirnya|tglhr",
    ),
    (
        Field::BirthPlaceDate,
        "ttl|tempat tanggal lahir|tempat tgl lahir|tempat dan tanggal lahir|tempat tgl lhr|tpt tgl lahir|tempat dan tgl lahir|tmp tgl lahir|kelahiran|tempat lahir tanggal lahir|tempat tgl bln thn lahir|kelahiran tempat tanggal|t t l|lahir|tempat lahir tgl|lahir tempat tanggal|lahir tempat dan tanggal|ttl umur|ttl usia",
    ),
    (
        Field::Age,
        "umur|usia|umur thn|usia tahun|umur tahun|age|usia saat ini|usia thn|umur saat ini|usia kini",
    ),
    (
        Field::Religion,
        "agama|agama kepercayaan|religion|kepercayaan",
    ),
    (
        Field::Education,
        "pendidikan|pendidikan terakhir|last education|highest education|pend|pendidikan akhir|pend terakhir|tingkat pendidikan|ijazah terakhir|education|jenjang pendidikan|pendidikan formal|tamatan|lulusan|sekolah terakhir|jenjang|pendidikan tertinggi|tingkat sekolah|ijazah|pendidikan saat masuk|jenjang sekolah",
    ),
    (
        Field::Occupation,
        "pekerjaan|pekerjaan sebelumnya|profesi|pek|mata pencaharian|occupation|job|pekerjaan terakhir|pekerjaan asal|pekerjaan sebelum masuk|pekerjaan sebelum ditahan|pekerjaan utama|work|jabatan|current job|pekerjaan saat masuk|posisi|keahlian kerja|kerja dulu|kerja dolo|keahlian sebelum|pengalaman kerja|bagian|jenis usaha|usaha|posisi akhir|jenis pekerjaan",
    ),
    (
        Field::MaritalStatus,
        "status perkawinan|status kawin|status nikah|kawin|status pernikahan|status marital|perkawinan|marital status|status kawin nikah|status keluarga|menikah|kawin belum|sudah kawin|status kwn|kwn",
    ),
    (
        Field::Nationality,
        "kewarganegaraan|wn|warga negara|kebangsaan|wni wna|nationality|citizenship|kwn|kewarganegaraan wni wna|status kewarganegaraan|stat wn",
    ),
    (
        Field::FatherName,
        "nama ayah|ayah|nama bapak|nama ayah kandung|ayah kandung|bin|father|father name|bin ayah|anak dari ayah|anak dari",
    ),
    (
        Field::MotherName,
        "nama ibu|ibu|nama ibu kandung|nama gadis ibu kandung|ibu kandung|mother|mother name|nama gadis ibu",
    ),
    (
        Field::ParentName,
        "nama orang tua|orang tua|nama orang tua wali|bin binti|nama ortu|wali|nama orangtua|orangtua wali|nama wali|orangtua|nama orangtua wali|binti|nama wali anak|orang tua wali|nama ayah atau wali|ayah wali|orang tua ayah",
    ),
    (
        Field::Phone,
        "no hp|no telp|telepon|hp|no telepon|nomor hp|kontak|phone|no handphone|nomor telepon|telp|telp hp|wa|no wa|phone number|mobile|no handphone wa|nomor wa|no whatsapp|whatsapp|no kontak|kontak hp|telepon keluarga|no hp keluarga|no hp wa|handphone|contact|kontak keluarga|no telepon yang bisa dihubungi|nomor yang dapat dihubungi|kontak person|no hp klien|telephone|cell|phone no|mobile phone|contact number|no telepon nasabah",
    ),
    (
        Field::Address,
        "alamat|alamat lengkap|alamat tinggal|alamat rumah|tempat tinggal|alamat domisili|domisili|alamat ktp|alamat sesuai ktp|alamat asal|alamat tempat tinggal|address|rt rw|dusun|rt rw dusun|rt rw lingkungan|alamat sekarang|alamat terakhir|tempat tinggal terakhir|alamat jalan|jalan|tempat domisili|alamat setelah bebas|alamat kembali|alamat tujuan|alamat pulang|lingkungan|rt|rw|jalan rt rw|alamat rt rw|dusun rt rw|alamat detail|nama jalan|alamat rumah tinggal|alamat keluarga|alamat sebelum masuk|alamat usaha|soa|blok rumah|home address|alamat kini|alamat orang tua|tinggal|tinggal di|alamat identitas|tinggal tempat|tinggal di mana|bebas tinggal tempat|sebelum masuk tinggal tempat",
    ),
    (
        Field::Village,
        "kelurahan|desa|negeri|kel|kelurahan negeri|kelurahan desa|desa kelurahan|negeri kelurahan|kel negeri|kelurahan negeri desa|desa negeri kelurahan|negeri desa kelurahan|kel desa|kel desa negeri|village|desa kel|kelurahan domisili|negeri asal|desa asal|kelurahan tempat tinggal|kel des|desa kelurahan negeri|dusun desa|negeri desa|keldes|dusun negeri|asal kampung|kampung|tinggal kini negeri|tinggal negeri kelurahan|tinggal negeri|alamat desa",
    ),
    (
        Field::District,
        "kecamatan|kec|kecamatan domisili|district|sub district|kecamatan asal|kecamatan tempat tinggal|distrik|kec domisili",
    ),
    (
        Field::Regency,
        "kabupaten|kota|kabupaten kota|kab kota|kab|kab kota asal|kota asal|daerah asal|kab kota domisili|kota kabupaten|asal daerah|kabupaten asal|asal kabupaten kota|kab kota tempat tinggal|city|regency|town|home city|asal kota|kota tinggal|dati2|dati ii|kabupaten kota alamat",
    ),
    (
        Field::RegisterNo,
        "no registrasi|no reg|no register|nomor register|nomor registrasi|noreg|reg|register|no reg instansi|nomor reg|registrasi|no regs|no register wbp|no register lapas|no reg wbp|nomor registrasi wbp|no reg tahanan|no reg narapidana|register lapas|reg wbp|no reg sdp|no reg rutan|nomor register tahanan|nomor register narapidana|register no|register number|inmate number|prisoner number|registration number",
    ),
    (
        Field::RegisterClass,
        "golongan|gol register|golongan register|gol|jenis register|golongan reg|status register|klasifikasi register|gol reg|kelompok register|status tahanan|status tahanan narapidana|status hukum|gol tahanan|golongan tahanan|kategori penghuni|status napi tahanan|golongan napi|gol penahanan|tingkat penahanan|status penahanan|b i ii a ii b",
    ),
    (
        Field::MasterNo,
        "no induk|nomor induk|no induk wbp|nomor induk wbp|no induk register|no induk napi",
    ),
    (
        Field::Offence,
        "perkara|jenis kejahatan|tindak pidana|kasus|jenis perkara|jenis tindak pidana|kejahatan|pidana|jenis pidana|delik|perkara tindak pidana|tindak pidana pasal|kasus pasal|perkara pasal|pasal perkara|offence|offense|type of offence|charge|jenis kasus|kasus pidana|perkara pidana|tp|pelanggaran|jenis pelanggaran|perkara kasus|dugaan tindak pidana|klasifikasi perkara|crime|jenis kejahatan pasal|kejahatan pasal|perkara uu|jenis delik|kasus yang dihadapi|perkara yang dihadapi|perbuatan pidana|kualifikasi tindak pidana|tindak pidana yang dilakukan|crime type|type of crime|conviction|kejahatan dan pasal|kejahatan pasal uu|kasus hukum|tersangkut perkara|tersangkut kasus|kena kasus",
    ),
    (
        Field::Article,
        "pasal|uu|pasal uu|uu pasal|pasal yang dilanggar|pasal dakwaan|dakwaan|pasal dilanggar|uu pasal yang dilanggar|pasal dan uu|melanggar pasal|pasal yang didakwakan|pasal yang disangkakan|pasal sangkaan|uu yang dilanggar|undang undang|pasal putusan|pasal terbukti|pasal kuhp|pasal yang terbukti|pasal yang dikenakan|pasal tuntutan|pasal uu yang dilanggar|ketentuan yang dilanggar|kena pasal",
    ),
    (
        Field::OffenceDate,
        "tanggal kejadian|tgl kejadian|tempus delicti|tempus|waktu kejadian|tgl tindak pidana|tgl perkara|tanggal kejadian perkara|tanggal peristiwa|tanggal delik|waktu tindak pidana|tanggal perbuatan|tkp tanggal|tanggal tkp",
    ),
    (
        Field::DetainingAgency,
        "instansi penahan|penahan|pihak penahan|yang menahan|instansi|instansi yang menahan|pihak yang menahan|instansi penyidik|penyidik|instansi asal tahanan|asal kejaksaan|instansi yang menitipkan|titipan dari|kejaksaan asal|pihak yang menitipkan|penahan instansi|asal penyidik|ditahan oleh|kejaksaan|kejari",
    ),
    (
        Field::DetainedDate,
        "tgl ditahan|tanggal ditahan|mulai ditahan|tanggal penahanan|tgl penahanan|ditahan|tanggal penangkapan|ditangkap|tgl tangkap|sejak ditahan|tanggal tahan|tmt penahanan|tanggal mulai penahanan|mulai tahan|mulai penahanan|penahanan mulai|penahanan sejak|ditahan sejak|awal penahanan|penahanan dari|tanggal pertama ditahan|tanggal penahanan pertama|tanggal sprint penahanan|tanggal surat perintah penahanan|tanggal sp han|tanggal sp penahanan|sp han tanggal",
    ),
    (
        Field::AdmissionDate,
        "datang tanggal|tanggal datang|kedatangan tanggal|tanggal kedatangan|datang|penerimaan tanggal|terima tanggal|sejak tanggal masuk|diterima|tgl masuk|tanggal masuk|masuk|tgl masuk upt|tgl masuk lapas|tgl masuk rutan|tanggal masuk upt|tgl diterima|tanggal diterima|tanggal masuk lapas|tgl msk|tgl masuk lapas rutan|tanggal penerimaan|masuk tanggal|tanggal masuk rutan|tanggal terima|tmt masuk|waktu masuk|date of admission|admission date|tanggal masuk lpka|tanggal masuk lpp|tanggal registrasi|mulai masuk|masuk lapas|tanggal penempatan|date admitted|entry date|tanggal masuk lapas rutan lpka|masuk lpka|masuk di|in since|tiba tanggal|pelaksanaan masuk|masuk lpp tanggal|diterima di rutan|diterima di lapas|terima di rutan|masuk lapas tanggal|pidana masuk|masuk pidana|mulai pidana masuk",
    ),
    (
        Field::VerdictDate,
        "tgl putusan|tanggal putusan|putusan|tanggal vonis|tgl vonis|putusan tanggal|tanggal inkracht|tgl inkrah|inkracht|inkrah|berkekuatan hukum tetap|tanggal bht|tanggal putus|verdict date|tanggal putusan pengadilan|putusan tgl|tanggal putusan hakim|diputus tanggal|pidana putusan tanggal|tanggal put",
    ),
    (
        Field::VerdictNo,
        "putusan|no putusan|nomor putusan|nomor putusan pengadilan|no putusan pn|no perkara|no putusan pengadilan|putusan nomor|putusan no|register perkara|no putusan perkara|nomor dan tanggal putusan|no petikan putusan|nomor penetapan",
    ),
    (
        Field::SentenceLength,
        "lama pidana|pidana penjara|hukuman|masa pidana|lama hukuman|vonis|putusan pidana|pidana dijatuhkan|lama pidana th bl hr|masa hukuman|hukuman pidana|lama putusan|lama pidana penjara|lama vonis|pidana pokok|lamanya pidana|putusan hakim|vonis hakim|hukuman penjara|lamanya hukuman|masa pidana penjara|amar putusan|putusan penjara|sentence|lama pid|pidana penjara th bl hr|lama hukuman th bl hr|putusan lama pidana|penjara|pidana|length of sentence|prison term|sentence length|pidana th bl hr|masa pidana kini|pidana kini|masa pid|pidana lama|menjalani pidana lama",
    ),
    (
        Field::SentenceYears,
        "lama pidana th|lama pidana thn|lama pidana tahun|pidana tahun|th|thn|hukuman th|hukuman tahun|penjara th|penjara thn|penjara tahun|vonis th|vonis tahun|pidana t",
    ),
    (
        Field::SentenceMonths,
        "lama pidana bl|lama pidana bln|lama pidana bulan|pidana bulan|bl|hukuman bl|hukuman bulan|penjara bl|penjara bln|penjara bulan|vonis bl|vonis bulan|pidana b",
    ),
    (
        Field::SentenceDays,
        "lama pidana hr|lama pidana hari|pidana hari|hr|hukuman hr|hukuman hari|penjara hr|penjara hari|vonis hr|vonis hari|pidana h",
    ),
    (
        Field::Fine,
        "denda|denda rp|jumlah denda|denda rupiah|besar denda|pidana denda|amar denda",
    ),
    (
        Field::Subsidiary,
        "subsider|subs|subsidair|ss|denda subsider|pidana pengganti denda|kurungan pengganti|subsider kurungan|subsider denda kurungan|pengganti denda|kurungan|amar subsider",
    ),
    (
        Field::Restitution,
        "up|uang pengganti|restitusi|uang pengganti rp|up rp|restitusi rp",
    ),
    (
        Field::ExpiryDate,
        "bebas nanti|nanti bebas|akan bebas|tgl akan bebas|tanggal akan bebas|bebas tgl nanti|kapan bebas|bebasnya nanti|habis|habis tanggal|tanggal habis|habis masa|tgl ekspirasi|ekspirasi|tanggal ekspirasi|ekspirasi akhir|tgl ekspirasi akhir|tanggal bebas akhir|bebas akhir|tgl expirasi|expirasi|tanggal habis pidana|perkiraan bebas|tgl bebas akhir|rencana bebas|tanggal exp|akhir pidana|tanggal akhir pidana|habis pidana|akhir masa pidana|masa pidana berakhir|tanggal habis masa pidana|estimasi bebas|prediksi bebas|tanggal perkiraan bebas|tanggal bebas murni|bebas akhir tanggal|expected release|expected release date|earliest release date|tanggal expirasi|expiry date|ekspirasi setelah remisi|release date pure|bebas murni tanggal|selesai masa pidana|masa pidana selesai tanggal|bebas perkiraan",
    ),
    (
        Field::DetentionEnd,
        "tgl berakhir penahanan|tanggal berakhir penahanan|berakhir penahanan|habis masa penahanan|masa penahanan s d|akhir penahanan|tgl akhir penahanan|penahanan berakhir|penahanan habis|habis penahanan|tanggal jatuh tempo penahanan|penahanan sampai|ekspirasi penahanan|tgl ekspirasi penahanan|habis tahanan|tahanan habis|tahanan berakhir|akhir tahanan|tanggal habis penahanan|tanggal habis tahanan|batas penahanan|batas akhir penahanan|jatuh tempo penahanan|masa penahanan sampai|perpanjangan penahanan|perpanjangan penahanan sampai|perpanjangan penahanan s d|perpanjangan sampai|habis masa tahanan|masa tahanan habis|masa tahanan berakhir|ditahan sampai|penahanan s d|detention until|remand until|sisa penahanan",
    ),
    (
        Field::FirstExpiryDate,
        "ekspirasi awal|tgl ekspirasi awal|tanggal ekspirasi awal|bebas awal|tanggal bebas awal|ekspirasi mula|ekspirasi sebelum remisi",
    ),
    (
        Field::OneThirdDate,
        "1 3 mp|1 3|sepertiga|tgl 1 3|1 3 masa pidana|sepertiga masa pidana|1 3 pidana|sepertiga pidana|tanggal sepertiga|satu per3|satu per 3",
    ),
    (
        Field::HalfDate,
        "1 2 mp|1 2|setengah|tgl 1 2|1 2 masa pidana|setengah masa pidana|1 2 pidana|setengah pidana|tanggal setengah|satu per2|satu per 2",
    ),
    (
        Field::TwoThirdsDate,
        "2 3 mp|2 3|dua pertiga|tgl 2 3|2 3 masa pidana|tgl 2 3 mp|tanggal 2 3|dua pertiga masa pidana|tanggal dua pertiga|2 3 pidana|dua pertiga pidana|tanggal 2 3 masa pidana|tgl 2 3 pidana|dua per3|dua per 3|2 3 masa pidananya",
    ),
    (
        Field::Remission,
        "remisi|jumlah remisi|total remisi|remisi hari|besaran remisi|perolehan remisi|remisi bulan hari|besar remisi|remisi diperoleh|lama remisi|remisi umum|remisi khusus|remisi yang pernah diterima|usul remisi|besar remisi bulan|usul besar|remisi rk|remisi ru",
    ),
    (
        Field::Block,
        "blok|kamar|blok kamar|blok kmr|hunian|kamar hunian|no kamar|sel|wisma|blok hunian|paviliun|kamar sel|blok sel|penempatan kamar|blok dan kamar|kmr",
    ),
    (
        Field::Upt,
        "upt|lapas|rutan|nama upt|unit|satker|lapas rutan|lapas rutan lpka|tempat penahanan|upt pemasyarakatan|unit pelaksana teknis|lokasi upt|upt pelaksana|lokasi penahanan|tempat ditahan|prison|detention facility|place of detention|asal upt pemasyarakatan|tempat pembinaan|lokasi lapas|nama lapas|nama rutan|satuan kerja|upt pas|tempat menjalani pidana|upt lapas rutan|lokasi perekaman lapas rutan|lapas tempat menjalani pidana|asal lapas atau rutan|lokasi lapas rutan|lapas rutan bapas|keberadaan wbp|served at|menjalani pidana di lapas rutan|bebas dari lapas rutan|dari upt tempat|upt tempat|berada di upt|berada upt tempat",
    ),
    (
        Field::FromUpt,
        "datang dari|kedatangan dari|asal datang|diterima dari|dikirim oleh|req by|requested by|request by|utusan|asal berkas|asal pemohon|penerimaan dari|masuk dari|terima dari|upt asal|lapas asal|asal upt|asal lapas|pindahan dari|asal|dari upt|asal lapas rutan|lapas rutan asal|asal wbp|upt pengirim|pengirim|asal rujukan|dirujuk oleh|pindahan|lapas pengirim|rutan asal|upt terakhir|lapas terakhir|asal penempatan|asal permintaan|permintaan dari|pemohon litmas|instansi peminta|peminta|upt pemohon|asal surat permintaan|upt peminta|dari lapas rutan|bebas dari|mutasi dari|pindah dari|dari|dari upt asal|from prison",
    ),
    (
        Field::ToUpt,
        "upt tujuan|lapas tujuan|pindah ke|tujuan|dipindahkan ke|tujuan pindah|upt penerima|tujuan mutasi|pindah ke upt|lapas penerima|mutasi ke|ke|to prison|tempat tujuan",
    ),
    (
        Field::RecidivistFlag,
        "residivis|residivis ya tidak|residivis ke|pengulangan|ket residivis|status residivis|pernah dihukum|riwayat pidana|riwayat hukuman|residivis atau bukan|hukuman ke|pernah residivis|riwayat residivis|pidana ke|residivis y t|dihukum ke|masuk lapas ke|kali masuk|sudah berapa kali dipidana|re arrested|rearrested|pertama kali atau sudah pernah|pernah dipidana sebelumnya|pernah masuk sebelumnya|recidive|recidivist",
    ),
    (
        Field::ExitDate,
        "sudah keluar|telah keluar|sudah bebas|telah bebas|tgl sudah keluar|realisasi bebas|tanggal realisasi bebas|tanggal pelaksanaan bebas|pelaksanaan bebas|tanggal kepulangan|tanggal pelepasan|tanggal keluar bebas|tgl bebas|tanggal bebas|tanggal lari|tanggal melarikan diri|tanggal kabur|tanggal pelarian|tgl keluar|tanggal keluar|keluar|bebas|keluar tanggal|tanggal pengeluaran|tgl bebas keluar|tgl keluar bebas|tgl pengeluaran|tanggal bebas keluar|tgl lepas|tanggal lepas|tgl pembebasan|tanggal pembebasan|release date|date of release|tanggal bebas lapas|waktu bebas|tanggal mutasi keluar|mutasi keluar tanggal|tgl bebas pb cb cmb|bebas tanggal|keluar lapas|date released|released on|tanggal pulang|pulang tanggal|pulang|out since|keluar dari lapas tanggal|keluar lapas tanggal|keluar tanggal lapas|tanggal keluar dari lapas|out|berangkat|tanggal berangkat",
    ),
    (
        Field::ExitKind,
        "jenis keluar|jenis bebas|cara keluar|jenis pembebasan|alasan keluar|jenis pengeluaran|keluar jenis|sebab keluar|bebas karena|alasan pengeluaran|jenis pembebasan keluar|status keluar|keluar karena|jenis pelepasan|keterangan keluar|keterangan bebas|alasan bebas|jenis bebas keluar|cara bebas|status bebas|bentuk pembebasan|sebab bebas|kategori bebas|program bebas|jenis mutasi|dasar bebas|jenis pembebasan wbp|bebas secara|release type|dasar pembebasan|keluar sebab|type of release|mode of release|jenis lepas|ket keluar|status bebas pb cb cmb murni|pulang sebab|bebas sebab|keluar dari lapas sebab|came out on|keluar dengan cara|keluar cara",
    ),
    (
        Field::DecreeNo,
        "no sk|nomor sk|sk|sk nomor|no surat keputusan|nomor surat keputusan|no sk pb|nomor sk integrasi|sk integrasi|no sk pb cb cmb|no sk integrasi|sk no|nomor keputusan|no keputusan|no surat keputusan pb|sk pb nomor|no sk kakanwil|no sk kanwil|no sk kalapas|nomor surat perintah|izin kakanwil no|izin no|nomor izin|penetapan nomor",
    ),
    (
        Field::DecreeDate,
        "tgl sk|tanggal sk|sk tanggal|tanggal surat keputusan|tgl sk pb|tanggal sk integrasi|sk integrasi tanggal|tanggal keputusan|tanggal sk pb cb cmb|izin kakanwil tanggal|izin tanggal|tanggal izin|penetapan tanggal",
    ),
    (
        Field::IntegrationKind,
        "jenis integrasi|integrasi|program integrasi|jenis reintegrasi|reintegrasi|jenis usulan|usulan integrasi|hak integrasi|program reintegrasi|jenis hak integrasi|jenis integrasi pb cb cmb",
    ),
    (
        Field::ClientNo,
        "no reg klien|no klien|nomor register klien|no register klien|nomor klien|reg klien|no reg bapas|no registrasi klien|nomor registrasi klien|nrk|no induk klien|no register pembimbingan|nomor register bapas|no registrasi bapas|no buku",
    ),
    (
        Field::SupervisionKind,
        "jenis bimbingan|jenis klien|status klien|jenis pembimbingan|bimbingan|program bimbingan|kategori klien|jenis program|kategori bimbingan|jenis pengawasan|jenis program pb cb cmb|status klien pb cb cmb|program pembimbingan|jenis pembimbingan klien|jenis bimbingan pengawasan|program pb cb cmb|jenis bimb",
    ),
    (
        Field::Bapas,
        "bapas|balai pemasyarakatan|bapas pembimbing|kantor bapas|bapas tujuan|bapas penerima|bapas pengampu|bapas pengawas|serah ke bapas|diserahkan ke bapas",
    ),
    (
        Field::Guarantor,
        "penjamin|nama penjamin|penjamin keluarga|nama keluarga penjamin|pihak penjamin|nama penjamin klien|penjamin kel|siapa yang menjamin|bersedia menjamin|nama menjamin|sponsor nama|sponsor|nama bersedia menjamin|yang menjamin",
    ),
    (
        Field::Officer,
        "pk|nama pk|pembimbing kemasyarakatan|pk apk|petugas|pembimbing|pk pembimbing|petugas pk|nama petugas|nama pembimbing|penyuluh|instruktur|pendamping|pembina|tutor|pengajar|konselor|fasilitator|instructor|trainer|counsellor|pk penanggung jawab|petugas pelaksana|petugas layanan|nama tutor|nama instruktur|narasumber|nama konselor|pengawas|nama pengawas|pembimbing rohani|nama pendamping|pekerja sosial|peksos|petugas pendamping|operator|nama operator|mentor|pelatih|ustadz|pendeta|pendeta pelayan|rohaniwan|guru|pk yang mengerjakan|pk pelaksana|pk pengawas|jaksa pengawas|jaksa pk pengawas|jaksa|amil pendamping|penanggung jawab|pic|petugas lapangan|nama fasilitator|penyuluh agama|asesor|terapis|dokter|tenaga pendamping|pendamping sosial|petugas input|petugas entri|petugas perekaman|pk apk pembimbing|pengampu|pembina rohani|verifikator|petugas rehabilitasi|nakes|tenaga kesehatan|mandor|case worker|caseworker|social worker|pendamping plut|ketua rt|ketua rt pengawas|pengawas lapangan|penyelia|supervisor|koordinator|pj kegiatan|pj|bidan|perawat|psikolog|guru pembimbing|pamong|pamong belajar|kader|staff|facilitator|coach|case manager|officer in charge|penanggungjawab|petugas klinik|petugas medis|penerima berkas|petugas registrasi|pengelola|pk bapas|nama pk bapas|fo|field officer|ppl|ustadz pembimbing|ust pembimbing|konselor psikolog|pk yang ditunjuk|pk ditunjuk|pendeta pendamping|majelis pendamping|pendeta majelis pendamping|relawan",
    ),
    (
        Field::ReportsDue,
        "wl|wajib lapor wl|jml wl|jumlah wl|wajib lapor|wajib lapor wajib|jadwal lapor|wajib|lapor wajib|jumlah wajib lapor|wajib lapor harus|apel wajib|wajib apel|frekuensi lapor|kali wajib lapor|target lapor|kewajiban lapor|wajib hadir|jumlah wajib apel|lapor rencana|jadwal wajib lapor|wajib x|wajib kali|lapor diri wajib",
    ),
    (
        Field::ReportsMet,
        "hadir lapor|lapor hadir|hadir|wajib lapor hadir|realisasi lapor|melapor|jumlah hadir|apel hadir|hadir apel|kehadiran lapor|realisasi wajib lapor|lapor bulan ini|jumlah lapor|lapor diri|lapor terlaksana|lapor realisasi|jumlah lapor diri|wajib lapor terpenuhi|datang x|datang kali",
    ),
    (
        Field::EndKind,
        "status akhir|jenis pengakhiran|alasan berakhir|status bimbingan|cara berakhir|sebab berakhir|hasil bimbingan|pengakhiran|alasan pengakhiran|status pembimbingan|sebab pengakhiran|status pengakhiran|hasil akhir bimbingan|keterangan pengakhiran|status bimbingan akhir|jenis akhir bimbingan|status selesai bimbingan",
    ),
    (
        Field::RevocationDate,
        "tgl pencabutan|tanggal pencabutan|tgl cabut|tanggal cabut|tgl dicabut|tanggal dicabut|dicabut tanggal|dicabut tgl|tgl sk pencabutan|tanggal sk pencabutan|tgl sk cabut|pencabutan tanggal|pencabutan tgl|tanggal pencabutan sk|tanggal pencabutan integrasi|tanggal pencabutan pb|dicabut pada|dicabut sejak|revocation date|date revoked|revoked on",
    ),
    (
        Field::DelegationDate,
        "tgl pelimpahan|tanggal pelimpahan|tgl limpah|tanggal limpah|tgl dilimpahkan|tanggal dilimpahkan|pelimpahan tanggal|dilimpahkan tanggal|tanggal pelimpahan bimbingan|tanggal limpah bapas|tanggal pindah bimbingan|tanggal alih bimbingan",
    ),
    (
        Field::RevocationGround,
        "syarat dilanggar|syarat yang dilanggar|pelanggaran syarat|jenis syarat dilanggar|alasan pencabutan|alasan cabut|dasar pencabutan|pencabutan|jenis pencabutan|sebab cabut|sebab pencabutan|keterangan pencabutan|dasar cabut",
    ),
    (
        Field::StartDate,
        "masuk prog|masuk program|hari tanggal|waktu kegiatan|tgl mulai|tanggal mulai|mulai|tmt|mulai bimbingan|tanggal mulai bimbingan|tgl mulai bimbingan|tgl mulai pelatihan|pelaksanaan mulai|tanggal pelaksanaan|tgl pelaksanaan|mulai tanggal|tanggal kegiatan|masa bimbingan mulai|tgl layanan|tanggal layanan|waktu mulai|mulai kegiatan|tanggal mulai kegiatan|start date|start|date from|tanggal pemeriksaan|tanggal skrining|tanggal tindakan|tgl pelayanan|tanggal pelayanan|date|tanggal|tgl|waktu pelaksanaan mulai|tanggal konseling|tanggal perekaman|tgl rekam|tanggal pembukaan|tanggal bergabung|mulai ikut|mulai pembinaan|tanggal masuk program|mulai rehabilitasi|mulai layanan|tanggal penerimaan bantuan|tanggal terima bantuan|waktu pelaksanaan|mulai pelaksanaan|tanggal awal|tanggal sesi|tanggal konsultasi|tanggal pendampingan|tanggal penempatan kerja|mulai kerja|mulai bekerja|tanggal mulai bekerja|tgl mulai bekerja|mulai belajar|masa mulai|mulai kontrak|tanggal kontrak|tanggal mulai kerja|layanan pertama|tanggal layanan pertama|tanggal berobat|tanggal kunjungan pertama|tanggal yankes|mulai ngaji|konseling mulai|in service since|pengawasan dari|eksekusi tanggal|tanggal eksekusi|aktif mulai|layanan mulai|tanggal turun kerja|dari pengawasan|mulai turun|masa bimbingan dari|program mulai|bimbingan dari|mulai pengawasan|pengawasan mulai|tanggal mulai pengawasan|pengawasan sejak|tmt pengawasan",
    ),
    (
        Field::EndDate,
        "tgl uji|tanggal uji|tgl ujian|tanggal ujian|tgl tes|tanggal tes|tgl ukom|tanggal ukom|tgl uji kompetensi|tanggal uji kompetensi|uji kompetensi tanggal|selesai prog|selesai program|tanggal selesai program|tanggal tutup|tutup|penutupan|keluar prog|done|finished|completed|finish|date done|date completed|date finished|tgl selesai|tanggal selesai|selesai|tgl berakhir|tanggal berakhir|berakhir|pelaksanaan selesai|sampai|tanggal akhir|akhir|tgl akhir|tanggal pengakhiran|tgl pengakhiran|selesai tanggal|end date|end|date to|date until|finish date|completion date|tgl penutupan|tanggal tamat|tanggal lulus|tanggal kelulusan|tanggal penutupan|tanggal berhenti|waktu pelaksanaan selesai|selesai pembinaan|akhir pelaksanaan|akhir kegiatan|berakhir tanggal|selesai layanan|selesai rehabilitasi|tanggal rampung|masa selesai|selesai kontrak|akhir kontrak|kontrak berakhir|tanggal selesai kontrak|selesai hadir|terminasi|last day|actual end|tanggal status akhir|selesai realisasi|layanan keluar|rehab keluar|keluar program|tanggal keluar program",
    ),
    (
        Field::StatusDate,
        "tanggal status|tgl status|tanggal perubahan status|tgl perubahan status|status tanggal|tanggal keterangan|tanggal status terakhir|status per tanggal|tanggal perubahan|status date|tanggal hasil akhir",
    ),
    (
        Field::Employer,
        "diserap oleh|perusahaan|nama perusahaan|ditempatkan di|penempatan di|pemberi kerja|nama pemberi kerja|tempat bekerja|bekerja di|bekerja pada|perusahaan penempatan|perusahaan penerima|diterima bekerja di|ditempatkan di perusahaan|perusahaan tempat bekerja|employer|company|workplace|nama tempat kerja",
    ),
    (
        Field::PlannedEndDate,
        "masa percobaan s d|masa percobaan|masa percobaan sampai|rencana selesai|tgl rencana selesai|berakhir masa percobaan|s d|sampai dengan|habis masa bimbingan|masa bimbingan s d|masa bimbingan sampai|akhir masa percobaan|tanggal akhir bimbingan|rencana akhir|target selesai|habis masa percobaan|masa bimbingan selesai|bimbingan sampai|masa bimbingan berakhir|tanggal akhir masa percobaan|masa percobaan berakhir|berakhirnya masa percobaan|akhir bimbingan|selesai bimbingan|rencana tanggal selesai|perkiraan selesai|plan to finish|rencana keluar|selesai rencana|bimbingan akhir|pengawasan sampai|kontrak sampai|masa pidana akhir tanggal|rencana rampung|masa pidana selesai percobaan|pengawasan s d|akhir pengawasan|pengawasan berakhir|habis masa pengawasan|masa pengawasan sampai|selesai pengawasan",
    ),
    (
        Field::LitmasKind,
        "untuk|jenis litmas|litmas|jenis penelitian|keperluan litmas|keperluan|jenis penelitian kemasyarakatan|peruntukan litmas|tujuan litmas|jenis permintaan litmas|untuk litmas|litmas untuk|litmas untuk apa",
    ),
    (
        Field::RequestedDate,
        "req date|request date|date requested|requested|requested on|date asked|asked|tanggal req|tanggal surat|surat tanggal|tgl permintaan|tanggal permintaan|tgl permintaan litmas|diminta|tanggal surat permintaan|tgl surat permintaan|permintaan tanggal|tanggal diminta|tanggal minta|tgl surat masuk|tanggal surat masuk|permintaan litmas tanggal|tanggal permohonan litmas|tanggal terima permintaan|permintaan surat tanggal masuk|surat permintaan tanggal masuk|surat itu tanggal|surat permintaan pendampingan tanggal masuk|tanggal terima surat",
    ),
    (
        Field::CompletedDate,
        "tgl kirim hasil|tanggal kirim hasil|kirim hasil|hasil dikirim|hasil dikirim tanggal|rampung|tgl rampung|tanggal rampung|litmas jadi|tgl jadi litmas|tgl selesai litmas|tanggal selesai litmas|tgl penyelesaian|tanggal penyelesaian|tgl dikirim|dikirim|tanggal dikirim|tgl litmas selesai|selesai litmas|litmas selesai|tanggal kirim|tanggal litmas dikirim|tanggal selesai dikerjakan|tanggal litmas|litmas diterima|tanggal litmas diterima|tanggal hasil litmas|hasil litmas tanggal|litmas selesai tanggal|litmas dikirim|litmas datang",
    ),
    (
        Field::Opd,
        "opd|dinas|instansi pelaksana|penyelenggara|perangkat daerah|pelaksana|opd pelaksana|instansi penyelenggara|dinas pelaksana|dinas instansi|unit pelaksana|lembaga pelaksana|lembaga penyelenggara|mitra pelaksana|penyelenggara kegiatan|organisasi|lembaga|implementing agency|agency|puskesmas|puskesmas pelayanan|faskes|fasilitas kesehatan|instansi perujuk|opd instansi perujuk|dituju ke|dinas tempat|dinas yang memberi|dirujuk ke|opd tujuan|dari dinas|siapa yang menyelenggarakan|menyelenggarakan pelatihan|nama menyelenggarakan|pelatihan penyelenggara",
    ),
    (
        Field::ServiceKind,
        "jenis layanan|layanan|jenis kegiatan|jenis bantuan|jenis pelayanan|jenis dokumen|dokumen|bantuan|bentuk layanan|jenis fasilitasi|fasilitasi|kode layanan|jenis pembinaan|jenis program pembinaan|service|service type|type of service|paket|jenis paket|jenis skrining|jenis pemeriksaan|jenis surat|surat yang diterbitkan|assistance|jenis fasilitas|jenis intervensi|intervensi|jenis bansos|jenis rehabilitasi|jenis terapi|terapi|tindakan|jenis tindakan|jenis konsultasi|jenis permohonan|jenis berkas|kategori layanan|layanan yang diberikan|bantuan yang diterima|jenis administrasi|produk layanan|jenis kartu|dokumen yang diurus|jenis akta|jenis pelayanan kesehatan|jenis perizinan|jenis izin|jenis rehab|tipe layanan|nama layanan|jenis pemberdayaan|jenis pendampingan|dokumen yang diterbitkan|dokumen diterbitkan|jenis dokumen yang diterbitkan|layanan rehabilitasi jenis|jenis layanan rehabilitasi|pembinaan rohani jenis|bantuan sosial|jenis pemeriksaan kesehatan|layanan kesehatan|bentuk pembinaan|bentuk dukungan|barang bantuan|wujud bantuan|nama bantuan|jenis barang|jenis konseling|jenis dukungan|dokumen dimohon|jenis dokumen kependudukan|jenjang kesetaraan|paket kesetaraan|kesetaraan|program kesetaraan|support type|type of support|intervention type|assistance type|activity type|support|kegiatan layanan kesehatan|jenis pengobatan|diagnosa|keluhan|barang|alat|jenis alat|alat yang diberikan|paket bantuan|kebutuhan|skim|jenis yankes|support given what|support what|diakonia jenis|bantuan yang dikasih|produk jenis|modalitas|layanan jenis|untuk apa|kelas pelatihan|kejar paket|keperluan surat",
    ),
    (
        Field::ServiceName,
        "keg yang diikuti|kegiatan yang diikuti|keg diikuti|kegiatan diikuti|pembinaan yang diikuti|jenis pekerjaan|jenis pekerjaan sosial|nama program|program|nama kegiatan|kegiatan|pelatihan|nama pelatihan|jenis pelatihan|jenis keterampilan|keterampilan|kejuruan|program pelatihan|judul pelatihan|nama program kegiatan|training|course|programme|training name|program name|vocational program|training program|skill|materi|materi pembinaan|materi kegiatan|materi pelatihan|nama kursus|kursus|bidang|bidang pelatihan|bidang keterampilan|jurusan|bidang keahlian|keahlian|jenis kursus|tema|topik|nama bimtek|bimtek|workshop|nama workshop|judul kegiatan|judul|mata pelajaran|paket pelatihan|unit produksi|bidang usaha|bengkel|program yang diikuti|pelatihan yang diikuti|program keterampilan|bidang kejuruan|jenis kejuruan|jenis program kegiatan|nama pembinaan|program studi|program kerja|unit kegiatan kerja|kegiatan kerja|unit kerja bengkel|pekerjaan sosial|skim|nama keg|support given details|support details|ikut paket|pelatihan yang paling berguna|padat karya kegiatan|activity|ikut kelas|kelas yang diikuti|pelatihan yang pernah diikuti|pelatihan pernah ikuti|pembinaan yang pernah diikuti",
    ),
    (
        Field::Batch,
        "kelas|angkatan|gelombang|batch|kelompok|tahap|angkatan ke|periode angkatan|rombel|rombongan belajar|sesi ke|grup|termin|gelombang ke|kub|nama kelompok",
    ),
    (
        Field::ReferralDate,
        "tgl mohon|tanggal mohon|mohon tanggal|tanggal ajuan|tanggal berkas masuk|tgl rujukan|tanggal rujukan|rujukan|tgl dirujuk|dirujuk|tanggal usulan|tgl usulan|tanggal surat rujukan|tgl pengajuan|tanggal pengajuan|tanggal rujuk|tgl usul|tgl diusulkan|tanggal permohonan|tgl ajuan|surat rujukan tanggal|tanggal rujukan bapas|tanggal pengantar|tanggal surat pengantar|rujukan tanggal|tanggal diusulkan|tanggal masuk berkas|referral date|referred on|date of referral|tanggal rujukan ke|dirujuk tanggal|diajukan|tanggal diajukan|diajukan tanggal|ajuan|berkas diajukan|diusulkan|tanggal ajukan|berkas masuk|tanggal permintaan layanan|permohonan tanggal|permohonan masuk",
    ),
    (
        Field::EnrolDate,
        "tgl daftar|tanggal daftar|tgl pendaftaran|tanggal pendaftaran|terdaftar|pendaftaran|tgl registrasi|tgl seleksi|tanggal terdaftar|tanggal masuk daftar|tanggal masuk kelas|daftar tanggal|tanggal pendaftaran peserta|enrolment date|enrollment date|registration date|intake|intake date|date enrolled",
    ),
    (
        Field::SessionsPlanned,
        "jumlah sesi|sesi rencana|jml pertemuan|jumlah pertemuan|sesi|pertemuan|sesi dijadwalkan|sesi direncanakan|pertemuan rencana|jadwal sesi|tatap muka|jumlah tatap muka|sessions|target pertemuan|rencana pertemuan|pertemuan terjadwal|jumlah kegiatan|jumlah pertemuan rencana|total pertemuan|frekuensi pertemuan|jumlah sesi rencana|jumlah ibadah|sessions planned|planned sessions|number of sessions|rencana kali|meetings held|kehadiran hari target|hari target|jumlah hari",
    ),
    (
        Field::SessionsAttended,
        "sesi hadir|jml hadir|kehadiran|pertemuan hadir|hadir sesi|sesi diikuti|jumlah kehadiran|pertemuan diikuti|pertemuan dihadiri|hadir kali|sesi terlaksana|pertemuan hadir jumlah|jumlah hadir|ikut|jumlah ikut|pembinaan rohani ikut|sesi selesai|realisasi pertemuan|presensi|absensi|jumlah kehadiran peserta|sessions attended|attended|attendance|jumlah datang|datang|pertemuan jadi|pertemuan terlaksana|terlaksana|terlaksana kali|yang diikuti|present|kehadiran hari hadir|hari hadir|pertemuan berapa kali datang|kali datang|berapa kali hadir",
    ),
    (
        Field::HoursPlanned,
        "jam|jam rencana|jumlah jam|jp|jam pelajaran|total jp|jam pelatihan|jam direncanakan|total hours|training hours|durasi jam|jam pembelajaran|jam latihan|jpl|durasi|lama pelatihan jam|jumlah jp|target jam|jp wajib|kehadiran jp wajib|kehadiran jp target",
    ),
    (
        Field::HoursAttended,
        "jam hadir|jp hadir|jam diikuti|realisasi jam|jam terlaksana|jp diikuti|jp ditempuh|capaian jam|jam kehadiran|jumlah jam hadir|kehadiran jp hadir",
    ),
    (
        Field::ServiceState,
        "status|status peserta|hasil|status layanan|status kegiatan|keterangan status|realisasi|hasil pelatihan|status pelaksanaan|kelulusan|result|hasil pemeriksaan|hasil akhir|case status|final status|progres|status permohonan|status berkas|status proses|keterangan hasil|lulus tidak|lulus tidak lulus|kompeten|hasil uji|hasil ujian|status kelulusan|status penyelesaian|status keikutsertaan|status realisasi|keterangan lulus|hasil evaluasi|aktif keluar lulus|status selesai do|status peserta didik|aktif|keaktifan|status keaktifan|keterangan lulus tidak|status akhir layanan|kompeten belum kompeten|status penerimaan|status program|perkembangan|kondisi layanan|lulus|current status|status now|status akhir pelatihan|kompeten belum|kompeten bk|kompeten tidak|keputusan|hasil uji kompetensi|status keberlanjutan|status peserta pelatihan|pass|status rehab|hasil seleksi|hasil wawancara|layanan status|kesimpulan akhir|jawaban opd isi|posisi selesai|selesai sampai selesai|hasil selesai|status peserta kini|k bk|uji kompetensi k bk|bk k",
    ),
    (
        Field::CertificateNo,
        "no sertifikat|nomor sertifikat|sertifikat|no bast|bast|nomor bast|no sertifikat bast|no ijazah|nomor ijazah|ijazah|certificate number|certificate no|no piagam|no surat keterangan|no sertifikat kompetensi|no sttpl|sttpl|no berita acara|berita acara|no ba|piagam|sertifikat no|certificate|nomor seri ijazah|no seri ijazah|no seri|nomor blanko|no sttb|no syahadah|syahadah no|sertifikat nomor|dapat sertifikat",
    ),
    (
        Field::IssuedDate,
        "tanggal ak 1|tanggal kartu ak 1|tanggal terbit ak 1|tanggal kartu|kartu tanggal|tanggal kartu kuning|tanggal kartu ak1|tanggal kartu jkn|aktif tanggal|tanggal aktif|tanggal aktivasi|aktivasi tanggal|kartu aktif tanggal|tanggal ktp jadi|tanggal kartu jadi|tgl terbit|tanggal terbit|tgl terbit ktp|tanggal terbit ktp|tgl terbit ktp el|tgl cetak ktp|tanggal cetak ktp|tgl cetak ktp el|tgl rekam ktp|tgl perekaman ktp|tanggal perekaman ktp|tgl terbit kk|tanggal terbit kk|tgl terbit kia|tgl terbit akta|tgl terbit jkn|tgl aktif jkn|tgl cetak kia|tgl cetak kk|tgl cetak|tanggal cetak|terbit|tanggal pencetakan|tgl diterbitkan|dicetak|tanggal realisasi|tanggal pencairan|tanggal penyaluran|tanggal penyerahan|tanggal serah terima|tanggal surat|issue date|tgl diambil|tanggal pengambilan|tgl jadi|tanggal distribusi|tgl salur|tgl penyaluran|tanggal sertifikat|tanggal pembuatan|tanggal terbit dokumen|dokumen terbit|tanggal pemberian|tgl diserahkan|tanggal diserahkan|tanggal penyerahan bantuan|tanggal diberikan|tanggal terbit sertifikat|tanggal bast|tanggal cair|tgl cair|realisasi tanggal|tgl penyerahan|tanggal terbit ijazah|tanggal ijazah|tanggal serah|tanggal serah terima barang|date issued|handover date|tgl diterima barang|date received|diserahkan|handed over|terima syahadah|tanggal terima sertifikat|sertifikat tanggal terima|tanggal ak1",
    ),
    (
        Field::DocumentNo,
        "no dokumen|nomor dokumen|nib|no nib|nomor nib|nomor kartu|no akta|no surat|no izin|no kartu|no kartu jkn|no bpjs|no jkn|no kis|no polis|no dokumen terbit|no registrasi dokumen|no kpj|no kepesertaan|no surat rujukan|no kartu kuning|no ak1|nomor dokumen diterbitkan|no kartu peserta|dok no|dokumen no|no bast|bast no|no ba serah terima|surat keterangan no|no surat keterangan kematian|penetapan no",
    ),
    (
        Field::Setting,
        "tempat pelaksanaan|tempat|lokasi|dalam luar|dalam luar upt|lokasi kegiatan|tempat kegiatan|dalam luar lapas|lokasi pelaksanaan|tempat layanan|lokasi layanan|tempat pelatihan|lokasi pelatihan|venue|tempat belajar|tempat pembinaan rohani|tempat pelaksanaan kegiatan|rawat inap jalan|ri rj|modalitas ri rj|rawat|layanan rehab rawat",
    ),
    (
        Field::OutcomeKind,
        "hasil|kondisi|status pekerjaan|hasil pemantauan|status kerja|keadaan|kondisi pekerjaan|hasil monitoring|status saat ini|kondisi saat ini|aktivitas|kegiatan sekarang|status pekerjaan sekarang|pekerjaan sekarang|pekerjaan saat ini|keadaan sekarang|kondisi usaha|kondisi usaha sekarang|kondisi kini|usaha kini|aktivitas saat ini|rekomendasi|hasil rekomendasi|rekomendasi litmas|hasil litmas|capaian|perkembangan usaha|usaha jalan tidak|usaha berjalan|usaha masih jalan|masih bekerja berhenti|bekerja berhenti|status usaha|masih usaha|masih bekerja|outcome|current situation|kondisi sekarang|follow up result|pemantauan hasil|pemantauan kondisi|kondisi pemantauan|keadaan pemantauan|kini bagaimana|kini kerja|kini kerja apa|kini usaha|kunjungan hasil|kedapatan|lanjut ke|melanjutkan ke|kegiatan sehari hari kini|hasil survei ulang|kini|pasca rehab kondisi|kini kerja usaha apa|setelah pelatihan kini kerja|setelah pelatihan kini usaha|follow up hasil",
    ),
    (
        Field::OutcomeDate,
        "mulai usaha|tanggal mulai usaha|usaha mulai|tanggal buka usaha|buka usaha|usaha berjalan sejak|mulai berusaha|tgl pemantauan|tanggal pemantauan|tgl hasil|tanggal hasil|tanggal monitoring|tgl monitoring|tanggal kunjungan|tgl kunjungan|tanggal survei|tgl pantau|tgl home visit|tanggal verifikasi lapangan|tanggal cek|pemantauan tanggal|tanggal kunjungan rumah|pemantauan|pemantauan date|follow up date|pasca rehab tanggal|kunjungan tanggal|dilihat tanggal|tanggal lihat lapangan|kunjungan majelis tanggal|perkunjungan tanggal|cap waktu",
    ),
    (
        Field::Evidence,
        "bukti|bukti dukung|evidence|dokumen pendukung|sumber informasi|dokumen bukti|bukti pendukung|dasar informasi|verified how|info dari|foto ada tidak|unggah bukti|bukti unggah|upload bukti|informasi dari|sumber info|dokumen pemantauan|info|proof|foto bukti|follow up proof|pemantauan bukti",
    ),
    (
        Field::HoursOrdered,
        "jam putusan|lama kerja sosial|jam wajib|jumlah jam putusan|jam kerja sosial|jam pidana|jam diputus|jumlah jam pidana|jam yang dijatuhkan|putusan jam|kewajiban jam|jam hukuman|jam kerja sosial putusan|lama pidana jam|lama kerja sosial jam|jam vonis|jam sesuai putusan|total jam wajib|wajib jam|hours ordered|total jam putusan|jumlah jam wajib|beban jam|jam kerja wajib|putusan jumlah jam",
    ),
    (
        Field::HoursServed,
        "jam sampai|jam sampai bulan ini|jumlah jam|total jam|jumlah jam kerja|jam terpenuhi|jam dijalani|realisasi jam|jam terlaksana|jam dilaksanakan|jam sudah dijalani|jam yang dijalani|jam selesai|jam realisasi|jam kerja terlaksana|jumlah jam dilaksanakan|jam sudah dilaksanakan|jumlah jam dijalani|jam telah dijalani|jam kerja|jam sudah|hours served|hours done|jam selesai dijalani|jam terpakai|jam kerja dijalani|sudah dijalani jam|jam kerja sudah|jam kerja hadir",
    ),
    (
        Field::HoursPerDay,
        "jam per hari|jam sehari|jam tiap hari|jam kerja per hari|jam kerja sehari|jumlah jam per hari|jam harian|jam hari|jam perhari|hours per day|hours a day",
    ),
    (
        Field::PlacementSite,
        "lokasi penempatan|tempat kerja|tempat kerja sosial|penempatan|lokasi kerja sosial|lokasi kerja|tempat pelaksanaan kerja sosial|unit penempatan|lokasi pelaksanaan kerja sosial|lokasi kerja sosial penempatan|instansi penempatan|tempat penempatan|lembaga penempatan|lokasi pidana kerja sosial|lokasi tugas",
    ),
    (
        Field::DeathDate,
        "tgl meninggal|tanggal meninggal|meninggal|tgl meninggal dunia|tanggal md|tgl md|tanggal kematian ybs|meninggal pada|wafat tanggal|meninggal dunia tanggal|tanggal peristiwa kematian|tgl kematian|tanggal kematian|tanggal wafat|tgl wafat|wafat|tanggal meninggal dunia|date of death|meninggal tanggal",
    ),
];
