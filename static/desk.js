/* The editors' desk: toolbar, live preview, checks while writing, unsaved text kept on the server.
   The page works without it; nothing is stored in the browser. */
"use strict";
(() => {
  const frame = document.querySelector(".frame iframe");
  const body = document.getElementById("id_body");
  const desk = document.getElementById("desk");
  const form = document.getElementById("article_form");

  // --- Preview: width, colours, links inside the page ---------------------------------------------------------------
  let dark = null;

  function colours(rules) {
    for (const rule of rules) {
      const media = rule.media && (rule.wasMedia ||= rule.media.mediaText);
      if (media && media.includes("prefers-color-scheme")) {
        rule.media.mediaText = dark === null ? media : media.includes("dark") === dark ? "all" : "not all";
      }
      if (rule.cssRules && rule.cssRules.length) colours(rule.cssRules);
    }
  }

  function paint() {
    const page = frame.contentDocument;
    if (!page || dark === null) return;
    for (const sheet of page.styleSheets) colours(sheet.cssRules);
    page.documentElement.style.colorScheme = dark ? "dark" : "light";
  }

  function onLoad() {
    paint();
    frame.contentDocument.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      const address = link && link.getAttribute("href");
      if (!address || !address.startsWith("#")) return;
      event.preventDefault();
      scrollFrame(frame.contentDocument.getElementById(decodeURIComponent(address.slice(1))));
    });
    const section = frame.parentElement.dataset.section;
    if (section) showSection(Number(section));
  }

  /** Scroll the frame alone: scrollIntoView() would move the page around it too. */
  function scrollFrame(target) {
    if (!target) return;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    const page = frame.contentWindow;
    page.scrollTo(0, page.scrollY + target.getBoundingClientRect().top - 8);
  }

  /** Show the part of the preview that stands after so many headings of the text. */
  function showSection(number) {
    const page = frame.contentDocument;
    const headings = page.querySelectorAll("article :is(h2, h3, h4, .fold > div)[id]:not(#on-this-page, #figures)");
    scrollFrame(number ? headings[number - 1] : page.querySelector("h1"));
  }

  if (frame) {
    const tools = document.querySelector(".frame-tools");
    tools.hidden = false;
    frame.addEventListener("load", onLoad);
    if (frame.contentDocument && frame.contentDocument.querySelector("main")) onLoad();
    tools.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      if (button.dataset.width) {
        frame.parentElement.classList.toggle("desktop", button.dataset.width === "desktop");
        for (const other of tools.querySelectorAll("[data-width]")) other.setAttribute("aria-pressed", other === button);
      } else {
        dark = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", dark);
        paint();
      }
    });
  }

  if (!desk || !form || !body) return;

  // The admin's own hints beside a pair of lists have a label and no role that could bear it.
  window.addEventListener("load", () => {
    for (const hint of document.querySelectorAll(".help-tooltip[aria-label]")) hint.setAttribute("role", "img");
  });

  // --- Toolbar ------------------------------------------------------------------------------------------------------
  /** Put text in place of the selection so that Undo takes it back; select from..to of it. */
  function put(text, from = text.length, to = from) {
    const start = body.selectionStart;
    body.focus();
    // Deprecated, and the only way that keeps the browser's own Undo.
    if (!document.execCommand("insertText", false, text)) {
      body.setRangeText(text, start, body.selectionEnd, "end");
      body.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // Without focus in between the browser does not scroll to where the words went.
    body.blur();
    body.setSelectionRange(start + from, start + to);
    body.focus();
    keepInSight(start + from);
  }

  /** Where the line that begins at this place stands inside the text's window, in pixels: { top, height }. A line may be
      long and take several rows: its twin is laid out as the text is, and measured. */
  function measured(start) {
    const twin = body.parentElement.querySelector(".twin");
    twin.style.inlineSize = `${body.clientWidth}px`;
    twin.textContent = body.value.slice(0, start);
    const line = twin.appendChild(document.createElement("span"));
    line.textContent = body.value.slice(start).split("\n")[0] || " ";
    const { offsetTop: top, offsetHeight: height } = line;
    twin.textContent = "";
    return { top, height };
  }

  /** Scroll to what a button put in, unless it is in sight: it may be behind the buttons at the bottom. */
  function keepInSight(place) {
    const { top } = measured(body.value.lastIndexOf("\n", place - 1) + 1);
    if (top < body.scrollTop + 24 || top > body.scrollTop + body.clientHeight - 120) {
      body.scrollTop = top - body.clientHeight / 2;
    }
    const at = body.getBoundingClientRect().top + top - body.scrollTop;
    if (at < 160 || at > window.innerHeight - 220) window.scrollBy(0, at - window.innerHeight / 2);
  }

  /** The space that is needed before something put in after a word. */
  const gap = () => (/\S$/.test(body.value.slice(0, body.selectionEnd)) ? " " : "");

  const chosen = () => body.value.slice(body.selectionStart, body.selectionEnd);

  /** Where the box ends that this place is inside of; -1 if it is in none. */
  function endOfBox(place) {
    const text = body.value;
    // On the line that opens the box one is inside of it, but not before its first sign.
    const from = place && text[place - 1] !== "\n" ? (text + "\n").indexOf("\n", place) : place;
    const before = text.slice(0, from).split("\n");
    const mark = before.findLast((line) => /^:::/.test(line) && !/^:::\s*(picture|signs|fold)\b/.test(line));
    if (!mark || !/^:::\s*\w/.test(mark)) return -1;
    const close = /^:::[ \t]*$/m.exec(text.slice(from));
    return close ? from + close.index + close[0].length : -1;
  }

  /** Where a block can stand: around whole lines when some are chosen; else never inside a paragraph or a box. */
  function makeRoom() {
    const text = body.value;
    let { selectionStart: start, selectionEnd: end } = body;
    if (start !== end) {
      start = text.lastIndexOf("\n", start - 1) + 1;
      end = text.indexOf("\n", end - 1);
      if (end < 0) end = text.length;
    } else if (endOfBox(start) >= 0) {
      start = end = endOfBox(start);
    } else if (start && !text.slice(0, start).endsWith("\n\n")) {
      const next = text.indexOf("\n\n", start);
      start = end = next < 0 ? text.trimEnd().length : next;
    }
    body.setSelectionRange(start, end);
  }

  /** A block stands between empty lines. word: what of it is chosen then, to be typed over. */
  function block(text, word) {
    const before = body.value.slice(0, body.selectionStart);
    const after = body.value.slice(body.selectionEnd);
    const head = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    const at = word ? head.length + text.indexOf(word) : head.length + text.length;
    put(head + text + tail, at, word ? at + word.length : at);
  }

  /** A block made of the chosen lines, or of words to type over. */
  function around(words, make) {
    makeRoom();
    const lines = chosen() || words;
    block(make(lines), lines);
  }

  /** A block that takes no words away. */
  function below(text, word) {
    body.setSelectionRange(body.selectionEnd, body.selectionEnd);
    makeRoom();
    block(text, word);
  }

  /** Each line with a mark before it, in place of the one it has. */
  const marked = (lines, mark) =>
    lines
      .split("\n")
      .filter((line) => line.trim())
      .map((line, index) => mark(index) + line.replace(/^([-*]|\d+\.)\s+/, ""))
      .join("\n");
  const ONE = "one thing on each line";
  const dashed = (lines) => marked(lines, () => "- ");
  const numbered = (lines) => marked(lines, (index) => `${index + 1}. `);

  const options = (list) => Array.from(document.getElementById(list).options);
  /** The value in this list that was typed, or whose words were; "" if there is none. */
  const chosenFrom = (list, typed) => {
    const found = options(list).find(({ value, textContent }) => typed && [value, textContent].includes(typed));
    return found ? found.value : "";
  };

  /** The address of the one page whose title holds what was typed; "" if none does, or several do. */
  const onlyPage = (typed) => {
    const found = options("pages").filter((page) => typed && page.textContent.toLowerCase().includes(typed.toLowerCase()));
    return found.length === 1 ? found[0].value : "";
  };

  /** Say what is wrong with a field of the toolbar ("": nothing), and go there. */
  function tell(field, words) {
    const place = document.getElementById("toolbar-says");
    place.textContent = words;
    place.hidden = !words;
    field.setAttribute("aria-invalid", Boolean(words));
    if (words) field.focus();
  }

  /** A table to be typed over; with three columns or more the words must be short to fit a phone. */
  function table(rows, columns) {
    const line = (cell) => `|${Array.from({ length: columns }, (_, index) => cell(index)).join("|")}|`;
    const cells = Array.from({ length: rows }, (_, row) => line((column) => ` row ${row + 1}, ${column + 1} `));
    return [line((column) => ` column ${column + 1} `), line(() => "---"), ...cells].join("\n");
  }

  const tableSize = document.getElementById("table-size");
  tableSize.addEventListener("close", () => {
    const [rows, columns] = ["rows", "columns"].map((name) => {
      const field = document.getElementById(`table-${name}`);
      const number = Math.round(Number(field.value)) || Number(field.defaultValue);
      // What is left here must not keep the article from being saved.
      field.value = field.defaultValue;
      return Math.min(Number(field.max), Math.max(Number(field.min), number));
    });
    if (tableSize.returnValue !== "add") return body.focus();
    below(table(rows, columns), "column 1");
  });
  tableSize.addEventListener("keydown", (event) => {
    // The field stands inside the article's form, which Enter would send.
    if (event.key !== "Enter" || event.target.matches("button")) return;
    event.preventDefault();
    tableSize.close("add");
  });

  const insert = {
    heading: () => around("Heading", (words) => `## ${words}`),
    smaller: () => around("Smaller heading", (words) => `### ${words}`),
    bold: () => {
      const words = chosen() || "strong words";
      put(`**${words}**`, 2, 2 + words.length);
    },
    list: () => around(ONE, dashed),
    numbers: () => around(ONE, numbered),
    link: () => {
      const field = document.querySelector("[data-link]");
      const typed = field.value.trim();
      const address = /^(https?:\/\/|mailto:|tel:)\S+$/.test(typed) ? typed : chosenFrom("pages", typed) || onlyPage(typed);
      if (!address) {
        return tell(field, "Choose a page from the list: type a word of its title. Another site: its whole address, starting with https://");
      }
      tell(field, "");
      field.value = "";
      const option = options("pages").find(({ value }) => value === address);
      const words = chosen() || (option ? option.textContent : "name of the page");
      const space = chosen() ? "" : gap();
      const link = `${space}[${words}](${address})`;
      // One goes on writing behind it; only words that stand for others are chosen, to be typed over.
      if (chosen() || option) put(link);
      else put(link, space.length + 1, space.length + 1 + words.length);
    },
    table: () => {
      // Escape leaves the answer of the last time.
      tableSize.returnValue = "";
      tableSize.showModal();
    },
    box: (name) => {
      // It is whole as it is; signs are chosen from the list.
      if (name === "emergency") return below("::: emergency\n:::");
      around(ONE, (lines) => {
        const inside = lines === ONE || name !== "note" ? dashed(lines) : lines;
        return `::: ${name}\n${inside}\n:::`;
      });
    },
    do: () => insert.box("do"),
    avoid: () => insert.box("avoid"),
    steps: () => around(ONE, (lines) => `::: steps\n${numbered(lines)}\n:::`),
    fold: () => {
      makeRoom();
      block(`::: fold title of the fold\n${chosen() || "Words that only some people need."}\n:::`, "title of the fold");
    },
    sign: (name) => {
      const box = /^:::[ \t]*emergency[ \t]*\n((?!:::).*\n)*/m.exec(body.value);
      if (!box) return below(`::: emergency\n- ${name}\n:::`);
      // Last in the box.
      const end = box.index + box[0].length;
      body.setSelectionRange(end, end);
      put(`- ${name}\n`);
    },
    // An uploaded one brings its words; below a drawing of the site stand words of the article.
    picture: (name) => {
      const uploaded = Array.from(document.getElementById("own-pictures").children).some(({ value }) => value === name);
      if (uploaded) return below(`::: picture ${name}`);
      below(`::: figure ${name}\nwhat to see in the picture\n:::`, "what to see in the picture");
    },
    source: () => {
      const field = document.querySelector("[data-source]");
      const key = chosenFrom("source-keys", field.value.trim().replace(/^@/, ""));
      if (!key) return tell(field, "Choose a source from the list: type a word of its title. A new one: press New: source.");
      tell(field, "");
      field.value = "";
      body.setSelectionRange(body.selectionEnd, body.selectionEnd);
      put(`${gap()}[@${key}]`);
    },
  };

  // In a list, Enter begins the next thing; on an empty one it ends the list.
  body.addEventListener("keydown", (event) => {
    const { selectionStart: at, selectionEnd: end } = body;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || at !== end) return;
    const line = body.value.slice(body.value.lastIndexOf("\n", at - 1) + 1, at);
    const [, mark, words] = line.match(/^(- |\d+\. )(.*)$/) || [];
    if (!mark) return;
    event.preventDefault();
    if (words.trim() || !/^\s*(\n|$)/.test(body.value.slice(at))) return put(`\n${mark === "- " ? mark : `${parseInt(mark, 10) + 1}. `}`);
    body.setSelectionRange(at - line.length, at);
    document.execCommand("delete");
  });

  const toolbar = document.querySelector(".toolbar");
  toolbar.hidden = false;
  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-put]");
    if (button && button.matches("button")) insert[button.dataset.put]();
  });
  tableSize.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) tableSize.close(button.value);
  });
  toolbar.addEventListener("change", ({ target }) => {
    if (target.matches("select") && target.value) {
      insert[target.dataset.put](target.value);
      target.value = "";
    }
  });
  toolbar.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-source], [data-link]")) {
      event.preventDefault();
      insert[event.target.matches("[data-link]") ? "link" : "source"]();
    }
  });
  body.addEventListener("keydown", (event) => {
    const name = { b: "bold", k: "link" }[event.key];
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && name) {
      event.preventDefault();
      insert[name]();
    }
  });

  // --- While writing: keep, check, preview --------------------------------------------------------------------------
  const PAUSE = 800;
  const BEAT = 45 * 1000;
  // A page left alone says nothing more, so that the session can end as the clinic wants it to.
  const AWAY = 10 * 60 * 1000;
  const kept = document.getElementById("kept");
  const others = document.getElementById("others");
  let waiting = 0;
  let busy = false;
  let again = false;
  let dirty = false;
  let back = false;
  let active = Date.now();
  let told = active;
  let saving = new AbortController();

  async function fresh() {
    const answer = await fetch(desk.dataset.token, { redirect: "manual" });
    if (answer.type === "opaqueredirect" || !answer.ok) return false;
    const { token } = await answer.json();
    for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
    return true;
  }

  async function send(changed, retry = true) {
    const data = new FormData(form);
    if (changed) data.append("changed", "1");
    if (back) data.append("back", "1");
    // What the page asks by itself does not keep anybody logged in (staff/idle.py).
    const headers = active > told ? {} : { "X-By-Itself": "yes" };
    told = Date.now();
    const options = { method: "POST", body: data, headers, redirect: "manual", signal: saving.signal };
    const answer = await fetch(desk.dataset.pulse, options);
    if (retry && answer.status === 403 && (await fresh())) return send(changed, false);
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("signed out");
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  function show({ preview, checks, count, others: who, saved, pictures, sources }) {
    const page = frame.contentDocument;
    const next = new DOMParser().parseFromString(preview, "text/html").querySelector("main");
    const now = page && page.querySelector("main");
    // In place of the old text, so that it stays where the editor scrolled to.
    if (now && next) {
      const open = Array.from(now.querySelectorAll("details"), (fold) => fold.open);
      next.querySelectorAll("details").forEach((fold, index) => (fold.open = open[index]));
      now.replaceWith(page.importNode(next, true));
    } else frame.srcdoc = preview;
    document.getElementById("checks").innerHTML = checks;
    document.getElementById("count").textContent = count;
    others.textContent = who;
    others.hidden = !who;
    if (saved) kept.textContent = saved;
    if (pictures) offer(document.getElementById("own-pictures"), pictures.map((name) => [name, name]));
    if (sources) offer(document.getElementById("source-keys"), sources);
    follow();
  }

  /** Add what is new to a list to choose from. */
  function offer(list, pairs) {
    const there = new Set(Array.from(list.children, (option) => option.value));
    for (const [value, words] of pairs) {
      if (!there.has(value)) list.append(Object.assign(document.createElement("option"), { value, textContent: words }));
    }
  }

  /** Bring the section that is being written into view, when it is another one than before. */
  let section = -1;
  function follow() {
    const number = (body.value.slice(0, body.selectionStart).match(/^(#{1,6}|:::\s*fold) /gm) || []).length;
    if (number === section || document.activeElement !== body) return;
    section = number;
    showSection(number);
  }

  async function pulse() {
    if (saving.signal.aborted) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    const was = dirty;
    dirty = false;
    try {
      show(await send(was));
    } catch (error) {
      if (saving.signal.aborted) return;
      dirty ||= was;
      kept.textContent =
        error.message === "signed out"
          ? "You are signed out, so nothing is kept now. Your text is still here: sign in again in another tab, then go on."
          : "Your text could not be kept just now. It is still here; it is tried again.";
      if (was) setTimeout(pulse, 10 * 1000);
    }
    busy = false;
    if (again) {
      again = false;
      pulse();
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.closest(".toolbar, #table-size")) return;
    active = Date.now();
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(pulse, PAUSE);
  });
  for (const name of ["change", "keydown", "pointerdown"]) document.addEventListener(name, () => (active = Date.now()));
  window.addEventListener("focus", () => {
    active = Date.now();
    back = true;
    pulse().finally(() => (back = false));
  });
  setInterval(() => {
    if (Date.now() - active < AWAY) pulse();
  }, BEAT);

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.formTarget === "_blank") return;
    // What is being saved is not unsaved any more.
    clearTimeout(waiting);
    saving.abort();
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !saving.signal.aborted) event.preventDefault();
  });
  // Back to this page from the browser's memory: it goes on.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      saving = new AbortController();
      busy = false;
    }
  });

  let markedAt = 0;
  /** Show a line of the text in the middle of the window, marked, the caret at its start. Nothing is chosen: the next
      key replaces nothing. */
  function showLine(number) {
    const rows = body.value.split("\n");
    const line = Math.min(number, rows.length) - 1;
    const start = rows.slice(0, line).join("\n").length + (line ? 1 : 0);
    body.focus({ preventScroll: true });
    body.setSelectionRange(start, start);
    const { top, height } = measured(start);
    body.scrollTop = top - body.clientHeight / 2;
    const mark = body.parentElement.querySelector(".mark");
    mark.style.insetBlockStart = `${body.offsetTop + top - body.scrollTop}px`;
    mark.style.blockSize = `${height}px`;
    mark.hidden = false;
    markedAt = body.scrollTop;
    const place = mark.getBoundingClientRect().top + Math.min(height, 200) / 2;
    window.scrollTo({ top: window.scrollY + place - window.innerHeight / 2 });
  }
  for (const name of ["scroll", "input", "pointerdown"]) {
    body.addEventListener(name, () => {
      const mark = body.parentElement.querySelector(".mark");
      // The scrolling that showed it comes in late.
      if (name !== "scroll" || Math.abs(body.scrollTop - markedAt) > 2) mark.hidden = true;
    });
  }

  document.getElementById("checks").addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    showLine(Number(link.dataset.line));
  });
})();
