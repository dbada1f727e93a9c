//! What remarks tell, by example.

use super::*;
use SupervisionEnd::*;

fn events(s: &str) -> Vec<(Event, String)> {
    let shown = |d: PartialDate| match d {
        PartialDate::Day(d) => d.to_string(),
        PartialDate::Month(y, m) => format!("{y}-{m:02}"),
        PartialDate::Year(y) => y.to_string(),
        PartialDate::Unknown => String::new(),
    };
    read(s, Month::new(2026, 1))
        .into_iter()
        .map(|x| (x.event, shown(x.on)))
        .collect()
}

#[test]
fn what_became_of_somebody_is_read_with_its_day() {
    use Event::*;
    for (s, event, on) in [
        ("Dicabut (khusus)", Revoked(RevokedTechnical), ""),
        (
            "Dicabut krn tindak pidana baru",
            Revoked(RevokedOffence),
            "",
        ),
        (
            "SK PB dicabut tgl 20/9/2024, tidak lapor 3x berturut-turut",
            Revoked(RevokedTechnical),
            "2024-09-20",
        ),
        (
            "Pencabutan 3 Februari 2025 (tersangka curanmor)",
            Revoked(RevokedOffence),
            "2025-02-03",
        ),
        ("Selesai menjalani bimbingan", Completed, ""),
        (
            "masa percobaan habis tgl. 01-08-2025",
            Completed,
            "2025-08-01",
        ),
        (
            "Limpah ke Bapas Saumlaki tgl 5/5/2025",
            Delegated,
            "2025-05-05",
        ),
        (
            "Pindah bimbingan ke Bapas Kelas I Makassar per 12 Mei 2025",
            Delegated,
            "2025-05-12",
        ),
        ("MD 3/1/26", Died, "2026-01-03"),
        ("M.D. tgl 3-1-2026 di RSUD", Died, "2026-01-03"),
        ("Meninggal dunia, 3 Jan", Died, "2026-01-03"),
        ("Wafat Desember 2025", Died, "2025-12"),
        ("melarikan diri 17-08-2025", Absconded, "2025-08-17"),
        ("alamat tidak ditemukan", Absconded, ""),
        (
            "Dipindahkan ke Lapas Piru 12/11/2025",
            Left(ExitCode::Pdh),
            "2025-11-12",
        ),
        ("Bebas PB 12/1/2026", Left(ExitCode::Pb), "2026-01-12"),
        (
            "bebas murni tgl 20 Januari 2026",
            Left(ExitCode::Bm),
            "2026-01-20",
        ),
        ("mengundurkan diri sejak 8/1/2026", DroppedOut, "2026-01-08"),
        ("Selesai", Completed, ""),
        ("selesai tgl 3/1/2026", Completed, "2026-01-03"),
        (
            "penangguhan penahanan 12/1/2026",
            Left(ExitCode::Pts),
            "2026-01-12",
        ),
        (
            "Pelimpahan ke Bapas Saumlaki dari Bapas Ambon 5-5-2025",
            Delegated,
            "2025-05-05",
        ),
        ("tidak selesai", DroppedOut, ""),
    ] {
        assert_eq!(events(s), [(event, on.to_owned())], "{s}");
    }
}

#[test]
fn what_is_denied_planned_or_of_somebody_else_is_no_event() {
    for s in [
        "Belum selesai",
        "akan dicabut",
        "usulan pencabutan",
        "dalam proses pelimpahan",
        "pencabutan dibatalkan",
        "pelimpahan dari Bapas Makassar 3/3/2025",
        "sudah selesai lapor bulan ini",
        "selesai litmas 3/1/2026",
        "pernah dicabut PB 2019",
        "lulusan A.Md",
        "kontrak kerja berakhir 3/1/2026",
        "permohonan penangguhan penahanan",
        "rencana dilimpahkan ke Bapas Saumlaki tgl 5/5/2025",
        "ibunya meninggal 3/1/2026",
        "orang tua meninggal dunia",
        "mengakibatkan korban meninggal dunia",
        "membawa lari anak di bawah umur",
        "laporan dicabut oleh korban",
        "NIB lama tahun 2023 dicabut",
        "izin usaha milik istri dicabut",
        "pindah kamar ke Blok B",
        "pindah alamat ke Passo",
        "putus sekolah",
        "belum bebas",
        "usulan PB",
        "SK PB No. W.28-123 tgl 3/2/2025",
        "terancam dicabut bila tidak lapor",
        "masih aktif",
        "-",
        "",
    ] {
        assert_eq!(events(s), [], "{s}");
    }
}

