// The grid of people: keys between its cells, and cells pasted from a spreadsheet. Without it there are still inputs and buttons.
const form = () => document.getElementById("people");
const rows = () => [...form().querySelectorAll("[data-grid] tbody tr")];
const cells = row => [...row.querySelectorAll(".cell")];

function place(cell) {
  const row = cell.closest("tr");
  return { row: rows().indexOf(row), column: cells(row).indexOf(cell) };
}

function go(row, column) {
  const found = rows()[row];
  if (!found || column < 0) return false;
  const stops = [...cells(found), ...found.querySelectorAll("[name=remove_row]")];
  stops[column]?.focus();
  stops[column]?.select?.();
  return column < stops.length;
}

// Whether the caret stands where a key leaves the cell: its first or last line, its beginning or end, or all of it.
function leaves(cell, key) {
  const { value, selectionStart: start, selectionEnd: end } = cell;
  if (start === null || (start === 0 && end === value.length)) return true;
  if (key === "ArrowUp") return !value.slice(0, start).includes("\n");
  if (key === "ArrowDown") return !value.slice(end).includes("\n");
  return start === end && (key === "ArrowLeft" ? start === 0 : end === value.length);
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function enter(event, at) {
  if (event.altKey || event.ctrlKey || event.metaKey) {
    if (event.target.matches("textarea")) event.target.setRangeText("\n", event.target.selectionStart, event.target.selectionEnd, "end");
  } else if (!go(at.row + (event.shiftKey ? -1 : 1), at.column) && !event.shiftKey) {
    form().querySelector("#add-rows")?.click(); // the new row has the focus when it comes
  }
}

document.addEventListener("keydown", event => {
  const cell = event.target.closest?.("[data-grid] .cell");
  if (!cell || event.isComposing) return;
  const at = place(cell);
  if (event.key === "Enter") {
    event.preventDefault();
    enter(event, at);
    return;
  }
  const step = STEPS[event.key];
  const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  const suggesting = cell.list && event.key in { ArrowUp: 1, ArrowDown: 1 }; // the keys of its suggestions
  if (step && plain && !suggesting && leaves(cell, event.key) && go(at.row + step[0], at.column + step[1])) event.preventDefault();
});

document.addEventListener("keydown", event => {
  const button = event.target.closest?.("[data-grid] [name=remove_row]");
  const step = STEPS[event.key];
  if (!button || !step) return;
  const row = rows().indexOf(button.closest("tr"));
  event.preventDefault();
  if (event.key === "ArrowLeft") go(row, cells(rows()[row]).length - 1);
  else rows()[row + step[0]]?.querySelector("[name=remove_row]").focus();
});

// One cell is pasted as text; several go to the server with the cell they begin at, which reads them as it reads files.
document.addEventListener("paste", event => {
  const cell = event.target.closest?.("[data-grid] .cell");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const one = text.replace(/(?:\r\n|\r|\n)$/, "");
  if (!cell || !text) return;
  if (!/[\t\r\n]/.test(one)) {
    if (one !== text) {
      event.preventDefault();
      document.execCommand("insertText", false, one); // so that it can be undone
    }
    return;
  }
  const fields = form().elements;
  if (!fields.pasted) return; // a grid of rows that are there already
  event.preventDefault();
  const at = place(cell);
  fields.pasted.value = text;
  fields.paste_row.value = at.row;
  fields.paste_column.value = at.column;
  form().querySelector("#paste").click();
});

// The button that removes a row is reached with the arrows; Tab goes from the last cell to the next row.
function calm() {
  form()?.querySelectorAll("[name=remove_row]").forEach(button => { button.tabIndex = -1; });
}
calm();
document.addEventListener("htmx:afterSettle", calm);

// Signed in again: back to what was typed.
document.querySelector("form[data-goes-on]")?.requestSubmit();
