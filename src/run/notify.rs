//! Telling somebody after a run: the command of the settings, started without a shell.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long the command may take: a hook that hangs must not hold the next month.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts `argv` with `{summary}` replaced by `summary`, which also comes on its standard input. The summary must
/// hold no personal data. An error says why nobody was told; it is never a reason to call the run a failure.
pub fn notify(argv: &[String], summary: &str) -> Result<(), String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Ok(());
    };
    let fail = |e: std::io::Error| format!("{program}: {e}");
    let mut child = Command::new(program)
        .args(arguments.iter().map(|a| a.replace("{summary}", summary)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(fail)?;
    if let Some(mut pipe) = child.stdin.take() {
        // A command that does not read its input is told by its arguments.
        let _ = writeln!(pipe, "{summary}");
    }
    let begun = Instant::now();
    loop {
        match child.try_wait().map_err(fail)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("{program}: {status}")),
            None if begun.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{program}: > {} s", PATIENCE.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_summary_comes_as_an_argument_and_on_standard_input_and_no_shell_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("told").display().to_string();
        let script = "cat > \"$0\"; printf '%s' \"$1\" >> \"$0\"";
        let argv = ["sh", "-c", script, &file, "{summary}"].map(str::to_owned);
        notify(&argv, "2026-01: $(id) 'selesai'").unwrap();
        let told = std::fs::read_to_string(file).unwrap();
        assert_eq!(told, "2026-01: $(id) 'selesai'\n2026-01: $(id) 'selesai'");
    }

    #[test]
    fn a_command_that_fails_or_is_not_there_is_said() {
        assert!(
            notify(&["false".into()], "x")
                .unwrap_err()
                .contains("false")
        );
        assert!(notify(&["/tidak/ada".into()], "x").is_err());
        assert_eq!(notify(&[], "x"), Ok(()));
    }
}
