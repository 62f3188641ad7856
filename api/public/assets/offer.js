// What the page of an offer does beyond its forms: totals while choosing, a drawn signature, and saying that it was opened.
"use strict";
(() => {
  const form = document.getElementById("offer");
  if (!form) return;
  const path = form.dataset.path;
  const send = (part, body) => fetch(`${path}/${part}${location.search}`, { method: "POST", body, credentials: "omit", keepalive: part === "opened" });

  for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
  document.getElementById("fault")?.focus();

  const tell = () => void send("opened", new URLSearchParams()).catch(() => undefined);
  if (document.prerendering) document.addEventListener("prerenderingchange", tell, { once: true });
  else tell();

  // Totals: computed by the server alone; of several answers on their way the last asked for counts.
  const said = document.getElementById("counted");
  let asked = 0;
  const choices = () => {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (name === "take" || name.startsWith("pick-")) chosen.append(name, value);
    return chosen;
  };
  const show = (sums) => {
    for (const place of document.querySelectorAll("[data-sum]")) place.textContent = sums[place.dataset.sum];
    const list = document.getElementById("sums");
    for (const old of list.querySelectorAll("[data-vat]")) old.remove();
    const gross = list.querySelector("dt.gross");
    for (const row of sums.vat) {
      for (const [tag, text] of [["dt", `${list.dataset.vatLabel} ${row.rate}`], ["dd", row.vat]]) {
        const made = document.createElement(tag);
        made.dataset.vat = "";
        made.textContent = text;
        list.insertBefore(made, gross);
      }
    }
  };
  form.addEventListener("change", async (event) => {
    const name = event.target.name ?? "";
    if (!said || (name !== "take" && !name.startsWith("pick-"))) return;
    const mine = ++asked;
    said.textContent = said.dataset.counting;
    try {
      const answer = await send("figures", choices());
      if (mine !== asked) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const sums = await answer.json();
      show(sums);
      said.textContent = "";
    } catch {
      if (mine === asked) said.textContent = said.dataset.offline;
    }
  });

  // The signature: strokes of whole numbers on a field of 600 by 200, as the server reads them.
  const pad = document.getElementById("pad");
  const field = document.getElementById("signature");
  const state = document.getElementById("signature-state");
  const clear = document.getElementById("clear");
  const pen = pad.getContext("2d");
  const WIDTH = 600, HEIGHT = 200, LONGEST = 20000, NEAR = 3;
  const scale = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
  pad.width = WIDTH * scale;
  pad.height = HEIGHT * scale;
  let last = null;
  const stroke = (from, to) => {
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.lineWidth = 3.5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#14304a";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
  };
  const told = () => {
    state.textContent = field.value ? state.dataset.signed : state.dataset.unsigned;
    clear.hidden = !field.value;
  };
  const point = (event) => {
    const box = pad.getBoundingClientRect();
    const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [within(((event.clientX - box.left) / box.width) * WIDTH, WIDTH), within(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT)];
  };
  let begun = null;
  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    begun = last = point(event);
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const here = point(each);
      if (Math.hypot(here[0] - last[0], here[1] - last[1]) < NEAR) continue;
      const added = (begun ? `M${begun[0]} ${begun[1]}` : "") + `L${here[0]} ${here[1]}`;
      if (field.value.length + added.length > LONGEST) return;
      field.value += added;
      begun = null;
      stroke(last, here);
      last = here;
    }
  });
  const lift = () => {
    last = begun = null;
    told();
  };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);
  clear.addEventListener("click", () => {
    field.value = "";
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pad.width, pad.height);
    told();
    pad.scrollIntoView({ block: "nearest" });
  });
  // What was drawn before the page came back with a question.
  for (const part of field.value.split("M").filter(Boolean)) {
    const points = part.split("L").map((pair) => pair.split(" ").map(Number));
    points.slice(1).forEach((to, place) => stroke(points[place], to));
  }
  told();

  // Pressed twice, sent once.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    else if (event.submitter?.value !== "count") form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
})();
