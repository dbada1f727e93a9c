//! How good the input is.

use super::*;
use crate::domain::Dimension as D;

pub(super) const ALL: &[Measure] = &[
    // How good the input is.
    open("rows_read", Unit::Events, Kind::Count, &[D::Source])
        .on("rows", "month_files", &[])
        .hangs(&[Sums {
            whole: of("rows_read"),
            parts: &[of("rows_used"), of("rows_set_aside"), of("rows_later")],
        }])
        .guarded(),
    open("rows_used", Unit::Events, Kind::Count, &[D::Source])
        .on("rows", "month_files", &[])
        .guarded(),
    open("rows_set_aside", Unit::Events, Kind::Count, &[D::Source])
        .on("rows", "month_files", &["feedback"])
        .guarded(),
    open("rows_later", Unit::Events, Kind::Count, &[D::Source])
        .on("rows", "month_files", &[])
        .guarded(),
    open("nik_intact", Unit::Share, Kind::Share, &[D::Source])
        .on("records", "month_files", &[])
        .hangs(&[within(base("nik_intact"), of("rows_used"))])
        .leaves(Rest::Open)
        .guarded(),
    open("linked", Unit::Share, Kind::Share, &[D::Source])
        .on("service_rows", "month_files", &[])
        .hangs(&[
            within(base("linked"), of("rows_used")),
            within(base("linked"), base("nik_intact")),
        ])
        .leaves(Rest::Open)
        .guarded(),
    open(
        "nik_intact_12m",
        Unit::Share,
        Kind::Share,
        &[D::Source, D::CalendarMonth],
    )
    .on("records", "ends12", &["as_then"])
    .over(Period::AsAt)
    .leaves(Rest::Open)
    .guarded(),
    open(
        "linked_12m",
        Unit::Share,
        Kind::Share,
        &[D::Source, D::CalendarMonth],
    )
    .on("service_rows", "ends12", &["as_then"])
    .over(Period::AsAt)
    .leaves(Rest::Open)
    .guarded(),
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
