/** Once a second, the time that proposals on show have left. */
import { left, warning } from "./cards/deadline";
import { utc } from "./numbers";
import type { Locale, Strings } from "./strings";

const SECOND = 1000;
/** While a proposal's time is over by our clock but not by the server's, it is asked no oftener. */
const ASK_EVERY = 15 * SECOND;

/** Runs while there is something to count. `over` is told the code of each proposal whose time is up by this clock. */
export class Countdown {
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #asked = new Map<string, number>();

  constructor(
    private readonly root: () => ParentNode,
    private readonly words: () => { t: Strings; locale: Locale },
    private readonly over: (code: string) => void,
  ) {}

  /** Look at what is on show now. */
  follow(): void {
    const shown = this.root().querySelector("[data-until]") !== null;
    if (!shown) this.stop();
    else {
      this.#tick();
      this.#timer ??= setInterval(() => this.#tick(), SECOND);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = Date.now();
    const { t, locale } = this.words();
    for (const place of this.root().querySelectorAll<HTMLElement>("[data-until]")) {
      const until = utc(place.dataset["until"] ?? "");
      write(place, left(until, now, t));
      if (until <= now) this.#ask(place.dataset["code"] ?? "", now);
    }
    for (const place of this.root().querySelectorAll<HTMLElement>("[data-warn]")) {
      write(place, warning(utc(place.dataset["warn"] ?? ""), now, t, locale));
    }
  }

  #ask(code: string, now: number): void {
    if (now - (this.#asked.get(code) ?? -Infinity) < ASK_EVERY) return;
    this.#asked.set(code, now);
    this.over(code);
  }
}

/** Said anew only where it changed. */
function write(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
