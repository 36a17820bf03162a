const LEFT = "form:"; // how the ids of messages begin that were left by the form

// The window of the chat: what the conversation does becomes what the visitor sees.
class Panel {
  constructor({ say, language, title, customer, actions }) {
    Object.assign(this, { say, customer, actions });
    this.line = "connecting";
    this.isOnline = true;
    this.log = new Log(say, language);
    this.composer = new Composer(say, { send: (body) => this.send(body), type: () => actions.type() });
    this.person = el("button", { type: "button", class: "quiet person", click: () => this.wantPerson() }, say("person"));
    this.status = el("p", { class: "status", role: "status" });
    const close = iconButton("close", say("close"), () => actions.close());
    this.transcript = iconButton("download", say("transcript"), () => this.attempt(actions.transcript));
    const titles = el("div", { class: "titles" }, el("h2", { id: "title" }, title), this.status);
    const head = el("header", {}, titles, this.transcript, close);
    const foot = el("footer", {}, this.person, this.composer.element);
    this.element = el("dialog", { id: "panel", "aria-labelledby": "title" }, head, this.log.element, foot);
    this.clear();
  }

  clear() {
    this.owner = "bot";
    this.agent = this.name = this.question = "";
    this.here = [];
    this.isDone = this.isOver = false;
    this.form = null;
    this.log.clear();
    this.log.isBusy = true;
    this.transcript.hidden = true;
    this.refresh();
  }

  // In vain: nobody is there, and no form was left.
  get waits() {
    return this.owner === "queue" && !this.isOnline && !this.isDone;
  }

  refresh() {
    this.person.hidden = this.owner !== "bot" && !this.waits;
    const { line, name, isOnline } = this;
    const isHere = this.here.includes(this.agent);
    const key = line !== "online" ? line : isHere ? "here" : isOnline ? "online" : "away";
    const text = this.say(key, { name });
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.className = `status ${key}`;
  }

  connection(line) {
    this.line = line;
    this.refresh();
  }

  caughtUp(isOnline = this.isOnline) {
    this.isOnline = isOnline;
    if (this.line !== "online" && this.waits) this.showForm();
    this.log.isBusy = false;
    this.refresh();
    this.actions.caughtUp();
  }

  // --- what happens in the conversation ---

  event(event) {
    this.transcript.hidden = false;
    this[`on_${event.kind}`]?.(event.payload, event);
    this.refresh();
  }

  on_message(payload, event) {
    this.log.message(event);
    const { author } = payload;
    const isLeft = payload.client_id.startsWith(LEFT);
    if (isLeft || author === "agent") this.endForm(isLeft);
    if (payload.is_answer) this.log.show(this.askSolved());
    else this.makeRoom();
    if (author === "customer") this.question = payload.body;
    else this.typing(null);
    this.actions.heard(event);
  }

  on_owner({ owner, agent, name, is_given: isGiven }) {
    this.log.note(this.say(isGiven ? "given" : `to_${owner}`, { name: name || this.say("agent") }));
    Object.assign(this, { owner, agent, name });
    if (owner === "agent") this.isOnline = true;
    if (owner !== "queue") this.endForm();
    this.makeRoom();
  }

  on_status({ status }) {
    this.isOver = status === "resolved";
    this.endForm(this.isOver);
    if (this.isOver) this.log.note(this.say("resolved"));
    this.log.show(this.isOver ? el("div", {}, this.askSolved(), this.askRating()) : null);
  }

  on_confirmed() {
    this.log.show(this.askRating());
  }

  on_rated() {
    this.log.note(this.say("rated"));
    this.log.show(null);
  }

  on_offline() {
    if (this.isDone) return;
    this.isOnline = false;
    // What was told earlier may be over: that is known once all of it is there.
    if (this.line === "online") this.showForm();
  }

  // It has no use any more; nobody is waited for where it was left or all is resolved. Else what was typed in it is
  // for who has come.
  endForm(isDone = false) {
    const { value, defaultValue } = this.form?.body ?? {};
    if (value !== defaultValue && !isDone) this.composer.giveBack(value);
    this.isDone = isDone;
    this.form = null;
  }

  // For what comes next, but for a form that may still be left, and for a rating while only thanks come.
  makeRoom() {
    if (!this.form?.isConnected && !this.isOver) this.log.show(null);
  }

  presence({ agents }) {
    this.here = agents;
    this.refresh();
  }

  typing(name) {
    this.log.typing(name);
  }

  readUpTo(seq) {
    this.log.readUpTo(seq);
  }

  mine(item) {
    this.log.mine(item);
  }

  sent(clientId) {
    this.log.sent(clientId);
  }

  refused(clientId, detail) {
    this.log.refused(clientId, detail, (text) => this.composer.giveBack(text));
  }

  // --- what the visitor does ---

  send(body) {
    this.makeRoom();
    this.actions.send(body);
  }

  wantPerson() {
    if (!this.isOnline) return this.showForm().querySelector("h3").focus();
    this.send(this.say("wantPerson"));
    this.composer.text.focus();
  }

  askSolved() {
    return solvedQuestion(this.say, (isSolved) => this.solved(isSolved));
  }

  askRating() {
    return ratingForm(this.say, (values) => this.actions.rate(values));
  }

  // The one that there was, with what was typed in it. One id for each, so that pressing again after a lost answer
  // leaves no second message.
  showForm() {
    const id = LEFT + Math.random();
    this.form ??= offlineForm(this.say, { ...this.customer, body: this.question }, async (values) => {
      const email = await this.actions.leave({ ...values, client_id: id });
      this.log.show(thanks(this.say("formDone", { email })));
    });
    if (!this.form.isConnected) this.log.show(this.form);
    return this.form;
  }

  async solved(isSolved) {
    await this.attempt(async () => {
      await this.actions.solved(isSolved);
      if (this.log.cards.querySelector(".solved")) this.log.show(thanks(this.say(isSolved ? "glad" : "sorry")));
    });
    this.composer.text.focus();
  }

  // What was pressed stays there to be pressed again.
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      throwUnforeseen(error);
      this.log.note(this.say("failed"));
    }
  }
}
