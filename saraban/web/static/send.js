// What the pages of sending add to plain forms: a number is copied with one press.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent.trim();
      try { await navigator.clipboard.writeText(text); button.textContent = "คัดลอกแล้ว"; }
      catch { getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); }
    });
  });
})();
