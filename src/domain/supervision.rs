//! Supervision by a Bapas (bimbingan), its kinds and endings, and litmas (docs/definitions.md 1–1.4).

crate::coded_enum! {
    /// Jenis bimbingan.
    pub enum SupervisionKind {
        /// Pembebasan bersyarat.
        Pb = "PB",
        /// Cuti bersyarat.
        Cb = "CB",
        /// Cuti menjelang bebas.
        Cmb = "CMB",
        /// Asimilasi (di rumah).
        Assimilation = "asimilasi",
        /// Pidana bersyarat / pidana pengawasan.
        SupervisionSentence = "pidana_pengawasan",
        /// Pidana kerja sosial (KUHP 2023).
        CommunityService = "kerja_sosial",
        /// Diversi.
        Diversion = "diversi",
        /// Anak lainnya (pendampingan, AKOT …).
        ChildOther = "anak_lainnya",
        /// Anything else.
        Other = "lainnya",
    }
}

impl SupervisionKind {
    /// Only children are supervised so.
    pub const fn is_of_children(self) -> bool {
        matches!(
            self,
            SupervisionKind::Diversion | SupervisionKind::ChildOther
        )
    }
}

crate::coded_enum! {
    /// How supervision ended.
    pub enum SupervisionEnd {
        /// Selesai (SLS).
        Completed = "SLS",
        /// Dicabut umum: named suspect or convicted of a new offence.
        RevokedOffence = "CBT_UMUM",
        /// Dicabut khusus: technical violation.
        RevokedTechnical = "CBT_KHUSUS",
        /// Dicabut, ground unknown.
        Revoked = "CBT",
        /// Dilimpahkan ke Bapas lain (LMP): censored for local outcomes.
        Delegated = "LMP",
        /// Meninggal.
        Died = "MGL",
        /// Melarikan diri / tidak ditemukan.
        Absconded = "LRI",
        /// Anything else.
        Other = "OTHER",
    }
}

crate::coded_enum! {
    /// Jenis litmas.
    pub enum LitmasKind {
        /// Integrasi (PB/CB/CMB).
        Integration = "integrasi",
        /// Asimilasi.
        Assimilation = "asimilasi",
        /// Sidang anak / diversi.
        ChildTrial = "sidang_anak",
        /// Perawatan tahanan.
        Care = "perawatan",
        /// Pembinaan awal.
        EarlyTreatment = "pembinaan_awal",
        /// Anything else.
        Other = "lainnya",
    }
}
