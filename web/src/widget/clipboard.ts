/** Copying text. */
import type { Reply } from "../api";

/** A reply as plain text: its words, then its sources with their addresses. */
export function replyText(reply: Reply, href: (url: string) => string | null): string {
  const sources = reply.citations.map(({ n, title, section, url }) => {
    const address = href(url);
    return `[${n}] ${title} › ${section}${address === null ? "" : ` ${address}`}`;
  });
  return [reply.text, ...(sources.length > 0 ? ["", ...sources] : [])].join("\n");
}

/** Put `text` on the clipboard; false where the browser does not let us. `root` lends the place for the old way. */
export async function copyText(text: string, root: ShadowRoot): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without https have no clipboard but this one.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "hidden";
    const before = root.activeElement as HTMLElement | null;
    root.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }
}
