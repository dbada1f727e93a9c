//! The registers of prisons.

use super::*;

/// A prison and how it writes.
pub(super) struct Prison<'a> {
    pub(super) world: &'a World,
    pub(super) units: &'a UptRegistry,
    pub(super) upt: Upt,
    pub(super) info: &'a UptInfo,
    pub(super) style: Style,
    pub(super) i: usize,
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
        let part = part_name(part);
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
        f.deliver(path, sink)
    }

    pub(super) fn write(&self, truth: &mut Truth, sink: &mut Sink) -> Result<(), SampleError> {
        let (world, style) = (self.world, &self.style);
        let last = world.last_month;
        let before = last.plus(-1).last_day();
        let mut register: Vec<(&Person, &Episode, &Row)> = world
            .people
            .iter()
            .flat_map(|p| {
                p.episodes
                    .iter()
                    .flat_map(move |e| e.rows.iter().map(move |r| (p, e, r)))
            })
            .filter(|(_, e, r)| r.upt == self.upt && e.end.is_none_or(|t| t >= world.first))
            .collect();
        register.sort_by_key(|(p, _, r)| (r.from, p.id));
        // Exports are of one register, so the row above is the same in all.
        let rows: Vec<_> = with_above(register)
            .map(|(above, (p, e, r))| (p, e, r, above.map(|a| a.0)))
            .collect();
        for (stage, month) in [("induk", last.plus(-1)), ("bulan", last)] {
            let wanted: Vec<_> = rows
                .iter()
                .filter(|(_, _, r, _)| {
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
                for (p, e, r, above) in group {
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
                    let what = u64::from(row.number);
                    let mut clerk = Clerk::new(world, &self.info.id, p, what, *above);
                    let cells = prison_row(&mut clerk, e, &row, style, self.units);
                    f.row(&clerk, cells);
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
    clerk: &mut Clerk,
    e: &Episode,
    r: &Row,
    s: &Style,
    units: &UptRegistry,
) -> Vec<Cell> {
    let p = clerk.person;
    let mut c = vec![
        text(register(s.register, r.class, r.number, r.from)),
        text(clerk.name(s.upper)),
        clerk.nik(s.numeric_nik),
    ];
    if !s.sections {
        c.push(sex(clerk.sex(), s.sex_words));
    }
    let birth = match clerk.birth() {
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
    let d = &mut clerk.dice;
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
