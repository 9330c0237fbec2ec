//! YAML as the programs that will read it understand it, through Python's parser.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;
use xtask::process::output_of;
use xtask::tool::PYTHON;

/// `on` stays a word: for GitHub it is a key, for YAML 1.1 a yes.
const SCRIPT: &str = "\
import json, sys, yaml
class Loader(yaml.SafeLoader): pass
Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in ('tag:yaml.org,2002:bool', 'tag:yaml.org,2002:timestamp')]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
import re
Loader.add_implicit_resolver('tag:yaml.org,2002:bool', re.compile('^(?:true|false)$'), list('tf'))
print(json.dumps(yaml.load(open(sys.argv[1]), Loader)))
";

/// The one document of a file.
///
/// # Errors
/// When it cannot be read, is no YAML, or Python cannot be installed.
pub fn read(file: &Path) -> Result<Value> {
    let mut python = Command::new(PYTHON.ensure()?);
    let json = output_of(python.arg("-c").arg(SCRIPT).arg(file), None)
        .with_context(|| format!("{} is no YAML", file.display()))?;
    serde_json::from_str(&json).with_context(|| format!("{} is odd YAML", file.display()))
}
