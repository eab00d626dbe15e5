// The keys that Streamlit's shortcuts cannot serve: they reach fields, walk through a search's hits, open the map
// of the keys, and keep the keyboard where it was when a card is replaced. Clicks stay the server's.
(() => {
  if (window.lexalignKeys) return;
  window.lexalignKeys = true;

  const one = (css) => document.querySelector(css);
  const all = (css) => [...document.querySelectorAll(css)].filter((each) => each.offsetParent !== null);
  const typing = (at) => at.matches("input, textarea, select, [contenteditable=true]");
  const SEARCH = ".st-key-search .stTextInput input", HITS = ".st-key-hits button";
  const FIELDS = { k: SEARCH, t: '[class*="st-key-comment_"] input' };
  const HOMES = ["ratings", "reasons", "relations", "other_keys", "candidates", "hits"];

  function walk(event, at) {
    const hits = all(HITS), here = hits.indexOf(at), field = one(SEARCH);
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const asked = at === field && event.key === "Enter" ? 1 : way;
    if (!asked || !hits.length || (at === field ? asked < 0 : here < 0)) return;
    (hits[here + asked] || (here + asked < 0 ? field : at)).focus();
    if (way) event.preventDefault();
    event.stopPropagation();
  }

  function leave(event, at) {
    if (!all(HITS).includes(at) && !at.matches(`${FIELDS.k}, ${FIELDS.t}`)) return;
    at.blur();
    event.stopPropagation();
  }

  document.addEventListener("keydown", (event) => {
    const at = document.activeElement || document.body;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") leave(event, at);
    else walk(event, at);
    if (typing(at)) return;
    const field = one(FIELDS[event.key.toLowerCase()] || "nothing");
    if (field) {
      field.focus();
      event.preventDefault();
    } else if (event.key === "?") one(".st-key-keymap button")?.click();
  }, true);

  // a card that is replaced takes the focused button with it: the one in its place has the focus then
  let home = null, number = 0;
  document.addEventListener("focusin", ({ target }) => {
    home = HOMES.find((name) => target.closest(`.st-key-${name}`)) || null;
    number = home && target.matches("button") ? all(`.st-key-${home} button`).indexOf(target) : -1;
    if (number < 0) home = null;
  });

  let said = "";
  function speak() {
    const [entry, concept] = [".entry h2", ".concept h2"].map((css) => one(css)?.textContent || "");
    const words = entry && `${entry} : ${concept}`;
    if (words === said) return;
    said = words;
    let voice = one("#lexalign-voice");
    if (!voice) {
      voice = document.body.appendChild(document.createElement("div"));
      Object.assign(voice, { id: "lexalign-voice", className: "unseen" });
      voice.setAttribute("role", "status");
    }
    voice.textContent = words;
  }

  // Streamlit puts its pages' sections in a list without being items of it; links in a nav need no list
  function mend() {
    for (const each of document.querySelectorAll(
      '[data-testid="stSidebarNavItems"]:not([role]), [data-testid="stSidebarNavItems"] li:not([role])'
    )) each.setAttribute("role", "none");
  }

  mend();
  new MutationObserver(() => {
    speak();
    mend();
    if (!home || document.activeElement !== document.body) return;
    const there = all(`.st-key-${home} button`);
    there[Math.min(number, there.length - 1)]?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
})();
