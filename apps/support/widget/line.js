const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const POLL_MS = 3000; // where sockets are blocked
const IDLE_MS = 30_000; // before there is a conversation
const SOCKET_TRIES = 2;
const SOCKET_RESTS_MS = 60_000; // after so many tries that failed
const BEAT_MS = 25_000;
const ANSWER_MS = 8000; // a socket that is silent for so long is dead
const STEADY_MS = 10_000;

// Keeps the conversation up to date: over a websocket, over HTTP while there is none, and again after each loss.
class Line {
  constructor(server, conversation, show) {
    Object.assign(this, { server, conversation, show });
    this.isLive = this.isStarted = this.isWanted = false;
    this.losses = this.socketFailures = this.socketRestsUntil = 0;
    this.endPause = () => {};
  }

  start() {
    if (this.isStarted) return this.wake();
    this.isStarted = true;
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => {
      this.show("lost");
      this.socket?.close();
    });
    document.addEventListener("visibilitychange", () => document.hidden || this.check());
    setInterval(() => document.hidden || this.check(), BEAT_MS);
    this.run();
  }

  async run() {
    while (!this.isOver) {
      try {
        this.isWanted = false;
        if (!navigator.onLine) throw new TypeError();
        await this.visit();
      } catch (error) {
        throwUnforeseen(error);
        this.show(error.code === "old_identity" ? "outdated" : error instanceof Refused ? "unavailable" : "lost");
        await this.pause(error.retryAfter * 1000 || this.backoff());
      }
    }
  }

  // What waits goes first: the answer to it comes with what is missing.
  async visit() {
    await this.conversation.post();
    await this.pull();
    this.show("online");
    await this.follow();
  }

  async follow() {
    if (!this.conversation.seq) return this.pause(IDLE_MS);
    if (Date.now() < this.socketRestsUntil) return this.pause(document.hidden ? IDLE_MS : POLL_MS);
    const since = Date.now();
    const wasLive = await this.listen();
    if (Date.now() - since > STEADY_MS) this.losses = 0;
    this.socketFailures = wasLive ? 0 : this.socketFailures + 1;
    if (this.socketFailures < SOCKET_TRIES) return this.pause(this.backoff());
    this.socketRestsUntil = Date.now() + SOCKET_RESTS_MS;
  }

  // What is missing, over HTTP: the first look, and the way past a gap that is too long for a socket. Of a
  // very long conversation the server tells the end alone.
  async pull() {
    for (let isBehind = true; isBehind; ) {
      const answer = await this.server.call("GET", `events?after=${this.conversation.seq}`);
      const { events, last_seq: last, is_online: isOnline } = await answer.json();
      events.every((event) => this.conversation.take(event, true));
      this.conversation.caughtUp(isOnline);
      isBehind = events.length > 0 && this.conversation.seq < last;
    }
  }

  // Resolves when the socket is closed: whether it ever worked.
  listen() {
    return new Promise((resolve) => {
      let wasLive = false;
      this.socket = new WebSocket(this.server.socketAddress);
      this.isResuming = false;
      this.expectAnswer();
      this.socket.addEventListener("open", () =>
        this.say({ type: "hello", token: this.server.token, after: this.conversation.seq }),
      );
      this.socket.addEventListener("message", ({ data }) => {
        clearTimeout(this.deadline);
        this.hear(JSON.parse(data));
        wasLive ||= this.isLive;
      });
      const end = () => {
        this.hungUp();
        resolve(wasLive);
      };
      // Of one that the page's policy forbids Chromium only says that it failed.
      this.socket.addEventListener("error", end);
      this.socket.addEventListener("close", end);
    });
  }

  hungUp() {
    clearTimeout(this.deadline);
    this.isLive = false;
    this.socket = null;
    this.conversation.hungUp();
  }

  hear(message) {
    if (message.type === "event" && !this.conversation.take(message)) this.resume();
    else if (message.type === "caught_up") this.caughtUp();
    else if (message.type === "refresh") this.refresh();
    else if (message.type === "signal") this.conversation.signalled(message);
    else if (message.type === "sent") this.conversation.sent(message.client_id);
    else if (message.type === "refused") this.conversation.refused(message.client_id, message.code, message.detail);
  }

  // Too much is missing to send it here: read it over HTTP, then go on.
  refresh() {
    this.pull().then(
      () => this.resume(),
      () => this.socket?.close(),
    );
  }

  caughtUp() {
    this.isLive = true;
    this.isResuming = false;
    this.conversation.caughtUp();
    this.conversation.push();
  }

  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  // Once for a gap, however many events arrive behind it.
  resume() {
    if (this.isResuming) return;
    this.isResuming = true;
    this.say({ type: "resume", after: this.conversation.seq });
  }

  expectAnswer() {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => this.socket?.close(), ANSWER_MS);
  }

  // Asks something that must be answered: a socket can be dead without saying so.
  check() {
    if (!this.isLive) return this.wake();
    this.resume();
    this.expectAnswer();
  }

  backoff() {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.losses++);
    return longest * (0.5 + Math.random() / 2);
  }

  // No pause before a visit that somebody wanted while the last one was under way.
  wake() {
    this.isWanted = true;
    this.endPause();
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.isWanted ? 0 : milliseconds);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
