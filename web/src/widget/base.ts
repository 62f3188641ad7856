/** What the element keeps and does, apart from how it is drawn: the answer to every button. */
import { LitElement } from "lit";
import type { Choice, DocumentKind, Rating, ReasonChoice } from "../api";
import type { CardHost, Stage } from "./cards/host";
import { issueKey } from "./cards/issuing";
import { sourceId } from "./cards/citations";
import { copyText, replyText } from "./clipboard";
import { openDocument } from "./documents";
import { Extra } from "./extra";
import { placeOf, safeHref } from "./links";
import { asTrouble } from "./net/trouble";
import type { BootOptions } from "./options";
import type { Screen } from "./screen";
import type { Session } from "./session";
import { DICTIONARIES, fill, type Locale, type Strings } from "./strings";
import { Decisions } from "./talk/decisions";
import { Handing } from "./talk/handing";
import type { Item, ReplyItem } from "./talk/items";
import { Past } from "./talk/past";
import type { Opinion, Page, Surface } from "./views/surface";

/** Abstract: `element.ts` draws it and moves the focus. */
export abstract class WidgetBase extends LitElement implements Surface {
  session!: Session;
  options!: BootOptions;
  locale: Locale = "en";
  screenNow: Screen | null = null;
  page: Page = "talk";
  wide = false;
  full = false;
  draft = "";
  newScreen = false;
  opinion: Opinion | null = null;
  copied: string | null = null;
  readonly decisions = new Decisions(
    () => this.session.chat,
    () => this.requestUpdate(),
    (key) => void this.focusNew(key),
  );
  readonly past = new Past(
    () => this.session.client,
    () => this.requestUpdate(),
    (key) => void this.focusNew(key),
    (id) => this.#erased(id),
  );
  readonly handing = new Handing(
    () => this.session.client,
    () => this.session.chat,
    () => this.requestUpdate(),
    () => this.#handed(),
  );
  readonly extra = new Extra(this);
  readonly #stages = new Map<string, Stage>();

  abstract close(): void;
  abstract focusInput(): void;
  /** Move the keyboard to what has just appeared, marked by `data-focus`. */
  abstract focusNew(key: string): Promise<void>;

  get t(): Strings {
    return DICTIONARIES[this.locale];
  }

  get screenId(): string | null {
    return this.screenNow?.id ?? null;
  }

  cards(item: ReplyItem): CardHost {
    return this.#host(item, item.reply.language);
  }

  plainCards(): CardHost {
    return this.#host(null, this.locale);
  }

  show(page: Page): void {
    this.page = page;
    this.requestUpdate();
    if (page === "talk") this.focusInput();
    else void (page === "history" ? this.past : this.handing).begin().then(() => this.focusNew(page));
  }

  toggleWide(): void {
    this.wide = !this.wide;
    this.session.memory?.keep({ wide: this.wide });
    this.requestUpdate();
  }

  startNew(): void {
    this.session.chat?.startNew();
    this.show("talk");
  }

  openConversation(id: string): void {
    this.show("talk");
    void this.session.open(id);
  }

  setDraft(text: string): void {
    this.draft = text;
    this.session.memory?.keep({ draft: text });
    this.requestUpdate();
  }

  send(text: string): void {
    const { chat } = this.session;
    if (chat === null || chat.busy) return;
    if (text === this.draft) this.setDraft("");
    this.opinion = null;
    this.newScreen = false;
    void chat.send(text.trim(), this.screenNow);
    this.focusInput();
  }

  sendAgain(item: Item): void {
    void this.session.chat?.again(item, this.screenNow);
    this.focusInput();
  }

  stop(): void {
    this.session.chat?.stop();
    this.focusInput();
  }

  retry(): void {
    void this.session.retry();
    this.focusInput();
  }

  rate(item: ReplyItem, rating: Rating): void {
    if (rating === 1 && item.rating === 1) return this.takeBack(item);
    this.#opine({ id: item.id, state: rating === 1 ? "thanks" : "asking" });
    // The same thumb again opens what was said, to be changed.
    if (item.rating !== rating) this.#keepRating(item, rating, null, null);
    if (rating === -1) void this.focusNew(item.id);
  }

