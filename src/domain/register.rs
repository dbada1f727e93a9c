//! Prison register classes (docs/definitions.md 2). A register number is neither a person nor an episode.

crate::coded_enum! {
    /// The ledger a person stands in. A move A.I → A.III → B.I stays within one custody episode.
    pub enum RegisterClass {
        /// Tahanan penyidik (police).
        AI = "AI",
        /// Tahanan penuntut umum (prosecutor).
        AII = "AII",
        /// Tahanan hakim Pengadilan Negeri.
        AIII = "AIII",
        /// Tahanan hakim Pengadilan Tinggi.
        AIV = "AIV",
        /// Tahanan Mahkamah Agung.
        AV = "AV",
        /// Pidana lebih dari satu tahun.
        BI = "BI",
        /// Pidana lebih dari 3 s.d. 12 bulan.
        BIIA = "BIIA",
        /// Pidana 1 hari s.d. 3 bulan.
        BIIB = "BIIB",
        /// Kurungan, termasuk pengganti denda (subsider).
        BIII = "BIII",
        /// Sandera.
        C = "C",
        /// Seumur hidup: a status, not a letter register.
        Life = "SH",
        /// Pidana mati: a status, not a letter register.
        Death = "MATI",
        /// Anak Binaan in an LPKA.
        Child = "ANAK",
    }
}

impl RegisterClass {
    /// Remand (tahanan), not yet sentenced.
    pub const fn is_remand(self) -> bool {
        use RegisterClass::*;
        matches!(self, AI | AII | AIII | AIV | AV)
    }
    /// A sentence is being served (narapidana, anak binaan, kurungan).
    pub const fn is_sentenced(self) -> bool {
        use RegisterClass::*;
        matches!(self, BI | BIIA | BIIB | BIII | Life | Death | Child)
    }
    /// `remand`, `sentenced`, `child` or `other`: the status in the City's tables.
    pub const fn status_id(self) -> &'static str {
        match self {
            RegisterClass::Child => "child",
            c if c.is_remand() => "remand",
            c if c.is_sentenced() => "sentenced",
            _ => "other",
        }
    }
}
