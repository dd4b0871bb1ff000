// Fields that lose nothing. Every key is kept in this browser at once, sent after a short rest, and forgotten only when the
// server has said that it saved exactly that. What a field shows, sends and says follows from four things: what the server
// holds (data), what was typed since (draft), what is on its way (flight), and the server's last verdict.

const page = JSON.parse(document.getElementById("haetae-page").textContent);
const REST = 900;                 // ms without a key before words are sent
const LATEST = 1900;              // ms after the first unsent key at which they are sent while somebody types on
const PATIENCE = 10000;           // ms without a verdict before words are sent again
const WATCH = 1000;               // ms between two looks at what the fields show
const OLDEST = 30 * 24 * 3600e3;  // ms for which words are kept that nobody came back for
const PREFIX = "haetae-words:";

function say(name, values = {}) {
  return page.texts[name].replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") { made.textContent = value; }
    else if (value === true) { made.setAttribute(key, ""); }
    else if (value !== false && value != null) { made.setAttribute(key, value); }
  }
  made.append(...children.filter(Boolean));
  return made;
}

let count = 0;
const unique = (name) => `f-${name}-${++count}`;
const same = (one, other) => JSON.stringify(tidied(one)) === JSON.stringify(tidied(other));

// What the server makes of a value before it compares: no white space around, no empty entries.
function tidied(value) {
  if (typeof value === "string") { const words = value.replace(/\r\n?/g, "\n").normalize("NFC").trim(); return /^[0-9,]+$/.test(words) ? words.replaceAll(",", "") : words; }
  if (Array.isArray(value)) {
    return value.map(tidied).filter((part) => typeof part === "string" || Object.values(part).some((cell) => cell.length));
  }
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, tidied(value[key])]));
  }
  return value ?? "";
}

