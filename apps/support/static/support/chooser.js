// Dialogs in which a digit chooses, so that each choice is two keys: one opens, one takes.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const filter = (input) => {
    const list = document.getElementById(input.dataset.filters);
    const wanted = input.value.trim().toLowerCase();
    const items = [...list.children];
    items.forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(wanted); });
    list.hidden = !wanted;
  };

  const open = (name) => {
    const dialog = document.getElementById(`dialog-${name}`);
    if (!dialog || dialog.open) return;
    dialog.querySelectorAll("input[name=zone]").forEach((input) => { input.value = zone; });
    dialog.querySelectorAll("input[type=text]").forEach((input) => {
      input.value = "";
      if (input.dataset.filters) filter(input);
    });
    dialog.showModal();
    // Loaded when it opens: who is here changes, and what there is to erase.
    dialog.querySelector("[hx-trigger='opens']")?.dispatchEvent(new Event("opens"));
  };

  const choices = (dialog) => [...dialog.querySelectorAll("button.choice")].filter((choice) => choice.offsetParent);

  document.addEventListener("click", ({ target }) => {
    const opener = target.closest?.("[data-open]");
    if (opener) open(opener.dataset.open);
    target.closest?.("[data-close]")?.closest("dialog").close();
    // A click beside the box is a click on the dialog itself.
    if (target.matches?.("dialog.chooser")) target.close();
  });

  document.addEventListener("keydown", (event) => {
    const dialog = document.querySelector("dialog.chooser[open]");
    if (!dialog || event.ctrlKey || event.metaKey || event.altKey) return;
    const isWriting = event.target.matches("input[type=text]") && event.target.value !== "";
    const digit = isWriting ? null : dialog.querySelector(`[data-digit="${CSS.escape(event.key)}"]`);
    if (digit) {
      event.preventDefault();
      digit.click();
    } else if (event.key === "Enter" && event.target.dataset.filters) {
      event.preventDefault();
      choices(dialog).find((choice) => choice.closest("ul").id === event.target.dataset.filters)?.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const all = choices(dialog);
      const here = all.indexOf(document.activeElement);
      const next = here + (event.key === "ArrowDown" ? 1 : -1);
      all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
    }
  });

  document.addEventListener("input", ({ target }) => {
    if (target.dataset.filters) filter(target);
  });

  // What is chosen stays for what the dialog was opened for; what has come meanwhile is shown once it closes.
  const showNews = () => document.getElementById("thread-live")?.dispatchEvent(new Event("stream-grew"));
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const dialog = event.target.closest("dialog[open]");
    if (!dialog) return;
    event.preventDefault();
    dialog.addEventListener("close", showNews, { once: true });
  });

  // The choice is on its way; what became of it, refused or not, is shown in the conversation.
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.requestConfig.verb === "post") detail.elt.closest("dialog")?.close();
  });
})();
