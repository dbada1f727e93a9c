//! Programmes and services (layanan), their families and the states a participation goes through (docs/definitions.md 4).

crate::coded_enum! {
    /// `jenis_layanan` codes of docs/definitions.md 4.
    pub enum ServiceKind {
        /// Pelatihan industri kecil dan menengah.
        PltIkm = "PLT-IKM",
        /// Bantuan alat.
        Alat = "ALAT",
        /// Pemasaran / pameran.
        Pasar = "PASAR",
        /// Pendampingan UMKM.
        Umkm = "UMKM",
        /// Nomor Induk Berusaha.
        Nib = "NIB",
        /// Koperasi.
        Kop = "KOP",
        /// Modal / KUR.
        Modal = "MODAL",
        /// Pelatihan berbasis kompetensi (BLK).
        PltKer = "PLT-KER",
        /// Kartu pencari kerja (AK-1).
        Ak1 = "AK1",
        /// Penempatan kerja / magang.
        Kerja = "KERJA",
        /// Bantuan sosial (DTSEN, PKH, sembako).
        Bansos = "BANSOS",
        /// Rehabilitasi sosial.
        Rehsos = "REHSOS",
        /// Reunifikasi keluarga, tempat tinggal.
        Klg = "KLG",
        /// Perekaman KTP-el.
        KtpRek = "KTP-REK",
        /// Cetak (ulang) KTP-el.
        KtpCtk = "KTP-CTK",
        /// Kartu Identitas Anak.
        Kia = "KIA",
        /// Kartu Keluarga.
        Kk = "KK",
        /// Akta pencatatan sipil.
        Akta = "AKTA",
        /// Paket A.
        PktA = "PKT-A",
        /// Paket B.
        PktB = "PKT-B",
        /// Paket C.
        PktC = "PKT-C",
        /// JKN-KIS.
        Jkn = "JKN",
        /// Skrining kesehatan.
        Skr = "SKR",
        /// Rehabilitasi narkotika.
        Rehab = "REHAB",
        /// Penempatan pidana kerja sosial.
        PksSos = "PKS-SOS",
        /// Pembinaan kepribadian (kerohanian, pramuka).
        Kprb = "KPRB",
        /// Pembinaan kemandirian di UPT (bengkel, mebel, jahit …).
        Kmd = "KMD",
        /// Anything else.
        Other = "LAIN",
    }
}

crate::coded_enum! {
    /// Service families: K1 counts only the qualifying ones (docs/definitions.md 4).
    pub enum ServiceFamily {
        /// Identity documents.
        Identity = "identity",
        /// Health insurance and screening.
        Health = "health",
        /// Skills (kemandirian, pelatihan).
        Skills = "skills",
        /// Education.
        Education = "education",
        /// Business and work.
        Work = "work",
        /// Social and family help.
        Social = "social",
        /// Rehabilitation.
        Rehabilitation = "rehabilitation",
        /// Pembinaan kepribadian: all attend, does not qualify by default.
        Personality = "personality",
        /// Community service as a sentence: not a help.
        Sentence = "sentence",
        /// Anything else.
        Other = "other",
    }
}

impl ServiceKind {
    /// The family the kind belongs to.
    pub const fn family(self) -> ServiceFamily {
        use ServiceKind::*;
        match self {
            KtpRek | KtpCtk | Kia | Kk | Akta => ServiceFamily::Identity,
            Jkn | Skr => ServiceFamily::Health,
            PltIkm | PltKer | Kmd => ServiceFamily::Skills,
            PktA | PktB | PktC => ServiceFamily::Education,
            Alat | Pasar | Umkm | Nib | Kop | Modal | Ak1 | Kerja => ServiceFamily::Work,
            Bansos | Rehsos | Klg => ServiceFamily::Social,
            Rehab => ServiceFamily::Rehabilitation,
            Kprb => ServiceFamily::Personality,
            PksSos => ServiceFamily::Sentence,
            Other => ServiceFamily::Other,
        }
    }
    /// Whether the civil registry issues it.
    pub const fn is_civil_registry(self) -> bool {
        use ServiceKind::*;
        matches!(self, KtpRek | KtpCtk | Kia | Kk | Akta)
    }
    /// Documents count also when issued on the very day of release (docs/definitions.md 4).
    pub const fn is_document(self) -> bool {
        use ServiceKind::*;
        matches!(self, KtpRek | KtpCtk | Kia | Kk | Akta | Jkn | Ak1 | Nib)
    }
}

impl ServiceFamily {
    /// Qualifies for K1: `jkn` is the only health service that does.
    pub const fn qualifies(self) -> bool {
        use ServiceFamily::*;
        matches!(
            self,
            Identity | Health | Skills | Education | Work | Social | Rehabilitation
        )
    }
}

crate::coded_enum! {
    /// States of a participation, in order; a later one implies the earlier (docs/definitions.md 4).
    pub enum ServiceState {
        /// Dirujuk.
        Referred = "referred",
        /// Terdaftar.
        Enrolled = "enrolled",
        /// Mulai.
        Started = "started",
        /// Selesai.
        Completed = "completed",
        /// Putus.
        DroppedOut = "dropped_out",
        /// Keluar karena pindah/bebas: neither success nor dropout.
        Moved = "moved",
        /// Dibatalkan.
        Cancelled = "cancelled",
    }
}

crate::coded_enum! {
    /// Outcomes (hasil).
    pub enum OutcomeKind {
        /// Bekerja.
        Employed = "employed",
        /// Usaha sendiri.
        Business = "business",
        /// Dokumen diperoleh.
        Document = "document",
        /// Sekolah.
        School = "school",
        /// JKN aktif.
        Insurance = "insurance",
        /// Tempat tinggal.
        Housing = "housing",
        /// Contacted, not working.
        NotEmployed = "not_employed",
    }
}
