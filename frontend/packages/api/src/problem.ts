/** What the server answers when it does not do what was asked (RFC 9457), or that it did not answer at all. */
export interface ProblemBody {
  code: string;
  status: number;
  title: string;
  /** The field at fault, where it is one. */
  field?: string;
  /** The fields somebody else changed meanwhile. */
  changed?: string[];
}

/** A problem as an error: everything that can go wrong with a request is one of these. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | undefined;
  readonly changed: string[];
  /** Seconds to wait before another try makes sense. */
  readonly retryAfter: number | undefined;

  constructor(body: ProblemBody, retryAfter?: number) {
    super(body.title);
    this.name = 'Problem';
    this.code = body.code;
    this.status = body.status;
    this.field = body.field;
    this.changed = body.changed ?? [];
    this.retryAfter = retryAfter;
  }

  /** The server was not reached. */
  static unreachable(): Problem {
    return new Problem({ code: 'unreachable', status: 0, title: '' });
  }

  /** Whether the server or its database is away, so that the same request may succeed later. */
  get isAway(): boolean {
    return this.code === 'unreachable' || this.status === 503 || this.status === 504 || this.status === 502;
  }

  /** Whether the session is over: signed out elsewhere, too long unused, or never there. */
  get isSessionEnded(): boolean {
    return this.status === 401 && this.code === 'no_session';
  }

  /** Whether the password has to be given again first. */
  get wantsProof(): boolean {
    return this.code === 'reauthenticate';
  }
}

/** Reads a problem from an answer that is none of ours as well, such as a proxy's page. */
export function problemOf(response: Response, body: unknown): Problem {
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  if (isProblemBody(body)) {
    return new Problem({ ...body, status: response.status }, retryAfter);
  }
  return new Problem({ code: 'unknown', status: response.status, title: '' }, retryAfter);
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}
