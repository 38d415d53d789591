-- A child confirmed for a quarter by somebody whose session is over, and a list of another department that was compared.
INSERT INTO allowances_confirmation (id, child_id, quarter, note, confirmed_by, confirmed_at)
SELECT '00000000-0000-7000-8000-000000002501', c.id, '2021-10-01', decode(repeat('5a', 48), 'hex'), '00000000-0000-7000-8000-000000000022', now()
FROM registry_child c ORDER BY c.id LIMIT 1;
INSERT INTO registry_job (id, kind, officer_id, appointment_id, place, purpose, request, made_at)
SELECT '00000000-0000-7000-8000-000000002502', 'department_comparison', a.officer_id, a.id, 370481000000, '与部门名单比对', '{}', now()
FROM organisation_appointment a LIMIT 1;
