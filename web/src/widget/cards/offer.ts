/** An offer: what it says, its files, and issuing it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Offer, OfferLine } from "../../api";
import { day, decimal, money, percent } from "../numbers";
import { fill, plural } from "../strings";
import { icon } from "../views/icons";
import { linkTo } from "./link";
import type { CardOf } from "./card";
import type { CardHost } from "./host";
import { issuing } from "./issuing";
import { sentence } from "./trouble";

function line(one: OfferLine, offer: Offer, host: CardHost): TemplateResult {
  const { language } = host;
  const less = one.discount_percent === "0" ? nothing : html`<span class="less">−${percent(one.discount_percent, language)}</span>`;
  return html`<tr>
    <th scope="row">
      <span class="product">${one.name}</span> ${one.optional ? html`<span class="less">${host.t.optional}</span>` : nothing}
      <span class="detail">
        ${one.sku} · ${decimal(one.quantity, language)} ${one.unit} × ${money(one.unit_price, offer.currency, language)} ${less}
      </span>
    </th>
    <td>${money(one.net, offer.currency, language)}</td>
  </tr>`;
}

function sums(offer: Offer, { t, language }: CardHost): TemplateResult {
  const row = (label: string, amount: string, kind: string): TemplateResult =>
    html`<tr class=${kind}>
      <th scope="row">${label}</th>
      <td>${money(amount, offer.currency, language)}</td>
    </tr>`;
  return html`<tfoot>
    ${row(t.net, offer.totals.net, "sum")}
    ${offer.vat.map((vat) => row(fill(t.vat, { percent: percent(vat.percent, language) }), vat.vat, "sum"))}
    ${row(t.gross, offer.totals.gross, "sum total")}
  </tfoot>`;
}

function documents(offer: Offer, host: CardHost): TemplateResult {
  const stages = offer.documents.map(({ kind }) => ({ kind, stage: host.stage(`${offer.number}/${kind}`) }));
  return html`${stages.map(
      ({ kind, stage }) => html`<button
        class="plain"
        part="document"
        ?disabled=${stage?.at === "working"}
        @click=${() => host.openDocument(offer.number, kind)}
      >
        ${icon("file")}${host.t.documents[kind]}${kind === "pdf" ? html`<span class="hidden"> (${host.t.newTab})</span>` : nothing}
      </button>`,
    )}
    ${stages.map(({ stage }) => {
      if (stage?.at === "failed") return html`<p class="bad" role="alert">${sentence(stage.trouble, host.t, host.locale, host.server)}</p>`;
      if (stage?.at !== "link") return nothing;
      return html`<a class="wide" href=${stage.url} target="_blank" rel="noopener noreferrer">${host.t.openDocument}</a>`;
    })}`;
}

function facts(offer: Offer, { t, language }: CardHost): TemplateResult {
  const { customer } = offer;
  return html`<dl>
    <dt>${t.customer}</dt>
    <dd><strong>${customer.name}</strong> <span class="detail">${customer.code}</span></dd>
    ${customer.tax_number ? html`<dt>${t.taxNumber}</dt><dd>${customer.tax_number}</dd>` : nothing}
    <dt>${t.validUntil}</dt>
    <dd>${day(offer.valid_until, language)}</dd>
  </dl>`;
}

/** To the screen where it is sent from, once it may go out. */
function sending(offer: Offer, host: CardHost): TemplateResult | typeof nothing {
  const place = offer.state === "draft" || offer.state === "issued" ? host.place(`/offers/${offer.number}/send`) : null;
  return place === null ? nothing : linkTo(place, host.t.sendOffer, host, "send-offer", "plain");
}

/** The whole card. */
export function offerCard({ offer, item }: CardOf<"offer">, host: CardHost): TemplateResult {
  const { t } = host;
  return html`<div class="offer" part="offer" role="group" aria-label="${t.offer} ${offer.number}">
    <header>
      <div>
        <strong class="offer-number">${offer.number}</strong>
        <span class="detail">${fill(t.version, { n: String(offer.version) })}</span>
      </div>
      <span class="state ${offer.state}">${t.states[offer.state]}</span>
    </header>
    ${facts(offer, host)}
    <table>
      <caption class="hidden">
        ${plural(host.locale, t.lines, offer.lines.length)}
      </caption>
      <thead class="hidden">
        <tr><th scope="col">${t.item}</th><th scope="col">${t.amount}</th></tr>
      </thead>
      <tbody>
        ${offer.lines.map((one) => line(one, offer, host))}
      </tbody>
      ${sums(offer, host)}
    </table>
    ${offer.warnings.map((text) => html`<div class="note warn" part="warning">${icon("alert")}<p>${text}</p></div>`)}
    ${offer.approval?.comment ? html`<div class="note warn">${icon("person")}<p>${offer.approval.decided_by}: ${offer.approval.comment}</p></div>` : nothing}
    <div class="actions">${documents(offer, host)} ${issuing(offer, item, host)} ${sending(offer, host)}</div>
  </div>`;
}
