//! Figures of the operating system about this process.

use std::{fs, path::Path};

/// CPU seconds used so far by each thread whose name begins with `name`, summed; all with "".
pub(crate) fn cpu_seconds(name: &str) -> f64 {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    let ticks: u32 = threads
        .map(|thread| fs::read_to_string(thread.unwrap().path().join("stat")).unwrap_or_default())
        .filter_map(|stat| {
            let (_, rest) = stat.split_once('(')?;
            let (comm, rest) = rest.rsplit_once(") ")?;
            // Fields 14 and 15 of proc(5), counted after the name.
            let fields: Vec<&str> = rest.split(' ').collect();
            let used =
                fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
            comm.starts_with(name).then_some(used)
        })
        .sum();
    // A tick is a hundredth of a second wherever Linux runs on servers.
    f64::from(ticks) / 100.0
}

/// Resident memory now, in megabytes.
pub(crate) fn resident_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

/// The size of a file, in megabytes.
pub(crate) fn file_megabytes(path: &Path) -> f64 {
    let kilobytes = fs::metadata(path).unwrap().len() / 1024;
    f64::from(u32::try_from(kilobytes).unwrap()) / 1024.0
}
