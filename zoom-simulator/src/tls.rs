//! TLS with a certificate authority of its own, made anew at every start: whoever is to trust the simulator is given the
//! authority's certificate.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// The names that the simulator is called by.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// TLS that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate could not be made.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The certificate could not be put to use.
    #[error("cannot use the certificate")]
    Config(#[from] rustls::Error),
}

/// HTTP/2, as it is called in the handshake (RFC 7301).
pub(crate) const HTTP2: &[u8] = b"h2";

/// What answers TLS, and the PEM text of the authority to trust. The caller chooses between the protocols that are
/// offered; one who does not ask speaks HTTP/1.1.
pub(crate) fn acceptor(http2: bool) -> Result<(TlsAcceptor, String), TlsError> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, "Zoom simulator");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(NAMES.map(str::to_owned))?.signed_by(&key, &authority)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    let offered = [HTTP2, b"http/1.1"].into_iter().filter(|protocol| http2 || *protocol != HTTP2);
    config.alpn_protocols = offered.map(<[u8]>::to_vec).collect();
    Ok((TlsAcceptor::from(Arc::new(config)), authority.pem()))
}