#[test]
fn a_line_of_a_day_book_tells_who_came_and_who_left() {
    use Movement::*;
    for (s, m) in [
        ("Bebas CB, dijemput istri", Some(Left(ExitCode::Cb))),
        ("keluar, bebas murni", Some(Left(ExitCode::Bm))),
        ("bebas krn RK II susulan (Natal)", Some(Left(ExitCode::Rk2))),
        (
            "Diterima dari Kejari Buru, pidana 1 tahun 8 bulan",
            Some(Came),
        ),
        ("tahanan masuk (A.II)", Some(Came)),
        ("pindahan dari Rutan Ambon", Some(Came)),
        ("pindah dari Rutan Ambon", Some(Came)),
        ("dikembalikan krn SK PB dicabut", Some(Came)),
        (
            "Dipindahkan ke Lapas Ambon (srt Kakanwil)",
            Some(Left(ExitCode::Pdh)),
        ),
        ("Akan bebas PB besok, menunggu kapal", None),
        ("Keluar sidang di PN, kembali sore", None),
        ("Berobat ke RSUD, kembali jam 14.00", None),
        ("menerima Remisi tambahan 15 hari", None),
    ] {
        assert_eq!(movement(s), m, "{s}");
    }
    let pb = events("PB tgl 20/1/2026, diterima Bapas Ambon");
    assert_eq!(pb, [(Event::Left(ExitCode::Pb), "2026-01-20".into())]);
}

#[test]
fn beginnings_and_reports_are_read_from_sentences() {
    let m = Month::new(2026, 1);
    let day = |s: &str| began(s, m).day().map(|d| d.to_string()).unwrap_or_default();
    for (s, on) in [
        (
            "Sejak 3 Maret 2024 PB; 12 Januari 2026 bimbingan SELESAI.",
            "2024-03-03",
        ),
        (
            "CB mulai 2/10/25. Jan 26 wajib 2 kali, datang 2 kali.",
            "2025-10-02",
        ),
        ("Masuk tgl 19/1, lalu berhenti tgl 23/1/26", "2026-01-19"),
        ("BK (belum kompeten), mulai ikut 26/1/26", "2026-01-26"),
        ("masuk 12/1/2026", "2026-01-12"),
        (
            "CB, limpahan dari Bapas Makassar diterima 8 Jan 2026.",
            "2026-01-08",
        ),
        ("Rencana terima PB tgl 9 Februari 2026.", ""),
        ("SK PB dicabut tgl 23/1/26", ""),
        ("1/3 masa pidana", ""),
    ] {
        assert_eq!(day(s), on, "{s}");
    }
    for (s, both) in [
        ("WL 4x hadir 2x, sakit malaria", (Some(4), Some(2))),
        (
            "PB. Jan 26 wajib lapor 4, hadir 1, sudah ditegur",
            (Some(4), Some(1)),
        ),
        ("Jan 26 wajib 2 kali, datang 2 kali.", (Some(2), Some(2))),
        ("hadir 1 kali bln ini", (None, Some(1))),
        ("Wajib lapor 2x/bln.", (None, None)),
    ] {
        assert_eq!(reports(s, None), both, "{s}");
    }
    assert_eq!(
        reports("lapor 2 kali, 9/1 dan 20/1", Some(4)),
        (Some(4), Some(2))
    );
    assert_eq!(reports("wajib lapor 2 kali", None), (None, None));
    assert_eq!(
        reports("tdk lapor sama sekali", Some(2)),
        (Some(2), Some(0))
    );
    assert_eq!(reports_due("KLIEN LAMA (wajib 2 kali)"), Some(2));
    assert_eq!(reports_due("Klien lama Januari 2026"), None);
    assert_eq!(
        events("PB, keluar tgl 6/1"),
        [(Event::Left(ExitCode::Pb), "2026-01-06".into())]
    );
    assert_eq!(events("usul PB, keluar tgl 6/1"), []);
    assert_eq!(
        events("mundur tgl 14"),
        [(Event::DroppedOut, "2026-01-14".into())]
    );
    assert_eq!(
        events("sakit, keluar 14/1"),
        [],
        "of what somebody left the remarks alone do not say"
    );
}

#[test]
fn two_events_have_a_day_each() {
    let both = events("Bebas PB 3/5/2024, dicabut 7/8/2025 krn tidak lapor");
    assert_eq!(both.len(), 2);
    assert_eq!(both[0], (Event::Left(ExitCode::Pb), "2024-05-03".into()));
    assert_eq!(
        both[1],
        (Event::Revoked(RevokedTechnical), "2025-08-07".into())
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reading_panic(s in "(\\PC{0,3}|dicabut|MD|tgl|[0-9]{1,4}|[/., -]|Mei|bebas|tidak|ke Bapas){0,14}") {
        let _ = read(&s, Month::new(2026, 1));
    }
}
