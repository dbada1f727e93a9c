//! The world as offices write it down: fifteen prisons, two Bapas, the city's agencies, no two alike.

use super::book::{Book, Cell, Sheet};
use super::dice::{Dice, hash_text};
use super::truth::Truth;
use super::world::{Episode, Person, Row, World};
use super::{SampleError, noise};
use crate::domain::region::AMBON;
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::SupervisionEnd;
use crate::domain::upt::{UptInfo, UptRegistry};
use crate::domain::{ExitCode, Month, OffenceGroup, RegisterClass, Sex, Text, Upt};
use chrono::{Datelike, NaiveDate};

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// How an office writes dates.
#[derive(Clone, Copy, PartialEq)]
enum Dates {
    Cell,
    Slashes,
    Dashes,
    Words,
}

/// The habits of one office.
#[derive(Clone)]
struct Style {
    dates: Dates,
    two_rows: bool,
    numbers: bool,
    birth_together: bool,
    upper: bool,
    sex_words: bool,
    sentence_columns: bool,
    numeric_nik: bool,
    register: u8,
    order: u8,
    sections: bool,
}

impl Style {
    fn of(i: usize) -> Style {
        Style {
            dates: [Dates::Cell, Dates::Dashes, Dates::Words, Dates::Slashes][i % 4],
            two_rows: i.is_multiple_of(3),
            numbers: i.is_multiple_of(2),
            // The last three offices differ from the first three in how birth is written.
            birth_together: (i % 3 == 1) != (i >= 12),
            upper: i % 5 != 2,
            sex_words: i % 4 == 3,
            sentence_columns: i.is_multiple_of(3),
            numeric_nik: i % 7 == 4,
            register: (i % 5) as u8,
            order: (i % 6) as u8,
            sections: i % 4 == 2,
        }
    }
}

fn text(s: impl Into<Text>) -> Cell {
    Cell::Text(s.into())
}

fn date(style: Dates, d: Option<NaiveDate>) -> Cell {
    let Some(d) = d else { return Cell::Empty };
    match style {
        Dates::Cell => Cell::Date(d),
        Dates::Slashes => text(d.format("%d/%m/%Y").to_string()),
        Dates::Dashes => text(d.format("%d-%m-%Y").to_string()),
        Dates::Words => text(format!(
            "{} {} {}",
            d.day(),
            MONTHS[d.month0() as usize],
            d.year()
        )),
    }
}

fn month_name(m: Month) -> String {
    format!(
        "{} {}",
        MONTHS[m.month() as usize - 1].to_uppercase(),
        m.year()
    )
}

/// A sheet being written: kop, title, header, rows, footer.
struct Form<'a> {
    sheet: Sheet,
    truth: &'a mut Truth,
    place: u32,
    count: u32,
    width: usize,
}

/// Where finished files go: at once, so that one file at a time is in memory.
pub(crate) type Sink<'a> = dyn FnMut(Book) -> Result<(), SampleError> + 'a;

/// Rows of a prison's register in one file; longer ones go on in a further file, as offices do it (and because the old
/// .xls format ends at 65,536 rows).
const PART: u32 = 60_000;

impl<'a> Form<'a> {
    fn new(file: &str, name: &str, kind: &'static str, truth: &'a mut Truth) -> Form<'a> {
        Form {
            sheet: Sheet {
                name: name.into(),
                ..Sheet::default()
            },
            place: truth.place(file, name, kind),
            truth,
            count: 0,
            width: 0,
        }
    }
    fn line(&mut self, s: &str) {
        self.sheet
            .rows
            .push(if s.is_empty() { vec![] } else { vec![text(s)] });
    }
    /// Headers; `Parent / Child` becomes two rows with merges when the style wants it.
    fn header(&mut self, headers: &[&str], two_rows: bool, numbers: bool) {
        self.width = headers.len();
        let r = self.sheet.rows.len() as u32;
        if two_rows {
            let mut top = vec![];
            let mut below = vec![];
            let mut start = 0usize;
            for (c, h) in headers.iter().enumerate() {
                match h.split_once(" / ") {
                    Some((parent, child)) => {
                        let same = c > 0
                            && headers[c - 1]
                                .split_once(" / ")
                                .is_some_and(|(p, _)| p == parent);
                        if !same {
                            start = c;
                        }
                        top.push(if same { Cell::Empty } else { text(parent) });
                        below.push(text(child));
                        let last = headers
                            .get(c + 1)
                            .and_then(|n| n.split_once(" / "))
                            .is_none_or(|(p, _)| p != parent);
                        if last && c > start {
                            self.sheet.merges.push((r, start as u16, r, c as u16));
                        }
                    }
                    None => {
                        top.push(text(*h));
                        below.push(Cell::Empty);
                        self.sheet.merges.push((r, c as u16, r + 1, c as u16));
                    }
                }
            }
            self.sheet.rows.extend([top, below]);
        } else {
            self.sheet.rows.push(
                headers
                    .iter()
                    .map(|h| text(h.replace(" / ", " ")))
                    .collect(),
            );
        }
        if numbers {
            self.sheet.rows.push(
                (1..=headers.len())
                    .map(|i| Cell::Number(i as f64))
                    .collect(),
            );
        }
    }
    fn row(&mut self, person: u32, mut cells: Vec<Cell>) {
        self.count += 1;
        cells.insert(0, Cell::Number(f64::from(self.count)));
        self.sheet.rows.push(cells);
        let row = self.sheet.rows.len();
        self.truth.note(person, self.place, row as u32);
    }
    fn total(&mut self) {
        let mut row = vec![Cell::Empty, text("JUMLAH")];
        row.push(Cell::Number(f64::from(self.count)));
        self.sheet.rows.push(row);
    }
    fn sign(&mut self, place: &str, day: NaiveDate, role: &str) {
        self.line("");
        self.line("Mengetahui,");
        self.line(&format!(
            "{place}, {} {} {}",
            day.day(),
            MONTHS[day.month0() as usize],
            day.year()
        ));
        self.line(role);
        self.line("");
        self.line("NIP. 19800101 200501 1 001");
    }
    fn done(self) -> Sheet {
        self.sheet
    }
}

