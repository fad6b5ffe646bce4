// What pages need beyond forms and links. Each part stands alone; without this file everything still works.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => root.querySelectorAll(selector);

// --- requests: Django's token goes with each
document.addEventListener("htmx:configRequest", event => {
  event.detail.headers["X-CSRFToken"] = one("meta[name=csrf-token]")?.content ?? "";
  if (event.detail.triggeringEvent?.type === "poll") event.detail.headers["X-Poll"] = "1"; // nobody at work: sessions may end
});

// --- announcer: [data-announce] in what was swapped in is read out, politely, at most every 10 s;
// with data-announce-now (the end of something) at once
const PAUSE = 10_000;
let spokenAt = -PAUSE, waiting = null;

function announce(text, now = false) {
  clearTimeout(waiting);
  const wait = now ? 0 : Math.max(0, spokenAt + PAUSE - performance.now());
  waiting = setTimeout(() => {
    const live = one("#live");
    if (!live || live.textContent === text) return;
    live.textContent = text;
    spokenAt = performance.now();
  }, wait);
}

// --- focus: after a swap, or a page that came back with faults, to the error summary or what asks for it
const within = (selector, root) => root.matches?.(selector) ? root : one(selector, root);

document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  const said = within("[data-announce]", elt);
  if (said) announce(said.dataset.announce, "announceNow" in said.dataset);
  within("[data-focus]", elt)?.focus();
});
one("[data-focus]")?.focus();

// --- polling: <div id="…" data-poll="1000" hx-get="…" hx-trigger="poll" hx-swap="morph:outerHTML">
// Slower after a minute and in a hidden tab; ends when the element comes back without data-poll.
const SLOW = 3_000, HIDDEN = 10_000, WORST = 30_000, MINUTE = 60_000;
const loadedAt = performance.now();
const timers = new Map();
let failures = 0;

function pause(element) {
  const asked = Number(element.dataset.poll);
  const calm = performance.now() - loadedAt > MINUTE ? Math.max(asked, SLOW) : asked;
  const quiet = document.hidden ? Math.max(calm, HIDDEN) : calm;
  return Math.min(quiet * 2 ** failures, Math.max(WORST, quiet));
}

function schedule(id) {
  clearTimeout(timers.get(id));
  const element = document.getElementById(id);
  if (!element?.dataset.poll) return timers.delete(id);
  timers.set(id, setTimeout(() => poll(id), pause(element)));
}

function poll(id) {
  const element = document.getElementById(id);
  if (element?.dataset.poll) htmx.trigger(element, "poll");
}

const watch = root => all("[data-poll][id]", root).forEach(element => timers.has(element.id) || schedule(element.id));
watch(document);
document.addEventListener("htmx:load", event => watch(event.target.parentNode ?? document));
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => {
  if (timers.has(elt.id)) setTimeout(() => schedule(elt.id)); // after the answer has been judged below
});
document.addEventListener("htmx:afterOnLoad", event => event.detail.failed || reached(true));
for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(trouble, () => reached(false));
}

function reached(well) {
  failures = well ? 0 : Math.min(failures + 1, 5);
  one("#offline")?.toggleAttribute("hidden", well);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) timers.forEach((_, id) => poll(id));
});

// --- htmx notes the address of each page in the browser's storage, and an address may hold a person who was looked for
const forget = () => { try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* switched off */ } };
forget();
for (const moved of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(moved, forget);
}
addEventListener("pagehide", forget);

// --- keys: / searches, ? lists the keys, Esc closes menus (dialogs close by themselves)
const stored = key => { try { return localStorage.getItem(key); } catch { return null; } };
const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* holds for this page */ } };
const typing = element => element.closest("input, textarea, select, [contenteditable]");

function search() {
  const field = one("main input[type=search]");
  if (field) field.focus();
  else one("[data-search-link]")?.click();
}

document.addEventListener("keydown", event => {
  if (event.key === "Escape") return closeMenus(true);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || stored("keys") === "off") return;
  if (event.key === "/") { event.preventDefault(); search(); }
  if (event.key === "?") one("#keys")?.togglePopover();
});
if (location.hash === "#search") search();

const keysOn = one("[data-keys-on]");
if (keysOn) {
  keysOn.checked = stored("keys") !== "off";
  keysOn.addEventListener("change", () => store("keys", keysOn.checked ? "on" : "off"));
}

// --- menus, notices, copying
function closeMenus(giveFocusBack = false, but = null) {
  all("details.menu[open]").forEach(menu => {
    if (menu.contains(but)) return;
    menu.open = false;
    if (giveFocusBack) one("summary", menu).focus();
  });
}

document.addEventListener("click", event => {
  closeMenus(false, event.target.closest("a") ? null : event.target); // a download leaves the page where it is
  const close = event.target.closest("[data-close]");
  close?.closest(close.dataset.close)?.remove();
  const copy = event.target.closest("[data-copy]");
  if (copy) take(copy);
});

async function take(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    announce(button.dataset.said, true);
  } catch { // plain http away from this machine: select it, the person copies
    getSelection().selectAllChildren(source);
  }
}
