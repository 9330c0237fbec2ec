//! The words of all products, and which products they lead to.

use std::collections::{BTreeMap, HashMap, HashSet};

use shop_kernel::{LocalizedText, ProductId};

use super::distance::distance;
use super::text::{Bigram, Word, words};
use crate::product::ProductDetails;

/// Where in a product a text stands; a match in its name says more than one in its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Its name, in either language.
    Name,
    /// A word an operator chose for searching.
    Tag,
    /// The name of its category.
    Category,
    /// Its description.
    Description,
}

impl Field {
    const fn weight(self) -> u32 {
        match self {
            Self::Name => 8,
            Self::Tag => 6,
            Self::Category => 3,
            Self::Description => 1,
        }
    }
}

/// What can be found of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The product.
    pub id: ProductId,
    /// Its texts.
    pub texts: Vec<(Field, String)>,
}

impl Document {
    /// Everything of a product that a shopper may search for.
    #[must_use]
    pub fn of(id: ProductId, details: &ProductDetails, category: &LocalizedText) -> Self {
        let in_both =
            |field, text: &LocalizedText| [(field, text.en.clone()), (field, text.ko.clone())];
        let mut texts = Vec::new();
        texts.extend(in_both(Field::Name, &details.name));
        texts.extend(in_both(Field::Category, category));
        texts.extend(in_both(Field::Description, &details.description));
        texts.extend(details.tags.iter().map(|tag| (Field::Tag, tag.clone())));
        Self { id, texts }
    }
}

/// Every known word, reached by its pairs of letters.
#[derive(Debug, Default)]
pub struct Index {
    terms: HashMap<String, Term>,
    by_bigram: HashMap<Bigram, HashSet<String>>,
    words_of: HashMap<ProductId, Vec<String>>,
}

#[derive(Debug)]
struct Term {
    word: Word,
    /// The products it stands in, each with the weight of its best place there.
    products: HashMap<ProductId, u32>,
}

type Scores = BTreeMap<ProductId, u32>;

/// Every cut of a compound is looked up, so its length is what a stranger can make us work.
const LONGEST_COMPOUND: usize = 12;
/// No word here has more letters; comparing longer ones letter by letter is work for nothing.
const LONGEST_WORD: usize = 40;

/// Words that say nothing about a product; ignored unless nothing else was typed.
const FILLERS: [&str; 9] = ["a", "an", "and", "for", "in", "of", "the", "to", "with"];

impl Index {
    /// Takes a product in, in place of what was known of it.
    pub fn insert(&mut self, document: &Document) {
        self.remove(document.id);
        let mut weights: HashMap<String, (Word, u32)> = HashMap::new();
        for (field, text) in &document.texts {
            for word in words(text) {
                let entry = weights.entry(word.written.clone()).or_insert((word, 0));
                entry.1 = entry.1.max(field.weight());
            }
        }
        let known = self.words_of.entry(document.id).or_default();
        for (written, (word, weight)) in weights {
            for bigram in word.bigrams() {
                self.by_bigram.entry(bigram).or_default().insert(written.clone());
            }
            known.push(written.clone());
            let term = self.terms.entry(written);
            let term = term.or_insert_with(|| Term { word, products: HashMap::new() });
            term.products.insert(document.id, weight);
        }
    }

    /// Forgets a product.
    pub fn remove(&mut self, product: ProductId) {
        for written in self.words_of.remove(&product).unwrap_or_default() {
            let Some(term) = self.terms.get_mut(&written) else { continue };
            term.products.remove(&product);
            if !term.products.is_empty() {
                continue;
            }
            for bigram in term.word.bigrams() {
                let Some(sharing) = self.by_bigram.get_mut(&bigram) else { continue };
                sharing.remove(&written);
                if sharing.is_empty() {
                    self.by_bigram.remove(&bigram);
                }
            }
            self.terms.remove(&written);
        }
    }

