//! Canonical JSON, written: no blanks, object keys in byte order, integers in decimal, floats in their shortest form, only
//! the escapes JSON demands.
//!
//! Values that can be serialised are written without a tree of them in between, which took several times as long as the
//! text: the fields of an object are written as they come and put in order when the object ends.

use std::fmt::{self, Display, Write};

use serde::ser::{self, Serialize};
use serde_json::Value;
use smallvec::SmallVec;

/// JSON being written.
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// What is shown without a character that JSON escapes.
    pub(crate) fn plain(&mut self, shown: impl Display) {
        let _ = write!(self.0, "{shown}");
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.plain(number);
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.0.push('"');
        self.escaped(text);
        self.0.push('"');
    }

    fn escaped(&mut self, text: &str) {
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            // What is escaped is ASCII, so that no character is cut.
            self.0.push_str(&text[from..at]);
            from = at + 1;
            match byte {
                b'"' => self.raw("\\\""),
                b'\\' => self.raw("\\\\"),
                b'\n' => self.raw("\\n"),
                b'\r' => self.raw("\\r"),
                b'\t' => self.raw("\\t"),
                0x08 => self.raw("\\b"),
                0x0c => self.raw("\\f"),
                other => {
                    let _ = write!(self.0, "\\u{other:04x}");
                }
            }
        }
        self.0.push_str(&text[from..]);
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(true) => self.raw("true"),
            Value::Bool(false) => self.raw("false"),
            Value::Number(number) => self.plain(number),
            Value::String(string) => self.string(string),
            Value::Array(items) => self.values(items),
            Value::Object(fields) => {
                self.raw("{");
                if fields.keys().is_sorted() {
                    fields.iter().enumerate().for_each(|(at, field)| self.field(at, field));
                } else {
                    let mut sorted: Vec<_> = fields.iter().collect();
                    sorted.sort_unstable_by_key(|(key, _)| *key);
                    sorted.into_iter().enumerate().for_each(|(at, field)| self.field(at, field));
                }
                self.raw("}");
            }
        }
    }

    pub(crate) fn values(&mut self, items: &[Value]) {
        self.list(items, Self::value);
    }

    /// Writes a list of what can be serialised; what has no form in JSON is `null` in its place and harms no other.
    pub(crate) fn all(&mut self, items: &[impl Serialize]) {
        self.list(items, Self::serialized);
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.raw("[");
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.raw(",");
            }
            write(self, item);
        }
        self.raw("]");
    }

    fn field(&mut self, at: usize, (key, value): (&String, &Value)) {
        if at > 0 {
            self.raw(",");
        }
        self.string(key);
        self.raw(":");
        self.value(value);
    }

    /// Writes what can be serialised, as [`Self::value`] would write the tree of it.
    pub(crate) fn serialized(&mut self, value: &(impl Serialize + ?Sized)) {
        let begin = self.0.len();
        if value.serialize(Canonical(self)).is_err() {
            // The rare forms (raw JSON, numbers of 128 bits, bytes) go by the tree, and what has no form in JSON, which
            // no event contains, is `null`.
            self.0.truncate(begin);
            self.value(&serde_json::to_value(value).unwrap_or_default());
        }
    }
}

/// A value of a form that is not written directly.
#[derive(Debug)]
struct Unwritten;

impl Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a form that is not written directly")
    }
}

impl std::error::Error for Unwritten {}

impl ser::Error for Unwritten {
    fn custom<T: Display>(_message: T) -> Self {
        Self
    }
}

type Written = Result<(), Unwritten>;

/// Writes one value.
struct Canonical<'a>(&'a mut Text);

/// Escapes what is shown piece by piece.
struct Escaped<'a>(&'a mut Text);

impl Write for Escaped<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.0.escaped(piece);
        Ok(())
    }
}

