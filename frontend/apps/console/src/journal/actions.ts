/** The actions that the journal knows, in the groups in which somebody looks for them. */
export const ACTIONS = {
  files: [
    'registry.file_opened',
    'registry.secret_revealed',
    'registry.document_read',
    'registry.job_file_taken',
    'registry.work_item_shown',
  ],
  children: [
    'registry.child_registered',
    'registry.child_edited',
    'registry.child_amended',
    'registry.child_linked',
    'registry.status_entered',
    'registry.status_changed',
    'registry.status_ended',
    'registry.guardian_entered',
    'registry.guardian_corrected',
    'registry.guardian_ended',
    'registry.relative_stated',
    'registry.relative_removed',
    'registry.child_placed',
    'registry.placement_ended',
    'registry.file_granted',
    'registry.grant_ended',
    'registry.document_added',
    'registry.children_merged',
    'registry.child_merged_away',
    'registry.merge_undone',
    'registry.child_parted',
    'registry.work_item_opened',
    'registry.work_item_cleared',
  ],
  jobs: ['registry.ledger_imported', 'registry.job_ordered', 'registry.job_done', 'registry.job_failed'],
  office: [
    'organisation.proposed',
    'organisation.confirmed',
    'organisation.proposal_refused',
    'organisation.appointed',
    'organisation.appointment_ended',
    'organisation.account_locked',
    'organisation.account_unlocked',
    'organisation.unit_founded',
  ],
  sessions: [
    'organisation.signed_in',
    'organisation.signed_out',
    'organisation.reauthenticated',
    'organisation.device_revoked',
  ],
} as const;

export type ActionGroup = keyof typeof ACTIONS;

/** The first characters of an id: enough to tell two apart on a page. */
export function short(id: string): string {
  return id.slice(-8);
}
