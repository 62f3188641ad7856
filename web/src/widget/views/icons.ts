/** The widget's own drawings: strokes on a grid of 24, in the colour of the text around them. */
import { html, nothing, svg, type TemplateResult } from "lit";

const PATHS = {
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  down: svg`<path d="M5 9l7 7 7-7" />`,
  send: svg`<path d="M12 19V5M6 11l6-6 6 6" />`,
  stop: svg`<rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor" />`,
  plus: svg`<path d="M12 5v14M5 12h14" />`,
  history: svg`<path d="M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5M12 8v4.5l3 1.8" />`,
  back: svg`<path d="M14 6l-6 6 6 6" />`,
  wide: svg`<path d="M14 5h5v5M10 19H5v-5M19 5l-6 6M5 19l6-6" />`,
  narrow: svg`<path d="M19 10h-5V5M5 14h5v5M14 10l6-6M10 14l-6 6" />`,
  alert: svg`<path d="M12 4l9 16H3zM12 10v4.5M12 17.2v.1" />`,
  check: svg`<path d="M5 12.5l4.5 4.5L19 7.5" />`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2" /><path d="M5 15V6a2 2 0 0 1 2-2h8" />`,
  up: svg`<path d="M7 11v9H4v-9zM7 11l4-7c1.6 0 2.5 1 2.2 2.600L12.700 10H18a2 2 0 0 1 2 2.400l-1.200 6A2 2 0 0 1 16.800 20H7" />`,
  bad: svg`<path d="M17 13V4h3v9zM17 13l-4 7c-1.600 0-2.500-1-2.200-2.600l.5-3.400H6a2 2 0 0 1-2-2.400l1.200-6A2 2 0 0 1 7.200 4H17" />`,
  file: svg`<path d="M7 3h7l5 5v13H7zM14 3v5h5" />`,
  go: svg`<path d="M5 12h13M13 7l5 5-5 5" />`,
  person: svg`<circle cx="12" cy="8" r="4" /><path d="M4.500 20c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500" />`,
  edit: svg`<path d="M5 19l1-4L16 5l3 3L9 18zM14 7l3 3" />`,
  bin: svg`<path d="M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13" />`,
  undo: svg`<path d="M4 9h10a5 5 0 0 1 0 10H9M4 9l4-4M4 9l4 4" />`,
  search: svg`<circle cx="11" cy="11" r="6" /><path d="M15.500 15.500L20 20" />`,
  out: svg`<path d="M10 6H6v12h12v-4M13 5h6v6M19 5l-8 8" />`,
};

export type IconName = keyof typeof PATHS;

/** A drawing that says nothing to a screen reader: the words stand beside it. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
}

/** A button that is a drawing; its words are read out and shown on hovering. */
export function iconButton(name: IconName, label: string, act: () => void, part = "", look = ""): TemplateResult {
  return html`<button type="button" class="icon-button ${look}" part=${part || nothing} aria-label=${label} title=${label} @click=${act}>
    ${icon(name)}
  </button>`;
}

/** The mark of Virtuo Robo: a friendly head with one antenna. */
export function mark(): TemplateResult {
  return html`<svg class="robot" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="line" d="M16 9V5" />
    <circle class="fill" cx="16" cy="4" r="2" />
    <rect class="line" x="5" y="9" width="22" height="16" rx="6" />
    <path class="line" d="M2.500 15v4M29.500 15v4" />
    <circle class="fill" cx="12" cy="16" r="2" />
    <circle class="fill" cx="20" cy="16" r="2" />
    <path class="line" d="M12.500 20.500c2.200 1.400 4.800 1.400 7 0" />
  </svg>`;
}
