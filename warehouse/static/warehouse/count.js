// The gate's scanner: a barcode leads to its line. Without this file the form is a plain form.
const box = document.querySelector("[data-scanner]");
const scan = document.getElementById("scan");
const adds = document.getElementById("scan-adds");
const told = document.getElementById("scan-told");
const counts = [...document.querySelectorAll("[data-count]")];

// A plain barcode, or a GS1 one that begins with its application identifier 01.
const gtinOf = (text) => {
  const digits = text.replace(/\D/g, "");
  const gs1 = digits.length >= 16 && digits.startsWith("01");
  return (gs1 ? digits.slice(2, 16) : digits).padStart(14, "0");
};

const take = () => {
  const gtin = gtinOf(scan.value);
  scan.value = "";
  const same = counts.filter((count) => count.dataset.count === gtin);
  // Two lines of one product differ in their batch: the first that is not counted yet.
  const line = same.find((count) => count.value === "") ?? same[0];
  if (!line) {
    told.textContent = `${told.dataset.none} (${gtin})`;
    return;
  }
  const name = document.querySelector(`label[for="${line.id}"]`)?.textContent ?? "";
  if (adds.checked) {
    line.value = String((Number.parseInt(line.value, 10) || 0) + 1);
    told.textContent = `${told.dataset.found} ${name} — ${line.value}`;
  } else {
    told.textContent = `${told.dataset.found} ${name}`;
    line.focus();
    line.select();
  }
};

if (box && scan && counts.length) {
  box.hidden = false;
  scan.focus();
  // A scanner ends with Enter; that must not send the form.
  document.getElementById("count")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) {
      return;
    }
    event.preventDefault();
    if (event.target === scan) {
      take();
      return;
    }
    if (event.target.dataset.count) {
      scan.focus();
    }
  });
}
