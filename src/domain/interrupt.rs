//! Whether the user has asked the program to end: asked again and again by everything that takes long.

use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Asks everything that takes long to end.
pub fn request() {
    REQUESTED.store(true, Ordering::Relaxed);
}

/// Whether it was asked for.
pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}
