// The gate's scanner without a new page for each code. Without this file Enter sends the form.
const form = document.getElementById("count");
const scan = document.getElementById("scan");
const button = form?.querySelector("button[value=scan]");
let turn = Promise.resolve();

// What the answer's form says goes into this one, so that the cursor stays where it is.
const fill = (answer) => {
  for (const field of answer.querySelectorAll("#count input[id], #count select[id], #count textarea[id]")) {
    const own = document.getElementById(field.id);
    if (own && own !== scan && own.type !== "checkbox" && own.type !== "file") {
      own.value = field.value;
    }
  }
  const told = answer.getElementById("scan-told");
  const own = document.getElementById("scan-told");
  own.replaceChildren(...told.childNodes);
  scan.classList.toggle("is-invalid", answer.getElementById("scan").matches(".is-invalid"));
  const count = document.getElementById(`id_line_${told.dataset.line}`);
  if (count && count.value === "") {
    count.focus();
  }
};

// One after the other: each code is taken into the count that the one before has left.
const take = (code) => {
  turn = turn
    .then(async () => {
      const sent = new FormData(form, button);
      sent.set("scan", code);
      const got = await fetch(form.action, { method: "POST", body: sent });
      const answer = new DOMParser().parseFromString(await got.text(), "text/html");
      if (!got.ok || !answer.getElementById("scan-told")) {
        throw new Error(`${got.status}`);
      }
      fill(answer);
    })
    .catch((problem) => {
      document.getElementById("scan-told").textContent = String(problem);
      scan.classList.add("is-invalid");
      scan.value = code;
    });
};

if (form && scan && button) {
  button.hidden = true;
  form.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLInputElement)) {
      return;
    }
    // A scanner that types sends the sign between two GS1 values as Ctrl+].
    if (event.target === scan && event.ctrlKey && event.key === "]") {
      event.preventDefault();
      scan.setRangeText("|", scan.selectionStart, scan.selectionEnd, "end");
      return;
    }
    // A scanner ends with Enter; that must not send the form.
    if (event.key !== "Enter") {
      return;
    }
    event.preventDefault();
    if (event.target === scan && scan.value.trim()) {
      take(scan.value);
      scan.value = "";
    } else if (event.target.dataset.count) {
      scan.focus();
    }
  });
}
