// What a grid officer's pages do by themselves: say that they are offline, show what waits on the phone and send it,
// keep the form for when there is no network, order what is near. Every page works without it while there is network.
"use strict";

(() => {
  const section = document.getElementById("outbox");
  if (!section || !self.indexedDB || !self.outbox) return;
  const words = JSON.parse(section.dataset.words);
  const refusals = JSON.parse(section.dataset.refusals);
  const user = section.dataset.user || null;
  const RETRY_MS = 30_000;
  const URGENT_MS = 5_000;

  const put = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const make = (tag, text, properties = {}) => Object.assign(document.createElement(tag), text ? { textContent: text } : {}, properties);

  // Offline

  const line = document.querySelector("[data-offline]");
  const online = document.querySelector("[data-online]");
  const mark = () => {
    if (line) line.hidden = navigator.onLine;
    if (online) online.hidden = !navigator.onLine;
  };

  // The outbox

  const why = (refused) => (refused.codes.length ? refused.codes : [refused.code]).map((code) => refusals[code] || refusals.rules_refuse).join(" ");

  const state = (item, sending) => {
    if (item.sent_at) return put(words.sent, { number: item.number });
    if (item.refused) return put(item.number ? words.photo_refused : words.refused, { number: item.number, why: why(item.refused) });
    return sending ? words.sending : words.waiting;
  };

  const button = (text, act) => {
    const made = make("button", text, { type: "button" });
    made.addEventListener("click", () => act(made));
    return made;
  };

  const surely = (text, act) =>
    button(text, (pressed) => {
      if (pressed.dataset.sure) return act();
      pressed.dataset.sure = "1";
      pressed.textContent = words.sure;
    });

  const acts = (item) => {
    if (item.sent_at) return [button(words.hide, () => outbox.discard(item.id))];
    if (!item.refused) return [surely(words.discard, () => outbox.discard(item.id))];
    const resend = button(words.again, () => outbox.again(item.id).then(send));
    if (item.number) return [resend, surely(words.discard_photo, () => outbox.withoutPhoto(item.id).then(send))];
    const edit = make("a", words.edit, { className: "button", href: `/officer/report#edit-${item.id}` });
    return [edit, resend, surely(words.discard, () => outbox.discard(item.id))];
  };

  const row = (item) => {
    const made = make("li", "", { className: item.refused ? "kept kept-refused" : "kept" });
    made.dataset.item = item.id;
    if (item.report) {
      const first = make("p", "", { className: "kept-words line" });
      if (item.report.danger) first.append(make("span", words.danger, { className: "danger-mark" }), " ");
      first.append(item.report.description.slice(0, 80));
      made.append(first);
    }
    const said = make("p", "", { className: "small kept-state" });
    said.append(state(item, sending));
    if (item.number && item.sent_at) said.replaceChildren(make("a", state(item, false), { href: `/cases/${item.number}` }));
    if (item.photos.length) said.append(` · ${put(words.photos, { n: item.photos.length })}`);
    const buttons = make("div", "", { className: "kept-acts" });
    buttons.append(...acts(item));
    made.append(said, buttons);
    return made;
  };

  const others = (items) => {
    const counted = new Map();
    for (const item of items) counted.set(item.username, (counted.get(item.username) || 0) + 1);
    const text = user ? ([who, n]) => put(words.others, { who, n }) : ([who]) => put(words.sign_in, { who });
    return [...counted].map(text).join(" ");
  };

  let sending = false;
  const show = async () => {
    const items = await outbox.list();
    const reader = user || (await outbox.who());
    const mine = items.filter((item) => item.username === reader);
    const foreign = items.filter((item) => item.username !== reader && !item.sent_at);
    const open = items.filter((item) => !item.sent_at).length;
    section.hidden = !mine.length && !foreign.length;
    section.querySelector("[data-title]").textContent = open ? words.title : words.title_sent;
    section.querySelector("[data-count]").textContent = open || "";
    section.querySelector("[data-items]").replaceChildren(...mine.map(row));
    section.querySelector("[data-send]").hidden = !navigator.onLine || !mine.some(outbox.waits);
    const say = section.querySelector("[data-say]");
    const signedOut = !user && mine.some(outbox.waits) && needsSignIn ? put(words.sign_in, { who: reader }) : "";
    say.replaceChildren(signedOut || others(foreign));
    if (needsSignIn && !user && !location.pathname.startsWith("/signin")) say.append(" ", make("a", words.to_sign_in, { href: "/signin?next=/officer" }));
    say.hidden = !say.textContent.trim();
  };

  let needsSignIn = location.pathname.startsWith("/signin");
  const sendNow = async () => {
    sending = true;
    await show();
    try {
      const done = await outbox.send();
      needsSignIn = needsSignIn || done.username === null;
    } finally {
      sending = false;
      await show();
    }
  };
  let last = Promise.resolve();
  const send = () => (last = last.then(sendNow, sendNow));
  const sendUnlessSending = () => sending || send();

  outbox.listen(show);
  section.querySelector("[data-send]").addEventListener("click", send);
  window.addEventListener("online", () => {
    mark();
    send();
  });
  window.addEventListener("offline", () => {
    mark();
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden || sendUnlessSending());
  let tried = Date.now();
  setInterval(async () => {
    if (!navigator.onLine || document.hidden) return;
    const waiting = (await outbox.list()).filter(outbox.waits);
    const urgent = waiting.some((item) => item.report && item.report.danger);
    if (!waiting.length || (!urgent && Date.now() - tried < RETRY_MS)) return;
    tried = Date.now();
    sendUnlessSending();
  }, URGENT_MS);

  // Who is signed in on this phone, so that what is typed offline is theirs; nobody, once they sign out.

  const begin = async () => {
    if (user) await outbox.remember(user);
    mark();
    await show();
    if (navigator.onLine) await send();
  };
  for (const form of document.querySelectorAll('form[action="/signout"]')) form.addEventListener("submit", () => outbox.forget());

  // The form for when there is no network

  const SHELL = "bihuan-shell";
  const keepShell = async () => {
    const address = section.dataset.shell;
    if (!address || !user || !navigator.onLine) return;
    const cache = await caches.open(SHELL);
    if (await cache.match(address)) return;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    for (const old of await cache.keys()) await cache.delete(old);
    await cache.put(address, answer);
  };
  const install = async () => {
    if (!user || !navigator.serviceWorker) return;
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    await navigator.serviceWorker.ready;
    await keepShell();
    document.documentElement.dataset.ready = "offline";
  };

  // Photos: as many as are wanted, from camera and album together, made smaller at once

  const tile = async (file, remove, label) => {
    const made = make("li");
    try {
      const bitmap = await createImageBitmap(file);
      const side = 192;
      const canvas = make("canvas", "", { width: side, height: side });
      const ratio = side / Math.min(bitmap.width, bitmap.height);
      canvas.getContext("2d").drawImage(bitmap, (side - bitmap.width * ratio) / 2, (side - bitmap.height * ratio) / 2, bitmap.width * ratio, bitmap.height * ratio);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", file.name);
      bitmap.close();
      made.append(canvas);
    } catch {
      made.append(make("span", file.name, { className: "small" }));
    }
    const away = button("×", remove);
    away.setAttribute("aria-label", label);
    made.append(away);
    return made;
  };

  const photoField = (field) => {
    const [camera, gallery] = ["[data-camera]", "[data-gallery]"].map((name) => field.querySelector(name));
    const tiles = field.querySelector("[data-photo-tiles]");
    const buttons = field.querySelector(".photo-buttons");
    const most = Number(field.dataset.most);
    let chosen = [];
    const settle = async () => {
      const kept = new DataTransfer();
      for (const file of chosen) kept.items.add(file);
      gallery.files = kept.files;
      camera.value = "";
      const drop = (file) => () => {
        chosen = chosen.filter((other) => other !== file);
        return settle();
      };
      tiles.replaceChildren(...(await Promise.all(chosen.map((file) => tile(file, drop(file), field.dataset.remove)))));
      tiles.hidden = !chosen.length;
      buttons.hidden = chosen.length >= most;
    };
    const add = async (files) => {
      const smaller = await Promise.all(files.map((file) => photos.scaled(file)));
      chosen = [...chosen, ...smaller].slice(0, most);
      await settle();
    };
    const busy = (input) => {
      const files = [...input.files];
      field.working = (field.working || Promise.resolve()).then(() => add(files));
    };
    camera.addEventListener("change", () => busy(camera));
    gallery.addEventListener("change", () => busy(gallery));
    field.photos = () => chosen;
    field.fill = (files) => {
      chosen = files;
      return settle();
    };
  };
  for (const field of document.querySelectorAll("[data-photo-field]")) photoField(field);

  // What cannot be done without network says so, and keeps what was typed

  for (const form of document.querySelectorAll("form[data-needs-network]")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      const said = form.querySelector("[data-no-network]");
      said.hidden = false;
      said.focus();
    });
  }

  // Nearest first

  const near = document.querySelector("[data-near]");
  const nearest = document.querySelector("[data-nearest]");
  const RADIUS_M = 6_371_000;
  const away = (here, place) => {
    const rad = Math.PI / 180;
    const x = (place.lon - here.longitude) * rad * Math.cos(((Number(place.lat) + here.latitude) / 2) * rad);
    return Math.round(Math.hypot(x, (place.lat - here.latitude) * rad) * RADIUS_M);
  };
  if (nearest && navigator.geolocation && near.querySelector("[data-lat]")) {
    nearest.hidden = false;
    nearest.addEventListener("click", () =>
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        const rows = [...near.children].map((item) => [item.dataset.lat ? away(coords, item.dataset) : Infinity, item]);
        rows.sort(([one], [other]) => one - other);
        for (const [metres, item] of rows) {
          const said = item.querySelector("[data-away]");
          said.hidden = metres === Infinity;
          said.textContent = put(words.away, { n: metres });
          near.append(item);
        }
      }),
    );
  }

  self.officer = { send, show, user };
  begin().then(install).catch(() => {});
})();
