//! The texts Munshi sends, in English and Urdu (messaging.md §3.5, NOT-05).
//!
//! Each [`MessageKind`] of the domain has a [`Source`] in each [`Language`], under `connectors/templates/{en,ur}/`. From
//! it comes what each channel needs: the WhatsApp text with the values of its approved twin, the SMS, the e-mail with its
//! HTML twin, and what buttons say. Invariant: a file that cannot be approved or read is refused by a test, and a text
//! that is too long for its channel is an error before it is sent. It does not choose channels, languages or recipients.

mod builtin;
mod engine;
mod kind;
mod measure;
mod source;

use munshi_domain::{
    conversation::Choice,
    notify::{MessageChannel, MessageKind},
};

pub use builtin::builtin;
pub use engine::Values;
pub use kind::{choices, samples};
pub use measure::{SmsSize, amount, sms_size, variable};
pub use source::Source;

use crate::transport::{Category, Language, TemplateCall, TemplateText};

/// Why a text cannot be used. Names sections and values, never their contents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A section that does not exist, or text before the first.
    #[error("a section is one of whatsapp, buttons, sms, subject, mail")]
    UnknownSection,
    /// A section twice.
    #[error("section {section} is there twice")]
    RepeatedSection {
        /// Which.
        section: &'static str,
    },
    /// A section that must not be empty.
    #[error("section {section} is missing")]
    MissingSection {
        /// Which.
        section: &'static str,
    },
    /// A text that does not parse.
    #[error("section {section} cannot be read at its line {line}")]
    Syntax {
        /// Which.
        section: &'static str,
        /// Counted from one.
        line: usize,
    },
    /// A value that the kind does not have.
    #[error("section {section} uses {name:?}, which this kind does not have")]
    UnknownVariable {
        /// Which.
        section: &'static str,
        /// Its name.
        name: String,
    },
    /// A value that was not given.
    #[error("section {section} uses a value that was not given")]
    MissingValue {
        /// Which.
        section: &'static str,
    },
    /// A text that takes too long to render.
    #[error("section {section} takes too much work")]
    TooMuchWork {
        /// Which.
        section: &'static str,
    },
    /// A text that is longer than its channel takes.
    #[error("section {section} is too long")]
    TooLong {
        /// Which.
        section: &'static str,
    },
    /// Not a button for each choice, more than three, or titles over twenty characters or with values.
    #[error("a button for each choice, at most three, of at most 20 characters, without values")]
    BadButtons,
    /// A WhatsApp text that no vendor approves.
    #[error("the WhatsApp text cannot be approved: {why}")]
    NotApprovable {
        /// Why.
        why: &'static str,
    },
}

impl TemplateError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownSection => "template_unknown_section",
            Self::RepeatedSection { .. } => "template_repeated_section",
            Self::MissingSection { .. } => "template_missing_section",
            Self::Syntax { .. } => "template_syntax",
            Self::UnknownVariable { .. } => "template_unknown_variable",
            Self::MissingValue { .. } => "template_missing_value",
            Self::TooMuchWork { .. } => "template_too_much_work",
            Self::TooLong { .. } => "template_too_long",
            Self::BadButtons => "template_bad_buttons",
            Self::NotApprovable { .. } => "template_not_approvable",
        }
    }
}

/// A text made ready for every channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Of what.
    pub kind: MessageKind,
    /// In which language.
    pub language: Language,
    /// The shop's name, where it is given.
    pub shop: String,
    /// The WhatsApp text as the customer reads it.
    pub whatsapp: String,
    /// The values of the approved text's places, in order.
    pub variables: Vec<String>,
    /// Titles of the buttons, in the order of [`choices`].
    pub buttons: Vec<String>,
    /// The SMS.
    pub sms: String,
    /// How much of the operator's limits the SMS takes.
    pub sms_size: SmsSize,
    /// The subject of the e-mail.
    pub subject: String,
    /// The e-mail as text, without links.
    pub mail: String,
}

/// An e-mail with links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// As text.
    pub text: String,
    /// As HTML: no picture, no script, nothing from another host.
    pub html: String,
}

/// WhatsApp's bound for an approved text with its values, in characters.
const MAX_WHATSAPP: usize = 1_024;
/// Twilio's bound for one SMS.
const MAX_SMS_SEGMENTS: usize = 10;
const MAX_SUBJECT: usize = 200;

/// The built-in text of a kind, filled in.
///
/// # Errors
/// As [`render`].
pub fn fill(kind: MessageKind, language: Language, values: &Values) -> Result<Rendered, TemplateError> {
    render(kind, language, builtin(kind, language)?, values)
}

