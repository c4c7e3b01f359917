// Loaded before the first paint, so that a dark page does not flash white.
(() => {
  const root = document.documentElement;
  const asked = window.matchMedia("(prefers-color-scheme: dark)");
  let kept = null;
  try {
    kept = localStorage.getItem("bondpool-theme");
  } catch {
    // A browser that keeps nothing still gets the system's choice.
  }
  const show = (theme) => root.setAttribute("data-bs-theme", theme);
  show(kept ?? (asked.matches ? "dark" : "light"));
  if (kept === null) {
    asked.addEventListener("change", (event) => show(event.matches ? "dark" : "light"));
  }
})();
