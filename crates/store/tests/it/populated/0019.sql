-- A decision that was entered in the national system, and a list of it that was compared.
INSERT INTO applications_entered (decision_id, application_id, on_day, entered_by, entered_at) VALUES
    ('00000000-0000-7000-8000-000000000931', '00000000-0000-7000-8000-000000000901', '2021-11-04', '00000000-0000-7000-8000-000000000022', now());
INSERT INTO registry_job (id, kind, officer_id, appointment_id, place, purpose, request, made_at)
SELECT '00000000-0000-7000-8000-000000001901', 'national_comparison', a.officer_id, a.id, 370481000000, '与全国系统比对', '{}', now()
FROM organisation_appointment a LIMIT 1;
