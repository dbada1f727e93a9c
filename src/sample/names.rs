//! Names as they are borne in Maluku (DOMAIN.md 1.10). Knows nothing of how offices mistype them.

use super::dice::Dice;
use crate::domain::Sex;

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // names for other provinces wait for their units
pub(crate) enum Origin {
    /// Ambon, Lease, Seram: fam last, Christian given names.
    MoluccanChristian,
    /// The same islands: fam last, Muslim given names.
    MoluccanMuslim,
    /// Butonese: La / Wa before the name.
    Butonese,
    /// Kei, Tanimbar, Aru, Babar.
    SouthEast,
    /// Javanese, often one name.
    Javanese,
    /// Bugis and Makassar.
    Bugis,
    /// Elsewhere in Indonesia (generated provinces).
    General,
    /// A foreign fisherman.
    Foreign,
}

pub(super) const FAM_CHRISTIAN: &[&str] = &[
    "Latumahina",
    "Pattiasina",
    "Wattimena",
    "Toisuta",
    "Leatemia",
    "Manuhutu",
    "Tahapary",
    "Sahetapy",
    "Nanlohy",
    "Matulessy",
    "Pattinama",
    "Lekatompessy",
    "Siahaya",
    "Tuhumury",
    "Picauly",
    "Latuheru",
    "Tomatala",
    "Salhuteru",
    "Pelupessy",
    "Soplanit",
    "Rumahorbo",
    "Hehanussa",
    "Wattimury",
    "Titaley",
    "Souisa",
    "Louhenapessy",
    "Kakisina",
    "Tutuhatunewa",
    "Parinussa",
    "Maitimu",
    "Risakotta",
    "Noya",
    "de Fretes",
    "van Harling",
    "Ririhena",
    "Huwae",
    "Lawalata",
    "Sapulette",
    "Tehupeiory",
    "Haumahu",
    "Supusepa",
    "Manusama",
    "Sopamena",
    "Rehatta",
    "Lilipaly",
    "Tamaela",
    "Saimima",
    "Hitipeuw",
    "Akihary",
    "Pesulima",
    "Nikijuluw",
    "Apituley",
    "Pattipeilohy",
    "Timisela",
    "Latupeirissa",
    "Mailoa",
    "Sinanu",
    "Watloly",
    "Talahatu",
    "Leiwakabessy",
    "Kastanya",
    "Istia",
    "Tanamal",
    "Siwabessy",
];
pub(super) const FAM_MUSLIM: &[&str] = &[
    "Latuconsina",
    "Pelu",
    "Tuasikal",
    "Marasabessy",
    "Ohorella",
    "Sangadji",
    "Salampessy",
    "Tuanaya",
    "Lestaluhu",
    "Tuharea",
    "Nahumarury",
    "Umarella",
    "Ely",
    "Wael",
    "Tehuayo",
    "Rumakat",
    "Rumain",
    "Kelian",
    "Tomagola",
    "Assagaf",
    "Hatala",
    "Lessy",
    "Mahulauw",
    "Malawat",
    "Nurlette",
    "Patty",
    "Rehalat",
    "Sopalatu",
    "Tuahuns",
    "Tuasamu",
    "Wakano",
    "Suneth",
    "Rumaday",
    "Kaliky",
    "Selano",
    "Bugis",
    "Tuny",
    "Soumena",
    "Rumadan",
    "Samal",
    "Kilwouw",
    "Buton",
];
pub(super) const FAM_SOUTH_EAST: &[&str] = &[
    "Renwarin",
    "Rahakbauw",
    "Batlayeri",
    "Rahayaan",
    "Renyaan",
    "Ohoiwutun",
    "Fordatkosu",
    "Sarkol",
    "Kabalmay",
    "Refra",
    "Ngamel",
    "Letsoin",
    "Jamlaay",
    "Labobar",
    "Batmomolin",
    "Fenanlampir",
    "Silubun",
    "Yamlean",
    "Lakburlawal",
    "Gainau",
    "Djabumir",
    "Apalem",
    "Karelau",
    "Unawekla",
    "Letelay",
    "Rupilu",
    "Frans",
    "Sairwona",
    "Warawarin",
    "Somnaikubun",
];
pub(super) const MALE_CHRISTIAN: &[&str] = &[
    "Johanis",
    "Yohanes",
    "Melkias",
    "Petrus",
    "Paulus",
    "Stevanus",
    "Alfredo",
    "Bodewin",
    "Ronald",
    "Jefry",
    "Hendrik",
    "Marthinus",
    "Franky",
    "Ricky",
    "Simon",
    "Elias",
    "Yakob",
    "Semuel",
    "Daniel",
    "Denny",
    "Roberth",
    "Jhon",
    "Rivaldo",
    "Glen",
    "Christian",
    "Ferdinand",
    "Agustinus",
    "Markus",
    "Lukas",
    "Jopie",
    "Max",
    "Oktovianus",
    "Abraham",
    "Izak",
    "Dominggus",
    "Victor",
    "Julius",
    "Gerald",
    "Novan",
    "Reinhard",
    "Edwin",
    "Welhelmus",
    "Piter",
    "Josias",
    "Nelson",
];
pub(super) const FEMALE_CHRISTIAN: &[&str] = &[
    "Maria",
    "Margareth",
    "Yuliana",
    "Catherina",
    "Dorce",
    "Elisabeth",
    "Martha",
    "Sarlota",
    "Olivia",
    "Grace",
    "Fransina",
    "Ester",
    "Yohana",
    "Debora",
    "Merry",
    "Lisbeth",
    "Novita",
    "Christina",
    "Adriana",
    "Juliet",
    "Ribka",
    "Welmince",
    "Sintia",
];
pub(super) const MALE_MUSLIM: &[&str] = &[
    "Abdul Rahman",
    "Muhammad",
    "Ahmad",
    "Ismail",
    "Abdullah",
    "Hasan",
    "Husein",
    "Ibrahim",
    "Yusuf",
    "Umar",
    "Usman",
    "Rahmat",
    "Rizal",
    "Fadli",
    "Irwan",
    "Arman",
    "Jamaludin",
    "Saiful",
    "Sahrul",
    "Taufik",
    "Hamid",
    "Abdul Gani",
    "Faisal",
    "Ridwan",
    "Anwar",
    "Syarif",
    "Mansur",
    "Samsul",
    "Ilham",
    "Fahri",
    "Rifaldi",
    "Hamza",
    "Kasim",
    "Junaidi",
    "Burhan",
];
pub(super) const FEMALE_MUSLIM: &[&str] = &[
    "Siti Aminah",
    "Fatimah",
    "Nurhayati",
    "Aisyah",
    "Rahmawati",
    "Halimah",
    "Sitti Hajar",
    "Maryam",
    "Nur Ain",
    "Saadiah",
    "Hasnah",
    "Wati",
    "Ramlah",
    "Jumiati",
    "Salma",
    "Khadijah",
    "Asmawati",
    "Nurjanah",
    "Sarifa",
    "Hawa",
];
pub(super) const SECOND: &[&str] = &[
    "",
    "",
    "",
    "",
    "Rizki",
    "Saputra",
    "Putra",
    "Jaya",
    "Alexander",
    "Marlon",
    "Fernando",
    "Leonard",
    "Samuel",
    "Ardi",
    "Fajar",
    "Rafli",
];
const BUTON_MALE: &[&str] = &[
    "Ode Rinaldi",
    "Ode Hasan",
    "Baco",
    "Jumadi",
    "Ode Muchlis",
    "Hamidi",
    "Sudirman",
    "Ode Safrin",
    "Ramli",
    "Kamaludin",
    "Ode Arfan",
    "Udin",
    "Hardin",
    "Rusli",
    "Ode Syamsul",
    "Ahmadi",
    "Ido",
    "Anto",
    "Sarman",
    "Ode Bakri",
    "Ruslan",
    "Ardin",
];
const BUTON_FEMALE: &[&str] = &[
    "Ode Sitti",
    "Ani",
    "Ode Nurmala",
    "Mina",
    "Sarimu",
    "Ode Hasna",
    "Jariah",
    "Fatma",
    "Ode Rahma",
    "Suriani",
    "Ija",
    "Ana",
];
const BUTON_LAST: &[&str] = &[
    "", "", "", "Muchlis", "Hamid", "Tomia", "Saidi", "Ahmad", "Rahim", "Karim", "Idrus", "Sahidu",
];
const JAVA_MALE: &[&str] = &[
    "Sutrisno",
    "Slamet Riyadi",
    "Agus Setiawan",
    "Suparman",
    "Bambang Wijaya",
    "Joko Susilo",
    "Supriyadi",
    "Wahyudi",
    "Eko Prasetyo",
    "Sugiarto",
    "Mulyono",
    "Tri Haryanto",
    "Dwi Santoso",
    "Sukardi",
    "Sumarno",
    "Heri Kuswanto",
    "Budi Utomo",
];
pub(super) const JAVA_FEMALE: &[&str] = &[
    "Sri Wahyuni",
    "Suparmi",
    "Endang Lestari",
    "Siti Khotimah",
    "Sulastri",
    "Tri Astuti",
    "Ningsih",
    "Rini Handayani",
];
const BUGIS_MALE: &[&str] = &[
    "Andi Rustam",
    "Baso",
    "Muh. Arsyad",
    "Daeng Naba",
    "Andi Akbar",
    "Muhammad Tahir",
    "Sampara",
    "Ambo Tuo",
    "Syamsuddin",
];
const BUGIS_FEMALE: &[&str] = &[
    "Andi Tenri",
    "Hasnawati",
    "Daeng Ngai",
    "Besse",
    "Nurlaela",
    "Andi Rosmini",
];
const BUGIS_LAST: &[&str] = &[
    "", "", "Mappa", "Dg. Sila", "Tahir", "Makkulau", "Nur", "Saleh", "Rahman",
];
pub(super) const GENERAL_LAST: &[&str] = &[
    "Siregar",
    "Nasution",
    "Simanjuntak",
    "Hutagalung",
    "Harahap",
    "Ginting",
    "Lubis",
    "Sitompul",
    "Tarigan",
    "Manurung",
    "Kusuma",
    "Wijaya",
    "Santoso",
    "Pratama",
    "Hidayat",
    "Nugroho",
    "Setiawan",
    "Rahayu",
    "Maulana",
    "Firmansyah",
    "Kurniawan",
    "Gunawan",
    "Saputro",
    "Permana",
    "Ramadhan",
    "Hakim",
    "Mahendra",
    "Wibowo",
    "Suryadi",
    "Iskandar",
    "Siahaan",
    "Pasaribu",
    "Lumban Gaol",
    "Pane",
    "Rangkuti",
    "Batubara",
    "Daulay",
    "Pohan",
    "Matondang",
    "Panjaitan",
    "",
    "",
    "",
    "",
];
const FOREIGN: &[&str] = &[
    "Nguyen Van Thanh",
    "Tran Quoc Bao",
    "Somchai Boonmee",
    "Aung Kyaw Min",
    "Le Van Hai",
    "Zaw Myo Htet",
    "Prasert Saelim",
];
const CALL_NAMES: &[&str] = &[
    "Ateng", "Buce", "Nyong", "Ucu", "Abang", "Ongen", "Boy", "Pace", "Utu", "Rio", "Aco", "Opa",
    "Kace", "Unyil", "Bram", "Tete",
];

