//! What follows a release: guidance, services, work, other arrests.

use super::*;

impl Sim<'_> {
    /// Guidance, services, return; the next arrest if there is one.
    pub(super) fn afterwards(
        &mut self,
        d: &mut Dice,
        p: &mut Person,
        mut e: Episode,
    ) -> Option<(NaiveDate, NaiveDate, Option<OffenceGroup>)> {
        e.rows.retain(|r| r.from <= self.end);
        for r in &mut e.rows {
            if r.to.is_some_and(|t| t > self.end) {
                (r.to, r.exit, r.to_upt) = (None, None, None);
            }
        }
        let index = p.episodes.len();
        let (end, exit) = (e.end, e.exit);
        let expiry = e.expiry.unwrap_or(self.end);
        let upt = e.rows.last().map_or(Upt(0), |r| r.upt);
        let start = e.start;
        let sentenced = e.sentence.is_some();
        p.episodes.push(e);
        if sentenced {
            self.help(d, p, start, end, upt);
        }
        let bapas = self.unit(if SAUMLAKI.contains(&REGENCIES[p.regency].0) {
            "bapas-saumlaki"
        } else {
            "bapas-ambon"
        });
        let leaving = end.or_else(|| {
            p.episodes[index]
                .two_thirds
                .filter(|x| *x > self.end && *x < plus(self.end, 150))
        });
        if sentenced
            && let Some(x) =
                leaving.filter(|_| exit.is_none_or(ExitCode::is_conditional) && d.chance(0.9))
        {
            let asked = minus(x, d.between(70, 140)).max(start);
            let done = plus(asked, d.between(10, 50));
            if asked <= self.end {
                p.litmas.push((
                    asked,
                    (done <= self.end && done <= x).then_some(done),
                    bapas,
                    upt,
                ));
            }
        }
        let (t0, exit) = (end?, exit?);
        if exit == ExitCode::Mgl {
            p.death = Some(t0);
            return None;
        }
        if exit == ExitCode::Dep {
            return None;
        }
        // When, if ever, this person is arrested again: more likely soon, and with a history.
        let yearly = 0.13 + 0.07 * index as f64;
        let waits = d.waiting_days(yearly);
        // Home assimilation ends in parole of the same episode: freedom begins with that.
        let free = if exit == ExitCode::Asr {
            plus(t0, 120)
        } else {
            t0
        };
        let again = plus(free, waits.min(30_000));
        let dies = plus(t0, d.waiting_days(0.008).min(30_000));
        let kind = match exit {
            ExitCode::Pb => Some(SupervisionKind::Pb),
            ExitCode::Cb => Some(SupervisionKind::Cb),
            ExitCode::Cmb => Some(SupervisionKind::Cmb),
            ExitCode::Asr => Some(SupervisionKind::Assimilation),
            _ => None,
        };
        let mut technical = None;
        if let Some(kind) = kind {
            let number = self.number(bapas);
            let from = if kind == SupervisionKind::Assimilation {
                plus(t0, 0)
            } else {
                t0
            };
            if kind == SupervisionKind::Assimilation {
                let parole = plus(t0, 120);
                p.guidance.push(Guidance {
                    bapas,
                    kind,
                    start: from,
                    planned_end: parole,
                    end: (parole <= self.end).then_some(parole),
                    end_kind: (parole <= self.end).then_some(SupervisionEnd::Completed),
                    from_upt: upt,
                    number,
                });
                if let Some(e) = p.episodes.last_mut().filter(|_| parole <= self.end) {
                    (e.end, e.exit) = (Some(parole), Some(ExitCode::Pb));
                }
            }
            let start = if kind == SupervisionKind::Assimilation {
                plus(t0, 120)
            } else {
                t0
            };
            let kind = if kind == SupervisionKind::Assimilation {
                SupervisionKind::Pb
            } else {
                kind
            };
            let planned = if kind == SupervisionKind::Pb {
                add_months(expiry, 12)
            } else {
                expiry.max(plus(start, 30))
            };
            if start <= self.end {
                let number = self.number(bapas);
                let mut g = Guidance {
                    bapas,
                    kind,
                    start,
                    planned_end: planned,
                    end: None,
                    end_kind: None,
                    from_upt: upt,
                    number,
                };
                let revoked = plus(start, d.between(40, 500));
                let (end, end_kind) = match () {
                    () if again < planned => (
                        plus(again, d.between(3, 25)),
                        SupervisionEnd::RevokedOffence,
                    ),
                    () if dies < planned => (dies, SupervisionEnd::Died),
                    () if d.chance(0.05) && revoked < planned => {
                        technical = Some(plus(revoked, d.between(0, 12)));
                        (revoked, SupervisionEnd::RevokedTechnical)
                    }
                    () if d.chance(0.02) => (
                        minus(planned, d.between(10, 60)).max(plus(start, 1)),
                        SupervisionEnd::Delegated,
                    ),
                    () => (planned, SupervisionEnd::Completed),
                };
                if end <= self.end {
                    (g.end, g.end_kind) = (Some(end), Some(end_kind));
                }
                p.guidance.push(g);
            }
        }
        self.follow_up(d, p, t0);
        if let Some(back) = technical.filter(|b| *b <= self.end) {
            let (offence, old) = (p.episodes[index].offence, p.episodes[index].offence_date);
            let e = self.episode(d, p, back, old, Some(offence), true);
            return self.afterwards(d, p, e);
        }
        if dies < again {
            if dies <= self.end {
                p.death = Some(dies);
            }
            return None;
        }
        // Now and then the next arrest is for an old case.
        let pseudo = d.chance(0.05);
        let offence_date = if pseudo {
            minus(p.episodes[index].start, d.between(20, 400))
        } else {
            minus(again, d.between(1, 20)).max(plus(t0, 1))
        };
        (again > t0).then_some((again.max(plus(t0, 2)), offence_date, None))
    }

    /// Services inside, before release.
    pub(super) fn help(
        &mut self,
        d: &mut Dice,
        p: &mut Person,
        start: NaiveDate,
        end: Option<NaiveDate>,
        upt: Upt,
    ) {
        let horizon = end.unwrap_or(self.end);
        let ambon = REGENCIES[p.regency].0 == AMBON;
        let minor = (start - p.birth).num_days() < 18 * 365;
        let mut add = |d: &mut Dice, opd: &'static str, kind: ServiceKind, lead: i64, days: i64| {
            let asked = minus(horizon, lead).max(plus(start, 5));
            let begin = plus(asked, d.between(5, 60));
            let until = plus(begin, days);
            if asked > horizon || asked > self.end {
                return;
            }
            let started = begin < horizon && begin <= self.end;
            let over = until <= self.end && started;
            let state = match () {
                () if !started => ServiceState::Referred,
                () if !over => ServiceState::Started,
                () if until > horizon => ServiceState::Moved,
                () if d.chance(0.13) => ServiceState::DroppedOut,
                () => ServiceState::Completed,
            };
            let planned = (days / 4).clamp(1, 24) as u32;
            let sessions = started.then(|| {
                (
                    planned,
                    (f64::from(planned) * (0.6 + 0.4 * d.unit())) as u32,
                )
            });
            p.help.push(Help {
                opd,
                upt: Some(upt),
                kind,
                referred: Some(asked),
                start: started.then_some(begin),
                planned_end: (days > 1).then_some(until),
                end: (over || state == ServiceState::Moved).then_some(until.min(horizon)),
                state,
                sessions: sessions.filter(|_| days > 1),
            });
        };
        if d.chance(0.35) {
            let lead = d.between(90, 300);
            add(d, "upt", ServiceKind::Kmd, lead, 60);
        }
        if minor {
            add(
                d,
                "disdik",
                d.clone().pick(&[ServiceKind::PktB, ServiceKind::PktC]),
                200,
                150,
            );
        }
        let reach = if ambon { 0.62 } else { 0.16 };
        if !p.has_nik && d.chance(0.6) || d.chance(reach * 0.3) {
            let lead = d.between(20, 160);
            add(
                d,
                "disdukcapil",
                if p.has_nik {
                    ServiceKind::KtpCtk
                } else {
                    ServiceKind::KtpRek
                },
                lead,
                1,
            );
        }
        for (opd, kind, share) in [
            ("disnakertrans", ServiceKind::PltKer, 0.28),
            ("disperindag", ServiceKind::PltIkm, 0.25),
            ("diskop-umkm", ServiceKind::Umkm, 0.15),
            ("dinkes", ServiceKind::Jkn, 0.22),
            ("dinsos", ServiceKind::Klg, 0.14),
        ] {
            if d.chance(reach * share) {
                let lead = d.between(40, 200);
                let days = if kind == ServiceKind::Jkn || kind == ServiceKind::Klg {
                    1
                } else {
                    d.between(10, 45)
                };
                add(d, opd, kind, lead, days);
            }
        }
    }

    /// Services outside and what became of the person.
    pub(super) fn follow_up(&mut self, d: &mut Dice, p: &mut Person, t0: NaiveDate) {
        let ambon = REGENCIES[p.regency].0 == AMBON;
        for (opd, kind, share) in [
            ("diskop-umkm", ServiceKind::Nib, 0.10),
            ("disnakertrans", ServiceKind::Ak1, 0.12),
            ("dinsos", ServiceKind::Bansos, 0.12),
            ("disperindag", ServiceKind::Alat, 0.07),
        ] {
            if d.chance(if ambon { share } else { share * 0.2 }) {
                let asked = plus(t0, d.between(5, 90));
                let begin = plus(asked, d.between(3, 70));
                if asked <= self.end {
                    let started = begin <= self.end && d.chance(0.85);
                    p.help.push(Help {
                        opd,
                        upt: None,
                        kind,
                        referred: Some(asked),
                        start: started.then_some(begin),
                        planned_end: None,
                        end: started.then_some(begin),
                        state: if started {
                            ServiceState::Completed
                        } else {
                            ServiceState::Referred
                        },
                        sessions: None,
                    });
                }
            }
        }
        for months in [3, 6, 12] {
            let seen = plus(add_months(t0, months), d.between(0, 20));
            if seen <= self.end && d.chance(0.45) {
                let kind = match d.below(10) {
                    0..=2 => Some(OutcomeKind::Employed),
                    3 | 4 => Some(OutcomeKind::Business),
                    5..=8 => Some(OutcomeKind::NotEmployed),
                    _ => None,
                };
                p.outcomes.push((seen, kind));
            }
        }
    }
}
