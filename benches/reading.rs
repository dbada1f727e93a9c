//! Reading and typing 1,000,000 rows × 20 columns of .xlsx in four files, against calamine merely visiting the cells of
//! the same files in the same run. `cargo bench --bench reading [-- ROWS]`; `-- --files DIR` writes the files and stops;
//! `benches/reading.py` sets it beside what a Python analyst would use.

use calamine::{Reader as _, Xlsx, open_workbook};
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use reintegrasi::clean::Cleaner;
use reintegrasi::domain::Month;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::ingest::{Sources, read_alone};
use reintegrasi::workspace::{Limits, Settings};
use rust_xlsxwriter::{Format, Workbook};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FILES: u32 = 4;
const HEADER: [&str; 20] = [
    "No",
    "No Reg",
    "Nama Lengkap",
    "L/P",
    "Tempat Lahir",
    "Tgl Lahir",
    "NIK",
    "Agama",
    "Pendidikan",
    "Alamat",
    "Kelurahan",
    "Kecamatan",
    "Perkara",
    "Pasal",
    "Tgl Masuk",
    "Lama Pidana",
    "Tgl Ekspirasi",
    "Remisi (hari)",
    "Blok",
    "Ket",
];

fn write(path: &Path, rows: u32, seed: u64) {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut book = Workbook::new();
    let w = book.add_worksheet_with_low_memory().unwrap();
    let date = Format::new().set_num_format("dd-mm-yyyy");
    w.write(
        0,
        0,
        "DAFTAR NARAPIDANA LAPAS KELAS IIA AMBON BULAN JANUARI 2026",
    )
    .unwrap();
    for (c, h) in HEADER.iter().enumerate() {
        w.write(2, c as u16, *h).unwrap();
    }
    let mut pick = |list: &[&'static str]| list[rng.random_range(0..list.len())];
    let given = [
        "ABDUL",
        "YOHANIS",
        "MARKUS",
        "SITI",
        "RAHMA",
        "PETRUS",
        "LA ODE",
        "WA ODE",
        "ALFREDO",
        "MUHAMMAD",
        "FERDINAND",
        "HASAN",
    ];
    let second = [
        "",
        " RAHMAN",
        " MELKIAS",
        " AMINAH",
        " BODEWIN",
        " SALEH",
        " KRISTIAN",
        " YUSUF",
    ];
    let fam = [
        "LATUCONSINA",
        "WATTIMENA",
        "TOISUTTA",
        "PATTIASINA",
        "NURLATU",
        "RENWARIN",
        "BATLAYERI",
        "TUASIKAL",
        "SAHETAPY",
        "PICAULY",
        "ELY",
        "HATALA",
    ];
    for r in 0..rows {
        let (y, m, d) = (1_960 + r % 45, 1 + r / 7 % 12, 1 + r / 3 % 28);
        let woman = r % 9 == 0;
        let row = r + 3;
        w.write(row, 0, r + 1).unwrap();
        w.write(row, 1, format!("B.I {}/{}", r % 900 + 1, 2010 + r % 16))
            .unwrap();
        w.write(
            row,
            2,
            format!("{}{} {}", pick(&given), pick(&second), pick(&fam)),
        )
        .unwrap();
        w.write(row, 3, if woman { "P" } else { "L" }).unwrap();
        w.write(
            row,
            4,
            pick(&["Ambon", "Saparua", "Masohi", "Tual", "Namlea", "Piru"]),
        )
        .unwrap();
        let born = chrono::NaiveDate::from_ymd_opt(y as i32, m, d).unwrap();
        w.write_with_format(row, 5, &born, &date).unwrap();
        let day = if woman { d + 40 } else { d };
        w.write(
            row,
            6,
            format!("817102{day:02}{m:02}{:02}{:04}", y % 100, r % 9_999 + 1),
        )
        .unwrap();
        w.write(row, 7, pick(&["Islam", "Kristen", "Katolik"]))
            .unwrap();
        w.write(row, 8, pick(&["SD", "SMP", "SMA", "S1"])).unwrap();
        w.write(
            row,
            9,
            format!(
                "Jl. {} No. {}",
                pick(&["Pattimura", "Sudirman", "Rijali", "Diponegoro"]),
                r % 300
            ),
        )
        .unwrap();
        w.write(
            row,
            10,
            pick(&["Batu Merah", "Passo", "Kudamati", "Waihaong", "Latta"]),
        )
        .unwrap();
        w.write(row, 11, pick(&["Sirimau", "Baguala", "Nusaniwe"]))
            .unwrap();
        w.write(
            row,
            12,
            pick(&[
                "Perlindungan Anak",
                "Narkotika",
                "Pencurian",
                "Penganiayaan",
                "Korupsi",
            ]),
        )
        .unwrap();
        w.write(
            row,
            13,
            pick(&[
                "81 UU 35/2014",
                "112 UU 35/2009",
                "363 KUHP",
                "351 KUHP",
                "3 UU 31/1999",
            ]),
        )
        .unwrap();
        let start = chrono::NaiveDate::from_ymd_opt(2018 + (r % 8) as i32, m, d).unwrap();
        w.write_with_format(row, 14, &start, &date).unwrap();
        w.write(row, 15, format!("{} tahun {} bulan", 1 + r % 9, r % 12))
            .unwrap();
        let end = start + chrono::Months::new(12 * (1 + r % 9) + r % 12);
        w.write_with_format(row, 16, &end, &date).unwrap();
        w.write(row, 17, r % 200).unwrap();
        w.write(row, 18, format!("{}/{}", pick(&["A", "B", "C"]), r % 20))
            .unwrap();
        w.write(row, 19, "aktif").unwrap();
    }
    book.save(path).unwrap();
}

/// Every cell visited, nothing kept.
fn floor(path: &Path) -> u64 {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut cells = 0;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).unwrap();
        while let Some(c) = reader.next_cell().unwrap() {
            cells += u64::from(std::hint::black_box(c.get_value()) != &calamine::DataRef::Empty);
        }
    }
    cells
}

