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
      location.replace(location.pathname);
    }
  } catch {
    // No network: the clock goes on, and at its end the page goes too.
    if (Date.now() >= end) location.replace(location.pathname);
  }
  busy = false;
}

stay.addEventListener("click", () => ask("POST"));
document.addEventListener("input", () => {
  if (Date.now() - told < 60 * 1000) return;
  told = Date.now();
  ask("POST");
});
setInterval(async () => {
  const soon = () => (end - Date.now()) / 1000 <= WARN;
  if (!soon() === bar.hidden && Date.now() < end) return;
  await ask("GET");
  if (soon() && bar.hidden) {
    bar.replaceChildren("You will be logged off in less than two minutes. What you typed and did not save would be lost. ", stay);
  }
  bar.hidden = !soon();
  document.title = soon() ? `Log-off soon: ${title}` : title;
}, 1000);