/// A person's names.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// Full name.
    pub(crate) full: String,
    /// Call name, when people use one.
    pub(crate) alias: Option<&'static str>,
}

fn join(a: &str, b: &str) -> String {
    if b.is_empty() {
        a.to_owned()
    } else {
        format!("{a} {b}")
    }
}

fn one(d: &mut Dice, origin: Origin, sex: Sex, fam: &str) -> String {
    let male = sex == Sex::Male;
    match origin {
        Origin::MoluccanChristian | Origin::SouthEast => {
            let first = d.pick(if male {
                MALE_CHRISTIAN
            } else {
                FEMALE_CHRISTIAN
            });
            let second = if d.chance(0.3) {
                d.pick(if male {
                    MALE_CHRISTIAN
                } else {
                    FEMALE_CHRISTIAN
                })
            } else {
                d.pick(SECOND)
            };
            join(
                &if second == first {
                    (*first).to_owned()
                } else {
                    join(first, second)
                },
                fam,
            )
        }
        Origin::MoluccanMuslim => {
            let first = d.pick(if male { MALE_MUSLIM } else { FEMALE_MUSLIM });
            let second = if male && first == "Muhammad" {
                d.pick(&MALE_MUSLIM[2..])
            } else {
                ""
            };
            join(&join(first, second), fam)
        }
        Origin::Butonese => {
            let (mark, pool) = if male {
                ("La", BUTON_MALE)
            } else {
                ("Wa", BUTON_FEMALE)
            };
            join(&format!("{mark} {}", d.pick(pool)), fam)
        }
        Origin::Javanese => (*d.pick(if male { JAVA_MALE } else { JAVA_FEMALE })).to_owned(),
        Origin::Bugis => join(d.pick(if male { BUGIS_MALE } else { BUGIS_FEMALE }), fam),
        Origin::General => {
            let pools: [&[&str]; 3] = if male {
                [MALE_CHRISTIAN, MALE_MUSLIM, JAVA_MALE]
            } else {
                [FEMALE_CHRISTIAN, FEMALE_MUSLIM, JAVA_FEMALE]
            };
            let first = d.pick(d.clone().pick(&pools));
            let second = d.pick(SECOND);
            join(&join(first, second), fam)
        }
        Origin::Foreign => (*d.pick(FOREIGN)).to_owned(),
    }
}

