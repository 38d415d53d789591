/** How another installation is shown. */

/** The colour of a state's chip. */
export function chipOf(state: string): string {
  if (state === 'confirmed') return 'ok';
  return state === 'proposed' ? 'wait' : 'plain';
}
