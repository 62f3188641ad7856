/** Uploaded requests: sent, shown line by line with where each stands and how sure it is, and made into an offer. */
import type { TemplateResult } from "lit";
import type { Offer, OfferRequest, RequestLine } from "../../api";
import type { CardHost } from "../cards/host";
import type { ExtraHost, Kit, Requests } from "../extra";
import type { Trouble } from "../net/trouble";
import { STYLE } from "./style";
import { body, NOTHING, open, settled, standing, type Typed, type TypedLine, withLine } from "./typed";
import { type Words, WORDS } from "./strings";

type Value = HTMLInputElement | HTMLSelectElement;

/** The key of what came of making the offer, for the focus. */
const key = (code: string): string => `${code}/made`;

export class RequestCards implements Requests {
  readonly #known = new Map<string, OfferRequest>();
  readonly #typed = new Map<string, Typed>();
  readonly #changing = new Set<string>();
  readonly #trouble = new Map<string, Trouble>();
  #making: string | null = null;

  constructor(
    private readonly kit: Kit,
    private readonly host: ExtraHost,
  ) {
    // No style element: pages with a strict policy let none in.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    host.shadowRoot?.adoptedStyleSheets.push(sheet);
  }

  async send(file: File): Promise<void> {
    const { session, screenNow } = this.host;
    const form = new FormData();
    form.set("file", file);
    form.set("talk", "true");
    if (session.chat?.conversation) form.set("conversation_id", session.chat.conversation);
    if (screenNow !== null) form.set("screen", JSON.stringify(screenNow));
    const sent = (await (await session.client.call("/api/v1/requests", form)).json()) as OfferRequest;
    this.#known.set(sent.code, sent);
    if (sent.conversation_id) await session.open(sent.conversation_id);
  }

  card(stored: OfferRequest, id: string, host: CardHost): TemplateResult {
    const { html } = this.kit;
    const request = this.#newest(stored);
    const words = WORDS[host.locale];
    const title = `request-${request.code}-${id}`;
    const list = request.lines.map((line) => this.#line(request, line, words, host));
    return html`<div class="offer request" part="request" role="group" aria-labelledby=${title}>
      <header>
        <div><strong id=${title}>${words.title} ${request.code}</strong> <span class="detail">${request.filename}</span></div>
        ${request.state === "used" ? html`<span class="state issued">${request.offer}</span>` : this.#count(request, words)}
      </header>
      ${this.#customer(request, words)}
      ${request.notes.map((text) => html`<p class="note warn">${text}</p>`)}
      <ol class="items">${list}</ol>
      ${this.#wishes(request, words)}
      <div class="actions">${this.#actions(request, words, host)}</div>
    </div>`;
  }

  #newest(stored: OfferRequest): OfferRequest {
    const known = this.#known.get(stored.code);
    if (known !== undefined) return known;
    // A stored reply shows the request as it was then; since then it may have been answered or used.
    this.#known.set(stored.code, stored);
    const path = `/api/v1/requests/${encodeURIComponent(stored.code)}`;
    this.host.session.client.call(path).then(
      async (answer) => this.#show((await answer.json()) as OfferRequest),
      () => undefined,
    );
    return stored;
  }