  giveReason(item: ReplyItem, choice: ReasonChoice | null, reason: string): void {
    this.#opine({ id: item.id, state: "thanks" });
    void this.focusNew("thanks");
    this.#keepRating(item, -1, choice, reason === "" ? null : reason);
  }

  takeBack(item: ReplyItem): void {
    this.opinion = null;
    this.#keepRating(item, null, null, null);
    this.focusInput();
  }

  copy(item: ReplyItem): void {
    const { href } = this.cards(item);
    const root = this.shadowRoot;
    if (root === null) return;
    void copyText(replyText(item.reply, href), root).then((done) => {
      this.copied = done ? item.id : null;
      this.requestUpdate();
      setTimeout(() => {
        this.copied = null;
        this.requestUpdate();
      }, 2000);
    });
  }

  #keepRating(item: ReplyItem, rating: Rating | null, choice: ReasonChoice | null, reason: string | null): void {
    this.session.chat?.rate(item, rating, choice, reason).catch(() => this.#opine({ id: item.id, state: "failed" }));
  }

  #erased(id: string): void {
    if (this.session.chat?.conversation === id) this.session.chat.startNew();
  }

  #handed(): void {
    this.page = "talk";
    this.opinion = null;
    this.requestUpdate();
    void this.focusNew("handed");
  }

  #opine(opinion: Opinion): void {
    this.opinion = opinion;
    this.requestUpdate();
  }

  #host(item: ReplyItem | null, language: Locale): CardHost {
    const { url } = this.session.client;
    return {
      t: this.t,
      locale: this.locale,
      language,
      server: url,
      busy: this.session.chat?.busy ?? true,
      extra: this.extra,
      href: (href) => safeHref(href, url, this.options),
      place: (href) => placeOf(href, url, this.options),
      go: (address) => this.#go(address),
      stage: (key) => this.#stages.get(key) ?? null,
      setStage: (key, stage) => this.#setStage(key, stage),
      pick: (choice: Choice) => this.send(choice.value),
      issue: (one) => void this.#issue(one),
      pending: (proposal) => this.decisions.pending(proposal),
      change: (proposal, to, focus) => this.decisions.change(proposal, to, focus),
      keepEdits: (proposal, n) => void this.decisions.keep(proposal, n),
      decide: (proposal, deed, reason) => void this.decisions.decide(proposal, deed, reason),
      askAgain: (proposal) => void this.decisions.again(proposal),
      openDocument: (number, kind) => void this.#openDocument(number, kind),
      showSource: (id, n) => {
        const line = this.shadowRoot?.getElementById(sourceId(id || (item?.id ?? ""), n));
        line?.focus();
        line?.querySelector("details")?.setAttribute("open", "");
      },
    };
  }

  #go(address: string): void {
    // On a phone the panel would cover what was gone to.
    if (this.full) this.close();
    this.options.navigate?.(address);
  }

  #setStage(key: string, stage: Stage | null): void {
    if (stage === null) this.#stages.delete(key);
    else this.#stages.set(key, stage);
    this.requestUpdate();
    if (stage?.at === "asking" || stage?.at === "done") void this.focusNew(key);
  }

  async #issue(item: ReplyItem): Promise<void> {
    const number = item.reply.offer?.number;
    if (number === undefined || this.session.chat === null) return;
    this.#setStage(issueKey(number), { at: "working" });
    try {
      await this.session.chat.issue(item);
      this.#setStage(issueKey(number), { at: "done", text: fill(this.t.issued, { number }) });
    } catch (fault) {
      this.#setStage(issueKey(number), { at: "failed", trouble: asTrouble(fault) });
    }
  }

  async #openDocument(number: string, kind: DocumentKind): Promise<void> {
    const key = `${number}/${kind}`;
    this.#setStage(key, { at: "working" });
    try {
      const url = await openDocument(this.session.client, number, kind);
      this.#setStage(key, url === null ? null : { at: "link", url });
    } catch (fault) {
      this.#setStage(key, { at: "failed", trouble: asTrouble(fault) });
    }
  }
}
