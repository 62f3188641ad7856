/** The part of the widget that only those who send files load: the cards of uploaded requests, in a file of their own. */
import { html, nothing, type TemplateResult } from "lit";
import type { OfferRequest } from "../api";
import type { CardHost } from "./cards/host";
import { sentence } from "./cards/trouble";
import { asTrouble, Trouble } from "./net/trouble";
import { decimal } from "./numbers";
import type { Screen } from "./screen";
import type { Session } from "./session";
import { fill, type Locale } from "./strings";
import { icon } from "./views/icons";

/** What the second file is handed, so that it needs no copy of its own. */
export const KIT = { html, nothing, icon, sentence, fill, decimal, asTrouble };
export type Kit = typeof KIT;

export interface ExtraHost {
  readonly session: Session;
  readonly locale: Locale;
  readonly screenNow: Screen | null;
  readonly shadowRoot: ShadowRoot | null;
  requestUpdate(): void;
  focusNew(key: string): Promise<void>;
}

export interface Requests {
  card(request: OfferRequest, id: string, host: CardHost): TemplateResult;
  send(file: File): Promise<void>;
}

export type Make = (kit: Kit, host: ExtraHost) => Requests;

// Read while this file runs: afterwards no script is the current one.
const TAG = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;

export class Extra {
  /** The name of the file that is being read, and why the last one was not. */
  reading: string | null = null;
  trouble: Trouble | null = null;
  #made: Requests | null = null;
  #coming: Promise<Requests> | null = null;

  constructor(private readonly host: ExtraHost) {}

  /** Send a file that asks for an offer. Never throws: `trouble` says what is wrong. */
  async send(file: File): Promise<void> {
    if (this.reading !== null || this.host.session.chat?.busy !== false) return;
    this.#say(file.name, null);
    try {
      await (await this.#load()).send(file);
      this.#say(null, null);
    } catch (fault) {
      this.#say(null, asTrouble(fault));
    }
  }

  /** The card of a request; until the second file is there, that it is coming. */
  card(request: OfferRequest, id: string, host: CardHost): TemplateResult {
    if (this.#made !== null) return this.#made.card(request, id, host);
    void this.#load().catch(() => undefined);
    return html`<p class="remark">${host.t.loading}</p>`;
  }

  #say(reading: string | null, trouble: Trouble | null): void {
    this.reading = reading;
    this.trouble = trouble;
    this.host.requestUpdate();
  }

  #load(): Promise<Requests> {
    this.#coming ??= new Promise<Requests>((done, failed) => {
      const script = document.createElement("script");
      // From where this file came, so that a page that lets this one in lets in that one.
      script.src = TAG?.src ? new URL("robo-offers.js", TAG.src).href : `${this.host.session.client.url}/robo-offers.js`;
      script.nonce = TAG?.nonce ?? "";
      script.onload = () => {
        const make = (window.robo as { offers?: Make } | undefined)?.offers;
        if (make === undefined) return failed(new Trouble("unreachable"));
        this.#made = make(KIT, this.host);
        done(this.#made);
        this.host.requestUpdate();
      };
      script.onerror = () => {
        this.#coming = null;
        failed(new Trouble("unreachable"));
      };
      document.head.append(script);
    });
    return this.#coming;
  }
}
