//! How good the input is.

use super::*;

pub(super) const ALL: &[Measure] = &[
    // How good the input is.
    open("rows_read", Unit::Events, Kind::Count, &["source"]).on("rows", "month_files", &[]),
    open("rows_used", Unit::Events, Kind::Count, &["source"]).on("rows", "month_files", &[]),
    open("rows_set_aside", Unit::Events, Kind::Count, &["source"]).on(
        "rows",
        "month_files",
        &["feedback"],
    ),
    open("nik_intact", Unit::Share, Kind::Share, &["source"]).on("records", "month_files", &[]),
    open("linked", Unit::Share, Kind::Share, &["source"]).on("service_rows", "month_files", &[]),
    open(
        "coverage",
        Unit::Events,
        Kind::Count,
        &["source", "calendar_month"],
    )
    .on("suppliers", "ends12", &[]),
    open(
        "link_kind_records",
        Unit::Events,
        Kind::Count,
        &["link_kind"],
    )
    .on("records", "month_files", &[]),
    open("review_backlog", Unit::Events, Kind::Count, &[]).on("pairs", "month_files", &[]),
];
