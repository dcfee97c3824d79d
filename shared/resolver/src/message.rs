//! DNS messages: a question written, an answer read.

use std::net::IpAddr;

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, Query, ResponseCode},
    rr::{DNSClass, Name, RData, Record, RecordType},
};

/// The UDP payload that passes the Internet in one piece (DNS Flag Day 2020,
/// <https://www.dnsflagday.net/2020/>).
pub(crate) const MOST_UDP_BYTES: u16 = 1232;

/// Aliases that are followed within one answer.
const MOST_ALIASES: usize = 16;

/// Addresses that are kept of one answer.
const MOST_ADDRESSES: usize = 32;

/// Which addresses are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

/// What a name server is asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) name: Name,
    pub(crate) family: Family,
}

/// What a name server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The name's addresses of the family, at least one, and for how many seconds they hold.
    Addresses(Vec<IpAddr>, u32),
    /// The name stands for another, about which nothing is said.
    Alias(Name, u32),
    /// The name has no address of the family; for how many seconds that holds, if that is said.
    NoAddress(Option<u32>),
    /// There is no such name; for how many seconds that holds, if that is said.
    NoSuchName(Option<u32>),
}

/// What came from a name server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Not the answer to this question.
    NotOurs,
    /// The answer did not fit and is to be asked for over TCP.
    Truncated,
    /// The server does not understand the question in its present form.
    NotUnderstood,
    /// The server can't or won't answer, or says something that can't be read.
    Failed,
    /// The answer.
    Answer(Answer),
}

/// `name` as DNS has it, absolute; none when it can't be one, such as with a label of more than 63
/// bytes.
pub(crate) fn absolute(name: &str) -> Option<Name> {
    Name::from_labels(name.split('.').map(str::as_bytes)).ok()
}

impl Question {
    /// The message that asks it, with an EDNS record that allows for a larger answer if `edns`.
    pub(crate) fn write(&self, id: u16, edns: bool) -> Option<Vec<u8>> {
        let mut message = Message::new(id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = true;
        message.add_query(Query::query(self.name.clone(), self.record_type()));
        if edns {
            let mut edns = Edns::new();
            edns.set_version(0).set_max_payload(MOST_UDP_BYTES);
            message.set_edns(edns);
        }
        message.to_vec().ok()
    }

    /// Reads what came for the question that was asked as `id`.
    pub(crate) fn read(&self, id: u16, bytes: &[u8]) -> Reading {
        if bytes.first_chunk() != Some(&id.to_be_bytes()) {
            return Reading::NotOurs;
        }
        let Ok(message) = Message::from_vec(bytes) else { return Reading::Failed };
        if message.metadata.message_type != MessageType::Response || !self.is_of(&message) {
            return Reading::NotOurs;
        }
        if message.metadata.truncation {
            return Reading::Truncated;
        }
        match message.metadata.response_code {
            ResponseCode::NoError => Reading::Answer(self.answer(&message)),
            ResponseCode::NXDomain => Reading::Answer(Answer::NoSuchName(negative_ttl(&message))),
            ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::BADVERS => {
                Reading::NotUnderstood
            }
            _ => Reading::Failed,
        }
    }

    /// Whether `message` repeats the question. One that complains may leave it out.
    fn is_of(&self, message: &Message) -> bool {
        match message.queries.as_slice() {
            [] => !matches!(
                message.metadata.response_code,
                ResponseCode::NoError | ResponseCode::NXDomain
            ),
            [query] => {
                query.name() == &self.name
                    && query.query_type() == self.record_type()
                    && query.query_class() == DNSClass::IN
            }
            _ => false,
        }
    }

    /// Follows the aliases in the message to addresses.
    fn answer(&self, message: &Message) -> Answer {
        let (mut name, mut ttl) = (&self.name, u32::MAX);
        for _ in 0..MOST_ALIASES {
            let own = || of(&message.answers, name);
            let found: Vec<_> = own().filter_map(|record| self.address(record)).collect();
            if !found.is_empty() {
                let ttl = found.iter().map(|(_, ttl)| *ttl).fold(ttl, u32::min);
                let addresses = found.into_iter().map(|(address, _)| address);
                return Answer::Addresses(addresses.take(MOST_ADDRESSES).collect(), ttl);
            }
            let alias = own().find_map(|record| match &record.data {
                RData::CNAME(target) => Some((&target.0, record.ttl)),
                _ => None,
            });
            let Some((target, its_ttl)) = alias else { break };
            (name, ttl) = (target, ttl.min(its_ttl));
        }
        let has_more = of(&message.answers, name).next().is_some();
        let is_said_whole = negative_ttl(message).is_some();
        if name == &self.name || has_more || is_said_whole {
            Answer::NoAddress(negative_ttl(message))
        } else {
            Answer::Alias(name.clone(), ttl)
        }
    }

    fn address(&self, record: &Record) -> Option<(IpAddr, u32)> {
        let address = match (&record.data, self.family) {
            (RData::A(address), Family::V4) => address.0.into(),
            (RData::AAAA(address), Family::V6) => address.0.into(),
            _ => return None,
        };
        Some((address, record.ttl))
    }

    const fn record_type(&self) -> RecordType {
        match self.family {
            Family::V4 => RecordType::A,
            Family::V6 => RecordType::AAAA,
        }
    }
}

/// The records of `name`.
fn of<'a>(records: &'a [Record], name: &'a Name) -> impl Iterator<Item = &'a Record> {
    records.iter().filter(move |record| record.dns_class == DNSClass::IN && &record.name == name)
}

/// How long it holds that there is nothing (RFC 2308, section 5).
fn negative_ttl(message: &Message) -> Option<u32> {
    message.authorities.iter().find_map(|record| match &record.data {
        RData::SOA(zone) => Some(record.ttl.min(zone.minimum)),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
