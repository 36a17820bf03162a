// An element with data-stream follows that stream: when it grows, the element's own hx-get, triggered by
// "stream-grew", fetches it anew. The fragment comes without data-stream once nothing more is to be told.
(() => {
  const REFRESH_MS = 1000; // no sooner after one another, however fast the stream grows
  const SILENCE_MS = 10000; // and once after so long without an event: the socket or the worker may be dead
  const RETRY_MS = 3000;
  const NOT_ALLOWED = 4403;
  const origin = location.origin.replace(/^http/, "ws");

  const follow = (stream, seenSeq) => {
    let seq = seenSeq;
    let refreshedAt = 0;
    let isDue = false;
    let timer;
    let socket;
    const shown = () => document.querySelector(`[data-stream="${CSS.escape(stream)}"]`);
    const plan = (milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(refresh, milliseconds);
    };
    const refresh = () => {
      const element = shown();
      if (!element) return socket.close();
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
    const listen = () => {
      socket = new WebSocket(`${origin}/ws/streams/${stream}/?after=${seq}`);
      socket.addEventListener("message", ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === "error") return;
        seq = message.seq;
        if (message.type !== "caught_up") grew();
      });
      socket.addEventListener("close", ({ code }) => {
        if (shown() && code !== NOT_ALLOWED) setTimeout(listen, RETRY_MS);
      });
    };
    listen();
    plan(SILENCE_MS);
  };

  document.querySelectorAll("[data-stream]").forEach(({ dataset }) => follow(dataset.stream, dataset.streamSeq));
})();
