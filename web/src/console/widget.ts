/** The widget on our own screens: signed in by the session, told what the screen shows. */
type Robo = (command: string, options?: unknown) => void;

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

/** Start the widget, if the screen has one. */
export function bootWidget(): void {
  if (!document.getElementById("screen")) return;
  robo()?.("boot", {
    getToken: token,
    user: document.body.dataset["user"],
    locale: document.body.dataset["locale"],
    screen: screenContext(),
    recordUrl: (path: string) => path,
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-robo-open]") : null;
    if (button) robo()?.("open", { message: button.dataset["roboMessage"] ?? "" });
  });
}

/** Tell the widget about the screen that has just been shown. */
export function tellWidget(): void {
  robo()?.("update", { screen: screenContext() });
}
