const NEAR_THE_END_PX = 80;

// The messages in their order, the visitor's own at once and marked until they have arrived.
class Log {
  constructor(say, language) {
    Object.assign(this, { say, language });
    this.list = el("div", { class: "log", role: "log", "aria-relevant": "additions", "aria-label": say("log") });
    this.cards = el("div", { class: "cards" });
    this.typist = el("p", { class: "typing", hidden: true });
    this.intro = el("div", { class: "intro" }, el("strong", {}, say("welcome")), el("span", {}, say("hint")));
    const parts = [this.intro, this.list, this.typist, this.cards];
    this.scroll = el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": say("log") }, ...parts);
    this.down = iconButton("down", say("newest"), () => this.toEnd(), "down");
    this.down.hidden = true;
    this.scroll.addEventListener("scroll", () => (this.down.hidden = this.isNearEnd() || !!this.cards.firstChild));
    this.element = el("div", { class: "talk" }, this.scroll, this.down);
    this.clear();
  }

  clear() {
    this.mineById = new Map();
    this.day = "";
    this.readSeq = 0;
    this.list.replaceChildren();
    this.cards.replaceChildren();
  }

  // While what was said earlier comes in, nothing is read out.
  set isBusy(isBusy) {
    this.list.setAttribute("aria-busy", isBusy);
  }

  mine({ clientId, body, at }) {
    if (this.mineById.has(clientId)) return;
    const line = this.line("mine waiting", this.say("you"), body, at);
    this.mineById.set(clientId, line);
    this.list.append(line);
    this.toEnd();
    this.state(line, "sending");
  }

  sent(clientId) {
    const line = this.mineById.get(clientId);
    if (line?.classList.contains("waiting")) this.state(line, "sent");
  }

  refused(clientId, detail, restore) {
    const line = this.mineById.get(clientId);
    if (!line) return;
    line.classList.replace("waiting", "bad");
    const text = line.querySelector(".bubble").textContent;
    const again = () => (line.remove(), restore(text));
    line.querySelector(".state").replaceChildren(
      `${this.say("refused")}: ${detail} `,
      el("button", { type: "button", class: "link", click: again }, this.say("again")),
    );
  }

  message({ seq, at, payload }) {
    const isMine = payload.author === "customer";
    let line = isMine && this.mineById.get(payload.client_id);
    this.newDay(new Date(at)); // by the server's clock: this device's may be wrong
    if (line) {
      line.classList.remove("waiting");
      line.querySelector("time").textContent = this.clock(at);
      if (this.list.querySelector(".waiting ~ .line") === line) this.place(line);
    } else {
      const who = isMine ? this.say("you") : payload.name || this.say(payload.author);
      line = this.line(isMine ? "mine" : `theirs ${payload.author}`, who, payload.body, at);
      if (isMine) this.mineById.set(payload.client_id, line);
      this.place(line);
    }
    line.dataset.seq = seq;
    if (isMine) this.state(line, seq <= this.readSeq ? "read" : "sent");
  }

  note(text) {
    this.place(el("p", { class: "note" }, text));
  }

  line(className, who, body, at) {
    const meta = [el("time", {}, this.clock(at)), " ", el("span", { class: "state" })];
    return el(
      "div",
      { class: `line ${className}` },
      el("p", { class: "who" }, who, hidden(": ")),
      el("div", { class: "bubble", dir: "auto" }, ...linked(body, this.say("newTab"))),
      el("p", { class: "meta" }, ...meta),
    );
  }

  clock(at) {
    return new Date(at).toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit" });
  }

  newDay(time) {
    const day = time.toLocaleDateString(this.language, { weekday: "long", day: "numeric", month: "long" });
    if (day !== this.day) this.place(el("p", { class: "note day" }, day));
    this.day = day;
  }

  // What stays as it is isn't written again, for whoever has changes read out.
  state(line, key) {
    const state = line.querySelector(".state");
    if (state.textContent !== this.say(key)) state.textContent = this.say(key);
  }

  // What the server told stands before what it has not heard yet.
  place(element) {
    const isAtEnd = this.isNearEnd();
    this.list.insertBefore(element, this.list.querySelector(".waiting"));
    if (isAtEnd) this.toEnd();
  }

  readUpTo(seq) {
    this.readSeq = Math.max(this.readSeq, seq);
    for (const line of this.mineById.values()) {
      if (Number(line.dataset.seq) <= this.readSeq) this.state(line, "read");
    }
  }

  typing(name) {
    const isAtEnd = this.isNearEnd();
    this.typist.hidden = !name;
    if (name) this.typist.replaceChildren(el("span", { class: "dots" }), this.say("typing", { name }));
    if (isAtEnd) this.toEnd();
  }

  show(card) {
    this.cards.replaceChildren(...(card ? [card] : []));
    this.toEnd();
  }

  isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.down.hidden = true;
  }
}
