//! All tests that run the program as a whole, in one executable: each further one would link a quarter of a gigabyte once more.
//! A part is run by its name: `cargo test --test suite cases::`.

mod common;

mod canary;
mod cases;
mod command_line;
mod end_to_end;
mod explain;
#[cfg(target_os = "linux")]
mod faults;
mod floors;
mod hostile;
mod law;
mod layouts;
mod linkage;
mod months;
mod rossi;
mod traps;
mod truth;
mod unsent;