function clock(at) {
  const time = new Date(at);
  const options = {timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", hour12: false};
  const isToday = time.toLocaleDateString() === new Date().toLocaleDateString();
  return time.toLocaleString(document.documentElement.lang, isToday ? options : {...options, month: "long", day: "numeric"});
}

// --- this tab ----------------------------------------------------------------------------------------------------------

// As long as this page lives it holds a lock of this name (see the shell); so others know whose words they may take up.
const tab = document.documentElement.dataset.tab;
const deadSince = new Map();  // tab → when it was first seen to be gone
const CERTAIN = 3000;         // ms for which a tab is gone before its words are taken up: a page that reloads is gone for a while

// Of these entries, those whose tab is gone.
async function orphans(entries) {
  if (!entries.length) { return []; }
  const names = navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : null;
  return entries.filter((entry) => {
    const isAlive = names ? names.includes(`haetae-tab-${entry.tab}`) : Date.now() - entry.at < 20000;
    if (isAlive) { deadSince.delete(entry.tab); return false; }
    if (!deadSince.has(entry.tab)) { deadSince.set(entry.tab, Date.now()); }
    return Date.now() - deadSince.get(entry.tab) >= CERTAIN;
  });
}

// --- the browser's store -------------------------------------------------------------------------------------------------
// One entry for each field and tab. A tab writes its own entries only; those of a tab that is gone are read by others, and
// removed once the server has said that it saved exactly them.

const memory = new Map();  // where the browser has no store, or it is full: as long as this page lives
const nameOf = (token, owner) => `${PREFIX}${token}@${owner}`;
const store = {
  isLasting: true,
  read(token, owner = tab) {
    const name = nameOf(token, owner);
    let entry = null;
    try { entry = JSON.parse(localStorage.getItem(name) || "null"); } catch { /* then what this page remembers */ }
    entry = entry || memory.get(name) || null;
    if (entry && Date.now() - entry.at > OLDEST) { this.drop(token, null, owner); return null; }
    return entry;
  },
  keep(token, entry) {
    memory.set(nameOf(token, tab), entry);
    try { localStorage.setItem(nameOf(token, tab), JSON.stringify(entry)); this.isLasting = true; }
    catch { this.isLasting = false; }
  },
  // nonce: only if nothing newer was typed meanwhile
  drop(token, nonce = null, owner = tab) {
    if (nonce !== null && this.read(token, owner)?.nonce !== nonce) { return; }
    memory.delete(nameOf(token, owner));
    try { localStorage.removeItem(nameOf(token, owner)); } catch { /* nothing lasts there */ }
  },
  all(person) {
    const names = new Set(memory.keys());
    try { for (const name of Object.keys(localStorage)) { if (name.startsWith(PREFIX)) { names.add(name); } } }
    catch { /* only what this page remembers */ }
    const entries = [];
    for (const name of names) {
      const at = name.lastIndexOf("@");
      const token = name.slice(PREFIX.length, at);
      const entry = this.read(token, name.slice(at + 1));
      if (entry && entry.person === person) { entries.push({...entry, token, tab: name.slice(at + 1)}); }
    }
    return entries.sort((one, other) => one.at - other.at);
  },
  others(token, person) { return this.all(person).filter((entry) => entry.token === token && entry.tab !== tab); },
};

// Which version of an answer any tab of this browser saved a moment ago. A page that was gone may be drawn from before that: another
// tab took its words up and saved them.
const RECENT = 120000;
const saves = {
  read() {
    try { return JSON.parse(localStorage.getItem("haetae-saves") || "{}"); } catch { return {}; }
  },
  note(token, base) {
    const isRecent = ([, save]) => Date.now() - save.at < RECENT;
    const all = {...Object.fromEntries(Object.entries(this.read()).filter(isRecent)), [token]: {base, at: Date.now()}};
    try { localStorage.setItem("haetae-saves", JSON.stringify(all)); } catch { /* then nobody knows */ }
  },
  isBefore(base, token) {
    const save = this.read()[token];
    return Boolean(save) && Date.now() - save.at < RECENT && base < save.base;
  },
};

// --- the connection ------------------------------------------------------------------------------------------------------

const answers = new Map();  // token → Answer
let isLeaving = false;
let hasReopened = false;
const isConnected = () => document.documentElement.dataset.socket !== "lost";
// A link was followed and its screen is not there yet: what is said now would lead back to the screen before. It waits in the store.
const isGoing = () => document.documentElement.dataset.going !== undefined;

const banner = element("p", {class: "f-banner", role: "status", hidden: true});
document.body.append(banner);
let bannerTimer = 0;
function announce(text) {
  window.clearTimeout(bannerTimer);
  banner.textContent = text;
  banner.hidden = !text;
}

async function serverNow() {
  try {
    const answer = await fetch("/alive", {cache: "no-store", redirect: "manual"});
    return answer.ok ? (await answer.json()).server : null;
  } catch { return null; }
}

// The page belongs to a server that is gone: what it shows can no longer be saved. Words are kept; the page loads itself anew.
let isRestarting = false;
function restart() {
  if (isRestarting) { return; }
  isRestarting = true;
  announce(say("restarted"));
  const began = Date.now();
  const go = () => {
    if (Date.now() - lastKey < 900 && Date.now() - began < 6000) { window.setTimeout(go, 200); return; }
    rememberPlace();
    window.location.reload();
  };
  window.setTimeout(go, 900);
}

let lastKey = 0;
function rememberPlace() {
  const field = document.activeElement?.closest?.("[data-field]");
  const main = document.querySelector('[data-testid="stMain"]');
  const place = {at: Date.now(), path: location.pathname + location.search, top: main?.scrollTop || 0};
  if (field) {
    const controls = [...field.querySelectorAll("input, textarea")];
    place.token = field.dataset.field;
    place.index = controls.indexOf(document.activeElement);
    place.caret = document.activeElement.selectionStart ?? null;
  }
  try { sessionStorage.setItem("haetae-place", JSON.stringify(place)); } catch { /* then one scrolls oneself */ }
}

function returnToPlace(token, root) {
  let place = null;
  try { place = JSON.parse(sessionStorage.getItem("haetae-place") || "null"); } catch { return; }
  if (!place || place.token !== token || Date.now() - place.at > 60000) { return; }
  sessionStorage.removeItem("haetae-place");
  if (document.activeElement && document.activeElement !== document.body) { return; }
  const control = root.querySelectorAll("input, textarea")[place.index];
  control?.focus();
  if (place.caret != null && control?.setSelectionRange && /^(text|textarea)$/.test(control.type)) {
    control.setSelectionRange(place.caret, place.caret);
  }
}

function offline() {
  if (isLeaving) { return; }
  window.clearTimeout(bannerTimer);
  bannerTimer = window.setTimeout(() => { if (!isConnected()) { announce(say("offline")); } }, 1500);
  for (const answer of answers.values()) { answer.flight = null; answer.show(); }
}

// A field that Streamlit was to draw while there was no connection stands as its error, for good.
function hasGivenUp() { return Boolean(document.querySelector('[data-testid="stMain"]')?.textContent.includes("not connected to a server")); }

async function online() {
  hasReopened = true;
  const server = await serverNow();
  if (server && (server !== page.server || hasGivenUp())) { restart(); return; }
  announce("");
  keeper?.pulse();
  window.setTimeout(() => {
    for (const answer of answers.values()) { answer.flight = null; answer.send(); answer.show(); }
  }, 300);
}

window.addEventListener("haetae-socket", () => { if (isConnected()) { online(); } else { offline(); } });
window.addEventListener("pagehide", () => { isLeaving = true; sendAll(); });
window.addEventListener("beforeunload", sendAll);
window.addEventListener("pageshow", () => { isLeaving = false; });
document.addEventListener("visibilitychange", () => { if (document.hidden) { sendAll(); } });
document.addEventListener("keydown", () => { lastKey = Date.now(); }, true);
function sendAll() { for (const answer of answers.values()) { answer.send(true); } }

// No verdict although the connection stands: perhaps the server no longer knows this page.
async function lookForServer() {
  const server = await serverNow();
  if (server && server !== page.server) { restart(); return; }
  let last = 0;
  try { last = Number(sessionStorage.getItem("haetae-reloaded") || 0); } catch { return; }
  if (server && hasReopened && Date.now() - last > 60000) {
    sessionStorage.setItem("haetae-reloaded", String(Date.now()));
    restart();
  }
}

// --- controls ------------------------------------------------------------------------------------------------------------
// Each: root, get(), set(value), invalid(problem), listens with on(typed, decided). typed: a key; decided: a choice, or left.

function written(spec, on) {
  const id = unique("text");
  const isLong = spec.kind === "long";
  const input = element(isLong ? "textarea" : "input", {
    id, class: "f-input", type: isLong ? null : "text", rows: isLong ? 3 : null, autocomplete: "off", spellcheck: "false",
    inputmode: spec.kind === "number" ? "text" : null, placeholder: spec.placeholder,
    "aria-label": spec.hidesLabel ? spec.label : null, "aria-required": spec.required ? "true" : null,
  });
  const label = spec.hidesLabel ? null : labelled(spec, id);
  const hint = spec.hint ? element("p", {id: unique("hint"), class: "f-hint", text: spec.hint}) : null;
  const counter = element("p", {id: unique("count"), class: "f-hint f-count", hidden: true});
  const cut = element("p", {class: "f-problem", role: "alert", hidden: true});
  const problem = element("p", {id: unique("problem"), class: "f-problem", hidden: true});
  const unit = spec.unit ? element("span", {class: "f-unit", text: spec.unit, id: unique("unit")}) : null;
  const line = element("div", {class: "f-line"}, input, unit, spec.kind === "day" ? calendar(input, spec) : null);
  const root = element("div", {class: "f-written"}, label, hint, line, counter, cut, problem);
  let reason = null;  // id of what says why it is refused
  const describes = () => [hint?.id, unit?.id, counter.hidden ? null : counter.id, reason].filter(Boolean);
  function described() {
    if (describes().length) { input.setAttribute("aria-describedby", describes().join(" ")); }
    else { input.removeAttribute("aria-describedby"); }
  }
  function grow() {
    if (isLong && !CSS.supports("field-sizing", "content")) {
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight + 2}px`;
    }
  }
  function measure() {
    const length = [...input.value].length;
    counter.hidden = !spec.limit || length < spec.limit * 0.9;
    counter.textContent = say("count", {length: length.toLocaleString(), limit: (spec.limit || 0).toLocaleString()});
    described();
    grow();
  }
  let isComposing = false;
  input.addEventListener("compositionstart", () => { isComposing = true; });
  input.addEventListener("compositionend", () => { isComposing = false; on.typed(false); });
  input.addEventListener("input", () => {
    cut.hidden = true;
    const signs = [...input.value];
    if (spec.limit && signs.length > spec.limit && !isComposing) {
      const caret = input.selectionStart;
      input.value = signs.slice(0, spec.limit).join("");
      input.setSelectionRange(Math.min(caret, input.value.length), Math.min(caret, input.value.length));
      cut.textContent = say("cut", {limit: spec.limit.toLocaleString(), more: (signs.length - spec.limit).toLocaleString()});
      cut.hidden = false;
    }
    measure();
    on.typed(isComposing);
  });
  input.addEventListener("change", () => on.decided());
  const control = {
    root, input,
    get: () => input.value,
    set(value) {
      if (input.value !== value) {
        input.value = value ?? "";
      }
      measure();
    },
    // What was saved is shown as the server wrote it, but never under somebody's fingers.
    settle(value) {
      if (document.activeElement !== input) { control.set(value); return; }
      if (!isLong && tidied(input.value) !== tidied(value)) {
        input.addEventListener("blur", () => { if (on.isSettled()) { control.set(on.settled(control)); } }, {once: true});
      }
    },
    // saidBy: id of an element that says it already
    invalid(text, saidBy = null) {
      problem.hidden = !text || Boolean(saidBy);
      problem.textContent = problem.hidden ? "" : text;
      reason = text ? saidBy || problem.id : null;
      if (text) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
      described();
    },
    focus: () => input.focus(),
    isComposing: () => isComposing,
  };
  measure();
  return control;
}

function calendar(input, spec) {
  const picker = element("input", {type: "date", class: "f-picker", tabindex: "-1", "aria-hidden": "true"});
  const button = element("button", {type: "button", class: "f-button f-calendar", text: say("calendar"),
    "aria-label": `${say("calendar")}: ${spec.label}`});
  button.addEventListener("click", () => {
    picker.value = /^\d{4}-\d{2}-\d{2}$/.test(input.value.trim()) ? input.value.trim() : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    if (!picker.value) { return; }
    input.value = picker.value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    input.dispatchEvent(new Event("change", {bubbles: true}));
  });
  return element("span", {class: "f-calendar-place"}, button, picker);
}

function choice(spec, on) {
  const isSeveral = spec.kind === "choices";
  const name = unique("choice");
  const problem = element("p", {id: unique("problem"), class: "f-problem", hidden: true});
  const inputs = new Map();
  const rows = spec.options.map((option) => {
    const input = element("input", {type: isSeveral ? "checkbox" : "radio", name, value: option.value, class: "f-tick"});
    inputs.set(option.value, input);
    input.addEventListener("change", () => {
      if (isSeveral && input.checked) {
        for (const [value, other] of inputs) {
          if (value !== option.value && (spec.alone.includes(option.value) || spec.alone.includes(value))) { other.checked = false; }
        }
      }
      on.typed(false);
      on.decided();
    });
    return element("label", {class: "f-option"}, input, element("span", {text: option.label}));
  });
  const group = element("div", {class: spec.isHorizontal ? "f-options f-horizontal" : "f-options", role: isSeveral ? "group" : "radiogroup",
    "aria-label": isSeveral && spec.mark ? `${spec.label} (${spec.mark})` : spec.label,
    "aria-required": spec.required && !isSeveral ? "true" : null}, ...rows);
  const label = spec.hidesLabel ? null : element("p", {class: "f-label", text: spec.label, "aria-hidden": "true"}, required(spec));
  const control = {
    root: element("div", {class: "f-choice"}, label, group, problem),
    get() {
      const chosen = [...inputs].filter(([, input]) => input.checked).map(([value]) => value);
      return isSeveral ? chosen : chosen[0] ?? "";
    },
    set(value) { for (const [own, input] of inputs) { input.checked = isSeveral ? (value || []).includes(own) : value === own; } },
    settle(value) { control.set(value); },
    invalid(text, saidBy = null) {
      problem.hidden = !text || Boolean(saidBy);
      problem.textContent = problem.hidden ? "" : text;
      for (const part of [group, ...(isSeveral ? inputs.values() : [])]) {
        if (text) { part.setAttribute("aria-describedby", saidBy || problem.id); } else { part.removeAttribute("aria-describedby"); }
      }
      if (text) { group.setAttribute("aria-invalid", "true"); } else { group.removeAttribute("aria-invalid"); }
    },
    focus: () => rows[0]?.firstChild.focus(),
    isComposing: () => false,
  };
  return control;
}

function entries(spec, on) {
  let rows = [];
  let undo = null;
  const list = element("div", {class: "f-rows"});
  const news = element("div", {class: "f-news", role: "status"});
  const add = element("button", {type: "button", class: "f-button", text: say("add")});
  const root = element("div", {class: "f-entries", role: "group", "aria-label": spec.label}, list, news, add);

  function made(value = {}) {
    const cells = new Map();
    const title = element("p", {class: "f-row-title"});
    const remove = element("button", {type: "button", class: "f-button f-quiet-button", text: say("remove")});
    const foot = element("div", {class: "f-row-foot"}, remove);
    const box = element("div", {class: "f-row", role: "group"}, title);
    const row = {box, cells, title, remove, get: () => {
      const held = {};
      for (const [name, cell] of cells) { const part = cell.get(); if (part.length) { held[name] = part; } }
      return held;
    }};
    for (const column of spec.columns) {
      const cell = control(column, {...on, settled: () => on.settled(root)?.[rows.indexOf(row)]?.[column.id] ?? cell.get()});
      cell.set(value[column.id] ?? (column.kind === "choices" ? [] : ""));
      cells.set(column.id, cell);
      box.append(cell.root);
    }
    box.append(foot);
    remove.addEventListener("click", () => ask(row, foot));
    return row;
  }
  function ask(row, foot) {
    if (!Object.keys(row.get()).length) { take(row); return; }
    const yes = element("button", {type: "button", class: "f-button", text: say("remove_yes")});
    const no = element("button", {type: "button", class: "f-button f-quiet-button", text: say("cancel")});
    foot.replaceChildren(element("span", {text: say("remove_ask", {number: rows.indexOf(row) + 1})}), yes, no);
    yes.addEventListener("click", () => take(row));
    no.addEventListener("click", () => { foot.replaceChildren(row.remove); row.remove.focus(); });
    yes.focus();
  }
  function take(row) {
    const at = rows.indexOf(row);
    undo = {at, value: row.get()};
    rows.splice(at, 1);
    arrange();
    const back = element("button", {type: "button", class: "f-button", text: say("undo")});
    back.addEventListener("click", () => {
      rows.splice(Math.min(undo.at, rows.length), 0, made(undo.value));
      const restored = rows[Math.min(undo.at, rows.length - 1)];
      undo = null;
      news.replaceChildren();
      arrange();
      [...restored.cells.values()][0].focus();
      changed();
    });
    if (Object.keys(undo.value).length) { news.replaceChildren(element("span", {text: say("removed", {number: at + 1})}), back); back.focus(); }
    else { news.replaceChildren(); add.focus(); }
    changed();
  }
  function changed() { on.typed(false); on.decided(); }
  function arrange() {
    rows.forEach((row, index) => {
      row.title.textContent = say("entry", {number: index + 1});
      row.box.setAttribute("aria-label", say("entry", {number: index + 1}));
      if (list.children[index] !== row.box) { list.insertBefore(row.box, list.children[index] || null); }
    });
    while (list.children.length > rows.length) { list.lastChild.remove(); }
    add.hidden = rows.length >= spec.most;
  }
  add.addEventListener("click", () => {
    const row = made();
    rows.push(row);
    arrange();
    [...row.cells.values()][0].focus();
  });
  const own = {
    root,
    get: () => rows.map((row) => row.get()),
    set(value) {
      rows = (value || []).map(made);
      arrange();
    },
    settle(value) {
      const filled = rows.filter((row) => Object.keys(row.get()).length);
      (value || []).forEach((saved, index) => {
        for (const [name, cell] of filled[index]?.cells || []) { cell.settle(saved[name] ?? (Array.isArray(cell.get()) ? [] : "")); }
      });
    },
    invalid(text, saidBy = null, cells = {}) {
      const filled = rows.filter((row) => Object.keys(row.get()).length);
      filled.forEach((row, index) => { for (const [name, cell] of row.cells) { cell.invalid(cells[`${index}/${name}`]); } });
      if (text) { root.setAttribute("aria-describedby", saidBy); } else { root.removeAttribute("aria-describedby"); }
    },
    focus: () => add.focus(),
    isComposing: () => rows.some((row) => [...row.cells.values()].some((cell) => cell.isComposing())),
  };
  arrange();
  return own;
}

// One of many, folded into the browser's own list.
function list(spec, on) {
  const id = unique("list");
  const problem = element("p", {id: unique("problem"), class: "f-problem", hidden: true});
  const options = spec.options.map((option) => element("option", {value: option.value, text: option.label}));
  const input = element("select", {id, class: "f-input", "aria-required": spec.required ? "true" : null},
    element("option", {value: "", text: say("choose")}), ...options);
  input.addEventListener("change", () => { on.typed(false); on.decided(); });
  return {
    root: element("div", {class: "f-written"}, labelled(spec, id), element("div", {class: "f-line"}, input), problem),
    get: () => input.value,
    set(value) { input.value = spec.options.some((option) => option.value === value) ? value : ""; },
    settle(value) { this.set(value); },
    invalid: (text) => mark(input, problem, text),
    focus: () => input.focus(),
    isComposing: () => false,
  };
}

// A box of its own: "yes" or nothing.
function tick(spec, on) {
  const input = element("input", {type: "checkbox", class: "f-tick", "aria-required": spec.required ? "true" : null});
  const problem = element("p", {id: unique("problem"), class: "f-problem", hidden: true});
  input.addEventListener("change", () => { on.typed(false); on.decided(); });
  return {
    root: element("div", {class: "f-choice"}, element("label", {class: "f-option"}, input, element("span", {text: spec.label})), problem),
    get: () => (input.checked ? "yes" : ""),
    set(value) { input.checked = value === "yes"; },
    settle(value) { this.set(value); },
    invalid: (text) => mark(input, problem, text),
    focus: () => input.focus(),
    isComposing: () => false,
  };
}

// Words one by one, of which some are suggested. What is being typed counts as one already.
function words(spec, on) {
  let chosen = [];
  const id = unique("words");
  const hint = element("p", {id: unique("hint"), class: "f-hint", text: [spec.hint, say("words_hint")].filter(Boolean).join(" ")});
  const problem = element("p", {id: unique("problem"), class: "f-problem", hidden: true});
  const suggested = element("datalist", {id: unique("suggested")});
  const input = element("input", {id, type: "text", class: "f-input", autocomplete: "off", spellcheck: "false",
    list: suggested.id, maxlength: spec.limit, "aria-describedby": hint.id});
  const list = element("ul", {class: "f-words", "aria-label": spec.label});
  let isComposing = false;
  function chip(word) {
    const remove = element("button", {type: "button", class: "f-button f-word", text: word, "aria-label": say("word_out", {word})},
      element("span", {"aria-hidden": "true", text: " ×"}));
    const item = element("li", {}, remove);
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== word);
      item.remove();
      arrange();
      input.focus();
      on.typed(false);
      on.decided();
    });
    return item;
  }
  function arrange() {
    list.hidden = !chosen.length;
    suggested.replaceChildren(...spec.suggested.filter((word) => !chosen.includes(word)).map((word) => element("option", {value: word})));
  }
  function take() {
    const word = input.value.trim();
    input.value = "";
    if (word && !chosen.includes(word)) { chosen.push(word); list.append(chip(word)); }
    arrange();
    on.typed(false);
    on.decided();
  }
  input.addEventListener("compositionstart", () => { isComposing = true; });
  input.addEventListener("compositionend", () => { isComposing = false; on.typed(false); });
  input.addEventListener("input", () => on.typed(isComposing));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); if (input.value.trim()) { take(); } }
  });
  input.addEventListener("change", take);
  arrange();
  return {
    root: element("div", {class: "f-written"}, labelled(spec, id), hint, list, element("div", {class: "f-line"}, input, suggested), problem),
    get() { const word = input.value.trim(); return word && !chosen.includes(word) ? [...chosen, word] : [...chosen]; },
    set(value) {
      chosen = [...(value || [])];
      input.value = "";
      list.replaceChildren(...chosen.map(chip));
      arrange();
    },
    settle(value) { this.set(value); },
    invalid(text) {
      mark(input, problem, text);
      input.setAttribute("aria-describedby", [hint.id, text ? problem.id : null].filter(Boolean).join(" "));
    },
    focus: () => input.focus(),
    isComposing: () => isComposing,
  };
}

function mark(input, problem, text) {
  problem.hidden = !text;
  problem.textContent = text || "";
  if (text) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", problem.id); }
  else { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
}

function labelled(spec, id) {
  return element("label", {for: id, class: "f-label", text: spec.label}, required(spec));
}

// Seen only: it is heard as the field's own state.
function required(spec) {
  return spec.mark ? element("span", {class: "f-required", text: ` (${spec.mark})`, "aria-hidden": "true"}) : null;
}

function control(spec, on) {
  if (spec.kind === "list") { return list(spec, on); }
  if (spec.kind === "tick") { return tick(spec, on); }
  if (spec.kind === "words") { return words(spec, on); }
  if (spec.kind === "choice" || spec.kind === "choices") { return choice(spec, on); }
  return spec.kind === "group" ? entries(spec, on) : written(spec, on);
}

// --- an answer: its field, its note, its mark -------------------------------------------------------------------------------

class Answer {
  constructor(token) {
    this.token = token;
    this.draft = null;
    this.flight = null;
    this.verdict = null;   // the last one that did not save
    this.views = [];       // in the order of their making: while a screen is drawn anew, the same field may stand there twice
    this.view = null;      // the newest of them
    this.hasLooked = false;
    this.firstKey = 0;
    this.due = 0;          // when unsent words are sent
    this.timer = 0;
    this.tries = 0;
  }

  get push() { return this.view?.push ?? null; }

  join(view) {
    this.views.push(view);
    this.view = view;
  }

  // What was sent on the way out is answered to the next view, or taken up from the store.
  leave(view) {
    this.hear(view);
    if (this.view === view) { this.send(true); }
    this.views = this.views.filter((other) => other !== view);
    this.view = this.views.at(-1) ?? null;
    if (this.view) { this.bring(this.view); this.show(); return; }
    this.flight = null;
    window.clearTimeout(this.timer);
    window.clearTimeout(this.patience);
    if (answers.get(this.token) === this) { answers.delete(this.token); }
  }

  // A view shows the draft, or else what is saved.
  bring(view) {
    const value = this.draft ? this.draft.value : this.data.value;
    if (!same(view.get(), value)) { view.set(value); }
  }

  update(data, view) {
    if (view !== this.view) { return; }  // comes late, for a place that a newer one has taken
    this.hear(view);
    this.data = data;
    this.follow();
    this.weigh();
    if (!this.hasLooked) { this.hasLooked = true; this.look(); }
    if (!this.draft) { this.bring(view); }
    this.show();
  }

  // What a field shows that nobody was told of, because its event was lost: typed all the same.
  hear(view) {
    if (this.data && !same(view.get(), view.known)) { this.typed(view, view.isComposing()); }
  }

  // The server's verdict may be there before it is asked for again: what was sent over a lost connection was saved, perhaps.
  weigh() {
    const {verdict} = this.data;
    if (!verdict) { return false; }
    const isAwaited = this.flight ? verdict.nonce === this.flight.nonce : verdict.nonce === this.draft?.nonce && !this.verdict;
    if (isAwaited) { this.judge(verdict); }
    return isAwaited;
  }

  // What the server holds was sent from here, and saved although no verdict came: what is typed since stands upon it. So the
  // list of what was sent stays short, however often a connection or a server goes before its verdict.
  follow() {
    const {draft, data} = this;
    if (!draft || draft.base === data.base) { return; }
    const at = draft.sent.findLastIndex((value) => same(value, data.value));
    if (at < 0) { return; }
    this.draft = {...draft, base: data.base, seen: data.value, sent: draft.sent.slice(at + 1)};
    store.keep(this.token, this.draft);
  }

  // Now and then: no field that is shown says anything else than what is known of it, and nothing waits for ever.
  watch() {
    for (const view of this.views.filter((other) => !other.root.isConnected)) { this.leave(view); }
    for (const view of this.views) { this.hear(view); }
    if (this.draft && !this.flight && !this.verdict && Date.now() >= this.due) { this.send(); }
  }

  // Words of this person that no server said that it saved: of this tab at once, of others once they are surely gone.
  async look() {
    const own = store.read(this.token);
    if (own && this.takeUp(own)) { return; }
    if (!this.draft && this.push && saves.isBefore(this.data.base, this.token)) { this.refresh(); }
    const others = store.others(this.token, this.data.person).filter((entry) => {
      const isSaved = same(entry.value, this.data.value);
      if (isSaved) { store.drop(this.token, entry.nonce, entry.tab); }
      return !isSaved;
    });
    const [newest] = (await orphans(others)).slice(-1);
    if (newest && !this.draft && this.view) { this.takeUp({...newest, from: {tab: newest.tab, nonce: newest.nonce}}); }
    if (others.length && !newest && this.view) {
      window.clearTimeout(this.looking);
      this.looking = window.setTimeout(() => this.look(), CERTAIN + 500);
    }
  }

  // What the page shows is older than what is saved: it is drawn anew.
  refresh() { if (!isGoing()) { this.push({nonce: crypto.randomUUID(), token: this.token, dropped: true}); } }

  // False: there was nothing to take up.
  takeUp(entry) {
    if (this.draft || !this.view) { return false; }
    if (same(entry.value, this.data.value)) { this.release(entry); return false; }
    this.draft = {...entry, tab};
    this.follow();
    this.view.set(entry.value);
    store.keep(this.token, this.draft);
    if (!this.weigh()) { this.send(); }
    this.show();
    return true;
  }

  // The words of this entry are saved, or given up.
  release(entry) {
    store.drop(this.token, entry.nonce);
    if (entry.from) { store.drop(this.token, entry.from.nonce, entry.from.tab); }
  }

  typed(view, isComposing) {
    const value = view.get();
    view.known = value;
    for (const other of this.views) { if (other !== view && !same(other.get(), value)) { other.set(value); } }
    lastKey = Date.now();
    if (!this.draft && same(value, this.data.value)) { this.show(); return; }
    if (this.draft && !this.flight && same(value, this.data.value)) { this.forget(); return; }
    const {person, place, label} = this.data;
    if (this.draft?.from) { store.drop(this.token, this.draft.from.nonce, this.draft.from.tab); }
    this.draft = {seen: this.data.value, base: this.data.base, sent: [], ...this.draft, from: null, value, person, place, label, tab,
      kind: "answer", path: this.data.path, nonce: crypto.randomUUID(), at: Date.now()};
    this.verdict = null;
    store.keep(this.token, this.draft);
    this.firstKey ||= Date.now();
    const latest = this.firstKey + LATEST - Date.now();
    window.clearTimeout(this.timer);
    const rest = Math.max(0, isComposing ? latest : Math.min(REST, latest));
    this.due = Date.now() + rest;
    this.timer = window.setTimeout(() => this.send(), rest);
    this.show();
  }

  // isLast: there may be no later. Otherwise one thing is on its way at a time, and the newest follows its verdict.
  send(isLast = false) {
    if (!this.draft || !this.push) { return; }
    if (this.flight && (!isLast || this.flight.nonce === this.draft.nonce)) { return; }
    if (this.verdict && this.verdict.nonce === this.draft.nonce && this.verdict.kind !== "failed") { return; }
    if (!isConnected() || isGoing()) { this.show(); return; }
    window.clearTimeout(this.timer);
    this.firstKey = 0;
    const {nonce, value, base, seen, sent} = this.draft;
    this.flight = {nonce, value};
    this.push({nonce, token: this.token, value, base, seen, sent});
    this.draft.sent = [...sent.filter((earlier) => !same(earlier, value)), value].slice(-8);
    store.keep(this.token, this.draft);
    window.clearTimeout(this.patience);
    this.patience = window.setTimeout(() => this.again(nonce), PATIENCE * 2 ** Math.min(this.tries, 3));
    this.show();
  }

  again(nonce) {
    if (this.flight?.nonce !== nonce || !isConnected()) { return; }
    this.tries += 1;
    this.flight = null;
    this.send();
    if (this.tries > 1) { lookForServer(); }
  }

  judge(verdict) {
    const isNewest = this.draft?.nonce === verdict.nonce;
    this.flight = null;
    this.tries = 0;
    window.clearTimeout(this.patience);
    if (verdict.kind === "saved") {
      saves.note(this.token, this.data.base);
      if (isNewest) {
        const typedValue = this.draft.value;
        this.release(this.draft);
        this.draft = null;
        this.firstKey = 0;
        this.view.settle(this.data.value);
        this.readAs = readDifferently(typedValue.answer, this.data.value.answer);
        this.look();
      } else if (this.draft) {
        this.draft = {...this.draft, base: this.data.base, seen: this.data.value, sent: []};
        store.keep(this.token, this.draft);
        this.send();
      }
    } else if (isNewest && this.isOvertaken()) {
      this.forget();
    } else if (isNewest) {
      this.verdict = verdict;
      if (verdict.kind === "failed") { window.setTimeout(() => this.send(), PATIENCE); }
    } else { this.send(); }
  }

  // Words of another tab that came back after all and went on with them itself.
  isOvertaken() {
    const {from} = this.draft;
    return Boolean(from) && store.read(this.token, from.tab)?.nonce !== from.nonce;
  }

  forget() {
    const mustSay = this.verdict || this.draft?.sent.length;
    if (this.draft) { this.release(this.draft); }
    this.draft = null;
    this.flight = null;
    this.verdict = null;
    this.firstKey = 0;
    window.clearTimeout(this.timer);
    if (mustSay && this.push) { this.refresh(); }
    if (this.view && !same(this.view.get(), this.data.value)) { this.view.set(this.data.value); }
    this.show();
  }

  keepMine() {
    this.draft = {...this.draft, base: this.data.base, seen: this.data.value, sent: [], nonce: crypto.randomUUID()};
    this.verdict = null;
    store.keep(this.token, this.draft);
    this.send();
    this.show();
  }

  takeTheirs() {
    this.forget();
  }

  get state() {
    if (!this.draft) { return "saved"; }
    if (this.verdict) { return this.verdict.kind; }
    if (!isConnected()) { return store.isLasting ? "offline" : "offline_unkept"; }
    if (this.tries > 1) { return "silent"; }
    return this.flight && this.flight.nonce === this.draft.nonce ? "saving" : "unsaved";
  }

  show() { this.view?.show(this); }
}

// `12만` is read as 120,000: whoever typed it is told.
function readDifferently(typed, saved) {
  return typeof typed === "string" && typeof saved === "string" && typed && tidied(typed) !== tidied(saved)
    && typed.length < 60 ? saved : "";
}

class AnswerView {
  constructor(root, answer, data) {
    this.answer = answer;
    this.root = root;
    const on = {
      typed: (isComposing) => { answer.readAs = ""; answer.typed(this, isComposing); },
      decided: () => answer.send(),
      isSettled: () => !answer.draft,
      settled: () => answer.data.value.answer,
    };
    this.control = control(data.field, on);
    this.mark = element("p", {class: "h-saved f-mark", role: "status", id: unique("mark")});
    this.conflict = element("div", {class: "f-conflict", hidden: true});
    this.note = control({kind: "long", label: data.note.label, limit: data.note.limit, hidesLabel: true},
      {...on, settled: () => answer.data.value.note});
    this.fold = element("details", {class: "f-note"}, element("summary", {text: data.note.label}), this.note.root);
    this.fold.open = Boolean(data.value.note);
    root.replaceChildren(this.control.root, this.mark, this.conflict, this.fold);
    this.set(data.value);
    returnToPlace(answer.token, root);
  }

  get() { return {answer: this.control.get(), note: this.note.get()}; }

  isComposing() { return this.control.isComposing() || this.note.isComposing(); }

  set(value) {
    this.control.set(value.answer);
    this.note.set(value.note);
    if (value.note) { this.fold.open = true; }
    this.known = this.get();
  }

  settle(value) {
    this.control.settle(value.answer);
    this.note.settle(value.note);
    this.known = this.get();
  }

  show(answer) {
    const {state, verdict, data} = answer;
    const texts = {
      saved: data.saved && (answer.readAs ? `✓ ${data.saved} · ${say("read_as", {value: answer.readAs})}` : `✓ ${data.saved}`),
      unsaved: say("unsaved"), saving: say("saving"), silent: say("silent"),
      offline: say("offline_mark"), offline_unkept: say("offline_unkept"),
      conflict: say("conflict"), refused: say("refused", {reason: verdict?.text ?? ""}),
      failed: say("failed", {reason: verdict?.text ?? ""}),
    };
    const isPassing = state === "unsaved" || state === "saving";
    this.mark.setAttribute("aria-busy", isPassing ? "true" : "false");  // said only when it has come to rest
    this.mark.dataset.state = state;
    if (this.mark.textContent !== (texts[state] || "")) { this.mark.textContent = texts[state] || ""; }
    this.control.invalid(state === "refused" ? verdict.text : "", this.mark.id, verdict?.cells);
    this.offer(answer);
  }

  offer(answer) {
    const verdict = answer.verdict?.kind === "conflict" ? answer.verdict : null;
    const isNew = Boolean(verdict) && this.conflict.hidden;
    this.conflict.hidden = !verdict;
    if (!verdict) { this.conflict.replaceChildren(); return; }
    if (!isNew && this.shownConflict === answer.data.base) { return; }
    this.shownConflict = answer.data.base;
    const mine = element("button", {type: "button", class: "f-button", text: say("keep_mine")});
    const theirs = element("button", {type: "button", class: "f-button", text: say("take_theirs")});
    mine.addEventListener("click", () => answer.keepMine());
    theirs.addEventListener("click", () => answer.takeTheirs());
    this.conflict.replaceChildren(
      element("p", {text: say("typed_here", {time: clock(answer.draft.at)})}),
      element("p", {text: verdict.who}),
      element("p", {class: "h-written", text: verdict.theirs || say("nothing")}),
      element("div", {class: "f-row-foot"}, mine, theirs),
    );
  }
}

const views = new WeakMap();  // parent element → what is drawn in it

// Streamlit calls this anew whenever data changed, after its script was loaded anew; so a call may come late. What it returns is
// called when the place is gone, and also when a newer call overtook this one while the place stays: then the field stays, too.
function drawAnswer({data, parentElement, setStateValue}) {
  if (!parentElement.isConnected) { return () => {}; }
  const shape = JSON.stringify([data.token, data.field, data.note]);
  let held = views.get(parentElement);
  if (!held || held.shape !== shape) {
    held?.leave();
    let answer = answers.get(data.token);
    if (!answer) { answer = new Answer(data.token); answers.set(data.token, answer); }
    const root = element("div", {class: "f-field", "data-field": data.token});
    parentElement.append(root);
    answer.data ??= data;
    const view = new AnswerView(root, answer, data);
    answer.join(view);
    held = {shape, answer, view, leave: () => { answer.leave(view); root.remove(); }};
    views.set(parentElement, held);
    if (answer.draft) { view.set(answer.draft.value); }
    root.addEventListener("focusout", (event) => { if (!root.contains(event.relatedTarget)) { answer.send(); } });
  }
  held.view.push = (letter) => setStateValue("letter", letter);
  held.answer.update(data, held.view);
  keeper?.look();
  return left(parentElement, () => keeper?.look());
}

// What is to be done when a place is gone.
function left(parentElement, after) {
  return () => {
    const held = views.get(parentElement);
    if (parentElement.isConnected || !held) { return; }
    views.delete(parentElement);
    held.leave();
    after(held);
  };
}

// --- a field of a form: kept until its deed is done --------------------------------------------------------------------------

const drafts = new Map();  // token → its fields that are drawn, in the order of their making

function drawDraft({data, parentElement, setStateValue}) {
  if (!parentElement.isConnected) { return () => {}; }
  let held = views.get(parentElement);
  const shape = JSON.stringify([data.token, data.field]);
  if (!held || held.shape !== shape) {
    held?.leave();
    held = new Draft(data, parentElement, shape);
    views.set(parentElement, held);
    held.push = (text) => setStateValue("text", text);
    held.restore();
    returnToPlace(data.token, held.root);
  }
  held.push = (text) => setStateValue("text", text);
  held.update(data);
  keeper?.lookForDrafts();
  return left(parentElement, () => keeper?.lookForDrafts());
}

class Draft {
  constructor(data, parentElement, shape) {
    this.data = data;
    this.shape = shape;
    this.value = data.value;
    this.nonce = null;    // null: what is saved stands here untouched
    this.sent = null;     // nonce that was sent last
    this.press = null;    // of the refusal that was shown last
    this.from = null;     // the entry of another tab that was taken up
    this.timer = 0;
    this.isHeld = false;  // what it says waits for a screen
    this.isInForm = Boolean(parentElement.closest('[data-testid="stForm"]'));
    this.root = element("div", {class: "f-field", "data-field": data.token});
    parentElement.append(this.root);
    this.control = control(data.field, {typed: () => this.typed(), decided: () => this.decided(),
      isSettled: () => true, settled: () => this.control.get()});
    const discard = element("button", {type: "button", class: "f-button f-quiet-button", text: say("discard"),
      "aria-label": `${say("discard")}: ${data.label}`});
    discard.addEventListener("click", () => this.discard());
    this.newsText = element("span", {});
    this.news = element("p", {class: "f-news", role: "status", hidden: true}, this.newsText, discard);
    this.root.append(this.control.root, this.news);
    this.show(data.value);
    drafts.set(data.token, [...drafts.get(data.token) || [], this]);
    keeper?.met.add(data.token);
  }

  // A field of the same name that was drawn before this one went takes up what was entered here last.
  leave() {
    if (this.root.isConnected) { this.watch(); }
    this.root.remove();
    const others = (drafts.get(this.data.token) || []).filter((draft) => draft !== this);
    if (!others.length) { drafts.delete(this.data.token); return; }
    drafts.set(this.data.token, others);
    const entry = store.read(this.data.token);
    if (entry && entry.nonce !== others.at(-1).nonce) { others.at(-1).takeUp(entry); }
  }

  show(value) {
    this.control.set(value);
    this.known = this.control.get();
  }

  // What the field shows that nobody was told of, because its event was lost: typed all the same.
  watch() {
    if (!same(this.control.get(), this.known)) { this.typed(); }
    const isOver = this.data.field.waits && this.nonce !== this.sent && !this.root.contains(document.activeElement);
    if (isOver || this.isHeld) { this.send(); }
  }

  send() {
    this.isHeld = isGoing();
    if (this.isHeld) { return; }
    this.sent = this.nonce;
    this.push({text: this.control.get(), nonce: this.nonce});
  }

  typed() {
    const {person, label, token, value} = this.data;
    lastKey = Date.now();
    this.known = this.control.get();
    this.news.hidden = true;
    this.control.invalid("");
    this.release();
    const isOnItsWay = this.data.field.waits && this.sent && !this.data.done.includes(this.sent);  // and will be saved
    if (same(this.control.get(), value) && !isOnItsWay) { this.nonce = null; }
    else {
      this.nonce = crypto.randomUUID();
      store.keep(token, {kind: "form", value: this.control.get(), seen: value, person, label, tab, nonce: this.nonce,
        path: location.pathname, at: Date.now()});
    }
    window.clearTimeout(this.timer);
    if (this.isInForm) { this.send(); }
    else if (!this.data.field.waits) { this.timer = window.setTimeout(() => this.send(), REST); }
  }

  decided() { if (!this.isInForm) { window.clearTimeout(this.timer); this.send(); } }

  // What the store holds of it, here or of the tab that it was taken up from, is over.
  release() {
    store.drop(this.data.token);
    if (this.from) { store.drop(this.data.token, this.from.nonce, this.from.tab); }
    this.from = null;
  }

  discard() {
    this.release();
    this.show(this.data.value);
    this.nonce = null;
    this.news.hidden = true;
    this.send();
    this.control.focus();
  }

  // Of this tab at once; of others once they are surely gone.
  restore() {
    const own = store.read(this.data.token);
    if (own) { this.takeUp(own); return; }
    const look = async () => {
      const [newest] = (await orphans(store.others(this.data.token, this.data.person))).slice(-1);
      if (newest && !this.nonce && this.root.isConnected) { this.from = newest; this.takeUp(newest); }
    };
    look();
    window.setTimeout(look, CERTAIN + 500);
  }

  takeUp(entry) {
    if (this.data.done.includes(entry.nonce) || same(entry.value, this.data.value)) {
      store.drop(this.data.token, entry.nonce, entry.tab ?? tab);
      return;
    }
    this.nonce = entry.nonce;
    this.show(entry.value);
    unfold(this.root);
    this.tell(say("draft", {time: clock(entry.at)}), entry.seen);
    this.send();
  }

  // seen: what was saved when the words were begun
  tell(text, seen) {
    const {value, field} = this.data;
    const isOther = seen !== undefined && !same(seen, value);
    this.newsText.textContent = isOther ? `${text} ${say("meanwhile", {value: named(field, value) || say("nothing")})}`.trim() : text;
    this.news.hidden = false;
  }

  update(data) {
    this.watch();
    this.data = data;
    const entry = store.read(data.token);
    if (entry && data.done.includes(entry.nonce)) { store.drop(data.token, entry.nonce); }
    if (this.nonce && data.done.includes(this.nonce)) {
      this.release();
      this.nonce = null;
      this.news.hidden = true;
      this.show(data.value);
    } else if (!same(data.value, this.value)) {
      if (!this.nonce) { this.show(data.value); } else { this.tell("", this.value); }
    }
    this.value = data.value;
    const {problem} = data;
    const isNow = problem && problem.nonce === (this.nonce || "");
    this.control.invalid(isNow ? problem.text : "");
    if (isNow && problem.isFirst && problem.press !== this.press) { this.control.focus(); }
    this.press = problem?.press ?? null;
  }
}

// What came back is seen: the folds around it open, each once, for whoever closes one again means it.
const unfolded = new WeakSet();
function unfold(root) {
  for (let fold = root.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    if (!fold.open && !unfolded.has(fold)) { fold.querySelector("summary")?.click(); }
    unfolded.add(fold);
  }
}

// A value in the reader's words.
function named(spec, value) {
  const options = new Map((spec.options || []).map((option) => [option.value, option.label]));
  return spec.kind === "tick" ? (value ? "✓" : "") : [value].flat().map((part) => options.get(part) ?? part).join(", ");
}

// --- what this browser still holds, on every screen ---------------------------------------------------------------------------

let keeper = null;

class Keeper {
  constructor(root) {
    this.root = root;
    this.verdicts = new Map();  // nonce → verdict
    this.sent = new Set();
    this.ended = new Set();
    this.met = new Set();     // drafts that were drawn on this screen, or that the server was told of
    this.place = "";
    this.letters = [];        // those that were sent last; every message holds them, for one may overtake another
    this.timer = 0;
    this.draftTimer = 0;
    this.hears = (event) => { if (event.key?.startsWith(PREFIX)) { this.look(); } };
    window.addEventListener("storage", this.hears);
  }

  leave() {
    window.removeEventListener("storage", this.hears);
    window.clearTimeout(this.timer);
    window.clearTimeout(this.draftTimer);
    this.push = null;
    this.root.remove();
  }

  update(data, push) {
    this.data = data;
    this.push = push;
    for (const [nonce, verdict] of Object.entries(data.verdicts)) { this.verdicts.set(nonce, verdict); }
    this.end(data.ended);
    for (const entry of store.all(data.person)) {
      if (this.verdicts.get(entry.nonce)?.kind === "saved" || data.done.includes(entry.nonce)) { store.drop(entry.token, entry.nonce, entry.tab); }
    }
    this.look();
    this.lookForDrafts();
  }

  // Drafts of a form whose deed was done and that are not drawn, such as those of a part that was taken out of it.
  end(ended) {
    for (const [id, beginning] of ended) {
      if (this.ended.has(id)) { continue; }
      this.ended.add(id);
      for (const entry of store.all(this.data.person)) {
        if (entry.kind === "form" && entry.token.startsWith(`${entry.person}:form:${beginning}`) && !drafts.has(entry.token)) {
          store.drop(entry.token, entry.nonce, entry.tab);
        }
      }
    }
  }

  // A draft of this screen that is not drawn may belong into a fold: the server opens it.
  lookForDrafts() {
    window.clearTimeout(this.draftTimer);
    this.draftTimer = window.setTimeout(async () => {
      if (!this.push || isLeaving || isRestarting || !isConnected() || isGoing()) { return; }
      const place = location.pathname + location.search;
      if (place !== this.place) { this.place = place; this.met = new Set(drafts.keys()); }
      const hidden = store.all(this.data.person).filter((entry) => entry.kind === "form" && entry.path === location.pathname
        && !drafts.has(entry.token) && !this.met.has(entry.token));
      const gone = await orphans(hidden.filter((entry) => entry.tab !== tab));
      const alone = [...hidden.filter((entry) => entry.tab === tab), ...gone];
      if (!this.again && hidden.length > alone.length) { this.again = window.setTimeout(() => { this.again = 0; this.lookForDrafts(); }, CERTAIN); }
      if (!alone.length) { return; }
      for (const entry of alone) { this.met.add(entry.token); }
      this.push({nonce: crypto.randomUUID(), letters: this.letters, drafts: alone.map((entry) => [entry.token, entry.nonce])});
    }, 900);
  }

  // Another screen stands in this page: what belongs into its folds is looked for anew, also where it is the one from before.
  leaveScreen() { this.place = ""; }
  noteScreen() { if (location.pathname + location.search !== this.place) { this.lookForDrafts(); } }

  pulse() { if (!isGoing()) { this.push?.({nonce: crypto.randomUUID(), letters: this.letters}); } }

  look() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.deliver(), 2000);
  }

  async deliver() {
    if (!this.push || isLeaving || isRestarting) { return; }
    if (isGoing()) { this.look(); return; }
    const strays = store.all(this.data.person).filter((entry) => entry.kind === "answer" && !answers.has(entry.token));
    const homeless = [...strays.filter((entry) => entry.tab === tab), ...await orphans(strays.filter((entry) => entry.tab !== tab))];
    if (homeless.length < strays.length) { window.clearTimeout(this.timer); this.timer = window.setTimeout(() => this.deliver(), CERTAIN + 500); }
    this.draw(homeless);
    const letters = homeless.filter((entry) => !this.sent.has(entry.nonce)).slice(0, 20);
    if (letters.length && isConnected()) {
      for (const letter of letters) { this.sent.add(letter.nonce); }
      this.letters = letters.map(({token, place, nonce, value, base, seen, sent}) => ({token, place, nonce, value, base, seen, sent}));
      this.push({nonce: crypto.randomUUID(), letters: this.letters});
    }
  }

  draw(homeless) {
    const items = homeless.filter((entry) => this.verdicts.has(entry.nonce) && this.verdicts.get(entry.nonce).kind !== "saved");
    this.root.hidden = !items.length;
    if (!items.length) { this.root.replaceChildren(); return; }
    const lines = items.map((entry) => {
      const discard = element("button", {type: "button", class: "f-button f-quiet-button", text: say("discard")});
      discard.addEventListener("click", () => { store.drop(entry.token, entry.nonce, entry.tab); this.deliver(); });
      return element("li", {}, element("a", {href: entry.path, text: entry.label}),
        element("span", {class: "h-quiet", text: ` ${say("typed_here", {time: clock(entry.at)})} `}),
        element("span", {class: "h-quiet", text: this.verdicts.get(entry.nonce).text || ""}),
        element("details", {}, element("summary", {text: say("words")}), element("p", {class: "h-written", text: plain(entry.value)}), discard));
    });
    this.root.replaceChildren(element("p", {class: "f-kept-title", text: say("unsaved_answers", {count: items.length})}),
      element("ul", {}, ...lines));
  }
}

function plain(value) {
  if (typeof value === "string") { return value; }
  if (Array.isArray(value)) { return value.map(plain).filter(Boolean).join("\n"); }
  return Object.values(value || {}).map(plain).filter(Boolean).join("\n");
}

function drawKeeper({data, parentElement, setStateValue}) {
  if (!parentElement.isConnected) { return () => {}; }
  let held = views.get(parentElement);
  if (!held) {
    const root = element("section", {class: "f-kept", "aria-label": say("unsaved_title"), hidden: true});
    parentElement.append(root);
    held = new Keeper(root);
    views.set(parentElement, held);
  }
  keeper = held;
  held.update(data, (post) => setStateValue("post", post));
  return left(parentElement, (held) => { if (keeper === held) { keeper = null; } });
}

function watchAll() {
  for (const answer of [...answers.values()]) { answer.watch(); }
  for (const draft of [...drafts.values()].flat()) { if (draft.root.isConnected) { draft.watch(); } else { draft.leave(); } }
  keeper?.noteScreen();
}
window.setInterval(watchAll, WATCH);
// What waited for a screen is said as soon as it stands there.
new MutationObserver(() => { if (!isGoing()) { watchAll(); } }).observe(document.documentElement, {attributes: true, attributeFilter: ["data-going"]});
window.addEventListener("popstate", () => keeper?.leaveScreen());

const KINDS = {answer: drawAnswer, form: drawDraft, keeper: drawKeeper};

// What happened to the connection before this script came was told to nobody.
document.documentElement.dataset.fields = "here";
if (document.documentElement.dataset.socket === "lost") { offline(); }
else if (document.documentElement.dataset.socket) { online(); }

export default function draw(component) {
  const [data] = component.data;
  return KINDS[data.kind]({...component, data});
}
