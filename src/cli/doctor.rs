//! `reintegrasi doctor`: is everything in place for the next run?

use super::{At, Global, Outcome, say};
use crate::domain::upt::UptRegistry;
use crate::ingest::Sources;
use crate::locale::{self, Lang};
use crate::run::{health, lock, manifest::Manifest, read_settings, state};
use crate::workspace::Workspace;
use clap::Args;
use std::path::Path;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    at: At,
}

/// What a check found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Well,
    /// A run works, and somebody should know.
    Note,
    /// A run cannot work.
    Ill,
}

struct Report {
    lang: Lang,
    lines: Vec<(Found, String)>,
}

impl Report {
    fn add(&mut self, found: Found, key: &str, args: &[(&str, &str)]) {
        let text = say(self.lang, &format!("doctor.{key}"), args);
        self.lines.push((found, text));
    }
    fn ill_if(&mut self, problem: Option<String>, key: &str, args: &[(&str, &str)]) {
        self.add(
            if problem.is_some() {
                Found::Ill
            } else {
                Found::Well
            },
            key,
            args,
        );
        if let (Some(reason), Some(line)) = (problem, self.lines.last_mut()) {
            line.1.push_str(": ");
            line.1.push_str(reason.trim());
        }
    }
}

/// Status of a workspace in which the next run cannot work.
const ILL: u8 = 2;

pub(super) fn doctor(global: &Global, args: &DoctorArgs) -> Outcome {
    let ws = args.at.workspace(global.lang())?;
    let settings = read_settings(&ws);
    let lang = global
        .lang
        .or(settings.as_ref().ok().map(|s| s.office.language));
    let mut r = Report {
        lang: lang.unwrap_or_default(),
        lines: Vec::new(),
    };
    let path = |p: &Path| p.display().to_string();
    r.ill_if(
        settings.as_ref().err().map(|e| e.message(r.lang)),
        "settings",
        &[("path", &path(&ws.settings_file()))],
    );
    let units = UptRegistry::maluku(settings.as_ref().map_or(&[], |s| &s.units));
    let (_, mistakes) = Sources::load(&ws.sources(), &units);
    r.ill_if(
        mistakes.first().map(|m| m.message(r.lang)),
        "sources",
        &[("path", &path(&ws.sources()))],
    );
    r.ill_if(
        crate::run::check_templates(&ws)
            .err()
            .map(|e| e.message(r.lang)),
        "templates",
        &[("path", &path(&ws.templates()))],
    );
    let inbox = crate::ingest::list_inbox(&ws.inbox());
    let files = inbox.as_ref().map_or(0, |(f, _)| f.len());
    let nothing = (files == 0).then(|| say(r.lang, "doctor.no_files", &[]));
    r.ill_if(
        inbox.as_ref().err().map(ToString::to_string).or(nothing),
        "inbox",
        &[("path", &path(&ws.inbox())), ("files", &files.to_string())],
    );
    let private = match ws.state().exists() {
        true => state::prepare(&ws.state(), r.lang)
            .err()
            .map(|e| e.message(r.lang)),
        false => None,
    };
    r.ill_if(private, "state", &[("path", &path(&ws.state()))]);
    for dir in [ws.out(), ws.state(), ws.decisions()] {
        r.ill_if(writable(&dir, r.lang), "writable", &[("path", &path(&dir))]);
    }
    for open in state::writable_by_all(&ws, &ws.out()) {
        r.add(Found::Ill, "writable_by_all", &[("path", &path(&open))]);
    }
    memory(&ws, &mut r);
    disk(&ws, &mut r);
    clock(&ws, &mut r);
    match (lock::held(&ws.state()), lock::holder(&ws.state())) {
        (true, holder) => {
            let holder = holder.unwrap_or_default();
            r.add(Found::Note, "locked", &[("holder", &holder)]);
        }
        (false, Some(holder)) => r.add(Found::Note, "stale", &[("holder", &holder)]),
        (false, None) => r.add(Found::Well, "unlocked", &[]),
    }
    r.add(Found::Well, "fonts", &[]);

    let ill = r.lines.iter().any(|(f, _)| *f == Found::Ill);
    for (found, text) in &r.lines {
        let mark = match found {
            Found::Well => "✓",
            Found::Note => "!",
            Found::Ill => "✗",
        };
        if !global.quiet || *found == Found::Ill {
            println!("{mark} {text}");
        }
    }
    Ok(if ill { ILL } else { 0 })
}

/// How what the workspace remembers is.
fn memory(ws: &Workspace, r: &mut Report) {
    match health::problems(ws, &ws.out(), r.lang) {
        Ok(all) if all.is_empty() => r.add(Found::Well, "memory", &[]),
        Ok(all) => {
            for reason in all {
                r.add(Found::Ill, "memory_ill", &[("reason", &reason)]);
            }
        }
        Err(e) => {
            let reason = e.message(r.lang);
            r.add(Found::Ill, "memory_ill", &[("reason", &reason)]);
        }
    }
}

/// Why nothing can be written into a folder (or, when it is not there, into the one that will hold it).
fn writable(dir: &Path, lang: Lang) -> Option<String> {
    let there = dir
        .ancestors()
        .find(|d| d.is_dir())
        .unwrap_or(Path::new("."));
    tempfile::NamedTempFile::new_in(there)
        .err()
        .map(|e| locale::system_reason(lang, &e))
}

/// A month needs some tens of MiB beside what stands; below a GiB somebody should know.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn disk(ws: &Workspace, r: &mut Report) {
    let out = ws.out();
    let there = out
        .ancestors()
        .find(|d| d.is_dir())
        .unwrap_or(Path::new("."));
    if let Ok(s) = rustix::fs::statvfs(there) {
        let mib = s.f_bavail.saturating_mul(s.f_frsize) >> 20;
        let found = match mib {
            0..100 => Found::Ill,
            100..1024 => Found::Note,
            _ => Found::Well,
        };
        r.add(found, "disk", &[("mib", &mib.to_string())]);
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn disk(_: &Workspace, _: &mut Report) {}

/// The clock decides which month is the last complete one: it must not stand before what was already done.
fn clock(ws: &Workspace, r: &mut Report) {
    let now = chrono::Local::now();
    let text = now.format("%Y-%m-%d %H:%M %:z").to_string();
    let done = std::fs::read_dir(ws.out()).into_iter().flatten().flatten();
    let newest = done
        .filter_map(|e| Manifest::read(&e.path().join("manifest.json")).ok())
        .filter_map(|m| chrono::DateTime::parse_from_rfc3339(&m.started).ok())
        .max();
    match newest {
        Some(started) if started > now => {
            let started = started.format("%Y-%m-%d %H:%M %:z").to_string();
            r.add(
                Found::Ill,
                "clock_back",
                &[("now", &text), ("done", &started)],
            );
        }
        _ => r.add(Found::Well, "clock", &[("now", &text)]),
    }
    // Waktu Indonesia Timur.
    const WIT: i32 = 9 * 3600;
    if now.offset().local_minus_utc() != WIT {
        r.add(Found::Note, "zone", &[("now", &text)]);
    }
}
