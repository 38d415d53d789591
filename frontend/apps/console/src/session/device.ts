/** What a device is called, from what its browser says of itself. */

/** The first that is found names the browser: many say that they are Chrome as well. */
const BROWSERS: Array<[name: string, mark: RegExp]> = [
  ['360', /\b(?:QIHU 360[ES]E|360[ES]E)/],
  ['QQ', /\bQQBrowser\/(\d+)/],
  ['Edge', /\bEdg\/(\d+)/],
  ['Firefox', /\bFirefox\/(\d+)/],
  ['Chrome', /\b(?:Headless)?Chrome\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* .*Safari/],
];

const SYSTEMS: Array<[name: string, mark: RegExp]> = [
  ['Windows 7', /Windows NT 6\.1/],
  ['Windows', /Windows/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];

/** `Chrome 156, Linux`; what says neither is called what it calls itself. */
export function deviceName(said: string): string {
  const browser = BROWSERS.flatMap(([name, mark]) => {
    const found = mark.exec(said);
    return found ? [[name, found[1]].filter(Boolean).join(' ')] : [];
  })[0];
  const system = SYSTEMS.find(([, mark]) => mark.test(said))?.[0];
  return [browser, system].filter(Boolean).join(', ') || said || '—';
}