impl<'a> ser::Serializer for Canonical<'a> {
    type Ok = ();
    type Error = Unwritten;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Fields<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    fn serialize_bool(self, v: bool) -> Written {
        self.0.raw(if v { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, v: i8) -> Written {
        self.serialize_i64(v.into())
    }

    fn serialize_i16(self, v: i16) -> Written {
        self.serialize_i64(v.into())
    }

    fn serialize_i32(self, v: i32) -> Written {
        self.serialize_i64(v.into())
    }

    fn serialize_i64(self, v: i64) -> Written {
        self.0.plain(v);
        Ok(())
    }

    fn serialize_u8(self, v: u8) -> Written {
        self.serialize_u64(v.into())
    }

    fn serialize_u16(self, v: u16) -> Written {
        self.serialize_u64(v.into())
    }

    fn serialize_u32(self, v: u32) -> Written {
        self.serialize_u64(v.into())
    }

    fn serialize_u64(self, v: u64) -> Written {
        self.0.plain(v);
        Ok(())
    }

    fn serialize_f32(self, v: f32) -> Written {
        self.serialize_f64(v.into())
    }

    fn serialize_f64(self, v: f64) -> Written {
        self.0.value(&Value::from(v));
        Ok(())
    }

    fn serialize_char(self, v: char) -> Written {
        self.0.string(v.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, v: &str) -> Written {
        self.0.string(v);
        Ok(())
    }

    fn collect_str<T: ?Sized + Display>(self, value: &T) -> Written {
        self.0.raw("\"");
        write!(Escaped(self.0), "{value}").map_err(|_| Unwritten)?;
        self.0.raw("\"");
        Ok(())
    }

    fn serialize_bytes(self, _v: &[u8]) -> Written {
        Err(Unwritten)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.0.raw("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _name: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        self.0.raw("{");
        self.0.string(variant);
        self.0.raw(":");
        value.serialize(Canonical(self.0))?;
        self.0.raw("}");
        Ok(())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Items<'a>, Unwritten> {
        Ok(Items::begin(self.0, "]"))
    }

    fn serialize_tuple(self, len: usize) -> Result<Items<'a>, Unwritten> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Items<'a>, Unwritten> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Items<'a>, Unwritten> {
        self.0.raw("{");
        self.0.string(variant);
        self.0.raw(":");
        Ok(Items::begin(self.0, "]}"))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Fields<'a>, Unwritten> {
        Ok(Fields::begin(self.0, "}"))
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Fields<'a>, Unwritten> {
        // Raw JSON comes as a structure of a name that only serde_json knows.
        if name.starts_with('$') { Err(Unwritten) } else { Ok(Fields::begin(self.0, "}")) }
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Fields<'a>, Unwritten> {
        self.0.raw("{");
        self.0.string(variant);
        self.0.raw(":");
        Ok(Fields::begin(self.0, "}}"))
    }
}

/// An array being written.
struct Items<'a> {
    text: &'a mut Text,
    first: bool,
    end: &'static str,
}

impl<'a> Items<'a> {
    fn begin(text: &'a mut Text, end: &'static str) -> Self {
        text.raw("[");
        Self { text, first: true, end }
    }

    fn item<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        if !std::mem::take(&mut self.first) {
            self.text.raw(",");
        }
        value.serialize(Canonical(self.text))
    }

    fn end(self) {
        self.text.raw(self.end);
    }
}

macro_rules! items {
    ($($as:ident $method:ident),*) => {
        $(impl ser::$as for Items<'_> {
            type Ok = ();
            type Error = Unwritten;

            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
                self.item(value)
            }

            fn end(self) -> Written {
                Self::end(self);
                Ok(())
            }
        })*
    };
}

items!(
    SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

/// A field's name.
enum Key {
    Field(&'static str),
    Made(String),
}

impl Key {
    fn as_str(&self) -> &str {
        match self {
            Self::Field(name) => name,
            Self::Made(name) => name,
        }
    }
}

/// An object being written: its fields as they come, each with a comma behind it.
struct Fields<'a> {
    text: &'a mut Text,
    begin: usize,
    /// Names, and where each field begins.
    fields: SmallVec<[(Key, usize); 12]>,
    end: &'static str,
}

impl<'a> Fields<'a> {
    fn begin(text: &'a mut Text, end: &'static str) -> Self {
        text.raw("{");
        let begin = text.0.len();
        Self { text, begin, fields: SmallVec::new(), end }
    }

    fn key(&mut self, key: Key) {
        let at = self.text.0.len();
        self.text.string(key.as_str());
        self.text.raw(":");
        self.fields.push((key, at));
    }

    fn value<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        value.serialize(Canonical(self.text))?;
        self.text.raw(",");
        Ok(())
    }

    fn end(self) {
        let text = &mut self.text.0;
        let in_order = self.fields.windows(2).all(|pair| pair[0].0.as_str() < pair[1].0.as_str());
        if !in_order {
            let written = text.split_off(self.begin);
            let ends = self.fields.iter().skip(1).map(|(_, at)| *at).chain([self.begin + written.len()]);
            let mut fields: SmallVec<[_; 12]> = self.fields.iter().zip(ends).collect();
            fields.sort_by(|((one, _), _), ((other, _), _)| one.as_str().cmp(other.as_str()));
            for (at, ((key, from), to)) in fields.iter().enumerate() {
                // Of fields of one name the last counts, as in a tree.
                if fields.get(at + 1).is_none_or(|((next, _), _)| next.as_str() != key.as_str()) {
                    text.push_str(&written[from - self.begin..to - self.begin]);
                }
            }
        }
        if text.len() > self.begin {
            text.pop();
        }
        text.push_str(self.end);
    }
}

