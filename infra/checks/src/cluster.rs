//! What an overlay of `infra/k8s` amounts to: every object it makes.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use xtask::cluster_secrets;
use xtask::process::output_of;
use xtask::tool::{KUBECTL, PYTHON};
use xtask::workspace;

use crate::object::{kind, label, name};

/// Every overlay there is.
pub const OVERLAYS: [&str; 3] =
    ["overlays/local", "overlays/production", "overlays/production-mesh"];

/// The label with a service's name.
pub const NAME: &str = "app.kubernetes.io/name";

/// The objects of one overlay.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Which one.
    pub overlay: String,
    /// As `kubectl apply` would get them.
    pub objects: Vec<Value>,
}

impl Cluster {
    /// Renders an overlay, a folder below `infra/k8s`, with secrets made up where it wants some.
    ///
    /// # Errors
    /// When kubectl or Python cannot be had here, or the overlay is broken.
    pub fn render(overlay: &str) -> Result<Self> {
        Self::render_changed(overlay, |_| Ok(()))
    }

    /// The same of a copy of `infra`, after a change to it.
    ///
    /// # Errors
    /// As above, and when the change fails.
    pub fn render_changed(overlay: &str, change: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let infra = folder.path().join("infra");
        for part in ["k8s", "istio", "gateway"] {
            copy(&workspace::root().join("infra").join(part), &infra.join(part))?;
        }
        cluster_secrets::write_missing(&infra.join("k8s/overlays/local/secrets"))?;
        change(&infra)?;

        let mut kustomize = Command::new(KUBECTL.ensure()?);
        kustomize.arg("kustomize").arg(infra.join("k8s").join(overlay));
        let manifest = folder.path().join("manifest.yaml");
        fs::write(&manifest, output_of(&mut kustomize, None)?)?;
        let Value::Array(objects) = yaml(&manifest)? else { bail!("{overlay} makes no objects") };
        Ok(Self { overlay: overlay.to_owned(), objects })
    }

    /// A copy with a change to it.
    #[must_use]
    pub fn changed(&self, change: impl FnOnce(&mut Vec<Value>)) -> Self {
        let mut copy = self.clone();
        change(&mut copy.objects);
        copy
    }

    /// All objects of a kind.
    pub fn all(&self, of: &str) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |object| kind(object) == of)
    }

    /// The object of that kind and name.
    #[must_use]
    pub fn find(&self, of: &str, named: &str) -> Option<&Value> {
        self.all(of).find(|object| name(object) == named)
    }

    /// The deployments of the shop's own services: all that have a name in common with a service account.
    pub fn services(&self) -> impl Iterator<Item = &Value> {
        let ours = |object: &&Value| self.find("ServiceAccount", label(object, NAME)).is_some();
        self.all("Deployment").filter(ours)
    }
}

/// What a file of YAML documents says.
///
/// # Errors
/// When Python cannot be had, or cannot read it.
pub fn yaml(path: &Path) -> Result<Value> {
    let script = "import json, sys, yaml\n\
        load = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)\n\
        documents = yaml.load_all(open(sys.argv[1], encoding='utf-8'), load)\n\
        print(json.dumps([found for found in documents if found is not None], default=str))";
    let mut python = Command::new(PYTHON.ensure()?);
    let read = output_of(python.args(["-c", script]).arg(path), None)
        .with_context(|| format!("could not read {}", path.display()))?;
    Ok(serde_json::from_str(&read)?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        // Sockets and links are of no use to kustomize; passwords of this machine are not for tests.
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_type()?.is_file() && !is_secret(&entry.path()) {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn is_secret(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "env")
        && path.parent().is_some_and(|folder| folder.ends_with("local/secrets"))
}
