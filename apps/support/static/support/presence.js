// Who else is here, who is writing, and how far this agent has read.
(() => {
  const SAY_MS = 2500;
  const $ = (selector) => document.querySelector(selector);
  const talk = () => $("[data-talk]")?.dataset.talk ?? "";
  // Whether it went out.
  const say = (stream, kind, payload) => {
    return !document.dispatchEvent(new CustomEvent("stream-say", { cancelable: true, detail: { stream, kind, payload } }));
  };
  const me = Number($(".desk").dataset.me);
  let here = [];
  let isCustomerHere = false;
  let customerUntil = 0;
  const writing = new Map();

  const paint = () => {
    const now = Date.now();
    const writers = [...writing.values()].filter(({ until }) => until > now).map(({ name }) => name);
    const others = here.filter(({ id }) => id !== me).map(({ name }) => name);
    const warning = $("#also-here");
    if (warning) {
      const names = writers.length ? writers : others;
      const words = writers.length ? warning.dataset.writing : warning.dataset.looking;
      const text = names.length ? words.replace("{names}", names.join(", ")) : "";
      if (warning.textContent !== text) warning.textContent = text;
      warning.hidden = !text;
      warning.classList.toggle("is-writing", writers.length > 0);
    }
    if ($("#customer-types")) $("#customer-types").hidden = customerUntil <= now;
    if ($("#customer-here")) $("#customer-here").hidden = !isCustomerHere;
  };

  document.addEventListener("stream-signal", ({ detail: { stream, kind, payload } }) => {
    if (stream === `console:${talk()}`) {
      if (kind === "presence") here = payload.agents;
      if (kind === "typing" && payload.id !== me) {
        writing.set(payload.id, { name: payload.name, until: Date.now() + payload.seconds * 1000 });
      }
    } else if (stream === `conversation:${talk()}`) {
      if (kind === "presence") isCustomerHere = payload.is_customer_here;
      if (kind === "read" && payload.side === "customer") showSeen(payload.seq);
      if (kind === "typing" && payload.author === "customer") customerUntil = Date.now() + payload.seconds * 1000;
    }
    paint();
  });

  // Under the last thing that was said to the customer and that they have read.
  const showSeen = (seq) => {
    const entries = $("#thread-entries");
    entries.dataset.readSeq = Math.max(seq, Number(entries.dataset.readSeq));
    const marks = [...entries.querySelectorAll("[data-seen]")];
    const isRead = (mark) => Number(mark.closest("[data-seq]").dataset.seq) <= Number(entries.dataset.readSeq);
    const last = marks.findLast(isRead);
    marks.forEach((mark) => { mark.hidden = mark !== last; });
  };

  let saidAt = 0;
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "reply" || Date.now() - saidAt < SAY_MS) return;
    saidAt = Date.now();
    say(`console:${talk()}`, "typing", {});
    const isForCustomer = $("#composer").dataset.mode === "reply" && $("#composer-state").dataset.maySend;
    if (isForCustomer) say(`conversation:${talk()}`, "typing", {});
  });

  // Read is what its owner has on the screen.
  let readTalk = "";
  let readSeq = 0;
  const read = () => {
    const seq = Number($("#thread-entries")?.dataset.lastSeq ?? 0);
    const isOnScreen = document.visibilityState === "visible" && $("#thread")?.offsetParent;
    if (!isOnScreen || !$("#composer-state")?.dataset.maySend) return;
    if (talk() === readTalk && seq <= readSeq) return;
    if (say(`conversation:${talk()}`, "read", { seq })) [readTalk, readSeq] = [talk(), seq];
  };
  setInterval(read, 1000);
  setInterval(paint, 1000);

  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id === "desk-main") {
      here = [];
      writing.clear();
      [isCustomerHere, customerUntil] = [false, 0];
    }
    paint();
  });
})();
