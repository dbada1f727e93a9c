//! Words by which a thing has not happened, or not yet: proposed, planned, awaited, refused, supposed. Every list, state and
//! remark understands the same ones.

/// Proposed, asked or applied for.
pub const PROPOSED: &[&str] = &[
    "usul",
    "usulan",
    "diusulkan",
    "diusul",
    "usulkan",
    "mengusulkan",
    "pengusulan",
    "ajuan",
    "ajukan",
    "diajukan",
    "pengajuan",
    "mengajukan",
    "mohon",
    "memohon",
    "dimohon",
    "dimohonkan",
    "permohonan",
    "pemohon",
    "calon",
];

/// Planned or foreseen: a day beside them is one to come.
pub const PLANNED: &[&str] = &[
    "akan",
    "rencana",
    "rencananya",
    "direncanakan",
    "merencanakan",
    "dijadwalkan",
    "terjadwal",
    "estimasi",
    "perkiraan",
    "diperkirakan",
    "prediksi",
    "diprediksi",
    "bakal",
    "mau",
    "hendak",
    "segera",
];

/// Aimed at: beside what was reached it is only a measure of it.
pub const AIMED_AT: &[&str] = &["target", "ditargetkan", "jadwal"];

/// On its way, and not decided.
pub const AWAITED: &[&str] = &["proses", "diproses", "menunggu", "tunggu", "menanti"];

/// Decided against: asked for, and never to come about.
pub const REFUSED: &[&str] = &["ditolak", "penolakan"];

/// Supposed, wished, threatened or tried.
pub const SUPPOSED: &[&str] = &[
    "kalo",
    "klo",
    "kalau",
    "bila",
    "jika",
    "apabila",
    "sebelum",
    "hampir",
    "diduga",
    "dapat",
    "bisa",
    "terancam",
    "ancaman",
    "peringatan",
    "berpotensi",
    "disarankan",
    "saran",
    "rekomendasi",
    "percobaan",
    "mencoba",
];

/// All of them: before an event in a text, each says that it has not come about.
pub const NOT_YET: &[&str] = &joined::<{ count(ALL) }>(ALL);

/// Those by which a list, or a group of rows, is about what is to come.
pub const OF_LISTS: &[&str] = &joined::<{ count(LISTS) }>(LISTS);

const ALL: &[&[&str]] = &[PROPOSED, PLANNED, AIMED_AT, AWAITED, REFUSED, SUPPOSED];
const LISTS: &[&[&str]] = &[PROPOSED, PLANNED, AIMED_AT, AWAITED];

pub(super) const fn count(groups: &[&[&str]]) -> usize {
    let (mut sum, mut g) = (0, 0);
    while g < groups.len() {
        sum += groups[g].len();
        g += 1;
    }
    sum
}

/// Whether a wording says that something is proposed, planned, awaited or refused.
pub fn is_pending(wording: &str) -> bool {
    [PROPOSED, PLANNED, AIMED_AT, AWAITED, REFUSED]
        .iter()
        .any(|words| super::text::says(wording, words))
}

/// Groups of words as one.
pub(super) const fn joined<const N: usize>(groups: &[&[&'static str]]) -> [&'static str; N] {
    let mut out = [""; N];
    let (mut at, mut g) = (0, 0);
    while g < groups.len() {
        let mut i = 0;
        while i < groups[g].len() {
            out[at] = groups[g][i];
            (at, i) = (at + 1, i + 1);
        }
        g += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_one_group() {
        let mut all = NOT_YET.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), NOT_YET.len());
        assert!(all.iter().all(|w| !w.is_empty()));
    }
}
