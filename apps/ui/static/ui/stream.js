// An element with data-stream follows those streams (names with spaces between, data-stream-seq with what the
// page knows of each): when one grows, the element's own hx-get, triggered by "stream-grew", fetches it anew.
// The fragment comes without data-stream once nothing more is to be told. What made a stream grow is told as
// "stream-event"; what is of the moment alone arrives as "stream-signal", and is said with "stream-say", each an
// event with {stream, kind, payload}. What was said is prevented once it has gone out.
(() => {
  const REFRESH_MS = 1000; // no sooner after one another, however fast the stream grows
  const SILENCE_MS = 10000; // and once after so long without an event: the socket or the worker may be dead
  const RETRY_MS = 3000; // twice as long after each try that was refused
  const LONGEST_RETRY_MS = 48000;
  const NOT_ALLOWED = 4403;
  const origin = location.origin.replace(/^http/, "ws");
  const followed = new Map();
  const shown = (stream) => document.querySelector(`[data-stream~="${CSS.escape(stream)}"]`);

  const follow = (stream, seenSeq) => {
    let seq = seenSeq;
    let refreshedAt = 0;
    let isDue = false;
    let isOver = false;
    let timer;
    let socket;
    let retryMs = RETRY_MS;
    const plan = (milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(refresh, milliseconds);
    };
    const refresh = () => {
      const element = shown(stream);
      if (!element) return leave();
      isDue = false;
      refreshedAt = Date.now();
      element.dispatchEvent(new Event("stream-grew"));
      plan(SILENCE_MS);
    };
    const grew = () => {
      if (isDue) return;
      isDue = true;
      plan(Math.max(0, refreshedAt + REFRESH_MS - Date.now()));
    };
    const hear = (message) => {
      if (message.type === "error") return;
      if (message.type === "signal") {
        const detail = { stream, kind: message.kind, payload: message.payload };
        document.dispatchEvent(new CustomEvent("stream-signal", { detail }));
        return;
      }
      seq = message.seq;
      if (message.type === "caught_up") return;
      const { kind, payload } = message;
      document.dispatchEvent(new CustomEvent("stream-event", { detail: { stream, kind, payload } }));
      grew();
    };
    const listen = () => {
      socket = new WebSocket(`${origin}/ws/streams/${stream}/?after=${seq}`);
      socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
      socket.addEventListener("open", () => {
        retryMs = RETRY_MS;
      });
      socket.addEventListener("close", ({ code }) => {
        if (isOver || !shown(stream) || code === NOT_ALLOWED) return;
        setTimeout(listen, retryMs);
        retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
      });
    };
    const leave = () => {
      isOver = true;
      clearTimeout(timer);
      socket.close();
      followed.delete(stream);
    };
    const say = (kind, payload) => {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify({ type: "signal", kind, payload }));
      return true;
    };
    followed.set(stream, { leave, say });
    listen();
    plan(SILENCE_MS);
  };

  const followWhatIsShown = () => {
    [...followed].filter(([stream]) => !shown(stream)).forEach(([, { leave }]) => leave());
    document.querySelectorAll("[data-stream]").forEach(({ dataset }) => {
      const seqs = dataset.streamSeq.split(" ");
      dataset.stream.split(" ").forEach((stream, place) => {
        if (stream && !followed.has(stream)) follow(stream, seqs[place]);
      });
    });
  };

  followWhatIsShown();
  document.addEventListener("htmx:afterSettle", followWhatIsShown);
  document.addEventListener("stream-say", (event) => {
    const { stream, kind, payload } = event.detail;
    if (followed.get(stream)?.say(kind, payload)) event.preventDefault();
  });
})();
