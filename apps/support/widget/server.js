// The server said no: `code` is for programs, the message for people.
class Refused extends Error {
  constructor(status, { code = "", message = "" } = {}, retryAfter = 0) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }

  // Worth trying again later with the same content. What has no code is not Berth's: something between answered.
  get isPassing() {
    return !this.code || this.status === 429 || this.status >= 500;
  }
}

// A connection that is away, or a no of the server, is no fault of the program's.
const throwUnforeseen = (error) => {
  if (!(error instanceof TypeError || error instanceof Refused)) throw error;
};

// The visitor's side of the HTTP API, and the token that it needs. No cookies.
class Server {
  constructor(base, store, who) {
    Object.assign(this, { base, store, who });
  }

  get socketAddress() {
    const address = new URL("../ws/support/visitor/", this.base);
    address.protocol = address.protocol.replace("http", "ws");
    return address.href;
  }

  get token() {
    return this.store.get("token");
  }

  // Several calls that find no token wait for one session.
  session() {
    this.opening ??= this.open().finally(() => (this.opening = null));
    return this.opening;
  }

  // Whoever was somebody anonymous before is still the same visitor: the server is told by the token of then,
  // which is worth nothing afterwards.
  async open() {
    try {
      const answer = await this.request("POST", "session", this.who, this.store.get("known"));
      this.store.set("token", (await answer.json()).token);
      this.store.remove("known");
    } catch (error) {
      if (error.status !== 401) throw error;
      this.store.remove("known");
      await this.open();
    }
  }

  // A token that no longer counts is replaced once, unless another tab has done that already.
  async call(method, path, body) {
    if (!this.token) await this.session();
    const used = this.token;
    try {
      return await this.request(method, path, body, used);
    } catch (error) {
      if (error.status !== 401) throw error;
      if (this.token === used) {
        this.store.remove("token");
        this.renewed();
        await this.session();
      }
      return this.request(method, path, body, this.token);
    }
  }

  async request(method, path, body, token) {
    const headers = { "Accept-Language": this.who.language };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const options = { method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store" };
    const response = await fetch(new URL(`widget/${path}`, this.base), options);
    // A page is what the site's own service worker answers with where there is no network.
    if (response.ok && !/html/.test(response.headers.get("Content-Type"))) return response;
    const said = await response.json().catch(() => ({}));
    throw new Refused(response.status, said.error, Number(response.headers.get("Retry-After")));
  }
}
