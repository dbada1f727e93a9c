//! Units, agencies and residences by name (docs/definitions.md 1, 4).

use super::text::{Phrases, has, is_placeholder, normal};
use crate::domain::Upt;
use crate::domain::opd::OPDS;
use crate::domain::region::{
    AMBON, DISTRICTS, District, REGENCIES, Regency, Residence, VILLAGES, Village,
};
use crate::domain::upt::{UptKind, UptRegistry};
use crate::domain::words::office_form;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Finds units by any spelling; built once per run.
#[derive(Debug, Clone)]
pub struct Units {
    /// Longest form first: (form, unit).
    forms: Vec<(String, Upt)>,
    /// Town of every prison.
    towns: Vec<(String, Upt)>,
}

impl Units {
    /// All spellings of all units.
    pub fn new(registry: &UptRegistry) -> Units {
        let mut forms = Vec::new();
        for (upt, u) in registry.all() {
            let place = u.name.rsplit(' ').next().unwrap_or_default();
            let short = format!("{} {place}", u.kind.id());
            for name in std::iter::once(&u.name)
                .chain(&u.aliases)
                .chain([&short, &u.id])
            {
                forms.push((office_form(name), upt));
            }
            if u.kind == UptKind::Bapas {
                forms.push((office_form(&format!("bapas {place}")), upt));
            }
            let other = crate::domain::upt::other_kinds(registry, u);
            forms.extend(other.map(|n| (office_form(&n), upt)));
        }
        forms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
        forms.dedup();
        let prisons = registry.all().filter(|(_, u)| u.kind != UptKind::Bapas);
        let town = |name: &str| normal(name.rsplit(' ').next().unwrap_or_default());
        let towns = prisons.map(|(upt, u)| (town(&u.name), upt)).collect();
        Units { forms, towns }
    }

    /// The only prison of a town that a text names: `pindahan Masohi`.
    pub fn prison_of_town(&self, s: &str) -> Option<Upt> {
        let n = normal(s);
        let mut named = (self.towns.iter()).filter(|(town, _)| super::text::has(&n, town));
        let first = named.next()?;
        named.next().is_none().then_some(first.1)
    }

    /// The unit a text names.
    pub fn find(&self, s: &str) -> Option<Upt> {
        if is_placeholder(s) {
            return None;
        }
        let n = office_form(s);
        self.forms
            .iter()
            .find(|(f, _)| n.contains(f.as_str()))
            .map(|(_, u)| *u)
    }
}

/// The agency a text names; `upt` for a prison's own programme.
pub fn agency(s: &str, extra: &BTreeMap<String, String>) -> Option<String> {
    if is_placeholder(s) {
        return None;
    }
    let n = format!(" {} ", normal(s));
    let names = OPDS
        .iter()
        .flat_map(|(id, name, aliases)| {
            std::iter::once(*name)
                .chain(aliases.iter().copied())
                .map(move |a| (*id, a))
        })
        .chain(extra.iter().map(|(id, a)| (id.as_str(), a.as_str())));
    let best = names
        .filter(|(id, a)| n.contains(&format!(" {} ", normal(a))) || normal(id) == n.trim())
        .max_by_key(|(_, a)| a.len());
    best.map(|(id, _)| id.to_owned()).or_else(|| {
        let unit = [" lapas ", " rutan ", " lpka ", " lpp ", " giatja ", " upt "]
            .iter()
            .any(|w| n.contains(w));
        unit.then(|| "upt".to_owned())
    })
}

/// Spellings of villages and quarters that are not in the list of names.
const VILLAGE_ALIASES: &[(&str, &str)] = &[
    ("paso", "passo"),
    ("hutumuri", "hutumury"),
    ("rumahtiga", "rumah tiga"),
    ("karpan", "karang panjang"),
    ("kuda mati", "kudamati"),
    ("halong baru", "halong"),
    ("halong atas", "halong"),
    ("kebun cengkeh", "batu merah"),
    ("hunut", "hunuth"),
    ("durian patah", "hunuth"),
    ("batumerah", "batu merah"),
    ("batumeja", "batu meja"),
    ("batugajah", "batu gajah"),
    ("air besar", "batu merah"),
    ("stain", "batu merah"),
];

const DISTRICT_ALIASES: &[(&str, &str)] = &[
    ("teluk ambon baguala", "baguala"),
    ("t a baguala", "baguala"),
    ("ta baguala", "baguala"),
    ("baguala", "baguala"),
    ("leitimur selatan", "leitimur-selatan"),
    ("leitisel", "leitimur-selatan"),
    ("teluk ambon", "teluk-ambon"),
    ("sirimau", "sirimau"),
    ("nusaniwe", "nusaniwe"),
];

