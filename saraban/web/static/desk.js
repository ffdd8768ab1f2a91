// What the officers' pages add to plain links and forms. Without this file everything still works.
//
//   data-row       a link that stands for a row: j and k move between them, x ticks its box
//   data-key       the physical key (event.code) that presses or focuses an element: KeyR, Slash
//   data-busy      words on a button while its form is on the way; a second press does nothing
//   data-live      address of the event stream; "changed" is then sent to the body for hx-trigger
//   data-told      a message that goes away by itself when the person goes on
//   data-unseen    words in place of a picture that cannot be shown
//   data-enter     a field of several lines that holds one line of words: Enter sends its form
//   data-back      a link that goes back to where one was
//
// Keys are looked at by where they are, not by what they type: a Thai layout types ่ า พ for j k r.
"use strict";
(() => {
  const typing = (at) => at.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  const sheet = () => document.getElementById("sheet");
  const open = () => document.querySelector("dialog[open]");

  function step(by) {
    const all = rows();
    const line = document.activeElement.closest("tr, li");
    const at = all.findIndex((one) => line && line.contains(one));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  }

  function tick() {
    const line = document.activeElement.closest("tr, li");
    const box = line && line.querySelector("input[type=checkbox]");
    if (box) box.click();
  }

  function pressed(event) {
    const wanted = document.querySelector(`[data-key="${event.code}"]`);
    if (!wanted) return false;
    if (wanted.matches("input, select, textarea")) { wanted.focus(); wanted.select?.(); } else wanted.click();
    const opened = wanted.matches("summary") && wanted.parentElement.open ? wanted.parentElement : null;
    opened?.querySelector("select, textarea, input:not([type=hidden])")?.focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.code === "Slash" && event.shiftKey) {
      if (!open()) { document.getElementById("keys")?.showModal(); event.preventDefault(); }
      return;
    }
    if (open()) return;
    if (event.code === "KeyJ") step(1);
    else if (event.code === "KeyK") step(-1);
    else if (event.code === "KeyX") tick();
    else if (!pressed(event)) return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("[data-enter]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  // The sheet: htmx lays a piece of a page into it, the dialog gives the focus back when it closes.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== sheet()) return;
    if (!sheet().open) sheet().showModal();
    sheet().scrollTop = 0;
    (sheet().querySelector("[autofocus]") || sheet().querySelector("h1, button"))?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target === sheet()) sheet().close();
    if (event.target.closest("[data-back]") && history.length > 1) { event.preventDefault(); history.back(); }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400 && sheet()?.open) sheet().close();
  });
  document.addEventListener("htmx:sendError", () => say("ติดต่อระบบไม่ได้ โปรดตรวจเครือข่าย แล้วลองอีกครั้ง"));

  function say(text) {
    const box = document.getElementById("messages");
    if (!box) return;
    const line = document.createElement("div");
    line.className = "told wrong";
    line.textContent = text;
    box.replaceChildren(line);
  }

  // A page that cannot be drawn says so, instead of an empty sheet.
  const leaf = "img.leaf, .leaf img";
  function without(picture) {
    const line = document.createElement("p");
    line.className = "no-picture";
    line.textContent = "แสดงภาพหน้านี้ไม่ได้ ดาวน์โหลดไฟล์เพื่อเปิดดูได้";
    picture.replaceWith(line);
  }
  document.addEventListener("error", (event) => { if (event.target.matches?.(leaf)) without(event.target); }, true);
  document.querySelectorAll(leaf).forEach((one) => { if (one.complete && !one.naturalWidth) without(one); });

  // A form that is on its way says so, and is not sent twice.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button?.dataset.busy) {
      button.dataset.word = button.textContent;
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-busy", "true");
    }
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll("[data-word]").forEach((button) => {
      button.textContent = button.dataset.word;
      button.removeAttribute("aria-busy");
    });
  });

  // A list that is fetched anew keeps what was ticked, and the place of whoever reads it.
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "lists") return;
    const ticked = [...document.querySelectorAll("#lists input:checked")].map((box) => box.value);
    kept = { ticked, at: document.activeElement?.id, index: rows().indexOf(document.activeElement) };
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!kept) return;
    const { ticked, at, index } = kept;
    kept = null;
    document.querySelectorAll("#lists input[type=checkbox]").forEach((box) => { box.checked = ticked.includes(box.value); });
    if (at && !document.getElementById(at) && index >= 0 && !open()) rows()[Math.min(index, rows().length - 1)]?.focus();
  });

  // News: one stream while the page is looked at. A hidden page listens to nothing.
  let address = document.body.dataset.live;
  let stream = null;
  function listen() {
    if (!address || stream || document.hidden) return;
    stream = new EventSource(address);
    stream.addEventListener("changed", (event) => {
      address = address.replace(/since=.*/, `since=${event.lastEventId}`);
      window.htmx?.trigger(document.body, "changed");
    });
    stream.addEventListener("ended", () => location.reload());
  }
  function rest() { stream?.close(); stream = null; }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { rest(); return; }
    listen();
    window.htmx?.trigger(document.body, "changed");
  });
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);

  // A file that no picture can be made of says so; an error of an image does not bubble, and may
  // have come before this was read.
  const unshown = (at) => {
    const said = document.createElement("p");
    said.className = "note";
    said.textContent = at.dataset.unseen;
    at.replaceWith(said);
  };
  document.addEventListener("error", ({ target: at }) => { if (at.dataset?.unseen) unshown(at); }, true);
  for (const at of document.querySelectorAll("img[data-unseen]")) {
    if (at.complete && !at.naturalWidth) unshown(at);
  }

  // After an act the list is there again: the first row is under the finger.
  if (document.querySelector("[data-told]") && !document.querySelector("[autofocus]")) rows()[0]?.focus({ preventScroll: true });
})();
