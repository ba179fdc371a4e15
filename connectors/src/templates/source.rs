//! The text of one kind in one language, for every channel: a file of sections.
//!
//! ```text
//! [whatsapp]
//! Hello {{ name }}, …
//! [buttons]
//! Confirm
//! [sms]
//! …
//! [subject]
//! …
//! [mail]
//! paragraphs, divided by empty lines
//! ```
//! A file without `[sms]` or `[mail]` says there what it says by WhatsApp.
//!
//! A WhatsApp section uses plain values only, because the vendor approves it with numbered places. Invariant: a
//! [`Source`] that was read has no unknown section, no statement in its WhatsApp section, and only values of its kind.

use std::collections::BTreeMap;

use munshi_domain::notify::MessageKind;

use super::kind;
use super::{TemplateError, engine};

/// The sections of one kind in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// WhatsApp, inside and outside the window.
    pub whatsapp: String,
    /// Titles of the buttons, in the order of the kind's choices.
    pub buttons: Vec<String>,
    /// SMS.
    pub sms: String,
    /// The subject of the e-mail and the heading of a chat note.
    pub subject: String,
    /// The text of the e-mail and of a chat note.
    pub mail: String,
}

/// The most buttons and their longest title, by the stricter vendor.
const MAX_BUTTONS: usize = 3;
const MAX_TITLE: usize = 20;

impl Source {
    /// Reads a file of sections.
    ///
    /// # Errors
    /// What is wrong, and in which section.
    pub fn parse(kind: MessageKind, text: &str) -> Result<Self, TemplateError> {
        let mut sections = split(text)?;
        let whatsapp = sections.remove("whatsapp").unwrap_or_default();
        let mut take = |name: &str| sections.remove(name);
        let lines = |text: String| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        let source = Self {
            buttons: lines(take("buttons").unwrap_or_default()),
            sms: take("sms").unwrap_or_else(|| whatsapp.clone()),
            subject: take("subject").unwrap_or_default(),
            mail: take("mail").unwrap_or_else(|| whatsapp.clone()),
            whatsapp,
        };
        source.check(kind)?;
        Ok(source)
    }

    fn check(&self, kind: MessageKind) -> Result<(), TemplateError> {
        for (section, text) in
            [("whatsapp", &self.whatsapp), ("sms", &self.sms), ("subject", &self.subject), ("mail", &self.mail)]
        {
            if text.is_empty() {
                return Err(TemplateError::MissingSection { section });
            }
            engine::check(kind, section, text)?;
        }
        let title_fits =
            |title: &String| (1..=MAX_TITLE).contains(&title.chars().count()) && !title.contains(['{', '}']);
        let asked = kind::choices(kind).len();
        if self.buttons.len() > MAX_BUTTONS || self.buttons.len() != asked || !self.buttons.iter().all(title_fits) {
            return Err(TemplateError::BadButtons);
        }
        if kind::is_free(kind) { Ok(()) } else { self.places().map(|_| ()) }
    }

    /// The WhatsApp text with numbered places, and the names of the values that fill them, in order. A value used
    /// twice has one place.
    ///
    /// # Errors
    /// The text cannot be approved: statements, too many values, or a value at its start or end or beside another.
    pub fn places(&self) -> Result<(String, Vec<String>), TemplateError> {
        let bad = |why| TemplateError::NotApprovable { why };
        let mut body = String::new();
        let mut names: Vec<String> = Vec::new();
        let mut rest = self.whatsapp.as_str();
        if rest.contains("{%") || rest.contains("{#") {
            return Err(bad("a WhatsApp text has values only, no statements"));
        }
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, tail) = after.split_once("}}").ok_or_else(|| bad("an open place"))?;
            let name = name.trim();
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                return Err(bad("a WhatsApp text has plain values, no filters"));
            }
            if before.trim().is_empty() {
                return Err(bad("a value at the start or beside another"));
            }
            let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            body.push_str(before);
            body.push_str(&format!("{{{{{}}}}}", place + 1));
            rest = tail;
        }
        if !names.is_empty() && rest.trim().is_empty() {
            return Err(bad("a value at the end"));
        }
        body.push_str(rest);
        Ok((body, names))
    }
}

fn split(text: &str) -> Result<BTreeMap<&'static str, String>, TemplateError> {
    const KNOWN: [&str; 5] = ["whatsapp", "buttons", "sms", "subject", "mail"];
    let mut sections: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        let heading = line.trim_end().strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        if let Some(name) = heading {
            let name = KNOWN.into_iter().find(|known| *known == name).ok_or(TemplateError::UnknownSection)?;
            if sections.insert(name, String::new()).is_some() {
                return Err(TemplateError::RepeatedSection { section: name });
            }
            current = Some(name);
        } else if let Some(section) = current.and_then(|name| sections.get_mut(name)) {
            section.push_str(line.trim_end());
            section.push('\n');
        } else if !line.trim().is_empty() {
            return Err(TemplateError::UnknownSection);
        }
    }
    for section in sections.values_mut() {
        *section = section.trim().to_owned();
    }
    Ok(sections)
}
