//! Workbooks behind a password: ECMA-376 agile and standard encryption ([MS-OFFCRYPTO] 2.3.4.10–15 and 2.3.4.5–9).
//!
//! Knows the container and the ciphers; knows nothing of what is inside. A file says how often its password is to be
//! hashed, so the number is limited; nothing here can make a wrong password right.

use super::grid::GridError;
use aes::cipher::{BlockCipherDecrypt, KeyInit};
use quick_xml::events::Event;
use sha2::Digest;
use std::io::Read;

/// Most rounds of hashing that are done for a file: Excel writes 100,000.
const MOST_ROUNDS: u32 = 10_000_000;

/// Why a protected workbook stays shut.
#[derive(Debug, PartialEq, Eq)]
pub enum Shut {
    /// The password is not this one.
    Wrong,
    /// A form of encryption that is not read.
    Unknown,
    /// The container is damaged.
    Broken,
}

/// Opens the package of an encrypted workbook; at most so many bytes are held.
pub fn open<F: Read + std::io::Seek>(
    container: &mut cfb::CompoundFile<F>,
    password: &str,
    most: u64,
) -> Result<Result<Vec<u8>, Shut>, GridError> {
    let mut info = Vec::new();
    let stream = container.open_stream("/EncryptionInfo");
    stream?.take(1 << 20).read_to_end(&mut info)?;
    let mut package = Vec::new();
    let stream = container.open_stream("/EncryptedPackage")?;
    if stream.len() > most {
        return Err(GridError::TooLarge(super::grid::EXPANDED));
    }
    stream.take(most).read_to_end(&mut package)?;
    Ok(decrypted(&info, package, password))
}

fn decrypted(info: &[u8], package: Vec<u8>, password: &str) -> Result<Vec<u8>, Shut> {
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    match (u16_at(info, 0)?, u16_at(info, 2)?) {
        (4, 4) => agile(info.get(8..).ok_or(Shut::Broken)?, package, &password),
        (2..=4, 2) => standard(info, package, &password),
        _ => Err(Shut::Unknown),
    }
}

fn u16_at(b: &[u8], at: usize) -> Result<u16, Shut> {
    let s = b.get(at..at + 2).ok_or(Shut::Broken)?;
    Ok(u16::from_le_bytes([s[0], s[1]]))
}

fn u32_at(b: &[u8], at: usize) -> Result<u32, Shut> {
    Ok(u32::from(u16_at(b, at)?) | u32::from(u16_at(b, at + 2)?) << 16)
}

/// A hash by its name.
#[derive(Debug, Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Result<Hash, Shut> {
        Ok(match name {
            "SHA1" | "SHA-1" => Hash::Sha1,
            "SHA256" | "SHA-256" => Hash::Sha256,
            "SHA384" | "SHA-384" => Hash::Sha384,
            "SHA512" | "SHA-512" => Hash::Sha512,
            _ => return Err(Shut::Unknown),
        })
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn run<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut d = D::new();
            parts.iter().for_each(|p| d.update(p));
            d.finalize().to_vec()
        }
        match self {
            Hash::Sha1 => run::<sha1::Sha1>(parts),
            Hash::Sha256 => run::<sha2::Sha256>(parts),
            Hash::Sha384 => run::<sha2::Sha384>(parts),
            Hash::Sha512 => run::<sha2::Sha512>(parts),
        }
    }

    /// The password with its salt, hashed again and again.
    fn spun(self, salt: &[u8], password: &[u8], rounds: u32) -> Vec<u8> {
        let mut h = self.of(&[salt, password]);
        for i in 0..rounds {
            h = self.of(&[&i.to_le_bytes(), &h]);
        }
        h
    }
}

/// AES in blocks, whatever the length of the key.
enum Aes {
    K128(aes::Aes128),
    K192(aes::Aes192),
    K256(aes::Aes256),
}

impl Aes {
    fn new(key: &[u8]) -> Result<Aes, Shut> {
        let short = |_| Shut::Broken;
        Ok(match key.len() {
            16 => Aes::K128(aes::Aes128::new_from_slice(key).map_err(short)?),
            24 => Aes::K192(aes::Aes192::new_from_slice(key).map_err(short)?),
            32 => Aes::K256(aes::Aes256::new_from_slice(key).map_err(short)?),
            _ => return Err(Shut::Unknown),
        })
    }

    fn block(&self, block: &mut [u8; 16]) {
        match self {
            Aes::K128(a) => a.decrypt_block(block.into()),
            Aes::K192(a) => a.decrypt_block(block.into()),
            Aes::K256(a) => a.decrypt_block(block.into()),
        }
    }