/// Writes everybody's files, one after the other.
pub(crate) fn write_down(
    world: &World,
    units: &UptRegistry,
    truth: &mut Truth,
    sink: &mut Sink,
) -> Result<(), SampleError> {
    for (i, (upt, info)) in units.prisons().enumerate() {
        let prison = Prison {
            world,
            units,
            upt,
            info,
            style: Style::of(i),
            i,
        };
        prison.write(truth, sink)?;
    }
    for (i, (upt, info)) in units.bapas().enumerate() {
        bapas(world, units, upt, info, i, truth, sink)?;
    }
    agencies(world, units, truth, sink)
}

/// Dice for one cell of one office: the same row is mistyped the same way in every export.
fn dice(office: &str, person: u32, what: u64) -> Dice {
    Dice::new(&[hash_text(office), u64::from(person), what])
}

fn sex(p: &Person, words: bool) -> Cell {
    text(match (p.sex, words) {
        (Sex::Male, true) => "Laki-laki",
        (Sex::Female, true) => "Perempuan",
        (Sex::Male, false) => "L",
        (Sex::Female, false) => "P",
    })
}

fn register(style: u8, class: RegisterClass, n: u32, from: NaiveDate) -> String {
    let (letter, roman) = match class {
        RegisterClass::AI => ("A", "I"),
        RegisterClass::AII => ("A", "II"),
        RegisterClass::AIII => ("A", "III"),
        RegisterClass::BI => ("B", "I"),
        RegisterClass::BIIA => ("B", "IIa"),
        RegisterClass::BIIB => ("B", "IIb"),
        RegisterClass::BIII => ("B", "III"),
        _ => return format!("ANAK-{n}/{}", from.year()),
    };
    let y = from.year();
    match style {
        0 => format!("{letter}.{roman} {n}/{y}"),
        1 => format!(
            "{letter}{roman}/{n:03}/{}/{y}",
            [
                "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"
            ][from.month0() as usize]
        ),
        2 => format!("{letter}.{roman}.{n}/{y}"),
        3 => format!("{letter}.{roman}-{n}/{y}"),
        _ => format!("{letter} {roman} / {n} / {y}"),
    }
}

fn offence(o: OffenceGroup, d: &mut Dice, new_code: bool) -> (&'static str, &'static str) {
    let k = d.below(2);
    let table: [(&str, &str); 2] = match (o, new_code) {
        (OffenceGroup::ChildProtection, _) => [
            (
                "Perlindungan Anak",
                "Ps. 81 ayat (2) UU RI No. 17 Th 2016 jo UU 35/2014",
            ),
            ("Perlindungan Anak", "Pasal 82 ayat (1) UU 17/2016"),
        ],
        (OffenceGroup::Narcotics, _) => [
            ("Narkotika", "Pasal 112 (1) UU 35/2009"),
            ("Narkoba", "Ps 114 ayat 1 UU No 35 Tahun 2009"),
        ],
        (OffenceGroup::Corruption, _) => [
            ("Tipikor", "Pasal 3 UU 31/1999 jo UU 20/2001"),
            ("Korupsi", "Ps. 2 ayat (1) UU No. 31 Th 1999"),
        ],
        (OffenceGroup::Assault, false) => [
            ("Penganiayaan", "351 ayat 1 KUHP"),
            ("Pengeroyokan", "Pasal 170 ayat (2) KUHP"),
        ],
        (OffenceGroup::Assault, true) => [
            ("Penganiayaan", "Pasal 466 UU 1/2023"),
            ("Pengeroyokan", "Pasal 262 UU No 1 Tahun 2023"),
        ],
        (OffenceGroup::Homicide, false) => {
            [("Pembunuhan", "338 KUHP"), ("Pembunuhan", "Pasal 340 KUHP")]
        }
        (OffenceGroup::Homicide, true) => [
            ("Pembunuhan", "Pasal 458 UU 1/2023"),
            ("Pembunuhan", "Pasal 459 KUHP Nasional"),
        ],
        (OffenceGroup::Theft, false) => [
            ("Pencurian", "363 ayat 1 ke-4 KUHP"),
            ("Pencurian", "Pasal 362 KUHP"),
        ],
        (OffenceGroup::Theft, true) => [
            ("Pencurian", "Pasal 476 UU 1/2023"),
            ("Pencurian", "Pasal 477 ayat (1) UU 1/2023"),
        ],
        (OffenceGroup::Robbery, _) => [
            ("Pencurian dengan kekerasan", "365 KUHP"),
            ("Pemerasan", "Pasal 368 KUHP"),
        ],
        (OffenceGroup::Fraud, false) => {
            [("Penipuan", "378 KUHP"), ("Penggelapan", "Pasal 372 KUHP")]
        }
        (OffenceGroup::Fraud, true) => [
            ("Penipuan", "Pasal 492 UU 1/2023"),
            ("Penggelapan", "Pasal 486 UU 1/2023"),
        ],
        (OffenceGroup::Traffic, _) => [
            ("Laka Lantas", "310 ayat (4) UU 22/2009"),
            ("Lalu Lintas", "Pasal 311 UU 22/2009"),
        ],
        (OffenceGroup::DomesticViolence, _) => [
            ("KDRT", "Pasal 44 UU 23/2004"),
            ("KDRT", "Ps 44 ayat (1) UU No 23 Th 2004"),
        ],
        (OffenceGroup::Sexual, _) => [("Pemerkosaan", "285 KUHP"), ("TPKS", "Pasal 6 UU 12/2022")],
        (OffenceGroup::Weapons, _) => [
            ("Senjata Tajam", "Pasal 2 UU Drt 12/1951"),
            ("Sajam", "UU Darurat No 12 Tahun 1951"),
        ],
        (OffenceGroup::Gambling, _) => [("Perjudian", "303 KUHP"), ("Judi", "303 bis KUHP")],
        (OffenceGroup::SpecialLaws, _) => {
            [("ITE", "Pasal 27 UU 11/2008"), ("Perikanan", "UU 45/2009")]
        }
        _ => [("Lain-lain", "-"), ("Lain-lain", "-")],
    };
    table[k]
}

