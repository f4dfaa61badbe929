{ // The confusion matrix of each run as a table, built when the run is opened; a cell shows the pictures behind it.
  const MOST_SHOWN = 24;
  const { sheet, paths } = JSON.parse(document.getElementById("sprites")?.textContent ?? '{"paths": []}');
  if (sheet) {
    const style = new CSSStyleSheet();
    style.replaceSync(`.sprite {
      width: ${sheet.width}px; height: ${sheet.height}px;
      background: url("${sheet.uri}") 0 0 / ${sheet.columns * sheet.width}px auto;
    }`);
    document.adoptedStyleSheets.push(style);
  }

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}%`;

  const readRun = (place) => {
    const run = JSON.parse(place.querySelector("script").textContent);
    const size = run.classes.length;
    run.name = place.dataset.run;
    run.counts = run.classes.map(() => new Array(size).fill(0));
    for (let at = 0; at < run.cells.length; at += 3) run.counts[run.cells[at]][run.cells[at + 1]] = run.cells[at + 2];
    return run;
  };

  const nameCell = (run, row, column) =>
    row === column ? `${run.classes[row]} named right` : `${run.classes[row]} taken for ${run.classes[column]}`;

  const countCell = (run, row, column) => {
    const [count, total] = [run.counts[row][column], run.totals[row]];
    return `${count} of ${total}${total ? `, ${percent(count / total)}` : ""}`;
  };

  const picturesOf = (run, row, column) =>
    paths.map((path, sprite) => sprite)
      .filter((sprite) => run.labels[sprite] === row && run.predicted[sprite] === column)
      .sort((a, b) => run.per_mille[b] - run.per_mille[a])
      .slice(0, MOST_SHOWN);

  const showSprite = (run, sprite) => {
    const share = percent(run.per_mille[sprite] / 1000);
    const words = `${paths[sprite]}: ${run.classes[run.predicted[sprite]]} with ${share}`;
    const picture = make("span", { className: "sprite", title: words, role: "img", ariaLabel: words });
    const [column, row] = [sprite % sheet.columns, Math.floor(sprite / sheet.columns)];
    picture.style.backgroundPosition = `${-column * sheet.width}px ${-row * sheet.height}px`;
    const href = `../../images/${paths[sprite].split("/").map(encodeURIComponent).join("/")}`;
    return make("li", {}, make("a", { href, title: words }, picture), share, make("span", { className: "path" }, paths[sprite].split("/").pop()));
  };

  const fillPanel = (panel, run, row, column) => {
    const shown = picturesOf(run, row, column);
    const count = run.counts[row][column];
    const file = make("code", {}, `latest/runs/${run.name}/evaluate/predictions.csv`);
    panel.replaceChildren(
      make("h5", {}, nameCell(run, row, column)),
      make("p", { className: "score" }, countCell(run, row, column)),
      make("ul", {}, ...shown.map((sprite) => showSprite(run, sprite))),
    );
    if (shown.length < count) panel.append(make("p", { className: "score" }, `${shown.length} of ${count} shown; all are in `, file));
  };

  const makeCell = (run, row, column) => {
    const [count, total] = [run.counts[row][column], run.totals[row]];
    const cell = make("td", { tabIndex: -1, ariaSelected: "false", ariaLabel: `${nameCell(run, row, column)}: ${countCell(run, row, column)}` });
    if (row === column) cell.dataset.right = "";
    if (count) cell.style.setProperty("--strength", (0.15 + 0.85 * Math.sqrt(count / total)).toFixed(2));
    return cell;
  };

  const makeTable = (run) => {
    const names = run.classes.map((name) => make("th", { scope: "col", title: name }, make("span", {}, name)));
    const table = make("table", { role: "grid" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "class"), ...names)),
      make("tbody", {}, ...run.counts.map((counts, row) => make("tr", {},
        make("th", { scope: "row", title: run.classes[row] }, run.classes[row]),
        ...counts.map((_, column) => makeCell(run, row, column)),
      ))));
    table.setAttribute("aria-label", `Confusion matrix of ${run.name}`);
    const size = run.classes.length;
    table.style.setProperty("--cell", size <= 12 ? "2.75rem" : size <= 30 ? "1.9rem" : "1.3rem");
    table.style.setProperty("--digits", size <= 12 ? "0.8125rem" : size <= 30 ? "0.6875rem" : "0.5625rem");
    return table;
  };

  const fillCells = (table, run, kind) => {
    [...table.tBodies[0].rows].forEach((line, row) => run.counts[row].forEach((count, column) => {
      const text = kind === "counts" ? count : Math.round((100 * count) / run.totals[row]);
      line.cells[column + 1].textContent = count ? text : "";
    }));
  };

  const makeSwitch = (run, onChange) => {
    const choices = [["counts", "pictures"], ["rates", "percent of the row"]].map(([kind, words], place) => {
      const input = make("input", { type: "radio", name: `cells of ${run.name}`, checked: !place });
      input.addEventListener("change", () => onChange(kind));
      return make("label", {}, input, words);
    });
    return make("fieldset", {}, make("legend", {}, "Show"), ...choices);
  };

  const moves = {
    ArrowLeft: (row, column) => [row, column - 1],
    ArrowRight: (row, column) => [row, column + 1],
    ArrowUp: (row, column) => [row - 1, column],
    ArrowDown: (row, column) => [row + 1, column],
    Home: (row) => [row, 0],
    End: (row, _, last) => [row, last],
    PageUp: (_, column) => [0, column],
    PageDown: (_, column, last) => [last, column],
  };

  const placeOf = (cell) => [cell.parentElement.rowIndex - 1, cell.cellIndex - 1];

  const makeGrid = (table, run, panel) => {
    const cellAt = (row, column) => table.tBodies[0].rows[row]?.cells[column + 1];
    const last = run.classes.length - 1;
    let current = cellAt(...worstCell(run));

    const enter = (cell) => {
      current.tabIndex = -1;
      current = cell;
      current.tabIndex = 0;
    };

    const choose = (cell) => {
      table.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
      cell.setAttribute("aria-selected", "true");
      enter(cell);
      fillPanel(panel, run, ...placeOf(cell));
    };

    table.addEventListener("click", ({ target }) => target.matches("td[tabindex]") && choose(target));
    table.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") choose(current);
      else if (event.key in moves) {
        const cell = cellAt(...moves[event.key](...placeOf(current), last));
        if (cell?.matches("[tabindex]")) enter(cell);
        current.focus();
      } else return;
      event.preventDefault();
    });
    choose(current);
  };

  const worstCell = (run) => {
    let worst = [0, 0, 0];
    run.counts.forEach((counts, row) => counts.forEach((count, column) => {
      if (row !== column && count > worst[2]) worst = [row, column, count];
    }));
    return worst.slice(0, 2);
  };

  const build = (place) => {
    const run = readRun(place);
    const table = makeTable(run);
    const panel = make("div", { role: "region", ariaLabel: `Pictures of the chosen cell, ${run.name}` });
    fillCells(table, run, "counts");
    makeGrid(table, run, panel);
    panel.setAttribute("aria-live", "polite");
    const scroll = make("div", { className: "scroll" }, table);
    const few = run.classes.length < run.of ? `; these are the ${run.classes.length} of ${run.of} classes with the most mistakes` : "";
    const words = make("p", { className: "score" }, `Each row is a true class, each column a predicted class${few}`);
    const matrix = make("div", {}, makeSwitch(run, (kind) => fillCells(table, run, kind)), words, scroll);
    place.append(make("div", { className: run.classes.length <= 12 ? "heat small" : "heat" }, matrix, panel));
    place.classList.add("built");
  };

  for (const place of document.querySelectorAll(".confusion")) {
    const details = place.closest("details");
    const buildOnce = () => { if (details.open && !place.matches(".built") && !matchMedia("print").matches) build(place); };
    details.addEventListener("toggle", buildOnce);
    buildOnce();
  }
}
