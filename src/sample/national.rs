//! Names of the whole country, for samples of more people than a province has names for: composed as Javanese,
//! Sundanese, Balinese, Batak and eastern names are, frequent ones drawn far more often than rare ones.

use super::dice::Dice;
use super::names::lists::{
    FEMALE_CHRISTIAN, FEMALE_MUSLIM, JAVA_FEMALE, MALE_CHRISTIAN, MALE_MUSLIM, SECOND,
};
use super::names::{Names, call_name};
use crate::domain::Sex;

const JAVA_START: &[&str] = &[
    "Su", "Har", "Mul", "Wi", "Pur", "Sar", "Kus", "Dar", "Kar", "Mar", "War", "Sis", "Tri", "Sum",
    "Pon", "Gun", "Bud", "Jok", "Ris", "Yul", "Sud", "Nur", "Rus", "Sug", "Par", "Tug", "Wid",
    "Sat", "Jat", "Sun",
];
const JAVA_END: &[&str] = &[
    "yanto", "yono", "yadi", "manto", "tono", "darto", "sono", "djono", "wanto", "harto",
    "priyono", "giyanto", "roso", "norejo", "miran", "jiman", "kiman", "tarno", "yatno", "naryo",
    "tejo", "wardi", "nardi", "marwan", "iyanto", "budi", "biyanto", "gianto", "hadi", "prapto",
    "santo",
];
const MODERN: &[&str] = &[
    "Agus", "Budi", "Andi", "Rizky", "Dedi", "Eko", "Hendra", "Joko", "Bayu", "Dimas", "Fajar",
    "Rudi", "Wahyu", "Arif", "Irfan", "Yusuf", "Ilham", "Aditya", "Bagus", "Bambang", "Dwi",
    "Feri", "Galih", "Heri", "Indra", "Krisna", "Lukman", "Nanang", "Oki", "Putra", "Rendi",
    "Sandi", "Teguh", "Usman", "Vino", "Yogi", "Zainal", "Asep", "Dadang", "Ujang", "Cecep",
    "Deden", "Iwan", "Tatang", "Maman", "Yayan", "Gilang", "Rian", "Reza", "Aldi", "Rahmat",
    "Taufik", "Anwar", "Didik", "Slamet", "Edi", "Endra", "Firman", "Guntur", "Hasan", "Imam",
    "Jefri", "Kurnia", "Latif", "Mahmud", "Noval",
];
const MODERN_FEMALE: &[&str] = &[
    "Dewi", "Sri", "Siti", "Rina", "Yuni", "Lestari", "Ratna", "Wulan", "Ani", "Fitri", "Indah",
    "Maya", "Nining", "Putri", "Rini", "Sari", "Tuti", "Wati", "Yanti", "Ayu", "Dian", "Eka",
    "Lia", "Mega", "Novi", "Ria", "Titin", "Vina", "Winda", "Yulia", "Euis", "Imas", "Neneng",
    "Lilis",
];
const LAST: &[&str] = &[
    "Saputra",
    "Setiawan",
    "Hidayat",
    "Kurniawan",
    "Nugroho",
    "Prasetyo",
    "Wibowo",
    "Santoso",
    "Susanto",
    "Gunawan",
    "Wijaya",
    "Firmansyah",
    "Permana",
    "Ramadhan",
    "Maulana",
    "Suherman",
    "Sutisna",
    "Hermawan",
    "Supriadi",
    "Mulyadi",
    "Iskandar",
    "Fauzi",
    "Hakim",
    "Purnomo",
    "Utomo",
    "Handoko",
    "Budiman",
    "Suryana",
    "Rohman",
    "Hasibuan",
    "Lubis",
    "Nasution",
    "Siregar",
    "Harahap",
    "Simanjuntak",
    "Sihombing",
    "Sinaga",
    "Manurung",
    "Situmorang",
    "Tampubolon",
    "Ginting",
    "Sembiring",
    "Tarigan",
    "Purba",
    "Saragih",
    "Nainggolan",
    "Hutapea",
    "Siagian",
    "Sitorus",
    "Marpaung",
    "Panggabean",
    "Tobing",
    "Chaniago",
    "Piliang",
    "Koto",
    "Tanjung",
    "Sikumbang",
    "Mandagi",
    "Lumentut",
    "Rompas",
    "Wowor",
    "Pangkey",
    "Tumbel",
    "Kaunang",
    "Supit",
    "Walangitan",
    "Daeng Ngawing",
    "Daeng Sila",
    "Mappanyukki",
    "Pattola",
    "Bahtiar",
    "Ruslan",
    "Syahrir",
    "Amiruddin",
];
const BALI_ORDER: &[&str] = &[
    "Wayan", "Made", "Nyoman", "Ketut", "Putu", "Gede", "Kadek", "Komang",
];
const BALI_START: &[&str] = &[
    "Su", "Wi", "Ar", "Sud", "Mer", "Ad", "Yas", "Pas", "Kar", "Dar", "Suk", "Sut", "Wir", "Jay",
];
const BALI_END: &[&str] = &[
    "ardana", "arta", "adnyana", "iasa", "ayasa", "astawa", "artika", "endra", "iana", "erta",
    "ama", "atmaja", "awan", "ika", "eksa", "antara",
];
const EAST_START: &[&str] = &[
    "Ra", "La", "Tu", "Ma", "Wa", "Sa", "Le", "Ke", "Nu", "So", "Ta", "Pa", "Ha", "Lo", "Si", "Ku",
    "Be", "Do", "Fe", "Ga", "Wo", "Ye", "Na", "Mo",
];
const EAST_MIDDLE: &[&str] = &[
    "ha", "ti", "la", "ma", "ru", "wa", "tu", "li", "re", "ni", "ku", "sa", "pu", "to", "ka", "lo",
    "bi", "ngge", "ra", "de",
];
const EAST_END: &[&str] = &[
    "ratu", "pessy", "lessy", "kotta", "mury", "nussa", "putty", "lohy", "batan", "rissa", "henu",
    "malea", "meten", "wael", "bun", "dao", "kore", "wolo", "ndari", "fun", "tahu", "leki", "mau",
    "bria", "seran", "nahak", "taek", "lay", "manu", "keli",
];