fn exit_words(x: ExitCode, d: &mut Dice, to: Option<&str>) -> String {
    let k = d.below(2);
    match x {
        ExitCode::Bm => ["Bebas Murni", "Habis masa pidana"][k].into(),
        ExitCode::Pb => ["PB", "Pembebasan Bersyarat"][k].into(),
        ExitCode::Cb => ["CB", "Cuti Bersyarat"][k].into(),
        ExitCode::Cmb => ["CMB", "Cuti Menjelang Bebas"][k].into(),
        ExitCode::Ru2 => ["RU II", "Remisi Umum II"][k].into(),
        ExitCode::Rk2 => ["RK II", "Remisi Khusus II"][k].into(),
        ExitCode::Pmp2 => "PMP II".into(),
        ExitCode::Pdh => format!("Pindah ke {}", to.unwrap_or("UPT lain")),
        ExitCode::Mgl => "Meninggal dunia".into(),
        ExitCode::Lri => "Melarikan diri".into(),
        ExitCode::Bdh => "Bebas demi hukum".into(),
        ExitCode::Pts => "Putusan bebas".into(),
        ExitCode::Asr => "Asimilasi rumah".into(),
        other => other.id().into(),
    }
}

/// A prison and how it writes.
struct Prison<'a> {
    world: &'a World,
    units: &'a UptRegistry,
    upt: Upt,
    info: &'a UptInfo,
    style: Style,
    i: usize,
}

impl Prison<'_> {
    fn extension(&self) -> &'static str {
        match self.info.id.as_str() {
            "lapas-saparua" => "xls",
            "lapas-banda" => "ods",
            "lapas-dobo" | "lapas-wonreli" => "csv",
            "lapas-geser" => "txt",
            _ => "xlsx",
        }
    }

    fn path(&self, stage: &str, month: Month, part: u32) -> String {
        let (info, extension) = (self.info, self.extension());
        let part = if part > 1 {
            format!(" bagian {part}")
        } else {
            String::new()
        };
        if self.i.is_multiple_of(2) {
            format!("{}/register_{stage}_{month}{part}.{extension}", info.id)
        } else {
            format!(
                "upt/{} {} {}{part}.{extension}",
                info.id.replace('-', " "),
                stage,
                month_name(month).to_lowercase()
            )
        }
    }

    /// A sheet with its letterhead and header.
    fn form<'a>(&self, path: &str, stage: &str, month: Month, truth: &'a mut Truth) -> Form<'a> {
        let (info, style, i) = (self.info, &self.style, self.i);
        let name = if stage == "induk" {
            "REGISTER"
        } else {
            "MUTASI"
        };
        let mut f = Form::new(path, name, "custody", truth);
        if self.extension().starts_with('x') || self.extension() == "ods" {
            f.line("KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA");
            f.line("KANTOR WILAYAH DIREKTORAT JENDERAL PEMASYARAKATAN MALUKU");
        }
        let shown_name = if i.is_multiple_of(3) && !info.aliases.is_empty() {
            info.aliases[0].to_uppercase()
        } else {
            info.name.to_uppercase()
        };
        f.line(&shown_name);
        let before = self.world.last_month.plus(-1).last_day();
        f.line(&if stage == "induk" {
            format!(
                "DAFTAR PENGHUNI DAN REGISTER KEADAAN S.D. {} {}",
                before.day(),
                month_name(month)
            )
        } else {
            format!("DATA MUTASI PENGHUNI BULAN {}", month_name(month))
        });
        f.line("");
        f.header(&prison_headers(style), style.two_rows, style.numbers);
        f
    }

    fn finish(
        &self,
        mut f: Form,
        path: String,
        month: Month,
        sink: &mut Sink,
    ) -> Result<(), SampleError> {
        if self.style.numbers {
            f.total();
        }
        f.sign(
            &self.info.place,
            month.plus(1).first_day(),
            "Kepala Seksi Registrasi",
        );
        let sheet = f.done();
        sink(Book {
            path,
            sheets: vec![sheet],
        })
    }

    fn write(&self, truth: &mut Truth, sink: &mut Sink) -> Result<(), SampleError> {
        let (world, style) = (self.world, &self.style);
        let last = world.last_month;
        let before = last.plus(-1).last_day();
        let mut rows: Vec<(&Person, &Episode, &Row)> = world
            .people
            .iter()
            .flat_map(|p| {
                p.episodes
                    .iter()
                    .flat_map(move |e| e.rows.iter().map(move |r| (p, e, r)))
            })
            .filter(|(_, e, r)| r.upt == self.upt && e.end.is_none_or(|t| t >= world.first))
            .collect();
        rows.sort_by_key(|(p, _, r)| (r.from, p.id));
        for (stage, month) in [("induk", last.plus(-1)), ("bulan", last)] {
            let wanted: Vec<_> = rows
                .iter()
                .filter(|(_, _, r)| {
                    if stage == "induk" {
                        r.from <= before
                    } else {
                        last.contains(r.from) || r.to.is_some_and(|t| last.contains(t))
                    }
                })
                .collect();
            let of_sex = |sex: Sex| wanted.iter().filter(|x| x.0.sex == sex).collect();
            let groups: Vec<(Option<&str>, Vec<_>)> = if style.sections {
                vec![
                    (Some("A. LAKI-LAKI"), of_sex(Sex::Male)),
                    (Some("B. PEREMPUAN"), of_sex(Sex::Female)),
                ]
            } else {
                vec![(None, wanted.iter().collect())]
            };
            let mut part = 1;
            let mut path = self.path(stage, month, part);
            let mut f = self.form(&path, stage, month, truth);
            for (title, group) in groups {
                if let Some(t) = title {
                    f.line(t);
                }
                for (p, e, r) in group {
                    if f.count >= PART {
                        part += 1;
                        let next = self.path(stage, month, part);
                        self.finish(f, std::mem::replace(&mut path, next), month, sink)?;
                        f = self.form(&path, stage, month, truth);
                        if let Some(t) = title {
                            f.line(t);
                        }
                    }
                    let open_then = stage == "induk" && r.to.is_some_and(|t| t > before);
                    let row = Row {
                        to: if open_then { None } else { r.to },
                        exit: if open_then { None } else { r.exit },
                        ..(*r).clone()
                    };
                    let cells = prison_row(p, e, &row, self.info, style, self.units);
                    f.row(p.id, cells);
                }
            }
            self.finish(f, path, month, sink)?;
        }
        Ok(())
    }
}

