const LONGEST_BODY = 10_000;
const COUNTED_FROM = 9000;

// How Safari tells of a key that an input method took, after the end of what was composed.
const TAKEN_KEY = 229;

// Where the visitor writes: Enter sends, Shift and Enter begin a line, and the Enter of an input method does neither.
class Composer {
  constructor(say, { send, type }) {
    Object.assign(this, { say, send });
    this.text = el("textarea", { rows: 1, "aria-label": say("message"), placeholder: say("message"), enterkeyhint: "send" });
    this.button = el("button", { class: "send", title: say("send"), "aria-label": say("send") }, icon("send"));
    this.count = el("p", { class: "count", role: "status" });
    this.element = el("form", { class: "composer" }, this.text, this.button, this.count);
    this.element.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("input", () => (this.measure(), type()));
    this.measure();
  }

  pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === TAKEN_KEY) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const body = this.text.value.trim();
    if (!body || this.left() < 0) return;
    this.fill("");
    this.send(body);
  }

  fill(text) {
    this.text.value = text;
    this.measure();
    this.text.focus();
  }

  // Before what was begun meanwhile.
  giveBack(text) {
    this.fill([text, this.text.value].filter(Boolean).join("\n"));
  }

  // In characters as the server counts them: one for each code point.
  left() {
    const { value } = this.text;
    return LONGEST_BODY - (value.length > COUNTED_FROM ? [...value].length : value.length);
  }

  measure() {
    const left = this.left();
    const key = left < 0 ? "tooLong" : "left";
    this.count.textContent = left <= LONGEST_BODY - COUNTED_FROM ? this.say(key, { n: Math.abs(left) }) : "";
    this.text.setAttribute("aria-invalid", left < 0);
    this.button.disabled = left < 0 || !this.text.value.trim();
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }
}
