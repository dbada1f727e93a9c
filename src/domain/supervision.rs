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
        /// Pidana kerja sosial: asked for before the court orders it.
        CommunityService = "kerja_sosial",
        /// Anything else.
        Other = "lainnya",
    }
}

crate::coded_enum! {
    /// What followed when somebody did not do the community service that was ordered (UU 1/2023 art. 85).
    pub enum Breach {
        /// Nothing is known to have followed yet.
        Open = "open",
        /// The service is done again, whole or in part.
        Repeated = "repeated",
        /// The prison sentence it stood for is served.
        Imprisoned = "imprisoned",
        /// The fine it stood for is paid.
        Paid = "paid",
    }
}

crate::coded_enum! {
    /// Where community service stands at a month's end.
    pub enum WorkState {
        /// Ordered, not begun.
        Ordered = "ordered",
        /// Under way within its six months.
        Running = "running",
        /// Six months are over, and hours are left.
        Overdue = "overdue",
        /// All hours are done.
        Completed = "completed",
        /// Not done as ordered.
        Breached = "breached",
    }
}

/// Months in which community service must be done.
pub const WORK_MONTHS: u32 = 6;
/// Hours that may be ordered: from and to.
pub const WORK_HOURS: (f32, f32) = (8.0, 240.0);
/// Most hours a day.
pub const WORK_DAY: f32 = 8.0;
