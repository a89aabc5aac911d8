/* What axe does not look at; run in the page by test_accessibility.py. Each function returns a list of troubles. */
const hidden = (element) => getComputedStyle(element).clipPath === "inset(50%)";
const visible = (element) => {
  for (let e = element; e; e = e.parentElement) if (hidden(e) || e.matches(".skip")) return false;
  return element.checkVisibility({ visibilityProperty: true });
};
const name = (element) =>
  `<${element.localName}${element.className ? ` class="${element.className}"` : ""}> "${(element.textContent || element.value || "").trim().slice(0, 40)}"`;

/* Wider than the window: the page would scroll sideways. */
function sideways() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((e) => visible(e) && e.getBoundingClientRect().right > root.clientWidth + 0.5);
  return [`scrolls sideways: ${root.scrollWidth} px in ${root.clientWidth} px`, ...wide.slice(-3).map((e) => `reaches out: ${name(e)}`)];
}

/* Text that its box cuts off. */
function clipped() {
  return [...document.body.querySelectorAll("*")]
    .filter((e) => visible(e) && e.textContent.trim() && !(e instanceof SVGElement))
    .filter((e) => {
      const style = getComputedStyle(e);
      const cut = (value) => value === "hidden" || value === "clip";
      return (cut(style.overflowX) && e.scrollWidth > e.clientWidth + 1) || (cut(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
    })
    .map((e) => `cuts off its text: ${name(e)}`);
}

/* The size of what can be pressed: the element, the label or the empty box it spreads over (::before, ::after), whichever is larger. */
function size(element) {
  const boxes = [element, ...(element.labels || [])].map((e) => e.getBoundingClientRect());
  for (const [e, pseudo] of [[element, "::after"], ...[...(element.labels || [])].map((label) => [label, "::before"])]) {
    const style = getComputedStyle(e, pseudo);
    if (style.position === "absolute" && style.content !== "none") boxes.push({ width: parseFloat(style.width), height: parseFloat(style.height) });
  }
  return boxes.reduce((best, box) => (Math.min(box.width, box.height) > Math.min(best.width, best.height) ? box : best));
}

/* A link within a sentence may be as high as its line (WCAG 2.5.8); one on its own, 24 px; a control, 44 px. */
function targets() {
  const troubles = [];
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!visible(element)) continue;
    const control = element.localName !== "a" || element.matches(".button, .back, header a, nav a, .error-summary a");
    const block = element.closest("p, li, dd, td, th, dt, h1, h2, h3, h4, div, nav, label, form, body");
    const alone = block.textContent.trim() === element.textContent.trim();
    if (!control && !alone) continue;
    const { width, height } = size(element);
    const least = control ? 44 : 24;
    if (Math.min(width, height) < least - 0.5) troubles.push(`${Math.round(width)} x ${Math.round(height)} px to press, not ${least}: ${name(element)}`);
  }
  return troubles;
}

/* The spacing a reader may set (WCAG 1.4.12). A sheet made here passes the content security policy, a style element would not. */
function spaced(on) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    on ? "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }" : "",
  );
  document.adoptedStyleSheets = [sheet];
}

window.audit = { sideways, clipped, targets, spaced };
