/** Links: to a screen in the page itself where the host can go there, else in a new tab. */
import { html, nothing, type TemplateResult } from "lit";
import type { Place } from "../links";
import { icon } from "../views/icons";
import type { CardOf } from "./card";
import type { CardHost } from "./host";

/** A click with a key held down is the browser's: another tab, another window, a download. */
function plain(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** A link to `place`, whatever stands in it. */
export function linkTo(place: Place, inner: unknown, host: CardHost, part = "", look = ""): TemplateResult {
  const { href, here } = place;
  if (here) {
    const go = (event: MouseEvent): void => {
      if (!plain(event)) return;
      event.preventDefault();
      host.go(href);
    };
    return html`<a class=${look || nothing} part=${part || nothing} href=${href} @click=${go}>${inner}</a>`;
  }
  return html`<a class=${look || nothing} part=${part || nothing} href=${href} target="_blank" rel="noopener noreferrer nofollow">
    ${inner}<span class="hidden"> (${host.t.newTab})</span>${icon("out")}
  </a>`;
}

/** The clicks that help: screens, filtered lists, records. Those without an address here are left out. */
export function linksCard({ links }: CardOf<"links">, host: CardHost): TemplateResult {
  const rows = links.map((link) => ({ link, place: host.place(link.url) }));
  const known = rows.filter((row): row is { link: (typeof row)["link"]; place: Place } => row.place !== null);
  if (known.length === 0) return html``;
  return html`<ul class="links" part="links" aria-label=${host.t.links}>
    ${known.map(
      ({ link, place }) => html`<li>
        ${linkTo(place, html`${place.here ? icon("go") : nothing}<span>${link.label}</span>`, host, "link", "plain")}
      </li>`,
    )}
  </ul>`;
}