/// Residence from an address and, when there, its parts. Where the parts are silent the address is searched.
pub fn residence(address: &str, village: &str, district: &str, regency: &str) -> Residence {
    let mut out = Residence::default();
    let part = |s: &str| {
        if is_placeholder(s) {
            String::new()
        } else {
            normal(s)
        }
    };
    let (a, v, d, r) = (part(address), part(village), part(district), part(regency));
    let ambon = Regency::of(AMBON);
    out.regency = regency_in(&r)
        .or_else(|| regency_in(&a))
        .map(Regency::of)
        .unwrap_or_default();
    if out.regency.is_known() && out.regency != ambon {
        return out;
    }
    out.district = district_in(&d, true).or_else(|| district_in(&a, false));
    out.village =
        village_in(&v, out.district, true).or_else(|| village_in(&a, out.district, false));
    if out.district.is_none()
        && let Some(Village(i)) = out.village
    {
        let code = &VILLAGES[i as usize].0[..6];
        out.district = DISTRICTS
            .iter()
            .position(|(c, ..)| *c == code)
            .map(|i| District(i as u8));
    }
    if !out.regency.is_known() && (out.district.is_some() || out.village.is_some()) {
        out.regency = ambon;
    }
    out
}

/// A name a regency goes by.
#[derive(Debug)]
struct RegencyForm {
    code: &'static str,
    /// `Ambon` alone may be the bay; `Buru` the first word of Buru Selatan.
    bay: bool,
    buru: bool,
    /// A town or an abbreviation: counts only where no regency is named.
    town: bool,
    /// Its place in its list.
    rank: usize,
}

fn regency_forms() -> &'static Phrases<RegencyForm> {
    static FORMS: OnceLock<Phrases<RegencyForm>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut out = Vec::new();
        for (rank, (code, _, name)) in REGENCIES.iter().enumerate() {
            let name = normal(name);
            let short = name
                .strip_prefix("kota ")
                .or(name.strip_prefix("kepulauan "))
                .unwrap_or(&name)
                .to_owned();
            let mut forms = vec![name, short.clone()];
            forms.dedup();
            for form in forms {
                let of = RegencyForm {
                    code,
                    bay: form == "ambon",
                    buru: short == "buru",
                    town: false,
                    rank,
                };
                out.push((form, of));
            }
        }
        for (rank, (alias, code)) in TOWNS.iter().enumerate() {
            let of = RegencyForm {
                code,
                bay: false,
                buru: false,
                town: true,
                rank,
            };
            out.push(((*alias).to_owned(), of));
        }
        Phrases::new(out)
    })
}

const TOWNS: &[(&str, &str)] = &[
    ("malteng", "8101"),
    ("malra", "8102"),
    ("sbb", "8106"),
    ("sbt", "8105"),
    ("mbd", "8108"),
    ("mtb", "8103"),
    ("maluku tenggara barat", "8103"),
    ("masohi", "8101"),
    ("piru", "8106"),
    ("namlea", "8104"),
    ("saumlaki", "8103"),
    ("dobo", "8107"),
    ("bula", "8105"),
    ("langgur", "8102"),
    ("tiakur", "8108"),
    ("namrole", "8109"),
];

fn regency_in(n: &str) -> Option<&'static str> {
    if n.is_empty() {
        return None;
    }
    // Tual and Ambon are towns as well as parts of other names; the longer name wins.
    type Worth = (bool, usize, std::cmp::Reverse<usize>);
    let mut best: Option<(Worth, &'static str)> = None;
    regency_forms().each(n, |form, r| {
        let length = if r.town { 0 } else { form.len() };
        let worth = (!r.town, length, std::cmp::Reverse(r.rank));
        let bay =
            r.bay && has(n, "teluk ambon") && n.split(' ').filter(|w| *w == "ambon").count() == 1;
        let buru = r.buru && has(n, "buru selatan");
        if !bay && !buru && best.is_none_or(|(w, _)| worth > w) {
            best = Some((worth, r.code));
        }
    });
    best.map(|(_, code)| code)
}

fn district_forms() -> &'static Phrases<(usize, &'static str)> {
    static FORMS: OnceLock<Phrases<(usize, &'static str)>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let all = DISTRICT_ALIASES.iter().enumerate();
        Phrases::new(all.map(|(i, (alias, id))| ((*alias).to_owned(), (i, *id))))
    })
}

fn district_in(n: &str, own_column: bool) -> Option<District> {
    if n.is_empty() {
        return None;
    }
    let mut first: Option<(usize, &'static str)> = None;
    district_forms().each(n, |_, &(i, id)| {
        // Nusaniwe is a kecamatan, a kelurahan and a negeri: in an address only `Kec. Nusaniwe` is the first.
        let meant = own_column
            || id != "nusaniwe"
            || has(n, "kec nusaniwe")
            || has(n, "kecamatan nusaniwe");
        if meant && first.is_none_or(|(k, _)| i < k) {
            first = Some((i, id));
        }
    });
    first
        .and_then(|(_, id)| DISTRICTS.iter().position(|(_, d, _)| *d == id))
        .map(|i| District(i as u8))
}

/// A village by name, or what to write for an alias.
#[derive(Debug)]
enum VillageForm {
    /// Its number, and whether another village bears the name too.
    Name(u8, bool),
    Alias,
}

fn village_forms() -> &'static Phrases<VillageForm> {
    static FORMS: OnceLock<Phrases<VillageForm>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let names = VILLAGES.iter().enumerate().map(|(i, (_, name))| {
            let twin = VILLAGES.iter().filter(|(_, m)| m == name).count() > 1;
            (normal(name), VillageForm::Name(i as u8, twin))
        });
        let aliases = VILLAGE_ALIASES
            .iter()
            .map(|(alias, _)| ((*alias).to_owned(), VillageForm::Alias));
        Phrases::new(names.chain(aliases))
    })
}

