//! How custody ends (docs/definitions.md 2), and which endings start the clock of a release cohort.

crate::coded_enum! {
    /// Exit codes, the closed list of docs/definitions.md 2.
    pub enum ExitCode {
        /// Bebas murni: the sentence is served.
        Bm = "BM",
        /// Remisi Umum II: released by the general remission.
        Ru2 = "RU2",
        /// Remisi Khusus II: released by a holiday remission.
        Rk2 = "RK2",
        /// Remisi Dasawarsa II: released by the remission of every tenth year, that of fines included.
        Rd2 = "RD2",
        /// Pengurangan Masa Pidana II: the same for Anak Binaan.
        Pmp2 = "PMP2",
        /// Pembebasan bersyarat.
        Pb = "PB",
        /// Cuti bersyarat.
        Cb = "CB",
        /// Cuti menjelang bebas.
        Cmb = "CMB",
        /// Asimilasi di rumah (2020–2023); a later PB/CB belongs to the same episode.
        Asr = "ASR",
        /// Asimilasi kerja luar/dalam: still custody.
        Asl = "ASL",
        /// Cuti mengunjungi keluarga: short leave, still custody.
        Cmk = "CMK",
        /// Amnesti.
        Amn = "AMN",
        /// Grasi.
        Grs = "GRS",
        /// Abolisi.
        Abl = "ABL",
        /// Bebas demi hukum: detention expired, not convicted.
        Bdh = "BDH",
        /// Putusan bebas/lepas, penangguhan, pengalihan penahanan.
        Pts = "PTS",
        /// Pemaafan hakim: judged and forgiven, never sentenced to custody.
        Maaf = "MAAF",
        /// Penyelesaian keadilan restoratif: the case ended without a sentence.
        Rj = "RJ",
        /// Putusan rehabilitasi.
        Rhb = "RHB",
        /// Pindah UPT: the same episode goes on elsewhere.
        Pdh = "PDH",
        /// Meninggal.
        Mgl = "MGL",
        /// Melarikan diri.
        Lri = "LRI",
        /// Deportasi.
        Dep = "DEP",
        /// Something was written that is none of the above.
        Other = "OTHER",
    }
}

impl ExitCode {
    /// Whether leaving this way is an index release to the community. `ASR` is one only by setting
    /// (`home_assimilation`), since a later PB/CB of the same episode must not count twice.
    pub const fn is_index_release(self, home_assimilation: bool) -> bool {
        use ExitCode::*;
        match self {
            Bm | Ru2 | Rk2 | Rd2 | Pmp2 | Pb | Cb | Cmb | Amn | Grs | Abl => true,
            Asr => home_assimilation,
            Asl | Cmk | Bdh | Pts | Maaf | Rj | Rhb | Pdh | Mgl | Lri | Dep | Other => false,
        }
    }
    /// Whether the person is still in custody in the eyes of the register (short leave, work outside).
    pub const fn is_still_custody(self) -> bool {
        matches!(self, ExitCode::Asl | ExitCode::Cmk)
    }
    /// Released under supervision by a Bapas.
    pub const fn is_conditional(self) -> bool {
        matches!(
            self,
            ExitCode::Pb | ExitCode::Cb | ExitCode::Cmb | ExitCode::Asr
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_second_remission_releases_and_a_transfer_never_does() {
        assert!(ExitCode::Ru2.is_index_release(false));
        assert!(!ExitCode::Pdh.is_index_release(true));
        assert!(!ExitCode::Bdh.is_index_release(false));
        assert!(!ExitCode::Asr.is_index_release(false));
        assert!(ExitCode::Rd2.is_index_release(false));
        assert!(!ExitCode::Maaf.is_index_release(true) && !ExitCode::Rj.is_index_release(true));
        assert_eq!(ExitCode::from_id("RU1"), None, "RU I only shortens");
    }
}
