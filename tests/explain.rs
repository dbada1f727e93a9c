//! A number traced to its rows, by the program as its user runs it: a measure with categories, a cell of a workbook, a
//! person. Answers go to the terminal alone.

use calamine::{Data, Reader, open_workbook_auto};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const LAPAS: &str = "lapas-ambon/register lapas ambon januari 2026.csv";
const RUTAN: &str = "rutan-ambon/register rutan ambon januari 2026.csv";
const PIRU: &str = "lapas-piru/register lapas piru januari 2026.csv";

/// Name, NIK, sex and birth date of the `i`th of twenty people.
fn identity(i: usize) -> String {
    const GIVEN: [&str; 5] = ["MARKUS", "YOHANIS", "ABDUL", "RIDWAN", "PETRUS"];
    const FAMILY: [&str; 4] = ["PATTIASINA", "LATUCONSINA", "TUASIKAL", "WATTIMENA"];
    let (day, year, n) = (10 + i % 12, 70 + i, 1 + i);
    let name = format!("{} {}", GIVEN[i % 5], FAMILY[i / 5]);
    format!("{name};817101{day}03{year}{n:04};L;{day}-03-19{year}")
}

/// Twelve men released on 15 January 2025, the last in June; the third and the eighth are back, among eight newcomers.
/// Three more are held at Piru.
fn office(dir: &Path) {
    let head = "No;Nama;NIK;L/P;Tgl Lahir;No Reg;Perkara;Tgl Kejadian;Tgl Masuk;Lama Pidana;Tgl Keluar;Jenis Keluar\n";
    let (mut lapas, mut rutan) = (head.to_owned(), head.to_owned());
    for i in 0..12 {
        let left = if i == 11 { "15-06-2025" } else { "15-01-2025" };
        let (n, who) = (i + 1, identity(i));
        lapas += &format!(
            "{n};{who};B.I {n}/2023;Pencurian;02-02-2023;01-03-2023;2 tahun;{left};Bebas murni\n"
        );
    }
    for (k, i) in [2, 7].into_iter().chain(12..20).enumerate() {
        let (n, who) = (k + 1, identity(i));
        rutan += &format!(
            "{n};{who};A.I {n}/2025;Pencurian;05-05-2025;{:02}-06-2025;;;\n",
            n
        );
    }
    let mut piru = head.to_owned();
    for n in 1..=3 {
        let name = [
            "HENDRIK SAHUPALA",
            "OKTOVIANUS LEKATOMPESSY",
            "GERRIT SOPLANIT",
        ][n - 1];
        piru += &format!(
            "{n};{name};81060{n}0{n}07800{n:02};L;0{n}-07-1980;A.I {n}/2025;Narkotika;05-05-2025;0{n}-06-2025;;;\n"
        );
    }
    write(dir, &format!("inbox/{PIRU}"), &piru);
    let sheet = "[[sheet]]\nname = { id = \"A\", en = \"A\" }\ntitle = { id = \"A\", en = \"A\" }\nrows = \"upt\"\n\
                 columns = [{ measure = \"stock\" }]\n";
    for (audience, population) in [("kota", "kota_ambon"), ("kanwil", "maluku")] {
        let text = format!(
            "audience = \"{audience}\"\npopulation = \"{population}\"\ntitle = {{ id = \"L\", en = \"R\" }}\n{sheet}"
        );
        write(dir, &format!("report-templates/{audience}.toml"), &text);
    }
    // Shared: an internal audience would see its own registers whole.
    write(dir, "reintegrasi.toml", "[levels]\nkanwil = \"shared\"\n");
    write(dir, &format!("inbox/{LAPAS}"), &lapas);
    write(dir, &format!("inbox/{RUTAN}"), &rutan);
}

