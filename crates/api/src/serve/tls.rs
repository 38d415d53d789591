//! TLS from a certificate and its key in PEM files.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::explain::{Explain, Lang};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// What is needed to speak TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

/// Why TLS cannot be spoken with these files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The file holds no certificate in PEM.
    #[error("no certificate in {}", .0.display())]
    NoCertificate(PathBuf),
    /// The file holds no private key in PEM.
    #[error("no private key in {}", .0.display())]
    NoKey(PathBuf),
    /// Certificate and key do not belong together, or are of a kind that is not understood.
    #[error("certificate and key do not fit")]
    Unfit(#[source] rustls::Error),
}

impl Tls {
    /// Reads the certificate (with those between it and the authority) and its key.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(&bytes(certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| TlsError::NoCertificate(certificate.to_path_buf()))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(certificate.to_path_buf()));
        }
        let key = PrivateKeyDer::from_pem_slice(&bytes(key)?)
            .map_err(|_: pem::Error| TlsError::NoKey(key.to_path_buf()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Unfit)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(TlsError::Unfit)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        &self.0
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|cause| TlsError::Unreadable {
        path: path.to_path_buf(),
        cause,
    })
}

impl Explain for TlsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "tls.unreadable",
            Self::NoCertificate(_) => "tls.no_certificate",
            Self::NoKey(_) => "tls.no_key",
            Self::Unfit(_) => "tls.unfit",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unreadable { path, cause }, Lang::Zh) => format!(
                "无法读取 {}：{cause}。请核对 TLS 证书和私钥的路径与权限。",
                path.display()
            ),
            (Self::Unreadable { path, cause }, Lang::En) => format!(
                "{} cannot be read: {cause}. Check path and permissions of the TLS certificate and key.",
                path.display()
            ),
            (Self::NoCertificate(path), Lang::Zh) => {
                format!(
                    "{} 中没有 PEM 格式的证书。请指定服务器证书（含中间证书）文件。",
                    path.display()
                )
            }
            (Self::NoCertificate(path), Lang::En) => format!(
                "There is no PEM certificate in {}. Name the file of the server's certificate and those above it.",
                path.display()
            ),
            (Self::NoKey(path), Lang::Zh) => {
                format!(
                    "{} 中没有 PEM 格式的私钥（不支持带口令的私钥）。请指定证书的私钥文件。",
                    path.display()
                )
            }
            (Self::NoKey(path), Lang::En) => format!(
                "There is no PEM private key in {} (one with a passphrase is not understood). Name the certificate's key file.",
                path.display()
            ),
            (Self::Unfit(cause), Lang::Zh) => {
                format!("TLS 证书与私钥不配套或种类不受支持：{cause}。请核对两个文件。")
            }
            (Self::Unfit(cause), Lang::En) => {
                format!(
                    "The TLS certificate and key do not belong together, or are of an unknown kind: {cause}. Check both files."
                )
            }
        }
    }
}
