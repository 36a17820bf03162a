// The theme draws an icon from its English name, which whoever listens to the page would hear: "chevron_right".
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.setAttribute("aria-hidden", "true"));
  // Buttons of nothing but an icon, and without a title.
  document.querySelectorAll("#searchbar-submit, #command-submit").forEach((button) => {
    const { placeholder } = button.closest(":has(input[placeholder])").querySelector("input[placeholder]");
    button.setAttribute("aria-label", placeholder);
  });
});