fn write(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn said(dir: &Path, args: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_reintegrasi"));
    program.args(args).current_dir(dir);
    let done = program.output().unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{args:?}: {errors}");
    String::from_utf8(done.stdout).unwrap()
}

/// File and row of every record, by role and by what the record is to it.
fn records(csv: &str) -> BTreeMap<(String, String), Vec<(String, u32)>> {
    let mut out: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for r in csv::Reader::from_reader(csv.as_bytes()).records() {
        let r = r.unwrap();
        let role = if r[2].is_empty() { &r[1] } else { &r[2] };
        out.entry((role.to_owned(), r[5].to_owned()))
            .or_default()
            .push((r[6].to_owned(), r[8].parse().unwrap()));
    }
    out
}

/// Every file of the outputs with its content.
fn outputs(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut folders = vec![dir.join("out")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                out.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    out
}

/// The address of the cell right of a label.
fn beside(workbook: &Path, sheet: &str, label: &str) -> String {
    let mut book = open_workbook_auto(workbook).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let (top, left) = range.start().unwrap();
    let at = range.used_cells().find(|(.., c)| match c {
        Data::String(s) => s == label,
        _ => false,
    });
    let (row, column, _) = at.unwrap();
    let letter = char::from(b'A' + (left as usize + column + 1) as u8);
    format!("'{sheet}'!{letter}{}", top as usize + row + 1)
}

#[test]
fn a_figure_a_cell_and_a_person_are_traced_to_their_rows_on_the_terminal_alone() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    office(dir);
    said(dir, &["run", "--quiet", "--month", "2026-01"]);
    let before = outputs(dir);

    // 11 released a year ago, two of them back; whose window is not over is named and not counted.
    let figure = said(
        dir,
        &["explain", "return", "sex=L", "--window", "12", "--csv"],
    );
    let found = records(&figure);
    let of = |role: &str, record: &str| {
        let key = (role.to_owned(), record.to_owned());
        let mut rows = found.get(&key).cloned().unwrap_or_default();
        rows.sort();
        rows
    };
    let rows = |file: &str, rows: &[u32]| -> Vec<(String, u32)> {
        rows.iter().map(|r| (file.to_owned(), *r)).collect()
    };
    assert_eq!(of("numerator", "counted"), rows(LAPAS, &[4, 9]));
    assert_eq!(of("numerator", "because"), rows(RUTAN, &[2, 3]));
    let others = [2, 3, 5, 6, 7, 8, 10, 11, 12];
    assert_eq!(of("denominator", "counted"), rows(LAPAS, &others));
    assert_eq!(of("window_not_over", "counted"), rows(LAPAS, &[13]));
    let text = said(
        dir,
        &["explain", "return", "--window", "12", "--lang", "en"],
    );
    assert!(text.contains("2 of 11"), "{text}");

    // A category that is none is answered with what there is; so is a breakdown, and a word like nothing has no neighbour.
    for (args, says, silent) in [
        (["explain", "stock", "upt=rutan"], "rutan-ambon", "xyz"),
        (["explain", "stock", "sexx=L"], "sex", "xyz"),
        (["explain", "stock", "xyzzy=L"], "register_class", "perhaps"),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_reintegrasi"));
        program.args(args).args(["--lang", "en"]).current_dir(dir);
        let done = program.output().unwrap();
        let error = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{error}");
        assert!(error.contains(says) && !error.contains(silent), "{error}");
    }

    let book = dir.join("out/2026-01/kanwil.xlsx");
    let cell = beside(&book, "A", "Rutan Kelas IIA Ambon");
    let stock = records(&said(dir, &["explain", "kanwil.xlsx", &cell, "--csv"]));
    let key = ("numerator".to_owned(), "counted".to_owned());
    // Two of those inside have been inside before: their stay now is what counts.
    let inside: Vec<u32> = (2..=11).collect();
    assert_eq!(stock[&key], rows(RUTAN, &inside));

    // Whoever meets a sign is told why it stands there.
    let cell = beside(&book, "A", "Lapas Kelas IIB Piru");
    let hidden = said(dir, &["explain", "kanwil.xlsx", &cell, "--lang", "en"]);
    assert!(hidden.contains("the number is small"), "{hidden}");

    let person = said(dir, &["explain", "person", RUTAN, "3"]);
    for (file, row) in [(LAPAS, "9"), (RUTAN, "3")] {
        assert!(person.contains(file) && person.contains(row), "{person}");
    }
    assert_eq!(
        outputs(dir),
        before,
        "explaining writes nothing that is handed over"
    );
}

#[test]
fn the_program_says_all_that_is_declared_of_a_measure() {
    let here = tempfile::tempdir().unwrap();
    let text = said(
        here.path(),
        &["measures", "return", "k1_a1", "--lang", "en"],
    );
    for word in [
        "Question",
        "Population",
        "Numerator",
        "Denominator",
        "Window",
        "Wilson",
        "Edge cases",
        "Breakdowns",
        "reintegrasi docs definitions, section 4",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let table = said(here.path(), &["measures"]);
    assert!(table.contains("landmark_return") && table.contains("stock_prior_linked"));
}
