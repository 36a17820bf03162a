// Requests that wait for their turn. htmx forgets one when what sent it is swapped meanwhile: what stands in its
// place sends it then. A row of a list that is gone from it is opened as a page.
(() => {
  let waiting = [];
  const turnOf = (element) => element.closest("[hx-sync]")?.getAttribute("hx-sync") ?? "";
  const address = (element) => element.getAttribute("hx-post") ?? element.getAttribute("hx-get");

  document.addEventListener("htmx:confirm", ({ detail: { elt, triggeringEvent } }) => {
    const turn = turnOf(elt);
    // There htmx itself lets the newest alone wait.
    if (turn.endsWith("queue last")) waiting = waiting.filter((one) => one.turn !== turn);
    if (elt.id && elt.matches("a, button, form")) waiting.push({ elt, turn, choice: triggeringEvent?.submitter });
  });
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
    waiting = waiting.filter((one) => one.elt !== elt);
  });

  // Of a form that is the button of the same choice.
  const toClick = (successor, choice) => {
    if (!choice) return successor;
    return [...successor.elements].find(({ name, value }) => name === choice.name && value === choice.value);
  };
  const sendAgain = () => {
    const lost = waiting.filter(({ elt }) => !elt.isConnected);
    waiting = waiting.filter(({ elt }) => elt.isConnected);
    lost.forEach(({ elt, choice }) => {
      const successor = document.getElementById(elt.id);
      if (successor && address(successor) === address(elt)) toClick(successor, choice)?.click();
      else if ("row" in elt.dataset) location.assign(elt.href);
    });
  };
  // After htmx has come to it and given it up.
  document.addEventListener("htmx:afterSettle", () => setTimeout(sendAgain));
})();
