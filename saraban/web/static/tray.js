// Scans beside a form: laid down in pieces (tus 1.0.0) while the form is filled in. A broken line
// costs one piece; a page opened again goes on with the files of the same tray. Without this file
// the same fields send the files with the form.
"use strict";
(() => {
  const PIECE = 4 * 1024 * 1024;
  const TUS = { "Tus-Resumable": "1.0.0" };
  const WAIT = 30000;
  const ROLES = [["letter", "ตัวหนังสือ"], ["enclosure", "สิ่งที่ส่งมาด้วย"]];
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  class Refused extends Error {}

  const rest = (ms) => new Promise((go) => {
    const timer = setTimeout(go, ms);
    addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });

  const checked = async (answer, wanted) => {
    if (answer.redirected) throw new Refused("หมดเวลาใช้งานแล้ว โปรดเข้าระบบใหม่ในอีกหน้าต่าง แล้วเลือกไฟล์เดิมอีกครั้ง");
    if (answer.status !== wanted) throw new Refused(answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "ส่งไม่สำเร็จ โปรดเปิดหน้านี้ใหม่แล้วลองอีกครั้ง");
    return answer;
  };

  const make = (kind, props, ...inside) => {
    const made = Object.assign(document.createElement(kind), props);
    made.append(...inside);
    return made;
  };

  document.querySelectorAll("[data-tray]").forEach((tray) => {
    const form = tray.closest("form");
    const list = tray.querySelector(".laid");
    const field = tray.querySelector("[name=tray]");
    const token = form.querySelector("[name=_token]").value;
    const most = Number(tray.dataset.most);
    const key = `tray ${form.action}`;
    const headers = { ...TUS, "X-Form-Token": token };
    if (!list.children.length) field.value = sessionStorage.getItem(key) || field.value;
    sessionStorage.setItem(key, field.value);
    const path = tray.dataset.tray + field.value;
    const known = (file) => `${path} ${file.name} ${file.size} ${file.lastModified}`;
    let under_way = 0;
    let held = null;

    const removable = (line, place) => {
      const button = make("button", { type: "button", className: "plain", textContent: "เอาออก" });
      button.setAttribute("aria-label", `เอา ${line.querySelector("b").textContent} ออก`);
      button.addEventListener("click", () => {
        line.remove();
        fetch(place(), { method: "DELETE", headers }).catch(() => {});
      });
      line.append(button);
    };
    list.querySelectorAll("li").forEach((line) => removable(line, () => line.dataset.place));

    const row = (file, role) => {
      const state = make("span", { className: "soft small" });
      const bar = make("progress", { max: file.size || 1, value: 0 });
      bar.setAttribute("aria-label", `ความคืบหน้าของ ${file.name}`);
      const line = make("li", {}, make("span", { className: "name" }, make("b", { textContent: file.name })), state, bar);
      list.append(line);
      const done = (place) => {
        const id = place.slice(place.lastIndexOf("/") + 1);
        const choose = make("select", { name: `role.${id}` }, ...ROLES.map(([value, word]) => make("option", { value, textContent: word, selected: value === role })));
        choose.setAttribute("aria-label", `${file.name} เป็น`);
        bar.replaceWith(make("input", { type: "hidden", name: "file", value: id }), choose);
        state.className = "tag green";
        state.textContent = "ได้รับครบแล้ว";
        removable(line, () => place);
      };
      return {
        at: (sent) => { bar.value = sent; state.textContent = `ส่งแล้ว ${Math.floor((100 * sent) / (file.size || 1))} %`; },
        done,
        wait: () => { state.textContent = "การเชื่อมต่อขาด กำลังส่งต่อ…"; },
        wrong: (why) => { bar.remove(); state.className = "wrong small"; state.setAttribute("role", "alert"); state.textContent = why; removable(line, () => "/none"); },
      };
    };

    const begin = async (file) => {
      const announced = { ...headers, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(file.name)}` };
      const answer = await checked(await fetch(path, { method: "POST", headers: announced }), 201);
      return answer.headers.get("Location");
    };
    const offset_of = async (place) => {
      const answer = await fetch(place, { method: "HEAD", headers });
      return answer.ok && !answer.redirected ? Number(answer.headers.get("Upload-Offset")) : -1;
    };
    const send = async (file, show) => {
      let place = sessionStorage.getItem(known(file));
      let at = place ? await offset_of(place) : -1;
      if (at < 0) {
        place = await begin(file);
        sessionStorage.setItem(known(file), place);
        at = 0;
      }
      while (at < file.size) {
        show.at(at);
        const more = { ...headers, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
        const answer = await fetch(place, { method: "PATCH", headers: more, body: file.slice(at, at + PIECE) });
        if (answer.status === 409) { await rest(500); at = await offset_of(place); if (at < 0) throw new Refused("ส่งไม่สำเร็จ โปรดเลือกไฟล์เดิมอีกครั้ง"); continue; }
        at = Number((await checked(answer, 204)).headers.get("Upload-Offset"));
      }
      sessionStorage.removeItem(known(file));
      return place;
    };
    const lay = async (file, role) => {
      const show = row(file, role);
      if (file.size > most) { show.wrong("ไฟล์ใหญ่เกินกำหนด"); return; }
      for (let tries = 0; tries < 60; tries += 1) {
        try { show.done(await send(file, show)); return; } catch (error) {
          if (error instanceof Refused) { sessionStorage.removeItem(known(file)); show.wrong(error.message); return; }
          show.wait();
          await rest(Math.min(1000 * 2 ** tries, WAIT));
        }
      }
      show.wrong("ส่งไม่สำเร็จ โปรดตรวจเครือข่าย แล้วเลือกไฟล์เดิมอีกครั้ง");
    };
    const lay_all = async (files, role) => {
      under_way += 1;
      for (const file of files) await lay(file, role);
      under_way -= 1;
      if (!under_way && held) { const button = held; held = null; button.disabled = false; form.requestSubmit(button); }
    };

    tray.classList.add("ready"); // chosen files are listed below: the field's own words would say "none"
    tray.querySelectorAll("input[type=file]").forEach((pick) => {
      pick.addEventListener("change", () => {
        const chosen = [...pick.files];
        pick.value = "";
        lay_all(chosen, pick.dataset.role);
      });
    });
    tray.addEventListener("dragover", (event) => { event.preventDefault(); tray.classList.add("over"); });
    tray.addEventListener("dragleave", () => tray.classList.remove("over"));
    tray.addEventListener("drop", (event) => {
      event.preventDefault();
      tray.classList.remove("over");
      const first = !list.querySelector("li");
      const files = [...event.dataTransfer.files];
      lay_all(files.slice(0, first ? 1 : 0), "letter");
      lay_all(files.slice(first ? 1 : 0), "enclosure");
    });
    form.addEventListener("submit", (event) => {
      if (!under_way) { sessionStorage.removeItem(key); return; }
      event.preventDefault();
      event.stopPropagation();
      held = event.submitter || form.querySelector("button.main, button:not([type=button])");
      held.disabled = true;
    });
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();
