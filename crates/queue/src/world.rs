//! What a run takes from outside itself: the time, and chance.

/// The time and chance, as inputs.
pub trait World {
    /// UTC milliseconds.
    fn now(&mut self) -> i64;
    /// 64 random bits.
    fn random(&mut self) -> u64;
    /// Waits so many milliseconds.
    fn rest(&mut self, milliseconds: i64);
}

/// The system's.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl World for System {
    fn now(&mut self) -> i64 {
        clock::now()
    }

    fn random(&mut self) -> u64 {
        let bytes = ulid::Ulid::generate().random().to_le_bytes();
        bytes.first_chunk::<8>().map_or(0, |low| u64::from_le_bytes(*low))
    }

    fn rest(&mut self, milliseconds: i64) {
        std::thread::sleep(std::time::Duration::from_millis(milliseconds.unsigned_abs()));
    }
}
