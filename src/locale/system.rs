//! What the operating system refused, in the reader's words.

use super::{Lang, format, text};
use std::io::{Error, ErrorKind};

/// Why something could not be read or written. What has no words of its own is told as the system tells it.
pub fn system_reason(lang: Lang, error: &Error) -> String {
    use ErrorKind as K;
    let key = match error.kind() {
        K::NotFound => "not_found",
        K::PermissionDenied => "permission",
        K::AlreadyExists => "exists",
        K::StorageFull | K::QuotaExceeded => "full",
        K::ReadOnlyFilesystem => "read_only",
        K::NotADirectory => "no_folder",
        K::IsADirectory => "folder",
        K::DirectoryNotEmpty => "not_empty",
        K::UnexpectedEof => "cut",
        K::InvalidData => "no_text",
        K::BrokenPipe => "pipe",
        K::TimedOut => "timeout",
        K::OutOfMemory => "memory",
        K::ResourceBusy => "busy",
        K::CrossesDevices => "devices",
        // A kind of the system's own (EIO has none): told with its number.
        _ => return told(lang, error),
    };
    text(lang, &format!("domain.system.{key}")).to_owned()
}

fn told(lang: Lang, error: &Error) -> String {
    match error.raw_os_error() {
        // EIO: the commonest sign of a failing disk or stick, without a kind of its own.
        Some(5) if cfg!(unix) => text(lang, "domain.system.device").to_owned(),
        Some(_) => format(
            lang,
            "domain.system.other",
            &[("reason", &error.to_string())],
        ),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refuses_is_told_in_the_readers_language() {
        let absent = Error::from_raw_os_error(2);
        assert_eq!(
            system_reason(Lang::Id, &absent),
            "tidak ada berkas atau folder dengan nama itu"
        );
        assert!(system_reason(Lang::En, &absent).contains("no file or folder"));
        if cfg!(unix) {
            let failing = system_reason(Lang::Id, &Error::from_raw_os_error(5));
            assert!(failing.contains("cakram"), "{failing}");
        }
        assert_eq!(system_reason(Lang::Id, &Error::other("x")), "x");
    }
}
