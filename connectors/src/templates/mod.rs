//! The texts Munshi sends, in English and Urdu (messaging.md §3.5, NOT-05).
//!
//! Each [`Event`] has a [`Source`] in each [`Language`]: built in under `connectors/templates/{en,ur}/`, or a shop's own
//! text of the same form. From it comes what each channel needs: the WhatsApp text with the call of its approved twin,
//! the SMS, the e-mail with its HTML twin, the chat note. Invariant: what cannot be sent (a missing value, too long, not
//! approvable) is an error before anything is sent. It does not choose channels, languages or recipients.

mod builtin;
mod engine;
mod event;
mod measure;
mod source;

use serde::Serialize;

pub use builtin::builtin;
pub use engine::Values;
pub use event::{Event, Variable};
pub use measure::{SmsSize, amount, sms_size, variable};
pub use source::Source;

use crate::transport::{Button, Language, TemplateCall, TemplateText};

/// Why a text cannot be used. Names sections and values, never their contents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A section that does not exist, or text before the first.
    #[error("a section is one of whatsapp, buttons, sms, subject, mail, action")]
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
    /// A value that the event does not have.
    #[error("section {section} uses {name:?}, which this event does not have")]
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
    /// More than three buttons, or titles over twenty characters or with values.
    #[error("at most three buttons of at most 20 characters, without values")]
    BadButtons,
    /// An action that is not `title | link`.
    #[error("an action is a title, a bar and a link")]
    BadAction,
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
            Self::BadAction => "template_bad_action",
            Self::NotApprovable { .. } => "template_not_approvable",
        }
    }
}

/// A text made ready for every channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rendered {
    /// The WhatsApp text as the customer reads it.
    pub whatsapp: String,
    /// The values of the approved text's places, in order.
    pub variables: Vec<String>,
    /// Titles of the buttons.
    pub buttons: Vec<String>,
    /// The SMS.
    pub sms: String,
    /// How much of the operator's limits the SMS takes.
    pub sms_size: SmsSize,
    /// The subject of the e-mail.
    pub subject: String,
    /// The e-mail as text.
    pub mail: String,
    /// The e-mail as HTML.
    pub html: String,
    /// Titles and links of the actions.
    pub actions: Vec<(String, String)>,
}

/// WhatsApp's bound for an approved text with its values, in characters.
const MAX_WHATSAPP: usize = 1_024;
/// Longer texts are not worth their price; the e-mail says the rest.
const MAX_SMS_SEGMENTS: usize = 4;
const MAX_SUBJECT: usize = 200;

/// Renders `source` for every channel.
///
/// # Errors
/// What cannot be sent, before anything is.
pub fn render(event: Event, language: Language, source: &Source, values: &Values) -> Result<Rendered, TemplateError> {
    // WhatsApp's rules for values hold on every channel: one line, no runs of blanks.
    let values: Values = values.iter().map(|(name, value)| (name.clone(), variable(value))).collect();
    let (_, names) = source.places()?;
    let whatsapp = engine::render("whatsapp", &source.whatsapp, &values)?;
    if whatsapp.chars().count() > MAX_WHATSAPP {
        return Err(TemplateError::TooLong { section: "whatsapp" });
    }
    let sms = engine::render("sms", &source.sms, &values)?;
    let sms_size = sms_size(&sms);
    if sms_size.segments > MAX_SMS_SEGMENTS {
        return Err(TemplateError::TooLong { section: "sms" });
    }
    let subject = engine::render("subject", &source.subject, &values)?;
    if subject.chars().count() > MAX_SUBJECT {
        return Err(TemplateError::TooLong { section: "subject" });
    }
    let text = engine::render("mail", &source.mail, &values)?;
    let actions = source
        .actions
        .iter()
        .map(|(title, link)| Ok((engine::render("action", title, &values)?, engine::render("action", link, &values)?)))
        .collect::<Result<Vec<_>, TemplateError>>()?;
    let html = engine::page(&engine::Page {
        lang: language.tag(),
        dir: language.direction(),
        subject: &subject,
        shop: values.get("shop").map_or("", String::as_str),
        paragraphs: text.split("\n\n").map(|paragraph| paragraph.trim().lines().collect()).collect(),
        actions: &actions,
    })?;
    let variables = names.iter().map(|name| values.get(name).cloned().unwrap_or_default()).collect();
    debug_assert!(event.variables().len() >= names.len());
    let mail = with_links(text, &actions);
    Ok(Rendered { whatsapp, variables, buttons: source.buttons.clone(), sms, sms_size, subject, mail, html, actions })
}

fn with_links(mut text: String, actions: &[(String, String)]) -> String {
    for (title, link) in actions {
        text.push_str(&format!("\n\n{title}:\n{link}"));
    }
    text
}

/// The rendered text with the event's samples.
///
/// # Errors
/// As [`render`].
pub fn preview(event: Event, language: Language, source: &Source) -> Result<Rendered, TemplateError> {
    let values = event.sample(language).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    render(event, language, source, &values)
}

/// The text as it is handed to a vendor for approval. `version` makes a changed text a new template.
///
/// # Errors
/// The text cannot be approved.
pub fn for_approval(
    event: Event,
    language: Language,
    source: &Source,
    version: u32,
) -> Result<TemplateText, TemplateError> {
    let (body, names) = source.places()?;
    let samples = event.sample(language);
    let example = |name: &String| {
        samples.iter().find(|(known, _)| known == name).map(|(_, value)| (*value).to_owned()).unwrap_or_default()
    };
    Ok(TemplateText {
        name: vendor_name(event, version),
        language,
        category: event.category(),
        body,
        examples: names.iter().map(example).collect(),
        buttons: source.buttons.clone(),
    })
}

/// The name of an event's text at a vendor.
pub fn vendor_name(event: Event, version: u32) -> String {
    format!("munshi_{}_v{version}", event.name())
}

impl Rendered {
    /// The call of the approved twin. `payloads` are what the buttons carry, as many as there are.
    pub fn template_call(
        &self,
        name: String,
        language: Language,
        content_sid: Option<String>,
        payloads: Vec<String>,
    ) -> TemplateCall {
        TemplateCall {
            name,
            language,
            content_sid,
            variables: self.variables.clone(),
            payloads,
            rendered: self.whatsapp.clone(),
        }
    }

    /// The buttons for a message inside the window.
    pub fn buttons_with(&self, payloads: &[String]) -> Vec<Button> {
        let pair = |(title, payload): (&String, &String)| Button { title: title.clone(), payload: payload.clone() };
        self.buttons.iter().zip(payloads).map(pair).collect()
    }
}

#[cfg(test)]
mod tests;