macro_rules! fields {
    ($($as:ident),*) => {
        $(impl ser::$as for Fields<'_> {
            type Ok = ();
            type Error = Unwritten;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Written {
                self.key(Key::Field(name));
                self.value(value)
            }

            fn end(self) -> Written {
                Self::end(self);
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Written {
        // Other keys than text go by the tree.
        let Ok(Value::String(name)) = serde_json::to_value(key) else { return Err(Unwritten) };
        self.key(Key::Made(name));
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.value(value)
    }

    fn end(self) -> Written {
        Self::end(self);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use rust_decimal::Decimal;
    use serde::Serialize;
    use serde_json::json;

    use super::*;

    fn written(value: &(impl Serialize + ?Sized)) -> String {
        let mut text = Text::with_capacity(64);
        text.serialized(value);
        text.into_text()
    }

    fn by_tree(value: &(impl Serialize + ?Sized)) -> String {
        let mut text = Text::with_capacity(64);
        text.value(&serde_json::to_value(value).unwrap());
        text.into_text()
    }

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Newtype(u8);

    #[derive(Serialize)]
    struct Tuple(i64, f32, char);

    #[derive(Serialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Zebra { type_of: u64, b: Option<i8>, a: Vec<Plain> },
        Inner(Inner),
        Nothing,
    }

    #[derive(Serialize)]
    enum Plain {
        Unit,
        One(String),
        Two(bool, ()),
        Fields { y: f64, x: i16 },
    }

    #[derive(Serialize)]
    struct Inner {
        zz: &'static str,
        #[serde(flatten)]
        more: BTreeMap<String, Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        left_out: Option<u8>,
        aa: Decimal,
        #[serde(rename = "\"m\u{1}")]
        odd: (),
    }

    /// Everything serde can say is written as the tree of it would be.
    #[test]
    fn aud_01_what_is_written_directly_is_what_the_tree_says() {
        let inner = || Inner {
            zz: "\\ \" \n\r\t\u{8}\u{c}\u{1f} é\u{7f}🙂",
            more: BTreeMap::from([
                ("q".into(), json!({"b": 1, "a": [null, -2.5, u64::MAX]})),
                ("\u{1}".into(), json!({})),
            ]),
            left_out: None,
            aa: Decimal::new(12_345, 2),
            odd: (),
        };
        let plain =
            || vec![Plain::Unit, Plain::One("x".into()), Plain::Two(true, ()), Plain::Fields { y: 1e300, x: -3 }];
        let zebra = Tagged::Zebra { type_of: u64::MAX, b: Some(i8::MIN), a: plain() };
        let all = (
            (Unit, Newtype(7), Tuple(i64::MIN, 0.1, '"'), f64::NAN, f64::NEG_INFINITY, 0.0_f64, -0.0_f64, 5e-324_f64),
            (zebra, Tagged::Inner(inner()), Tagged::Nothing, plain(), inner()),
            (HashMap::from([("one", 1), ("\"", 2), ("!", 3), ("", 4)]), BTreeMap::from([('b', 1)])),
            (BTreeMap::from([(10_u64, "ten"), (9, "nine")]), BTreeMap::from([(true, 1)]), 7_u128, i128::from(i64::MIN)),
            (Option::<u8>::None, Vec::<u8>::new()),
        );
        assert_eq!(written(&all), by_tree(&all));
        // The direct way alone, where it must not fall back on the tree.
        let mut text = Text::with_capacity(64);
        (&all.0, &all.1).serialize(Canonical(&mut text)).unwrap();
        assert_eq!(text.into_text(), by_tree(&(&all.0, &all.1)));
    }

    #[test]
    fn of_fields_of_one_name_the_last_counts() {
        #[derive(Serialize)]
        struct Twice {
            b: u8,
            #[serde(flatten)]
            more: BTreeMap<&'static str, u8>,
            a: u8,
        }
        let twice = Twice { b: 1, more: BTreeMap::from([("a", 2), ("b", 3)]), a: 4 };
        assert_eq!(written(&twice), r#"{"a":4,"b":3}"#);
        assert_eq!(written(&twice), by_tree(&twice));
    }

    /// No event says such a thing; the journal must still be JSON.
    #[test]
    fn what_json_has_no_form_for_is_null() {
        assert_eq!(written(&vec![BTreeMap::from([((1, 2), 3)])]), "null");
    }
}
