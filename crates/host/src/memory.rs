//! Makes the C library give memory back.
//!
//! After a first large block is freed, glibc raises its own thresholds and then keeps tens of megabytes per thread for
//! good: a few large attachments would decide the size of an idle server. Fixed thresholds prevent that, and glibc reads
//! them from the environment at start only, so the program starts itself once more with them set. Elsewhere it is
//! without effect.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Blocks from one MiB are returned to the system when freed, and so is the top of a heap past four MiB; threads that
/// only wait share a few heaps instead of having one each.
const SETTINGS: [(&str, &str); 3] =
    [("MALLOC_MMAP_THRESHOLD_", "1048576"), ("MALLOC_TRIM_THRESHOLD_", "4194304"), ("MALLOC_ARENA_MAX", "4")];

/// Replaces this process by itself with the settings, unless they (or the user's own) are there. Call it first.
pub fn settle() {
    if SETTINGS.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let failure = Command::new(program).args(std::env::args_os().skip(1)).envs(SETTINGS).exec();
    // It only comes back when it failed; serving with the usual thresholds is the next best thing.
    tracing::debug!(error = %failure, "The memory settings were not applied.");
}
