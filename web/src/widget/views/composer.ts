/** The input: grows with what is typed, sends by Enter, and stops what is on its way. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { fill } from "../strings";
import { sentence } from "../cards/trouble";
import { icon } from "./icons";
import type { Surface } from "./surface";

/** The most the API takes in one message, in characters. */
export const LONGEST = 10_000;

/** How many characters a message is too long by; counted as the API counts, by code points. */
export function excess(text: string): number {
  return Math.max(0, Array.from(text.trim()).length - LONGEST);
}

/** The form at the foot of the panel. */
export function composer(surface: Surface): TemplateResult {
  const { t, draft, session } = surface;
  const busy = session.chat?.busy ?? false;
  const over = excess(draft);
  const ready = session.chat !== null && !busy && over === 0 && draft.trim() !== "";
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) surface.send(draft);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  const { extra } = surface;
  const attach = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file) void extra.send(file);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    if (event.type === "drop") attach(event.dataTransfer?.files);
  };
  const chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    attach(input.files);
    // The same file can be chosen again.
    input.value = "";
  };
  return html`<form class="composer" part="composer" @submit=${submit} @dragover=${drop} @drop=${drop}>
    ${extra.reading === null ? nothing : html`<p class="remark" role="status">${fill(t.reading, { file: extra.reading })}</p>`}
    ${extra.trouble === null ? nothing : html`<p class="bad" role="alert">${sentence(extra.trouble, t, surface.locale, session.client.url)}</p>`}
    ${over > 0 ? html`<p class="bad" role="alert">${fill(t.tooLong, { count: String(over) })}</p>` : nothing}
    <div class="field">
      <label class="icon-button attach" part="attach" title=${t.attach}>
        ${icon("file")}<span class="hidden">${t.attach}</span>
        <input class="hidden" type="file" accept=".pdf,.docx,.xlsx,.eml,.txt" ?disabled=${busy || extra.reading !== null} @change=${chosen} />
      </label>
      <textarea
        part="input"
        id="message"
        rows="1"
        aria-label=${t.input}
        aria-describedby="keys"
        aria-invalid=${String(over > 0)}
        placeholder=${t.placeholder}
        .value=${live(draft)}
        @input=${(event: Event) => surface.setDraft((event.target as HTMLTextAreaElement).value)}
        @keydown=${key}
      ></textarea>
      ${busy
        ? html`<button type="button" class="round" part="stop" aria-label=${t.stop} title=${t.stop} @click=${() => surface.stop()}>
            ${icon("stop")}
          </button>`
        : html`<button class="round" part="send" aria-label=${t.send} title=${t.send} aria-disabled=${String(!ready)}>
            ${icon("send")}
          </button>`}
    </div>
    <p class="hidden" id="keys">${t.keys}</p>
  </form>`;
}
