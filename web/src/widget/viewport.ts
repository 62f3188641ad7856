/** The part of a phone's screen that the on-screen keyboard leaves free. */

/**
 * Keep `--robo-height` and `--robo-top` of `host` at the visible part of the window, and tell `changed` whether the
 * panel has to cover the whole screen. Returns what ends it.
 */
export function followViewport(host: HTMLElement, changed: (full: boolean) => void): () => void {
  const narrow = window.matchMedia("(max-width: 479.98px), (max-height: 479.98px)");
  const view = window.visualViewport;
  const measure = (): void => {
    host.style.setProperty("--robo-height", `${Math.round(view?.height ?? window.innerHeight)}px`);
    host.style.setProperty("--robo-top", `${Math.round(view?.offsetTop ?? 0)}px`);
  };
  const look = (): void => changed(narrow.matches);
  measure();
  look();
  view?.addEventListener("resize", measure);
  view?.addEventListener("scroll", measure);
  narrow.addEventListener("change", look);
  return () => {
    view?.removeEventListener("resize", measure);
    view?.removeEventListener("scroll", measure);
    narrow.removeEventListener("change", look);
  };
}
