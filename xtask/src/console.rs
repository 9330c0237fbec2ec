//! What a person at the terminal gets to see.

use std::fmt::Display;
use std::time::Duration;

/// A line of progress on stderr, so that stdout holds results alone.
pub fn progress(who: &str, what: impl Display) {
    eprintln!("{who:>16}  {what}");
}

/// A line of the verb's result, on stdout.
#[expect(clippy::print_stdout, reason = "the one place where a verb answers")]
pub fn answer(line: impl Display) {
    println!("{line}");
}

/// A duration as people say it: `0.4 s`, `12.0 s`, `3 min 05 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{seconds}.{} s", time.subsec_millis() / 100)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::spoken;
    use std::time::Duration;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(spoken(Duration::from_millis(449)), "0.4 s");
        assert_eq!(spoken(Duration::from_millis(12_050)), "12.0 s");
        assert_eq!(spoken(Duration::from_secs(185)), "3 min 05 s");
    }
}
