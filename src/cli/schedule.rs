//! `reintegrasi schedule`: the lines that make a machine do the month by itself, and setting them up after showing them.

use super::{At, Failure, Global, Outcome, say};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What runs the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// A systemd timer of the user; it catches up after the laptop slept.
    Systemd,
    /// A line of the user's crontab.
    Cron,
    /// A command for the Windows Task Scheduler.
    Windows,
}

#[derive(Debug, Args)]
pub(super) struct ScheduleArgs {
    #[command(flatten)]
    at: At,
    /// What runs the job [default: systemd on Linux, windows on Windows, else cron]
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Day of the month: the day after suppliers are due; a machine that slept then does it on the next day it is awake
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=28))]
    day: u8,
    /// Time of day, HH:MM, in the machine's time zone
    #[arg(long, default_value = "06:30", value_parser = time)]
    time: (u8, u8),
    /// Set it up after showing it
    #[arg(long)]
    install: bool,
}

fn time(text: &str) -> Result<(u8, u8), String> {
    let wrong = || "HH:MM".to_owned();
    let (h, m) = text.split_once(':').ok_or_else(wrong)?;
    match (h.parse(), m.parse()) {
        (Ok(h @ 0..=23), Ok(m @ 0..=59)) => Ok((h, m)),
        _ => Err(wrong()),
    }
}

/// A job and when it runs.
struct Job {
    program: PathBuf,
    workspace: PathBuf,
    day: u8,
    time: (u8, u8),
}

pub(super) fn schedule(global: &Global, args: &ScheduleArgs) -> Outcome {
    let ws = args.at.workspace(global.lang())?;
    let lang = global
        .lang
        .unwrap_or(crate::run::read_settings(&ws)?.office.language);
    let job = Job {
        program: std::env::current_exe()?,
        workspace: ws.root().canonicalize()?,
        day: args.day,
        time: args.time,
    };
    let kind = args.kind.unwrap_or(match () {
        () if cfg!(target_os = "linux") => Kind::Systemd,
        () if cfg!(windows) => Kind::Windows,
        () => Kind::Cron,
    });
    match kind {
        Kind::Systemd => {
            let dir =
                user_units().ok_or_else(|| Failure::usage(say(lang, "schedule.no_home", &[])))?;
            let files = job.systemd();
            for (name, text) in &files {
                println!("# {}\n{text}", dir.join(name).display());
            }
            if args.install {
                std::fs::create_dir_all(&dir)?;
                for (name, text) in &files {
                    std::fs::write(dir.join(name), text)?;
                }
                done("systemctl", &["--user", "daemon-reload"])?;
                done("systemctl", &["--user", "enable", "--now", &files[1].0])?;
            }
        }
        Kind::Cron => {
            let line = job.cron();
            println!("{line}");
            if args.install {
                install_cron(&line, &job.job())?;
            }
        }
        Kind::Windows => {
            println!("{}", job.windows());
            if args.install && !cfg!(windows) {
                return Err(Failure::usage(say(lang, "schedule.not_here", &[])));
            }
            if args.install {
                done("cmd", &["/C", &job.windows()])?;
            }
        }
    }
    let text = if args.install {
        "schedule.installed"
    } else {
        "schedule.how"
    };
    eprintln!("{}", say(lang, text, &[]));
    Ok(0)
}

impl Job {
    /// A name for the workspace that is safe in file names.
    fn name(&self) -> String {
        let stem = self
            .workspace
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let safe: String = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        format!("reintegrasi-{safe}")
    }

    /// Service and timer: name and text.
    fn systemd(&self) -> [(String, String); 2] {
        let quoted = |p: &Path| {
            let text = p.display().to_string();
            format!(
                "\"{}\"",
                text.replace('\\', "\\\\")
                    .replace('"', "\\\"")
                    .replace('%', "%%")
                    .replace('$', "$$")
            )
        };
        let name = self.name();
        let service = format!(
            "[Unit]\nDescription=reintegrasi: {name}\n\n[Service]\nType=oneshot\nExecStart={} run {} --quiet --wait --scheduled {}\nNice=10\n",
            quoted(&self.program),
            quoted(&self.workspace),
            self.day
        );
        // Persistent: a laptop that slept at the hour does it when it wakes.
        let timer = format!(
            "[Unit]\nDescription=reintegrasi: {name}\n\n[Timer]\nOnCalendar=*-*-{:02}..28 {:02}:{:02}:00\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
            self.day, self.time.0, self.time.1
        );
        [
            (format!("{name}.service"), service),
            (format!("{name}.timer"), timer),
        ]
    }

