//! The canonical fields a column can mean (docs/definitions.md 1) and the kinds of tables they make up.

crate::coded_enum! {
    /// What one row of a table is.
    pub enum RecordKind {
        /// A prison register row.
        Custody = "custody",
        /// A Bapas client under supervision.
        Supervision = "supervision",
        /// A litmas request.
        Litmas = "litmas",
        /// A person in a programme or service of an OPD or UPT.
        Participation = "participation",
        /// An outcome (work, business, document …).
        Outcome = "outcome",
        /// Pidana kerja sosial: hours ordered and served.
        CommunityService = "community_service",
        /// A row of the population register (for residence and NIK).
        Resident = "resident",
        /// A death.
        Death = "death",
    }
}

crate::coded_enum! {
    #[allow(missing_docs)] // a field is named after its column
    /// What a column means. The text is the id used in `sources/*.toml`.
    pub enum Field {
        // the row
        RowNo = "row_no", Remarks = "remarks", Month = "month",
        // the person
        Nik = "nik", FamilyCardNo = "family_card_no", Name = "name", FamilyName = "family_name", Alias = "alias", Sex = "sex",
        BirthPlace = "birth_place", BirthDate = "birth_date", BirthPlaceDate = "birth_place_date", Age = "age",
        Religion = "religion", Education = "education", Occupation = "occupation", MaritalStatus = "marital_status",
        Nationality = "nationality", FatherName = "father_name", MotherName = "mother_name", ParentName = "parent_name",
        Phone = "phone", Address = "address", Village = "village", District = "district", Regency = "regency",
        PersonStatus = "person_status",
        // custody
        RegisterNo = "register_no", RegisterClass = "register_class", MasterNo = "master_no", Offence = "offence",
        Article = "article", OffenceDate = "offence_date", DetainingAgency = "detaining_agency",
        DetainedDate = "detained_date", AdmissionDate = "admission_date", VerdictDate = "verdict_date",
        VerdictNo = "verdict_no", Court = "court", SentenceLength = "sentence_length", SentenceYears = "sentence_years",
        SentenceMonths = "sentence_months", SentenceDays = "sentence_days", Fine = "fine", Subsidiary = "subsidiary",
        Restitution = "restitution", ExpiryDate = "expiry_date", DetentionEnd = "detention_end", FirstExpiryDate = "first_expiry_date",
        OneThirdDate = "one_third_date", HalfDate = "half_date", TwoThirdsDate = "two_thirds_date",
        Remission = "remission", Block = "block", Upt = "upt", FromUpt = "from_upt", ToUpt = "to_upt",
        RecidivistFlag = "recidivist_flag", ExitDate = "exit_date", ExitKind = "exit_kind",
        DecreeNo = "decree_no", DecreeDate = "decree_date", IntegrationKind = "integration_kind",
        // supervision
        ClientNo = "client_no", SupervisionKind = "supervision_kind", Bapas = "bapas", Guarantor = "guarantor",
        Officer = "officer", ReportsDue = "reports_due", ReportsMet = "reports_met", EndKind = "end_kind",
        RevocationGround = "revocation_ground", RevocationDate = "revocation_date", DelegationDate = "delegation_date",
        // shared dates
        StartDate = "start_date", EndDate = "end_date", PlannedEndDate = "planned_end_date", StatusDate = "status_date",
        // litmas
        LitmasKind = "litmas_kind", RequestedDate = "requested_date", CompletedDate = "completed_date",
        // participation
        Opd = "opd", ServiceKind = "service_kind", ServiceName = "service_name", Batch = "batch",
        ReferralDate = "referral_date", EnrolDate = "enrol_date", SessionsPlanned = "sessions_planned",
        SessionsAttended = "sessions_attended", HoursPlanned = "hours_planned", HoursAttended = "hours_attended",
        AttendanceShare = "attendance_share", Amount = "amount",
        ServiceState = "service_state", CertificateNo = "certificate_no", IssuedDate = "issued_date",
        DocumentNo = "document_no", Setting = "setting",
        // outcome
        OutcomeKind = "outcome_kind", OutcomeDate = "outcome_date", Evidence = "evidence",
        Employer = "employer",
        // community service
        HoursOrdered = "hours_ordered", HoursServed = "hours_served", PlacementSite = "placement_site",
        HoursPerDay = "hours_per_day",
        // death
        DeathDate = "death_date",
    }
}

impl Field {
    /// Whether its values are days.
    pub const fn is_day(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::BirthDate
                | F::OffenceDate
                | F::DetainedDate
                | F::AdmissionDate
                | F::VerdictDate
                | F::ExpiryDate
                | F::DetentionEnd
                | F::FirstExpiryDate
                | F::OneThirdDate
                | F::HalfDate
                | F::TwoThirdsDate
                | F::ExitDate
                | F::DecreeDate
                | F::StartDate
                | F::EndDate
                | F::PlannedEndDate
                | F::StatusDate
                | F::RequestedDate
                | F::CompletedDate
                | F::ReferralDate
                | F::EnrolDate
                | F::IssuedDate
                | F::OutcomeDate
                | F::DeathDate
                | F::RevocationDate
                | F::DelegationDate
        )
    }

    /// Whether no fact of any kind needs it: it is recognised so that nobody takes it for something else.
    pub const fn is_not_needed(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::RowNo
                | F::FamilyCardNo
                | F::Age
                | F::Religion
                | F::Occupation
                | F::MaritalStatus
                | F::Nationality
                | F::Phone
                | F::MasterNo
                | F::DetainingAgency
                | F::VerdictNo
                | F::Court
                | F::Fine
                | F::Subsidiary
                | F::Restitution
                | F::DetentionEnd
                | F::FirstExpiryDate
                | F::OneThirdDate
                | F::HalfDate
                | F::Remission
                | F::Block
                | F::DecreeNo
                | F::Guarantor
                | F::Officer
                | F::Batch
                | F::AttendanceShare
                | F::Amount
                | F::Evidence
                | F::PlacementSite
                | F::HoursPerDay
        )
    }
}