/// Rows of typed records, and how long the reading before them took.
fn typed(path: &Path) -> (u64, Duration) {
    let rel = path.file_name().unwrap().to_string_lossy();
    let start = Instant::now();
    let reading = read_alone(path, &rel, &Sources::default(), &Limits::default());
    let read = start.elapsed();
    let (units, settings) = (UptRegistry::maluku(&[]), Settings::default());
    let as_of = Month::new(2026, 1).unwrap().last_day();
    let cleaner = Cleaner {
        units: &units,
        settings: &settings,
        as_of,
    };
    let used = reading
        .tables
        .iter()
        .map(|t| cleaner.clean_table(t).rows_used)
        .sum();
    (used, read)
}

/// Rows typed of all files, on so many threads.
fn typed_on(threads: usize, paths: &[PathBuf]) -> u64 {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| paths.par_iter().map(|p| typed(p).0).sum())
}

fn time<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let out = work();
    (out, start.elapsed().as_secs_f64())
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let kept = args
        .iter()
        .position(|a| a == "--files")
        .map(|i| PathBuf::from(&args[i + 1]));
    if let Some(i) = args.iter().position(|a| a == "--read") {
        // One contender of `benches/reading.py`: the files of a folder, read and typed, on one thread or two.
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&args[i + 1])
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        paths.sort();
        let threads = args.get(i + 2).and_then(|n| n.parse().ok()).unwrap_or(1);
        println!("{}", typed_on(threads, &paths));
        return;
    }
    if let Some(i) = args.iter().position(|a| a == "--visit") {
        let paths = std::fs::read_dir(&args[i + 1])
            .unwrap()
            .map(|e| e.unwrap().path());
        println!("{}", paths.map(|p| floor(&p)).sum::<u64>());
        return;
    }
    let rows: u32 = args
        .iter()
        .find_map(|a| a.parse().ok())
        .unwrap_or(1_000_000);
    let dir = tempfile::tempdir().unwrap();
    let folder = kept.clone().unwrap_or_else(|| dir.path().to_owned());
    let paths: Vec<PathBuf> = (0..FILES)
        .map(|i| folder.join(format!("lapas ambon {i} januari 2026.xlsx")))
        .collect();
    paths
        .par_iter()
        .enumerate()
        .for_each(|(i, p)| write(p, rows / FILES, i as u64));
    if kept.is_some() {
        return;
    }
    println!(
        "{} rows × {} columns in {FILES} files, three rounds",
        rows,
        HEADER.len()
    );
    for _ in 0..3 {
        let (cells, visit) = time(|| paths.iter().map(|p| floor(p)).sum::<u64>());
        let ((used, read), one) = time(|| {
            paths
                .iter()
                .map(|p| typed(p))
                .fold((0, Duration::ZERO), |a, b| (a.0 + b.0, a.1 + b.1))
        });
        let (two_used, two) = time(|| typed_on(2, &paths));
        assert_eq!(used, two_used);
        println!(
            "calamine visits {cells} cells: {visit:.2} s | read {:.2} s + typed = {one:.2} s for {used} rows ({:.2} ×) | two threads {two:.2} s ({:.2} ×)",
            read.as_secs_f64(),
            one / visit,
            two / visit
        );
    }
}