    /// What is started, as cron writes it: the same whatever the day.
    fn job(&self) -> String {
        let quoted = |p: &Path| {
            let text = p.display().to_string();
            format!("'{}'", text.replace('\'', "'\\''").replace('%', "\\%"))
        };
        let (program, workspace) = (quoted(&self.program), quoted(&self.workspace));
        format!("{program} run {workspace} --quiet --wait")
    }

    /// `30 6 6-28 * * '/path/reintegrasi' run '/path/workspace' --quiet --wait --scheduled 6`: cron catches nothing up, so it
    /// asks every day, and a month that is done is left alone.
    fn cron(&self) -> String {
        let (hour, minute) = self.time;
        let (day, job) = (self.day, self.job());
        format!("{minute} {hour} {day}-28 * * {job} --scheduled {day}")
    }

    fn windows(&self) -> String {
        format!(
            "schtasks /Create /F /TN {} /SC DAILY /ST {:02}:{:02} /TR \"\\\"{}\\\" run \\\"{}\\\" --quiet --wait --scheduled {}\"",
            self.name(),
            self.time.0,
            self.time.1,
            self.program.display(),
            self.workspace.display(),
            self.day
        )
    }
}

/// Where the units of a user stand.
fn user_units() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".config"));
    config.or_else(home).map(|c| c.join("systemd").join("user"))
}

fn done(program: &str, args: &[&str]) -> Result<(), Failure> {
    let status = Command::new(program)
        .args(args)
        .status()
        .map_err(|e| Failure::fault(format!("{program}: {e}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::fault(format!(
            "{program} {}: {status}",
            args.join(" ")
        )))
    }
}

/// Adds the line to the user's crontab in the place of any that does the same job.
fn install_cron(line: &str, job: &str) -> Result<(), Failure> {
    let fail = |e: std::io::Error| Failure::fault(format!("crontab: {e}"));
    let now = Command::new("crontab").arg("-l").output().map_err(fail)?;
    let before = String::from_utf8_lossy(&now.stdout).into_owned();
    let mut table = String::new();
    for other in before.lines().filter(|l| !l.contains(job)) {
        table.push_str(other);
        table.push('\n');
    }
    table.push_str(line);
    table.push('\n');
    let mut child = Command::new("crontab")
        .arg("-")
        .stdin(Stdio::piped())
        .spawn()
        .map_err(fail)?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(table.as_bytes()).map_err(fail)?;
    }
    let status = child.wait().map_err(fail)?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::fault(format!("crontab -: {status}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_blanks_quotes_and_percent_signs_stay_whole() {
        let job = Job {
            program: "/opt/reintegrasi".into(),
            workspace: "/home/a/Kantor 100% d'Ambon".into(),
            day: 3,
            time: (6, 30),
        };
        assert_eq!(
            job.cron(),
            r"30 6 3-28 * * '/opt/reintegrasi' run '/home/a/Kantor 100\% d'\''Ambon' --quiet --wait --scheduled 3"
        );
        let [service, timer] = job.systemd();
        assert_eq!(service.0, "reintegrasi-kantor-100--d-ambon.service");
        assert!(service.1.contains(
            "ExecStart=\"/opt/reintegrasi\" run \"/home/a/Kantor 100%% d'Ambon\" --quiet --wait --scheduled 3"
        ));
        assert!(
            timer.1.contains("OnCalendar=*-*-03..28 06:30:00")
                && timer.1.contains("Persistent=true")
        );
        assert!(job.windows().contains("/SC DAILY /ST 06:30"));
    }

    #[test]
    fn times_are_checked() {
        assert_eq!(time("06:30"), Ok((6, 30)));
        assert!(time("24:00").is_err() && time("6.30").is_err() && time("06:60").is_err());
    }
}
