//! The operating system's randomness, for keys, nonces, passwords and session tokens.

use kernel::clock::Entropy;

/// Randomness from the operating system; the only place in the product that asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    /// Fills `bytes` with randomness fit for keys.
    ///
    /// # Panics
    /// When the system has no randomness to give. Going on with a guessable key would be worse than stopping.
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one source of chance that is handed to everyone else"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}
