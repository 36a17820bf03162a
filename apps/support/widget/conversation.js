const TYPING_EVERY_MS = 2000;
const TOO_MANY_MS = 10_000;

// The conversation as the server tells it, event by event and without gaps, and what this side adds to it.
class Conversation {
  constructor(server, outbox, view) {
    Object.assign(this, { server, outbox, view });
    this.line = null;
    this.forget();
  }

  forget() {
    this.stream = null;
    this.seq = this.readSeq = 0;
    this.flying = null; // the client id that the socket has not acknowledged
    this.typedAt = 0;
    this.view.clear();
    this.outbox.waiting().forEach((item) => this.view.mine(item));
  }

  // --- what the server says ---

  // False for an event behind a gap: what is between must come first, unless nothing more `isThere`.
  take(event, isThere = false) {
    // Another conversation, of which this is the middle perhaps: it is told from its beginning.
    if (this.stream && event.stream !== this.stream) return this.forget();
    if (event.seq > this.seq + 1 && !isThere) return false;
    this.stream = event.stream;
    if (event.seq <= this.seq) return true;
    this.seq = event.seq;
    if (event.payload.author === "customer") this.outbox.settle(event.payload.client_id);
    this.view.event(event);
    return true;
  }

  caughtUp(isOnline) {
    this.view.caughtUp(isOnline);
  }

  signalled({ kind, payload }) {
    if (kind === "presence") this.view.presence(payload);
    else if (kind === "typing" && payload.author === "agent") this.typing(payload);
    else if (kind === "read" && payload.side === "agent") this.view.readUpTo(payload.seq);
  }

  typing({ name, seconds }) {
    clearTimeout(this.typingEnds);
    this.view.typing(name);
    this.typingEnds = setTimeout(() => this.view.typing(null), seconds * 1000);
  }

  hungUp() {
    this.flying = null;
    this.readSeq = 0; // the mark may have been lost
    this.view.typing(null);
  }

  // --- what the visitor says ---

  send(body) {
    this.view.mine(this.outbox.add(body));
    this.typedAt = 0;
    if (this.line.isLive) this.push();
    else this.line.start();
  }

  // Over the socket: one at a time, so that they arrive in the order in which they were written.
  push() {
    const [next] = this.outbox.waiting();
    if (!next || this.flying || !this.line.isLive) return;
    this.flying = next.clientId;
    this.line.say({ type: "send", client_id: next.clientId, payload: { body: next.body } });
    this.line.expectAnswer();
  }

  // Over HTTP, while there is no socket.
  async post() {
    for (const { clientId, body } of this.outbox.waiting()) {
      try {
        await this.server.call("POST", "messages", { client_id: clientId, body });
        this.sent(clientId);
      } catch (error) {
        if (!(error instanceof Refused) || error.isPassing) throw error;
        this.refused(clientId, error.code, error.message);
      }
    }
  }

  sent(clientId) {
    this.outbox.settle(clientId);
    this.view.sent(clientId);
    this.flying = null;
    this.push();
  }

  refused(clientId, code, detail) {
    this.flying = null;
    if (code === "too_many") return setTimeout(() => this.push(), TOO_MANY_MS);
    this.outbox.settle(clientId);
    this.view.refused(clientId, detail);
    this.push();
  }

  type() {
    if (!this.line.isLive || Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    this.line.say({ type: "signal", kind: "typing", payload: {} });
  }

  read() {
    if (this.readSeq >= this.seq || !this.line.isLive) return;
    this.readSeq = this.seq;
    this.line.say({ type: "signal", kind: "read", payload: { seq: this.seq } });
  }
}
