const LONGEST_COMMENT = 2000;

const field = (label, control) => el("label", { class: "field" }, el("span", {}, label), control);

// `send` gets the form's values; the card says what came of it.
const card = ({ title, hint, fields, button, failed, send }) => {
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { class: "primary" }, button);
  const form = el("form", { class: "card" }, title, hint && el("p", {}, hint), ...fields, problem, submit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.textContent = "";
    try {
      await send(Object.fromEntries(new FormData(form)));
    } catch (error) {
      problem.textContent = (error instanceof Refused && error.message) || failed;
    }
    submit.disabled = false;
  });
  return form;
};

const heading = (text) => el("h3", { tabindex: "-1" }, text);

const offlineForm = (say, { name = "", email = "", body = "" }, send) =>
  card({
    title: heading(say("formTitle")),
    hint: say("formHint"),
    fields: [
      field(say("name"), el("input", { name: "name", value: name, maxlength: 120, autocomplete: "name", required: true })),
      field(
        say("email"),
        el("input", { name: "email", type: "email", value: email, maxlength: 254, autocomplete: "email", required: true }),
      ),
      field(say("message"), el("textarea", { name: "body", rows: 4, maxlength: LONGEST_BODY, required: true }, body)),
    ],
    button: say("formSend"),
    failed: say("failed"),
    send,
  });

const star = (say, number) =>
  el(
    "label",
    { class: "star", title: say("stars", { n: number }) },
    el("input", { type: "radio", name: "rating", value: number, required: true, "aria-label": say("stars", { n: number }) }),
    icon("star"),
  );

const ratingForm = (say, send) =>
  card({
    title: heading(say("rate")),
    fields: [
      el("div", { class: "stars", role: "radiogroup", "aria-label": say("rate") }, ...[1, 2, 3, 4, 5].map((n) => star(say, n))),
      field(say("comment"), el("textarea", { name: "comment", rows: 2, maxlength: LONGEST_COMMENT })),
    ],
    button: say("rateSend"),
    failed: say("failed"),
    send: ({ rating, comment }) => send({ rating: Number(rating), comment }),
  });

// Yes or no to an answer of the bot.
const solvedQuestion = (say, answer) =>
  el(
    "div",
    { class: "solved", role: "group", "aria-label": say("solved") },
    el("span", {}, say("solved")),
    el("button", { type: "button", class: "quiet", click: () => answer(true) }, say("yes")),
    el("button", { type: "button", class: "quiet", click: () => answer(false) }, say("no")),
  );

const thanks = (text) => el("p", { class: "card thanks", role: "status" }, text);
