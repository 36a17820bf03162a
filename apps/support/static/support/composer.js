// What the agent writes: drafts that the server keeps, offered answers and canned replies that are inserted.
(() => {
  const SAVE_MS = 500;
  const LATE_MS = 500;
  const $ = (selector) => document.querySelector(selector);
  const box = () => $("#reply");
  const form = () => $("#composer");
  const texts = { reply: "", note: "" };
  // Notes that were begun, by conversation: the server keeps drafts of replies alone.
  const notes = {};
  // The offered answers that replies began as, by conversation; the server learns from how they were changed.
  const begunAs = {};
  const talk = () => $("[data-talk]").dataset.talk;
  let saveTimer;
  let saving = Promise.resolve();

  // --- drafts ---
  const post = (address, fields, options = {}) => {
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: $("[name=csrfmiddlewaretoken]").value });
    return fetch(address, { method: "POST", body, redirect: "error", ...options });
  };
  // Why it can't be sent, which stays until one goes on writing; the draft is saved meanwhile.
  let obstacle = "";
  const showDraft = (text) => { $("#draft-state").textContent = obstacle || text; };
  const stopTimer = () => {
    clearTimeout(saveTimer);
    saveTimer = undefined;
  };
  const save = () => {
    stopTimer();
    const { draft, saved, unsaved } = form().dataset;
    const body = texts.reply;
    saving = saving
      .then(() => post(draft, { body }, { keepalive: true }))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then(({ refusal }) => showDraft(refusal ?? (body ? saved : "")))
      .catch(() => showDraft(unsaved));
  };
  const isUnsaved = () => saveTimer !== undefined;
  // Where the customer cannot be written to, nothing can be sent; a note is always kept.
  const showWhatMayBeSent = () => {
    if (!form()) return;
    const state = $("#composer-state");
    $("#send").disabled = form().dataset.mode === "reply" && !state.dataset.maySend;
    state.querySelector("[data-draft]")?.toggleAttribute("hidden", !texts.reply);
  };
  const written = () => {
    obstacle = "";
    texts[form().dataset.mode] = box().value;
    showWhatMayBeSent();
    if (form().dataset.mode !== "reply") {
      notes[talk()] = texts.note;
      return;
    }
    if (!box().value) delete begunAs[talk()];
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, SAVE_MS);
  };
  const settled = async () => {
    stopTimer();
    await saving;
  };

  // --- a reply, or a note for colleagues ---
  const setMode = (mode) => {
    texts[form().dataset.mode] = box().value;
    form().dataset.mode = mode;
    box().value = texts[mode];
    box().dataset.replyPlaceholder ??= box().placeholder;
    box().placeholder = box().dataset[`${mode}Placeholder`];
    form().querySelectorAll("button[data-mode]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    });
    form().querySelectorAll("[data-says]").forEach((words) => { words.hidden = words.dataset.says !== mode; });
    showWhatMayBeSent();
  };
  const focus = (place = box().value.length) => {
    box().focus();
    box().setSelectionRange(place, place);
  };
  const setText = (text) => {
    box().value = text;
    written();
  };

  // --- inserting ---
  // Marks the first placeholder that is still to be filled in; whether there is one.
  const selectGap = () => {
    const gap = /\{\{\s*[^\s{}][^{}]{0,79}\}\}/.exec(box().value);
    if (gap) box().setSelectionRange(gap.index, gap.index + gap[0].length);
    return Boolean(gap);
  };
  const insert = (text, from, to) => {
    box().setRangeText(text, from, to, "end");
    written();
    box().focus();
    selectGap();
  };
  const insertAnswer = ({ decision, intent, text }) => {
    setMode("reply");
    // Another answer takes the place of one that was not changed; else it goes where one writes.
    const isUntouched = box().value !== "" && box().value === begunAs[talk()]?.inserted;
    if (!box().value || isUntouched) begunAs[talk()] = { decision, intent, inserted: text };
    insert(text, isUntouched ? 0 : box().selectionStart, isUntouched ? box().value.length : box().selectionEnd);
  };

  // --- canned replies: a slash at the start of a word ---
  const list = () => $("#canned");
  const typed = () => /(?:^|\s)(\/([\w-]*))$/.exec(box().value.slice(0, box().selectionStart));
  const offered = () => [...list().children].filter((option) => !option.hidden);
  const selected = () => list().querySelector("[aria-selected=true]");
  const select = (option) => {
    [...list().children].forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (option) box().setAttribute("aria-activedescendant", option.id);
    else box().removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const closeList = () => {
    list().hidden = true;
    box().setAttribute("aria-expanded", "false");
    select(null);
  };
  const offer = () => {
    const match = typed();
    if (!match) return closeList();
    const wanted = match[2].toLowerCase();
    [...list().children].forEach((option) => {
      option.hidden = !option.dataset.shortcut.toLowerCase().startsWith(wanted);
    });
    const all = offered();
    if (!all.length) return closeList();
    list().hidden = false;
    box().setAttribute("aria-expanded", "true");
    select(all[0]);
  };
  const insertCanned = (option) => {
    const match = typed();
    const end = box().selectionStart;
    closeList();
    insert(option.dataset.text, match ? end - match[1].length : end, end);
  };
  const listKeys = {
    ArrowDown: () => select(offered()[Math.min(offered().indexOf(selected()) + 1, offered().length - 1)]),
    ArrowUp: () => select(offered()[Math.max(offered().indexOf(selected()) - 1, 0)]),
    Enter: () => insertCanned(selected()),
    Tab: () => insertCanned(selected()),
    Escape: closeList,
  };

  // --- sending ---
  const send = async () => {
    const text = box().value;
    if (!text.trim()) return;
    const of = talk();
    const { reply, note } = form().dataset;
    const leave = (detail) => document.dispatchEvent(new CustomEvent("written", { detail: { talk: of, ...detail } }));
    if (form().dataset.mode === "note") {
      setText("");
      setMode("reply");
      leave({ mode: "note", address: note, fields: { body: text } });
      return;
    }
    if (!$("#composer-state").dataset.maySend) {
      $("#composer-state").querySelector("p")?.classList.add("is-urgent");
      return;
    }
    if (selectGap()) {
      obstacle = form().dataset.unfilled;
      showDraft();
      return;
    }
    const fields = { body: text, ...begunAs[of] };
    setText("");
    // A draft that is saved after it was sent would come back.
    await settled();
    showDraft("");
    leave({ mode: "reply", address: reply, fields });
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "composer") return;
    event.preventDefault();
    send();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "reply") return;
    if (!list().hidden && Object.hasOwn(listKeys, event.key) && !event.ctrlKey) {
      event.preventDefault();
      listKeys[event.key]();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  }, true);
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "reply") return;
    written();
    offer();
  });
  document.addEventListener("click", ({ target }) => {
    const answer = target.closest?.("[data-answer]");
    if (answer) insertAnswer(answer.dataset);
    const mode = target.closest?.("button[data-mode]");
    if (mode) {
      setMode(mode.dataset.mode);
      focus();
    }
    const option = target.closest?.("#canned [role=option]");
    if (option) insertCanned(option);
  });
  document.addEventListener("compose", ({ detail }) => {
    if (!form()) return;
    setMode(detail.mode);
    if (detail.text !== undefined) {
      // Before what was begun meanwhile.
      setText([detail.text, box().value].filter(Boolean).join("\n"));
      obstacle = detail.obstacle;
      showDraft("");
    }
    focus();
  });

  // --- sent from another window of theirs ---
  // With a reply its author's draft is gone from the server: the words here are the same, or saved nowhere any more.
  const lastSaid = () => [...document.querySelectorAll("#thread-entries .bubble-agent")].at(-1);
  let heardSeq = 0;
  const followReplies = () => {
    const seq = Number(lastSaid()?.dataset.seq ?? 0);
    const isNew = seq > heardSeq;
    heardSeq = seq;
    if (!isNew || !form() || !texts.reply) return;
    if (texts.reply.trim() !== lastSaid().querySelector(".bubble-text").textContent.trim()) return save();
    stopTimer();
    texts.reply = "";
    delete begunAs[talk()];
    if (form().dataset.mode === "reply") box().value = "";
    showDraft("");
  };

  // --- coming and going ---
  const begin = () => {
    heardSeq = Number(lastSaid()?.dataset.seq ?? 0);
    if (!form()) return;
    const note = notes[talk()] ?? "";
    [texts.reply, texts.note, obstacle] = [box().value, note, ""];
    if (!texts.reply) delete begunAs[talk()];
    if (note && !texts.reply) setMode("note");
  };
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "desk-main" && form() && isUnsaved()) save();
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id === "desk-main") begin();
    followReplies();
    showWhatMayBeSent();
  });
  addEventListener("beforeunload", (event) => {
    if (Object.values(notes).some((note) => note.trim())) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (form() && isUnsaved()) save();
  });
  // What the page before this one saved while it went may have been kept only after this one was read.
  const findLateDraft = async () => {
    if (!form()) return;
    const of = talk();
    const isEmpty = () => form() && !box().value && talk() === of;
    if (!isEmpty()) return;
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (isEmpty()) texts[form().dataset.mode] = box().value = page.querySelector("#reply")?.value ?? "";
    showWhatMayBeSent();
  };
  begin();
  showWhatMayBeSent();
  setTimeout(findLateDraft, LATE_MS);
})();
