//! Envelopes that were altered, misdirected, late, or too large.

use kernel::clock::SeededEntropy;
use proptest::prelude::*;

use super::*;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn now() -> Timestamp {
    "2021-11-04T09:00:00+08:00".parse().unwrap()
}

struct Post {
    town: Keys,
    county: Keys,
    entropy: SeededEntropy,
}

impl Post {
    fn of(seed: u64) -> Self {
        let entropy = SeededEntropy::new(seed);
        Self {
            town: Keys::generate(&entropy),
            county: Keys::generate(&entropy),
            entropy,
        }
    }

    fn sent(&self, content: &[u8]) -> Vec<u8> {
        let id = PackageId::generate(now(), &self.entropy);
        let until = (now(), now() + HOUR * 24);
        let county = self.county.public();
        seal(
            Kind::Application,
            id,
            &self.town,
            &county,
            until,
            content,
            &self.entropy,
        )
        .unwrap()
    }

    fn opened(&self, bytes: &[u8], at: Timestamp) -> Result<Opened, EnvelopeError> {
        open(bytes, &self.county, &self.town.public(), at)
    }
}

#[test]
fn only_whom_it_is_meant_for_opens_it_and_only_in_time() {
    let post = Post::of(1);
    let sent = post.sent("虚构小荆".as_bytes());
    assert_eq!(
        post.opened(&sent, now()).unwrap().content,
        "虚构小荆".as_bytes()
    );
    assert!(!sent.windows(12).any(|part| part == "虚构小荆".as_bytes()));
    let stranger = Keys::generate(&post.entropy);
    let to_another = open(&sent, &stranger, &post.town.public(), now());
    assert_eq!(to_another, Err(EnvelopeError::NotForUs));
    let of_another = open(&sent, &post.county, &stranger.public(), now());
    assert_eq!(of_another, Err(EnvelopeError::Signature));
    assert_eq!(
        post.opened(&sent, now() + HOUR * 24),
        Err(EnvelopeError::Expired)
    );
    assert_eq!(
        post.opened(&sent, now() - HOUR * 2),
        Err(EnvelopeError::NotYet)
    );
}

#[test]
fn nobody_signs_anothers_content_as_his_own() {
    let post = Post::of(2);
    let thief = Keys::generate(&post.entropy);
    let mut taken = post.sent(b"a child");
    taken[FROM..TO].copy_from_slice(&thief.public().sign);
    let end = taken.len() - SIGNATURE;
    let signature = thief.signature(&taken[..end]);
    taken[end..].copy_from_slice(&signature);
    let opened = open(&taken, &post.county, &thief.public(), now());
    assert_eq!(opened, Err(EnvelopeError::Sealed));
}

#[test]
fn twenty_megabytes_are_the_most() {
    let post = Post::of(3);
    let most = vec![7; LARGEST - AROUND];
    let sent = post.sent(&most);
    assert_eq!(sent.len(), LARGEST);
    assert_eq!(post.opened(&sent, now()).unwrap().content, most);
    let id = PackageId::generate(now(), &post.entropy);
    let until = (now(), now() + HOUR);
    let more = [most, vec![7]].concat();
    let county = post.county.public();
    let sealed = seal(
        Kind::Status,
        id,
        &post.town,
        &county,
        until,
        &more,
        &post.entropy,
    );
    assert_eq!(sealed, Err(EnvelopeError::TooLarge));
    let read = read(&vec![0; LARGEST + 1]);
    assert_eq!(read, Err(EnvelopeError::TooLarge));
}

proptest! {
    #[test]
    fn what_was_sealed_is_what_is_opened(content: Vec<u8>, seed: u64) {
        let post = Post::of(seed);
        let opened = post.opened(&post.sent(&content), now()).unwrap();
        prop_assert_eq!((opened.head.kind, opened.content), (Kind::Application, content));
    }

    #[test]
    fn any_bit_changed_is_found(content in prop::collection::vec(any::<u8>(), 0..64), at: prop::sample::Index, bit in 0u8..8) {
        let post = Post::of(4);
        let mut sent = post.sent(&content);
        let at = at.index(sent.len());
        sent[at] ^= 1 << bit;
        let error = post.opened(&sent, now()).unwrap_err();
        prop_assert!(matches!(error, EnvelopeError::NotAnEnvelope | EnvelopeError::Signature), "{}: {}", at, error);
    }

    #[test]
    fn a_piece_of_one_is_none(cut: prop::sample::Index) {
        let post = Post::of(5);
        let sent = post.sent(b"a child");
        let piece = &sent[..cut.index(sent.len())];
        prop_assert!(post.opened(piece, now()).is_err());
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
        prop_assert_eq!(read(&bytes), Err(EnvelopeError::NotAnEnvelope));
    }
}
