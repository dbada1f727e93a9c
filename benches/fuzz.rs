//! A long session of damaged and invented input: `cargo bench --bench fuzz -- [CASES] [SEED]` (default 200,000, 1).
//!
//! A quarter of the cases are texts for every parser of a value, a quarter are texts that look like tables, a quarter are
//! files of the sample with bytes changed, cut or doubled, a quarter are any bytes under any name. The tests hold the same properties with
//! fewer cases. A case that panics prints its number, which with the seed repeats it.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reintegrasi::clean::{Cleaner, codes, date, name, nik, number, offence, place, text};
use reintegrasi::domain::raw::RawCell;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{Month, Severity};
use reintegrasi::ingest::{Sources, nearest_fields, read_alone};
use reintegrasi::workspace::{Limits, Settings};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const PIECES: &[&str] = &[
    "B.I",
    "A.III",
    "Pasal",
    "UU",
    "Kec.",
    "Kel.",
    "Negeri",
    "bin",
    "alias",
    "Alm.",
    "tahun",
    "bulan",
    "hari",
    "/",
    ".",
    ", ",
    "-",
    " ",
    "31",
    "02",
    "1990",
    "2026",
    "8171021203900001",
    "8,17E+15",
    "Ambon",
    "Buru",
    "Nusaniwe",
    "Januari",
    "KUHP",
    "363",
    "ayat (1)",
    "PB",
    "CMB",
    "seumur hidup",
    "é",
    "\u{a0}",
    "\u{200b}",
    "'",
    "%",
    "NIHIL",
    "jo",
    "subs",
    "dicabut",
    "MD",
    "Limpah ke Bapas",
    "selesai",
    "belum",
    "✓",
    "sda",
    "\"",
];

const HEADERS: &[&str] = &[
    "No",
    "Nama",
    "NIK",
    "Tgl Lahir",
    "Tempat/Tgl Lahir",
    "No Reg",
    "Tgl Masuk",
    "Tgl Keluar",
    "Jenis Keluar",
    "Ket",
    "Jenis Pelatihan",
    "Status",
    "Kec.",
    "L/P",
    "Pasal",
    "Lama Pidana",
    "Fam",
    "% Hadir",
    "Jan",
    "Feb",
    "Mar-26",
    "Pertemuan 1",
    "Pertemuan 2",
    "Pertemuan 3",
    "Pertemuan 4",
    "Tgl Pencabutan",
    "Tgl Meninggal",
    "Tgl Terbit KTP",
    "Ttd",
    "",
    "\u{a0}",
];

fn some_text(rng: &mut ChaCha8Rng) -> String {
    let n = rng.random_range(0..9);
    let piece = |rng: &mut ChaCha8Rng| match rng.random_range(0..4) {
        0 => char::from_u32(rng.random_range(0..0x3000))
            .unwrap_or('x')
            .to_string(),
        1 => rng.random_range(0..u64::MAX).to_string(),
        _ => PIECES[rng.random_range(0..PIECES.len())].to_owned(),
    };
    (0..n)
        .map(|_| piece(rng))
        .collect::<Vec<_>>()
        .join(if rng.random() { " " } else { "" })
}

fn values(rng: &mut ChaCha8Rng, units: &UptRegistry) {
    let s = some_text(rng);
    let n = f64::from_bits(rng.random());
    for cell in [
        RawCell::Text(s.as_str().into()),
        RawCell::Number(n),
        RawCell::Date(n),
    ] {
        let _ = (
            date::read(&cell),
            nik::read(&cell),
            number::amount(&cell),
            number::total(&cell),
        );
    }
    let _ = (
        date::place_and_date(&s),
        number::sentence(&s),
        name::read(&s),
        name::fold(&s),
        text::tidy(&s),
    );
    let _ = (
        codes::sex(&s),
        codes::register_class(&s),
        codes::exit(&s),
        codes::exit_in_remarks(&s),
    );
    let _ = (
        codes::supervision_kind(&s),
        codes::supervision_end(&s, &s),
        codes::litmas_kind(&s),
    );
    let _ = (
        codes::service(&s, "bnn"),
        codes::service_state(&s),
        codes::outcome(&s),
        codes::education(&s),
    );
    let _ = (
        offence::classify(&[&s, &s], None),
        place::residence(&s, &s, &s, &s),
        place::Units::new(units).find(&s),
    );
    let _ = (nearest_fields(&s, 3), codes::recidivist(&s));
}

