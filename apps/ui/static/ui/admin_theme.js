// The admin keeps its colours in the browser, our pages in a cookie: whoever chooses in one place means both.
(() => {
  const kept = document.cookie.match(/(?:^|; )theme=(system|light|dark)/);
  const toAdmin = { system: "auto", light: "light", dark: "dark" };
  const toCookie = { auto: "system", light: "light", dark: "dark" };
  if (kept) localStorage.setItem("adminTheme", JSON.stringify(toAdmin[kept[1]]));
  addEventListener("pagehide", () => {
    const chosen = toCookie[(localStorage.getItem("adminTheme") || "").replaceAll('"', "")];
    if (chosen) document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
  });
})();
