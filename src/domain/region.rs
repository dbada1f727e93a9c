//! Regions of Maluku and the kecamatan, kelurahan and negeri of Kota Ambon (docs/definitions.md 1).
//!
//! NIK uses the Kemendagri codes; the BPS numbers differ and are listed only so that files using them can be read.

use serde::{Deserialize, Serialize};

/// Kabupaten/kota: Kemendagri code, BPS code, name.
pub const REGENCIES: &[(&str, &str, &str)] = &[
    ("8101", "8103", "Maluku Tengah"),
    ("8102", "8102", "Maluku Tenggara"),
    ("8103", "8101", "Kepulauan Tanimbar"),
    ("8104", "8104", "Buru"),
    ("8105", "8107", "Seram Bagian Timur"),
    ("8106", "8106", "Seram Bagian Barat"),
    ("8107", "8105", "Kepulauan Aru"),
    ("8108", "8108", "Maluku Barat Daya"),
    ("8109", "8109", "Buru Selatan"),
    ("8171", "8171", "Kota Ambon"),
    ("8172", "8172", "Kota Tual"),
];

/// The Kemendagri code of Kota Ambon.
pub const AMBON: &str = "8171";

/// Kecamatan of Kota Ambon: Kemendagri code, stable id, name.
pub const DISTRICTS: &[(&str, &str, &str)] = &[
    ("817101", "nusaniwe", "Nusaniwe"),
    ("817102", "sirimau", "Sirimau"),
    ("817103", "baguala", "Baguala"),
    ("817104", "teluk-ambon", "Teluk Ambon"),
    ("817105", "leitimur-selatan", "Leitimur Selatan"),
];

/// Kelurahan (code …1xxx) and negeri/desa (…2xxx) of Kota Ambon: ten-digit code, name.
pub const VILLAGES: &[(&str, &str)] = &[
    ("8171011006", "Nusaniwe"),
    ("8171011007", "Wainitu"),
    ("8171011008", "Benteng"),
    ("8171011009", "Kudamati"),
    ("8171011010", "Mangga Dua"),
    ("8171011011", "Urimessing"),
    ("8171011012", "Waihaong"),
    ("8171011013", "Silale"),
    ("8171012001", "Latuhalat"),
    ("8171012002", "Seilale"),
    ("8171012003", "Nusaniwe"),
    ("8171012004", "Amahusu"),
    ("8171012005", "Urimessing"),
    ("8171021010", "Pandan Kasturi"),
    ("8171021011", "Rijali"),
    ("8171021012", "Amantelu"),
    ("8171021013", "Karang Panjang"),
    ("8171021014", "Waihoka"),
    ("8171021015", "Batu Meja"),
    ("8171021016", "Batu Gajah"),
    ("8171021017", "Uritetu"),
    ("8171021018", "Honipopu"),
    ("8171021019", "Ahusen"),
    ("8171022001", "Hative Kecil"),
    ("8171022002", "Galala"),
    ("8171022003", "Batu Merah"),
    ("8171022009", "Soya"),
    ("8171031018", "Lateri"),
    ("8171032001", "Passo"),
    ("8171032002", "Halong"),
    ("8171032003", "Latta"),
    ("8171032004", "Negeri Lama"),
    ("8171032005", "Nania"),
    ("8171032006", "Waiheru"),
    ("8171041008", "Tihu"),
    ("8171042001", "Hunuth"),
    ("8171042002", "Poka"),
    ("8171042003", "Rumah Tiga"),
    ("8171042004", "Wayame"),
    ("8171042005", "Tawiri"),
    ("8171042006", "Hative Besar"),
    ("8171042007", "Laha"),
    ("8171052001", "Hukurila"),
    ("8171052002", "Ema"),
    ("8171052003", "Kilang"),
    ("8171052004", "Naku"),
    ("8171052005", "Hatalai"),
    ("8171052006", "Hutumury"),
    ("8171052007", "Rutong"),
    ("8171052008", "Leahari"),
];

/// Province codes of Kemendagri, present and past.
const PROVINCES: &[u8] = &[
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65,
    71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97,
];

/// Whether the two digits are a province of any historical list.
pub fn is_province(code: &str) -> bool {
    code.len() == 2 && code.parse().is_ok_and(|n| PROVINCES.contains(&n))
}

/// The index into [`VILLAGES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Village(pub u8);

/// The index into [`DISTRICTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct District(pub u8);

impl District {
    /// Stable id, e.g. `sirimau`.
    pub fn id(self) -> &'static str {
        DISTRICTS[self.0 as usize].1
    }
}

crate::coded_enum! {
    /// Domisili Kota Ambon; the unknown share is always printed.
    pub enum InAmbon {
        /// Lives in Kota Ambon by address.
        Yes = "yes",
        /// Lives elsewhere.
        No = "no",
        /// The address does not say.
        Unknown = "unknown",
    }
}

/// Kemendagri code of a kabupaten or kota, e.g. 8171; or not known.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Regency(Option<std::num::NonZeroU16>);

impl Regency {
    /// The regency of a code of four digits; anything else is not known.
    pub fn of(code: &str) -> Regency {
        Regency(code.parse().ok())
    }
    /// Whether the address says which.
    pub fn is_known(self) -> bool {
        self.0.is_some()
    }
}

/// Where a person lives, as far as the address says. Residence is not place of prison, NIK prefix or birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Residence {
    /// Kelurahan or negeri of Kota Ambon.
    pub village: Option<Village>,
    /// Kecamatan of Kota Ambon.
    pub district: Option<District>,
    /// Kabupaten or kota.
    pub regency: Regency,
}

impl Residence {
    /// In words, from small to large, as far as known: `Urimessing, Nusaniwe, Kota Ambon`.
    pub fn words(&self) -> String {
        let village = self.village.and_then(|v| VILLAGES.get(usize::from(v.0)));
        let district = self.district.and_then(|d| DISTRICTS.get(usize::from(d.0)));
        let regency = (REGENCIES.iter()).find(|(code, ..)| Regency::of(code) == self.regency);
        let parts = [
            village.map(|v| v.1),
            district.map(|d| d.2),
            regency.map(|r| r.2),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
    /// Domisili Kota Ambon.
    pub fn in_ambon(&self) -> InAmbon {
        if self.regency == Regency::of(AMBON) {
            InAmbon::Yes
        } else if self.regency.is_known() {
            InAmbon::No
        } else if self.district.is_some() || self.village.is_some() {
            InAmbon::Yes
        } else {
            InAmbon::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambon_has_five_districts_twenty_kelurahan_and_thirty_negeri() {
        assert_eq!(DISTRICTS.len(), 5);
        assert_eq!(VILLAGES.iter().filter(|(c, _)| &c[6..7] == "1").count(), 20);
        assert_eq!(VILLAGES.iter().filter(|(c, _)| &c[6..7] == "2").count(), 30);
    }

    #[test]
    fn bps_and_kemendagri_numbers_differ() {
        assert!(
            REGENCIES
                .iter()
                .any(|&(k, b, n)| k == "8101" && b == "8103" && n == "Maluku Tengah")
        );
    }
}
