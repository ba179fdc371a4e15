//! From header names to cells, whatever the spelling, and from cells to values or row errors.

use munshi_domain::{Currency, Money};
use rust_decimal::Decimal;

use super::{
    RowError,
    table::{FileError, Record},
};

/// Lower case, letters and digits only: how headers are compared.
pub(super) fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where each column stands.
#[derive(Clone, Debug)]
pub struct Columns {
    headers: Vec<String>,
    plain: Vec<String>,
}

impl Columns {
    /// The columns of these headers.
    pub fn new(headers: &[String]) -> Self {
        Self { headers: headers.to_vec(), plain: headers.iter().map(|header| plain(header)).collect() }
    }

    /// Refuses a file that lacks one of these columns (each a list of accepted names).
    ///
    /// # Errors
    /// [`FileError::MissingColumn`].
    pub fn require(&self, wanted: &[&[&str]]) -> Result<(), FileError> {
        match wanted.iter().find(|names| self.position(names).is_none()) {
            Some(names) => Err(FileError::MissingColumn {
                column: names.first().copied().unwrap_or_default().to_owned(),
                found: self.headers.join(", "),
            }),
            None => Ok(()),
        }
    }

    fn position(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let name = plain(name);
            self.plain.iter().position(|header| *header == name)
        })
    }

    /// The row with its columns.
    pub(super) fn row<'a>(&'a self, record: &'a Record) -> Row<'a> {
        Row { columns: self, record }
    }
}

/// A row seen through its headers.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    columns: &'a Columns,
    record: &'a Record,
}

impl<'a> Row<'a> {
    pub(super) fn number(&self) -> u64 {
        self.record.row
    }

    /// The cell of the first of these columns that exists; empty if none does.
    pub(super) fn get(&self, names: &[&str]) -> &'a str {
        self.columns.position(names).and_then(|at| self.record.cells.get(at)).map_or("", String::as_str)
    }

    /// The cell, or `None` if blank.
    pub(super) fn some(&self, names: &[&str]) -> Option<&'a str> {
        Some(self.get(names)).filter(|cell| !cell.is_empty())
    }

    pub(super) fn error(&self, names: &[&str], code: &'static str, message: impl Into<String>) -> RowError {
        let column = self.columns.position(names).and_then(|at| self.columns.headers.get(at)).cloned();
        RowError {
            row: self.record.row,
            column: column.unwrap_or_else(|| names.first().copied().unwrap_or_default().to_owned()),
            code,
            message: message.into(),
            cells: self.record.cells.clone(),
        }
    }

    pub(super) fn required(&self, names: &[&str]) -> Result<&'a str, RowError> {
        self.some(names).ok_or_else(|| self.error(names, "missing", "a value is needed here"))
    }

    /// An exact decimal; thousands separators and a currency sign are tolerated.
    pub(super) fn decimal(&self, names: &[&str]) -> Result<Option<Decimal>, RowError> {
        let Some(text) = self.some(names) else { return Ok(None) };
        let bare: String =
            text.chars().filter(|c| !matches!(c, ',' | ' ' | '£' | '$' | '€' | '₨' | '\u{A0}')).collect();
        let bare = bare.strip_prefix("Rs.").or_else(|| bare.strip_prefix("Rs")).unwrap_or(&bare);
        let parsed = bare.parse::<Decimal>().or_else(|_| Decimal::from_scientific(bare));
        parsed.map(Some).map_err(|_| self.error(names, "not_a_number", format!("{text:?} is not a number")))
    }

    /// A whole number; `12.0`, as spreadsheets write it, is one.
    pub(super) fn whole(&self, names: &[&str]) -> Result<Option<i64>, RowError> {
        let Some(number) = self.decimal(names)? else { return Ok(None) };
        let whole = number.normalize();
        if whole.scale() != 0 {
            return Err(self.error(names, "not_whole", format!("{number} is not a whole number")));
        }
        i64::try_from(whole.mantissa())
            .map(Some)
            .map_err(|_| self.error(names, "out_of_range", format!("{number} is out of range")))
    }

    /// A count from 0.
    pub(super) fn count(&self, names: &[&str]) -> Result<Option<u32>, RowError> {
        self.whole(names)?
            .map(|n| u32::try_from(n).map_err(|_| self.error(names, "out_of_range", format!("{n} is out of range"))))
            .transpose()
    }

    pub(super) fn money(&self, names: &[&str], currency: Currency) -> Result<Option<Money>, RowError> {
        self.decimal(names)?
            .map(|amount| match Money::new(amount, currency) {
                Ok(money) if money.is_negative() => {
                    Err(self.error(names, "negative_price", "a price is never negative"))
                }
                Ok(money) => Ok(money),
                Err(error) => Err(self.error(names, "bad_money", error.to_string())),
            })
            .transpose()
    }

    pub(super) fn truth(&self, names: &[&str], default: bool) -> Result<bool, RowError> {
        match self.get(names).to_lowercase().as_str() {
            "" => Ok(default),
            "true" | "yes" | "y" | "1" | "active" => Ok(true),
            "false" | "no" | "n" | "0" | "draft" | "archived" | "inactive" => Ok(false),
            other => Err(self.error(names, "not_yes_or_no", format!("{other:?} is neither yes nor no"))),
        }
    }

    pub(super) fn currency(&self, names: &[&str], default: Currency) -> Result<Currency, RowError> {
        match self.some(names) {
            Some(code) => Currency::parse(&code.to_uppercase())
                .map_err(|error| self.error(names, "unknown_currency", error.to_string())),
            None => Ok(default),
        }
    }

    pub(super) fn list(&self, names: &[&str]) -> Vec<String> {
        let parts = self.get(names).split([',', ';', '|']);
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }
}
