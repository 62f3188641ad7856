/** Calls to the API as the signed-in user. */
import type { Contact, Conversation, DocumentKind, Handover, Issuing, Message, Offer, Proposal, Rating, ReasonChoice } from "../../api";
import type { Deed } from "../talk/pending";
import type { Tokens } from "./token";
import { refusal, Trouble } from "./trouble";

/** `url` is the server's address without a slash at its end; `locale` the language errors are wanted in. */
export class Client {
  constructor(
    readonly url: string,
    readonly tokens: Tokens,
    public locale: string,
  ) {}

  /**
   * One call. After a 401 it is made once more with a new token.
   *
   * Throws `Trouble` for whatever is not a success, and an `AbortError` where `signal` ended it.
   */
  async call(path: string, body?: unknown, signal?: AbortSignal, method = body === undefined ? "GET" : "POST"): Promise<Response> {
    let response = await this.#send(path, method, body, await this.tokens.get(), signal);
    if (response.status === 401) response = await this.#send(path, method, body, await this.tokens.renew(), signal);
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async #send(path: string, method: string, body: unknown, token: string, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, "Accept-Language": this.locale };
    const form = body instanceof FormData;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    try {
      return await fetch(this.url + path, {
        method,
        headers,
        body: form ? body : body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
        credentials: "omit",
        cache: "no-store",
      });
    } catch (fault) {
      if (signal?.aborted) throw fault;
      throw await this.#whyNot();
    }
  }

  /**
   * A browser hides why a call failed, so the server is asked how it is. If it answers, only that one connection
   * broke; if it answers but not to this site, calls without CORS still get through; else it is not there.
   */
  async #whyNot(): Promise<Trouble> {
    if (!navigator.onLine) return new Trouble("offline");
    let forbidden = false;
    const note = (event: SecurityPolicyViolationEvent): void => {
      forbidden ||= event.blockedURI.startsWith(this.url);
    };
    document.addEventListener("securitypolicyviolation", note);
    const reached = async (mode: RequestMode): Promise<boolean> =>
      fetch(`${this.url}/healthz`, { mode, credentials: "omit", cache: "no-store" }).then(
        () => true,
        () => false,
      );
    try {
      if (await reached("cors")) return new Trouble("lost");
      if (await reached("no-cors")) return new Trouble("blocked");
      // The report of a broken policy comes after the failure.
      await new Promise((done) => setTimeout(done, 50));
      return new Trouble(forbidden ? "policy" : "unreachable");
    } finally {
      document.removeEventListener("securitypolicyviolation", note);
    }
  }

  async #json<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return (await (await this.call(path, body, signal)).json()) as T;
  }

  /** The user's own conversations that hold the words of `search`, the last one talked in first. */
  conversations(search = "", offset = 0, limit = 100): Promise<Conversation[]> {
    return this.#json(`/api/v1/conversations?${new URLSearchParams({ search, offset: String(offset), limit: String(limit) })}`);
  }

  /** Give a conversation another title. */
  async rename(conversation: string, title: string): Promise<Conversation> {
    return (await this.call(`/api/v1/conversations/${encodeURIComponent(conversation)}`, { title }, undefined, "PATCH")).json() as Promise<Conversation>;
  }

  /** Erase a conversation for good. */
  async erase(conversation: string): Promise<void> {
    await this.call(`/api/v1/conversations/${encodeURIComponent(conversation)}`, undefined, undefined, "DELETE");
  }

  /** Whom a conversation can be handed to. */
  contacts(): Promise<Contact[]> {
    return this.#json(`/api/v1/handover-contacts?language=${this.locale}`);
  }

  /** Hand a conversation to the person with the login `to`. */
  handOver(conversation: string, to: string, note: string): Promise<Handover> {
    return this.#json(`/api/v1/conversations/${encodeURIComponent(conversation)}/handover`, { to, note });
  }

  /** The messages of one conversation, oldest first. */
  messages(conversation: string, signal?: AbortSignal): Promise<Message[]> {
    return this.#json(`/api/v1/conversations/${encodeURIComponent(conversation)}`, undefined, signal);
  }

  /** Questions that are often asked on a screen; none where the server has none. */
  async suggestions(screen: string): Promise<string[]> {
    const found = await this.#json<{ questions: string[] }>(`/api/v1/suggestions?screen=${encodeURIComponent(screen)}`);
    return found.questions;
  }

  /** Keep the user's opinion of a reply in place of an earlier one; `null` takes it back. */
  async rate(message: string, rating: Rating | null, choice: ReasonChoice | null, reason: string | null): Promise<void> {
    const path = `/api/v1/messages/${encodeURIComponent(message)}/feedback`;
    if (rating === null) await this.call(path, undefined, undefined, "DELETE");
    else await this.call(path, { rating, choice, reason });
  }

  /** Issue an offer as it was shown, in that `version` and no other: the state it is in afterwards. */
  issue(number: string, version: number): Promise<Offer> {
    const body: Issuing = { version };
    return this.#json(`/api/v1/offers/${encodeURIComponent(number)}/issue`, body);
  }

  /** A short-lived address of a document that a browser can open without a token. */
  async documentLink(number: string, kind: DocumentKind): Promise<string> {
    const path = `/api/v1/offers/${encodeURIComponent(number)}/documents/${kind}/link`;
    const { url } = await this.#json<{ url: string }>(path, {});
    return new URL(url, `${this.url}/`).href;
  }

  /** A document itself, to save. */
  async document(number: string, kind: DocumentKind): Promise<Blob> {
    return (await this.call(`/api/v1/offers/${encodeURIComponent(number)}/documents/${kind}`)).blob();
  }

  /** An offer as it is now. */
  offer(number: string): Promise<Offer> {
    return this.#json(`/api/v1/offers/${encodeURIComponent(number)}`);
  }

  /** Proposed changes as they are now. */
  proposal(code: string): Promise<Proposal> {
    return this.#json(`/api/v1/proposals/${encodeURIComponent(code)}`);
  }

  /** Decide about proposed changes; they as they are afterwards. */
  decide(code: string, deed: Deed, body: unknown): Promise<Proposal> {
    return this.#json(`/api/v1/proposals/${encodeURIComponent(code)}/${deed}`, body);
  }

  /** What was left undone of proposed changes, proposed anew. */
  proposeAgain(code: string): Promise<Proposal> {
    return this.#json(`/api/v1/proposals/${encodeURIComponent(code)}/again`, {});
  }

  /** Ask the server to stop a run. */
  async stop(run: string): Promise<void> {
    await this.call(`/api/v1/runs/${encodeURIComponent(run)}/stop`, {});
  }
}
