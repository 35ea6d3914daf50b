//! Countries, as telephone numbers and sites need them.

/// A country by its two letters.
pub(crate) struct Country {
    /// ISO 3166, two letters.
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// The calling code, with the plus.
    pub(crate) calling_code: &'static str,
}

const fn country(code: &'static str, name: &'static str, calling_code: &'static str) -> Country {
    Country { code, name, calling_code }
}

/// Those that offices of the made-up account are in, and some neighbours.
const COUNTRIES: [Country; 20] = [
    country("US", "United States", "+1"),
    country("CA", "Canada", "+1"),
    country("GB", "United Kingdom", "+44"),
    country("IE", "Ireland", "+353"),
    country("DE", "Germany", "+49"),
    country("AT", "Austria", "+43"),
    country("CH", "Switzerland", "+41"),
    country("FR", "France", "+33"),
    country("ES", "Spain", "+34"),
    country("PT", "Portugal", "+351"),
    country("IT", "Italy", "+39"),
    country("NL", "Netherlands", "+31"),
    country("SE", "Sweden", "+46"),
    country("CZ", "Czechia", "+420"),
    country("PL", "Poland", "+48"),
    country("JP", "Japan", "+81"),
    country("AU", "Australia", "+61"),
    country("NZ", "New Zealand", "+64"),
    country("BR", "Brazil", "+55"),
    country("MX", "Mexico", "+52"),
];

/// The country with these two letters.
pub(crate) fn find(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}
