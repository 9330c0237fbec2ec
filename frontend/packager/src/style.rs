//! One stylesheet of many files, so that a page asks once.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Names the other files by `@import "name.css" layer(name);`, in the order in which they count.
const ENTRY: &str = "shop.css";

/// Puts what `shop.css` imports in the place of each import.
pub(crate) fn join(folder: &Path) -> Result<String> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let mut joined = String::new();
    for line in read(ENTRY)?.lines() {
        match imported(line) {
            Some((name, None)) => joined.push_str(&read(name)?),
            Some((name, Some(layer))) => {
                joined.push_str(&format!("@layer {layer} {{\n{}}}\n", read(name)?));
            }
            None => {
                joined.push_str(line);
                joined.push('\n');
            }
        }
    }
    Ok(without_comments(&joined))
}

/// File and layer of a line that imports one.
fn imported(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim().strip_prefix("@import")?.trim_start();
    let (name, rest) =
        rest.strip_prefix("url(").unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
    let layer = rest.split_once("layer(").and_then(|(_, rest)| rest.split_once(')'));
    Some((name.trim_start_matches("./"), layer.map(|(layer, _)| layer)))
}

/// Comments are for us, not for phones. None of our strings holds a `/*`.
fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn imports_are_replaced_by_what_they_name_in_their_layer() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write(
            "shop.css",
            "@layer a, b;\n@import \"a.css\" layer(a);\n@import \"./c.css\";\n/* end */\n",
        );
        write("a.css", "/* why */ x { y: z }\n");
        write("c.css", "c {}\n");

        let css = join(folder.path()).unwrap();

        assert_eq!(css, "@layer a, b;\n@layer a {\nx { y: z }\n}\nc {}");
    }
}
