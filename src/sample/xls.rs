//! A minimal Excel 97 workbook (BIFF8 in an OLE container): enough for the one office that still has Excel 2003.

use super::book::{Cell, Sheet};
use std::io::{Cursor, Write};

fn record(out: &mut Vec<u8>, id: u16, data: &[u8]) {
    out.extend(id.to_le_bytes());
    out.extend((data.len() as u16).to_le_bytes());
    out.extend(data);
}

fn bof(out: &mut Vec<u8>, kind: u16) {
    let mut d = Vec::new();
    for v in [0x0600u16, kind, 0x0DBB, 0x07CC] {
        d.extend(v.to_le_bytes());
    }
    d.extend([0u8; 8]);
    record(out, 0x0809, &d);
}

fn text(s: &str) -> Vec<u8> {
    // UTF-16, uncompressed; at most 255 characters.
    let units: Vec<u16> = s.encode_utf16().take(255).collect();
    let mut d = (units.len() as u16).to_le_bytes().to_vec();
    d.push(1);
    d.extend(units.iter().flat_map(|u| u.to_le_bytes()));
    d
}

fn head(r: usize, c: usize, xf: u16) -> Vec<u8> {
    [
        (r as u16).to_le_bytes(),
        (c as u16).to_le_bytes(),
        xf.to_le_bytes(),
    ]
    .concat()
}

fn sheet(s: &Sheet) -> Vec<u8> {
    let mut out = Vec::new();
    bof(&mut out, 0x0010);
    let base = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    for (r, row) in s.rows.iter().enumerate().take(65_535) {
        for (c, cell) in row.iter().enumerate() {
            match cell {
                Cell::Empty => {}
                Cell::Text(t) => record(&mut out, 0x0204, &[head(r, c, 0), text(t)].concat()),
                Cell::Number(n) => record(
                    &mut out,
                    0x0203,
                    &[head(r, c, 0), n.to_le_bytes().to_vec()].concat(),
                ),
                Cell::Date(d) => {
                    let serial = (*d - base).num_days() as f64;
                    record(
                        &mut out,
                        0x0203,
                        &[head(r, c, 1), serial.to_le_bytes().to_vec()].concat(),
                    );
                }
            }
        }
    }
    record(&mut out, 0x000A, &[]);
    out
}

/// The bytes of a workbook.
pub(crate) fn workbook(sheets: &[Sheet]) -> std::io::Result<Vec<u8>> {
    let mut globals = Vec::new();
    bof(&mut globals, 0x0005);
    record(&mut globals, 0x0042, &1200u16.to_le_bytes());
    // Five fonts are expected before any format refers to one.
    for _ in 0..5 {
        let mut f = Vec::new();
        for v in [200u16, 0, 0x7FFF, 400, 0] {
            f.extend(v.to_le_bytes());
        }
        f.extend([0, 0, 0, 0, 5, 0]);
        f.extend(b"Arial");
        record(&mut globals, 0x0031, &f);
    }
    // Two cell formats: general, and the built-in date format 14.
    for format in [0u16, 14] {
        let mut x = vec![0u8; 20];
        x[2..4].copy_from_slice(&format.to_le_bytes());
        record(&mut globals, 0x00E0, &x);
    }
    let streams: Vec<Vec<u8>> = sheets.iter().map(sheet).collect();
    let names: Vec<Vec<u8>> = sheets
        .iter()
        .map(|s| {
            s.name
                .encode_utf16()
                .take(31)
                .flat_map(u16::to_le_bytes)
                .collect()
        })
        .collect();
    let bounds: usize = names.iter().map(|n| 4 + 6 + 2 + n.len()).sum();
    let mut offset = globals.len() + bounds + 4;
    for (name, stream) in names.iter().zip(&streams) {
        let mut d = (offset as u32).to_le_bytes().to_vec();
        d.extend([0, 0, (name.len() / 2) as u8, 1]);
        d.extend(name);
        record(&mut globals, 0x0085, &d);
        offset += stream.len();
    }
    record(&mut globals, 0x000A, &[]);
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    let mut stream = file.create_stream("/Workbook")?;
    stream.write_all(&globals)?;
    for s in &streams {
        stream.write_all(s)?;
    }
    // Containers keep streams below 4,096 bytes elsewhere, where some readers do not look.
    let written: usize = globals.len() + streams.iter().map(Vec::len).sum::<usize>();
    stream.write_all(&vec![0; 4096usize.saturating_sub(written)])?;
    stream.flush()?;
    drop(stream);
    file.flush()?;
    Ok(file.into_inner().into_inner())
}
