// A form as a grid: rows pasted from a spreadsheet, cells reached by the keyboard.
// The cells are inputs with data-grid-col; a row names its product with data-grid-sku.
const cellsOf = (column) => [...document.querySelectorAll(`input[data-grid-col="${column}"]`)];
const gridRows = () =>
  cellsOf(0).map((first) => ({
    sku: first.dataset.gridSku,
    cells: [...first.closest("tr").querySelectorAll("input[data-grid-col]")],
  }));

// A spreadsheet copies what it shows: full-width digits, and 1,200 for 1200.
const plain = (text) => {
  const said = text.normalize("NFKC").trim();
  return /^\d{1,3}([,\u00a0\u202f' ]\d{3})+$/.test(said) ? said.replace(/\D/g, "") : said;
};

const put = (cell, text) => {
  cell.value = plain(text);
  cell.dispatchEvent(new Event("input", { bubbles: true }));
};

const say = (name, count) => {
  const told = document.querySelector("[data-grid-told]");
  if (told && told.dataset[name]) {
    told.textContent = `${told.textContent} ${told.dataset[name].replace("#", count)}`.trim();
  }
};

const read = (text) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/\n+$/, "")
    .split("\n")
    .map((line) => line.split("\t"));

document.addEventListener("paste", (event) => {
  const start = event.target;
  if (!(start instanceof HTMLInputElement) || !("gridCol" in start.dataset)) {
    return;
  }
  const pasted = read(event.clipboardData.getData("text/plain"));
  if (pasted.length === 1 && pasted[0].length === 1) {
    return;
  }
  event.preventDefault();
  const told = document.querySelector("[data-grid-told]");
  if (told) {
    told.textContent = "";
  }
  const rows = gridRows();
  const bySku = new Map(rows.map((row) => [row.sku.toLowerCase(), row]));
  // What the seller calls a product names its row as well.
  for (const row of rows) {
    const own = row.cells[0].closest("tr").querySelectorAll("[data-grid-own]");
    own.forEach((one) => bySku.set(one.dataset.gridOwn.toLowerCase(), row));
  }
  const named = pasted.some((line) => bySku.has(line[0].trim().toLowerCase()));
  let filled = 0;
  let left = 0;
  pasted.forEach((line, at) => {
    let row = rows[rows.findIndex(({ cells }) => cells.includes(start)) + at];
    let values = line;
    let column = Number(start.dataset.gridCol);
    if (named) {
      row = bySku.get(line[0].trim().toLowerCase());
      values = line.slice(1);
      column = 0;
    }
    if (!row) {
      // The heads of a sheet name no product and hold no figure.
      left += /\d/.test(values.join("")) ? 1 : 0;
      return;
    }
    values.slice(0, row.cells.length - column).forEach((value, place) => {
      put(row.cells[column + place], value);
      filled += 1;
    });
  });
  say("filled", filled);
  if (left) {
    say("left", left);
  }
});

const DOWN = { ArrowDown: 1, Enter: 1, ArrowUp: -1 };
document.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!(cell instanceof HTMLInputElement) || !("gridCol" in cell.dataset) || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  let next;
  if (event.key in DOWN) {
    const step = event.key === "Enter" && event.shiftKey ? -1 : DOWN[event.key];
    const column = cellsOf(cell.dataset.gridCol);
    next = column[column.indexOf(cell) + step];
    // The last row keeps Enter for sending the form.
    if (!next && event.key === "Enter") {
      return;
    }
    event.preventDefault();
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const isRight = event.key === "ArrowRight";
    const isWhole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const edge = isRight ? cell.value.length : 0;
    if (!isWhole && (cell.selectionStart !== cell.selectionEnd || cell.selectionStart !== edge)) {
      return;
    }
    const row = [...cell.closest("tr").querySelectorAll("input[data-grid-col]")];
    next = row[row.indexOf(cell) + (isRight ? 1 : -1)];
    if (next) {
      event.preventDefault();
    }
  }
  if (next) {
    next.focus();
    next.select();
  }
});

// A suggested quantity goes into its row's first cell.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-grid-take]");
  const cell = button && button.closest("tr").querySelector('input[data-grid-col="0"]');
  if (cell) {
    put(cell, button.dataset.gridTake);
    cell.focus();
  }
});
