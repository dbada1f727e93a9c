//! What stands where a number does not: one sign a meaning, the same in cells, pictures, papers and on the terminal.

use crate::domain::Status;
use crate::domain::figure::Figure;

/// Why a cell holds no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// Not shown, to protect people; it says nothing of how large the number is.
    Hidden,
    /// The question makes no sense here, or there is nobody to ask it of.
    NotApplicable,
    /// Nobody delivered what it would be counted from.
    NotDelivered,
    /// The follow-up is not over.
    NotFollowed,
    /// Too few people for a percentage.
    Few,
}

impl Sign {
    /// Every sign, in the order the legend names them.
    pub const ALL: [Sign; 5] = [
        Sign::Hidden,
        Sign::NotApplicable,
        Sign::NotDelivered,
        Sign::NotFollowed,
        Sign::Few,
    ];

    /// Its name in the locale's `report.sign`.
    pub const fn id(self) -> &'static str {
        match self {
            Sign::Hidden => "hidden",
            Sign::NotApplicable => "not_applicable",
            Sign::NotDelivered => "not_delivered",
            Sign::NotFollowed => "not_followed",
            Sign::Few => "few",
        }
    }

    /// What is printed.
    pub const fn text(self) -> &'static str {
        match self {
            Sign::Hidden => "x",
            Sign::NotApplicable => "–",
            Sign::NotDelivered => "…",
            Sign::NotFollowed => "○",
            Sign::Few => "*",
        }
    }

    /// The sign of a figure without the number that is asked for; one that does not exist was not delivered.
    pub fn of(f: Option<&Figure>) -> Sign {
        Sign::of_status(f.map(|f| f.status))
    }

    /// The same by a figure's status; `None`: it does not exist.
    pub fn of_status(status: Option<Status>) -> Sign {
        match status {
            None | Some(Status::NotDelivered) => Sign::NotDelivered,
            Some(Status::Suppressed) => Sign::Hidden,
            Some(Status::IncompleteFollowUp) => Sign::NotFollowed,
            Some(Status::Unreliable) => Sign::Few,
            Some(Status::Ok | Status::NotApplicable) => Sign::NotApplicable,
        }
    }
}
