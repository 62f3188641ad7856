/** `<virtuo-robo>`: the button in the corner and the panel it opens. */
import { html, nothing, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import { WidgetBase } from "./base";
import { Countdown } from "./countdown";
import { isShortcut, keepInside } from "./focus";
import type { BootOptions, Theme } from "./options";
import type { Screen } from "./screen";
import { Session } from "./session";
import type { Locale } from "./strings";
import cardsCss from "./styles/cards.css";
import panelCss from "./styles/panel.css";
import textCss from "./styles/text.css";
import themeCss from "./styles/theme.css";
import type { ChatEvent } from "./talk/chat";
import { icon, mark } from "./views/icons";
import { panel } from "./views/panel";
import { followViewport } from "./viewport";

type Tell = (event: string, detail: unknown) => void;

/** The user is near the end of the conversation, and goes on being kept there. */
const NEAR_END = 80;

export class VirtuoRobo extends WidgetBase {
  static override styles = [themeCss, panelCss, textCss, cardsCss].map((css) => unsafeCSS(css));

  isOpen = false;
  readonly #countdown = new Countdown(
    () => this.renderRoot,
    () => this,
    (code) => void this.decisions.look(code),
  );
  #unfollow: () => void = () => undefined;
  #restored = false;
  #atEnd = true;
  #shownSent = false;
  #grown = false;
  #shown: { items: unknown; turn: unknown } = { items: null, turn: null };
  #sendWhenReady = false;
  #tell: Tell = () => undefined;

  /** Begin to work for a user. The element is then put on the page. */
  start(url: string, options: BootOptions, locale: Locale, screen: Screen | null, tell: Tell): void {
    this.options = options;
    this.locale = locale;
    this.screenNow = screen;
    this.#tell = tell;
    const changed = (): void => this.#changed();
    const told = (event: ChatEvent, detail: unknown): void => tell(event, detail);
    this.session = new Session(url, options, locale, changed, told);
    this.setTheme(options.theme ?? "auto");
    void this.session.start();
  }

  setTheme(theme: Theme): void {
    this.setAttribute("theme", theme);
  }

  setLocale(locale: Locale): void {
    this.locale = locale;
    this.session.client.locale = locale;
    this.requestUpdate();
  }

  setScreen(screen: Screen | null): void {
    this.newScreen ||= screen !== null && screen.id !== this.screenNow?.id;
    this.screenNow = screen;
    this.requestUpdate();
  }

  open(message?: string, send = false): void {
    if (message !== undefined) this.setDraft(message);
    this.#setOpen(true);
    this.page = "talk";
    this.#sendWhenReady ||= message !== undefined && send;
    this.#changed();
    this.focusInput();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#setOpen(false);
    void this.updateComplete.then(() => this.#query<HTMLElement>(".launcher")?.focus());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unfollow = followViewport(this, (full) => {
      this.full = full;
      this.requestUpdate();
    });
    document.addEventListener("keydown", this.#shortcut);
    window.addEventListener("pagehide", this.#leave);
    window.addEventListener("pageshow", this.#back);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#countdown.stop();
    this.#unfollow();
    document.removeEventListener("keydown", this.#shortcut);
    window.removeEventListener("pagehide", this.#leave);
    window.removeEventListener("pageshow", this.#back);
  }

  focusInput(): void {
    void this.updateComplete.then(() => this.#query<HTMLTextAreaElement>("#message")?.focus());
  }

  async focusNew(key: string): Promise<void> {
    await this.updateComplete;
    const found = [...this.renderRoot.querySelectorAll<HTMLElement>("[data-focus]")];
    const place = found.findLast((one) => one.dataset["focus"] === key);
    place?.focus();
    // What belongs to it is seen whole: a form's buttons, the rest of a sentence.
    place?.closest("form, .actions, .asking")?.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const { isOpen, t } = this;
    const label = isOpen ? t.close : t.open;
    const launcher = html`<button
      class="launcher"
      part="launcher"
      aria-expanded=${String(isOpen)}
      aria-label=${label}
      title=${label}
      @click=${() => (isOpen ? this.close() : this.open())}
    >
      ${isOpen ? icon("down") : mark()}
    </button>`;
    const shown = this.options.launcher !== false && !(isOpen && this.full);
    return html`<div class="root" lang=${this.locale} @keydown=${this.#key}>
      ${isOpen ? panel(this) : nothing} ${shown ? launcher : nothing}
    </div>`;
  }

  protected override willUpdate(): void {
    const { items, turn } = this.session.chat ?? { items: null, turn: null };
    this.#grown = this.#shown.items !== items || this.#shown.turn !== turn || !this.hasUpdated;
    this.#shown = { items, turn };
    const scroller = this.#query(".scroller");
    const left = scroller === null ? 0 : scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    // A question just sent is always shown.
    const sent = this.session.chat?.items.at(-1)?.kind === "mine";
    this.#atEnd = left < NEAR_END || (sent && !this.#shownSent);
    this.#shownSent = sent;
  }

  protected override updated(_changes: PropertyValues): void {
    const scroller = this.#query(".scroller");
    if (scroller !== null && this.#atEnd && this.#grown && this.session.chat?.items.length) {
      // Down to the end, but never past the question: a long answer is read from its beginning.
      const question = [...scroller.querySelectorAll<HTMLElement>(".mine")].at(-1);
      scroller.scrollTop = Math.min(scroller.scrollHeight, (question?.offsetTop ?? Infinity) - 12);
    }
    this.#countdown.follow();
    const input = this.#query<HTMLTextAreaElement>("#message");
    if (input !== null) {
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight}px`;
    }
  }

  #changed(): void {
    const { memory } = this.session ?? {};
    if (memory && !this.#restored) {
      this.#restored = true;
      const { open, wide, draft } = memory.value;
      this.wide = wide;
      // What was typed while the user was still being told apart counts.
      if (this.draft === "") this.draft = draft;
      else memory.keep({ draft: this.draft });
      if (open && !this.isOpen) this.#setOpen(true);
      else if (this.isOpen) memory.keep({ open: true });
    }
    if (this.#sendWhenReady && this.session?.ready && this.session.chat?.busy === false) {
      this.#sendWhenReady = false;
      this.send(this.draft);
    }
    this.requestUpdate();
  }

  #setOpen(open: boolean): void {
    if (this.isOpen === open) return;
    this.isOpen = open;
    this.#shown = { items: null, turn: null };
    this.#atEnd = true;
    this.session.refresh();
    if (open) void this.session.chat?.refreshHandovers();
    this.session.memory?.keep({ open });
    this.#tell(open ? "open" : "close", null);
    this.requestUpdate();
  }

  #query<T extends Element>(selector: string): T | null {
    return this.renderRoot?.querySelector<T>(selector) ?? null;
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.isOpen && !event.defaultPrevented) {
      event.stopPropagation();
      this.close();
    }
    if (this.full && this.isOpen && this.shadowRoot !== null) keepInside(event, this.shadowRoot);
  };

  #shortcut = (event: KeyboardEvent): void => {
    if (this.options.shortcut === false || !isShortcut(event)) return;
    event.preventDefault();
    if (this.isOpen) this.close();
    else this.open();
  };

  #leave = (): void => this.session.leave();

  #back = (event: PageTransitionEvent): void => {
    if (event.persisted) void this.session.resume();
  };
}
