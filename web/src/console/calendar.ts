/** The calendar by keyboard and by clicking a day: arrows move between days, PageUp and PageDown between periods. */
import { island } from "./islands";

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function follow(link: Element | null | undefined): void {
  if (link instanceof HTMLElement) link.click();
}

island("calendar", (element) => {
  const days = [...element.querySelectorAll<HTMLElement>(".day-number")];
  const inRows = element.tagName === "TABLE";

  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = document.querySelector(`.calendar-bar [data-key="${CSS.escape(event.key)}"]`);
    if (page) {
      event.preventDefault();
      follow(page);
      return;
    }
    const at = days.findIndex((day) => day.closest(".day")?.contains(document.activeElement));
    const step = STEPS[event.key];
    if (step === undefined || at < 0) return;
    const next = days[at + (inRows ? step : Math.sign(step))];
    event.preventDefault();
    if (next) next.focus();
    else follow(document.querySelector(`.calendar-bar [rel="${step < 0 ? "prev" : "next"}"]`));
  });

  // The free space of a day is one large button for what its plus does.
  element.addEventListener("click", (event) => {
    const target = event.target;
    if (!inRows || !(target instanceof Element) || target.closest("a, button") || getSelection()?.toString()) return;
    follow(target.closest(".day")?.querySelector(".day-add"));
  });
});