fn prison_headers(s: &Style) -> Vec<&'static str> {
    let mut h = vec![
        if s.order.is_multiple_of(2) {
            "No"
        } else {
            "No. Urut"
        },
        ["No. Registrasi", "No Reg", "Nomor Register"][s.order as usize % 3],
        ["Nama Lengkap", "Nama WBP", "NAMA"][s.order as usize % 3],
    ];
    h.push(["NIK", "No. KTP", "NIK KTP"][s.order as usize % 3]);
    if !s.sections {
        h.push(["L/P", "Jenis Kelamin", "JK"][s.order as usize % 3]);
    }
    if s.birth_together {
        h.push("Tempat/Tgl Lahir");
    } else {
        h.extend(["Tempat Lahir", "Tgl Lahir"]);
    }
    h.extend([
        "Alamat",
        ["Perkara", "Jenis Kejahatan", "Tindak Pidana"][s.order as usize % 3],
        "Pasal",
        "Tgl Kejadian",
    ]);
    h.extend(if s.two_rows {
        ["Tanggal / Masuk", "Tanggal / Putusan"]
    } else {
        [
            ["Tgl Masuk", "Tgl Ditahan"][s.order as usize % 2],
            "Tgl Putusan",
        ]
    });
    if s.sentence_columns {
        h.extend(["Lama Pidana / Th", "Lama Pidana / Bl", "Lama Pidana / Hr"]);
    } else {
        h.push("Lama Pidana");
    }
    h.extend(["2/3 MP", "Tgl Ekspirasi", "Residivis", "Pendidikan"]);
    h.extend([
        ["Tgl Bebas", "Tgl Keluar"][s.order as usize % 2],
        ["Jenis Keluar", "Jenis Bebas", "Cara Keluar"][s.order as usize % 3],
        "Ket",
    ]);
    h
}

fn prison_row(
    p: &Person,
    e: &Episode,
    r: &Row,
    info: &UptInfo,
    s: &Style,
    units: &UptRegistry,
) -> Vec<Cell> {
    let mut d = dice(&info.id, p.id, u64::from(r.number));
    let d = &mut d;
    let mut c = vec![
        text(register(s.register, r.class, r.number, r.from)),
        text(noise::name(d, p, s.upper)),
        noise::nik(d, p, s.numeric_nik),
    ];
    if !s.sections {
        c.push(sex(p, s.sex_words));
    }
    let birth = match noise::birth(d, p) {
        Ok(day) => date(s.dates, Some(day)),
        Err(year) => Cell::Number(f64::from(year)),
    };
    if s.birth_together {
        let day = match &birth {
            Cell::Text(t) => t.to_string(),
            Cell::Date(x) => x.format("%d-%m-%Y").to_string(),
            Cell::Number(n) => format!("{n:.0}"),
            Cell::Empty => String::new(),
        };
        c.push(text(format!("{}, {day}", p.birth_place)));
    } else {
        c.extend([text(p.birth_place.clone()), birth]);
    }
    let (crime, article) = offence(e.offence, d, e.offence_date.year() >= 2026);
    c.extend([
        text(if d.chance(0.96) {
            p.address()
        } else {
            "-".into()
        }),
        text(crime),
        text(article),
        date(s.dates, d.chance(0.93).then_some(e.offence_date)),
    ]);
    let sentenced = r.class.is_sentenced();
    c.extend([
        date(s.dates, Some(r.from)),
        date(s.dates, e.verdict.filter(|_| sentenced)),
    ]);
    let days = e.sentence.filter(|_| sentenced);
    if s.sentence_columns {
        let n = |v: Option<u32>| v.map_or(Cell::Empty, |v| Cell::Number(f64::from(v)));
        c.extend([
            n(days.map(|d| d / 365)),
            n(days.map(|d| d % 365 / 30)),
            n(days.map(|d| d % 365 % 30)),
        ]);
    } else {
        c.push(days.map_or(Cell::Empty, |x| {
            let (y, m) = (x / 365, x % 365 / 30);
            text(match s.order {
                0 | 3 => format!("{y} Thn {m} Bln"),
                1 => format!("{y} tahun {m} bulan"),
                2 => format!("{y}-{m}-0"),
                _ => format!("{y} th {m} bl"),
            })
        }));
    }
    c.extend([
        date(s.dates, e.two_thirds.filter(|_| sentenced)),
        date(s.dates, e.expiry.filter(|_| sentenced)),
    ]);
    let before = p.episodes.iter().filter(|x| x.start < e.start).count();
    c.push(text(if before > 0 && d.chance(0.7) {
        "Ya"
    } else {
        "Tidak"
    }));
    c.push(text(d.pick(&["SD", "SMP", "SMA", "SMA", "SMK", "S1"])));
    let to = r.to_upt.map(|u| units.info(u).name.clone());
    c.extend([
        date(s.dates, r.to),
        r.exit
            .map_or(Cell::Empty, |x| text(exit_words(x, d, to.as_deref()))),
        Cell::Empty,
    ]);
    c
}