fn table(rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mark = [";", ",", "\t", "|"][rng.random_range(0..4)];
    let columns = rng.random_range(1..14);
    let mut text = String::new();
    for _ in 0..rng.random_range(0..4) {
        text.push_str(&some_text(rng));
        text.push('\n');
    }
    let row = |rng: &mut ChaCha8Rng, header: bool| {
        let cell = |rng: &mut ChaCha8Rng| match header {
            true => HEADERS[rng.random_range(0..HEADERS.len())].to_owned(),
            false => some_text(rng),
        };
        (0..columns)
            .map(|_| cell(rng))
            .collect::<Vec<_>>()
            .join(mark)
    };
    text.push_str(&row(rng, true));
    for _ in 0..rng.random_range(0..30) {
        text.push('\n');
        text.push_str(&row(rng, false));
    }
    text.into_bytes()
}

fn damaged(rng: &mut ChaCha8Rng, whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..rng.random_range(1..30) {
        let at = rng.random_range(0..bytes.len().max(1));
        match rng.random_range(0..12) {
            0 => bytes.truncate(at.max(1)),
            1 => bytes.extend_from_within(at..(at + 64).min(whole.len()).max(at).min(bytes.len())),
            _ => {
                if let Some(b) = bytes.get_mut(at) {
                    *b = rng.random();
                }
            }
        }
    }
    bytes
}

fn files(dir: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path: PathBuf = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.len() < 200_000
        {
            out.push((
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                bytes,
            ));
        }
    }
}

fn main() {
    let args: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let (cases, seed) = (
        args.first().copied().unwrap_or(200_000),
        args.get(1).copied().unwrap_or(1),
    );
    let (units, settings) = (UptRegistry::maluku(&[]), Settings::default());
    let as_of = Month::new(2026, 1).expect("a month").last_day();
    let cleaner = Cleaner {
        units: &units,
        settings: &settings,
        as_of,
    };
    let limits = Limits {
        expanded_mib: 64,
        cells: 500_000,
        ..Limits::default()
    };
    let mut whole = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/inbox"),
        &mut whole,
    );
    let dir = tempfile::tempdir().expect("a folder");
    std::panic::set_hook(Box::new(|_| {}));
    let (mut panics, mut silent, mut rows) = (0u64, 0u64, 0u64);
    let start = std::time::Instant::now();
    for case in 0..cases {
        let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(0x9E37_79B9).wrapping_add(case));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let (name, bytes) = match case % 4 {
                0 => {
                    values(&mut rng, &units);
                    return (0, false);
                }
                1 => ("acak.csv".to_owned(), table(&mut rng)),
                2 => {
                    let (name, bytes) = &whole[rng.random_range(0..whole.len())];
                    (name.clone(), damaged(&mut rng, bytes))
                }
                _ => {
                    let ending =
                        ["csv", "xlsx", "xls", "ods", "zip", "gz", "txt"][rng.random_range(0..7)];
                    let bytes = (0..rng.random_range(0..3_000))
                        .map(|_| rng.random())
                        .collect();
                    (format!("apa.{ending}"), bytes)
                }
            };
            let path = dir.path().join("kasus");
            std::fs::write(&path, bytes).expect("written");
            let reading = read_alone(&path, &name, &Sources::default(), &limits);
            let mut rows = 0;
            for t in &reading.tables {
                let cleaned = cleaner.clean_table(t);
                assert_eq!(
                    cleaned.rows_used + cleaned.rows_set_aside + cleaned.rows_beyond,
                    t.rows.len() as u64
                );
                rows += t.rows.len() as u64;
            }
            // What gives nothing says why.
            let said = reading.issues.iter().any(|i| i.severity == Severity::Error);
            (rows, reading.tables.is_empty() && !said)
        }));
        match outcome {
            Ok((n, nothing_said)) => {
                rows += n;
                silent += u64::from(nothing_said);
            }
            Err(_) => {
                panics += 1;
                println!("case {case} of seed {seed} panics");
            }
        }
    }
    println!(
        "{cases} cases in {:.0} s: {panics} panics, {silent} files that gave nothing and said nothing, {rows} rows accounted for",
        start.elapsed().as_secs_f64()
    );
    assert_eq!((panics, silent), (0, 0));
}
