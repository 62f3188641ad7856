/** Where the keyboard is. */

const FOCUSABLE = "button:not([disabled]), a[href], input, select, textarea, summary, [tabindex='0']";

/** Keep Tab inside `root`, as a dialog that covers the screen must. */
export function keepInside(event: KeyboardEvent, root: ShadowRoot): void {
  if (event.key !== "Tab") return;
  const stops = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.checkVisibility());
  const first = stops.at(0);
  const last = stops.at(-1);
  const now = root.activeElement;
  if (event.shiftKey && (now === first || now === null)) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && (now === last || now === null)) {
    event.preventDefault();
    first?.focus();
  }
}

/** True for Alt+R, by the key's place, whatever letter a layout puts there. AltGr is no Alt. */
export function isShortcut(event: KeyboardEvent): boolean {
  return event.code === "KeyR" && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

/** Escape gives up what is open inside, and not the whole panel. */
export function onEscape(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    act();
  };
}
