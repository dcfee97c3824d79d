//! Private names: names that only mean something in a private network.

/// Top-level names that are never delegated in the public DNS because they name things nearby:
/// `localhost` (RFC 6761), `local` (RFC 6762), `internal` (ICANN board resolution 2024.07.29.06),
/// the rest from RFC 6762, appendix G, and common resolver set-ups.
const PRIVATE_SUFFIXES: [&str; 9] =
    ["localhost", "local", "internal", "localdomain", "intranet", "private", "corp", "home", "lan"];

/// Returns whether `name`, in lower case, is unqualified or ends in a private suffix, `home.arpa`
/// (RFC 8375) among them.
pub(super) fn is_private(name: &str) -> bool {
    let mut labels = name.strip_suffix('.').unwrap_or(name).rsplit('.');
    match (labels.next(), labels.next()) {
        (_, None) | (Some("arpa"), Some("home")) => true,
        (last, _) => last.is_some_and(|label| PRIVATE_SUFFIXES.contains(&label)),
    }
}
