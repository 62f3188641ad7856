"use strict";
// A host's own page: two views without a reload, and what it says to the assistant. Only the last part is about the latter.

const main = document.querySelector("#main");
const HELD = "The customer is over its credit limit.";
let data = { customers: [], orders: [] };

function node(tag, text, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function link(href, text, current) {
  const made = node("a", text, { href });
  made.dataset.inside = "";
  if (current) made.setAttribute("aria-current", "page");
  return made;
}

function customerView(customer) {
  const facts = { Code: customer.code, City: customer.city, "Credit limit": customer.limit, "Open balance": customer.open };
  const list = node("dl");
  for (const [name, value] of Object.entries(facts)) {
    list.append(node("dt", name), node("dd", value, { className: customer.over && name === "Open balance" ? "wrong" : "" }));
  }
  const release = node("button", "Release orders", { type: "button" });
  const why = node("small", customer.over ? HELD : "", { id: "why" });
  if (customer.over) release.setAttribute("aria-disabled", "true");
  release.setAttribute("aria-describedby", "why");
  const ask = node("button", "Make an offer with the assistant", { type: "button" });
  ask.addEventListener("click", () => window.robo?.("open"));
  main.replaceChildren(
    node("h1", customer.name),
    ...(customer.over ? [node("p", `Orders are held: ${HELD}`, { className: "note" })] : []),
    node("section", "", { className: "sheet" }, list),
    node("div", "", { className: "acts" }, ask, release, why),
  );
  return {
    id: "customer",
    record: { type: "customer", code: customer.code },
    fields: { name: customer.name, ...facts },
    errors: customer.over ? { "Open balance": HELD } : {},
    controls: [{ name: "release", label: "Release orders", enabled: !customer.over, reason: customer.over ? HELD : null }],
    messages: [],
  };
}

function ordersView() {
  const rows = data.orders.map((order) => {
    const name = data.customers.find((c) => c.code === order.code)?.name ?? order.code;
    const cells = [order.number, "", order.date, order.state, order.total].map((text) => node("td", text));
    cells[1].append(link(`/customers/${order.code}`, name));
    return node("tr", "", {}, ...cells);
  });
  const heads = ["Order", "Customer", "Date", "State", "Total"].map((text) => node("th", text, { scope: "col" }));
  const table = node("table", "", {}, node("thead", "", {}, node("tr", "", {}, ...heads)), node("tbody", "", {}, ...rows));
  main.replaceChildren(node("h1", "Orders"), node("section", "", { className: "sheet" }, table));
  return { id: "orders", fields: { orders: data.orders.length, held: data.orders.filter((o) => o.state.startsWith("held")).length } };
}

// Draws the view of the address, and gives the screen as the assistant is told of it.
function draw() {
  const orders = location.pathname === "/orders";
  const code = location.pathname.split("/")[2];
  const customer = data.customers.find((c) => c.code === code) ?? data.customers[0];
  for (const tab of document.querySelectorAll("[data-place]")) {
    if ((tab.dataset.place === "orders") === orders) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  const entries = data.customers.map((c) => node("li", "", {}, link(`/customers/${c.code}`, c.name, !orders && c === customer)));
  document.querySelector("#list").replaceChildren(...entries);
  document.title = `${orders ? "Orders" : customer.name} – Harbour Wholesale`;
  return orders ? ordersView() : customerView(customer);
}

function move(path) {
  history.pushState(null, "", path);
  window.robo?.("update", { screen: draw() });
  main.focus();
}

document.addEventListener("click", (event) => {
  const inside = event.target.closest("a[data-inside]");
  if (inside === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  move(inside.pathname);
});
addEventListener("popstate", () => window.robo?.("update", { screen: draw() }));

// The assistant's token comes from this application's own server, which knows who is signed in.
async function getToken() {
  const answer = await fetch("/assistant-token", { method: "POST" });
  const body = await answer.json();
  if (!answer.ok) console.warn(`The assistant gave no token: ${body.error?.code}. ${body.error?.message}`);
  return body.access_token ?? "";
}

async function load() {
  data = await (await fetch("/data.json")).json();
  const screen = draw();
  window.robo?.("boot", {
    getToken,
    user: document.body.dataset.login,
    screen,
    recordUrl: (path) => (path.startsWith("/customers/") ? path : undefined),
  });
}
load();
