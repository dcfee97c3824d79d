//! Amazon SNS endpoints: `sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>`.

use std::fmt;

use super::{MASK, UrlRejection, has_blank, percent};
use crate::secret::Secret;

/// An Amazon SNS topic and the credentials to publish with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnsTopic {
    /// Id of the access key.
    pub key_id: String,
    /// Secret access key, decoded.
    pub access_key: Secret,
    /// Region, such as `us-east-1`.
    pub region: String,
    /// AWS account id of the owner, 12 digits.
    pub owner: String,
    /// Name of the topic.
    pub name: String,
}

impl SnsTopic {
    /// Returns the topic's Amazon Resource Name, in the partition of its region.
    #[must_use]
    pub fn arn(&self) -> String {
        let Self { region, owner, name, .. } = self;
        format!("arn:{}:sns:{region}:{owner}:{name}", partition(region).name)
    }

    /// Returns the URL of SNS in the topic's region.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let Self { region, .. } = self;
        format!("https://sns.{region}.{}", partition(region).domain)
    }

    pub(super) fn canonical(&self) -> String {
        self.with_access_key(&percent::encode(self.access_key.expose()))
    }

    fn with_access_key(&self, access_key: &str) -> String {
        let Self { key_id, region, owner, name, .. } = self;
        format!("sns://{key_id}:{access_key}@{region}/{owner}/{name}")
    }
}

impl fmt::Display for SnsTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_access_key(MASK))
    }
}

/// Parses the part of an SNS URL after `sns://`.
///
/// Raw access keys can contain `/`, so the text is read from the right: the last `@` ends the
/// credentials, and their first `:` ends the key id.
pub(super) fn parse(rest: &str) -> Result<SnsTopic, UrlRejection> {
    if has_blank(rest) {
        return Err(UrlRejection::Sns(
            "the URL contains a blank; in a form, the + of an access key is sent as %2B",
        ));
    }
    let (credentials, topic) = rest.rsplit_once('@').ok_or(SHAPE)?;
    let (key_id, access_key) = credentials.split_once(':').ok_or(SHAPE)?;
    let parts: Vec<&str> = topic.split('/').collect();
    let [region, owner, name] = parts[..] else { return Err(SHAPE) };
    Ok(SnsTopic {
        key_id: check(percent::decode(key_id), is_key_id, "the access key id is not one")?,
        access_key: check(
            percent::decode(access_key),
            is_access_key,
            "the secret access key is not one",
        )
        .map(Secret::new)?,
        region: check(Some(region.to_owned()), is_region, "the region is not one")?,
        owner: check(Some(owner.to_owned()), is_account, "the topic owner is not 12 digits")?,
        name: check_name(name)?,
    })
}

pub(super) const SHAPE: UrlRejection =
    UrlRejection::Sns("not sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>");

fn check(
    text: Option<String>,
    rule: fn(&str) -> bool,
    why: &'static str,
) -> Result<String, UrlRejection> {
    text.filter(|text| rule(text)).ok_or(UrlRejection::Sns(why))
}

fn check_name(name: &str) -> Result<String, UrlRejection> {
    if name.strip_suffix(".fifo").is_some() {
        return Err(UrlRejection::Sns("FIFO topics are not supported"));
    }
    check(Some(name.to_owned()), is_topic_name, "the topic name is not one")
}

/// Returns whether `text` is an access key id: 16 to 128 word characters (IAM API reference,
/// `AccessKey`).
fn is_key_id(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Base64, with its `/`, `+` and `=`, or anything with a mask in it. The provider's are 40
/// characters and no length is promised.
fn is_access_key(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+' | b'=');
    text.contains(MASK) || ((1..=256).contains(&text.len()) && text.bytes().all(is_digit))
}

/// Returns whether `text` is a region such as `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`:
/// words, and a number at the end.
fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    text.len() <= 32
        && words.contains('-')
        && words.split('-').all(is_word)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether `text` is a topic name: 1 to 256 letters, digits, underscores and hyphens (SNS
/// API reference, `CreateTopic`).
fn is_topic_name(text: &str) -> bool {
    (1..=256).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Part of AWS that has names, accounts and domains of its own.
struct Partition {
    name: &'static str,
    domain: &'static str,
}

/// Returns the partition of `region`, by the first words of the patterns in the SDKs'
/// `partitions.json`, which its domains are from, too.
fn partition(region: &str) -> Partition {
    let (name, domain) =
        match region.split_once('-').map(|(first, rest)| (first, rest.split('-').next())) {
            Some(("cn", _)) => ("aws-cn", "amazonaws.com.cn"),
            Some(("us", Some("gov"))) => ("aws-us-gov", "amazonaws.com"),
            Some(("us", Some("iso"))) => ("aws-iso", "c2s.ic.gov"),
            Some(("us", Some("isob"))) => ("aws-iso-b", "sc2s.sgov.gov"),
            Some(("eu", Some("isoe"))) => ("aws-iso-e", "cloud.adc-e.uk"),
            Some(("us", Some("isof"))) => ("aws-iso-f", "csp.hci.ic.gov"),
            Some(("eusc", _)) => ("aws-eusc", "amazonaws.eu"),
            _ => ("aws", "amazonaws.com"),
        };
    Partition { name, domain }
}
