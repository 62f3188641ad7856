/** Handing the conversation to a person, and what they answered. */
import { html, nothing, type TemplateResult } from "lit";
import type { Handover } from "../../api";
import { sentence } from "../cards/trouble";
import { moment } from "../numbers";
import { fill } from "../strings";
import { icon } from "./icons";
import type { Surface } from "./surface";

const LONGEST = 2000;

function form(surface: Surface): TemplateResult {
  const { t, handing } = surface;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void handing.send();
  };
  return html`<form class="handing" @submit=${submit}>
    <fieldset>
      <legend>${t.handTo}</legend>
      ${handing.contacts?.map(
        ({ login, name, role }, at) => html`<label class="choice">
          <input
            type="radio"
            name="to"
            data-focus=${at === 0 ? "handover" : nothing}
            .checked=${login === handing.to}
            @change=${() => handing.pick(login)}
          />
          <span>${name} <span class="detail">${t.roles[role]}</span></span>
        </label>`,
      )}
    </fieldset>
    <label for="note">${t.handNote}</label>
    <textarea
      id="note"
      class="entry"
      rows="4"
      maxlength=${LONGEST}
      .value=${handing.note}
      @input=${(event: Event) => handing.type((event.target as HTMLTextAreaElement).value)}
    ></textarea>
    <p class="remark">${t.handWhat}</p>
    <button class="main" ?disabled=${handing.working || handing.to === ""}>${handing.working ? t.working : t.handSend}</button>
  </form>`;
}

/** The page where a person is picked. */
export function handover(surface: Surface): TemplateResult {
  const { t, handing, locale, session } = surface;
  const { contacts, trouble } = handing;
  const none = contacts?.length === 0;
  return html`<div class="page" part="handover">
    ${contacts === null && trouble === null ? html`<p class="remark" role="status">${t.loading}</p>` : nothing}
    ${none ? html`<p class="remark" role="status">${t.nobody}</p>` : contacts === null ? nothing : form(surface)}
    ${trouble === null ? nothing : html`<p class="bad" role="alert">${sentence(trouble, t, locale, session.client.url)}</p>`}
  </div>`;
}

/** In the conversation: to whom it was handed, and their answer once it is there. */
export function handed(one: Handover, surface: Surface, text: (words: string) => TemplateResult): TemplateResult {
  const { t, locale } = surface;
  const name = one.to_name || t.somebody;
  const when = (at: string): TemplateResult => html`<span class="detail">${moment(at, locale)}</span>`;
  return html`<article class="robo handed" part="handed" tabindex="-1" data-focus="handed">
    <p class="small">${icon("person")}<span>${fill(t.handedTo, { name })} ${when(one.created_at)}</span></p>
    ${one.note === "" ? nothing : html`<blockquote>${one.note}</blockquote>`}
    ${one.answer === null || one.answer === ""
      ? html`<p class="remark">${t.handedWaits}</p>`
      : html`<p class="small"><strong>${fill(t.answerOf, { name })}</strong> ${one.answered_at ? when(one.answered_at) : nothing}</p>
          ${text(one.answer)}`}
  </article>`;
}
