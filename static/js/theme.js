// Light, dark, or as the system says; before the first paint. The choice stays on this device.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try { chosen = localStorage.getItem("theme"); } catch { /* storage is switched off: follow the system */ }
  const apply = () => { root.dataset.bsTheme = chosen || (system.matches ? "dark" : "light"); };
  root.dataset.js = "";
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", event => {
    if (!event.target.closest("[data-theme-switch]")) return;
    chosen = root.dataset.bsTheme === "dark" ? "light" : "dark";
    apply();
    try { localStorage.setItem("theme", chosen); } catch { /* holds for this page */ }
  });
})();
