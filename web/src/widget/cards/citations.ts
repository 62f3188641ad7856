/** The sources of an answer: each opens its page, and shows the words it was taken from. */
import { html, nothing, type TemplateResult } from "lit";
import type { Citation } from "../../api";
import { plural } from "../strings";
import { icon } from "../views/icons";
import type { CardOf } from "./card";
import type { CardHost } from "./host";

/** The id of a source's line, for the marks in the text to lead to. */
export function sourceId(reply: string, n: number): string {
  return `source-${reply}-${n}`;
}

function title({ title: page, section, url }: Citation, host: CardHost): TemplateResult {
  const name = section === "" || section === page ? page : `${page} › ${section}`;
  const href = host.href(url);
  if (href === null) return html`<span class="name">${name}</span>`;
  return html`<a class="name" part="citation" href=${href} target="_blank" rel="noopener noreferrer nofollow">
    ${name}<span class="hidden"> (${host.t.newTab})</span>${icon("out")}
  </a>`;
}

function source(citation: Citation, id: string, host: CardHost): TemplateResult {
  return html`<li id=${sourceId(id, citation.n)} tabindex="-1">
    <span class="number" aria-hidden="true">${citation.n}</span>
    <div>
      ${title(citation, host)}
      ${citation.quote === ""
        ? nothing
        : html`<details>
            <summary>${host.t.quote}</summary>
            <blockquote>${citation.quote}</blockquote>
          </details>`}
    </div>
  </li>`;
}

/** The list of sources under an answer. */
export function citationsCard({ citations, id }: CardOf<"citations">, host: CardHost): TemplateResult {
  return html`<div class="sources" part="citations">
    <p class="small">${plural(host.locale, host.t.sources, citations.length)}</p>
    <ol>
      ${citations.map((citation) => source(citation, id, host))}
    </ol>
  </div>`;
}