fn village_in(n: &str, district: Option<District>, own_column: bool) -> Option<Village> {
    if n.is_empty() {
        return None;
    }
    let mut aliased = false;
    let mut named: Vec<(&'static str, u8, bool)> = Vec::new();
    let forms = village_forms();
    forms.each(n, |form, f| match f {
        VillageForm::Alias => aliased = true,
        VillageForm::Name(i, twin) => named.push((form, *i, *twin)),
    });
    let mut spelled = std::borrow::Cow::Borrowed(n);
    if aliased {
        for (a, b) in VILLAGE_ALIASES {
            if has(&spelled, a) {
                let padded = format!(" {spelled} ").replace(&format!(" {a} "), &format!(" {b} "));
                spelled = padded.trim().to_owned().into();
            }
        }
        named.clear();
        forms.each(&spelled, |form, f| {
            if let VillageForm::Name(i, twin) = f {
                named.push((form, *i, *twin));
            }
        });
    }
    if named.is_empty() {
        return None;
    }
    let n = spelled.as_ref();
    let negeri = has(n, "negeri") || has(n, "desa");
    let mut best: Option<(usize, u8)> = None;
    // The longest name; of equals the first in the list.
    named.sort_unstable_by_key(|(_, i, _)| *i);
    for (form, i, twin) in named {
        let (code, name) = VILLAGES[i as usize];
        if best.is_some_and(|(len, _)| form.len() <= len) {
            continue;
        }
        if let Some(District(d)) = district
            && !code.starts_with(DISTRICTS[d as usize].0)
        {
            continue;
        }
        // `Nusaniwe`, `Urimessing`: kelurahan unless negeri is written. In an address a bare name of a kecamatan
        // is not yet a village.
        let is_negeri = &code[6..7] == "2";
        if twin && is_negeri != negeri {
            continue;
        }
        if name == "Nusaniwe"
            && !own_column
            && !has(n, "kel nusaniwe")
            && !has(n, "negeri nusaniwe")
        {
            continue;
        }
        best = Some((form.len(), i));
    }
    best.map(|(_, i)| Village(i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::region::InAmbon;

    #[test]
    fn units_are_found_by_old_and_new_names() {
        let r = UptRegistry::maluku(&[]);
        let u = Units::new(&r);
        let id = |s: &str| u.find(s).map(|x| r.info(x).id.clone());
        assert_eq!(id("Lapas Klas II A Ambon").as_deref(), Some("lapas-ambon"));
        assert_eq!(
            id("Cabang Rutan Masohi di Wahai").as_deref(),
            Some("lapas-wahai")
        );
        assert_eq!(
            id("BALAI PEMASYARAKATAN KELAS II-A AMBON").as_deref(),
            Some("bapas-ambon")
        );
        assert_eq!(id("Lapas Perempuan Ambon").as_deref(), Some("lpp-ambon"));
        assert_eq!(id("Rutan Waiheru").as_deref(), Some("rutan-ambon"));
        assert_eq!(id("Polres"), None);
    }

    #[test]
    fn residences_of_ambon_and_elsewhere() {
        let at = |a: &str| residence(a, "", "", "");
        let kec = |r: &Residence| r.district.map(|d| d.id());
        assert_eq!(
            kec(&at("Jl. Kebun Cengkeh RT 02/05, Batu Merah")),
            Some("sirimau")
        );
        assert_eq!(
            kec(&at("Negeri Passo, Kec. Baguala, Kota Ambon")),
            Some("baguala")
        );
        assert_eq!(
            at("Desa Piru, Kab. Seram Bagian Barat").in_ambon(),
            InAmbon::No
        );
        assert_eq!(at("Jl. Mawar").in_ambon(), InAmbon::Unknown);
        assert_eq!(at("Kel. Wainitu, Ambon").in_ambon(), InAmbon::Yes);
        let r = residence("", "Urimessing", "Nusaniwe", "Kota Ambon");
        assert_eq!(
            r.village.map(|v| VILLAGES[v.0 as usize].0),
            Some("8171011011")
        );
        let r = residence("Negeri Urimessing", "", "", "");
        assert_eq!(
            r.village.map(|v| VILLAGES[v.0 as usize].0),
            Some("8171012005")
        );
        assert_eq!(kec(&residence("", "", "T.A. Baguala", "")), Some("baguala"));
    }
}
