// Staff are logged off after some minutes without doing anything (staff/idle.py); the page says when without this file.
// With it: typing counts as doing something, a warning comes two minutes before, and then the page leaves the screen.
const line = document.getElementById("logs-off");
const WARN = 120;
const title = document.title;
let end = Date.now() + line.dataset.seconds * 1000;
let told = Date.now();
let busy = false;

const bar = document.createElement("div");
bar.className = "log-off-soon";
bar.setAttribute("role", "alert");
bar.hidden = true;
const stay = document.createElement("button");
stay.type = "button";
stay.textContent = "Stay logged in";
document.body.prepend(bar);

// What was typed here and not sent: nobody else has it.
function unsent() {
  const secret = /password|secret|token|^(again-)?code$/;
  return [...document.querySelectorAll('textarea, input[type="text"], input:not([type]), input[type="search"]')].filter(
    (field) => !field.readOnly && !secret.test(field.name) && field.value.trim() && field.value !== field.defaultValue,
  );
}

// The page leaves the screen. Where words would go with it, they stay: behind a press, for the screen may be left alone.
function leave() {
  const kept = unsent().map((field) => {
    const area = document.createElement("textarea");
    area.setAttribute("aria-label", field.labels && field.labels[0] ? field.labels[0].textContent.trim() : field.name);
    Object.assign(area, { value: field.value, readOnly: true, rows: 6 });
    return area;
  });
  if (!kept.length) return location.replace(location.pathname);
  clearInterval(watch);
  const words = document.createElement("details");
  words.append(Object.assign(document.createElement("summary"), { textContent: "Show my words" }), ...kept);
  const main = document.createElement("main");
  main.className = "narrow";
  const again = Object.assign(document.createElement("a"), { href: location.pathname, target: "_blank", textContent: "Log in (opens a new tab)" });
  again.className = "button next";
  const buttons = document.createElement("p");
  buttons.className = "buttons";
  buttons.append(again);
  main.append(
    Object.assign(document.createElement("h1"), { textContent: "You were logged off" }),
    Object.assign(document.createElement("p"), {
      textContent: "What you typed and did not save is here. It is kept nowhere else: copy it before you close this page, and put it in again.",
    }),
    words,
    buttons,
  );
  document.body.replaceChildren(main);
  document.title = `Logged off: ${title}`;
}

// Ask how long is left: a colleague's tab, or another of one's own, may have moved the end. POST: somebody is here.
async function ask(method) {
  if (busy) return;
  busy = true;
  const body = method === "POST" ? new FormData(document.getElementById("logout-form")) : undefined;
  try {
    const answer = await fetch(line.dataset.here, { method, body, redirect: "manual" });
    if (answer.ok) {
      end = Date.now() + (await answer.json()).seconds * 1000;
      line.querySelector("time").textContent = new Date(end).toTimeString().slice(0, 5);
    } else if (answer.type === "opaqueredirect") {
      leave();
    }
  } catch {
    // No network: the clock goes on, and at its end the page goes too.
    if (Date.now() >= end) leave();
  }
  busy = false;
}

stay.addEventListener("click", () => ask("POST"));
document.addEventListener("input", () => {
  if (Date.now() - told < 60 * 1000) return;
  told = Date.now();
  ask("POST");
});
const watch = setInterval(async () => {
  const soon = () => (end - Date.now()) / 1000 <= WARN;
  if (!soon() === bar.hidden && Date.now() < end) return;
  await ask("GET");
  if (soon() && bar.hidden) {
    bar.replaceChildren("You will be logged off in less than two minutes. Save what you typed. ", stay);
  }
  bar.hidden = !soon();
  document.title = soon() ? `Log-off soon: ${title}` : title;
}, 1000);
