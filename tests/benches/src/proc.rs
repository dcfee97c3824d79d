//! Figures of the kernel about a process.

use std::{fs, io};

use crate::failure::Failure;

/// The kernel's ticks a second in `/proc/PID/stat` (`USER_HZ`, 100 on every Linux that Rust runs
/// on).
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU seconds that the process has used, user and system.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64, Failure> {
    let stat = read(pid, "stat")?;
    // The name in parentheses may hold anything, so fields are counted from its end.
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    let ticks = ticks.collect::<Result<Vec<_>, _>>().map_err(|why| Failure::of("stat", why))?;
    Ok(ticks.into_iter().map(f64::from).sum::<f64>() / TICKS_PER_SECOND)
}

/// Peak resident memory of the process, MiB.
pub(crate) fn peak_mib(pid: u32) -> Result<f64, Failure> {
    memory(pid, "VmHWM:")
}

/// Resident memory of the process now, MiB.
pub(crate) fn resident_mib(pid: u32) -> Result<f64, Failure> {
    memory(pid, "VmRSS:")
}

/// Bytes that the process has had written to disks.
pub(crate) fn written(pid: u32) -> Result<u64, Failure> {
    let io = read(pid, "io")?;
    let written = io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok());
    written.ok_or_else(|| Failure::new("/proc/PID/io has no write_bytes"))
}

fn memory(pid: u32, label: &str) -> Result<f64, Failure> {
    let status = read(pid, "status")?;
    let kib = status.lines().find_map(|line| {
        line.strip_prefix(label)?.trim().strip_suffix("kB")?.trim().parse::<u32>().ok()
    });
    let missing = || Failure::of("/proc/PID/status", io::Error::other(label.to_owned()));
    kib.map(|kib| f64::from(kib) / 1024.0).ok_or_else(missing)
}

fn read(pid: u32, file: &str) -> Result<String, Failure> {
    let path = format!("/proc/{pid}/{file}");
    fs::read_to_string(&path).map_err(|why| Failure::of(&path, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_memory_and_its_peak_is_no_less() {
        let me = std::process::id();
        assert!(cpu_seconds(me).is_ok() && written(me).is_ok());
        let (now, peak) = (resident_mib(me).unwrap(), peak_mib(me).unwrap());
        assert!(now > 0.5 && peak >= now * 0.9, "{now} {peak}");
    }
}