fn bapas(
    world: &World,
    units: &UptRegistry,
    upt: Upt,
    info: &UptInfo,
    i: usize,
    truth: &mut Truth,
    sink: &mut Sink,
) -> Result<(), SampleError> {
    let last = world.last_month;
    let style = if i == 0 { Dates::Words } else { Dates::Cell };
    for month in [last.plus(-1), last] {
        let path = format!(
            "{}/data klien {}.xlsx",
            info.id,
            month_name(month).to_lowercase()
        );
        let mut sheets = vec![];
        for (sheet, minor) in [("DEWASA", false), ("ANAK", true)] {
            let mut f = Form::new(&path, sheet, "supervision", truth);
            f.line("KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN");
            f.line(if i == 0 {
                "BALAI PEMASYARAKATAN KELAS II A AMBON"
            } else {
                "BAPAS KELAS II SAUMLAKI"
            });
            f.line(&format!(
                "DATA KLIEN PEMASYARAKATAN BULAN {}",
                month_name(month)
            ));
            f.line("");
            let headers: &[&str] = if i == 0 {
                &[
                    "No",
                    "No Reg Klien",
                    "Nama Klien",
                    "NIK",
                    "Jenis Kelamin",
                    "Tempat/Tgl Lahir",
                    "Alamat",
                    "Kasus",
                    "Pasal",
                    "Jenis Bimbingan",
                    "Lapas Asal",
                    "Tgl Mulai",
                    "Masa Percobaan s.d.",
                    "Tgl Berakhir",
                    "Status Akhir",
                    "Alasan Pencabutan",
                    "PK",
                ]
            } else {
                &[
                    "No.",
                    "Nomor Klien",
                    "Nama Lengkap",
                    "No KTP",
                    "L/P",
                    "Tempat dan Tanggal Lahir",
                    "Alamat Tinggal",
                    "Perkara",
                    "Pasal",
                    "Program Bimbingan",
                    "UPT Asal",
                    "TMT",
                    "Masa Percobaan Sampai",
                    "Tanggal Selesai",
                    "Alasan Berakhir",
                    "Alasan Cabut",
                    "Pembimbing Kemasyarakatan",
                ]
            };
            f.header(headers, false, true);
            let mut all: Vec<_> = world
                .people
                .iter()
                .flat_map(|p| p.guidance.iter().map(move |g| (p, g)))
                .filter(|(_, g)| g.bapas == upt && g.start <= month.last_day())
                .collect();
            all.retain(|(p, g)| {
                ((g.start - p.birth).num_days() < 18 * 365) == minor
                    && g.end.is_none_or(|e| e >= world.first)
            });
            all.sort_by_key(|(_, g)| (g.kind, g.start, g.number));
            for (p, g) in all {
                let mut d = dice(&info.id, p.id, u64::from(g.number));
                let d = &mut d;
                let born = match noise::birth(d, p) {
                    Ok(b) => format!("{}, {}", p.birth_place, b.format("%d-%m-%Y")),
                    Err(y) => y.to_string(),
                };
                let e = p.episodes.iter().rev().find(|e| e.start <= g.start);
                let (crime, article) = e.map_or(("-", "-"), |e| offence(e.offence, d, false));
                let over = g.end.filter(|x| *x <= month.last_day());
                let (end, ground) = match g.end_kind.filter(|_| over.is_some()) {
                    Some(SupervisionEnd::Completed) => ("Selesai", ""),
                    Some(SupervisionEnd::RevokedOffence) => {
                        ("Dicabut", "melakukan tindak pidana baru")
                    }
                    Some(SupervisionEnd::RevokedTechnical) => {
                        ("Dicabut", "tidak lapor 3 kali berturut-turut")
                    }
                    Some(SupervisionEnd::Delegated) => ("Dilimpahkan ke Bapas lain", ""),
                    Some(SupervisionEnd::Died) => ("Meninggal", ""),
                    _ => ("Aktif", ""),
                };
                let kind = match g.kind.id() {
                    "asimilasi" => "Asimilasi Rumah".to_owned(),
                    k => k.to_owned(),
                };
                f.row(
                    p.id,
                    vec![
                        text(format!("{}/{}/{}", g.number, kind, g.start.year())),
                        text(noise::name(d, p, i == 0)),
                        noise::nik(d, p, false),
                        sex(p, i == 0),
                        text(born),
                        text(p.address()),
                        text(crime),
                        text(article),
                        text(kind),
                        text(units.info(g.from_upt).name.clone()),
                        date(style, Some(g.start)),
                        date(style, Some(g.planned_end)),
                        date(style, over),
                        text(end),
                        text(ground),
                        text("Petugas"),
                    ],
                );
            }
            f.total();
            f.sign(&info.place, month.plus(1).first_day(), "Kepala Bapas");
            sheets.push(f.done());
        }
        sink(Book { path, sheets })?;
    }
    wajib_lapor(world, upt, info, i, truth, sink)?;
    litmas(world, units, upt, info, truth, sink)
}

/// Attendance of the last twelve months, a sheet a month.
fn wajib_lapor(
    world: &World,
    upt: Upt,
    info: &UptInfo,
    i: usize,
    truth: &mut Truth,
    sink: &mut Sink,
) -> Result<(), SampleError> {
    let path = format!("{}/wajib lapor 12 bulan.xlsx", info.id);
    let mut sheets = vec![];
    for back in (0..13).rev() {
        let m = world.last_month.plus(-back);
        let name = format!("{} {}", &MONTHS[m.month() as usize - 1][..3], m.year());
        let mut f = Form::new(&path, &name, "supervision", truth);
        f.line(&format!(
            "{} - REKAP WAJIB LAPOR KLIEN",
            info.name.to_uppercase()
        ));
        f.line(&format!("BULAN {}", month_name(m)));
        f.header(
            &[
                "No",
                "Nama Klien",
                "NIK",
                "Tgl Lahir",
                "Jenis Bimbingan",
                "Tgl Mulai",
                "Wajib Lapor",
                "Hadir",
            ],
            false,
            false,
        );
        let active = world
            .people
            .iter()
            .flat_map(|p| p.guidance.iter().map(move |g| (p, g)))
            .filter(|(_, g)| {
                g.bapas == upt
                    && g.start <= m.first_day()
                    && g.end.is_none_or(|e| e >= m.last_day())
            });
        for (p, g) in active {
            let mut d = dice(
                &info.id,
                p.id,
                1000 + (m.since(Month::of(NaiveDate::MIN)) as u64 & 0xFFFF),
            );
            let due = if i == 0 { 2 } else { 1 };
            let met = (0..due).filter(|_| d.chance(0.87)).count();
            f.truth.report(p.id, &info.id, m, due, met as u32);
            let name = noise::name(&mut d, p, false);
            let nik = noise::nik(&mut d, p, false);
            f.row(
                p.id,
                vec![
                    text(name),
                    nik,
                    date(Dates::Dashes, Some(p.birth)),
                    text(g.kind.id()),
                    date(Dates::Dashes, Some(g.start)),
                    Cell::Number(f64::from(due)),
                    Cell::Number(met as f64),
                ],
            );
        }
        sheets.push(f.done());
    }
    sink(Book { path, sheets })
}

