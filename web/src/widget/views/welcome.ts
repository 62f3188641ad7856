/** An empty conversation: a word of welcome, and questions for the screen. */
import { html, nothing, type TemplateResult } from "lit";
import { mark } from "./icons";
import type { Surface } from "./surface";

/** Suggested questions as buttons that send them. */
export function suggestions(surface: Surface): TemplateResult | typeof nothing {
  const questions = surface.session.suggestions(surface.screenId);
  if (questions.length === 0) return nothing;
  return html`<ul class="suggestions" part="suggestions" aria-label=${surface.t.suggested}>
    ${questions.map(
      (question) => html`<li>
        <button class="choice" part="suggestion" ?disabled=${surface.session.chat?.busy ?? true} @click=${() => surface.send(question)}>
          <span>${question}</span>
        </button>
      </li>`,
    )}
  </ul>`;
}

/** The first thing seen. */
export function welcome(surface: Surface): TemplateResult {
  return html`<div class="welcome">
    <span class="badge large">${mark()}</span>
    <h3>${surface.t.greeting}</h3>
    <p>${surface.t.intro}</p>
    ${suggestions(surface)}
  </div>`;
}