  #show(request: OfferRequest): void {
    this.#known.set(request.code, request);
    this.host.requestUpdate();
  }

  #said(code: string): Typed {
    return this.#typed.get(code) ?? NOTHING;
  }

  #say(code: string, typed: Typed): void {
    this.#typed.set(code, typed);
    this.#trouble.delete(code);
    this.host.requestUpdate();
  }

  #count(request: OfferRequest, words: Words): TemplateResult {
    const left = open(request, this.#said(request.code));
    const { html, fill } = this.kit;
    return left === 0 ? html`<span class="state issued">${words.states.settled}</span>` : html`<span class="state">${fill(words.open, { n: String(left) })}</span>`;
  }

  #customer(request: OfferRequest, words: Words): TemplateResult {
    const { html, nothing } = this.kit;
    const { customer, code } = request;
    const typed = this.#said(code);
    const tell = (event: Event): void => this.#say(code, { ...typed, customer: (event.target as Value).value.trim() });
    const quote = customer.quote ? html`<span class="detail">${customer.quote.place}: „${customer.quote.words}”</span>` : nothing;
    if (customer.code !== null) {
      return html`<p>${words.from}: <strong>${customer.name}</strong> <span class="detail">${customer.code}</span> ${quote}</p>`;
    }
    const id = `${code}-customer`;
    if (customer.candidates.length === 0) {
      return html`<p><label for=${id}>${words.unknownCustomer}</label> <input id=${id} maxlength="40" .value=${typed.customer} @change=${tell} /> ${quote}</p>`;
    }
    return html`<p>
      <label for=${id}>${words.from}</label>
      <select id=${id} @change=${tell}>
        <option value="">${words.choose}</option>
        ${customer.candidates.map((one) => html`<option value=${one.code} ?selected=${one.code === typed.customer}>${one.name} (${one.code})</option>`)}
      </select>
      ${quote}
    </p>`;
  }

  #line(request: OfferRequest, line: RequestLine, words: Words, host: CardHost): TemplateResult {
    const { html, nothing } = this.kit;
    const typed = this.#said(request.code);
    const now = standing(line, typed);
    const known = line.state === "sure" || line.state === "settled";
    const state = now.left_out ? "left_out" : known ? line.state : settled(line, typed) ? "settled" : line.state;
    const say = (said: TypedLine): void => this.#say(request.code, withLine(typed, line.n, said));
    const fixed = request.state === "used" || now.left_out || (known && !this.#changing.has(`${request.code}/${line.n}`));
    return html`<li class="line ${state}">
      <div class="row">
        <strong>${line.product || line.words}</strong>
        <span class="state ${state}">${words.states[state]}</span>
      </div>
      <span class="detail">${line.place}: „${line.words}”</span>
      ${fixed ? this.#fixed(line, now, host) : this.#fields(request, line, now, say, words)}
      ${line.asked_discount ? html`<span class="detail">${this.kit.fill(words.asks, { percent: line.asked_discount })}</span>` : nothing}
      ${line.their_price ? html`<span class="detail">${this.kit.fill(words.theirPrice, { price: line.their_price })}</span>` : nothing}
      ${request.state === "used" ? nothing : this.#buttons(request, line, now, fixed, say, words)}
    </li>`;
  }

  #fixed(line: RequestLine, now: Required<TypedLine>, host: CardHost): TemplateResult | symbol {
    const { html, nothing, decimal } = this.kit;
    if (line.name === null || now.left_out) return nothing;
    return html`<p>→ ${line.name} · ${decimal(line.quantity ?? "0", host.language)} ${line.unit}</p>`;
  }

  #fields(request: OfferRequest, line: RequestLine, now: Required<TypedLine>, say: (said: TypedLine) => void, words: Words): TemplateResult {
    const { html } = this.kit;
    const id = `${request.code}-${line.n}`;
    const value = (event: Event): string => (event.target as Value).value;
    const product =
      line.candidates.length === 0
        ? html`<input id="${id}-p" maxlength="60" placeholder=${words.typeProduct} .value=${now.sku} @change=${(e: Event) => say({ sku: value(e) })} />`
        : html`<select id="${id}-p" @change=${(e: Event) => say({ sku: value(e) })}>
            <option value="" ?selected=${now.sku === ""}>${words.choose}</option>
            ${line.candidates.map((one) => html`<option value=${one.sku} ?selected=${one.sku === now.sku}>${one.name} (${one.sku})</option>`)}
          </select>`;
    return html`${line.asks.map((text) => html`<p class="remark">${text}</p>`)}
      <div class="fields">
        <label for="${id}-p" class="hidden">${words.product}</label>${product}
        <label for="${id}-q" class="hidden">${words.quantity}</label>
        <input
          id="${id}-q"
          class="quantity"
          inputmode="decimal"
          maxlength="20"
          placeholder=${words.quantity}
          .value=${now.quantity}
          @change=${(e: Event) => say({ quantity: value(e) })}
        />
      </div>`;
  }

  #buttons(
    request: OfferRequest,
    line: RequestLine,
    now: Required<TypedLine>,
    fixed: boolean,
    say: (said: TypedLine) => void,
    words: Words,
  ): TemplateResult {
    const { html, nothing } = this.kit;
    const change = (): void => {
      this.#changing.add(`${request.code}/${line.n}`);
      this.host.requestUpdate();
    };
    return html`<div class="row">
      ${fixed && !now.left_out ? html`<button type="button" class="link" @click=${change}>${words.change}</button>` : nothing}
      <button type="button" class="link" part="leave-out" @click=${() => say({ left_out: !now.left_out })}>
        ${now.left_out ? words.putBack : words.leaveOut}
      </button>
    </div>`;
  }

  #wishes(request: OfferRequest, words: Words): TemplateResult {
    const { html, nothing, fill } = this.kit;
    return html`${request.deadlines.map((one) => html`<p class="detail">${fill(words.deadline, { day: one.value })} – ${one.place}: „${one.words}”</p>`)}
    ${request.asked_discounts.map((one) => html`<p class="detail">${fill(words.asks, { percent: one.value })} – ${one.place}</p>`)}
    ${request.aside.length > 0
      ? html`<details>
          <summary>${words.aside} (${request.aside.length})</summary>
          ${request.aside.map((one) => html`<p class="detail">${one.place}: „${one.words}”</p>`)}
        </details>`
      : nothing}`;
  }

  #actions(request: OfferRequest, words: Words, host: CardHost): TemplateResult {
    const { html, nothing, fill, sentence } = this.kit;
    const { code } = request;
    if (request.state === "used") return html`<p class="done" tabindex="-1" data-focus=${key(code)}>${fill(words.used, { number: request.offer ?? "" })}</p>`;
    const busy = this.#making !== null;
    const failed = this.#trouble.get(code);
    const place = host.place(request.path);
    const ready = !busy && open(request, this.#said(code)) === 0;
    return html`<button class="main" part="make-offer" ?disabled=${!ready} @click=${() => void this.#make(request)}>
        ${this.#making === code ? words.making : words.make}
      </button>
      ${place ? html`<a class="plain" href=${place.href} target=${place.here ? nothing : "_blank"} rel="noopener noreferrer">${words.console}</a>` : nothing}
      ${failed ? html`<p class="bad" role="alert" tabindex="-1" data-focus=${key(code)}>${sentence(failed, host.t, host.locale, host.server)}</p>` : nothing}`;
  }

  /** What was said is sent, then the offer is made; a second click meanwhile does nothing. */
  async #make(request: OfferRequest): Promise<void> {
    const { session } = this.host;
    const { code } = request;
    const path = `/api/v1/requests/${encodeURIComponent(code)}`;
    this.#making = code;
    this.#trouble.delete(code);
    this.host.requestUpdate();
    try {
      const said = body(request, this.#said(code));
      const answer = said === null ? null : await session.client.call(path, said);
      const newest = answer === null ? request : ((await answer.json()) as OfferRequest);
      this.#known.set(code, newest);
      this.#typed.delete(code);
      if (newest.to_answer === 0) {
        const making = { version: newest.version, screen: this.host.screenNow };
        const offer = (await (await session.client.call(`${path}/offer`, making)).json()) as Offer;
        this.#known.set(code, (await (await session.client.call(path)).json()) as OfferRequest);
        session.chat?.offered(offer);
        if (newest.conversation_id) await session.open(newest.conversation_id);
      }
    } catch (fault) {
      this.#trouble.set(code, this.kit.asTrouble(fault));
    }
    this.#making = null;
    this.host.requestUpdate();
    void this.host.focusNew(key(code));
  }
}
