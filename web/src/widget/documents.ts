/** Getting an offer's files to the person. */
import type { DocumentKind } from "../api";
import type { Client } from "./net/client";
import { safeHref } from "./links";
import { Trouble } from "./net/trouble";

/**
 * Show a PDF in a new tab; save a Word file. Gives the address to show as a link where the browser refused the tab,
 * else `null`. Throws `Trouble`. To be called from the click itself.
 */
export async function openDocument(client: Client, number: string, kind: DocumentKind): Promise<string | null> {
  if (kind === "docx") {
    save(await client.document(number, kind), `${number}.${kind}`);
    return null;
  }
  // Browsers only let a click itself open a tab, so it is opened empty, and sent on when the address is there.
  const tab = window.open("", "_blank");
  if (tab !== null) tab.opener = null;
  try {
    const url = await client.documentLink(number, kind);
    if (safeHref(url, url) === null) throw new Trouble("server");
    if (tab === null) return url;
    tab.location.replace(url);
    return null;
  } catch (fault) {
    tab?.close();
    throw fault;
  }
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
