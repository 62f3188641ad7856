// The plain page at the server's address. Everything shown is set as text, never as markup.
const TEXTS = {
  hu: { login: "Felhasználónév", password: "Jelszó", signIn: "Belépés", ask: "Kérdezz, vagy írd le, kinek mit ajánlasz", send: "Küldés", issue: "Kiadás", issued: "Kiadva", working: "Dolgozom…", try: "Például: ", net: "Nettó", vat: "ÁFA", gross: "Bruttó", offline: "A kiszolgáló nem érhető el. Ellenőrizd, hogy fut-e, és próbáld újra." },
  pl: { login: "Login", password: "Hasło", signIn: "Zaloguj się", ask: "Zapytaj albo napisz, komu co zaoferować", send: "Wyślij", issue: "Wydaj", issued: "Wydana", working: "Pracuję…", try: "Na przykład: ", net: "Netto", vat: "VAT", gross: "Brutto", offline: "Serwer nie odpowiada. Sprawdź, czy działa, i spróbuj ponownie." },
  en: { login: "Login", password: "Password", signIn: "Sign in", ask: "Ask, or write what to offer to whom", send: "Send", issue: "Issue", issued: "Issued", working: "Working…", try: "For example: ", net: "Net", vat: "VAT", gross: "Gross", offline: "The server does not answer. Check that it runs, and try again." },
};
const EXAMPLES = {
  hu: ["Hogyan készítek ajánlatot?", "Készíts ajánlatot a Kovács Kft.-nek 10 db Prémium licencre 5% kedvezménnyel", "Ki a kapcsolattartó a Hegyaljai Borászatnál?"],
  pl: ["Jak wydać ofertę?", "Oferta dla Nowak Transport: 5 licencji premium z rabatem 10%", "Kto jest opiekunem Srebrna Góra Hotele?"],
  en: ["How do I issue an offer?", "Ten premium licences for Harbour Lights Hotels, five per cent off", "Who is the contact at Baker & Sons?"],
};
let language = ["hu", "pl", "en"].find((code) => navigator.language.startsWith(code)) ?? "en";
let token = null;
let conversation = null;
const $ = (id) => document.getElementById(id);

function node(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function speak() {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = TEXTS[language][place.dataset.text];
  $("examples").replaceChildren(TEXTS[language].try, ...EXAMPLES[language].map((text) => {
    const button = node("button", text, "choice");
    button.type = "button";
    button.addEventListener("click", () => send(text));
    return button;
  }));
}

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) } });
  } catch {
    throw new Error(TEXTS[language].offline);
  }
  if (answer.ok) return answer;
  if (answer.status === 401 && token) { token = null; $("talk").hidden = true; $("sign-in").hidden = false; }
  throw new Error((await answer.json()).error?.message ?? answer.statusText);
}

const post = (path, body) => call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function guarded(work) {
  $("error").textContent = "";
  try { await work(); } catch (fault) { $("error").textContent = fault.message; }
}

function table(offer) {
  const made = node("table");
  // Decimal strings are formatted as they are: no figure passes through a floating-point number.
  const amount = new Intl.NumberFormat(language, offer.currency === "HUF" ? {} : { minimumFractionDigits: 2 });
  const row = (...cells) => {
    const line = made.appendChild(node("tr"));
    cells.forEach((cell, place) => line.append(node("td", cell, place > 1 ? "number" : "")));
  };
  for (const line of offer.lines) row(line.sku, line.name, `${line.quantity} ${line.unit}`, amount.format(line.unit_price), `${line.discount_percent}%`, amount.format(line.net));
  for (const sum of ["net", "vat", "gross"]) row("", TEXTS[language][sum], "", "", "", `${amount.format(offer.totals[sum])} ${offer.currency}`);
  return made;
}

async function download(file, number) {
  const blob = await (await call(file.url)).blob();
  const link = node("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${number}.${file.kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function offerCard(offer) {
  const card = node("div");
  card.append(table(offer));
  for (const file of offer.documents) {
    const button = card.appendChild(node("button", file.kind === "docx" ? "Word" : "PDF", "choice"));
    button.addEventListener("click", () => guarded(() => download(file, offer.number)));
  }
  if (offer.state === "draft") {
    const button = card.appendChild(node("button", TEXTS[language].issue));
    button.addEventListener("click", () => guarded(async () => {
      await post(`/api/v1/offers/${encodeURIComponent(offer.number)}/issue`, {});
      button.textContent = TEXTS[language].issued;
      button.disabled = true;
    }));
  }
  return card;
}

function show(reply) {
  const card = node("article", "", "robo");
  card.append(node("div", reply.text.replaceAll("**", ""), "text"));
  for (const choice of reply.clarification?.choices ?? []) {
    const button = card.appendChild(node("button", choice.label, "choice"));
    button.addEventListener("click", () => send(choice.value, choice.label));
  }
  if (reply.offer) card.append(offerCard(reply.offer));
  for (const warning of reply.warnings) card.append(node("p", warning, "warning"));
  for (const source of reply.citations) {
    const line = card.appendChild(node("p", `[${source.n}] `, "sources"));
    const label = `${source.title} › ${source.section}`;
    if (!source.url.startsWith("/help/")) { line.append(label); continue; }
    const link = line.appendChild(node("a", label));
    link.href = source.url;
    link.target = "_blank";
    link.rel = "noopener";
  }
  $("log").append(card);
  card.scrollIntoView({ block: "nearest" });
}

function send(message, shown = message) {
  return guarded(async () => {
    $("log").append(node("article", shown, "mine"));
    const waiting = $("log").appendChild(node("article", TEXTS[language].working, "robo"));
    try {
      const reply = await (await post("/api/v1/chat", { message, conversation_id: conversation })).json();
      conversation = reply.conversation_id;
      show(reply);
    } finally {
      waiting.remove();
    }
  });
}

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  guarded(async () => {
    token = (await (await call("/api/v1/auth/token", { method: "POST", body: new URLSearchParams(form) })).json()).access_token;
    language = (await (await call("/api/v1/me")).json()).language;
    conversation = null;
    speak();
    $("sign-in").hidden = true;
    $("talk").hidden = false;
    $("message").focus();
  });
});
$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const message = $("message").value.trim();
  $("message").value = "";
  if (message) send(message);
});
$("message").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("ask").requestSubmit(); }
});
speak();
