//! How a text becomes words, and a word becomes letters that can be compared.

use super::hangul;

/// A word as people write it, and as its single letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) written: String,
    pub(super) letters: Vec<char>,
}

/// Two neighbouring letters of a word; before the first stands [`START`].
pub(super) type Bigram = [char; 2];

/// Makes words that begin alike share a bigram, however short they are.
const START: char = '^';

impl Word {
    pub(super) fn new(written: &str) -> Self {
        let letters = written
            .chars()
            .flat_map(|c| {
                let spelled = hangul::letters(c);
                let itself = spelled.is_none().then_some(c);
                spelled.into_iter().flatten().chain(itself)
            })
            .collect();
        Self { written: written.to_owned(), letters }
    }

    pub(super) fn is_korean(&self) -> bool {
        self.written.chars().all(hangul::is_hangul)
    }

    /// The number of syllables of a Korean word, of letters of any other.
    pub(super) fn length(&self) -> usize {
        self.written.chars().count()
    }

    pub(super) fn bigrams(&self) -> impl Iterator<Item = Bigram> {
        let before = std::iter::once(START).chain(self.letters.iter().copied());
        before.zip(self.letters.iter().copied()).map(|(one, two)| [one, two])
    }
}

/// The words of a text, in lower case. Korean and other scripts never share one: `20cm칼` is two.
pub(super) fn words(text: &str) -> Vec<Word> {
    let text = hangul::compose(text).to_lowercase();
    let mut found: Vec<String> = Vec::new();
    let mut open: Option<bool> = None;
    for c in text.chars() {
        // An apostrophe is no gap: `chef's` is one word.
        if matches!(c, '\'' | '’') {
            continue;
        }
        if !c.is_alphanumeric() {
            open = None;
            continue;
        }
        let korean = hangul::is_hangul(c);
        match (open == Some(korean), found.last_mut()) {
            (true, Some(word)) => word.push(c),
            _ => found.push(c.to_string()),
        }
        open = Some(korean);
    }
    found.iter().map(|word| Word::new(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_splits_into_lower_case_words_of_one_script() {
        let cases = [
            ("Chef's Knife, 20 cm", vec!["chefs", "knife", "20", "cm"]),
            ("셰프 나이프 20cm", vec!["셰프", "나이프", "20cm"]),
            ("USB전원", vec!["usb", "전원"]),
            ("  … ", vec![]),
        ];

        for (text, expected) in cases {
            let found: Vec<_> = words(text).into_iter().map(|word| word.written).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
