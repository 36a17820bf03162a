// A module is told of no script.
const script = document.currentScript ?? document.querySelector("script[src*='support/widget.js']");
const base = new URL(".", script.src);
const SMALL = matchMedia("(max-width: 480px), (max-height: 480px)"); // a phone, also on its side, or large letters
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

let chat = null; // of this page
let placing = Promise.resolve();

// <berth-support>: the button on the page, and the panel that it opens.
class BerthSupport extends HTMLElement {
  static place(data) {
    placing = placing.finally(() => place(data));
  }

  constructor(settings) {
    super();
    this.settings = settings;
    if (!settings) return; // a copy: some sites keep one of each page, to show it again
    const { say, language, direction, theme, title, customer } = this.settings;
    this.store = new Store(`berth-support ${base.origin}`);
    this.adoptIdentity();
    this.server = new Server(base, this.store, this.settings.who);
    this.panel = new Panel({ say, language, title, customer, actions: this.actions() });
    this.conversation = new Conversation(this.server, new Outbox(this.store), this.panel);
    this.line = new Line(this.server, this.conversation, (state) => this.panel.connection(state));
    this.conversation.line = this.line;
    this.server.renewed = () => this.conversation.forget();
    this.unread = 0;
    this.badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.launcher = iconButton("chat", say("open"), () => this.toggle(), "launcher");
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.append(icon("close"), this.badge);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const frame = { class: "frame", dir: direction, lang: language, "data-theme": theme };
    root.append(el("div", frame, this.launcher, this.panel.element));
    this.listen();
  }

  // Without a conversation nothing is asked of the server before somebody opens the chat.
  connectedCallback() {
    if (!this.settings) return this.replaceWith(chat ?? "");
    if (this.store.get("talked")) this.line.start();
    this.tell("ready");
  }

  // With a body that the page has put another one in the place of; whoever takes this element away alone means it.
  disconnectedCallback() {
    if (!this.parentNode || this.isConnected) return;
    this.isMoved = true;
    document.body?.append(this);
  }

  // For somebody else's: what is still under way writes nothing any more.
  end() {
    this.panel.element.close();
    this.store.disk = () => null;
    this.line.isOver = true;
    this.line.socket?.close();
    this.line.wake();
    this.remove();
  }

  listen() {
    const { element } = this.panel;
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) (event.preventDefault(), this.close());
    });
    // To the page a key pressed in a shadow root is none of a field: its shortcuts would take what is typed.
    for (const name of ["keydown", "keypress", "keyup"]) element.addEventListener(name, (event) => event.stopPropagation());
    element.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    document.addEventListener("visibilitychange", () => this.markRead());
  }

  actions() {
    return {
      close: () => this.close(),
      type: () => this.conversation.type(),
      send: (body) => this.conversation.send(body),
      heard: (event) => this.heard(event),
      caughtUp: () => this.caughtUp(),
      rate: (values) => this.post("rating", values),
      solved: (isSolved) => this.post("resolution", { is_solved: isSolved }),
      leave: (values) => this.leave(values),
      transcript: () => this.saveTranscript(),
    };
  }

  // Whoever signs in keeps what they said before; whoever signs out, or is somebody else, finds nothing of it.
  adoptIdentity() {
    const id = this.settings.customer.external_id ?? "";
    const earlier = this.store.get("who") ?? "";
    if (id === earlier) return;
    const known = earlier ? null : this.store.get("token");
    if (earlier) this.store.clear();
    this.store.remove("token");
    if (known) this.store.set("known", known);
    this.store.set("who", id);
  }

  // --- for the page ---

  open() {
    const { element, composer, log } = this.panel;
    if (element.open) return;
    if (SMALL.matches) element.showModal();
    else element.show();
    this.launcher.setAttribute("aria-expanded", "true");
    this.line.start();
    log.toEnd();
    composer.measure();
    composer.text.focus();
    this.markRead();
    this.tell("opened");
  }

  close() {
    if (!this.panel.element.open) return;
    this.panel.element.close();
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
    this.tell("closed");
  }

  toggle() {
    if (this.panel.element.open) this.close();
    else this.open();
  }

  // --- messages ---

  heard({ seq, payload }) {
    if (payload.author === "customer" || seq <= Number(this.store.get("read"))) return;
    this.unread += 1;
    this.tell("message", { author: payload.author });
  }

  caughtUp() {
    if (this.conversation.seq) this.store.set("talked", "1");
    this.markRead();
  }

  markRead() {
    if (this.panel.element.open && !document.hidden) {
      this.unread = 0;
      this.store.set("read", String(this.conversation.seq));
      this.conversation.read();
    }
    const { say } = this.settings;
    this.badge.hidden = !this.unread;
    this.badge.textContent = this.unread;
    const label = this.unread ? `${say("open")}. ${say("unread", { n: this.unread })}` : say("open");
    this.launcher.setAttribute("aria-label", label);
  }

  async post(path, values) {
    await this.server.call("POST", path, values);
    await this.line.pull();
  }

  // Returns the address that is written to: what the shop has signed stays.
  async leave(values) {
    const { email } = await (await this.server.call("POST", "form", values)).json();
    // It is left, whether or not what it changed can be read right now.
    await this.line.pull().catch(throwUnforeseen);
    this.line.start();
    return email;
  }

  async saveTranscript() {
    const text = await (await this.server.call("GET", "transcript")).blob();
    const link = el("a", { href: URL.createObjectURL(text), download: `${this.settings.say("log")}.txt` });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`berth-support:${name}`, { detail, bubbles: true }));
  }
}

// What the script line says, in the order in which it counts: its own attributes, the page, the browser.
const readSettings = async ({ language, title, theme, customer, signature, name, email }) => {
  const page = document.documentElement;
  const chosen = chooseLanguage(language, page.lang, navigator.language);
  const say = teller(await readTexts(chosen));
  return {
    say,
    language: chosen,
    title: title || say("title"),
    theme,
    direction: page.dir === "rtl" || RIGHT_TO_LEFT.includes(chosen) ? "rtl" : "ltr",
    customer: { name, email, ...(customer && JSON.parse(customer)) },
    who: { language: chosen, ...(customer && { identity: { customer, signature } }) },
  };
};

// Once a page, however many tags name it; where the page has swapped its body, for whoever is there by then.
const place = async (data) => {
  if (chat?.isConnected && !chat.isMoved) return;
  const settings = await readSettings(data);
  if (chat?.settings.customer.external_id !== settings.customer.external_id) chat = chat?.end();
  chat ??= new BerthSupport(settings);
  chat.server.who = settings.who;
  chat.isMoved = false;
  if (!chat.isConnected) document.body.append(chat);
};

if (!customElements.get("berth-support")) customElements.define("berth-support", BerthSupport);
// The page's first script places it, also where a later one says so.
const begin = () => customElements.get("berth-support").place(script.dataset);
if (document.body) begin();
else document.addEventListener("DOMContentLoaded", begin);
