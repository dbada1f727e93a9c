//! Doing something again whenever the files it reads change.

use super::{Global, Outcome, say, terminal};
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(700);

/// Size and time of last change of every file.
type Seen = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Does it now and after every change of the settings, `sources/` or the inbox, until the program is ended. What goes wrong is
/// said, and looked at again after the next change.
pub(super) fn each_time(global: &Global, ws: &Workspace, work: impl Fn() -> Outcome) -> Outcome {
    let lang = global.lang();
    loop {
        let before = seen(ws);
        if let Err(failure) = work() {
            terminal::failure(global, &failure.message(lang), failure.status);
        }
        if !global.quiet {
            let now = chrono::Local::now().format("%H:%M:%S").to_string();
            eprintln!("{}", say(lang, "check.watching", &[("time", &now)]));
        }
        wait_for_change(ws, before);
    }
}

/// Returns once files are not as they were and have not changed since the last look: a file that is still being written is
/// left alone.
fn wait_for_change(ws: &Workspace, before: Seen) {
    let mut last = before.clone();
    loop {
        std::thread::sleep(PAUSE);
        let now = seen(ws);
        if now == last && now != before {
            return;
        }
        last = now;
    }
}

fn seen(ws: &Workspace) -> Seen {
    let mut out = Seen::new();
    look(&ws.settings_file(), 0, &mut out);
    look(&ws.sources(), 0, &mut out);
    look(&ws.inbox(), 0, &mut out);
    out
}

fn look(path: &Path, depth: u32, out: &mut Seen) {
    let Ok(about) = std::fs::metadata(path) else {
        return;
    };
    if about.is_dir() && depth < 17 {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|e| look(&e.path(), depth + 1, out));
    } else if about.is_file() {
        out.insert(path.to_owned(), (about.len(), about.modified().ok()));
    }
}
