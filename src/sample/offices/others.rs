//! Outcome visits, community service, the population register, deaths.

use super::*;

/// Outcome visits, community service, an extract of the population register, deaths.
pub(super) fn others(world: &World, truth: &mut Truth, sink: &mut Sink) -> Result<(), SampleError> {
    outcomes(world, truth, sink)?;
    let last = world.last_month;
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
    let served = world.people.iter().filter_map(|p| {
        let service = p.community_service?;
        (service.0 <= last.last_day()).then_some((p, service))
    });
    for (above, (p, (on, ordered, served))) in with_above(served) {
        let mut clerk = Clerk::new(world, "dlh", p, 1, above.map(|a| a.0));
        let cells = vec![
            text(clerk.name(false)),
            clerk.nik(false),
            date(Dates::Cell, Some(clerk.birth_in_full())),
            date(Dates::Cell, Some(on)),
            text("TPU Taman Makmur"),
            Cell::Number(f64::from(ordered)),
            Cell::Number(f64::from(served.min(ordered))),
        ];
        f.row(&clerk, cells);
    }
    f.deliver(path, sink)?;

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
        // The population register is what the others are held against: nothing in it is wrong.
        let cells = vec![
            text(p.nik.as_str()),
            text(format!("{AMBON}02{:010}", p.id)),
            text(p.names.full.to_uppercase()),
            sex(p.sex, true),
            text(p.birth_place.to_uppercase()),
            date(Dates::Dashes, Some(p.birth)),
            text("RT 001/RW 02"),
            text(village),
            text(p.district().unwrap_or_default()),
        ];
        f.exact_row(p, cells);
    }
    f.deliver(path, sink)?;

    let path = "opd/dukcapil_akta_kematian.csv".to_owned();
    let mut f = Form::new(&path, "", "death", truth);
    f.header(
        &["No", "NIK", "Nama Almarhum", "Tgl Lahir", "Tgl Meninggal"],
        false,
        false,
    );
    let dead = world.people.iter().filter_map(|p| {
        let on = p.death.filter(|d| *d >= world.first && p.id % 3 != 0)?;
        Some((p, on))
    });
    for (above, (p, on)) in with_above(dead) {
        let mut clerk = Clerk::new(world, "kematian", p, 1, above.map(|a| a.0));
        let cells = vec![
            clerk.nik(false),
            text(clerk.name(true)),
            date(Dates::Slashes, Some(clerk.birth_in_full())),
            date(Dates::Slashes, Some(on)),
        ];
        f.row(&clerk, cells);
    }
    f.deliver(path, sink)
}

/// Rows of an outcome list, at most: a sheet has no room for many more.
const OUTCOMES_A_LIST: usize = 900_000;

/// What became of clients, in as many lists as it takes.
fn outcomes(world: &World, truth: &mut Truth, sink: &mut Sink) -> Result<(), SampleError> {
    let last = world.last_month;
    let from = last.plus(-25).first_day();
    let mut all: Vec<_> = world
        .people
        .iter()
        .flat_map(|p| p.outcomes.iter().map(move |o| (p, o)))
        .filter(|(_, o)| o.0 >= from)
        .collect();
    all.sort_by_key(|(p, o)| (o.0, p.id));
    // One list at least.
    let lists = all.len().div_ceil(OUTCOMES_A_LIST).max(1);
    for list in 0..lists {
        let from = list * OUTCOMES_A_LIST;
        let visits = &all[from..all.len().min(from + OUTCOMES_A_LIST)];
        let part = part_name(list as u32 + 1);
        let path = format!("opd/pemantauan_hasil_reintegrasi{part}.xlsx");
        outcome_list(&path, world, visits, truth).deliver(path, sink)?;
    }
    Ok(())
}

/// A visit: to whom, when, and what was found.
type Visit<'a> = (&'a Person, &'a (NaiveDate, Option<OutcomeKind>));

/// A list of outcome visits.
fn outcome_list<'a>(path: &str, world: &World, visits: &[Visit], truth: &'a mut Truth) -> Form<'a> {
    let mut f = Form::new(path, "PEMANTAUAN", "outcome", truth);
    f.line("DINAS TENAGA KERJA DAN TRANSMIGRASI KOTA AMBON");
    f.line(&format!(
        "HASIL PEMANTAUAN KLIEN S.D. {}",
        month_name(world.last_month)
    ));
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
    for (above, (p, (on, kind))) in with_above(visits.iter().copied()) {
        let what = on.num_days_from_ce() as u64;
        let mut clerk = Clerk::new(world, "pemantauan", p, what, above.map(|a| a.0));
        let word = match kind {
            Some(OutcomeKind::Employed) => "Bekerja",
            Some(OutcomeKind::Business) => "Usaha sendiri",
            Some(_) => "Tidak bekerja",
            None => "-",
        };
        let cells = vec![
            text(clerk.name(false)),
            clerk.nik(false),
            date(Dates::Slashes, Some(clerk.birth_in_full())),
            text(p.address()),
            date(Dates::Slashes, Some(*on)),
            text(word),
            text("Kunjungan"),
        ];
        f.row(&clerk, cells);
    }
    f
}
