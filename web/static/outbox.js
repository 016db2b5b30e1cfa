// The reports that wait on this phone: kept in IndexedDB with keys of their own, and sent once. Pages and the service
// worker use the same file.
//
// A report gets its key when it is typed, each photo too, and what is sent under a key never changes again: so what was
// taken although nobody heard of it is not taken twice. It is bound to who typed it, and sent under that person only.
"use strict";

self.outbox = (() => {
  const BASE = "bihuan-outbox";
  const REPORTS = "reports";
  const PHONE = "phone";
  const SENT_STAYS_MS = 24 * 60 * 60 * 1000;
  const LATE_MS = 60 * 1000;
  const PATIENCE_MS = 90 * 1000;
  const LATER = new Set([401, 408, 429]);

  const open = () =>
    new Promise((resolve, reject) => {
      const asked = indexedDB.open(BASE, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore(REPORTS, { keyPath: "id" });
        asked.result.createObjectStore(PHONE);
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });

  const within = async (store, mode, work) => {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(store, mode, { durability: "strict" });
        const asked = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      base.close();
    }
  };

  const read = (id) => within(REPORTS, "readonly", (store) => store.get(id));
  const write = async (item) => {
    await within(REPORTS, "readwrite", (store) => store.put(item));
    tell();
  };
  const remove = async (id) => {
    await within(REPORTS, "readwrite", (store) => store.delete(id));
    tell();
  };

  // Whoever shows the outbox hears that it changed, in every page and in the worker.
  const channel = self.BroadcastChannel ? new BroadcastChannel(BASE) : null;
  const listeners = [];
  const tell = () => {
    for (const listener of listeners) listener();
    if (channel) channel.postMessage("changed");
  };
  if (channel) channel.onmessage = () => listeners.forEach((listener) => listener());

  // One of all pages and the worker sends at a time; without locks the keys still make everything count once.
  const alone = (work) => (self.navigator.locks ? navigator.locks.request(BASE, work) : work());

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const list = async () => {
    const items = await within(REPORTS, "readonly", (store) => store.getAll());
    const old = items.filter((item) => item.sent_at && Date.now() - item.sent_at > SENT_STAYS_MS);
    for (const item of old) await within(REPORTS, "readwrite", (store) => store.delete(item.id));
    return items.filter((item) => !old.includes(item)).sort((one, other) => one.typed_at - other.typed_at);
  };

  const waits = (item) => !item.sent_at && !item.refused;

  const keep = async (username, report, photos, replaced) => {
    const key = newKey();
    const item = {
      id: key,
      key,
      username,
      typed_at: Date.now(),
      report,
      photos: photos.map((file, index) => ({ key: `${key}-${index}`, name: `photo-${index + 1}.jpg`, blob: file })),
      number: null,
      refused: null,
      sent_at: null,
    };
    // not behind a sending that takes long: what was typed is safe at once
    await within(REPORTS, "readwrite", (store) => {
      if (replaced) store.delete(replaced);
      return store.put(item);
    });
    tell();
    return item;
  };

  const discard = (id) => alone(() => remove(id));

  const change = (id, work) =>
    alone(async () => {
      const item = await read(id);
      if (!item) return;
      work(item);
      settle(item);
      await write(item);
    });

  const again = (id) => change(id, (item) => (item.refused = null));
  const withoutPhoto = (id) =>
    change(id, (item) => {
      item.photos.shift();
      item.refused = null;
    });

  // What was sent leaves the phone; its number stays for a day.
  const settle = (item) => {
    if (item.number) item.report = null;
    if (item.number && !item.photos.length && !item.refused) item.sent_at = item.sent_at || Date.now();
  };

  const who = () => within(PHONE, "readonly", (store) => store.get("who"));
  const remember = (username) => within(PHONE, "readwrite", (store) => store.put(username, "who"));
  const forget = () => within(PHONE, "readwrite", (store) => store.delete("who"));

  const proof = async () => {
    try {
      const answer = await fetch("/officer/proof", { cache: "no-store", credentials: "same-origin" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  };

  // The answer; null: nothing came back, or it is to be tried later. Whether it was taken then is not known: the same
  // key finds out.
  const post = async (path, key, shown, body, headers) => {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST",
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
        credentials: "same-origin",
        headers: { "Idempotency-Key": key, "X-Form-Token": shown.token, ...headers },
      });
      if (answer.status >= 500 || LATER.has(answer.status)) return null;
      const told = await answer.json();
      if (answer.ok) return { taken: told };
      if (told.code === "form_expired") return null;
      return { refused: { codes: [...new Set((told.errors || []).map((error) => error.code))], code: told.code, fields: told.errors || [] } };
    } catch {
      return null;
    }
  };

  const sendReport = async (item, shown) => {
    if (!("occurred_at" in item.report)) {
      // once, and by the server's clock: a phone's may be wrong
      const late = Date.now() - item.typed_at;
      item.report.occurred_at = late > LATE_MS ? new Date(Date.parse(shown.now) - late).toISOString() : null;
      await write(item);
    }
    const body = JSON.stringify(item.report);
    const answer = await post("/officer/send/report", item.key, shown, body, { "Content-Type": "application/json" });
    if (!answer) return false;
    if (answer.taken) item.number = answer.taken.number;
    else item.refused = answer.refused;
    settle(item);
    await write(item);
    return true;
  };

  const sendPhotos = async (item, shown) => {
    while (item.photos.length && !item.refused) {
      const photo = item.photos[0];
      const form = new FormData();
      form.append("file", photo.blob, photo.name);
      const answer = await post(`/officer/send/${item.number}/photo`, photo.key, shown, form, {});
      if (!answer) return false;
      if (answer.taken) item.photos.shift();
      else item.refused = answer.refused;
      settle(item);
      await write(item);
    }
    return true;
  };

  const sendOne = async (id, shown) => {
    const item = await read(id);
    if (!item || !waits(item)) return true;
    if (!item.number && !(await sendReport(item, shown))) return false;
    return item.refused ? true : sendPhotos(item, shown);
  };

  // Sends what waits. Says who is signed in (null: nobody), or that there was no way through, and whether anything of
  // that person still waits.
  const send = () =>
    alone(async () => {
      const mine = async (username) => (await list()).filter((item) => waits(item) && item.username === username);
      if (!(await list()).some(waits)) return { reached: true, left: 0 };
      if (!navigator.onLine) return { reached: false, left: 1 };
      const shown = await proof();
      if (!shown) return { reached: false, left: 1 };
      if (!shown.username) return { reached: true, username: null, left: 0 };
      for (const item of await mine(shown.username)) {
        if (!(await sendOne(item.id, shown))) break;
      }
      return { reached: true, username: shown.username, left: (await mine(shown.username)).length };
    });

  return {
    again,
    discard,
    forget,
    keep,
    list,
    listen: (listener) => listeners.push(listener),
    read,
    remember,
    send,
    waits,
    who,
    withoutPhoto,
  };
})();
