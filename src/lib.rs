//! `reintegrasi` turns the month's spreadsheets of prisons, probation offices and city agencies into the figures,
//! workbooks and charts on social reintegration that the City of Ambon and the regional corrections office decide from.
//!
//! # The flow, one direction
//!
//! ```text
//! inbox/*            ingest    find the sheet, the header, the columns; every cell keeps its address
//!   RawTable         clean     values become canonical; what cannot be is an Issue
//!   Records, Issues  link      which records are the same person
//!   links            history   per person: episodes, supervision, services, outcomes, dated and merged
//!   Histories        measure   declared measures × breakdowns
//!   Figures          protect   disclosure control for one audience
//!   Figures (safe)   report    workbooks, charts, one page, CSV, supplier feedback
//! ```
//!
//! Two tables are the joints of the house: [`domain::Issue`] (everything wrong with the input) and
//! [`domain::Figure`] (everything said in the output). A report never computes a number; a measure never formats
//! one; nothing after `link` sees a name or a NIK.
//!
//! # Floors (each may use only what is below it)
//!
//! | floor | module | knows |
//! |---|---|---|
//! | 6 | [`cli`] | clap declarations and one small file per command; the only place that prints or exits |
//! | 5 | [`run`] | the order of the stages, the lock, the staging folder, the manifest, the log |
//! | 4 | [`report`] | templates → sheets, native charts, images, one-pager, supplier feedback |
//! | 3 | [`measure`], [`protect`] | declared measures; `measure::stats` is pure numerics on slices, no polars, no I/O |
//! | 2 | [`link`], [`history`] | who is who; what happened to them, in order |
//! | 1 | [`ingest`], [`clean`] | files to typed records |
//! | 0 | [`domain`], [`workspace`], [`locale`] | the field's words as types; settings; texts, numbers, dates |
//!
//! [`sample`] stands beside the floors: it writes synthetic workspaces and uses only floor 0.
//!
//! # Where the tables are
//!
//! Records and histories are typed structs (types say more than column names where the law distinguishes things). Fact
//! tables of `measure` hold categories as small numbers by column: there polars sums them by any breakdown. Columns meet
//! files at the Parquet export.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod clean;
pub mod cli;
pub mod domain;
pub mod history;
pub mod ingest;
pub mod link;
pub mod locale;
pub mod measure;
pub mod protect;
pub mod report;
pub mod run;
pub mod sample;
pub mod workspace;
