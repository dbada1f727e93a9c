//! Stays in custody, as they run their course.

use super::*;

impl Sim<'_> {
    pub(super) fn episode(
        &mut self,
        d: &mut Dice,
        p: &Person,
        start: NaiveDate,
        offence_date: NaiveDate,
        old: Option<OffenceGroup>,
        technical: bool,
    ) -> Episode {
        let minor = (start - p.birth).num_days() < 18 * 365;
        let local = UNITS[p.regency];
        let remand = match (p.sex, minor) {
            (_, true) => self.unit("lpka-ambon"),
            (Sex::Female, _) if REGENCIES[p.regency].0 == AMBON => self.unit("lpp-ambon"),
            _ => self.unit(local[d.weighted(local.iter().map(|(_, w)| *w))].0),
        };
        let k = d.weighted(OFFENCES.iter().map(|o| o.1));
        let (offence, _, low, high) = old
            .and_then(|o| OFFENCES.iter().find(|x| x.0 == o))
            .copied()
            .unwrap_or(OFFENCES[k]);
        let months = (low as f64 + (high - low) as f64 * d.unit() * d.unit()) as i64;
        let months = if minor {
            (months / 2).clamp(3, 60)
        } else {
            months.max(1)
        };
        let mut e = Episode {
            start,
            end: None,
            exit: None,
            rows: vec![],
            offence,
            offence_date,
            verdict: None,
            sentence: None,
            expiry: None,
            two_thirds: None,
            technical,
        };
        let first = if minor {
            RegisterClass::AIII
        } else {
            d.pick(&[
                RegisterClass::AI,
                RegisterClass::AII,
                RegisterClass::AIII,
                RegisterClass::AIII,
            ])
        };
        let number = self.number(remand);
        if technical {
            // Back to serve the rest of the sentence: straight into a sentence register.
            let serve = if minor {
                remand
            } else {
                self.serving(d, p, remand, months)
            };
            let left = d.between(60, 400);
            (e.sentence, e.expiry) = (Some((months * 30) as u32), Some(plus(start, left)));
            e.rows.push(Row {
                upt: serve,
                class: RegisterClass::BI,
                from: start,
                to: None,
                exit: None,
                to_upt: None,
                number,
            });
            self.leave(&mut e, plus(start, left), ExitCode::Bm);
            return e;
        }
        e.rows.push(Row {
            upt: remand,
            class: first,
            from: start,
            to: None,
            exit: None,
            to_upt: None,
            number,
        });
        let mut at = start;
        if first != RegisterClass::AIII && d.chance(0.6) {
            at = plus(at, d.between(15, 45));
            let n = self.number(remand);
            e.rows.push(Row {
                upt: remand,
                class: RegisterClass::AIII,
                from: at,
                to: None,
                exit: None,
                to_upt: None,
                number: n,
            });
        }
        if d.chance(0.03) {
            let exit = d.pick(&[ExitCode::Bdh, ExitCode::Pts]);
            self.leave(&mut e, plus(at, d.between(20, 90)), exit);
            return e;
        }
        let verdict = plus(at, d.between(40, 140));
        e.verdict = Some(verdict);
        e.sentence = Some((months / 12 * 365 + months % 12 * 30) as u32);
        let expiry = plus(add_months(start, months as u32), 0).max(plus(verdict, 1));
        e.expiry = Some(expiry);
        e.two_thirds = Some(plus(start, (expiry - start).num_days() * 2 / 3));
        let class = match () {
            () if minor => RegisterClass::Child,
            () if months > 12 => RegisterClass::BI,
            () if months > 3 => RegisterClass::BIIA,
            () => RegisterClass::BIIB,
        };
        let serve = if minor {
            remand
        } else {
            self.serving(d, p, remand, months)
        };
        let begin = plus(verdict, d.between(1, 9));
        if serve != remand
            && let Some(r) = e.rows.last_mut()
        {
            (r.to, r.exit, r.to_upt) = (Some(begin), Some(ExitCode::Pdh), Some(serve));
        }
        let arrive = if serve == remand {
            begin
        } else {
            plus(begin, d.between(0, 4))
        };
        let n = self.number(serve);
        e.rows.push(Row {
            upt: serve,
            class,
            from: arrive,
            to: None,
            exit: None,
            to_upt: None,
            number: n,
        });
        if d.chance(0.004) {
            let gone = plus(arrive, d.between(30, 400));
            let back = plus(gone, d.between(15, 200));
            if back < expiry {
                if let Some(r) = e.rows.last_mut() {
                    (r.to, r.exit) = (Some(gone), Some(ExitCode::Lri));
                }
                let n = self.number(serve);
                e.rows.push(Row {
                    upt: serve,
                    class,
                    from: back,
                    to: None,
                    exit: None,
                    to_upt: None,
                    number: n,
                });
            }
        }
        if d.chance(0.006) {
            self.leave(&mut e, plus(arrive, d.between(30, 500)), ExitCode::Mgl);
            return e;
        }
        let last = e.rows.last().map_or(arrive, |r| r.from);
        let early = e.two_thirds.unwrap_or(expiry).max(plus(last, 20));
        let (on, exit) = match () {
            () if months > 14 && d.chance(0.55) => (plus(early, d.between(0, 60)), ExitCode::Pb),
            () if (6..=18).contains(&months) && d.chance(0.4) => {
                (plus(early, d.between(0, 30)), ExitCode::Cb)
            }
            () if months > 14 && d.chance(0.12) => {
                (minus(expiry, d.between(30, 150)).max(early), ExitCode::Cmb)
            }
            () => self.at_expiry(d, expiry.max(plus(last, 5)), last, minor),
        };
        // Home assimilation during the pandemic: out at home first, then parole of the same episode.
        let pandemic = (2020..=2022).contains(&on.year()) && exit == ExitCode::Pb && d.chance(0.4);
        if pandemic && minus(on, 120) > last {
            self.leave(&mut e, minus(on, 120), ExitCode::Asr);
            return e;
        }
        self.leave(&mut e, on, exit);
        if exit == ExitCode::Bm
            && matches!(offence, OffenceGroup::Narcotics | OffenceGroup::Corruption)
            && d.chance(0.3)
            && on < self.end
        {
            // Kurungan pengganti denda follows at once.
            if let Some(r) = e.rows.last_mut() {
                (r.to, r.exit) = (None, None);
            }
            let n = self.number(serve);
            e.rows.push(Row {
                upt: serve,
                class: RegisterClass::BIII,
                from: on,
                to: None,
                exit: None,
                to_upt: None,
                number: n,
            });
            (e.end, e.exit) = (None, None);
            self.leave(&mut e, plus(on, d.between(30, 90)), ExitCode::Bm);
        }
        e
    }

    /// Where a sentence is served.
    pub(super) fn serving(&self, d: &mut Dice, p: &Person, remand: Upt, months: i64) -> Upt {
        match p.sex {
            Sex::Female => self.unit("lpp-ambon"),
            Sex::Male if REGENCIES[p.regency].0 == AMBON || (months > 60 && d.chance(0.3)) => {
                self.unit("lapas-ambon")
            }
            Sex::Male => remand,
        }
    }

    pub(super) fn at_expiry(
        &self,
        d: &mut Dice,
        expiry: NaiveDate,
        last: NaiveDate,
        minor: bool,
    ) -> (NaiveDate, ExitCode) {
        let august = NaiveDate::from_ymd_opt(expiry.year(), 8, 17).unwrap_or(expiry);
        let december = NaiveDate::from_ymd_opt(expiry.year(), 12, 25).unwrap_or(expiry);
        let near = |day: NaiveDate| (0..60).contains(&(expiry - day).num_days()) && day > last;
        if near(august) && d.chance(0.7) {
            return (august, if minor { ExitCode::Pmp2 } else { ExitCode::Ru2 });
        }
        if near(december) && d.chance(0.5) {
            return (december, ExitCode::Rk2);
        }
        (
            minus(expiry, d.between(0, 20)).max(plus(last, 1)),
            ExitCode::Bm,
        )
    }

    /// Ends an episode unless that lies after the end of the sample.
    pub(super) fn leave(&self, e: &mut Episode, on: NaiveDate, exit: ExitCode) {
        if on <= self.end {
            (e.end, e.exit) = (Some(on), Some(exit));
            if let Some(r) = e.rows.last_mut() {
                (r.to, r.exit) = (Some(on.max(r.from)), Some(exit));
            }
        }
        // Rows that would open after the end are not written yet.
        e.rows.retain(|r| r.from <= self.end);
    }
}
