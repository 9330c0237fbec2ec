//! How many slips of the finger lie between what was typed and a word.

/// The edits that turn `typed` into a word, and into the nearest beginning of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Distance {
    pub(super) to_word: usize,
    pub(super) to_beginning: usize,
}

/// Counts letters missing, added, replaced, or swapped with their neighbour.
pub(super) fn distance(typed: &[char], word: &[char]) -> Distance {
    let mut two_rows_up: Vec<usize> = Vec::new();
    let mut row_up: Vec<usize> = (0..=word.len()).collect();
    let mut letter_before = None;
    for (index, &letter) in typed.iter().enumerate() {
        let mut left = index + 1;
        let mut row = vec![left];
        let mut other_before = None;
        // No swap reaches the first letter, and none the first row.
        let swaps =
            std::iter::once(usize::MAX).chain(two_rows_up).chain(std::iter::repeat(usize::MAX));
        for ((above, &other), swap) in row_up.windows(2).zip(word).zip(swaps) {
            let &[diagonal, up] = above else { continue };
            let mut edits = (diagonal + usize::from(letter != other)).min(up + 1).min(left + 1);
            if letter_before == Some(other) && other_before == Some(letter) {
                edits = edits.min(swap.saturating_add(1));
            }
            row.push(edits);
            left = edits;
            other_before = Some(other);
        }
        two_rows_up = std::mem::replace(&mut row_up, row);
        letter_before = Some(letter);
    }
    let to_word = row_up.last().copied().unwrap_or(typed.len());
    let to_beginning = row_up.iter().copied().min().unwrap_or(typed.len());
    Distance { to_word, to_beginning }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_counts_one_whatever_its_kind() {
        let cases = [
            ("lamp", "lamp", 0, 0),
            ("lmap", "lamp", 1, 1),
            ("lamb", "lamp", 1, 1),
            ("lap", "lamp", 1, 1),
            ("laamp", "lamp", 1, 1),
            ("hedpho", "headphones", 4, 1),
            ("", "lamp", 4, 0),
            ("lamp", "", 4, 4),
            ("abcdef", "badcfe", 3, 3),
        ];

        for (typed, word, to_word, to_beginning) in cases {
            let typed_letters: Vec<_> = typed.chars().collect();
            let word_letters: Vec<_> = word.chars().collect();
            let found = distance(&typed_letters, &word_letters);
            assert_eq!(found, Distance { to_word, to_beginning }, "{typed} and {word}");
        }
    }
}
