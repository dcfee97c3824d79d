//! Record of revealed secrets, to find them where they must not be.

use std::sync::Mutex;

use serde_json::Value;

/// Fields of answers that reveal a secret on purpose.
const REVEALING: [&str; 3] = ["key", "signing_secret", "token"];

/// Secrets that a backend has revealed so far.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<Vec<String>>);

impl Watch {
    pub(crate) fn add(&self, secret: &str) {
        let mut secrets = self.0.lock().unwrap();
        if !secrets.iter().any(|known| known == secret) {
            secrets.push(secret.to_owned());
        }
    }

    /// Records the secrets that an answer reveals.
    pub(crate) fn see(&self, answer: &Value) {
        match answer {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(secret) if REVEALING.contains(&name.as_str()) => self.add(secret),
                        _ => self.see(value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.see(item)),
            _ => {}
        }
    }

    /// Finds recorded secrets in `bytes`.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let secrets = self.0.lock().unwrap();
        secrets.iter().filter(|secret| text.contains(secret.as_str())).cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}
