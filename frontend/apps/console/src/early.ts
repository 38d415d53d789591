/**
 * Asks for what every page, or the home, needs first, while the browser still reads the scripts that will show it. It is
 * loaded beside them and imports nothing; the API's client takes the answers from here.
 */

interface Known {
  actions?: string[];
  seat?: Array<{ division: number }>;
}

const asked = new Map<string, Promise<Response>>();
(globalThis as { hutongAsked?: Map<string, Promise<Response>> }).hutongAsked = asked;

function ask(path: string): Promise<Response> {
  const answer = fetch(path, { headers: { 'accept-language': document.documentElement.lang } });
  asked.set(path, answer);
  return answer;
}

const figuresOf = (seat: number | string): string => `/api/registry/summary?within=${seat}`;

/**
 * The place whose figures were asked for last time, as long as nobody signed out: they are asked for at once then, and not
 * only when the server has said who is signed in.
 */
const REMEMBERED = 'hutong.home';

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(seat: number | undefined): void {
  try {
    if (seat) localStorage.setItem(REMEMBERED, String(seat));
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // A browser that keeps nothing asks a little later each time.
  }
}

/** The figures of the home are on their way before anybody else hears who is signed in: what is built then takes long. */
async function askFigures(answer: Response): Promise<Response> {
  const text = await answer.text();
  if (answer.ok && location.pathname === '/') {
    const me = JSON.parse(text) as Known;
    const seat = me.seat?.[me.seat.length - 1]?.division;
    // Whoever may not read figures would be refused, and the journal keeps refusals.
    const readable = me.actions?.includes('read_figures') ? seat : undefined;
    remember(readable);
    if (readable && !asked.has(figuresOf(readable))) ask(figuresOf(readable)).catch(() => undefined);
  }
  return new Response(text, answer);
}

function begin(): void {
  const seat = location.pathname === '/' ? remembered() : null;
  if (seat) ask(figuresOf(seat)).catch(() => undefined);
  const me = ask('/api/organisation/me').then(askFigures);
  asked.set('/api/organisation/me', me);
  // Whoever takes an answer learns of its failure.
  me.catch(() => undefined);
  ask('/api/health').catch(() => undefined);
}

if (!location.pathname.startsWith('/sign-in') && !location.pathname.startsWith('/invitation')) begin();

export {};
