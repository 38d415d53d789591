/** Documents of a file: which are taken, and how they are sent. */

export const LARGEST = 20 * 1024 * 1024;
export const ACCEPTED = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'];
export const KINDS = [
  'household_register',
  'identity',
  'guardianship',
  'court',
  'medical',
  'school',
  'photo',
  'other',
] as const;

/** Why a file is not sent at all; the server looks at its content besides. */
export function unfit(file: { size: number; type: string }): 'empty' | 'large' | 'type' | undefined {
  if (file.size === 0) return 'empty';
  if (file.size > LARGEST) return 'large';
  return ACCEPTED.includes(file.type) ? undefined : 'type';
}

/** `1.4 MB`, `310 kB`. */
export function sizeWords(bytes: number): string {
  const mega = bytes / (1024 * 1024);
  return mega >= 1 ? `${mega.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

/** A file's content in base64, read by the browser itself: fast, and off our hands. */
export function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const text = String(reader.result);
      resolve(text.slice(text.indexOf(',') + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(file);
  });
}