/// Names for one person and the parents.
pub(crate) fn draw(d: &mut Dice, origin: Origin, sex: Sex) -> Names {
    let fam: &str = match origin {
        Origin::MoluccanChristian => d.pick(FAM_CHRISTIAN),
        Origin::MoluccanMuslim => d.pick(FAM_MUSLIM),
        Origin::SouthEast => d.pick(FAM_SOUTH_EAST),
        Origin::Butonese => d.pick(BUTON_LAST),
        Origin::Bugis => d.pick(BUGIS_LAST),
        Origin::General => d.pick(GENERAL_LAST),
        Origin::Javanese | Origin::Foreign => "",
    };
    let mut full = one(d, origin, sex, fam);
    if matches!(origin, Origin::MoluccanMuslim | Origin::Bugis)
        && !full.contains("Abdul")
        && d.chance(0.12)
    {
        let father = d.pick(MALE_MUSLIM);
        full = format!(
            "{full} {} {father}",
            if sex == Sex::Male { "bin" } else { "binti" }
        );
    }
    let alias = call_name(d, sex);
    // Parents are drawn, so that what comes after keeps its dice, though no office here writes them.
    for sex in [Sex::Male, Sex::Female] {
        let _ = one(d, origin, sex, fam);
    }
    Names { full, alias }
}

/// A call name, for the men who go by one.
pub(crate) fn call_name(d: &mut Dice, sex: Sex) -> Option<&'static str> {
    (sex == Sex::Male && d.chance(0.14)).then(|| d.pick(CALL_NAMES))
}
