//! Files with their hash in the name, compressed beforehand.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha384};

use crate::kept::{Kept, hash};
use crate::manifest::{Link, Manifest};

/// Of the hash, in a name: enough that two contents never share one.
const DIGITS: usize = 12;

/// Ways to look at the content, as mode and size of a block (0: the encoder's own): for a module the
/// second is at times 2 KB better, the third some hundred bytes.
const GUESSES: [(BrotliEncoderMode, i32); 3] = [
    (BrotliEncoderMode::BROTLI_MODE_GENERIC, 0),
    (BrotliEncoderMode::BROTLI_MODE_FONT, 0),
    (BrotliEncoderMode::BROTLI_MODE_GENERIC, 16),
];

/// The folder that is served.
#[derive(Debug)]
pub(crate) struct Assets<'a> {
    out: PathBuf,
    kept: &'a Kept,
}

/// A file that is in place.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) link: Link,
    /// As built, and as it travels.
    pub(crate) raw: usize,
    pub(crate) brotli: usize,
}

impl<'a> Assets<'a> {
    pub(crate) fn open(out: &Path, kept: &'a Kept) -> Result<Self> {
        fs::create_dir_all(out.join("assets"))?;
        Ok(Self { out: out.to_owned(), kept })
    }

    /// Puts one in under a name that no other content ever has.
    pub(crate) fn put(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> Result<Asset> {
        let digits: String = hash(bytes).chars().take(DIGITS).collect();
        let name = format!("assets/{stem}-{digits}.{extension}");
        let brotli = self.write(&name, bytes)?;
        let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)));
        Ok(Asset { link: Link { url: format!("/{name}"), integrity }, raw: bytes.len(), brotli })
    }

    /// Copies the pictures under the names that pages know them by.
    pub(crate) fn pictures(&mut self, folder: &Path) -> Result<()> {
        self.copy_drawings(folder, "pictures")
    }

    fn copy_drawings(&mut self, from: &Path, to: &str) -> Result<()> {
        fs::create_dir_all(self.out.join(to))?;
        let mut names = BTreeSet::new();
        for file in fs::read_dir(from).into_iter().flatten() {
            let file = file?;
            let name = format!("{to}/{}", file.file_name().to_string_lossy());
            if file.file_type()?.is_dir() {
                self.copy_drawings(&file.path(), &name)?;
            } else if file.path().extension().is_some_and(|extension| extension == "svg") {
                self.write(&name, &fs::read(file.path())?)?;
            }
            names.insert(name);
        }
        self.remove_others(to, &names)
    }

    /// Deletes what none of these manifests names.
    pub(crate) fn sweep<'m>(&self, manifests: impl Iterator<Item = &'m Manifest>) -> Result<()> {
        let names = manifests.flat_map(Manifest::links).map(|link| &link.url);
        let names = names.map(|url| url.trim_start_matches('/').to_owned()).collect();
        self.remove_others("assets", &names)
    }

    /// How large something is when it travels.
    pub(crate) fn brotli(&self, bytes: &[u8]) -> Result<usize> {
        Ok(self.kept.or_make("br", bytes, || brotli(bytes))?.len())
    }

    /// Writes a file and its compressed forms; returns the bytes of the brotli one.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<usize> {
        let path = self.out.join(name);
        let brotli = self.kept.or_make("br", bytes, || brotli(bytes))?;
        let gzip = self.kept.or_make("gz", bytes, || gzip(bytes))?;
        for (suffix, content) in [("", bytes), (".br", &brotli), (".gz", &gzip)] {
            let path = PathBuf::from(format!("{}{suffix}", path.display()));
            // Untouched when it is the same: a server may be reading it.
            if fs::read(&path).ok().as_deref() != Some(content) {
                fs::write(&path, content)
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        Ok(brotli.len())
    }

    fn remove_others(&self, folder: &str, names: &BTreeSet<String>) -> Result<()> {
        for file in fs::read_dir(self.out.join(folder))? {
            let file = file?;
            let name = format!("{folder}/{}", file.file_name().to_string_lossy());
            let plain = name.trim_end_matches(".br").trim_end_matches(".gz");
            if !names.contains(plain) && file.file_type()?.is_file() {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }
}

/// The smallest that any of the guesses gives.
fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let packed = GUESSES.map(|(mode, lgblock)| {
        let params = BrotliEncoderParams {
            quality: 11,
            size_hint: bytes.len(),
            mode,
            lgblock,
            ..BrotliEncoderParams::default()
        };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut packed, &params).map(|_| packed)
    });
    let packed: Vec<_> = packed.into_iter().collect::<Result<_, _>>()?;
    packed.into_iter().min_by_key(Vec::len).context("there is no mode")
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::{Assets, Kept, Manifest};

    #[test]
    fn a_name_changes_with_the_content_and_with_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::open(folder.path().join("kept")).unwrap();
        let mut assets = Assets::open(folder.path(), &kept).unwrap();

        let one = assets.put("shop", "css", b"a {}").unwrap();
        let same = assets.put("shop", "css", b"a {}").unwrap();
        let other = assets.put("shop", "css", b"b {}").unwrap();

        assert_eq!(one.link, same.link);
        assert_ne!(one.link.url, other.link.url);
        for suffix in ["", ".br", ".gz"] {
            let path = folder.path().join(format!("{}{suffix}", &one.link.url[1..]));
            assert!(path.exists(), "{}", path.display());
        }
    }

    #[test]
    fn what_the_manifests_do_not_name_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::open(folder.path().join("kept")).unwrap();
        let mut assets = Assets::open(folder.path(), &kept).unwrap();
        let css = assets.put("shop", "css", b"a {}").unwrap().link;
        let old = assets.put("shop", "css", b"old {}").unwrap().link;

        let mut manifest = Manifest::default();
        manifest.page.css = css.clone();
        assets.sweep([&manifest].into_iter()).unwrap();

        assert!(folder.path().join(&css.url[1..]).exists());
        assert!(!folder.path().join(&old.url[1..]).exists());
    }
}
