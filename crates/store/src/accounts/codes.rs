//! Codes that are shown once and kept as a keyed digest: invitations, and recovery codes for a lost second factor.

use std::fmt;

use kernel::clock::Entropy;
use zeroize::Zeroizing;

use crate::seal::Sealer;

/// Crockford's digits: no I, L, O or U, so that a code read out over the telephone arrives.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn random(entropy: &dyn Entropy, length: usize) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    entropy.fill(&mut bytes);
    let mut text = Zeroizing::new(String::with_capacity(length + length / 4));
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte % 32)]));
    }
    text
}

/// The code as it is compared: without hyphens and blanks, in capitals, with the letters that are taken for digits.
pub(crate) fn normal(text: &str) -> Zeroizing<String> {
    let digit = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let kept = text.chars().filter(|c| c.is_ascii_alphanumeric());
    Zeroizing::new(kept.map(digit).collect())
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $length:literal, $purpose:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// A new code.
            #[must_use]
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(random(entropy, $length))
            }

            /// The code as somebody typed it.
            #[must_use]
            pub fn typed(text: &str) -> Self {
                Self(Zeroizing::new(text.chars().take(64).collect()))
            }

            /// The code in plain, to be shown once.
            #[must_use]
            pub fn reveal(&self) -> &str {
                &self.0
            }

            /// The digest it is kept as.
            pub(crate) fn digest(&self, sealer: &Sealer) -> Vec<u8> {
                sealer.blind_index($purpose, &normal(&self.0)).to_vec()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

code! {
    /// A one-time code that makes an account or renews its secrets: 24 digits of five bits each.
    InvitationCode, 24, "account.invitation"
}

code! {
    /// The code of an applicant's case, on paper or in a telephone: 20 digits of five bits each.
    TicketCode, 20, "public.ticket"
}

code! {
    /// A one-time code in place of the second factor: 12 digits of five bits each.
    RecoveryCode, 12, "account.recovery"
}

#[cfg(test)]
mod tests {
    use kernel::clock::SeededEntropy;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = InvitationCode::generate(&SeededEntropy::new(7));
        assert_eq!(code.reveal().len(), 24 + 5);
        let typed = code
            .reveal()
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o");
        assert_eq!(normal(&typed), normal(code.reveal()));
        assert_eq!(format!("{code:?}"), "InvitationCode(…)");
    }
}
