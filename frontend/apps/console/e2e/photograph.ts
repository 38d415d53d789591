/** Photographs of papers: pictures that the browser itself draws. */
import type { Page } from 'playwright-core';

export async function photograph(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 900;
    const pen = canvas.getContext('2d');
    if (!pen) return '';
    pen.fillStyle = '#e8e2d0';
    pen.fillRect(0, 0, 1200, 900);
    pen.fillStyle = '#222';
    pen.fillText('户口簿（虚构）', 100, 100);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] ?? '';
  });
  return Buffer.from(base64, 'base64');
}

/** The same photograph as a telephone takes it: this is said in it, as the place where it was taken would be. */
export function telling(jpeg: Buffer, said: string): Buffer {
  // A directory of Exif without entries, and what stands behind it.
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'),
    Buffer.from(said, 'utf8'),
  ]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}
