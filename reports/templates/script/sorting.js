{ // A button in each head cell of a sortable table: numbers the highest first, words from A to Z, then the other way.
  const said = document.getElementById("said");
  const number = /^[−-]?[\d,]*\.?\d+/;

  const valueOf = (row, column) => (row.cells[column].dataset.sort ?? row.cells[column].textContent).trim();

  const toNumber = (text) => parseFloat(text.replace("−", "-").replaceAll(",", ""));

  const compareTexts = new Intl.Collator("en", { numeric: true }).compare;

  const sort = (table, head, column) => {
    const [body] = table.tBodies;
    const keyed = [...body.rows].map((row) => [valueOf(row, column), row]);
    const [filled, empty] = [keyed.filter(([value]) => value), keyed.filter(([value]) => !value)];
    const areNumbers = filled.every(([value]) => number.test(value));
    const was = head.getAttribute("aria-sort");
    const isDescending = was ? was === "ascending" : areNumbers;
    const ascending = areNumbers ? (a, b) => toNumber(a) - toNumber(b) : compareTexts;
    filled.sort(([a], [b]) => (isDescending ? ascending(b, a) : ascending(a, b)));
    body.append(...[...filled, ...empty].map(([, row]) => row));
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
    said.textContent = `Sorted by ${head.textContent}, ${isDescending ? "descending" : "ascending"}`;
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[table.tHead.rows.length - 1].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, column));
    });
  }
}
