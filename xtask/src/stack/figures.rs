//! How large images are, and how much memory containers take.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::{Container, Docker};
use crate::process::output_of;

/// What the processes of one container take, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// The container.
    pub container: Container,
    /// Resident, with shared pages counted for those that share them.
    pub bytes: u64,
}

/// The bytes of an image as it travels: its layers, compressed as a registry keeps them.
pub fn compressed_size(docker: &Docker, image: &str) -> Result<u64> {
    let mut save = docker
        .command()
        .args(["save", image])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the engine saves no images")?;
    let layers = save.stdout.take().context("no output")?;
    let mut gzip = Command::new("gzip")
        .arg("--stdout")
        .stdin(layers)
        .stdout(Stdio::piped())
        .spawn()
        .context("gzip is missing")?;
    let mut packed = gzip.stdout.take().context("no output")?;
    let bytes = io::copy(&mut packed.by_ref(), &mut io::sink())?;
    ensure!(gzip.wait()?.success() && save.wait()?.success(), "{image} could not be saved");
    Ok(bytes)
}

/// What each container takes. Asked of the kernel where it is ours, else of the engine.
pub fn memory(docker: &Docker, containers: &[Container]) -> Result<Vec<Memory>> {
    let roots = roots(docker, containers)?;
    let children = children();
    let mut figures = Vec::new();
    for container in containers {
        let root = roots.get(&container.name).copied().unwrap_or_default();
        let bytes = match family(root, &children).into_iter().filter_map(proportional).sum() {
            // The engine's processes are on a machine of its own.
            0 => asked(docker, &container.name)?,
            bytes => bytes,
        };
        figures.push(Memory { container: container.clone(), bytes });
    }
    Ok(figures)
}

/// The first process of each container.
fn roots(docker: &Docker, containers: &[Container]) -> Result<BTreeMap<String, u32>> {
    let mut command = docker.command();
    command.args(["inspect", "--format", "{{.Name}} {{.State.Pid}}"]);
    command.args(containers.iter().map(|container| &container.name));
    let text = output_of(&mut command, None)?;
    let pairs = text.lines().filter_map(|line| line.trim().rsplit_once(' '));
    let pairs = pairs.map(|(name, pid)| {
        (name.trim_start_matches('/').to_owned(), pid.parse().unwrap_or_default())
    });
    Ok(pairs.collect())
}

/// Processes by their parent.
fn children() -> BTreeMap<u32, Vec<u32>> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse() else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name in brackets may hold anything; the parent is the second word after it.
        let after = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        if let Some(parent) = after.split_ascii_whitespace().nth(1).and_then(|it| it.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    children
}

fn family(root: u32, children: &BTreeMap<u32, Vec<u32>>) -> Vec<u32> {
    let mut family = if root == 0 { Vec::new() } else { vec![root] };
    let mut at = 0;
    while let Some(pid) = family.get(at) {
        family.extend(children.get(pid).into_iter().flatten());
        at += 1;
    }
    family
}

/// The proportional share of what a process has in memory.
fn proportional(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kb: u64 = line.trim().trim_end_matches(" kB").trim().parse().ok()?;
    Some(kb * 1024)
}

/// As `docker stats` tells it: `21.5MiB / 128MiB`.
fn asked(docker: &Docker, name: &str) -> Result<u64> {
    let mut command = docker.command();
    command.args(["stats", "--no-stream", "--format", "{{.MemUsage}}", name]);
    let text = output_of(&mut command, None)?;
    let used = text.split('/').next().unwrap_or_default().trim();
    bytes_of(used).with_context(|| format!("{used} is no amount of memory"))
}

fn bytes_of(text: &str) -> Option<u64> {
    let digits = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(digits);
    let (whole, part) = number.trim().split_once('.').unwrap_or((number.trim(), "0"));
    let scale: u64 = match unit.trim() {
        "B" => 1,
        "kB" => 1000,
        "KiB" => 1024,
        "MB" => 1000 * 1000,
        "MiB" => 1024 * 1024,
        "GB" => 1000 * 1000 * 1000,
        "GiB" => 1024 * 1024 * 1024,
        _ => return None,
    };
    let tenth: u64 = part.get(..1)?.parse().ok()?;
    Some(whole.parse::<u64>().ok()? * scale + tenth * scale / 10)
}

#[cfg(test)]
mod tests {
    use super::{bytes_of, family};
    use std::collections::BTreeMap;

    #[test]
    fn amounts_are_read_as_engines_write_them() {
        assert_eq!(bytes_of("21.5MiB"), Some(22_544_384));
        assert_eq!(bytes_of("7.012MB"), Some(7_000_000));
        assert_eq!(bytes_of("0B"), Some(0));
        assert_eq!(bytes_of("much"), None);
    }

    #[test]
    fn a_container_is_its_first_process_and_all_that_come_of_it() {
        let children = BTreeMap::from([(1, vec![2, 9]), (2, vec![3, 4]), (4, vec![5])]);

        assert_eq!(family(2, &children), [2, 3, 4, 5]);
        assert_eq!(family(0, &children), [0_u32; 0]);
    }
}