fn litmas(
    world: &World,
    units: &UptRegistry,
    upt: Upt,
    info: &UptInfo,
    truth: &mut Truth,
    sink: &mut Sink,
) -> Result<(), SampleError> {
    let path = format!("{}/register litmas.xlsx", info.id);
    let mut f = Form::new(&path, "LITMAS", "litmas", truth);
    f.line(&info.name.to_uppercase());
    f.line(&format!(
        "REGISTER PENELITIAN KEMASYARAKATAN (LITMAS) S.D. {}",
        month_name(world.last_month)
    ));
    f.header(
        &[
            "No",
            "Nama",
            "NIK",
            "Tgl Lahir",
            "Jenis Litmas",
            "UPT Asal",
            "Tgl Permintaan",
            "Tgl Selesai",
        ],
        false,
        false,
    );
    let from = world.last_month.plus(-18).first_day();
    let mut all: Vec<_> = world
        .people
        .iter()
        .flat_map(|p| p.litmas.iter().map(move |l| (p, l)))
        .filter(|(_, l)| l.2 == upt && l.0 >= from)
        .collect();
    all.sort_by_key(|(p, l)| (l.0, p.id));
    for (p, l) in all {
        let mut d = dice("litmas", p.id, l.0.num_days_from_ce() as u64);
        f.row(
            p.id,
            vec![
                text(noise::name(&mut d, p, true)),
                noise::nik(&mut d, p, false),
                date(Dates::Cell, Some(p.birth)),
                text("Integrasi (PB/CB/CMB)"),
                text(units.info(l.3).name.clone()),
                date(Dates::Cell, Some(l.0)),
                date(Dates::Cell, l.1),
            ],
        );
    }
    let sheet = f.done();
    sink(Book {
        path,
        sheets: vec![sheet],
    })
}

/// Agencies: id, folder, letterhead, how the service is called in its lists.
const AGENCIES: &[(&str, &str, &str)] = &[
    (
        "disperindag",
        "opd/disperindag",
        "DINAS PERINDUSTRIAN DAN PERDAGANGAN",
    ),
    ("diskop-umkm", "opd/diskop", "DINAS KOPERASI DAN UMKM"),
    (
        "disnakertrans",
        "opd/disnakertrans",
        "DINAS TENAGA KERJA DAN TRANSMIGRASI",
    ),
    ("dinsos", "opd/dinsos", "DINAS SOSIAL"),
    (
        "disdukcapil",
        "opd/dukcapil",
        "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
    ),
    ("dinkes", "opd/dinkes", "DINAS KESEHATAN"),
    ("disdik", "opd/skb", "DINAS PENDIDIKAN - SKB KOTA AMBON"),
    (
        "upt",
        "kemandirian/rekap",
        "REKAP PEMBINAAN KEMANDIRIAN UPT PEMASYARAKATAN",
    ),
];

fn service_words(k: ServiceKind) -> &'static str {
    match k {
        ServiceKind::PltIkm => "Pelatihan IKM Olahan Pangan",
        ServiceKind::Alat => "Bantuan Alat Usaha",
        ServiceKind::Umkm => "Pendampingan UMKM",
        ServiceKind::Nib => "Penerbitan NIB (OSS)",
        ServiceKind::PltKer => "Pelatihan Las Listrik BLK",
        ServiceKind::Ak1 => "Kartu AK-1",
        ServiceKind::Bansos => "Bantuan Sosial Sembako",
        ServiceKind::Klg => "Reunifikasi Keluarga",
        ServiceKind::KtpRek => "Perekaman KTP-el",
        ServiceKind::KtpCtk => "Cetak Ulang KTP-el",
        ServiceKind::Jkn => "Aktivasi JKN-KIS PBI",
        ServiceKind::PktB => "Paket B",
        ServiceKind::PktC => "Paket C",
        ServiceKind::Kmd => "Bengkel Mebel",
        _ => "Layanan",
    }
}

fn state_words(s: ServiceState) -> &'static str {
    match s {
        ServiceState::Completed => "Selesai",
        ServiceState::DroppedOut => "Putus",
        ServiceState::Moved => "Bebas",
        ServiceState::Started => "Berjalan",
        _ => "Dirujuk",
    }
}

