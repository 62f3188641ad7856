/** `window.robo(command, …)`: the one thing the widget leaves in the page. */
import { VirtuoRobo } from "./element";
import type { BootOptions, OpenOptions, TagOptions, UpdateOptions } from "./options";
import { cleanScreen } from "./screen";
import { asLocale } from "./strings";
import type { ChatEvent } from "./talk/chat";

export type Listener = (detail: unknown) => void;
export type RoboEvent = "ready" | "open" | "close" | ChatEvent;

const TAG = "virtuo-robo";

/** One page's widget: booted or not. */
export class Robo {
  #element: VirtuoRobo | null = null;
  #screen: UpdateOptions["screen"];
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(private readonly tag: TagOptions) {}

  /** Carry out a command. What a host gets wrong is said in the console and breaks nothing of its page. */
  run(command: unknown, first: unknown, second: unknown): void {
    switch (command) {
      case "boot":
        return this.#boot((first ?? {}) as BootOptions);
      case "update":
        return this.#update((first ?? {}) as UpdateOptions);
      case "open": {
        const { message, send } = (first ?? {}) as OpenOptions;
        return this.#element?.open(message, send);
      }
      case "close":
        return this.#element?.close();
      case "shutdown":
        return this.#shutdown();
      case "on":
        return this.#on(String(first), second as Listener);
      default:
        console.warn(`robo: there is no command ${JSON.stringify(command)}`);
    }
  }

  #boot(options: BootOptions): void {
    if (typeof options.getToken !== "function") {
      console.warn('robo: boot needs {getToken: async () => "…"}');
      return;
    }
    this.#shutdown(false);
    const element = document.createElement(TAG) as VirtuoRobo;
    const screen = cleanScreen(options.screen ?? this.#screen ?? this.tag.screen);
    const locale = options.locale === undefined ? this.tag.locale : asLocale(options.locale);
    element.start(this.tag.url, options, locale, screen, (event, detail) => this.#tell(event, detail));
    this.#element = element;
    document.body.append(element);
    this.#tell("ready", null);
  }

  #update(options: UpdateOptions): void {
    const element = this.#element;
    // A host may say where its user is before it knows who that is.
    if ("screen" in options) this.#screen = options.screen;
    if (element === null) return;
    if ("screen" in options) element.setScreen(cleanScreen(options.screen));
    if (options.locale !== undefined) element.setLocale(asLocale(options.locale));
    if (options.theme !== undefined) element.setTheme(options.theme);
  }

  /** `forget` is false where the page boots again without anyone having signed out. */
  #shutdown(forget = true): void {
    const element = this.#element;
    this.#element = null;
    if (element === null) return;
    element.remove();
    if (forget) element.session.end();
    else element.session.leave();
  }

  #on(event: string, listener: Listener): void {
    if (typeof listener !== "function") return;
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  #tell(event: string, detail: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(detail);
      } catch (fault) {
        // A host's own mistake: reported as theirs, and of no effect here.
        reportError(fault);
      }
    }
  }
}

/** Make the element known to the page. */
export function define(): void {
  if (customElements.get(TAG) === undefined) customElements.define(TAG, VirtuoRobo);
}
