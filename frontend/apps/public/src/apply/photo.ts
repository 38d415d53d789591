/** A photograph made small enough for a slow line; the server takes it anew from its pixels in any case. */

/** The longest edge that is sent: small print stays legible. */
const EDGE = 2000;
const QUALITY = 0.82;

/** The photograph as base64. */
export async function shrunk(file: File): Promise<string> {
  const picture = await opened(file);
  const scale = Math.min(1, EDGE / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('no picture');
  return base64(blob);
}

function opened(file: File): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    const url = URL.createObjectURL(file);
    const picture = new Image();
    picture.onload = () => {
      done(picture);
      URL.revokeObjectURL(url);
    };
    picture.onerror = () => {
      failed(new Error('no picture'));
      URL.revokeObjectURL(url);
    };
    picture.src = url;
  });
}

function base64(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => failed(new Error('no picture'));
    reader.readAsDataURL(blob);
  });
}