    /// The products in which every word of `query` is found, each with how well it matches.
    ///
    /// A query without a single letter or digit matches nothing.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<(ProductId, u32)> {
        let mut wanted = words(query);
        if wanted.iter().any(|word| !FILLERS.contains(&word.written.as_str())) {
            wanted.retain(|word| !FILLERS.contains(&word.written.as_str()));
        }
        let each_word = wanted.iter().map(|word| self.find(word));
        each_word.reduce(|one, two| both(&one, &two)).unwrap_or_default().into_iter().collect()
    }

    /// Slips of the finger are looked for only where the word as typed leads nowhere: someone who
    /// types `lamp` does not want a lamb.
    fn find(&self, word: &Word) -> Scores {
        let mut found = self.matching(word, as_typed);
        if found.is_empty() {
            found = self.find_halves(word);
        }
        if found.is_empty() {
            found = self.matching(word, with_slips);
        }
        found
    }

    /// Korean compounds are written with and without a space: `커피그라인더` is `커피 그라인더`.
    fn find_halves(&self, word: &Word) -> Scores {
        if !word.is_korean() || word.length() > LONGEST_COMPOUND {
            return Scores::new();
        }
        let cuts = word.written.char_indices().map(|(at, _)| at).skip(1);
        let halves = cuts.filter_map(|at| word.written.split_at_checked(at));
        let found = halves.map(|(one, two)| {
            let one = self.matching(&Word::new(one), as_half);
            let two = self.matching(&Word::new(two), as_half);
            both(&one, &two)
        });
        found.max_by_key(|scores| scores.values().max().copied()).unwrap_or_default()
    }

    fn matching(&self, typed: &Word, quality: fn(&Word, &Word) -> Option<u32>) -> Scores {
        let sharing = typed.bigrams().filter_map(|bigram| self.by_bigram.get(&bigram)).flatten();
        let candidates: HashSet<&String> = sharing.collect();
        let mut found = Scores::new();
        for term in candidates.into_iter().filter_map(|written| self.terms.get(written)) {
            let Some(quality) = quality(typed, &term.word) else {
                continue;
            };
            for (product, weight) in &term.products {
                let score = found.entry(*product).or_default();
                *score = (*score).max(quality * weight);
            }
        }
        found
    }
}

fn both(one: &Scores, two: &Scores) -> Scores {
    let shared = one.iter().filter_map(|(id, score)| Some((*id, score + two.get(id)?)));
    shared.collect()
}

fn as_typed(typed: &Word, word: &Word) -> Option<u32> {
    if typed == word {
        return Some(100);
    }
    if word.written.starts_with(&typed.written) {
        return Some(80);
    }
    // A syllable may still be growing: `차` is on its way to `참나무`.
    if word.letters.starts_with(&typed.letters) {
        return Some(65);
    }
    if typed.written.strip_prefix(&word.written).is_some_and(|rest| is_ending(rest, word)) {
        return Some(70);
    }
    // The head of a Korean compound stands last: `차` means `녹차` more than `자동차길`.
    let is_part = if typed.is_korean() && typed.length() == 1 {
        word.written.ends_with(&typed.written)
    } else {
        (typed.is_korean() || typed.length() >= 3) && word.written.contains(&typed.written)
    };
    is_part.then_some(60)
}

/// A single syllable ends many words, so as half of a compound it must be a word of its own.
fn as_half(typed: &Word, word: &Word) -> Option<u32> {
    if typed.length() == 1 && typed != word {
        return None;
    }
    as_typed(typed, word)
}

/// What may follow a word without making it another: a Korean particle, an English plural.
fn is_ending(rest: &str, word: &Word) -> bool {
    if word.is_korean() {
        const PARTICLES: [&str; 14] =
            ["가", "과", "는", "도", "들", "로", "를", "와", "용", "은", "을", "의", "이", "으로"];
        word.length() >= 2 && PARTICLES.contains(&rest)
    } else {
        word.length() >= 3 && matches!(rest, "s" | "es")
    }
}

fn with_slips(typed: &Word, word: &Word) -> Option<u32> {
    let count = typed.letters.len();
    // One slip in a short word, two in a long one; in three letters a slip makes another word.
    // Korean counts letters too, so every word of two syllables may have one.
    let allowed = match count {
        0..=3 => return None,
        4..=7 => 1,
        8..=LONGEST_WORD => 2,
        _ => return None,
    };
    if count < 6 && typed.letters.first() != word.letters.first() {
        return None;
    }
    let found = distance(&typed.letters, &word.letters);
    if found.to_word <= allowed {
        return Some(if found.to_word == 1 { 45 } else { 30 });
    }
    (found.to_beginning <= allowed).then_some(if found.to_beginning == 1 { 35 } else { 20 })
}
