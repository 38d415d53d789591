/** The ledgers on the page: chosen, being checked, put right, handed over. */
import { onceKey } from '@hutong/api';
import { useQueryClient } from '@tanstack/vue-query';
import { computed, ref } from 'vue';
import { type Corrections, corrected, type Findings, unchecked } from './corrections.ts';
import { type About, check, LARGEST, LARGEST_CHECKED, order } from './sending.ts';

export type State = 'checking' | 'checked' | 'unchecked' | 'sending' | 'sent' | 'failed';

export interface Ledger {
  /** Made once for the file, so that a second click imports nothing twice. */
  key: string;
  file: File;
  state: State;
  findings: Findings | undefined;
  corrections: Corrections;
  /** The corrections that the findings know of. */
  checked: Corrections;
  error: unknown;
  /** What was wrong before anything was sent. */
  refusal: 'empty' | 'large' | undefined;
}

export function fresh(file: File): Ledger {
  const refusal = file.size === 0 ? 'empty' : file.size > LARGEST ? 'large' : undefined;
  return {
    key: onceKey(),
    file,
    state: refusal ? 'failed' : file.size > LARGEST_CHECKED ? 'unchecked' : 'checking',
    findings: undefined,
    corrections: {},
    checked: {},
    error: undefined,
    refusal,
  };
}

/** Whether a ledger would be lost with the page. */
export function isUnsent(ledger: Ledger): boolean {
  return ledger.state !== 'sent' && !ledger.refusal;
}

export function useLedgers(about: () => About | undefined) {
  const queries = useQueryClient();
  const ledgers = ref<Ledger[]>([]);
  const unsent = computed(() => ledgers.value.filter(isUnsent).length);

  async function recheck(ledger: Ledger): Promise<void> {
    const now = about();
    if (!now || ledger.file.size > LARGEST_CHECKED || ledger.refusal) return;
    const corrections = ledger.corrections;
    ledger.state = 'checking';
    ledger.error = undefined;
    try {
      ledger.findings = await check(ledger.file, now, corrections);
      ledger.checked = corrections;
      ledger.state = 'checked';
    } catch (error) {
      ledger.error = error;
      ledger.state = 'failed';
    }
  }

  /** One after the other: the server checks one at a time as well. */
  async function recheckAll(): Promise<void> {
    for (const ledger of ledgers.value.filter(isUnsent)) await recheck(ledger);
  }

  async function add(files: File[]): Promise<void> {
    const known = ledgers.value.length;
    ledgers.value.push(...files.map(fresh));
    for (const ledger of ledgers.value.slice(known)) await recheck(ledger);
  }

  function correct(ledger: Ledger, cell: { row: number; column: number; seen: string; text: string }): void {
    ledger.corrections = corrected(ledger.corrections, ledger.checked, cell);
  }

  async function send(ledger: Ledger): Promise<void> {
    const now = about();
    if (!now) return;
    const before = ledger.state;
    ledger.state = 'sending';
    ledger.error = undefined;
    try {
      await order(ledger.file, now, ledger.corrections, ledger.key);
      ledger.state = 'sent';
      await queries.invalidateQueries({ queryKey: ['registry', 'jobs'] });
    } catch (error) {
      ledger.error = error;
      ledger.state = before;
    }
  }

  function remove(ledger: Ledger): void {
    ledgers.value = ledgers.value.filter((one) => one.key !== ledger.key);
  }

  const pending = (ledger: Ledger) => unchecked(ledger.corrections, ledger.checked);
  return { ledgers, unsent, add, recheck, recheckAll, correct, send, remove, pending };
}
