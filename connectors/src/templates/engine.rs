//! Rendering: minijinja with strict undefined values, bounded work, and HTML escaped.
//!
//! Invariant: a text that is edited by users can neither read anything but its values nor run for long. It renders
//! strings; it decides nothing about whom they are for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use munshi_domain::notify::MessageKind;

use super::TemplateError;
use super::kind;

/// Values by name.
pub type Values = BTreeMap<String, String>;

/// Steps of work a text may take; the built-in ones take under a hundred.
const FUEL: u64 = 20_000;
/// The most bytes of a text before and after rendering.
const MAX_BYTES: usize = 64 * 1024;

const LAYOUT: &str = include_str!("../../templates/layout.html");

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    engine.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    engine.add_filter("upper", |text: String| text.to_uppercase());
    engine.add_filter("lower", |text: String| text.to_lowercase());
    engine
});

fn error(section: &'static str, error: &minijinja::Error) -> TemplateError {
    use minijinja::ErrorKind;
    match error.kind() {
        ErrorKind::OutOfFuel => TemplateError::TooMuchWork { section },
        ErrorKind::UndefinedError => TemplateError::MissingValue { section },
        // The engine's words name the construct and the line, never a value.
        _ => TemplateError::Syntax { section, line: error.line().unwrap_or(1) },
    }
}

/// Renders one section.
pub fn render(section: &'static str, text: &str, values: &Values) -> Result<String, TemplateError> {
    if text.len() > MAX_BYTES {
        return Err(TemplateError::TooLong { section });
    }
    let rendered = ENGINE.render_named_str(section, text, values).map_err(|e| error(section, &e))?;
    if rendered.len() > MAX_BYTES {
        return Err(TemplateError::TooLong { section });
    }
    Ok(rendered.trim().to_owned())
}

/// Whether a section parses, uses only values of its kind, and renders with the samples: a filter that does not exist
/// shows only then.
pub fn check(kind: MessageKind, section: &'static str, text: &str) -> Result<(), TemplateError> {
    let template = ENGINE.template_from_named_str(section, text).map_err(|e| error(section, &e))?;
    let known = kind.row().variables;
    let unknown = template.undeclared_variables(false).into_iter().find(|name| !known.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(TemplateError::UnknownVariable { section, name: name.chars().take(64).collect() }),
        None => render(section, text, &kind::samples(kind, crate::transport::Language::En)).map(|_| ()),
    }
}

/// What the HTML layout shows.
#[derive(serde::Serialize)]
pub struct Page<'a> {
    /// `en` or `ur`.
    pub lang: &'a str,
    /// `ltr` or `rtl`.
    pub dir: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The shop's name.
    pub shop: &'a str,
    /// Paragraphs, each a list of lines.
    pub paragraphs: Vec<Vec<&'a str>>,
    /// Titles and links of buttons.
    pub actions: &'a [(String, String)],
}

/// Renders the HTML twin of a mail.
pub fn page(page: &Page<'_>) -> Result<String, TemplateError> {
    let page = minijinja::Value::from(minijinja::value::Serde(page));
    ENGINE.render_named_str("layout.html", LAYOUT, page).map_err(|e| error("mail", &e))
}
