//! TLS configuration and trusted authorities.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::options::InvalidOptions;

/// TLS configuration, created on first use: reading the system's certificates takes longer than the
/// rest of the start.
pub(crate) struct Tls {
    extra: Vec<CertificateDer<'static>>,
    config: OnceLock<Arc<ClientConfig>>,
    http1: OnceLock<Arc<ClientConfig>>,
}

/// Protocols that are offered for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocols {
    /// HTTP/2 and HTTP/1.1.
    All,
    /// HTTP/1.1.
    Http1,
}

impl Tls {
    /// Creates a configuration that trusts the system's authorities and those in `extra_ca_pem`.
    pub(crate) fn new(extra_ca_pem: Option<&[u8]>) -> Result<Self, InvalidOptions> {
        let extra = extra_ca_pem.map(certificates).transpose()?.unwrap_or_default();
        Ok(Self { extra, config: OnceLock::new(), http1: OnceLock::new() })
    }

    pub(crate) fn config(&self, protocols: Protocols) -> Arc<ClientConfig> {
        let config = self.config.get_or_init(|| Arc::new(self.load()));
        let http1 = || {
            let mut config = ClientConfig::clone(config);
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            Arc::new(config)
        };
        match protocols {
            Protocols::All => config.clone(),
            Protocols::Http1 => self.http1.get_or_init(http1).clone(),
        }
    }

    fn load(&self) -> ClientConfig {
        let mut roots = system_roots();
        roots.add_parsable_certificates(self.extra.iter().cloned());
        if roots.is_empty() {
            tracing::error!("no certificate authority is trusted: every https delivery will fail");
        }
        client_config(roots)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, InvalidOptions> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| InvalidOptions::ExtraCa(error.into()))?;
    if found.is_empty() {
        return Err(InvalidOptions::ExtraCa("there is no certificate in the file".into()));
    }
    let mut store = RootCertStore::empty();
    for certificate in &found {
        store.add(certificate.clone()).map_err(|error| InvalidOptions::ExtraCa(error.into()))?;
    }
    Ok(found)
}

fn system_roots() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of the system's certificates could not be read");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    roots
}

#[expect(clippy::expect_used, reason = "ring supports the default versions, whatever the input")]
fn client_config(roots: RootCertStore) -> ClientConfig {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
