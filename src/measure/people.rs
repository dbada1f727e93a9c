//! Shared views of the histories: categories of people and episodes, releases, services by person.

use super::Input;
use crate::domain::date::age_on;
use crate::domain::history::*;
use crate::domain::region::InAmbon;
use crate::domain::{Month, Text};
use crate::history::{Release, releases};
use chrono::NaiveDate;

/// The input with what several measures need of it.
#[derive(Debug)]
pub struct Context<'a> {
    /// The input.
    pub input: Input<'a>,
    /// Index releases.
    pub releases: Vec<Release>,
    /// Last day of the month.
    pub as_of: NaiveDate,
    /// Cut-off date.
    pub cutoff: NaiveDate,
}

impl<'a> Context<'a> {
    /// Prepares the shared views.
    pub fn new(input: &Input<'a>) -> Context<'a> {
        let as_of = input.month.last_day();
        Context {
            input: *input,
            releases: releases(input.histories, &input.settings.definitions),
            as_of,
            cutoff: input.histories.coverage.cutoff.unwrap_or(as_of),
        }
    }

    /// Histories.
    pub fn h(&self) -> &'a Histories {
        self.input.histories
    }

    /// The month.
    pub fn month(&self) -> Month {
        self.input.month
    }

    /// Domisili Kota Ambon.
    pub fn ambon(&self, p: PersonId) -> bool {
        self.h().person(p).in_ambon == Some(InAmbon::Yes)
    }

    /// Sex category.
    pub fn sex(&self, p: PersonId) -> Text {
        Text::const_new(self.h().person(p).sex.map_or("unknown", |s| s.id()))
    }

    /// Kecamatan category.
    pub fn district(&self, p: PersonId) -> Text {
        Text::const_new(self.h().person(p).district.map_or("unknown", |d| d.id()))
    }

    /// Residence category.
    pub fn in_ambon(&self, p: PersonId) -> Text {
        Text::const_new(self.h().person(p).in_ambon.map_or("unknown", |a| a.id()))
    }

    /// Age group on a day.
    pub fn age_group(&self, p: PersonId, on: NaiveDate) -> Text {
        let group = match self.h().person(p).birth.map(|b| age_on(b, on)) {
            None => "unknown",
            Some(0..=17) => "under_18",
            Some(18..=24) => "18_24",
            Some(25..=34) => "25_34",
            Some(35..=44) => "35_44",
            Some(45..=59) => "45_59",
            Some(_) => "60_plus",
        };
        Text::const_new(group)
    }

    /// Unit category.
    pub fn upt(&self, u: Option<crate::domain::Upt>) -> Text {
        u.map_or(Text::const_new("unknown"), |u| {
            Text::from(self.input.units.info(u).id.as_str())
        })
    }

    /// Sentence band of an episode.
    pub fn sentence_band(&self, e: &Episode) -> Text {
        use crate::domain::RegisterClass::{Death, Life};
        let lifelong = e.classes.iter().any(|c| matches!(c.class, Life | Death));
        let band = match e.sentence_days {
            _ if lifelong => "life_death",
            None => "unknown",
            Some(0..=92) => "le_3m",
            Some(93..=365) => "3_12m",
            Some(366..=1095) => "1_3y",
            Some(1096..=1825) => "3_5y",
            Some(1826..=3650) => "5_10y",
            Some(_) => "gt_10y",
        };
        Text::const_new(band)
    }

    /// 0, 1, 2_plus earlier episodes.
    pub fn prior(n: u32) -> Text {
        Text::const_new(match n {
            0 => "0",
            1 => "1",
            _ => "2_plus",
        })
    }

    /// Services of a person.
    pub fn services_of(&self, p: PersonId) -> &'a [Service] {
        let all = &self.h().services;
        let first = all.partition_point(|s| s.person < Some(p));
        let n = all[first..]
            .iter()
            .take_while(|s| s.person == Some(p))
            .count();
        &all[first..first + n]
    }

    /// Episodes with the number of earlier ones of the person.
    pub fn episodes(&self) -> impl Iterator<Item = (u32, &'a Episode)> {
        self.h()
            .episodes
            .chunk_by(|a, b| a.person == b.person)
            .flat_map(|g| g.iter().enumerate().map(|(i, e)| (i as u32, e)))
    }
}

/// The category of a month.
pub fn month_cat(m: Month) -> Text {
    Text::from(m.to_string())
}
