// The theme button walks through system, light and dark; a cookie lets the server paint the right one at once.
(() => {
  const themes = ["system", "light", "dark"];
  const button = document.querySelector("[data-theme-button]");
  if (!button) return;
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.querySelectorAll("[data-theme-name]").forEach((name) => {
      name.hidden = name.dataset.themeName !== theme;
    });
  };
  button.addEventListener("click", () => {
    const now = themes.indexOf(document.documentElement.dataset.theme);
    const next = themes[(now + 1) % themes.length];
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
    show(next);
  });
  show(document.documentElement.dataset.theme);
})();
