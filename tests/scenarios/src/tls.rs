//! Certificates of receivers.

use std::{io::Write as _, path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tempfile::NamedTempFile;
use tokio_rustls::TlsAcceptor;

/// Certificate authority of a scenario's own, with a certificate for 127.0.0.1.
#[derive(Debug)]
pub struct Authority {
    certificate: NamedTempFile,
    server: Arc<ServerConfig>,
}

impl Authority {
    /// Creates an authority, which nobody trusts yet.
    #[must_use]
    pub fn new() -> Self {
        let (key, mut params) = (KeyPair::generate().unwrap(), naming(vec![]));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&key).unwrap();
        let mut certificate = NamedTempFile::new().unwrap();
        certificate.write_all(own.pem().as_bytes()).unwrap();

        let receiver = KeyPair::generate().unwrap();
        let signed = naming(vec!["127.0.0.1".to_owned()])
            .signed_by(&receiver, &Issuer::new(params, key))
            .unwrap();
        let server = server(signed.der().clone(), receiver.serialize_der());
        Self { certificate, server: Arc::new(server) }
    }

    /// File with its certificate, PEM.
    #[must_use]
    pub fn file(&self) -> &Path {
        self.certificate.path()
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.server.clone())
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn naming(names: Vec<String>) -> CertificateParams {
    CertificateParams::new(names).unwrap()
}

fn server(certificate: CertificateDer<'static>, key: Vec<u8>) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let key = PrivateKeyDer::Pkcs8(key.into());
    let mut server =
        builder.unwrap().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    server
}
