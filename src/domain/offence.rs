//! Offence groups (docs/definitions.md 8), classified by law *and* article, never by the number alone.

crate::coded_enum! {
    /// The report's offence groups.
    pub enum OffenceGroup {
        /// Perlindungan Anak (UU 23/2002 jo 35/2014 jo 17/2016).
        ChildProtection = "child_protection",
        /// Kesusilaan / kekerasan seksual (dewasa).
        Sexual = "sexual",
        /// Narkotika.
        Narcotics = "narcotics",
        /// Korupsi.
        Corruption = "corruption",
        /// Penganiayaan / pengeroyokan.
        Assault = "assault",
        /// Pembunuhan.
        Homicide = "homicide",
        /// Kekerasan dalam rumah tangga.
        DomesticViolence = "domestic_violence",
        /// Pencurian.
        Theft = "theft",
        /// Pencurian dengan kekerasan / pemerasan.
        Robbery = "robbery",
        /// Penggelapan / penipuan / penadahan.
        Fraud = "fraud",
        /// Lalu lintas.
        Traffic = "traffic",
        /// Senjata tajam / api.
        Weapons = "weapons",
        /// Perjudian.
        Gambling = "gambling",
        /// ITE, TPPU, terorisme, TPPO, perikanan, minerba, keimigrasian.
        SpecialLaws = "special_laws",
        /// Lain-lain: known, and none of the above.
        Other = "other",
        /// Tidak diketahui: never mixed with lain-lain.
        Unknown = "unknown",
    }
}
