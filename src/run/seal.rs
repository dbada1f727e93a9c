//! A workbook behind a password, as Excel and LibreOffice open it: ECMA-376 agile encryption, AES-256-CBC with SHA-512
//! ([MS-OFFCRYPTO] 2.3.4.10–15), the inverse of what `ingest` reads. A file of any size is sealed segment by segment.

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit as _};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha512};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Rounds of hashing a password, as Excel writes.
const ROUNDS: u32 = 100_000;
const SEGMENT: usize = 4096;

/// What a key seals, so that no two things are sealed alike (2.3.4.12–14).
const ASKED: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
const ANSWER: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
const KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];
const PROOF_KEY: [u8; 8] = [0x5F, 0xB2, 0xAD, 0x01, 0x0C, 0xB9, 0xE1, 0xF6];
const PROOF: [u8; 8] = [0xA0, 0x67, 0x7F, 0x02, 0xB2, 0x2C, 0x84, 0x33];

/// Writes the workbook `from` into `to` so that it opens with `password` alone.
pub fn seal(from: &Path, to: &File, password: &str) -> io::Result<()> {
    let random = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(io::Error::other);
    let (mut salt, mut key_salt, mut secret) = ([0u8; 16], [0u8; 16], [0u8; 32]);
    let (mut asked, mut proof_key) = ([0u8; 16], [0u8; 64]);
    for bytes in [
        &mut salt[..],
        &mut key_salt,
        &mut secret,
        &mut asked,
        &mut proof_key,
    ] {
        random(bytes)?;
    }
    let mut container = cfb::CompoundFile::create(to)?;
    data_spaces(&mut container)?;

    let cipher = aes(&secret)?;
    let mut proof = Hmac::<Sha512>::new_from_slice(&proof_key).map_err(io::Error::other)?;
    let content = File::open(from)?;
    let size = content.metadata()?.len().to_le_bytes();
    let mut package = container.create_stream("/EncryptedPackage")?;
    proof.update(&size);
    package.write_all(&size)?;
    let mut segment = Vec::with_capacity(SEGMENT);
    for number in 0u32.. {
        segment.clear();
        (&content).take(SEGMENT as u64).read_to_end(&mut segment)?;
        if segment.is_empty() {
            break;
        }
        segment.resize(segment.len().next_multiple_of(16), 0);
        chained(
            &cipher,
            vector(&[&salt, &number.to_le_bytes()]),
            &mut segment,
        );
        proof.update(&segment);
        package.write_all(&segment)?;
    }
    package.flush()?;
    drop(package);

    let sealed = |salt_and: [&[u8]; 2], bytes: &[u8]| {
        let mut out = bytes.to_vec();
        chained(&cipher, vector(&salt_and), &mut out);
        base64(&out)
    };
    let proof_key_sealed = sealed([&salt, &PROOF_KEY], &proof_key);
    let proof_sealed = sealed([&salt, &PROOF], &proof.finalize().into_bytes());
    let spun = spun(&key_salt, password);
    let by_password = |purpose: &[u8], bytes: &[u8]| -> io::Result<String> {
        let key = hash(&[&spun, purpose]);
        let mut out = bytes.to_vec();
        chained(&aes(&key[..32])?, key_salt, &mut out);
        Ok(base64(&out))
    };
    let form = "saltSize=\"16\" blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\" \
        cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\"";
    let description = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n\
         <encryption xmlns=\"http://schemas.microsoft.com/office/2006/encryption\" \
         xmlns:p=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">\
         <keyData {form} saltValue=\"{}\"/>\
         <dataIntegrity encryptedHmacKey=\"{proof_key_sealed}\" encryptedHmacValue=\"{proof_sealed}\"/>\
         <keyEncryptors><keyEncryptor uri=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">\
         <p:encryptedKey spinCount=\"{ROUNDS}\" {form} saltValue=\"{}\" encryptedVerifierHashInput=\"{}\" \
         encryptedVerifierHashValue=\"{}\" encryptedKeyValue=\"{}\"/></keyEncryptor></keyEncryptors></encryption>",
        base64(&salt),
        base64(&key_salt),
        by_password(&ASKED, &asked)?,
        by_password(&ANSWER, &hash(&[&asked]))?,
        by_password(&KEY, &secret)?,
    );
    let mut info = container.create_stream("/EncryptionInfo")?;
    info.write_all(&[4, 0, 4, 0, 0x40, 0, 0, 0])?;
    info.write_all(description.as_bytes())?;
    info.flush()?;
    drop(info);
    container.flush()
}

