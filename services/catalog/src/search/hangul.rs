//! Hangul syllables and the letters they are written with.

const FIRST_SYLLABLE: u32 = 0xAC00;
const LAST_SYLLABLE: u32 = 0xD7A3;
const FIRST_LEAD: u32 = 0x1100;
const FIRST_VOWEL: u32 = 0x1161;
/// One before the first tail: a syllable without a tail counts as having tail zero.
const NO_TAIL: u32 = 0x11A7;

const LEADS: [&str; 19] = [
    "ㄱ", "ㄲ", "ㄴ", "ㄷ", "ㄸ", "ㄹ", "ㅁ", "ㅂ", "ㅃ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅉ", "ㅊ", "ㅋ",
    "ㅌ", "ㅍ", "ㅎ",
];
// Compound vowels and tails are spelled out, because that is how they are typed: a reader who has
// got as far as `고` on the way to `과` has typed a prefix of it.
const VOWELS: [&str; 21] = [
    "ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ",
    "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ",
];
const TAILS: [&str; 28] = [
    "", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ",
    "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ",
    "ㅎ",
];

/// Whether a character is a whole syllable or a letter of Hangul.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}')
}

/// Joins letters that arrive one by one, as macOS sends them, into syllables.
pub(super) fn compose(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    for c in text.chars() {
        match composed.chars().next_back().and_then(|last| join(last, c)) {
            Some(syllable) => {
                composed.pop();
                composed.push(syllable);
            }
            None => composed.push(c),
        }
    }
    composed
}

fn join(last: char, next: char) -> Option<char> {
    let (last, next) = (u32::from(last), u32::from(next));
    let lead = last.checked_sub(FIRST_LEAD).filter(|lead| *lead < 19);
    let vowel = next.checked_sub(FIRST_VOWEL).filter(|vowel| *vowel < 21);
    if let (Some(lead), Some(vowel)) = (lead, vowel) {
        return char::from_u32(FIRST_SYLLABLE + (lead * 21 + vowel) * 28);
    }
    let tail = next.checked_sub(NO_TAIL).filter(|tail| (1..28).contains(tail))?;
    let is_open = (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(&last)
        && (last - FIRST_SYLLABLE).is_multiple_of(28);
    is_open.then(|| char::from_u32(last + tail)).flatten()
}

/// The letters of a syllable in the order they are typed; `None` for anything else.
pub(super) fn letters(syllable: char) -> Option<impl Iterator<Item = char>> {
    let code = u32::from(syllable);
    let index = usize::try_from(code.checked_sub(FIRST_SYLLABLE)?).ok()?;
    let (lead, vowel, tail) = (index / 28 / 21, index / 28 % 21, index % 28);
    let parts = [LEADS.get(lead)?, VOWELS.get(vowel)?, TAILS.get(tail)?];
    Some(parts.into_iter().flat_map(|part| part.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> String {
        text.chars().filter_map(letters).flatten().collect()
    }

    #[test]
    fn syllables_are_spelled_in_the_order_they_are_typed() {
        assert_eq!(spelled("머그컵"), "ㅁㅓㄱㅡㅋㅓㅂ");
        assert_eq!(spelled("과닭의"), "ㄱㅗㅏㄷㅏㄹㄱㅇㅡㅣ");
        assert_eq!(spelled("힣"), "ㅎㅣㅎ");
        assert!(letters('a').is_none());
    }

    #[test]
    fn letters_that_arrive_one_by_one_join_into_syllables() {
        let decomposed = "\u{1106}\u{1165}\u{1100}\u{1173}\u{110F}\u{1165}\u{11B8} mug";

        assert_eq!(compose(decomposed), "머그컵 mug");
        assert_eq!(compose("머그컵"), "머그컵");
    }
}
