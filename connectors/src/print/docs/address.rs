//! A postal address as it is printed.

/// Name and address, in the order in which the country writes them. Empty parts take no line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Person or company.
    pub name: String,
    /// Street, building, landmark …, one line each.
    pub lines: Vec<String>,
    /// City, with the postal code where there is one.
    pub city: String,
    /// Country, in words.
    pub country: String,
    /// Telephone number for the courier.
    pub phone: String,
}

impl Address {
    /// What stands under the name, line by line.
    pub(crate) fn below_name(&self) -> String {
        let lines = self.lines.iter().chain([&self.city, &self.country]);
        lines.filter(|line| !line.trim().is_empty()).cloned().collect::<Vec<_>>().join("\n")
    }
}
