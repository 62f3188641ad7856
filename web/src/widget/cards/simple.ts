/** The small cards: text, warnings, notices, choices. */
import { html, nothing, type TemplateResult } from "lit";
import { markdown } from "../markdown/view";
import { fill } from "../strings";
import { icon } from "../views/icons";
import type { CardOf } from "./card";
import type { CardHost } from "./host";
import { linkTo } from "./link";

/** A link in a text; `null` where there may be none. */
export function textLink(host: CardHost): (href: string, inner: unknown) => TemplateResult | null {
  return (href, inner) => {
    const place = host.place(href);
    return place === null ? null : linkTo(place, inner, host);
  };
}

/** The answer's words; `[n]` are buttons that lead to the source below. */
export function textCard({ text, citations }: CardOf<"text">, host: CardHost, id: string): TemplateResult {
  const cite = (n: number): TemplateResult => {
    const title = citations.find((citation) => citation.n === n)?.title ?? "";
    const label = fill(host.t.openSource, { n: String(n), title });
    return html`<button class="mark" aria-label=${label} title=${title} @click=${() => host.showSource(id, n)}>
      ${n}
    </button>`;
  };
  const sources = new Set(citations.map(({ n }) => n));
  return html`<div class="text" part="answer">
    ${markdown(text, sources, { link: textLink(host), cite })}
  </div>`;
}

/** How a message that leans on the ones before it was understood. */
export function askedCard({ text }: CardOf<"asked">, host: CardHost): TemplateResult {
  return html`<p class="small asked" part="asked-as">${fill(host.t.askedAs, { question: text })}</p>`;
}

/** What the user should know beside the answer. */
export function warningsCard({ texts }: CardOf<"warnings">, host: CardHost): TemplateResult {
  return html`${texts.map(
    (text) => html`<div class="note warn" part="warning">
      ${icon("alert")}
      <p><span class="hidden">${host.t.warning}: </span>${text}</p>
    </div>`,
  )}`;
}

/** A remark of the widget's own. */
export function noticeCard({ text }: CardOf<"notice">): TemplateResult {
  return html`<p class="remark">${text}</p>`;
}

/** A question back with answers to pick; inert once it is answered. */
export function choicesCard({ clarification, picked, open }: CardOf<"choices">, host: CardHost): TemplateResult {
  const { choices } = clarification;
  if (choices.length === 0) return html``;
  const buttons = choices.map(
    (choice) => html`<li>
      <button
        class="choice"
        part="choice"
        aria-pressed=${open ? nothing : String(picked === choice.label)}
        ?disabled=${!open || host.busy}
        @click=${() => host.pick(choice)}
      >
        ${picked === choice.label ? icon("check") : nothing}<span>${choice.label}</span>
      </button>
    </li>`,
  );
  return html`<div class="choices" role="group" aria-label=${clarification.question}>
    <ul>
      ${buttons}
    </ul>
    ${open ? html`<p class="remark">${host.t.pick}</p>` : nothing}
  </div>`;
}
