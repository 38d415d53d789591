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

async function begin(): Promise<void> {
  void ask('/api/health');
  const answer = await ask('/api/organisation/me');
  if (!answer.ok || location.pathname !== '/') return;
  const me = (await answer.clone().json()) as Known;
  const seat = me.seat?.[me.seat.length - 1]?.division;
  // Whoever may not read figures would be refused, and the journal keeps refusals.
  if (seat && me.actions?.includes('read_figures')) await ask(`/api/registry/summary?within=${seat}`);
}

// Whoever takes an answer learns of its failure.
if (!location.pathname.startsWith('/sign-in') && !location.pathname.startsWith('/invitation')) {
  begin().catch(() => undefined);
}
