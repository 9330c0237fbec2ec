//! Short names between the glue and the module: wasm-bindgen's carry hashes, which do not compress,
//! and travel twice.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

/// Before the first section: magic and version.
const PREAMBLE: usize = 8;
/// For tools only.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// Glue and module as they were, under shorter names.
pub(crate) fn slim(glue: &str, module: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut names = Names::default();
    let module = rename(module, &mut names).context("the module is not as we know it")?;
    Ok((without_comments(&names.replace(glue)), module))
}

/// Old names to new ones.
#[derive(Debug, Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    /// The new name of one that only wasm-bindgen uses; others stay.
    fn shorten(&mut self, name: &str) -> String {
        if !name.starts_with("__wb") && !name.starts_with("wasm_bindgen_") {
            return name.to_owned();
        }
        // No name in the glue begins like this.
        let new = format!("${}", self.0.len());
        self.0.entry(name.to_owned()).or_insert(new).clone()
    }

    fn replace(&self, glue: &str) -> String {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
        let mut replaced = String::with_capacity(glue.len());
        let mut rest = glue;
        while let Some(start) = rest.find(is_part) {
            let (before, word) = rest.split_at(start);
            let end = word.find(|letter| !is_part(letter)).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            replaced.push_str(before);
            replaced.push_str(self.0.get(word).map_or(word, String::as_str));
            rest = after;
        }
        replaced.push_str(rest);
        replaced
    }
}

/// Comments and indentation are for people. None of the glue's strings goes over a line.
fn without_comments(glue: &str) -> String {
    let is_comment = |line: &&str| ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark));
    let lines = glue.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The module with new names in its imports and exports, without what only tools read.
fn rename(module: &[u8], names: &mut Names) -> Result<Vec<u8>> {
    let mut input = Input(module);
    let mut out = input.take(PREAMBLE)?.to_vec();
    while !input.0.is_empty() {
        let section = input.byte()?;
        let length = input.number()?;
        let body = input.take(length)?;
        let body = match section {
            CUSTOM => continue,
            IMPORTS => entries(body, 2, names)?,
            EXPORTS => entries(body, 1, names)?,
            _ => body.to_vec(),
        };
        out.push(section);
        write_number(body.len(), &mut out);
        out.extend(body);
    }
    Ok(out)
}

/// A list of imports (module, name, what) or exports (name, what).
fn entries(body: &[u8], texts: usize, names: &mut Names) -> Result<Vec<u8>> {
    let mut input = Input(body);
    let mut out = Vec::with_capacity(body.len());
    let count = input.number()?;
    write_number(count, &mut out);
    for _ in 0..count {
        for _ in 0..texts {
            let length = input.number()?;
            let name = names.shorten(std::str::from_utf8(input.take(length)?)?);
            write_number(name.len(), &mut out);
            out.extend(name.as_bytes());
        }
        out.extend(what(&mut input, texts == 2)?);
    }
    Ok(out)
}

/// What an import or export is, as it is written.
fn what<'a>(input: &mut Input<'a>, is_import: bool) -> Result<&'a [u8]> {
    let all = input.0;
    let kind = input.byte()?;
    if is_import && kind != 0 {
        bail!("an import that is no function");
    }
    input.number()?;
    all.get(..all.len() - input.0.len()).context("it ends early")
}

/// What is left to be read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("it ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        self.take(1)?.first().copied().context("it ends early")
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number is too long")
    }
}

fn write_number(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::slim;

    /// A module that imports a function of each name, and exports the first as `mount`.
    fn module(imports: &[&str]) -> Vec<u8> {
        let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let section = |id: u8, body: &[u8]| {
            assert!(body.len() < 128, "one byte for the length");
            [&[id, u8::try_from(body.len()).unwrap()], body].concat()
        };
        let mut body = vec![u8::try_from(imports.len()).unwrap()];
        for name in imports {
            body.extend([text("./b.js"), text(name), vec![0, 0]].concat());
        }
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(1, &[1, 0x60, 0, 0]),
            section(2, &body),
            section(7, &[vec![1], text("mount"), vec![0, 0]].concat()),
        ]
        .concat()
    }

    #[test]
    fn names_of_wasm_bindgen_become_short_on_both_sides_and_ours_stay() {
        let glue = "/**\n * The root.\n */\nexport function mount() { wasm.mount(); }\n    // why\n    \
            __wbg_now_0123456789abcdef: () => Date.now(),\n    __wbg_now_0123456789abcdef0: 1,\n";

        let custom = [0, 3, 1, b'x', 7];
        let before = [module(&["__wbg_now_0123456789abcdef", "ours"]), custom.into()].concat();
        let (glue, after) = slim(glue, &before).unwrap();

        assert_eq!(
            glue,
            "export function mount() { wasm.mount(); }\n$0: () => Date.now(),\n__wbg_now_0123456789abcdef0: 1,"
        );
        assert_eq!(after, module(&["$0", "ours"]));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(slim("", b"\0asm\x01\0\0\0\x02\x7f").is_err());
    }
}
