/** What can go wrong between the widget and the server, as the closed set the widget has words for. */

export type TroubleCode =
  | "offline" // the browser has no network
  | "unreachable" // no answer from the server
  | "blocked" // the server is there, but its answers are not for this site
  | "policy" // the page's own Content-Security-Policy forbids the call
  | "signed_out" // no valid token to be had
  | "not_allowed" // 403: this site, or this user, may not
  | "busy" // 429
  | "server" // 5xx
  | "refused" // any other refusal; `sentence` says which
  | "lost"; // the connection went in the middle, and no answer was found afterwards

/** `sentence` is the server's own, in the user's language; `after` the seconds it asks to wait. */
export class Trouble extends Error {
  constructor(
    readonly code: TroubleCode,
    readonly sentence: string | null = null,
    readonly after: number | null = null,
  ) {
    super(code);
  }
}

/** The trouble a refusal means. A 401 is handled before this, where a new token may help. */
export async function refusal(response: Response): Promise<Trouble> {
  const sentence = await sentenceOf(response);
  if (response.status === 401) return new Trouble("signed_out", sentence);
  if (response.status === 403) return new Trouble("not_allowed", sentence);
  if (response.status === 429) {
    const after = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    return new Trouble("busy", sentence, Number.isNaN(after) ? null : after);
  }
  return new Trouble(response.status >= 500 ? "server" : "refused", sentence);
}

async function sentenceOf(response: Response): Promise<string | null> {
  try {
    const body = (await response.json()) as { error?: { message?: unknown } };
    return typeof body.error?.message === "string" ? body.error.message : null;
  } catch {
    return null;
  }
}

/** Whatever was thrown, as a trouble. */
export function asTrouble(thrown: unknown): Trouble {
  return thrown instanceof Trouble ? thrown : new Trouble("unreachable");
}
