// Replies and notes on their way: shown at once, sent until the server has them, once only, for each has an id of its own, and
// one after the other, so that a customer reads them in the order in which they were written.
(() => {
  const RETRY_MS = [1000, 3000, 9000];
  const $ = (selector) => document.querySelector(selector);
  const talk = () => $("[data-talk]")?.dataset.talk;
  let outgoing = [];

  const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const button = (text, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "bubble-reveal";
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  };

  const bubble = (one) => {
    const { dataset } = $("#composer");
    const item = document.createElement("li");
    item.className = `bubble bubble-${one.mode === "note" ? "note" : "agent"} ${one.problem === null ? "is-pending" : "is-failed"}`;
    const said = document.createElement("p");
    said.className = "bubble-text";
    said.textContent = one.fields.body;
    const state = document.createElement("p");
    state.className = "bubble-state small";
    state.setAttribute("role", one.problem === null ? "status" : "alert");
    state.textContent = one.problem ?? dataset.sending;
    if (one.problem !== null) state.append(" ", button(dataset.again, () => again(one)), " ", button(dataset.edit, () => giveBack(one)));
    item.append(said, state);
    return item;
  };

  const paint = () => {
    const list = $("#pending");
    if (!list || !$("#composer")) return;
    const shown = new Set([...document.querySelectorAll("#thread-entries [data-client-id]")].map(({ dataset }) => dataset.clientId));
    outgoing = outgoing.filter((one) => !(one.isSent && shown.has(one.fields.client_id)));
    list.replaceChildren(...outgoing.filter((one) => one.talk === talk()).map(bubble));
    if (list.childElementCount) list.lastElementChild.scrollIntoView({ block: "nearest" });
  };

  const refresh = () => $("#thread-live")?.dispatchEvent(new Event("stream-grew"));

  // The text is theirs still: back where it was written, and with that a draft again.
  const giveBack = (one, obstacle = "") => {
    const detail = { mode: one.mode, text: one.fields.body, obstacle };
    document.dispatchEvent(new CustomEvent("compose", { detail }));
    outgoing = outgoing.filter((other) => other !== one);
    paint();
  };
  const again = (one) => {
    Object.assign(one, { problem: null, isRefused: false, tries: 0 });
    paint();
    sendNext(one.talk);
  };

  const sendNext = (of) => {
    const waiting = outgoing.filter((one) => one.talk === of && !one.isSent && one.problem === null);
    if (waiting.length && !waiting.some((one) => one.isUnderWay)) attempt(waiting[0]);
  };

  const attempt = async (one) => {
    one.isUnderWay = true;
    const body = new URLSearchParams({ ...one.fields, csrfmiddlewaretoken: $("[name=csrfmiddlewaretoken]").value });
    try {
      const answer = await fetch(one.address, { method: "POST", body, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { refusal } = await answer.json();
      if (refusal) refused(one, refusal);
      else one.isSent = true;
      refresh();
    } catch {
      if (one.tries < RETRY_MS.length) return void setTimeout(() => attempt(one), RETRY_MS[one.tries++]);
      one.problem = $("#composer")?.dataset.failed ?? "";
    }
    one.isUnderWay = false;
    paint();
    sendNext(one.talk);
  };

  // Where something else is being written it waits to be asked for; nothing that was refused is sent by itself.
  const refused = (one, refusal) => {
    Object.assign(one, { problem: refusal, isRefused: true });
    if (one.talk === talk() && $("#reply")?.value === "") giveBack(one, refusal);
  };

  document.addEventListener("written", ({ detail: { talk: of, mode, address, fields } }) => {
    const state = { tries: 0, problem: null, isRefused: false, isSent: false, isUnderWay: false };
    outgoing.push({ talk: of, mode, address, fields: { ...fields, client_id: newId() }, ...state });
    paint();
    sendNext(of);
  });
  document.addEventListener("htmx:afterSettle", paint);
  addEventListener("beforeunload", (event) => {
    if (outgoing.some((one) => !one.isSent)) event.preventDefault();
  });
  addEventListener("online", () => outgoing.filter((one) => one.problem !== null && !one.isRefused).forEach(again));
})();
