// On a phone a row of a table is a card, whose cells say which column they are of.
(() => {
  const nameCells = (table) => {
    const columns = [...table.tHead.rows[0].cells].map(({ textContent }) => textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, place) => { cell.dataset.column = columns[place]; });
    }
  };
  const nameAll = () => document.querySelectorAll(".table").forEach(nameCells);
  nameAll();
  document.addEventListener("htmx:afterSettle", nameAll);
})();
