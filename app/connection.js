// A press that is made while the server is away is lost in Streamlit: this says so at once, holds the keys back, and
// asks, once the server is there again, what became of a press that was under way.
const STORE = "lexalign-press", STATE = "data-test-connection-state", SLOW = 4000;
const WORDED = '[class*="st-key-none_"], [class*="st-key-skip_"], [class*="st-key-absent_"]';
const FIELDS = 'input, textarea, select, [contenteditable="true"]';

export default function ({ data, setTriggerValue }) {
  if (data.waker) {
    window.lexalignWake = () => setTriggerValue("asked", { back: Date.now() });
    return;
  }
  window.lexalignWatch ??= begin();
  window.lexalignWatch(data, setTriggerValue);
}

function begin() {
  let told = null, trigger = () => {}, away = false, timer = 0;
  let press = JSON.parse(sessionStorage.getItem(STORE) || "null");
  let broken = press !== null;  // whether the connection, or the page, went between the press and its answer
  const banner = document.createElement("div");
  banner.id = "lexalign-connection";
  banner.setAttribute("role", "alert");
  document.body.append(banner);

  const online = () => document.querySelector(`[${STATE}]`)?.getAttribute(STATE) === "CONNECTED";
  const reviewing = () => document.querySelector(".st-key-review") !== null;
  const remember = (value) => {
    [press, broken] = [value, false];
    if (value) sessionStorage.setItem(STORE, JSON.stringify(value));
    else sessionStorage.removeItem(STORE);
  };
  const say = (name, tone = "warn") => {
    const label = press?.label ?? "";
    banner.replaceChildren(document.createTextNode(told.words[name].replaceAll("{press}", label)));
    banner.className = tone;
    if (tone !== "away") banner.append(closing());
  };
  const closing = () => {
    const button = document.createElement("button");
    button.textContent = "×";
    button.setAttribute("aria-label", told.words.close);
    button.onclick = hush;
    return button;
  };
  const hush = () => { banner.className = ""; banner.replaceChildren(); };

  function made(label) {
    clearTimeout(timer);
    if (banner.className !== "away") hush();
    remember({ ...told.place, label, sent: !away, turn: told.turn, at: Date.now() });
    if (away) say("lost", "away");
    else timer = setTimeout(() => press && say("slow", "away"), SLOW);
  }

  function change() {
    if (!told || !reviewing()) return;
    if (!online() && !away) {
      [away, broken] = [true, press !== null];
      document.documentElement.classList.add("lexalign-away");
      clearTimeout(timer);
      say(press ? "unsure" : "away", "away");
    } else if (online() && away) wake(0);
  }

  // A server that was started again knows nothing of this page, and Streamlit does not always draw it anew: until it
  // has, a press would do nothing
  function wake(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!away || !online()) return;
      window.lexalignWake?.();
      wake(1500);
    }, wait);
  }

  function awake() {
    away = false;
    document.documentElement.classList.remove("lexalign-away");
    clearTimeout(timer);
    if (!press) { say("back", "good"); timer = setTimeout(hush, 5000); }
    else if (!press.sent) { say("again"); remember(null); }
  }

  function hold(event, label) {
    if (away) { event.preventDefault(); event.stopImmediatePropagation(); }
    if (label !== undefined && told?.place) made(label);
  }

  window.addEventListener("keydown", (event) => {
    if (!reviewing() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(FIELDS)) return;
    if (event.key.length === 1 || event.key.startsWith("Arrow")) hold(event, told?.keys[event.key.toLowerCase()]);
  }, true);
  window.addEventListener("click", (event) => {
    const button = event.target.closest?.(".st-key-review button");
    if (!button) return;
    if (button.closest(".st-key-ratings")) hold(event, button.innerText.trim().slice(0, 1));
    else hold(event, button.closest(WORDED) ? button.innerText.trim().split("\n")[0] : undefined);
  }, true);
  new MutationObserver(change).observe(document.body, { subtree: true, childList: true, attributeFilter: [STATE] });

  function inquire(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!press || !broken || away) return;
      trigger("asked", press);
      inquire(1500);
    }, wait);
  }

  function settle(data) {
    if (data.answer?.asked.at === press.at) {
      clearTimeout(timer);
      say(data.answer.kept ? "kept" : "again", data.answer.kept ? "good" : "warn");
      if (data.answer.kept) timer = setTimeout(hush, 8000);
      remember(null);
    } else if (broken) inquire(300);
    else if (data.turn !== press.turn) {
      clearTimeout(timer);
      remember(null);
      hush();
    }
  }

  // Called with each drawing: the server is there, and has dealt with what came before
  return (data, setTriggerValue) => {
    [told, trigger] = [data, setTriggerValue];
    if (away && online()) awake();
    if (press?.sent && !away) settle(data);
  };
}