/// One of a list, the first ones far more often than the last.
fn skewed(d: &mut Dice, items: &[&'static str]) -> &'static str {
    let x = d.unit();
    items[((x * x * items.len() as f64) as usize).min(items.len() - 1)]
}

fn composed(d: &mut Dice, parts: &[&[&'static str]]) -> String {
    parts.iter().map(|p| skewed(d, p)).collect()
}

/// Names for one person.
pub(crate) fn draw(d: &mut Dice, sex: Sex) -> Names {
    let male = sex == Sex::Male;
    let given = |d: &mut Dice, men: &[&'static str], women: &[&'static str]| {
        skewed(d, if male { men } else { women }).to_owned()
    };
    let mut words: Vec<String> = Vec::with_capacity(4);
    match d.below(100) {
        // Javanese: often one name alone.
        0..=24 => {
            words.push(if male {
                composed(d, &[JAVA_START, JAVA_END])
            } else {
                skewed(d, JAVA_FEMALE).to_owned()
            });
            if d.chance(0.65) {
                words.push(match d.chance(0.4) {
                    true => composed(d, &[JAVA_START, JAVA_END]),
                    false => skewed(d, LAST).to_owned(),
                });
            }
        }
        25..=54 => {
            words.push(given(d, MODERN, MODERN_FEMALE));
            if d.chance(0.45) {
                words.push(given(d, MALE_MUSLIM, FEMALE_MUSLIM));
            }
            words.push(skewed(d, LAST).to_owned());
        }
        55..=69 => {
            words.push(given(d, MALE_MUSLIM, FEMALE_MUSLIM));
            words.push(given(d, MODERN, MODERN_FEMALE));
            if d.chance(0.6) {
                words.push(skewed(d, LAST).to_owned());
            }
        }
        70..=74 => {
            words.push(if male { "I" } else { "Ni" }.to_owned());
            words.push(skewed(d, BALI_ORDER).to_owned());
            words.push(composed(d, &[BALI_START, BALI_END]));
            if d.chance(0.2) {
                words.push(skewed(d, MODERN).to_owned());
            }
        }
        _ => {
            words.push(given(d, MALE_CHRISTIAN, FEMALE_CHRISTIAN));
            let second = skewed(d, SECOND);
            if !second.is_empty() && words[0] != second {
                words.push(second.to_owned());
            }
            words.push(composed(d, &[EAST_START, EAST_MIDDLE, EAST_END]));
        }
    }
    words.dedup();
    let alias = call_name(d, sex);
    let fam = if words.len() > 1 { words.pop() } else { None };
    let full = words.iter().chain(&fam).map(String::as_str);
    Names {
        full: full.collect::<Vec<_>>().join(" "),
        fam: fam.clone().unwrap_or_default(),
        alias,
    }
}
