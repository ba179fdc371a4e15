//! `application/x-www-form-urlencoded` as the URL standard reads it: names in order, repeatable, any bytes.
//!
//! Invariant: total; broken escapes stay as they are, bytes that are no UTF-8 become replacement characters.

/// Names and values in order.
pub fn parse(body: &[u8]) -> Vec<(String, String)> {
    body.split(|b| *b == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.iter().position(|b| *b == b'=') {
            Some(at) => (decode(&pair[..at]), decode(&pair[at + 1..])),
            None => (decode(pair), String::new()),
        })
        .collect()
}

/// Names and values of a URL's query.
pub fn query_of(url: &str) -> Vec<(String, String)> {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?').map_or_else(Vec::new, |(_, query)| parse(query.as_bytes()))
}

/// The first value of a name.
pub fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The same, but an empty value counts as none.
pub fn filled<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    first(pairs, name).filter(|value| !value.is_empty())
}

/// Escapes a name or value for a query.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// The URL with one more query parameter, before its fragment.
pub fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (url, fragment) = url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
    let join = if url.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{url}{join}{}={}{fragment}", escape(name), escape(value))
}

fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [a, b, after @ ..]) => match (nibble(*a), nibble(*b)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn nibble(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Bytes written in hexadecimal, in either case.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    bytes.chunks(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

/// Bytes in lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let pairs = parse("Body=Haan+%D8%AC%DB%8C&To=whatsapp%3A%2B92&To=2&empty=&bare&bad=%zz%4".as_bytes());
        let want =
            [("Body", "Haan جی"), ("To", "whatsapp:+92"), ("To", "2"), ("empty", ""), ("bare", ""), ("bad", "%zz%4")];
        let want: Vec<_> = want.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        assert_eq!(pairs, want);
        assert_eq!(first(&query_of("https://x/?a=1&a=2#a=3"), "a"), Some("1"));
        assert_eq!(with_parameter("https://x/h?a=1#rc=3", "m", "é 1"), "https://x/h?a=1&m=%C3%A9%201#rc=3");
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_again(text in ".{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(&parse(format!("k={}", escape(&text)).as_bytes())[0].1, &text);
            prop_assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes.clone()));
            parse(&bytes);
        }
    }
}
