//! The floor under a month: the time to visit every cell of the inbox with calamine and csv and to write the same output
//! cells again, nothing computed, beside the whole of `reintegrasi run --force` in the same run.
//!
//! `cargo bench --bench floor -- WORKSPACE…`; each workspace has been run once (its newest month is written again). Files
//! are visited on as many threads as the run uses. Prints seconds and the ratio.

use calamine::{Data, DataRef, Reader as _, Xlsx, open_workbook, open_workbook_auto};
use rayon::prelude::*;
use rust_xlsxwriter::Workbook;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// How often both are done; the median counts.
const ROUNDS: usize = 3;

fn main() {
    let workspaces = std::env::args().skip(1).filter(|a| a != "--bench");
    for ws in workspaces.map(PathBuf::from) {
        let month = newest(&ws.join("out"));
        let (inbox, sheets) = (files(&ws.join("inbox")), tables(&month));
        let rest = copied(&month);
        let (mut floor, mut whole, mut cells) = (Vec::new(), Vec::new(), 0);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            cells = inbox.par_iter().map(|f| visit(f)).sum();
            write(&sheets, &rest);
            floor.push(begun.elapsed().as_secs_f64());
            let begun = Instant::now();
            let done = Command::new(env!("CARGO_BIN_EXE_reintegrasi"))
                .args(["run", "--quiet", "--force"])
                .arg(&ws)
                .status()
                .expect("the program starts");
            assert!(matches!(done.code(), Some(0 | 3)), "{done}");
            whole.push(begun.elapsed().as_secs_f64());
        }
        let (floor, whole) = (median(floor), median(whole));
        let out: usize = sheets.iter().flat_map(|b| &b.1).map(|s| s.1.len()).sum();
        println!(
            "{}: {cells} cells in, {out} cells and {} other bytes out: floor {floor:.2} s, month {whole:.2} s, {:.2} ×",
            ws.display(),
            rest.iter().map(Vec::len).sum::<usize>(),
            whole / floor
        );
    }
}

fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v[v.len() / 2]
}

fn newest(out: &Path) -> PathBuf {
    let months = std::fs::read_dir(out).expect("a workspace that was run");
    let months = months.flatten().map(|e| e.path());
    months
        .filter(|p| p.join("manifest.json").exists())
        .max()
        .expect("a month")
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a folder").flatten();
    let mut out: Vec<PathBuf> = entries
        .flat_map(|e| {
            let path = e.path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    out.sort();
    out
}

fn is_book(path: &Path) -> bool {
    let kind = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    ["xlsx", "xls", "ods", "xlsb"].contains(&kind)
}

/// How many cells that are not empty a file has.
fn visit(path: &Path) -> usize {
    if path.extension().is_some_and(|e| e == "xlsx") {
        let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
        let mut cells = 0;
        for name in book.sheet_names() {
            let mut reader = book.worksheet_cells_reader(&name).expect("a sheet");
            while let Some(c) = reader.next_cell().expect("a cell") {
                cells += usize::from(std::hint::black_box(c.get_value()) != &DataRef::Empty);
            }
        }
        return cells;
    }
    if is_book(path) {
        let mut book = open_workbook_auto(path).expect("a workbook");
        let names = book.sheet_names();
        let filled = |name: &String| {
            let range = book.worksheet_range(name).expect("a sheet");
            range.used_cells().filter(|c| *c.2 != Data::Empty).count()
        };
        return names.iter().map(filled).sum();
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .expect("a text file");
    let mut record = csv::ByteRecord::new();
    let mut cells = 0;
    while reader.read_byte_record(&mut record).expect("a row") {
        cells += record.iter().filter(|f| !f.is_empty()).count();
    }
    cells
}

/// A workbook's sheets: name, and row, column and content of each cell.
type Sheets = (PathBuf, Vec<(String, Vec<(u32, u16, Data)>)>);

/// The month's workbooks with their cells.
fn tables(month: &Path) -> Vec<Sheets> {
    let books = files(month).into_iter().filter(|f| is_book(f));
    books
        .map(|f| {
            let mut book = open_workbook_auto(&f).expect("a workbook");
            let sheets = book.sheet_names().into_iter().map(|name| {
                let range = book.worksheet_range(&name).expect("a sheet");
                let cells = range.used_cells();
                let cells = cells.map(|(r, c, d)| (r as u32, c as u16, d.clone()));
                let cells = cells.collect();
                (name, cells)
            });
            let sheets = sheets.collect();
            (f, sheets)
        })
        .collect()
}

/// What else the month consists of: pictures, CSV, the manifest.
fn copied(month: &Path) -> Vec<Vec<u8>> {
    let others = files(month).into_iter().filter(|f| !is_book(f));
    others.map(|f| std::fs::read(f).expect("a file")).collect()
}

fn write(books: &[Sheets], rest: &[Vec<u8>]) {
    let dir = tempfile::tempdir().expect("a folder");
    books.par_iter().enumerate().for_each(|(i, (_, sheets))| {
        let mut book = Workbook::new();
        for (name, cells) in sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(name).expect("a name");
            for (r, c, d) in cells {
                let written = match d {
                    Data::Int(v) => sheet.write(*r, *c, *v as f64),
                    Data::Float(v) => sheet.write(*r, *c, *v),
                    Data::Bool(v) => sheet.write(*r, *c, *v),
                    Data::DateTime(v) => sheet.write(*r, *c, v.as_f64()),
                    other => sheet.write(*r, *c, other.to_string()),
                };
                written.expect("a cell");
            }
        }
        let path = dir.path().join(format!("{i}.xlsx"));
        book.save(path).expect("a workbook");
    });
    rest.iter().enumerate().for_each(|(i, bytes)| {
        std::fs::write(dir.path().join(format!("{i}.rest")), bytes).expect("a file");
    });
}
