/** Which addresses may become links, and where they lead. */

/** What the host says of its own addresses; see `options.ts`. */
export interface HostLinks {
  recordUrl?: (path: string) => string | null | undefined;
  navigate?: (address: string) => void;
}

/** Where a link leads: `here` where the host's own page goes there, else in a new tab. */
export interface Place {
  href: string;
  here: boolean;
}

// What of our server is no screen: calls, files, and the doors in and out.
const NO_SCREEN = /^\/(api|static|console|embed|sign-in|sign-out|robo(-offers)?\.js|healthz|openapi\.json)(?![\w-])/i;

/**
 * Where a link in an answer, a citation or a card leads, or `null` for one that must not be a link.
 *
 * Only http, https and mailto; a path is one of the console's screens. Help pages are read beside the work, in a new
 * tab. Of the other paths the host knows its own address (`recordUrl`); it goes there itself where it says how
 * (`navigate`). For a path it leaves out (`undefined`) the console's own screen opens in a new tab; `null` is no link.
 * Anything else (`javascript:`, `data:`, relative names) stays text.
 */
export function placeOf(href: string, server: string, host: HostLinks = {}): Place | null {
  const given = href.trim();
  if (!given.startsWith("/")) return /^(https?:|mailto:)/i.test(given) ? away(given, server) : null;
  // Judged as the browser will read it: `/a/../api/x` is `/api/x`; `/\x`, `//x` and `/a/..//x` are other servers.
  const path = screenPath(given, server);
  if (path === null) return null;
  if (path.startsWith("/help/")) return away(path, server);
  const mapped = host.recordUrl?.(path);
  if (mapped === undefined) return away(path, server);
  const place = mapped === null ? null : away(mapped, location.href);
  const here = place !== null && host.navigate !== undefined && new URL(place.href).origin === location.origin;
  return place === null ? null : { ...place, here };
}

/** The address of a link, however it is opened; `null` as in `placeOf`. */
export function safeHref(href: string, server: string, host: HostLinks = {}): string | null {
  return placeOf(href, server, host)?.href ?? null;
}

function screenPath(given: string, server: string): string | null {
  if (!URL.canParse(given, server)) return null;
  const { origin, pathname, search, hash } = new URL(given, server);
  const foreign = origin !== new URL(server).origin || pathname.startsWith("//");
  return foreign || NO_SCREEN.test(pathname) ? null : pathname + search + hash;
}

function away(href: string, base: string): Place | null {
  if (!URL.canParse(href, base)) return null;
  const url = new URL(href, base);
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? { href: url.href, here: false } : null;
}
