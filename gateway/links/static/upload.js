// Lays files down in pieces (tus 1.0.0), so that a broken line costs one piece and not the file.
"use strict";
(() => {
  const drop = document.getElementById("drop");
  const list = document.getElementById("files");
  const path = drop.dataset.path;
  const most = Number(drop.dataset.most);
  const PIECE = 4 * 1024 * 1024;
  const TUS = { "Tus-Resumable": "1.0.0" };

  const line = (file) => {
    document.getElementById("none")?.remove();
    const item = document.createElement("li");
    const name = document.createElement("b");
    const state = document.createElement("span");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    state.className = "soft small";
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    item.append(name, state, bar);
    list.append(item);
    return {
      at: (done) => { bar.value = done; state.textContent = `ส่งแล้ว ${Math.floor((100 * done) / (file.size || 1))} %`; },
      done: () => { bar.remove(); state.className = "tag green"; state.textContent = "ได้รับครบแล้ว"; },
      wait: () => { state.textContent = "การเชื่อมต่อขาด กำลังลองใหม่…"; },
      wrong: (why) => { bar.remove(); state.className = "wrong small"; state.textContent = why; },
    };
  };

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  const remembered = (file) => `${path} ${file.name} ${file.size} ${file.lastModified}`;

  const begin = async (file) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(file.name)}` },
    });
    if (answer.status !== 201) { throw new Refused(await answer.text()); }
    return answer.headers.get("Location");
  };

  class Refused extends Error {}

  const offsetOf = async (place) => {
    const answer = await fetch(place, { method: "HEAD", headers: TUS });
    return answer.ok ? Number(answer.headers.get("Upload-Offset")) : -1;
  };

  const send = async (file, show) => {
    let place = localStorage.getItem(remembered(file));
    let offset = place ? await offsetOf(place) : -1;
    if (offset < 0) {
      place = await begin(file);
      localStorage.setItem(remembered(file), place);
      offset = 0;
    }
    for (;;) {
      show.at(offset);
      const answer = await fetch(place, {
        method: "PATCH",
        headers: { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
        body: file.slice(offset, offset + PIECE),
      });
      if (answer.status === 409) { offset = await offsetOf(place); continue; }
      if (answer.status !== 204) { throw new Refused(await answer.text()); }
      offset = Number(answer.headers.get("Upload-Offset"));
      if (offset >= file.size) { localStorage.removeItem(remembered(file)); return; }
    }
  };

  const lay = async (file) => {
    const show = line(file);
    if (file.size > most) { show.wrong("ไฟล์ใหญ่เกินกำหนด โปรดติดต่อหน่วยงานผู้รับ"); return; }
    for (let tries = 0; tries < 30; tries += 1) {
      try { await send(file, show); show.done(); return; }
      catch (error) {
        if (error instanceof Refused) { show.wrong(error.message || "ส่งไม่สำเร็จ โปรดลองใหม่"); return; }
        show.wait();
        await pause(Math.min(1000 * 2 ** tries, 30000));
      }
    }
    show.wrong("ส่งไม่สำเร็จ โปรดตรวจการเชื่อมต่อแล้วเลือกไฟล์เดิมอีกครั้ง");
  };

  const layAll = async (files) => { for (const file of files) { await lay(file); } };
  document.getElementById("pick").addEventListener("change", (event) => { layAll([...event.target.files]); });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); layAll([...event.dataTransfer.files]); });
})();
