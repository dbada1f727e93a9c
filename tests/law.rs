//! Why a number changed: whole runs of small offices in which one thing alone is otherwise than the month before, so that the
//! answer is known. Community service with every state, and hours beyond the limits of the law.

use reintegrasi::domain::change::{ChangeOf, ChangePart};
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{Month, Population};
use reintegrasi::protect::Audience;
use reintegrasi::run::{self, RunOptions, Silent};
use reintegrasi::workspace::{DEFAULT_TOML, Level, Workspace};
use std::collections::BTreeMap;
use std::fs;

const NAMES: [&str; 8] = [
    "RAHMAT", "YOHANIS", "SITI", "ABDUL", "MARKUS", "FATIMA", "PETRUS", "HALIMA",
];
const FAMILIES: [&str; 9] = [
    "LATUPONO",
    "WATTIMENA",
    "TUASIKAL",
    "PATTY",
    "SAHETAPY",
    "RENWARIN",
    "RUMALATU",
    "SOPACUA",
    "NURLETTE",
];

fn month(m: u32) -> Month {
    Month::new(2025, m).unwrap()
}

/// One row of a register: who (a number), admission, offence day, exit.
#[derive(Clone)]
struct Stay {
    who: u32,
    number: u32,
    admitted: &'static str,
    offence: &'static str,
    exit: Option<(&'static str, &'static str)>,
}

fn stay(who: u32) -> Stay {
    Stay {
        who,
        number: who,
        admitted: "05/11/2023",
        offence: "01/10/2023",
        exit: None,
    }
}

struct Office {
    _dir: tempfile::TempDir,
    ws: Workspace,
}

impl Office {
    fn new() -> Office {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        for d in [ws.inbox(), ws.decisions(), ws.templates()] {
            fs::create_dir_all(d).unwrap();
        }
        let lines: Vec<String> = ChangeOf::ALL
            .iter()
            .flat_map(|x| [x.parts(), x.measure()])
            .map(|m| format!("{{ measure = \"{m}\" }}"))
            .collect();
        let changes = lines
            .iter()
            .step_by(2)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        crate::common::one_table(
            &ws,
            &format!("across = \"change_part\"\nlines = [{changes}]\n"),
        );
        let office = Office { _dir: dir, ws };
        office.settings("");
        office
    }

    fn settings(&self, more: &str) {
        fs::write(self.ws.settings_file(), format!("{DEFAULT_TOML}{more}")).unwrap();
    }

    /// The register of a prison for a month.
    fn register(&self, unit: &str, title: &str, m: Month, stays: &[Stay]) {
        let name = reintegrasi::locale::month_long(Default::default(), m).to_uppercase();
        let mut text = format!("REGISTER {title}\nBULAN {name}\n");
        text.push_str("No;No Registrasi;Nama Lengkap;NIK;L/P;Tgl Lahir;Tgl Kejadian;Tgl Masuk;Pasal;Lama Pidana;Jenis Keluar;Tgl Keluar\n");
        for (i, s) in stays.iter().enumerate() {
            let k = s.who as usize;
            let (first, family) = (NAMES[k % 8], FAMILIES[(k / 8) % 9]);
            let (day, year) = (1 + s.who % 27, 60 + s.who % 39);
            let (kind, exit) = s.exit.unwrap_or_default();
            text.push_str(&format!(
                "{};B.I.{:03}/2023;{first} {family};810601{day:02}01{year:02}{:04};L;{day:02}/01/19{year:02};{};{};363 KUHP;2 tahun;{kind};{exit}\n",
                i + 1, s.number, 1 + s.who, s.offence, s.admitted,
            ));
        }
        let folder = self.ws.inbox().join(unit);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("register_{m}.csv")), text).unwrap();
    }

    fn piru(&self, m: Month, stays: &[Stay]) {
        self.register("lapas-piru", "LAPAS KELAS IIB PIRU", m, stays);
    }

    fn namlea(&self, m: Month, stays: &[Stay]) {
        self.register("lapas-namlea", "LAPAS KELAS III NAMLEA", m, stays);
    }

    /// Does a month; the parts of a change as the Kanwil is shown them.
    fn month(&self, m: Month, of: ChangeOf) -> BTreeMap<&'static str, f64> {
        let options = RunOptions {
            month: Some(m),
            ..RunOptions::default()
        };
        let done = run::run(&self.ws, &options, &Silent).unwrap();
        let (_, figures) = done
            .figures
            .into_iter()
            .find(|(a, _)| *a == Audience::Kanwil)
            .unwrap();
        let mine = figures
            .into_iter()
            .filter(|f| f.measure == of.parts() && f.population == Population::Maluku);
        mine.filter_map(|f| {
            let part = ChangePart::from_id(&f.dim1.1).unwrap();
            Some((part.id(), f.estimate?))
        })
        .collect()
    }
}

