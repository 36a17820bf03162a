// The console's page: its keys, the list under them, times that go on, and what is said when something fails.
(() => {
  // What customers wrote must not lie in the browser's storage: "back" asks the server again.
  htmx.config.historyCacheSize = 0;
  htmx.config.refreshOnHistoryMiss = true;

  const main = document.querySelector(".desk");
  const $ = (selector) => document.querySelector(selector);
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const openTalk = () => $("[data-talk]")?.dataset.talk;

  // --- times ---
  const language = document.documentElement.lang;
  const dated = language.replace(/^en$/, "en-GB"); // whose dates the pages write
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });
  const exact = new Intl.DateTimeFormat(dated, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(dated, { timeStyle: "short" });
  const steps = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const SOON_SECONDS = 300;
  const spoken = (seconds) => {
    const [size, unit] = steps.find(([length]) => Math.abs(seconds) >= length) ?? [1, "second"];
    return unit === "second" ? relative.format(0, "second") : relative.format(Math.trunc(seconds / size), unit);
  };
  const lasted = (seconds) => {
    const [size, unit] = steps.find(([length]) => seconds >= length) ?? [1, "second"];
    const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow" });
    return format.format(Math.trunc(seconds / size));
  };
  const showTimes = () => {
    document.querySelectorAll("time[datetime]").forEach((time) => {
      const at = new Date(time.dateTime);
      const seconds = (at - Date.now()) / 1000;
      const [isClock, isFor] = ["clock" in time.dataset, "for" in time.dataset];
      const isToday = at.toDateString() === new Date().toDateString();
      const text = isClock ? (isToday ? clock : exact).format(at) : isFor ? lasted(-seconds) : spoken(seconds);
      if (time.textContent !== text) time.textContent = text;
      const means = (time.dataset.means ??= time.title);
      time.title = means ? `${means}: ${exact.format(at)}` : exact.format(at);
      if ("due" in time.dataset) {
        time.classList.toggle("is-late", seconds < 0);
        time.classList.toggle("is-soon", seconds >= 0 && seconds < SOON_SECONDS);
      }
    });
  };
  setInterval(showTimes, 10000);

  // --- what is where ---
  const view = (name) => {
    ["list", "conversation", "details"].forEach((one) => main.classList.toggle(`at-${one}`, one === name));
  };
  const markOpen = () => {
    rows().forEach((row) => {
      const isOpen = row.dataset.row === openTalk();
      if (isOpen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      // What is on the screen is read, though the list may have been made before the server was told so.
      if (!isOpen || !$("#thread").offsetParent) return;
      row.classList.remove("is-unread");
      row.querySelector(".desk-dot")?.remove();
    });
  };
  const says = $("#desk-says");
  let saysTimer;
  const say = (text) => {
    clearTimeout(saysTimer);
    says.textContent = text;
    says.hidden = false;
    saysTimer = setTimeout(() => { says.hidden = true; }, 6000);
  };

  // --- what routing and colleagues give one: told together, for it often comes together ---
  const GIVEN_MS = 1500;
  let given = 0;
  let givenTimer;
  document.addEventListener("stream-event", ({ detail: { kind, payload } }) => {
    if (kind !== "given" || payload.agent !== Number(main.dataset.me)) return;
    given += 1;
    clearTimeout(givenTimer);
    givenTimer = setTimeout(() => {
      say(given === 1 ? main.dataset.givenOne : main.dataset.givenMany.replace("{n}", given));
      given = 0;
    }, GIVEN_MS);
  });

  // --- the thread: stays at its end while one looks there, and says aloud what is new ---
  let heardSeq = 0;
  let heardTalk = "";
  let wasAtEnd = true;
  let fromEnd = 0;
  const atEnd = () => {
    const thread = $("#thread");
    return !thread || thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  };
  const toEnd = () => {
    const thread = $("#thread");
    if (thread) thread.scrollTop = thread.scrollHeight;
    if ($("#to-end")) $("#to-end").hidden = true;
  };
  const hear = () => {
    const talk = openTalk() ?? "";
    const bubbles = [...document.querySelectorAll("#thread-entries [data-seq]")];
    const last = Number(bubbles.at(-1)?.dataset.seq ?? 0);
    const isNewTalk = talk !== heardTalk;
    const unheard = bubbles.filter(({ dataset }) => Number(dataset.seq) > heardSeq && dataset.author === "customer");
    if (!isNewTalk && last > heardSeq && unheard.length) {
      const text = unheard.map((bubble) => bubble.querySelector(".bubble-text").textContent).join(" ");
      $("#desk-hears").textContent = `${$("#desk-hears").dataset.words} ${text}`;
    }
    if (isNewTalk || wasAtEnd) toEnd();
    else if (last > heardSeq && $("#to-end")) $("#to-end").hidden = false;
    [heardSeq, heardTalk] = [last, talk];
  };
  document.addEventListener("htmx:beforeSwap", () => {
    wasAtEnd = atEnd();
    const thread = $("#thread");
    if (thread) fromEnd = thread.scrollHeight - thread.scrollTop;
    focused = document.activeElement;
    place = rows().indexOf(focused);
  });
  document.addEventListener("scroll", ({ target }) => {
    if (target.id === "thread" && atEnd()) $("#to-end").hidden = true;
  }, true);

  // --- the focus: where the button or the row that had it is gone, it stays near ---
  let focused = null;
  let place = -1;
  const keepPlace = () => {
    const isLost = document.activeElement === document.body && place >= 0;
    if (isLost) (rows()[Math.min(place, rows().length - 1)] ?? $('.desk-tabs [aria-current="page"]')).focus();
  };
  const keepFocus = ({ elt }) => {
    const isLost = document.activeElement === document.body && [elt, focused].some((one) => !one.isConnected);
    if (isLost) $(elt.matches(".tag-remove") ? "#do-tag" : "#thread")?.focus({ preventScroll: true });
  };

  const settle = () => {
    showTimes();
    markOpen();
    hear();
  };
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id === "desk-main") {
      view("conversation");
      const name = $("[data-called]")?.dataset.called;
      document.title = `${name} · ${document.title.split(" · ").at(-1)}`;
      const row = $(`[data-row="${openTalk()}"]`);
      const told = $("#erased[autofocus]") ?? (row?.offsetParent ? null : $("#thread"));
      told?.focus();
    }
    if (detail.target?.id === "thread-entries") {
      // Earlier messages come above what one reads, which stays where it is.
      if (detail.requestConfig.elt.id === "thread-earlier") $("#thread").scrollTop = $("#thread").scrollHeight - fromEnd;
      keepFocus(detail.requestConfig);
    }
    if (detail.target?.id === "desk-list") keepPlace();
    if (/^(said-|noted-|contact|words-)/.test(detail.target?.id ?? "")) document.getElementById(detail.target.id)?.focus();
    settle();
  });
  const failed = () => say(main.dataset.failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);

  // --- clicks ---
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("[data-view]");
    if (place) {
      event.preventDefault();
      view(place.dataset.view);
      if (place.dataset.view === "list") $(`[data-row="${openTalk()}"]`)?.focus();
    }
    if (event.target.closest?.("[data-why]") && matchMedia("(max-width: 1100px)").matches) view("details");
    if (event.target.id === "to-end") toEnd();
  });

  // --- keys ---
  // What an input method takes is a key for no script: Safari tells of its last Enter after the end, by this code.
  const TAKEN_KEY = 229;
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === TAKEN_KEY) event.stopPropagation();
  }, true);
  const click = (selector) => {
    const element = $(selector);
    element?.click();
    return Boolean(element);
  };
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    view("list");
    const here = all.findIndex((row) => row === document.activeElement);
    const open = all.findIndex((row) => row.getAttribute("aria-current"));
    const from = here >= 0 ? here : open;
    const next = from < 0 ? 0 : Math.min(Math.max(from + step, 0), all.length - 1);
    all[next].focus();
  };
  const sayWhyNot = () => {
    const gate = $("#composer-state p")?.innerText.trim();
    if (gate) say(gate);
  };
  const write = (mode) => document.dispatchEvent(new CustomEvent("compose", { detail: { mode } }));
  const choose = (name) => click(`[data-open="${name}"]`);
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    t: () => click("#do-take") || sayWhyNot(),
    r: () => write("reply"),
    n: () => write("note"),
    x: () => choose("transfer"),
    s: () => choose("snooze"),
    e: () => choose("resolve"),
    c: () => choose("correct"),
    l: () => choose("tag"),
    w: () => click("#do-words"),
    o: () => [...document.querySelectorAll("[data-reveal]")].findLast((button) => button.offsetParent)?.click(),
    1: () => click("#answer-1"),
    2: () => click("#answer-2"),
    3: () => click("#answer-3"),
    "/": () => $("#desk-q").focus(),
    "?": () => document.getElementById("dialog-keys").showModal(),
    g: () => { waitsForLetter = Date.now(); },
  };
  // Whoever speaks to the computer presses letters unawares: they can be switched off.
  const singleKeys = $("#single-keys");
  const heedSingleKeys = () => main.classList.toggle("without-keys", !singleKeys.checked);
  singleKeys.checked = localStorage.getItem("singleKeys") !== "off";
  singleKeys.addEventListener("change", () => {
    localStorage.setItem("singleKeys", singleKeys.checked ? "on" : "off");
    heedSingleKeys();
  });
  heedSingleKeys();
  const LETTER_MS = 1500;
  let waitsForLetter = 0;

  // A key belongs to the conversation that was asked for: what is pressed while it comes is pressed again then.
  let onItsWay = null;
  let held = [];
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target?.id !== "desk-main") return;
    onItsWay = detail.xhr;
    // htmx tells the row, and nobody hears it where the list has changed meanwhile.
    detail.xhr.addEventListener("loadend", () => hasCome(detail.xhr));
  });
  const hasCome = (request) => {
    if (request !== onItsWay) return;
    const keysThen = request.status === 200 ? held : [];
    [onItsWay, held] = [null, []];
    keysThen.forEach((key) => {
      const place = document.activeElement;
      const isFree = place.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      if (!isFree || key.length > 1 || !place.matches("input[type=text], textarea")) return;
      place.setRangeText(key, place.selectionStart, place.selectionEnd, "end");
      place.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.target.matches("input, textarea, select")) {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      // A search box would empty itself.
      event.preventDefault();
      event.target.blur();
      return;
    }
    if (!singleKeys.checked) return;
    if (onItsWay) {
      held.push(event.key);
      event.preventDefault();
      return;
    }
    const isLetter = Date.now() - waitsForLetter < LETTER_MS;
    waitsForLetter = 0;
    if (isLetter && click(`[data-letter="${CSS.escape(event.key)}"]`)) {
      view("list");
      event.preventDefault();
      return;
    }
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  if (!main.classList.contains("at-conversation")) view("list");
  settle();
})();
