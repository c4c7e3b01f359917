// What every page does by itself. No inline handlers anywhere: the pages' CSP forbids them.
const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? cookie("csrftoken");
  if (token && event.detail.verb !== "get") {
    event.detail.headers["X-CSRFToken"] = token;
  }
});

// A refusal is a page of its own: it is shown, not swallowed.
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status === 404 || requestConfig.triggeringEvent === undefined) {
    return;
  }
  if (!xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
    return;
  }
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  if (requestConfig.verb !== "get") {
    document.querySelector("main")?.replaceWith(page.querySelector("main") ?? "");
    return;
  }
  // A filter that cannot be: the list stays, and what was typed into its bar.
  const bar = requestConfig.elt.closest(".list")?.querySelector(".list-bar");
  const said = [...page.querySelectorAll(".trouble-sentence, .trouble .facts")];
  if (!bar || !said.length) {
    return;
  }
  const told = document.createElement("div");
  told.className = "alert alert-danger list-refused";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  told.append(...said);
  bar.parentElement.querySelector(".list-refused")?.remove();
  bar.after(told);
  told.focus();
});

// <form data-unsaved="…">: whoever typed into it is asked before a list takes the fields away.
const unsaved = (within) =>
  [...document.querySelectorAll("form[data-unsaved]")].find(
    (form) =>
      !form.dataset.sent &&
      [...form.elements].some(
        (field) =>
          field instanceof HTMLInputElement &&
          field.type !== "hidden" &&
          within.contains(field) &&
          (form.hasAttribute("data-refused") || field.value !== field.defaultValue),
      ),
  );
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = unsaved(event.detail.target);
  if (form && !window.confirm(form.dataset.unsaved)) {
    event.preventDefault();
  }
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved(document.body)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-theme-switch]")) {
    const theme = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("bondpool:theme"));
    try {
      localStorage.setItem("bondpool-theme", theme);
    } catch {
      // Shown for this page only.
    }
  }
  if (target?.closest("[data-back]")) {
    history.back();
  }
  if (target?.closest("[data-print]")) {
    window.print();
  }
});

// A second press of a button sends nothing while the first is under way. A form whose answer is a
// file leaves the page where it is, so others than <form data-once> may be sent again after a while.
const REST_MS = 4000;
const rest = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".btn-loading")) {
    button.classList.remove("btn-loading");
    button.removeAttribute("aria-busy");
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("[type=submit], button:not([type])");
  if (button?.classList.contains("btn")) {
    button.classList.add("btn-loading");
    button.setAttribute("aria-busy", "true");
  }
  if (!form.hasAttribute("data-once")) {
    setTimeout(() => rest(form), REST_MS);
  }
});

// A page that comes back from the browser's memory may send its forms again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    rest(form);
  }
});

// What went wrong is where a person who asked goes on reading.
(document.querySelector("[data-focus]") ?? document.querySelector("main .is-invalid"))?.focus();

// <select data-send>: choosing sends the form.
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && event.target.hasAttribute("data-send")) {
    event.target.form?.requestSubmit();
  }
});

// The menu of a phone closes with Escape, as the other menus do.
document.addEventListener("keydown", (event) => {
  const button = document.querySelector(".navbar-toggler[aria-expanded=true]");
  if (event.key === "Escape" && button) {
    button.click();
    button.focus();
  }
});

// The nearest way back is a link where there is no history to go back to.
if (history.length <= 1) {
  for (const button of document.querySelectorAll("[data-back]")) {
    button.hidden = true;
  }
}

// On a phone the rows of a wide table are shown as small cards: every cell learns its column's name.
const stack = (root) => {
  for (const table of root.querySelectorAll("table.card-table:not(.stacked)")) {
    const names = [...table.querySelectorAll(":scope > thead th")].map((th) => th.textContent.trim());
    if (names.length < 3) {
      continue;
    }
    table.classList.add("stacked");
    table.setAttribute("role", "table");
    for (const row of table.querySelectorAll(":scope > tbody > tr, :scope > tfoot > tr")) {
      row.setAttribute("role", "row");
      let column = 0;
      let titled = false;
      for (const cell of row.cells) {
        const name = names[column] ?? "";
        column += cell.colSpan;
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        if (cell.querySelector("input[type=checkbox]") && !cell.textContent.trim()) {
          cell.classList.add("stacked-pick");
        } else if (!cell.textContent.trim() && !cell.querySelector("input, select, textarea, img, i")) {
          cell.classList.add("stacked-none");
        } else if (!titled) {
          cell.classList.add("stacked-title");
          titled = true;
        } else {
          if (cell.colSpan > 2 || cell.matches(".why") || cell.querySelector("form")) {
            cell.classList.add("stacked-wide");
          }
          if (name) {
            cell.dataset.label = name;
          }
        }
      }
    }
  }
};
stack(document);
document.addEventListener("htmx:load", (event) => stack(event.detail.elt.parentElement ?? document));

// Lists. An address says what is asked for, and nothing about what is not.
document.addEventListener("htmx:configRequest", (event) => {
  const { verb, parameters, elt } = event.detail;
  if (verb === "get" && elt.matches?.(".list-bar")) {
    for (const name of Object.keys(parameters)) {
      if (parameters[name] === "") {
        delete parameters[name];
      }
    }
  }
});

// What is read out is swapped only when it says something else, so that nothing is said twice.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.matches("[role=status]") && target.textContent.trim() === fragment.textContent.trim()) {
    event.detail.shouldSwap = false;
  }
});

// <div data-keeps-focus="#…">: when the part is swapped and what had the focus is gone, the focus
// goes to the element that is named, instead of to the top of the page.
let focusGoesTo = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target.closest?.("[data-keeps-focus]");
  focusGoesTo = part?.contains(document.activeElement) ? part.dataset.keepsFocus : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (focusGoesTo && document.activeElement === document.body) {
    document.querySelector(focusGoesTo)?.focus();
  }
  focusGoesTo = null;
});

// A list that looks again by itself waits while somebody is choosing rows or writing in it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const list = event.detail.elt;
  if (list.matches?.("section.list") && (list.querySelector("input[name=row]:checked, details[open]") || list.contains(document.activeElement))) {
    event.preventDefault();
  }
});

// Rows of a list that are chosen: all of the page with one tick, and how many they are.
document.addEventListener("change", (event) => {
  const box = event.target;
  const form = box instanceof HTMLInputElement ? box.closest("form[data-picks]") : null;
  if (!form) {
    return;
  }
  const rows = [...form.querySelectorAll("input[name=row]")];
  if (box.hasAttribute("data-pick-all")) {
    for (const row of rows) {
      row.checked = box.checked;
    }
  }
  const chosen = rows.filter((row) => row.checked).length;
  const all = form.querySelector("[data-pick-all]");
  all.checked = rows.length > 0 && chosen === rows.length;
  all.indeterminate = chosen > 0 && chosen < rows.length;
  const told = form.querySelector("[data-picked]");
  told.hidden = chosen === 0;
  told.querySelector("output").textContent = String(chosen);
});
