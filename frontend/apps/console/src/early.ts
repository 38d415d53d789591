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

/** The figures of the home are on their way before anybody else hears who is signed in: what is built then takes long. */
async function askFigures(answer: Response): Promise<Response> {
  const text = await answer.text();
  if (answer.ok && location.pathname === '/') {
    const me = JSON.parse(text) as Known;
    const seat = me.seat?.[me.seat.length - 1]?.division;
    // Whoever may not read figures would be refused, and the journal keeps refusals.
    if (seat && me.actions?.includes('read_figures'))
      ask(`/api/registry/summary?within=${seat}`).catch(() => undefined);
  }
  return new Response(text, answer);
}

function begin(): void {
  const me = ask('/api/organisation/me').then(askFigures);
  asked.set('/api/organisation/me', me);
  // Whoever takes an answer learns of its failure.
  me.catch(() => undefined);
  ask('/api/health').catch(() => undefined);
}

if (!location.pathname.startsWith('/sign-in') && !location.pathname.startsWith('/invitation')) begin();
