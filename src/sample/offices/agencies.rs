//! The lists of the city's agencies.

use super::others::others;
use super::*;

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

/// A sheet a year of referrals: the newest file shows the newest state; the older file what was known then.
pub(super) fn agencies(
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
            for (above, (p, h)) in with_above(all) {
                let what = h.referred.map_or(0, |x| x.num_days_from_ce() as u64);
                let mut clerk = Clerk::new(world, opd, p, what, above.map(|a| a.0));
                let then = |x: Option<NaiveDate>| x.filter(|x| *x <= month.last_day());
                let born = match clerk.birth() {
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
                    text(clerk.name(i % 3 == 0)),
                    clerk.nik(i == 3),
                    sex(clerk.sex(), headers[3].len() > 4),
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
                    cells.push(
                        if state == ServiceState::Completed && clerk.dice.chance(0.8) {
                            text(format!("{}/{}", clerk.dice.between(100, 999), month.year()))
                        } else {
                            Cell::Empty
                        },
                    );
                }
                f.row(&clerk, cells);
            }
            f.total();
            f.sign("Ambon", month.plus(1).first_day(), "Kepala Dinas");
            f.deliver(path, sink)?;
        }
    }
    others(world, truth, sink)
}
