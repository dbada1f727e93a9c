//! How offices write what the law distinguishes: register numbers, articles, ways out, services.

use super::*;

pub(super) fn register(style: u8, class: RegisterClass, n: u32, from: NaiveDate) -> String {
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

pub(super) fn offence(
    o: OffenceGroup,
    d: &mut Dice,
    new_code: bool,
) -> (&'static str, &'static str) {
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

pub(super) fn exit_words(x: ExitCode, d: &mut Dice, to: Option<&str>) -> String {
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

pub(super) fn service_words(k: ServiceKind) -> &'static str {
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

pub(super) fn state_words(s: ServiceState) -> &'static str {
    match s {
        ServiceState::Completed => "Selesai",
        ServiceState::DroppedOut => "Putus",
        ServiceState::Moved => "Bebas",
        ServiceState::Started => "Berjalan",
        _ => "Dirujuk",
    }
}
