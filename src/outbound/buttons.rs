//! Tokens of buttons and links: which question, which answer, until when, signed (N06).
//!
//! Invariant: a token that was not made here, or was changed, reads as nothing. That it is used once, by the right
//! person and about the version that was shown is the conversation's rule, not the token's: it only names the question.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use munshi_domain::{ConversationId, QuestionId, Timestamp, conversation::Choice};
use sha2::Sha256;

const PREFIX: &str = "mq1.";
/// Tokens of links in mails: whoever has one may decide, so a button of a chat is never one.
const LINK_PREFIX: &str = "ml1.";
const BODY: usize = 16 + 16 + 1 + 8;
const MAC: usize = 16;

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Button {
    /// The conversation that waits for the answer.
    pub conversation: ConversationId,
    /// The question.
    pub question: QuestionId,
    /// The answer.
    pub choice: Choice,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Signs and reads tokens.
pub struct Signer {
    /// The first signs, all of them read.
    keys: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("keys", &self.keys.len()).finish()
    }
}

impl Signer {
    /// By keys derived from a key file's lines, newest first; one drawn for this process if there is none.
    pub fn new(key_file: &str) -> Self {
        let lines = key_file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut keys: Vec<Vec<u8>> = lines.map(|line| mac(line.as_bytes(), b"munshi buttons")).collect();
        if keys.is_empty() {
            keys.push(crate::auth::token::random::<32>().to_vec());
        }
        Self { keys }
    }

    /// The token of a button, which counts only when it comes from the number it was sent to.
    pub fn sign(&self, button: &Button) -> String {
        self.seal(PREFIX, b"", button)
    }

    /// What a token of a button says, if it was signed here.
    pub fn read(&self, token: &str) -> Option<Button> {
        self.open(PREFIX, b"", token)
    }

    /// The token of a link in a mail, which decides for whom the mail was sent to.
    pub fn sign_link(&self, button: &Button) -> String {
        self.seal(LINK_PREFIX, LINK_PREFIX.as_bytes(), button)
    }

    /// What a token of a link says, if it was signed here.
    pub fn read_link(&self, token: &str) -> Option<Button> {
        self.open(LINK_PREFIX, LINK_PREFIX.as_bytes(), token)
    }

    fn seal(&self, prefix: &str, space: &[u8], button: &Button) -> String {
        let body = bytes(button);
        let key = self.keys.first().map_or(&[][..], Vec::as_slice);
        let mut text = prefix.to_owned();
        URL_SAFE_NO_PAD.encode_string([&body[..], &mac(key, &[space, &body].concat())[..MAC]].concat(), &mut text);
        text
    }

    fn open(&self, prefix: &str, space: &[u8], token: &str) -> Option<Button> {
        let raw = URL_SAFE_NO_PAD.decode(token.strip_prefix(prefix)?).ok()?;
        let (body, given) = raw.split_at_checked(BODY)?;
        let fits = |key: &Vec<u8>| {
            let wanted = &mac(key, &[space, body].concat())[..MAC];
            given.len() == MAC && wanted.iter().zip(given).fold(0, |seen, (l, r)| seen | (l ^ r)) == 0
        };
        self.keys.iter().any(fits).then(|| button(body)).flatten()
    }
}

/// Whether a payload claims to be a token of ours.
pub fn is_ours(payload: &str) -> bool {
    payload.starts_with(PREFIX)
}

fn bytes(button: &Button) -> [u8; BODY] {
    let mut body = [0; BODY];
    body[..16].copy_from_slice(&button.conversation.as_u128().to_be_bytes());
    body[16..32].copy_from_slice(&button.question.as_u128().to_be_bytes());
    body[32] = match button.choice {
        Choice::Yes => b'y',
        Choice::No => b'n',
        Choice::ChangeAddress => b'a',
    };
    body[33..].copy_from_slice(&button.expires_at.as_millis().to_be_bytes());
    body
}

fn button(body: &[u8]) -> Option<Button> {
    let number = |from: usize| Some(u128::from_be_bytes(body.get(from..from + 16)?.try_into().ok()?));
    let choice = match body.get(32)? {
        b'y' => Choice::Yes,
        b'n' => Choice::No,
        b'a' => Choice::ChangeAddress,
        _ => return None,
    };
    Some(Button {
        conversation: ConversationId::from_u128(number(0)?),
        question: QuestionId::from_u128(number(16)?),
        choice,
        expires_at: Timestamp::from_millis(i64::from_be_bytes(body.get(33..)?.try_into().ok()?)),
    })
}

fn mac(key: &[u8], body: &[u8]) -> Vec<u8> {
    // A key of any length will do for HMAC.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| vec![0; 32],
        |mut mac| {
            mac.update(body);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Button {
        Button {
            conversation: ConversationId::from_u128(u128::MAX / 3),
            question: QuestionId::from_u128(7),
            choice: Choice::No,
            expires_at: Timestamp::from_millis(1_800_000_000_123),
        }
    }

    #[test]
    fn apr_03_a_token_reads_back_and_no_other_text_does() {
        let signer = Signer::new("k1 a-key\n");
        let token = signer.sign(&sample());
        assert!(token.len() <= 128, "fits a vendor's button: {}", token.len());
        assert_eq!(signer.read(&token), Some(sample()));
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(changed == token || signer.read(&changed).is_none(), "{at}");
        }
        for bad in ["", "mq1.", "haan", &token[..token.len() - 4], &format!("{token}AAAA")] {
            assert_eq!(signer.read(bad), None, "{bad}");
        }
        assert_eq!(Signer::new("k1 another\n").read(&token), None);
    }

    #[test]
    fn apr_03_a_button_of_a_chat_is_no_link_and_a_link_no_button() {
        let signer = Signer::new("k1 a-key\n");
        let (button, link) = (signer.sign(&sample()), signer.sign_link(&sample()));
        assert_eq!((signer.read_link(&link), signer.read(&button)), (Some(sample()), Some(sample())));
        assert_eq!((signer.read_link(&button), signer.read(&link)), (None, None));
        // Nor with the other's name before it.
        let renamed = |token: &str, prefix: &str| format!("{prefix}{}", token.split_once('.').unwrap().1);
        assert_eq!(signer.read_link(&renamed(&button, LINK_PREFIX)), None);
        assert_eq!(signer.read(&renamed(&link, PREFIX)), None);
    }

    #[test]
    fn apr_03_tokens_outlive_a_new_key_while_the_old_one_is_kept() {
        let token = Signer::new("k1 old\n").sign(&sample());
        assert_eq!(Signer::new("k2 new\nk1 old\n").read(&token), Some(sample()));
        assert_eq!(Signer::new("k2 new\n").read(&token), None);
        assert_ne!(Signer::new("").sign(&sample()), Signer::new("").sign(&sample()), "without keys: of this process");
    }
}
