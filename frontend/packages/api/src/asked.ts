/** What the page asked for before its scripts stood; every answer is taken once. */
interface Early {
  hutongAsked?: Map<string, Promise<Response>>;
}

/** What was not taken by then belongs to a page that was left. */
const GOOD_FOR = 20_000;

/** The answer to this request, if it is on its way already. */
export function askedBefore(request: Request): Promise<Response> | undefined {
  const asked = (globalThis as Early).hutongAsked;
  if (request.method !== 'GET' || !asked?.size) return undefined;
  if (performance.now() > GOOD_FOR) asked.clear();
  const { pathname, search } = new URL(request.url);
  const path = pathname + search;
  const answer = asked.get(path);
  asked.delete(path);
  return answer;
}
