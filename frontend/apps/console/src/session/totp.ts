/** One-time codes by time (RFC 6238), for the invented officers of the demonstration, whose secret everybody knows. */

const STEP_SECONDS = 30;
/** How long a code is the same, in milliseconds. */
export const STEP = STEP_SECONDS * 1000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(base32: string): Uint8Array<ArrayBuffer> {
  const bits = Array.from(base32, (letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}

/** The six digits that an authenticator with this secret shows at a moment, given in milliseconds. */
export async function codeAt(secret: string, moment: number): Promise<string> {
  const message = new DataView(new ArrayBuffer(8));
  message.setUint32(4, Math.floor(moment / 1000 / STEP_SECONDS));
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), algorithm, false, ['sign']);
  const digest = new DataView(await crypto.subtle.sign('HMAC', key, message.buffer));
  const word = digest.getUint32(digest.getUint8(19) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}
