use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Number, value::RawValue};

use super::{FieldError, Json, Time, ambiguity};

/// Value of a request: JSON, parsed one level at a time and only where a type asks for it, or the
/// texts of a form.
pub(super) enum Node<'a> {
    Raw(&'a RawValue),
    Texts(Vec<String>),
}

impl Node<'_> {
    /// Returns the text of a value that is not a list.
    fn text(&self) -> Result<&str, FieldError> {
        match self {
            Self::Texts(texts) => match &texts[..] {
                [one] => Ok(one),
                _ => Err(FieldError::invalid("must be given once")),
            },
            Self::Raw(raw) => Ok(raw.get()),
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Self::Raw(raw) if raw.get() == "null")
    }
}

/// Parses one level of JSON text as a `T`. It was checked when the body was split, so the only
/// remaining errors are a number out of range and a lone surrogate in a string.
fn level<'a, T: serde::Deserialize<'a>>(raw: &'a RawValue) -> Result<T, FieldError> {
    serde_json::from_str(raw.get()).map_err(|_| {
        FieldError::invalid("holds a number out of range, or half a Unicode character")
    })
}

/// Reads a form's text as the type asks, or falls back to the JSON value.
macro_rules! from_text {
    ($($method:ident $visit:ident $type:ty, $must:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
            match &self {
                Self::Texts(_) => match self.text()?.parse::<$type>() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => Err(FieldError::invalid($must)),
                },
                Self::Raw(_) => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        let Self::Raw(raw) = self else { return visitor.visit_str(self.text()?) };
        match raw.get().as_bytes().first() {
            Some(b'{') => visitor.visit_map(Object::of(level::<Fields<'_>>(raw)?)),
            Some(b'[') => {
                let rest = level::<Vec<&RawValue>>(raw)?.into_iter().map(Node::Raw);
                visitor.visit_seq(List { rest, next: 0 })
            }
            Some(b'"') => visitor.visit_string(level(raw)?),
            Some(b't' | b'f') => visitor.visit_bool(level(raw)?),
            Some(b'n') => visitor.visit_unit(),
            _ => visit_number(&level(raw)?, visitor),
        }
    }

    from_text! {
        deserialize_bool visit_bool bool, "must be true or false";
        deserialize_u8 visit_u8 u8, "must be a whole number";
        deserialize_u16 visit_u16 u16, "must be a whole number";
        deserialize_u32 visit_u32 u32, "must be a whole number";
        deserialize_u64 visit_u64 u64, "must be a whole number";
        deserialize_i64 visit_i64 i64, "must be a whole number";
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        if name == Time::TOKEN && matches!(self, Self::Texts(_)) {
            return visitor.visit_str(self.text()?);
        }
        if name != Json::TOKEN {
            return visitor.visit_newtype_struct(self);
        }
        let text = self.text()?;
        if let Self::Texts(_) = self {
            // A body was checked as a whole; JSON in a form's field was not.
            serde_json::from_str::<&RawValue>(text)
                .map_err(|_| FieldError::invalid("must be valid JSON"))?;
            ambiguity::check(text)?;
        }
        visitor.visit_str(text)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        let text = match &self {
            Self::Raw(raw) => level::<Cow<'_, str>>(raw)
                .map_err(|_| FieldError::invalid(domain::kinds::NotOneOf(variants)))?,
            Self::Texts(_) => Cow::Borrowed(self.text()?),
        };
        let text: StrDeserializer<'_, FieldError> = text.as_ref().into_deserializer();
        visitor.visit_enum(text)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self {
            Self::Texts(texts) => {
                let rest = texts.into_iter().map(|text| Node::Texts(vec![text]));
                visitor.visit_seq(List { rest, next: 0 })
            }
            Self::Raw(_) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match &self {
            Self::Raw(raw) if raw.get().starts_with('{') => self.deserialize_any(visitor),
            _ => Err(FieldError::invalid("must be an object")),
        }
    }

    /// Accepts an object only: serde would also read fields from a list, by position.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct identifier
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, FieldError> {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => visitor.visit_u64(value),
        (None, Some(value)) => visitor.visit_i64(value),
        (None, None) => match number.as_f64() {
            Some(value) => visitor.visit_f64(value),
            None => Err(FieldError::invalid("must be a number within the range of a double")),
        },
    }
}

struct List<I> {
    rest: I,
    next: usize,
}

impl<'de, 'a, I: Iterator<Item = Node<'a>>> SeqAccess<'de> for List<I> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(node).map(Some).map_err(|error| error.at(index))
    }
}

/// Members of a JSON object, one level deep, in the order of their names. No name comes twice: that was
/// checked.
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((Name(name), value)) = members.next_entry()? {
            fields.push((name, value));
        }
        fields.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Fields(fields))
    }
}

/// Name of a member, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Object of named fields, top level or nested.
pub(super) struct Object<'a> {
    rest: std::vec::IntoIter<(Cow<'a, str>, Node<'a>)>,
    value: Option<(Cow<'a, str>, Node<'a>)>,
}

impl<'a> Object<'a> {
    pub(super) fn new(fields: Vec<(Cow<'a, str>, Node<'a>)>) -> Self {
        Self { rest: fields.into_iter(), value: None }
    }

    pub(super) fn of(Fields(fields): Fields<'a>) -> Self {
        Self::new(fields.into_iter().map(|(name, value)| (name, Node::Raw(value))).collect())
    }
}

impl<'de> MapAccess<'de> for Object<'_> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FieldError> {
        let Some((name, node)) = self.rest.next() else { return Ok(None) };
        let key: StrDeserializer<'_, FieldError> = name.as_ref().into_deserializer();
        let key = seed.deserialize(key)?;
        self.value = Some((name, node));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FieldError> {
        let (name, node) = self.value.take().ok_or_else(|| FieldError::invalid("has no value"))?;
        seed.deserialize(node).map_err(|error| error.under(&name))
    }
}

impl<'de> Deserializer<'de> for Object<'_> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
