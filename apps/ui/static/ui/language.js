// Choosing a language is enough; the button stays for browsers without scripts.
(() => {
  const form = document.querySelector("[data-language-form]");
  if (!form) return;
  form.querySelector("button").hidden = true;
  form.querySelector("select").addEventListener("change", () => form.requestSubmit());
})();
