//! How good the input is.

use super::*;
use crate::domain::Dimension as D;

pub(super) const ALL: &[Measure] = &[
    // How good the input is.
    open("rows_read", Unit::Events, Kind::Count, &[D::Source]).on("rows", "month_files", &[]),
    open("rows_used", Unit::Events, Kind::Count, &[D::Source]).on("rows", "month_files", &[]),
    open("rows_set_aside", Unit::Events, Kind::Count, &[D::Source]).on(
        "rows",
        "month_files",
        &["feedback"],
    ),
    open("rows_later", Unit::Events, Kind::Count, &[D::Source]).on("rows", "month_files", &[]),
    open("nik_intact", Unit::Share, Kind::Share, &[D::Source]).on("records", "month_files", &[]),
    open("linked", Unit::Share, Kind::Share, &[D::Source]).on("service_rows", "month_files", &[]),
    open(
        "coverage",
        Unit::Events,
        Kind::Count,
        &[D::Source, D::CalendarMonth],
    )
    .on("suppliers", "ends12", &[]),
    open(
        "link_kind_records",
        Unit::Events,
        Kind::Count,
        &[D::LinkKind],
    )
    .on("records", "month_files", &[]),
    open("review_backlog", Unit::Events, Kind::Count, &[]).on("pairs", "month_files", &[]),
];
