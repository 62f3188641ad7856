/** The user's token: in memory only, renewed before it runs out. */
import { Trouble } from "./trouble";

const EARLY = 30_000;

interface Claims {
  sub: string | null;
  /** Milliseconds the token is good for from now on; `null` where it does not say. */
  life: number | null;
}

/** Read a JWT's claims without checking them: only the server can. Anything unreadable says nothing. */
export function claimsOf(token: string, now: number): Claims {
  try {
    const part = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { exp, iat, sub } = claims;
    // Against the token's own beginning where it has one: a wrong clock on this machine then does not matter.
    const from = typeof iat === "number" ? iat * 1000 : now;
    return {
      sub: typeof sub === "string" ? sub : null,
      life: typeof exp === "number" ? Math.max(0, exp * 1000 - from) : null,
    };
  } catch {
    return { sub: null, life: null };
  }
}

/** Keeps one token fresh. `source` is the host's `getToken`. */
export class Tokens {
  #token: string | null = null;
  #dueAt = Infinity;
  #asking: Promise<string> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(
    private readonly source: () => Promise<string> | string,
    private readonly now: () => number = Date.now,
  ) {}

  /** A token that is good now. Throws `Trouble("signed_out")` where the host gives none. */
  async get(): Promise<string> {
    return this.#token !== null && this.now() < this.#dueAt ? this.#token : this.renew();
  }

  /** Ask the host for a new one; several callers at once share one question. */
  renew(): Promise<string> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Whose token it is, as it says itself. */
  get subject(): string | null {
    return this.#token === null ? null : claimsOf(this.#token, this.now()).sub;
  }

  /** Forget the token and ask no more. */
  forget(): void {
    this.#over = true;
    this.#token = null;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<string> {
    clearTimeout(this.#timer);
    let token: unknown;
    try {
      token = await this.source();
    } catch {
      token = null;
    }
    if (this.#over || typeof token !== "string" || token === "") throw new Trouble("signed_out");
    this.#token = token;
    const { life } = claimsOf(token, this.now());
    // A token that lives less than a minute is renewed at half of its life.
    const wait = life === null ? Infinity : Math.max(life - EARLY, life / 2);
    this.#dueAt = this.now() + wait;
    if (wait < 2 ** 31) this.#timer = setTimeout(() => void this.renew().catch(() => undefined), wait);
    return token;
  }
}
