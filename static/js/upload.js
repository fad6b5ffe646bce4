// Drop zone, size check and upload progress around a native file input; without it the form just posts.
const MEGABYTE = 1024 * 1024;
const inMegabytes = bytes => (bytes / MEGABYTE).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
const carriesFiles = event => event.dataTransfer?.types.includes("Files");

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const over = on => zone.classList.toggle("over", on);

  zone.addEventListener("dragover", event => { if (carriesFiles(event)) { event.preventDefault(); over(true); } });
  zone.addEventListener("dragleave", event => { if (!zone.contains(event.relatedTarget)) over(false); });
  zone.addEventListener("drop", event => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  input.addEventListener("change", () => {
    const size = input.files[0]?.size ?? 0;
    input.setCustomValidity(size > Number(input.dataset.limit || Infinity) ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const box = form.querySelector("[data-sending]");
  const bar = box.querySelector("progress");
  const text = box.querySelector("[data-sent]");
  const file = () => form.querySelector("input[type=file]").files[0];
  const warn = event => event.preventDefault();
  const busy = on => {
    box.hidden = !on;
    window[on ? "addEventListener" : "removeEventListener"]("beforeunload", warn);
  };

  form.addEventListener("htmx:beforeRequest", event => { if (event.target === form && file()) busy(true); });
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    if (!(detail.total > (file()?.size ?? 0))) return; // the answer coming in, not the file going out
    bar.value = 100 * detail.loaded / detail.total;
    const { text: running, end } = text.dataset;
    text.textContent = detail.loaded < detail.total
      ? running.replace("{done}", inMegabytes(detail.loaded)).replace("{all}", inMegabytes(detail.total)) : end;
  });
  // before the answer is acted on: a redirect it asks for must not meet the warning
  form.addEventListener("htmx:beforeOnLoad", () => busy(false));
  form.addEventListener("htmx:afterRequest", () => busy(false));
  box.querySelector("[data-cancel]").addEventListener("click", () => htmx.trigger(form, "htmx:abort"));
}
