/** Which addresses may become links. */

/**
 * The address of a link in an answer or a citation, or `null` for one that must not be a link.
 *
 * Only http, https and mailto; a path is the server's own `/help/…` page, or a record's, which the host maps by
 * `recordUrl`. Anything else (`javascript:`, `data:`, relative names) stays text.
 */
export function safeHref(href: string, server: string, recordUrl?: (path: string) => string | undefined): string | null {
  const given = href.trim();
  if (given.startsWith("/") && !given.startsWith("//") && !given.startsWith("/\\")) {
    if (given.startsWith("/help/")) return absolute(given, server);
    const mapped = recordUrl?.(given);
    return mapped === undefined ? null : absolute(mapped, location.href);
  }
  return /^(https?:|mailto:)/i.test(given) ? absolute(given, server) : null;
}

function absolute(href: string, base: string): string | null {
  try {
    const url = new URL(href, base);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
