//! The binary: everything is in the library.

use std::process::ExitCode;

/// Cleaning and linking make many small texts on two threads: this allocator gives their room back and takes a tenth less time
/// than glibc's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Room that was let go returns to the system after so many milliseconds. While files are read raw tables come and go by the
/// hundred megabytes, and the second that is usual would hold as much again.
const PURGE_DELAY: u64 = 300;

/// What is let go once all is read is needed again, later with more records: so many milliseconds for a thousand of them,
/// and at most so many.
const PER_THOUSAND: f64 = 0.4;
const LONGEST: u64 = 2_000;

/// `mi_option_purge_delay` in `mimalloc.h`, for which the bindings have no name.
const OPTION_PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn set_purge_delay(milliseconds: u64) {
    // SAFETY: sets one number of the allocator, which it asks for anew whenever it lets something go.
    unsafe { libmimalloc_sys::mi_option_set(OPTION_PURGE_DELAY, milliseconds as _) };
}

fn all_read(records: usize) {
    let delay = (records as f64 / 1000.0 * PER_THOUSAND) as u64;
    set_purge_delay(delay.clamp(PURGE_DELAY, LONGEST));
}

fn main() -> ExitCode {
    set_purge_delay(PURGE_DELAY);
    ExitCode::from(reintegrasi::cli::main(all_read))
}
