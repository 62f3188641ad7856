/** What the element keeps and does, apart from how it is drawn: the answer to every button. */
import { LitElement } from "lit";
import type { Choice, Conversation, DocumentKind, Rating } from "../api";
import type { CardHost, Stage } from "./cards/host";
import { issueKey } from "./cards/issuing";
import { sourceId } from "./cards/citations";
import { copyText, replyText } from "./clipboard";
import { openDocument } from "./documents";
import { safeHref } from "./links";
import { asTrouble } from "./net/trouble";
import type { BootOptions } from "./options";
import type { Screen } from "./screen";
import type { Session } from "./session";
import { DICTIONARIES, fill, type Locale, type Strings } from "./strings";
import type { Item, ReplyItem } from "./talk/items";
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
  history: readonly Conversation[] | "loading" | "failed" = [];
  newScreen = false;
  opinion: Opinion | null = null;
  copied: string | null = null;
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
    else void this.#loadHistory();
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
    this.#opine({ id: item.id, rating, state: "asking" });
    void this.focusNew(item.id);
    this.#keepRating(item, rating, null);
  }

  giveReason(item: ReplyItem, reason: string): void {
    const rating = this.opinion?.rating ?? 1;
    this.#opine({ id: item.id, rating, state: "thanks" });
    this.focusInput();
    if (reason !== "") this.#keepRating(item, rating, reason);
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

  #keepRating(item: ReplyItem, rating: Rating, reason: string | null): void {
    this.session.chat?.rate(item, rating, reason).catch(() => this.#opine({ id: item.id, rating, state: "failed" }));
  }

  #opine(opinion: Opinion): void {
    this.opinion = opinion;
    this.requestUpdate();
  }

  async #loadHistory(): Promise<void> {
    this.history = "loading";
    this.requestUpdate();
    try {
      this.history = await this.session.client.conversations();
    } catch {
      this.history = "failed";
    }
    this.requestUpdate();
    await this.focusNew("history");
  }

  #host(item: ReplyItem | null, language: Locale): CardHost {
    const { url } = this.session.client;
    return {
      t: this.t,
      locale: this.locale,
      language,
      server: url,
      busy: this.session.chat?.busy ?? true,
      href: (href) => safeHref(href, url, this.options.recordUrl),
      stage: (key) => this.#stages.get(key) ?? null,
      setStage: (key, stage) => this.#setStage(key, stage),
      pick: (choice: Choice) => this.send(choice.value),
      issue: (one) => void this.#issue(one),
      openDocument: (number, kind) => void this.#openDocument(number, kind),
      showSource: (id, n) => {
        const line = this.shadowRoot?.getElementById(sourceId(id || (item?.id ?? ""), n));
        line?.focus();
        line?.querySelector("details")?.setAttribute("open", "");
      },
    };
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
