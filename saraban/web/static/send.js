// What the pages of sending add to plain forms: a number is copied with one press, and where the
// buttons stand in sight of what they are about, the first is under the finger (data-first).
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  if (matchMedia("(min-width: 60.01rem)").matches) document.querySelector("[data-first]")?.focus({ preventScroll: true });
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent.trim();
      try { await navigator.clipboard.writeText(text); button.textContent = "คัดลอกแล้ว"; }
      catch { getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); }
    });
  });
})();
