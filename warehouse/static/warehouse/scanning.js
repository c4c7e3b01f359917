// A hand scanner ends with Enter: it leads to the next empty field, and from the last one sends.
for (const form of document.querySelectorAll("[data-fields-by-enter]")) {
  const fields = [...form.querySelectorAll("input:not([type=hidden])")];
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !fields.includes(event.target) || !event.target.value) {
      return;
    }
    const next = fields.find((field) => field.value === "");
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}
