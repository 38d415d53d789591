-- What the national system (全国儿童福利信息系统) is told of a decision, and the comparison of its lists.

ALTER TABLE registry_job DROP CONSTRAINT registry_job_kind_check;
ALTER TABLE registry_job ADD CONSTRAINT registry_job_kind_check CHECK (kind IN ('ledger_import', 'national_comparison', 'children_export'));

-- The day on which a decision was entered there, as the deciding office says.
CREATE TABLE applications_entered (
    decision_id    uuid PRIMARY KEY REFERENCES applications_decision,
    application_id uuid NOT NULL REFERENCES applications_application,
    on_day         date NOT NULL,
    entered_by     uuid NOT NULL REFERENCES organisation_officer,
    entered_at     timestamptz NOT NULL
);
ALTER TABLE applications_entered ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON applications_entered USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id))
    WITH CHECK (entered_by = (SELECT auth.officer())
        AND EXISTS (SELECT 1 FROM applications_decision d WHERE d.id = decision_id AND d.application_id = applications_entered.application_id));
GRANT SELECT, INSERT, UPDATE (on_day, entered_by, entered_at) ON applications_entered TO hutong_app;
