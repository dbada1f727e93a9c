//! Keys that a template may write once or as a list.

use super::Chart;
use serde::{Deserialize, Deserializer};

/// Reads a key that may hold one thing or a list.
pub(super) fn one_or_many<'de, D, T>(d: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + OneOf,
{
    T::read(d)
}

/// Something a template may write once or as a list.
pub trait OneOf: Sized {
    /// Reads either.
    fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Self>, D::Error>;
}

impl OneOf for String {
    fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Self>, D::Error> {
        struct Names;
        impl<'de> serde::de::Visitor<'de> for Names {
            type Value = Vec<String>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a name or a list of names")
            }
            fn visit_str<E: serde::de::Error>(self, s: &str) -> Result<Self::Value, E> {
                Ok(if s.is_empty() {
                    vec![]
                } else {
                    vec![s.to_owned()]
                })
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut a: A,
            ) -> Result<Self::Value, A::Error> {
                let mut out = Vec::new();
                while let Some(s) = a.next_element()? {
                    out.push(s);
                }
                Ok(out)
            }
        }
        d.deserialize_any(Names)
    }
}

impl OneOf for Chart {
    fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Self>, D::Error> {
        struct Charts;
        impl<'de> serde::de::Visitor<'de> for Charts {
            type Value = Vec<Chart>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a chart or a list of charts")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                a: A,
            ) -> Result<Self::Value, A::Error> {
                let one = Chart::deserialize(serde::de::value::MapAccessDeserializer::new(a))?;
                Ok(vec![one])
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut a: A,
            ) -> Result<Self::Value, A::Error> {
                let mut out = Vec::new();
                while let Some(c) = a.next_element()? {
                    out.push(c);
                }
                Ok(out)
            }
        }
        d.deserialize_any(Charts)
    }
}
