//! The lists of probation offices: clients, attendance, social inquiry reports.

use super::*;

pub(super) fn bapas(
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
            for (above, (p, g)) in with_above(all) {
                let above = above.map(|a| a.0);
                let mut clerk = Clerk::new(world, &info.id, p, u64::from(g.number), above);
                let born = match clerk.birth() {
                    Ok(b) => format!("{}, {}", p.birth_place, b.format("%d-%m-%Y")),
                    Err(y) => y.to_string(),
                };
                let e = p.episodes.iter().rev().find(|e| e.start <= g.start);
                let (crime, article) =
                    e.map_or(("-", "-"), |e| offence(e.offence, &mut clerk.dice, false));
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
                let cells = vec![
                    text(format!("{}/{}/{}", g.number, kind, g.start.year())),
                    text(clerk.name(i == 0)),
                    clerk.nik(false),
                    sex(clerk.sex(), i == 0),
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
                ];
                f.row(&clerk, cells);
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
        for (above, (p, g)) in with_above(active) {
            let what = 1000 + (m.since(Month::of(NaiveDate::MIN)) as u64 & 0xFFFF);
            let mut clerk = Clerk::new(world, &info.id, p, what, above.map(|a| a.0));
            let due = if i == 0 { 2 } else { 1 };
            let met = (0..due).filter(|_| clerk.dice.chance(0.87)).count();
            f.truth.report(p.id, &info.id, m, due, met as u32);
            let cells = vec![
                text(clerk.name(false)),
                clerk.nik(false),
                date(Dates::Dashes, Some(clerk.birth_in_full())),
                text(g.kind.id()),
                date(Dates::Dashes, Some(g.start)),
                Cell::Number(f64::from(due)),
                Cell::Number(met as f64),
            ];
            f.row(&clerk, cells);
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
    for (above, (p, l)) in with_above(all) {
        let what = l.0.num_days_from_ce() as u64;
        let mut clerk = Clerk::new(world, "litmas", p, what, above.map(|a| a.0));
        let cells = vec![
            text(clerk.name(true)),
            clerk.nik(false),
            date(Dates::Cell, Some(clerk.birth_in_full())),
            text("Integrasi (PB/CB/CMB)"),
            text(units.info(l.3).name.clone()),
            date(Dates::Cell, Some(l.0)),
            date(Dates::Cell, l.1),
        ];
        f.row(&clerk, cells);
    }
    f.deliver(path, sink)
}