/// Renders `source` for every channel. Whether it fits one, [`Rendered::fits`] tells.
///
/// # Errors
/// A text that cannot be rendered.
pub fn render(
    kind: MessageKind,
    language: Language,
    source: &Source,
    values: &Values,
) -> Result<Rendered, TemplateError> {
    let said = kind::complete(kind, language, values);
    // WhatsApp's rules for values hold on every channel: one line, no runs of blanks. What a person wrote stays as it is.
    let (said, names) = if kind::is_free(kind) {
        (said, Vec::new())
    } else {
        (said.into_iter().map(|(name, value)| (name, variable(&value))).collect(), source.places()?.1)
    };
    let sms = engine::render("sms", &source.sms, &said)?;
    Ok(Rendered {
        kind,
        language,
        shop: values.get("shop").map(|shop| variable(shop)).unwrap_or_default(),
        whatsapp: engine::render("whatsapp", &source.whatsapp, &said)?,
        variables: names.iter().map(|name| said.get(name).cloned().unwrap_or_default()).collect(),
        buttons: source.buttons.clone(),
        sms_size: sms_size(&sms),
        sms,
        subject: engine::render("subject", &source.subject, &said)?,
        mail: engine::render("mail", &source.mail, &said)?,
    })
}

/// The rendered text with the kind's samples.
///
/// # Errors
/// As [`render`].
pub fn preview(kind: MessageKind, language: Language) -> Result<Rendered, TemplateError> {
    fill(kind, language, &samples(kind, language))
}

/// The text as it is handed to a vendor for approval. `version` makes a changed text a new template.
///
/// # Errors
/// The text cannot be approved.
pub fn for_approval(kind: MessageKind, language: Language, version: u32) -> Result<TemplateText, TemplateError> {
    let (body, _) = builtin(kind, language)?.places()?;
    let shown = preview(kind, language)?;
    Ok(TemplateText {
        name: vendor_name(kind, version),
        language,
        category: Category::Utility,
        body,
        examples: shown.variables,
        buttons: shown.buttons,
    })
}

/// The name of a kind's text at a vendor.
pub fn vendor_name(kind: MessageKind, version: u32) -> String {
    format!("munshi_{}_v{version}", kind.word())
}

/// What the button of a choice says. A choice that its kind does not list is said as the confirmation says it, which
/// lists every one.
///
/// # Errors
/// As [`builtin`].
pub fn title(kind: MessageKind, choice: Choice, language: Language) -> Result<&'static str, TemplateError> {
    let of = |kind| {
        let at = choices(kind).iter().position(|known| *known == choice);
        Ok(builtin(kind, language)?.buttons.get(at.unwrap_or(usize::MAX)).map(String::as_str))
    };
    match of(kind)? {
        Some(title) => Ok(title),
        None => of(MessageKind::CodConfirmation)?.ok_or(TemplateError::BadButtons),
    }
}

impl Rendered {
    /// What is read by a channel.
    pub fn text(&self, channel: MessageChannel) -> &str {
        match channel {
            MessageChannel::Whatsapp => &self.whatsapp,
            MessageChannel::Sms => &self.sms,
            MessageChannel::Email => &self.mail,
        }
    }

    /// Whether it fits the channel; `approved` for a text that goes as a vendor's template.
    ///
    /// # Errors
    /// [`TemplateError::TooLong`].
    pub fn fits(&self, channel: MessageChannel, approved: bool) -> Result<(), TemplateError> {
        let long = match channel {
            MessageChannel::Whatsapp => {
                (approved && self.whatsapp.chars().count() > MAX_WHATSAPP).then_some("whatsapp")
            }
            MessageChannel::Sms => (self.sms_size.segments > MAX_SMS_SEGMENTS).then_some("sms"),
            MessageChannel::Email => (self.subject.chars().count() > MAX_SUBJECT).then_some("subject"),
        };
        long.map_or(Ok(()), |section| Err(TemplateError::TooLong { section }))
    }

    /// The e-mail with titles and links of its buttons.
    ///
    /// # Errors
    /// The layout cannot be rendered.
    pub fn letter(&self, links: &[(String, String)]) -> Result<Letter, TemplateError> {
        let html = engine::page(&engine::Page {
            lang: self.language.tag(),
            dir: self.language.direction(),
            subject: &self.subject,
            shop: &self.shop,
            paragraphs: self.mail.split("\n\n").map(|paragraph| paragraph.trim().lines().collect()).collect(),
            actions: links,
        })?;
        let mut text = self.mail.clone();
        for (title, link) in links {
            text.push_str(&format!("\n\n{title}:\n{link}"));
        }
        Ok(Letter { text, html })
    }

    /// The call of the approved twin. `payloads` are what the buttons carry, as many as there are.
    pub fn template_call(&self, name: String, content_sid: Option<String>, payloads: Vec<String>) -> TemplateCall {
        TemplateCall {
            name,
            language: self.language,
            content_sid,
            variables: self.variables.clone(),
            payloads,
            rendered: self.whatsapp.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
