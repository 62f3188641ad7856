/** The widget on our own screens: signed in by the session, told what the screen shows, and heard when it changes records. */
import htmx from "htmx.org";

type Robo = (command: string, first?: unknown, second?: unknown) => void;

function robo(): Robo | undefined {
  return (window as unknown as { robo?: Robo }).robo;
}

/** What the server said this screen shows. */
function screenContext(): unknown {
  const source = document.getElementById("screen")?.textContent;
  return source ? (JSON.parse(source) as unknown) : undefined;
}

/** The token that the console's own header carries on changing requests. */
export function csrf(): string {
  return document.body.dataset["csrf"] ?? "";
}

async function token(): Promise<string> {
  const answer = await fetch("/console/token", { method: "POST", headers: { "X-CSRF": csrf(), Accept: "application/json" }, redirect: "manual" });
  if (!answer.ok) {
    location.reload();
    throw new Error("signed out");
  }
  return ((await answer.json()) as { token: string }).token;
}

/** Follow a link as one of the screen's own: the page is swapped, and the widget stays as it is. */
function navigate(address: string): void {
  const page = document.getElementById("page");
  const link = document.createElement("a");
  link.href = address;
  link.hidden = true;
  page?.append(link);
  htmx.process(link);
  link.click();
}

/** Something was typed here that a new copy of the screen would lose. */
function inUse(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("#main :is(input:not([type=hidden]), textarea)");
  const typed = [...fields].some((field) =>
    field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)
      ? field.checked !== field.defaultChecked
      : field.value !== field.defaultValue,
  );
  return typed || document.querySelector("#main form:focus-within") !== null;
}

let renewing = false;

/** True once for the swap that shows the same screen anew: the keyboard then stays where it is. */
export function wasRenewed(): boolean {
  const was = renewing;
  renewing = false;
  return was;
}

/** Show the screen as the records are now, where nothing is lost by it. */
function renew(): void {
  if (inUse()) return;
  renewing = true;
  // Asked for by no element of the screen, and so by the body.
  void htmx.ajax("get", location.pathname + location.search, { target: "#page", select: "#page", swap: "outerHTML" });
}

/** Whoever has gone on meanwhile, or begun to type, is not disturbed: what was fetched is then left aside. */
function giveWay(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if ((event as CustomEvent<{ elt: Element }>).detail.elt !== document.body) renewing = false;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as CustomEvent<{ shouldSwap: boolean; requestConfig: { elt: Element } }>;
    if (detail.requestConfig.elt === document.body && (!renewing || inUse())) detail.shouldSwap = renewing = false;
  });
}

/** Start the widget, if the screen has one. */
export function bootWidget(): void {
  if (!document.getElementById("screen")) return;
  robo()?.("boot", {
    getToken: token,
    user: document.body.dataset["user"],
    locale: document.body.dataset["locale"],
    screen: screenContext(),
    recordUrl: (path: string) => path,
    navigate,
  });
  robo()?.("on", "changed", renew);
  giveWay();
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-robo-open]") : null;
    if (button) robo()?.("open", { message: button.dataset["roboMessage"] ?? "" });
  });
}

/** A field of the record on screen has another value now: the widget is told the screen as it has become. */
export function fieldChanged(code: string, label: string, value: string): void {
  const source = document.getElementById("screen");
  const screen = screenContext() as { record?: { code: string } | null; fields?: Record<string, string> } | undefined;
  if (!source || !screen?.fields || screen.record?.code !== code) return;
  if (value) screen.fields[label] = value;
  else delete screen.fields[label];
  source.textContent = JSON.stringify(screen);
  tellWidget();
}

/** Tell the widget about the screen that has just been shown. */
export function tellWidget(): void {
  robo()?.("update", { screen: screenContext() });
}
