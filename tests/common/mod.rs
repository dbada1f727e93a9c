//! What several end-to-end tests share.
#![allow(dead_code)] // every test file uses a part

pub mod office_file;

use reintegrasi::workspace::Workspace;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The committed sample workspace.
pub fn samples() -> Workspace {
    Workspace::at(Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples"))
}

/// A copy of the sample workspace's inputs in a folder of its own, so that tests leave nothing behind.
pub fn copy_of_samples(to: &Path) -> Workspace {
    let from = samples();
    copy(from.root(), to, &["state", "out", "truth"]);
    Workspace::at(to)
}

/// A small synthetic workspace of thirteen months whose two reports are one table each: a month is done soon.
pub fn small_office(dir: &Path) -> Workspace {
    use reintegrasi::domain::Month;
    use reintegrasi::sample::{FaultLevel, NamePool, SampleOptions, write_sample};
    write_sample(&SampleOptions {
        out: dir.to_owned(),
        persons: 60,
        months: 13,
        seed: 5,
        last_month: Month::new(2026, 1).unwrap(),
        names: NamePool::Maluku,
        faults: FaultLevel::Usual,
    })
    .unwrap();
    let ws = Workspace::at(dir);
    one_table(
        &ws,
        "rows = \"status6\"\ncolumns = [{ measure = \"target_group\" }]\n",
    );
    ws
}

/// Both reports become one table each.
pub fn one_table(ws: &Workspace, table: &str) {
    std::fs::create_dir_all(ws.templates()).unwrap();
    for (audience, population) in [("kota", "kota_ambon"), ("kanwil", "maluku")] {
        let text = format!(
            "audience = \"{audience}\"\npopulation = \"{population}\"\ntitle = {{ id = \"Laporan\", en = \"Report\" }}\n\
             [[sheet]]\nname = {{ id = \"Tabel\", en = \"Table\" }}\ntitle = {{ id = \"Tabel\", en = \"Table\" }}\n{table}"
        );
        std::fs::write(ws.templates().join(format!("{audience}.toml")), text).unwrap();
    }
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        if without.iter().any(|w| name == *w) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name), &[]);
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Person behind every data row: (file, sheet, one-based row) → person.
pub fn truth_of_rows(workspace: &Path) -> HashMap<(String, String, u32), u32> {
    let read = |name: &str| -> Vec<csv::StringRecord> {
        let path: PathBuf = workspace.join("truth").join(name);
        csv::Reader::from_path(path)
            .unwrap()
            .records()
            .map(Result::unwrap)
            .collect()
    };
    let sheets: Vec<(String, String)> = read("sheets.csv")
        .iter()
        .map(|r| {
            // A text file has one sheet without a name.
            let named = if r[1].ends_with(".csv") || r[1].ends_with(".txt") {
                ""
            } else {
                &r[2]
            };
            (r[1].to_owned(), named.to_owned())
        })
        .collect();
    read("records.csv")
        .iter()
        .map(|r| {
            let (file, sheet) = &sheets[r[0].parse::<usize>().unwrap()];
            (
                (file.clone(), sheet.clone(), r[1].parse().unwrap()),
                r[2].parse().unwrap(),
            )
        })
        .collect()
}
