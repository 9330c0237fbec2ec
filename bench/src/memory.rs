//! How much memory each process holds.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use xtask::local_shop::LocalShop;

/// The resident memory of every process of the shop, in MiB, by its name.
///
/// # Errors
/// When a process is down, or the machine keeps no `/proc`.
pub fn of(shop: &LocalShop) -> Result<BTreeMap<String, f64>> {
    let services = shop.services();
    let of = |name: String| {
        let pid = services.pid(&name)?.with_context(|| format!("{name} is down"))?;
        let file = format!("/proc/{pid}/status");
        let status =
            fs::read_to_string(&file).with_context(|| format!("{file}: this needs Linux"))?;
        let kib = resident(&status).with_context(|| format!("no VmRSS in {file}"))?;
        Ok((name, kib as f64 / 1024.0))
    };
    services.names().into_iter().map(of).collect()
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::resident;

    #[test]
    fn resident_memory_is_one_line_of_many() {
        let status = "Name:\torder\nVmHWM:\t   30000 kB\nVmRSS:\t   18432 kB\nThreads:\t4\n";

        assert_eq!(resident(status), Some(18_432));
        assert_eq!(resident("Name:\tkthreadd\n"), None);
    }
}