/// A sheet a year of referrals: the newest file shows the newest state; the older file what was known then.
fn agencies(
    world: &World,
    units: &UptRegistry,
    truth: &mut Truth,
    sink: &mut Sink,
) -> Result<(), SampleError> {
    let last = world.last_month;
    for (i, (opd, folder, kop)) in AGENCIES.iter().enumerate() {
        for month in [last.plus(-1), last] {
            let path = format!("{folder}_{}.xlsx", month);
            let mut f = Form::new(
                &path,
                if i % 2 == 0 { "DATA" } else { "PESERTA" },
                "participation",
                truth,
            );
            if *opd != "upt" {
                f.line("PEMERINTAH KOTA AMBON");
            }
            f.line(kop);
            f.line(&format!(
                "DATA LAYANAN BAGI WARGA BINAAN DAN KLIEN PEMASYARAKATAN S.D. BULAN {}",
                month_name(month)
            ));
            f.line("");
            let document = matches!(*opd, "disdukcapil");
            let headers: Vec<&str> = match i {
                0 => vec![
                    "No",
                    "Nama Peserta",
                    "NIK",
                    "L/P",
                    "Tempat/Tgl Lahir",
                    "Alamat",
                    "Nama Pelatihan",
                    "UPT Asal",
                    "Tgl Rujukan",
                    "Tgl Mulai",
                    "Rencana Selesai",
                    "Tgl Selesai",
                    "Jumlah Pertemuan",
                    "Jml Hadir",
                    "Status",
                    "No Sertifikat",
                ],
                1 => vec![
                    "No.",
                    "Nama Lengkap",
                    "No KTP",
                    "Jenis Kelamin",
                    "Tgl Lahir",
                    "Alamat",
                    "Jenis Kegiatan",
                    "Asal UPT",
                    "Tanggal Usulan",
                    "Pelaksanaan / Mulai",
                    "Rencana Akhir",
                    "Pelaksanaan / Selesai",
                    "Sesi Dijadwalkan",
                    "Sesi Diikuti",
                    "Keterangan Status",
                    "Nomor Sertifikat",
                ],
                2 => vec![
                    "No",
                    "Nama",
                    "NIK KTP",
                    "JK",
                    "Tanggal Lahir",
                    "Alamat Domisili",
                    "Kejuruan",
                    "Lapas/Rutan Asal",
                    "Tgl Pendaftaran",
                    "Mulai",
                    "Target Selesai",
                    "Selesai",
                    "JP",
                    "JP Hadir",
                    "Hasil Pelatihan",
                    "Sertifikat",
                ],
                3 => vec![
                    "No Urut",
                    "Nama Penerima Manfaat",
                    "NIK",
                    "L/P",
                    "TTL",
                    "Alamat Lengkap",
                    "Jenis Bantuan",
                    "UPT Pengirim",
                    "Tgl Pengajuan",
                    "Tanggal Layanan",
                    "Rencana Selesai",
                    "Tanggal Selesai",
                    "Jumlah Sesi",
                    "Kehadiran",
                    "Status Layanan",
                    "No BAST",
                ],
                4 => vec![
                    "No",
                    "Nama Pemohon",
                    "NIK",
                    "Jenis Kelamin",
                    "Tempat/Tgl Lahir",
                    "Alamat",
                    "Jenis Dokumen",
                    "Asal Rujukan",
                    "Tanggal Rujukan",
                    "Tgl Cetak",
                    "Keterangan",
                ],
                5 => vec![
                    "No",
                    "Nama WBP",
                    "No. NIK",
                    "JK",
                    "Tgl Lahir",
                    "Alamat",
                    "Jenis Pelayanan",
                    "Unit",
                    "Rujukan",
                    "Tanggal Kegiatan",
                    "Rencana Selesai",
                    "Tanggal Berakhir",
                    "Sesi",
                    "Hadir Sesi",
                    "Realisasi",
                    "No Kartu",
                ],
                6 => vec![
                    "No",
                    "Nama Warga Belajar",
                    "NIK",
                    "L/P",
                    "Tempat Tanggal Lahir",
                    "Alamat",
                    "Program",
                    "UPT",
                    "Tgl Usulan",
                    "Tanggal Mulai",
                    "Rencana Selesai",
                    "Tanggal Selesai",
                    "Pertemuan",
                    "Kehadiran",
                    "Kelulusan",
                    "Ijazah",
                ],
                _ => vec![
                    "No",
                    "Nama WBP",
                    "NIK",
                    "L/P",
                    "Tgl Lahir",
                    "Alamat",
                    "Jenis Keterampilan",
                    "UPT",
                    "Tgl Rujukan",
                    "Tgl Mulai",
                    "Rencana Selesai",
                    "Tgl Selesai",
                    "Jumlah Pertemuan",
                    "Pertemuan Hadir",
                    "Status",
                    "No Sertifikat",
                ],
            };
            f.header(&headers, i == 1, i % 2 == 1);
            let from = last.plus(-17).first_day();
            let mut all: Vec<_> = world
                .people
                .iter()
                .flat_map(|p| p.help.iter().map(move |h| (p, h)))
                .filter(|(_, h)| {
                    h.opd == *opd
                        && h.referred
                            .is_some_and(|d| d >= from && d <= month.last_day())
                })
                .collect();
            all.sort_by_key(|(p, h)| (h.kind, h.referred, p.id));
            let style = [Dates::Cell, Dates::Slashes, Dates::Words, Dates::Dashes][i % 4];
            for (p, h) in all {
                let mut d = dice(
                    opd,
                    p.id,
                    h.referred.map_or(0, |x| x.num_days_from_ce() as u64),
                );
                let d = &mut d;
                let then = |x: Option<NaiveDate>| x.filter(|x| *x <= month.last_day());
                let born = match noise::birth(d, p) {
                    Ok(b) if headers[4].contains("Tempat") || headers[4] == "TTL" => {
                        text(format!("{}, {}", p.birth_place, b.format("%d/%m/%Y")))
                    }
                    Ok(b) => date(style, Some(b)),
                    Err(y) => Cell::Number(f64::from(y)),
                };
                let upt = h
                    .upt
                    .map_or(text("-"), |u| text(units.info(u).name.clone()));
                let (start, end) = (then(h.start), then(h.end));
                let state = match () {
                    () if end.is_some() => h.state,
                    () if start.is_some() => ServiceState::Started,
                    () => ServiceState::Referred,
                };
                let mut cells = vec![
                    text(noise::name(d, p, i % 3 == 0)),
                    noise::nik(d, p, i == 3),
                    sex(p, headers[3].len() > 4),
                    born,
                    text(p.address()),
                    text(service_words(h.kind)),
                    upt,
                    date(style, h.referred),
                ];
                if document {
                    cells.extend([
                        date(style, start),
                        text(if start.is_some() { "Terbit" } else { "Proses" }),
                    ]);
                } else {
                    let n = |x: Option<u32>| {
                        x.filter(|_| start.is_some())
                            .map_or(Cell::Empty, |x| Cell::Number(f64::from(x)))
                    };
                    cells.extend([
                        date(style, start),
                        date(style, h.planned_end.filter(|_| start.is_some())),
                        date(style, end),
                        n(h.sessions.map(|s| s.0)),
                        n(h.sessions.map(|s| s.1)),
                        text(state_words(state)),
                    ]);
                    cells.push(if state == ServiceState::Completed && d.chance(0.8) {
                        text(format!("{}/{}", d.between(100, 999), month.year()))
                    } else {
                        Cell::Empty
                    });
                }
                f.row(p.id, cells);
            }
            f.total();
            f.sign("Ambon", month.plus(1).first_day(), "Kepala Dinas");
            let sheet = f.done();
            sink(Book {
                path,
                sheets: vec![sheet],
            })?;
        }
    }
    others(world, truth, sink)
}