/// The part that is the whole change, where all others are nought; and by how much.
fn only(parts: &BTreeMap<&'static str, f64>) -> (&'static str, f64) {
    let steps = parts
        .iter()
        .filter(|(k, _)| !["before", "after"].contains(k));
    let moved: Vec<(&'static str, f64)> = steps
        .filter(|(_, v)| v.abs() > 1e-12)
        .map(|(k, v)| (*k, *v))
        .collect();
    assert_eq!(moved.len(), 1, "{parts:?}");
    assert!(
        (parts["after"] - parts["before"] - moved[0].1).abs() < 1e-9,
        "{parts:?}"
    );
    moved[0]
}

#[test]
fn a_late_file_alone_is_deliveries_and_releases_alone_are_movement() {
    let office = Office::new();
    let all: Vec<Stay> = (0..40).map(stay).collect();
    office.piru(month(1), &all);
    assert!(
        office.month(month(1), ChangeOf::Stock).is_empty(),
        "there is no month before"
    );
    // Namlea's register of January comes with February's of Piru; nobody moved.
    office.piru(month(2), &all);
    office.namlea(month(1), &(100..112).map(stay).collect::<Vec<_>>());
    let parts = office.month(month(2), ChangeOf::Stock);
    assert_eq!(only(&parts), ("deliveries", 12.0));
    // Seven are released in March, and nothing else happens.
    let mut march = all.clone();
    march[..7]
        .iter_mut()
        .for_each(|s| s.exit = Some(("Bebas murni", "12/03/2025")));
    office.piru(month(3), &march);
    let parts = office.month(month(3), ChangeOf::Stock);
    assert_eq!(only(&parts), ("movement", -7.0));
    // Both at once: five more late ones of February, and six released in April.
    let mut april = march.clone();
    april[7..13]
        .iter_mut()
        .for_each(|s| s.exit = Some(("Bebas murni", "02/04/2025")));
    office.piru(month(4), &april);
    office.namlea(month(2), &(100..117).map(stay).collect::<Vec<_>>());
    let parts = office.month(month(4), ChangeOf::Stock);
    assert_eq!(
        (parts["deliveries"], parts["movement"]),
        (5.0, -6.0),
        "{parts:?}"
    );
    assert_eq!(parts["after"] - parts["before"], -1.0);
    // A month done again says the same.
    assert_eq!(office.month(month(4), ChangeOf::Stock), parts);
}

#[test]
fn persons_merged_alone_are_links() {
    let office = Office::new();
    // Six rows of the register are of people who stand there already under other names and numbers.
    let all: Vec<Stay> = (0..46).map(stay).collect();
    office.piru(month(1), &all);
    office.month(month(1), ChangeOf::Stock);
    office.piru(month(2), &all);
    let settings = run::read_settings(&office.ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let lang = settings.office.language;
    let intake =
        run::read::read_inbox(&office.ws, &settings, &units, Some(month(2)), lang, &Silent)
            .unwrap();
    let (links, trained) = run::linked(&office.ws, &settings, &intake, lang, &Silent).unwrap();
    let mut decisions = String::from("a,b,decision\n");
    for i in 0..6u32 {
        let pair = trained.between(&links, i, 40 + i).unwrap().pair.unwrap();
        decisions.push_str(&format!(
            "{},{},same\n",
            pair.fingerprints.0, pair.fingerprints.1
        ));
    }
    fs::write(office.ws.decisions().join("pasangan.csv"), decisions).unwrap();
    let parts = office.month(month(2), ChangeOf::Stock);
    assert_eq!(only(&parts), ("links", -6.0), "{parts:?}");
}

#[test]
fn another_window_alone_is_definition() {
    let office = Office::new();
    // Sixty are released in October 2023; twelve come back after eight months, six after two.
    let mut stays: Vec<Stay> = (0..60)
        .map(|who| Stay {
            admitted: "05/11/2021",
            offence: "01/10/2021",
            exit: Some(("Bebas murni", "10/10/2023")),
            ..stay(who)
        })
        .collect();
    let back = |who: u32, admitted, offence| Stay {
        number: 500 + who,
        admitted,
        offence,
        ..stay(who)
    };
    stays.extend((0..12).map(|who| back(who, "15/06/2024", "10/06/2024")));
    stays.extend((12..18).map(|who| back(who, "15/12/2023", "10/12/2023")));
    // October's releases are in the yearly cohort of both windows in October and in November of the year after.
    office.piru(Month::new(2024, 10).unwrap(), &stays);
    let first = office.month(Month::new(2024, 10).unwrap(), ChangeOf::Return);
    assert!(first.is_empty());
    office.piru(Month::new(2024, 11).unwrap(), &stays);
    let window = DEFAULT_TOML.contains("headline_window = 12");
    assert!(window, "the default is twelve months");
    let text = DEFAULT_TOML.replace("headline_window = 12", "headline_window = 6");
    fs::write(office.ws.settings_file(), text).unwrap();
    let parts = office.month(Month::new(2024, 11).unwrap(), ChangeOf::Return);
    assert_eq!(only(&parts).0, "definition", "{parts:?}");
    assert!((parts["before"] - 18.0 / 60.0).abs() < 1e-9, "{parts:?}");
    assert!((parts["after"] - 6.0 / 60.0).abs() < 1e-9, "{parts:?}");
}

/// A list of community service of one agency, and what a run makes of it.
#[test]
fn community_service_stands_in_every_state_and_hours_beyond_the_law_are_said() {
    let office = Office::new();
    crate::common::one_table(
        &office.ws,
        "lines = [{ measure = \"community_service_state\", rows = \"work_state\" }, { measure = \"community_service_breaches\", rows = \"breach\" }, { measure = \"community_service_placed\" }, { measure = \"community_service_pace\" }]\n",
    );
    let rows = [
        // Ordered, start unknown; done; under way and on pace; under way and behind; beyond six months.
        (
            "1;DANIEL TUHUTERU;8171010101900001",
            ";100;0;4;;;belum mulai;",
        ),
        (
            "2;RUDI LATUPONO;8171010201900002",
            "01/07/2025;80;80;8;TPU Taman Makmur;20/09/2025;selesai;",
        ),
        (
            "3;MARKUS PATTY;8171010301900003",
            "01/10/2025;120;90;8;Kantor DLH;;berjalan;",
        ),
        (
            "4;YOHAN SOPACUA;8171010401900004",
            "01/08/2025;120;10;8;Kantor DLH;;berjalan;",
        ),
        (
            "5;PETRUS NURLETTE;8171010501900005",
            "01/03/2025;120;60;8;Kantor DLH;;berjalan;",
        ),
        // Not done: nothing known; repeated; prison; fine.
        (
            "6;ABDUL TUASIKAL;8171010601900006",
            "01/10/2025;40;0;8;Kantor DLH;;tidak menjalani;",
        ),
        (
            "7;HASAN RENWARIN;8171010701900007",
            "01/10/2025;40;0;8;Kantor DLH;;;melanggar, diulang",
        ),
        (
            "8;JAMAL RUMALATU;8171010801900008",
            "01/10/2025;40;0;8;Kantor DLH;;;melanggar, menjalani pidana penjara",
        ),
        (
            "9;SIMON SAHETAPY;8171010901900009",
            "01/10/2025;40;0;8;Kantor DLH;;;denda dibayar",
        ),
        // 7 hours, 241 hours, 9 hours a day.
        (
            "10;ALFRED WATTIMENA;8171011001900010",
            "01/12/2025;7;0;4;Kantor DLH;;berjalan;",
        ),
        (
            "11;OKTO LEKATOMPESSY;8171011101900011",
            "01/12/2025;241;0;8;Kantor DLH;;berjalan;",
        ),
        (
            "12;WILLEM TOISUTA;8171011201900012",
            "01/12/2025;100;0;9;Kantor DLH;;berjalan;",
        ),
    ];
    let mut text = String::from(
        "DINAS LINGKUNGAN HIDUP KOTA AMBON\nPELAKSANAAN PIDANA KERJA SOSIAL BULAN DESEMBER 2025\n",
    );
    text.push_str("No;Nama Terpidana;NIK;Tgl Mulai;Jam Putusan;Jam Terpenuhi;Jam per Hari;Lokasi Penempatan;Tgl Selesai;Status;Keterangan\n");
    for (who, what) in rows {
        text.push_str(&format!("{who};{what}\n"));
    }
    let folder = office.ws.inbox().join("opd");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("dlh_kerja_sosial_2025-12.csv"), text).unwrap();
    let december = Month::new(2025, 12).unwrap();
    let settings = run::read_settings(&office.ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let lang = settings.office.language;
    let intake =
        run::read::read_inbox(&office.ws, &settings, &units, Some(december), lang, &Silent)
            .unwrap();
    let said = |rule: &str| -> Vec<String> {
        let mine = intake.issues.iter().filter(|i| i.rule == rule);
        mine.map(|i| i.row.map_or_else(String::new, |r| (r + 1).to_string()))
            .collect()
    };
    assert_eq!(said("clean.work_hours"), ["13", "14"], "7 and 241 hours");
    assert_eq!(said("clean.work_day"), ["15"], "nine hours a day");
    assert_eq!(
        said("clean.work_six_months"),
        ["8"],
        "a list of the tenth month"
    );
    assert_eq!(intake.records.community_service.len(), 12);

    // Internal readers see these whole: small numbers stand here as they are.
    let own = "whole = [\n  \"community_service_state\", \"community_service_breaches\", \"community_service_placed\", \"community_service_pace\",";
    let settings = DEFAULT_TOML.replace("whole = [", own);
    fs::write(office.ws.settings_file(), settings).unwrap();
    let options = RunOptions {
        month: Some(december),
        ..RunOptions::default()
    };
    run::run(&office.ws, &options, &Silent).unwrap();
    let text = reintegrasi::workspace::read_state(
        &office.ws.state().join("published/weighed/2025-12.json"),
    );
    let issue: reintegrasi::run::published::Issue =
        serde_json::from_slice(&text.unwrap().unwrap()).unwrap();
    let figures: Vec<_> = issue.of(Level::Internal).collect();
    let number = |measure: &str, category: &str| {
        let f = figures.iter().find(|f| {
            f.measure == measure && f.population == Population::Maluku && f.dim1.1 == category
        });
        f.map(|f| (f.numerator.unwrap_or_default(), f.denominator))
    };
    let state = |k: &str| number("community_service_state", k).unwrap().0;
    assert_eq!(
        ["ordered", "running", "overdue", "completed", "breached"].map(state),
        [1.0, 5.0, 1.0, 1.0, 4.0]
    );
    let breach = |k: &str| number("community_service_breaches", k).unwrap().0;
    assert_eq!(
        ["open", "repeated", "imprisoned", "paid"].map(breach),
        [1.0; 4]
    );
    assert_eq!(
        number("community_service_placed", ""),
        Some((11.0, Some(12.0)))
    );
    // Of five under way one has done three quarters of its hours in half of its time.
    assert_eq!(number("community_service_pace", ""), Some((1.0, Some(5.0))));
}