    /// Decrypts whole blocks in place; with a vector every block is chained to the one before it.
    fn run(&self, data: &mut [u8], vector: Option<[u8; 16]>) {
        let mut before = vector;
        let (blocks, _) = data.as_chunks_mut::<16>();
        for block in blocks {
            let sealed = *block;
            self.block(block);
            if let Some(v) = before {
                block.iter_mut().zip(v).for_each(|(b, v)| *b ^= v);
                before = Some(sealed);
            }
        }
    }
}

/// Cut, or filled up with 0x36 (2.3.4.11).
fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0x36);
    bytes
}

fn vector(bytes: Vec<u8>) -> [u8; 16] {
    let mut v = [0x36; 16];
    v.iter_mut().zip(bytes).for_each(|(a, b)| *a = b);
    v
}

/// Takes the size from the front of a package; returns it and where the sealed bytes begin.
fn sized(package: &[u8]) -> Result<usize, Shut> {
    let size = u64::from(u32_at(package, 0)?) | u64::from(u32_at(package, 4)?) << 32;
    usize::try_from(size)
        .ok()
        .filter(|&n| n <= package.len() - 8)
        .ok_or(Shut::Broken)
}

/// 2.3.4.7–9: SHA-1, 50,000 rounds, AES in blocks of their own.
fn standard(info: &[u8], mut package: Vec<u8>, password: &[u8]) -> Result<Vec<u8>, Shut> {
    let header = 12;
    let verifier = header + u32_at(info, 8)? as usize;
    let algorithm = u32_at(info, header + 8)?;
    let bits = u32_at(info, header + 16)?;
    let length = match (algorithm, bits) {
        (0x660E, 0 | 128) => 16,
        (0x660F, _) => 24,
        (0x6610, _) => 32,
        _ => return Err(Shut::Unknown),
    };
    let part = |at: usize, n: usize| {
        info.get(verifier + at..verifier + at + n)
            .ok_or(Shut::Broken)
    };
    let salt = part(4, 16)?;
    let hash = Hash::Sha1.spun(salt, password, 50_000);
    let hash = Hash::Sha1.of(&[&hash, &0u32.to_le_bytes()]);
    let half = |fill: u8| {
        let mut block = [fill; 64];
        block.iter_mut().zip(&hash).for_each(|(b, h)| *b ^= h);
        Hash::Sha1.of(&[&block])
    };
    let key = [half(0x36), half(0x5C)].concat();
    let cipher = Aes::new(&key[..length])?;
    let mut asked = part(20, 16)?.to_vec();
    let mut answer = part(40, 32)?.to_vec();
    cipher.run(&mut asked, None);
    cipher.run(&mut answer, None);
    if Hash::Sha1.of(&[&asked]) != answer[..20] {
        return Err(Shut::Wrong);
    }
    let size = sized(&package)?;
    cipher.run(&mut package[8..], None);
    package.drain(..8);
    package.truncate(size);
    Ok(package)
}

/// What an agile description says of a key.
#[derive(Default)]
struct Described {
    salt: Vec<u8>,
    key_length: usize,
    hash: String,
    cipher: String,
    chaining: String,
    rounds: u32,
    asked: Vec<u8>,
    answer: Vec<u8>,
    key: Vec<u8>,
}

impl Described {
    fn of(e: &quick_xml::events::BytesStart) -> Described {
        let mut d = Described::default();
        for a in e.attributes().flatten() {
            let Ok(v) = a.unescape_value() else { continue };
            match a.key.local_name().as_ref() {
                b"saltValue" => d.salt = base64(&v),
                b"keyBits" => d.key_length = v.parse::<usize>().unwrap_or(0) / 8,
                b"hashAlgorithm" => d.hash = v.into_owned(),
                b"cipherAlgorithm" => d.cipher = v.into_owned(),
                b"cipherChaining" => d.chaining = v.into_owned(),
                b"spinCount" => d.rounds = v.parse().unwrap_or(u32::MAX),
                b"encryptedVerifierHashInput" => d.asked = base64(&v),
                b"encryptedVerifierHashValue" => d.answer = base64(&v),
                b"encryptedKeyValue" => d.key = base64(&v),
                _ => {}
            }
        }
        d
    }
}