/// What says that the package is encrypted (2.1): the same in every file.
fn data_spaces(container: &mut cfb::CompoundFile<&File>) -> io::Result<()> {
    let number = |n: u32| n.to_le_bytes().to_vec();
    // A length-prefixed UTF-16 text, padded to four bytes.
    let text = |s: &str| {
        let mut units: Vec<u8> = s.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut out = number(units.len() as u32);
        units.resize(units.len().next_multiple_of(4), 0);
        out.extend(units);
        out
    };
    let versions = [1u16, 0, 1, 0, 1, 0]
        .into_iter()
        .flat_map(u16::to_le_bytes)
        .collect::<Vec<u8>>();
    let space = text("StrongEncryptionDataSpace");
    let entry = [number(1), number(0), text("EncryptedPackage"), space].concat();
    let transform = text("{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}");
    let root = "/\u{6}DataSpaces";
    for folder in [
        "",
        "/DataSpaceInfo",
        "/TransformInfo",
        "/TransformInfo/StrongEncryptionTransform",
    ] {
        container.create_storage(format!("{root}{folder}"))?;
    }
    let streams = [
        (
            "/Version",
            [text("Microsoft.Container.DataSpaces"), versions.clone()].concat(),
        ),
        (
            "/DataSpaceMap",
            [number(8), number(1), number(entry.len() as u32 + 4), entry].concat(),
        ),
        (
            "/DataSpaceInfo/StrongEncryptionDataSpace",
            [number(8), number(1), text("StrongEncryptionTransform")].concat(),
        ),
        (
            "/TransformInfo/StrongEncryptionTransform/\u{6}Primary",
            [
                number(transform.len() as u32 + 8),
                number(1),
                transform,
                text("Microsoft.Container.EncryptionTransform"),
                versions,
                number(0),
                number(0),
                number(0),
                number(4),
            ]
            .concat(),
        ),
    ];
    for (name, content) in streams {
        container
            .create_stream(format!("{root}{name}"))?
            .write_all(&content)?;
    }
    Ok(())
}

fn aes(key: &[u8]) -> io::Result<Aes256> {
    Aes256::new_from_slice(key).map_err(io::Error::other)
}

fn hash(parts: &[&[u8]]) -> [u8; 64] {
    let mut h = Sha512::new();
    parts.iter().for_each(|p| h.update(p));
    h.finalize().into()
}

/// The first block of a hash.
fn vector(parts: &[&[u8]]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash(parts)[..16]);
    out
}

/// The hash of a password after all rounds (2.3.4.11).
fn spun(salt: &[u8], password: &str) -> [u8; 64] {
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    (0..ROUNDS).fold(hash(&[salt, &password]), |h, i| {
        hash(&[&i.to_le_bytes(), &h])
    })
}

/// Cipher block chaining over whole blocks.
fn chained(cipher: &Aes256, vector: [u8; 16], bytes: &mut [u8]) {
    let mut before = vector;
    for block in bytes.as_chunks_mut::<16>().0 {
        block.iter_mut().zip(before).for_each(|(b, v)| *b ^= v);
        cipher.encrypt_block(block.into());
        before = *block;
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            out.push(if i > three.len() {
                '='
            } else {
                char::from(LETTERS[(n >> (18 - 6 * i)) as usize & 63])
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Sources, read_alone};
    use crate::workspace::Limits;

    #[test]
    fn base64_is_as_rfc_4648_has_it() {
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|s| base64(s.as_bytes()));
        assert_eq!(
            all,
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
    }

    #[test]
    fn a_sealed_workbook_opens_with_its_password_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (open, shut) = (dir.path().join("a.xlsx"), dir.path().join("klien.xlsx"));
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (c, h) in ["No", "Nama", "NIK", "Jenis Kelamin"].iter().enumerate() {
            sheet.write(0, c as u16, *h).unwrap();
        }
        for r in 1..2_000u32 {
            sheet.write(r, 0, r).unwrap();
            sheet.write(r, 1, format!("RAHMAT {r} LATUPONO")).unwrap();
            sheet.write(r, 2, format!("8171021203{:06}", r)).unwrap();
            sheet.write(r, 3, "L").unwrap();
        }
        book.save(&open).unwrap();
        let to = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&shut)
            .unwrap();
        seal(&open, &to, "Bapas#2026").unwrap();
        drop(to);
        let bytes = std::fs::read(&shut).unwrap();
        assert!(
            !bytes
                .windows(8)
                .any(|w| w == b"LATUPONO" || w == b"workbook")
        );
        let read = |password: &str| {
            let limits = Limits {
                workbook_password: password.into(),
                ..Limits::default()
            };
            let r = read_alone(&shut, "klien.xlsx", &Sources::default(), &limits);
            (
                r.tables.iter().map(|t| t.rows.len()).sum::<usize>(),
                r.issues.first().map(|i| i.rule),
            )
        };
        assert_eq!(read("Bapas#2026").0, 1_999);
        assert_eq!(read("bapas#2026"), (0, Some("ingest.wrong_password")));
    }
}
