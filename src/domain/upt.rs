//! The technical units (UPT) of Maluku: fifteen prisons and two Bapas (docs/definitions.md 1).
//!
//! The list is data, not law: settings may add units (`[[units]]`), and other provinces get generated ones in
//! national-size samples; a [`Upt`] is therefore an index into a [`UptRegistry`].

crate::coded_enum! {
    /// What kind of unit it is.
    pub enum UptKind {
        /// Lembaga Pemasyarakatan.
        Lapas = "lapas",
        /// Rumah Tahanan Negara.
        Rutan = "rutan",
        /// Lembaga Pemasyarakatan Perempuan.
        Lpp = "lpp",
        /// Lembaga Pembinaan Khusus Anak. Not only Anak Binaan live there.
        Lpka = "lpka",
        /// Balai Pemasyarakatan.
        Bapas = "bapas",
    }
}

/// A unit, as an index into the registry of the run.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Upt(pub u16);

/// What is known of a unit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UptInfo {
    /// Stable id, e.g. `lapas-ambon`.
    pub id: String,
    /// Official short name, e.g. `Lapas Kelas IIA Ambon`.
    pub name: String,
    /// Kind of unit.
    pub kind: UptKind,
    /// Class label: `IIA`, `IIB`, `III`, `II`.
    #[serde(default)]
    pub class: String,
    /// Town or district for maps and notes.
    #[serde(default)]
    pub place: String,
    /// Places (kapasitas) where the office enters them without a date; `None` when not known: occupancy is then not
    /// computed.
    #[serde(default)]
    pub capacity: Option<u32>,
    /// Other spellings offices use.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// All units of a run, in report order.
#[derive(Debug, Clone)]
pub struct UptRegistry {
    units: Vec<UptInfo>,
}

impl UptRegistry {
    /// The seventeen units of Maluku plus `extra` ones from the settings; an extra with a known id replaces the built-in.
    pub fn maluku(extra: &[UptInfo]) -> Self {
        let mut units = builtin();
        for e in extra {
            match units.iter_mut().find(|u| u.id == e.id) {
                Some(u) => *u = e.clone(),
                None => units.push(e.clone()),
            }
        }
        Self { units }
    }
    /// What is known of a unit.
    ///
    /// # Panics
    /// Never for a `Upt` this registry gave out.
    pub fn info(&self, upt: Upt) -> &UptInfo {
        &self.units[upt.0 as usize]
    }
    /// The unit with this id.
    pub fn by_id(&self, id: &str) -> Option<Upt> {
        self.units
            .iter()
            .position(|u| u.id == id)
            .map(|i| Upt(i as u16))
    }
    /// All units in report order.
    pub fn all(&self) -> impl Iterator<Item = (Upt, &UptInfo)> {
        self.units
            .iter()
            .enumerate()
            .map(|(i, u)| (Upt(i as u16), u))
    }
    /// The prisons (everything but Bapas).
    pub fn prisons(&self) -> impl Iterator<Item = (Upt, &UptInfo)> {
        self.all().filter(|(_, u)| u.kind != UptKind::Bapas)
    }
    /// The probation offices.
    pub fn bapas(&self) -> impl Iterator<Item = (Upt, &UptInfo)> {
        self.all().filter(|(_, u)| u.kind == UptKind::Bapas)
    }
}

