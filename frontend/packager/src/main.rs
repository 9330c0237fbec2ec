//! Turns compiled bundles into the files a browser loads. See the package's README.

mod asset;
mod budget;
mod bundle;
mod kept;
mod manifest;
mod part;
mod report;
mod slim;
mod style;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use asset::Assets;
use bundle::Bundle;
use kept::Kept;
use manifest::{Entry, Manifest, Page};
use report::Report;

const USAGE: &str = "usage: packager FRONTEND WASM OUT [--hold-budgets] [PACKAGE…]";

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = || arguments.next().map(PathBuf::from).context(USAGE);
    let (frontend, wasm, out) = (next()?, next()?, next()?);
    let rest = arguments.map(|name| name.to_string_lossy().into_owned());
    let (options, only): (Vec<_>, Vec<_>) = rest.partition(|name| name.starts_with('-'));
    let is_small = pack(&frontend, &wasm, &out, &only)?;
    match options.as_slice() {
        [hold] if hold == "--hold-budgets" && !is_small => Ok(ExitCode::FAILURE),
        [hold] if hold != "--hold-budgets" => bail!(USAGE),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Returns whether all of it is as small as it has to be.
fn pack(frontend: &Path, wasm: &Path, out: &Path, only: &[String]) -> Result<bool> {
    let kept = Kept::open(out.join("kept"))?;
    // Until the program ends: a shop may open while somebody packs, and packs too.
    let turn = fs::File::create(out.join("packing"))?;
    turn.lock().context("cannot wait for another packager")?;
    let mut assets = Assets::open(out, &kept)?;
    let before = Manifest::read(out);
    let mut report = Report::default();
    let mut manifest = Manifest {
        page: page(frontend, &mut assets, &mut report)?,
        ..before.clone().unwrap_or_default()
    };

    let bundles = bundle::all(frontend)?;
    let known: Vec<_> = bundles.iter().filter_map(|bundle| bundle.tag.clone()).collect();
    manifest.fragments.retain(|tag, _| known.contains(tag));
    for bundle in &bundles {
        if only.is_empty() || only.contains(&bundle.package) {
            let entry = entry(bundle, wasm, &kept, &mut assets, &mut report)?;
            match &bundle.tag {
                Some(tag) => _ = manifest.fragments.insert(tag.clone(), entry),
                None => manifest.shell = Some(entry),
            }
        }
    }

    assets.pictures(&frontend.join("pictures"))?;
    copy_host(&frontend.join("host"), &out.join("host"))?;
    manifest.write(out)?;
    part::write_all(out, &manifest, &bundles)?;
    assets.sweep(before.iter().chain([&manifest]))?;
    report.page(assets.brotli(&serde_json::to_vec(&manifest)?)?);
    // What was made of the others is still wanted by the next run that packs all.
    if only.is_empty() {
        kept.sweep()?;
    }
    Ok(report.print())
}

fn entry(
    bundle: &Bundle,
    wasm: &Path,
    kept: &Kept,
    assets: &mut Assets<'_>,
    report: &mut Report,
) -> Result<Entry> {
    let linked = wasm.join(format!("{}.wasm", bundle.package.replace('-', "_")));
    let (glue, module) =
        bundle::bind(&linked, kept).with_context(|| format!("cannot bind {}", linked.display()))?;
    let js = assets.put(&bundle.package, "js", &glue)?;
    let wasm = assets.put(&bundle.package, "wasm", &module)?;
    report.bundle(bundle, &js, &wasm);
    Ok(Entry {
        js: js.link,
        wasm: wasm.link,
        attributes: bundle.attributes.clone(),
        routes: bundle.routes.clone(),
    })
}

/// What every page loads before the first bundle.
fn page(frontend: &Path, assets: &mut Assets<'_>, report: &mut Report) -> Result<Page> {
    let host = frontend.join("host");
    let read = |name: &str| {
        let path = host.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let style = style::join(&frontend.join("ui-kit/css"))?;
    let css = assets.put("shop", "css", style.as_bytes())?;
    let loader = assets.put("loader", "js", read("loader.js")?.as_bytes())?;
    // The one name inside another file: boot imports the loader that it was made for.
    let boot = read("boot.js")?.replace("./loader.js", &loader.link.url);
    let boot = assets.put("boot", "js", boot.as_bytes())?;
    for asset in [&css, &loader, &boot] {
        report.page(asset.brotli);
    }
    Ok(Page { css: css.link, loader: loader.link, boot: boot.link })
}

fn copy_host(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let file = file?;
        if file.file_type()?.is_dir() {
            copy_host(&file.path(), &to.join(file.file_name()))?;
        } else {
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
