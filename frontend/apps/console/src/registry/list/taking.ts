/** Takes a workbook out of the house: proves who asks, then hands it to the browser's downloads. */
import { answer, api } from '@hutong/api';
import { proved } from '../../session/proof.ts';

export async function takeWorkbook(job: string): Promise<void> {
  const bytes = await proved(() =>
    answer(api.GET('/api/registry/jobs/{id}/file', { params: { path: { id: job } }, parseAs: 'blob' })),
  );
  handOver(bytes as unknown as Blob, `hutong-${job}.xlsx`);
}

/** Lets the browser save a file. */
export function handOver(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