/// id, name, kind, class, place, aliases. No capacity is built in: none is published by prison, and offices enter theirs.
type Row = (
    &'static str,
    &'static str,
    UptKind,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const UNITS: &[Row] = &[
    (
        "lapas-ambon",
        "Lapas Kelas IIA Ambon",
        UptKind::Lapas,
        "IIA",
        "Kota Ambon",
        &[
            "Lapas Klas II A Ambon",
            "LP Ambon",
            "Lapas Nania",
            "Lembaga Pemasyarakatan Kelas IIA Ambon",
        ],
    ),
    (
        "rutan-ambon",
        "Rutan Kelas IIA Ambon",
        UptKind::Rutan,
        "IIA",
        "Kota Ambon",
        &["Rutan Waiheru", "Rumah Tahanan Negara Kelas IIA Ambon"],
    ),
    (
        "lpp-ambon",
        "LPP Kelas III Ambon",
        UptKind::Lpp,
        "III",
        "Kota Ambon",
        &[
            "Lapas Perempuan Ambon",
            "Lembaga Pemasyarakatan Perempuan Kelas III Ambon",
            "Lapas Perempuan Kelas III Ambon",
        ],
    ),
    (
        "lpka-ambon",
        "LPKA Kelas II Ambon",
        UptKind::Lpka,
        "II",
        "Kota Ambon",
        &[
            "Lapas Anak Ambon",
            "Lembaga Pembinaan Khusus Anak Kelas II Ambon",
        ],
    ),
    (
        "lapas-piru",
        "Lapas Kelas IIB Piru",
        UptKind::Lapas,
        "IIB",
        "Seram Bagian Barat",
        &["LP Piru"],
    ),
    (
        "lapas-tual",
        "Lapas Kelas IIB Tual",
        UptKind::Lapas,
        "IIB",
        "Kota Tual",
        &["LP Tual"],
    ),
    (
        "rutan-masohi",
        "Rutan Kelas IIB Masohi",
        UptKind::Rutan,
        "IIB",
        "Maluku Tengah",
        &["Rutan Masohi"],
    ),
    (
        "lapas-saumlaki",
        "Lapas Kelas III Saumlaki",
        UptKind::Lapas,
        "III",
        "Kepulauan Tanimbar",
        &["LP Saumlaki", "Cabang Rutan Saumlaki"],
    ),
    (
        "lapas-namlea",
        "Lapas Kelas III Namlea",
        UptKind::Lapas,
        "III",
        "Buru",
        &["LP Namlea", "Cabang Rutan Namlea"],
    ),
    (
        "lapas-dobo",
        "Lapas Kelas III Dobo",
        UptKind::Lapas,
        "III",
        "Kepulauan Aru",
        &["LP Dobo", "Cabang Rutan Dobo"],
    ),
    (
        "lapas-wahai",
        "Lapas Kelas III Wahai",
        UptKind::Lapas,
        "III",
        "Maluku Tengah",
        &["Cabang Rutan Masohi di Wahai", "Cabrutan Wahai"],
    ),
    (
        "lapas-banda",
        "Lapas Kelas III Banda",
        UptKind::Lapas,
        "III",
        "Maluku Tengah",
        &[
            "Lapas Kelas III Bandanaira",
            "Lapas Kelas III Banda Neira",
            "Lapas Banda Naira",
            "Cabang Rutan Banda Neira",
        ],
    ),
    (
        "lapas-wonreli",
        "Lapas Kelas III Wonreli",
        UptKind::Lapas,
        "III",
        "Maluku Barat Daya",
        &["LP Wonreli", "Cabang Rutan Wonreli"],
    ),
    (
        "lapas-saparua",
        "Lapas Kelas III Saparua",
        UptKind::Lapas,
        "III",
        "Maluku Tengah",
        &["Cabang Rutan Ambon di Saparua", "Cabrutan Saparua"],
    ),
    (
        "lapas-geser",
        "Lapas Kelas III Geser",
        UptKind::Lapas,
        "III",
        "Seram Bagian Timur",
        &["Cabang Rutan Masohi di Geser", "Cabrutan Geser"],
    ),
    (
        "bapas-ambon",
        "Bapas Kelas II Ambon",
        UptKind::Bapas,
        "II",
        "Kota Ambon",
        &[
            "Bapas Kelas II A Ambon",
            "Balai Pemasyarakatan Kelas II Ambon",
            "Bapas Ambon",
        ],
    ),
    (
        "bapas-saumlaki",
        "Bapas Kelas II Saumlaki",
        UptKind::Bapas,
        "II",
        "Kepulauan Tanimbar",
        &["Balai Pemasyarakatan Kelas II Saumlaki", "Bapas Saumlaki"],
    ),
];

fn builtin() -> Vec<UptInfo> {
    UNITS
        .iter()
        .map(|&(id, name, kind, class, place, aliases)| UptInfo {
            id: id.into(),
            name: name.into(),
            kind,
            class: class.into(),
            place: place.into(),
            capacity: None,
            aliases: aliases.iter().map(|&a| a.into()).collect(),
        })
        .collect()
}

/// The only prison of a place under the names of other kinds of prisons, as old files and folders have it: `Rutan Wahai`.
pub fn other_kinds(units: &UptRegistry, of: &UptInfo) -> impl Iterator<Item = String> {
    let place = |u: &UptInfo| super::normal(u.name.rsplit(' ').next().unwrap_or_default());
    let own = place(of);
    let prisons = units.all().filter(|(_, u)| u.kind != UptKind::Bapas);
    let alone = of.kind != UptKind::Bapas && prisons.filter(|(_, u)| place(u) == own).count() == 1;
    let kinds = ["lapas", "rutan", "cabrutan"].into_iter();
    kinds
        .filter(move |_| alone)
        .map(move |k| format!("{k} {own}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifteen_prisons_and_two_bapas_and_no_capacity_is_made_up() {
        let r = UptRegistry::maluku(&[]);
        assert_eq!((r.prisons().count(), r.bapas().count()), (15, 2));
        assert!(r.all().all(|(_, u)| u.capacity.is_none()));
    }
}