/// Outcome visits, community service, an extract of the population register, deaths.
fn others(world: &World, truth: &mut Truth, sink: &mut Sink) -> Result<(), SampleError> {
    let last = world.last_month;
    let path = "opd/pemantauan_hasil_reintegrasi.xlsx".to_owned();
    let mut f = Form::new(&path, "PEMANTAUAN", "outcome", truth);
    f.line("DINAS TENAGA KERJA DAN TRANSMIGRASI KOTA AMBON");
    f.line(&format!("HASIL PEMANTAUAN KLIEN S.D. {}", month_name(last)));
    f.header(
        &[
            "No",
            "Nama",
            "NIK",
            "Tgl Lahir",
            "Alamat",
            "Tanggal Pemantauan",
            "Hasil Pemantauan",
            "Bukti",
        ],
        false,
        false,
    );
    let from = last.plus(-25).first_day();
    let mut all: Vec<_> = world
        .people
        .iter()
        .flat_map(|p| p.outcomes.iter().map(move |o| (p, o)))
        .filter(|(_, o)| o.0 >= from)
        .collect();
    all.sort_by_key(|(p, o)| (o.0, p.id));
    for (p, (on, kind)) in all {
        let mut d = dice("pemantauan", p.id, on.num_days_from_ce() as u64);
        let word = match kind {
            Some(OutcomeKind::Employed) => "Bekerja",
            Some(OutcomeKind::Business) => "Usaha sendiri",
            Some(_) => "Tidak bekerja",
            None => "-",
        };
        f.row(
            p.id,
            vec![
                text(noise::name(&mut d, p, false)),
                noise::nik(&mut d, p, false),
                date(Dates::Slashes, Some(p.birth)),
                text(p.address()),
                date(Dates::Slashes, Some(*on)),
                text(word),
                text("Kunjungan"),
            ],
        );
    }
    let sheet = f.done();
    sink(Book {
        path,
        sheets: vec![sheet],
    })?;

    let path = format!("opd/dlh_kerja_sosial_{last}.xlsx");
    let mut f = Form::new(&path, "KERJA SOSIAL", "community_service", truth);
    f.line("DINAS LINGKUNGAN HIDUP KOTA AMBON");
    f.line(&format!(
        "PELAKSANAAN PIDANA KERJA SOSIAL BULAN {}",
        month_name(last)
    ));
    f.header(
        &[
            "No",
            "Nama Terpidana",
            "NIK",
            "Tgl Lahir",
            "Tgl Mulai",
            "Lokasi Penempatan",
            "Jam Putusan",
            "Jam Terpenuhi",
        ],
        false,
        false,
    );
    for p in &world.people {
        if let Some((on, ordered, served)) = p
            .community_service
            .filter(|(on, ..)| *on <= last.last_day())
        {
            let mut d = dice("dlh", p.id, 1);
            f.row(
                p.id,
                vec![
                    text(noise::name(&mut d, p, false)),
                    noise::nik(&mut d, p, false),
                    date(Dates::Cell, Some(p.birth)),
                    date(Dates::Cell, Some(on)),
                    text("TPU Taman Makmur"),
                    Cell::Number(f64::from(ordered)),
                    Cell::Number(f64::from(served.min(ordered))),
                ],
            );
        }
    }
    let sheet = f.done();
    sink(Book {
        path,
        sheets: vec![sheet],
    })?;

    let path = "opd/dukcapil_biodata_penduduk.xlsx".to_owned();
    let mut f = Form::new(&path, "BIODATA", "resident", truth);
    f.line("DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL KOTA AMBON");
    f.line("BIODATA PENDUDUK (HASIL PADANAN)");
    f.header(
        &[
            "No",
            "NIK",
            "No KK",
            "Nama Lengkap",
            "Jenis Kelamin",
            "Tempat Lahir",
            "Tanggal Lahir",
            "Alamat",
            "Kelurahan",
            "Kecamatan",
        ],
        false,
        false,
    );
    for p in world
        .people
        .iter()
        .filter(|p| p.has_nik && p.village.is_some() && p.id % 4 == 0)
    {
        let village = p
            .village
            .map(|v| crate::domain::region::VILLAGES[v].1)
            .unwrap_or_default();
        f.row(
            p.id,
            vec![
                text(p.nik.as_str()),
                text(format!("{AMBON}02{:010}", p.id)),
                text(p.names.full.to_uppercase()),
                sex(p, true),
                text(p.birth_place.to_uppercase()),
                date(Dates::Dashes, Some(p.birth)),
                text("RT 001/RW 02"),
                text(village),
                text(p.district().unwrap_or_default()),
            ],
        );
    }
    let sheet = f.done();
    sink(Book {
        path,
        sheets: vec![sheet],
    })?;

    let path = "opd/dukcapil_akta_kematian.csv".to_owned();
    let mut f = Form::new(&path, "", "death", truth);
    f.header(
        &["No", "NIK", "Nama Almarhum", "Tgl Lahir", "Tgl Meninggal"],
        false,
        false,
    );
    for p in &world.people {
        if let Some(on) = p.death.filter(|d| *d >= world.first && p.id % 3 != 0) {
            let mut d = dice("kematian", p.id, 1);
            f.row(
                p.id,
                vec![
                    noise::nik(&mut d, p, false),
                    text(noise::name(&mut d, p, true)),
                    date(Dates::Slashes, Some(p.birth)),
                    date(Dates::Slashes, Some(on)),
                ],
            );
        }
    }
    let sheet = f.done();
    sink(Book {
        path,
        sheets: vec![sheet],
    })
}
