/** The file a host page loads: reads its own tag, then carries out what was asked before it came. */
import { tagOptions } from "./options";
import { define, Robo } from "./robo";

type Call = [command: unknown, first?: unknown, second?: unknown];
type RoboFunction = ((...call: Call) => void) & { q?: ArrayLike<unknown>[]; loaded?: boolean };

declare global {
  interface Window {
    robo?: RoboFunction;
  }
}

function install(): void {
  const before = window.robo;
  // A page that loads the file twice keeps the first.
  if (before?.loaded) return;
  define();
  const robo = new Robo(tagOptions(document.currentScript as HTMLScriptElement | null, document));
  const run: RoboFunction = (...call) => robo.run(call[0], call[1], call[2]);
  run.loaded = true;
  window.robo = run;
  const replay = (): void => {
    for (const call of before?.q ?? []) robo.run(call[0], call[1], call[2]);
  };
  if (document.body === null) document.addEventListener("DOMContentLoaded", replay, { once: true });
  else replay();
}

install();
