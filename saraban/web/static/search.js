// What the page of searching adds: arrows through the answer, Enter on a number that is exactly so,
// an address that follows what is typed, and a file that is found by its SHA-256. The digest is
// reckoned here, in the browser; the file goes nowhere.
"use strict";
(() => {
  const MOST = 500e6; // bytes: SubtleCrypto wants the file whole
  const box = document.getElementById("q");
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  const results = () => document.getElementById("results");
  const isFresh = () => results().dataset.line === box.value.trim();

  function move(event) {
    const all = rows();
    const line = document.activeElement.closest(".letter-line");
    const at = all.findIndex((one) => line && line.contains(one));
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (at < 0 && document.activeElement !== box && document.activeElement !== document.body) return;
    if (at < 0 && event.key === "ArrowUp") return;
    event.preventDefault();
    if (next < 0) { box.focus(); box.select(); return; }
    all[Math.min(next, all.length - 1)]?.focus();
    document.activeElement.closest(".letter-line")?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
    const wanted = event.key === "Enter" && event.target === box && isFresh() && document.querySelector("[data-exact]");
    if (wanted) { event.preventDefault(); wanted.click(); }
  });

  // Whoever comes back, or sends the address on, finds what stands here now.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "results") return;
    const address = new URL(event.detail.pathInfo.finalRequestPath, location.origin);
    [...address.searchParams].forEach(([name, value]) => { if (!value) address.searchParams.delete(name); });
    history.replaceState(null, "", address);
    if (document.activeElement !== box) box.value = address.searchParams.get("q") || "";
    showFile();
  });

  function showFile() {
    const place = document.getElementById("by-file");
    if (place) place.hidden = false;
  }

  async function find(file) {
    const say = (text) => { (document.getElementById("file-said") || document.getElementById("found")).textContent = text; };
    if (!window.crypto?.subtle) { say("เบราว์เซอร์คำนวณรหัสไฟล์ได้เฉพาะเมื่อเปิดหน้านี้ด้วย https โปรดค้นด้วยชื่อไฟล์แทน"); return; }
    if (file.size > MOST) { say("ไฟล์ใหญ่เกิน ๕๐๐ MB เบราว์เซอร์คำนวณรหัสไม่ไหว โปรดค้นด้วยชื่อไฟล์แทน"); return; }
    say(`กำลังคำนวณรหัสของ ${file.name} ในเครื่องนี้…`);
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      location.assign(`/search?q=${hex}`);
    } catch {
      say("อ่านไฟล์นี้ไม่ได้ โปรดปิดโปรแกรมที่เปิดไฟล์อยู่ แล้วลองใหม่");
    }
  }

  const carries = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("change", (event) => {
    if (event.target.id === "file" && event.target.files[0]) find(event.target.files[0]);
  });
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (event.dataTransfer.files[0]) find(event.dataTransfer.files[0]);
  });
  // Who typed before htmx listened, or comes back to a box that still holds other words, is answered too.
  addEventListener("load", () => { if (!isFresh()) window.htmx?.trigger(box, "input"); });
  showFile();
})();
