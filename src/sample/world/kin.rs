//! Who people are to each other: twins, fathers and sons of one name, brothers and sisters, strangers of one name.

use super::*;

/// What a person is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinship {
    /// Born on the same day, of the same fam, sex and village; the NIK's serials follow on each other.
    Twin,
    /// Son of a man of the same full name, of the same village.
    Son,
    /// Brother or sister: the same fam and village.
    Sibling,
    /// A stranger of the same full name and sex.
    Namesake,
}

impl Kinship {
    /// Name in `truth/relations.csv`.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Kinship::Twin => "twin",
            Kinship::Son => "son",
            Kinship::Sibling => "sibling",
            Kinship::Namesake => "namesake",
        }
    }
}

/// A person is this to one of the people before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Relation {
    pub person: u32,
    pub other: u32,
    pub kind: Kinship,
    /// Birth after the other's, in days.
    later: i64,
    /// Of a twin, whether the given name is one letter away.
    alike: bool,
}

/// People before who are looked at for one whose age fits.
const LOOKED_AT: usize = 2_000;
/// Ages at arrest that a relation may lead to, in days.
const AGES: std::ops::Range<i64> = 15 * 365..70 * 365;

impl Sim<'_> {
    /// The relation of a new person to one before, by chance; `None` for most people. Draws nothing of the person's own
    /// dice.
    pub(super) fn relation(
        &self,
        seed: u64,
        id: u32,
        sex: Sex,
        arrest: NaiveDate,
        before: &[Person],
    ) -> Option<Relation> {
        let mut d = Dice::new(&[seed, u64::from(id), 0x6E]);
        let k = self.kinships;
        let kinds = [
            (Kinship::Twin, k.twin),
            (Kinship::Son, k.son),
            (Kinship::Sibling, k.sibling),
            (Kinship::Namesake, k.namesake),
        ];
        let mut x = d.unit();
        let kind = kinds.iter().find_map(|(kind, share)| {
            x -= share;
            (x < 0.0).then_some(*kind)
        })?;
        let later = match kind {
            Kinship::Twin | Kinship::Namesake => 0,
            Kinship::Son => d.between(18 * 365, 36 * 365),
            Kinship::Sibling => d.between(330, 8 * 365) * d.pick(&[-1, 1]),
        };
        let alike = d.chance(0.5);
        let other = before.iter().rev().take(LOOKED_AT).find(|p| match kind {
            Kinship::Namesake => p.sex == sex,
            Kinship::Son => {
                p.sex == Sex::Male && AGES.contains(&((arrest - p.birth).num_days() - later))
            }
            Kinship::Twin | Kinship::Sibling => {
                AGES.contains(&((arrest - p.birth).num_days() - later))
            }
        })?;
        Some(Relation {
            person: id,
            other: other.id,
            kind,
            later,
            alike,
        })
    }
}

impl Relation {
    /// Names of the new person, from those drawn and those of the other.
    pub(super) fn names(&self, d: &mut Dice, own: Names, other: &Names) -> Names {
        match self.kind {
            Kinship::Twin if self.alike => names::of_twin(d, own, other),
            Kinship::Twin | Kinship::Sibling => names::of_relative(own, other, false),
            Kinship::Son => names::of_relative(own, other, true),
            Kinship::Namesake => Names {
                alias: own.alias,
                ..other.clone()
            },
        }
    }

    /// Sex of the new person, of a drawn one and of the other.
    pub(super) fn sex(&self, own: Sex, other: &Person) -> Sex {
        match self.kind {
            Kinship::Twin => other.sex,
            Kinship::Son => Sex::Male,
            Kinship::Sibling | Kinship::Namesake => own,
        }
    }

    /// Birth of the new person, from that of the other.
    pub(super) fn birth(&self, d: &mut Dice, other: NaiveDate) -> NaiveDate {
        let day = if self.later < 0 {
            minus(other, -self.later)
        } else {
            plus(other, self.later)
        };
        match self.kind {
            // Not every brother is born within the same few weeks of the year.
            Kinship::Sibling | Kinship::Son => plus(day, d.between(0, 27)),
            Kinship::Twin | Kinship::Namesake => day,
        }
    }
}