/// 2.3.4.11–15: the hash and the key's length are named, segments of 4096 bytes each with a vector of its own.
fn agile(xml: &[u8], package: Vec<u8>, password: &[u8]) -> Result<Vec<u8>, Shut> {
    const ASKED: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
    const ANSWER: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
    const KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];
    let (mut data, mut key) = (None, None);
    let mut reader = quick_xml::Reader::from_reader(xml);
    loop {
        match reader.read_event().map_err(|_| Shut::Broken)? {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                b"keyData" => data = Some(Described::of(&e)),
                b"encryptedKey" if key.is_none() => key = Some(Described::of(&e)),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let (Some(data), Some(key)) = (data, key) else {
        return Err(Shut::Unknown);
    };
    let plain = |d: &Described| d.cipher == "AES" && d.chaining == "ChainingModeCBC";
    if !plain(&data) || !plain(&key) || key.rounds > MOST_ROUNDS {
        return Err(Shut::Unknown);
    }
    let hash = Hash::named(&key.hash)?;
    let spun = hash.spun(&key.salt, password, key.rounds);
    let unsealed = |purpose: &[u8], sealed: &[u8]| -> Result<Vec<u8>, Shut> {
        let cipher = Aes::new(&fitted(hash.of(&[&spun, purpose]), key.key_length))?;
        let mut out = sealed.to_vec();
        cipher.run(&mut out, Some(vector(key.salt.clone())));
        Ok(out)
    };
    let asked = unsealed(&ASKED, &key.asked)?;
    let answer = unsealed(&ANSWER, &key.answer)?;
    let asked = asked.get(..key.salt.len()).ok_or(Shut::Broken)?;
    let expected = hash.of(&[asked]);
    if answer.get(..expected.len()) != Some(&expected) {
        return Err(Shut::Wrong);
    }
    let secret = unsealed(&KEY, &key.key)?;
    let secret = secret.get(..data.key_length).ok_or(Shut::Broken)?;
    let cipher = Aes::new(secret)?;
    let hash = Hash::named(&data.hash)?;
    let size = sized(&package)?;
    let mut package = package;
    package.drain(..8);
    for (i, segment) in package.chunks_mut(4096).enumerate() {
        let v = hash.of(&[&data.salt, &(i as u32).to_le_bytes()]);
        cipher.run(segment, Some(vector(v)));
    }
    package.truncate(size);
    Ok(package)
}

/// Bytes of a base64 text; whatever is no letter of it is passed over.
pub fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0u32, 0);
    for b in text.bytes() {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::cipher::BlockCipherEncrypt;
    use std::io::{Cursor, Write};

    const PASSWORD: &str = "Bapas#2026";

    /// A container as Excel 2007 writes it: the inverse of `standard`.
    fn sealed(content: &[u8]) -> Vec<u8> {
        let salt = [7u8; 16];
        let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hash = Hash::Sha1.spun(&salt, &password, 50_000);
        let hash = Hash::Sha1.of(&[&hash, &0u32.to_le_bytes()]);
        let mut block = [0x36u8; 64];
        block.iter_mut().zip(&hash).for_each(|(b, h)| *b ^= h);
        let key = Hash::Sha1.of(&[&block]);
        let cipher = aes::Aes128::new_from_slice(&key[..16]).unwrap();
        let seal = |bytes: &[u8]| {
            let mut out = bytes.to_vec();
            out.resize(bytes.len().div_ceil(16) * 16, 0);
            for b in out.as_chunks_mut::<16>().0 {
                cipher.encrypt_block(b.into());
            }
            out
        };
        let mut info = Vec::new();
        for n in [
            0x0002_0003u32,
            0x24,
            32,
            0x24,
            0,
            0x660E,
            0x8004,
            128,
            0x18,
            0,
            0,
            16,
        ] {
            info.extend(n.to_le_bytes());
        }
        info.extend(salt);
        info.extend(seal(&[9; 16]));
        info.extend(20u32.to_le_bytes());
        info.extend(seal(&Hash::Sha1.of(&[&[9; 16]])));
        let mut package = (content.len() as u64).to_le_bytes().to_vec();
        package.extend(seal(content));
        let mut out = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in [("/EncryptionInfo", &info), ("/EncryptedPackage", &package)] {
            out.create_stream(name).unwrap().write_all(bytes).unwrap();
        }
        out.into_inner().into_inner()
    }

    fn opened(container: &[u8], password: &str) -> Result<Vec<u8>, Shut> {
        let mut c = cfb::CompoundFile::open(Cursor::new(container.to_vec())).unwrap();
        open(&mut c, password, 1 << 20).unwrap()
    }

    #[test]
    fn standard_encryption_opens_with_its_password_alone() {
        let content: Vec<u8> = (0..1000u32).map(|i| i as u8).collect();
        let container = sealed(&content);
        assert_eq!(opened(&container, PASSWORD), Ok(content));
        assert_eq!(opened(&container, "bapas#2026"), Err(Shut::Wrong));
        assert_eq!(opened(&container, ""), Err(Shut::Wrong));
    }

    proptest::proptest! {
        #[test]
        fn damaged_descriptions_never_panic(info in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), package in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40)) {
            for version in [[3, 0, 2, 0], [9, 0, 2, 0]] {
                let mut info = info.clone();
                info.splice(0..info.len().min(4), version);
                let _ = decrypted(&info, package.clone(), "x");
            }
            let _ = agile(&info, package, b"x");
        }
    }
}
