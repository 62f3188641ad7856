/** What a host page may say to the widget. */
import type { ScreenInput } from "./screen";
import { asLocale, type Locale } from "./strings";

export type Theme = "auto" | "light" | "dark";

/** `getToken` asks the host's own server for a short-lived token of the signed-in user. */
export interface BootOptions {
  getToken: () => Promise<string> | string;
  /** Any stable name of the user: what one user typed in a tab is not shown to the next. */
  user?: string;
  locale?: string;
  theme?: Theme;
  screen?: ScreenInput | string;
  /**
   * The host's address of a record or a screen such as `/customers/C0001` or `/activities?mine=1`. `undefined` opens
   * the console's own in a new tab; `null` leaves it without a link.
   */
  recordUrl?: (path: string) => string | null | undefined;
  /** Go to an address that `recordUrl` gave, in this page; without it links open in a new tab. */
  navigate?: (address: string) => void;
  /** Open and close by Alt+R; true unless switched off. */
  shortcut?: boolean;
  /** Show the round button; a host that calls `robo("open")` from its own button switches it off. */
  launcher?: boolean;
}

export interface UpdateOptions {
  screen?: ScreenInput | string;
  locale?: string;
  theme?: Theme;
}

export interface OpenOptions {
  /** Put into the input, or sent at once where `send` is true. */
  message?: string;
  send?: boolean;
}

/** What the script tag says: where the server is, and defaults for `boot`. */
export interface TagOptions {
  url: string;
  screen: string | undefined;
  locale: Locale;
}

/**
 * Read the attributes of the script tag. Without `data-robo-url` the server is where the script came from; without
 * `data-locale` the page's language counts, then the browser's.
 */
export function tagOptions(tag: HTMLScriptElement | null, page: Document): TagOptions {
  const given = tag?.dataset["roboUrl"] ?? (tag?.src ? new URL(tag.src).origin : page.location.origin);
  return {
    url: new URL(given, page.location.href).href.replace(/\/+$/, ""),
    screen: tag?.dataset["screen"],
    locale: asLocale(tag?.dataset["locale"] ?? page.documentElement.lang, navigator.language),
  };
}
