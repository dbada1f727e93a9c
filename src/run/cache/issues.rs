//! Issues as an entry of the cache keeps them.

use crate::domain::{FileId, Issue, Severity, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Issues without their file, which is another number in every run; what the program calls things stands once.
#[derive(Serialize, Deserialize)]
pub struct KeptIssues<'a> {
    #[serde(borrow)]
    names: Vec<&'a str>,
    #[serde(borrow)]
    issues: Vec<KeptIssue<'a>>,
}

/// Names are places in [`KeptIssues::names`].
#[derive(Serialize, Deserialize)]
struct KeptIssue<'a> {
    severity: Severity,
    rule: usize,
    sheet: Option<u16>,
    row: Option<u32>,
    col: Option<u16>,
    #[serde(borrow)]
    texts: [&'a str; 3],
    #[serde(borrow)]
    args: Vec<(usize, &'a str)>,
}

impl<'a> KeptIssues<'a> {
    /// Issues to be kept.
    pub fn of(issues: &'a [Issue]) -> KeptIssues<'a> {
        let mut names: Vec<&'static str> = Vec::new();
        let mut place = |name: &'static str| {
            let known = names.iter().position(|n| *n == name);
            known.unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            })
        };
        let mut kept = |i: &'a Issue| KeptIssue {
            severity: i.severity,
            rule: place(i.rule),
            sheet: i.sheet,
            row: i.row,
            col: i.col,
            texts: [&i.column, &i.value, &i.proposed],
            args: i.args.iter().map(|(k, v)| (place(k), &**v)).collect(),
        };
        let issues = issues.iter().map(&mut kept).collect();
        KeptIssues { names, issues }
    }

    /// As issues of a file; nothing when a name is missing.
    pub fn issues(self, file: FileId) -> Option<Vec<Issue>> {
        let names: Vec<&'static str> = self.names.into_iter().map(interned).collect();
        let name = |n: usize| names.get(n).copied();
        let issue = |i: KeptIssue| {
            let [column, value, proposed] = i.texts.map(Text::from);
            let args = (i.args.into_iter()).map(|(k, v)| Some((name(k)?, v.to_owned())));
            Some(Issue {
                severity: i.severity,
                rule: name(i.rule)?,
                file,
                sheet: i.sheet,
                row: i.row,
                col: i.col,
                column,
                value,
                proposed,
                args: args.collect::<Option<_>>()?,
            })
        };
        self.issues.into_iter().map(issue).collect()
    }
}

/// A rule id or placeholder as the program's own text. The program has a few dozen of them, so what is leaked is
/// bounded; an entry passes its checksum before anything in it comes here.
fn interned(text: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(k) = known.get(text) {
        return k;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}
