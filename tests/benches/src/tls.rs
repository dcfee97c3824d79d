//! TLS of the sink, and of the floor that posts to it.

use std::{fs, path::Path, sync::Arc};

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use crate::failure::Failure;

/// Creates what accepts connections as `127.0.0.1`, by HTTP/2 alone or by HTTP/1.1 alone, with a fresh
/// certificate that it writes to `file`.
pub(crate) fn acceptor(file: &Path, http2: bool) -> Result<TlsAcceptor, Failure> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])
        .map_err(|why| Failure::of("a certificate", why))?;
    fs::write(file, made.cert.pem())?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())
        .map_err(|why| Failure::of("a key", why))?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(|why| Failure::of("a certificate", why))?;
    config.alpn_protocols = vec![if http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Creates what connects to `http`, and to `https` if it trusts the certificate in a `file`.
pub(crate) fn connector(
    file: Option<&Path>,
    http2: bool,
) -> Result<HttpsConnector<HttpConnector>, Failure> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = file {
        let certificate = CertificateDer::from_pem_file(file)
            .map_err(|why| Failure::of("the sink's certificate", why))?;
        roots.add(certificate).map_err(|why| Failure::of("the sink's certificate", why))?;
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let mut plain = HttpConnector::new();
    plain.set_nodelay(true);
    plain.enforce_http(false);
    let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_or_http();
    Ok(if http2 {
        connector.enable_http2().wrap_connector(plain)
    } else {
        connector.enable_http1().wrap_connector(plain)
    })
}
