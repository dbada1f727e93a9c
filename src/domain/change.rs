//! Why a number is not the one of the month before: what it counted then and now, and the parts into which the difference
//! falls.

use super::Text;
use serde::{Deserialize, Serialize};

crate::coded_enum! {
    /// A number whose change from issue to issue is split.
    pub enum ChangeOf {
        /// People in custody at the month's end.
        Stock = "stock",
        /// Clients under guidance at the month's end.
        Clients = "clients",
        /// Releases helped beforehand, of the last 12 months (K1).
        Helped = "k1",
        /// Services completed of those due (K4).
        Completion = "completion",
        /// Back in custody within the headline window (K8).
        Return = "return",
    }
}

impl ChangeOf {
    /// The measure whose change it is.
    pub const fn measure(self) -> &'static str {
        match self {
            ChangeOf::Stock => "stock",
            ChangeOf::Clients => "clients",
            ChangeOf::Helped => "k1_a1",
            ChangeOf::Completion => "service_completion",
            ChangeOf::Return => "return",
        }
    }

    /// The measure of the parts.
    pub const fn parts(self) -> &'static str {
        match self {
            ChangeOf::Stock => "change_stock",
            ChangeOf::Clients => "change_clients",
            ChangeOf::Helped => "change_k1",
            ChangeOf::Completion => "change_completion",
            ChangeOf::Return => "change_return",
        }
    }

    /// The number a word means: its id, its measure, or its code in the reports.
    pub fn named(word: &str) -> Option<ChangeOf> {
        let word = word.to_lowercase();
        let code = |x: ChangeOf| match x {
            ChangeOf::Helped => "k1",
            ChangeOf::Completion => "k4",
            ChangeOf::Return => "k8",
            ChangeOf::Stock => "stok",
            ChangeOf::Clients => "klien",
        };
        let is =
            |x: &&ChangeOf| [x.id(), x.measure(), x.parts(), code(**x)].contains(&word.as_str());
        ChangeOf::ALL.iter().find(is).copied()
    }

    /// It is a share: its real movement falls into mix and change within groups.
    pub const fn is_share(self) -> bool {
        match self {
            ChangeOf::Stock | ChangeOf::Clients => false,
            ChangeOf::Helped | ChangeOf::Completion | ChangeOf::Return => true,
        }
    }
}

crate::coded_enum! {
    /// A part of a change, with the number before and after.
    pub enum ChangePart {
        /// The number as the month before published it.
        Before = "before",
        /// People really came and went.
        Movement = "movement",
        /// Groups have other weights.
        Mix = "mix",
        /// The share changed within the groups.
        Within = "within",
        /// Late or corrected deliveries about earlier months.
        Deliveries = "deliveries",
        /// New links, splits and decisions.
        Links = "links",
        /// Another definition or setting.
        Definition = "definition",
        /// Parts that cannot be shown, or told, apart.
        Merged = "merged",
        /// The number now.
        After = "after",
    }
}

impl ChangePart {
    /// It comes of what is known, not of what happened: a sentence may say "because".
    pub const fn is_accounting(self) -> bool {
        match self {
            ChangePart::Deliveries | ChangePart::Links | ChangePart::Definition => true,
            ChangePart::Before
            | ChangePart::Movement
            | ChangePart::Mix
            | ChangePart::Within
            | ChangePart::Merged
            | ChangePart::After => false,
        }
    }
}

/// One thing a number counts: a person inside, a client, a release, a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// Pseudonym of the person.
    pub who: u128,
    /// Which of the person's things of this kind, in order of time.
    pub nth: u16,
    /// Belongs to a resident of Kota Ambon.
    pub ambon: bool,
    /// Group whose weight makes the mix of a share (unit, agency).
    pub group: Text,
    /// What it adds to the numerator or count.
    pub num: f64,
    /// What it adds to the denominator.
    pub den: f64,
}

impl Counted {
    /// What tells it from all others of its kind.
    pub fn key(&self) -> (u128, u16) {
        (self.who, self.nth)
    }
}

/// What a number counts, by [`Counted::key`].
pub type CountedSet = Vec<Counted>;

/// What each number counts, in the order of [`ChangeOf::ALL`].
pub type CountedSets = [CountedSet; 5];

/// The way from the number of the month before to that of now: each step changes one thing alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// As it was published for the month before.
    pub published: CountedSets,
    /// With all that is delivered now about the time up to then.
    pub delivered: CountedSets,
    /// With who is who as it is now.
    pub linked: CountedSets,
    /// With the settings of now.
    pub defined: CountedSets,
    /// The month's own.
    pub now: CountedSets,
    /// Another version of the program read the deliveries: what that changed and what came in cannot be told apart.
    pub other_program: bool,
}

impl Changes {
    /// The sets of one number along the way, each with the part that leads to it; the first leads from nothing.
    pub fn path(&self, of: ChangeOf) -> [(ChangePart, &CountedSet); 5] {
        let i = of as usize;
        let deliveries = match self.other_program {
            true => ChangePart::Merged,
            false => ChangePart::Deliveries,
        };
        [
            (ChangePart::Before, &self.published[i]),
            (deliveries, &self.delivered[i]),
            (ChangePart::Links, &self.linked[i]),
            (ChangePart::Definition, &self.defined[i]),
            (ChangePart::Movement, &self.now[i]),
        ]
    }
}
