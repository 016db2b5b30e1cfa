// The form of a report: place by position, category in two taps, danger by holding, and the way by the phone's outbox.
// Without this file it is an ordinary form.
"use strict";

(() => {
  const form = document.getElementById("report");
  if (!form || !self.officer) return;
  const HOLD_MS = 1200;
  const PATIENCE_MS = 8000;
  const ROUGH_M = 100;
  const put = (text, n) => text.replace("{n}", n);
  const field = (name) => form.elements.namedItem(name);
  const find = (query) => form.querySelector(query);
  const editing = () => (location.hash.startsWith("#edit-") ? location.hash.slice("#edit-".length) : null);

  // Category: the chosen one stands alone

  const chosen = find("[data-chosen]");
  const all = find("[data-all]");
  const radio = () => find("input[name=category]:checked");
  const showCategory = (open) => {
    const picked = radio();
    chosen.hidden = !picked || open;
    all.hidden = Boolean(picked) && !open;
    if (picked) chosen.querySelector("b").textContent = picked.closest("label").textContent.trim();
  };
  for (const input of form.querySelectorAll("input[name=category]")) input.addEventListener("click", () => showCategory(false));
  chosen.querySelector("button").addEventListener("click", () => {
    showCategory(true);
    const picked = radio();
    if (picked && picked.closest("details")) picked.closest("details").open = true;
    if (picked) picked.focus();
  });
  showCategory(false);

  // Place

  const locate = find("[data-locate]");
  const said = locate.querySelector("[role=status]");
  const locateNow = () => {
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const rough = coords.accuracy > ROUGH_M;
        field("lat").value = coords.latitude.toFixed(6);
        field("lon").value = coords.longitude.toFixed(6);
        if (!rough) field("grid").value = "";
        said.textContent = put(rough ? said.dataset.rough : said.dataset.found, Math.round(coords.accuracy));
        locate.dataset.located = "yes";
      },
      (error) => (said.textContent = error.code === error.PERMISSION_DENIED ? said.dataset.denied : said.dataset.failed),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  };
  const locateIfAllowed = async () => {
    const permission = navigator.permissions && (await navigator.permissions.query({ name: "geolocation" }).catch(() => null));
    if (permission && permission.state === "granted" && !editing() && !field("lat").value) locateNow();
  };
  if (navigator.geolocation) {
    locate.hidden = false;
    locate.querySelector("button").addEventListener("click", locateNow);
    // whoever has allowed it is not asked to press
    locateIfAllowed();
  }

  // Danger: held for a moment, by finger or key; then the telephone comes first

  const stop = document.getElementById("stop");
  const hold = find("[data-hold]");
  const danger = find("input[name=danger][data-danger]");
  const called = field("called");
  const stopFirst = () => {
    stop.hidden = false;
    stop.scrollIntoView({ block: "start" });
    stop.focus();
  };
  const raise = () => {
    if (navigator.vibrate) navigator.vibrate(80);
    danger.checked = true;
    hold.hidden = true;
    const category = form.dataset.alarming && find(`input[name=category][value="${CSS.escape(form.dataset.alarming)}"]`);
    if (category && !radio()) category.checked = true;
    if (radio() && !field("description").value.trim()) field("description").value = radio().closest("label").textContent.trim();
    showCategory(false);
    stopFirst();
  };
  if (hold) {
    const hint = hold.querySelector("[data-held]");
    hint.textContent = hint.dataset.held;
    let timer = null;
    const begin = () => {
      if (timer) return;
      hold.classList.add("holding");
      timer = setTimeout(() => {
        end();
        raise();
      }, HOLD_MS);
    };
    const end = () => {
      clearTimeout(timer);
      timer = null;
      hold.classList.remove("holding");
    };
    const isKey = (event) => event.key === " " || event.key === "Enter";
    hold.addEventListener("pointerdown", (event) => event.button === 0 && begin());
    for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) hold.addEventListener(name, end);
    hold.addEventListener("contextmenu", (event) => event.preventDefault());
    hold.addEventListener("keydown", (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      if (!event.repeat) begin();
    });
    hold.addEventListener("keyup", (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      end();
    });
    // a screen reader presses without holding: what comes then asks once more anyway
    hold.addEventListener("click", (event) => {
      event.preventDefault();
      if (event.detail === 0) raise();
    });
    danger.addEventListener("change", () => {
      if (danger.checked) return;
      stop.hidden = true;
      hold.hidden = false;
    });
  }

  // Sending: by way of the outbox, so that it is safe before it is sent

  const wrong = find("[data-wrong]");
  const kept = find("[data-kept]");
  const photoField = find("[data-photo-field]");
  const refusals = JSON.parse(document.getElementById("outbox").dataset.refusals);
  let replaced = editing();

  const say = (part, texts) => {
    wrong.hidden = kept.hidden = true;
    part.hidden = false;
    if (texts) part.replaceChildren(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text, className: "strong" })));
    part.scrollIntoView({ block: "center" });
    part.focus();
  };

  const value = (name) => field(name).value.trim();
  const typed = () => {
    const place = {};
    for (const name of ["grid", "address"]) if (value(name)) place[name] = value(name);
    if (value("lat") && value("lon")) place.point = { lat: Number(value("lat")), lon: Number(value("lon")) };
    const report = { category: radio() ? radio().value : "", description: value("description"), place, source: "officer", danger: danger.checked };
    const reporter = {};
    for (const name of ["name", "phone"]) if (value(`reporter_${name}`)) reporter[name] = value(`reporter_${name}`);
    if (Object.keys(reporter).length) report.reporter = { ...reporter, disclose: field("disclose").checked };
    return report;
  };

  const missing = (report) => {
    const faults = [];
    if (!report.category) faults.push(["field_required", document.getElementById("categories").querySelector("input")]);
    else if (!report.description) faults.push(["text_empty", field("description")]);
    if (!Object.keys(report.place).length) faults.push(["place_missing", field("grid")]);
    return faults;
  };

  const clear = () => {
    form.reset();
    for (const name of ["lat", "lon"]) field(name).value = "";
    said.textContent = "";
    stop.hidden = true;
    if (hold) hold.hidden = false;
    photoField.fill([]);
    showCategory(false);
    if (!locate.hidden) locateIfAllowed();
  };
  self.outbox.listen(async () => {
    if (!(await self.outbox.list()).some(self.outbox.waits)) kept.hidden = true;
  });

  const finish = async (item, dangerous) => {
    // it is safe already: nobody is kept waiting by a bad network
    await Promise.race([self.officer.send(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    const now = await self.outbox.read(item.id);
    if (now && now.refused && !now.number) {
      replaced = item.id;
      const codes = now.refused.codes.length ? now.refused.codes : [now.refused.code];
      return say(wrong, codes.map((code) => refusals[code] || refusals.rules_refuse));
    }
    if (now && now.number) return location.assign(`/officer?sent=${encodeURIComponent(now.number)}`);
    replaced = null;
    if (location.hash) history.replaceState(null, "", location.pathname);
    clear();
    const worker = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
    if (worker && worker.sync) await worker.sync.register("outbox").catch(() => {});
    kept.querySelector("[data-alarm]").hidden = !dangerous;
    return say(kept);
  };

  const submit = form.querySelector("[data-submit]");
  const label = submit.textContent;
  const bring = async () => {
    const report = typed();
    const dangerous = danger.checked || (radio() && "danger" in radio().dataset);
    if (dangerous && !called.checked) return stopFirst();
    const [first] = missing(report);
    if (first) {
      if (first[1].name === "category") showCategory(true);
      say(wrong, [refusals[first[0]]]);
      return first[1].focus({ preventScroll: true });
    }
    await photoField.working;
    let item;
    try {
      const username = self.officer.user || (await self.outbox.who());
      item = await self.outbox.keep(username, report, photoField.photos(), replaced);
    } catch {
      return form.submit(); // a phone that keeps nothing, or no more: then the ordinary way
    }
    return finish(item, dangerous);
  };
  let busy = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = submit.disabled = true;
    submit.textContent = submit.dataset.sending;
    bring().finally(() => {
      busy = submit.disabled = false;
      submit.textContent = label;
    });
  });

  // One that was refused is mended here

  const fillIn = (report) => {
    for (const name of ["grid", "address"]) field(name).value = report.place[name] || "";
    const point = report.place.point || {};
    field("lat").value = point.lat ?? "";
    field("lon").value = point.lon ?? "";
    field("description").value = report.description;
    for (const name of ["name", "phone"]) field(`reporter_${name}`).value = (report.reporter || {})[name] || "";
    danger.checked = report.danger;
    stop.hidden = !report.danger;
    const category = find(`input[name=category][value="${CSS.escape(report.category)}"]`);
    if (category) category.checked = true;
    showCategory(false);
  };
  const edit = async () => {
    const item = replaced && (await self.outbox.read(replaced));
    const reader = self.officer.user || (await self.outbox.who());
    if (!item || !item.report || !item.refused || item.username !== reader) return (replaced = null);
    fillIn(item.report);
    return photoField.fill(item.photos.map((photo) => new File([photo.blob], photo.name, { type: photo.blob.type })));
  };
  window.addEventListener("hashchange", () => {
    replaced = editing();
    edit();
  });
  edit();

  // Nobody signed in on this phone: nobody to whom a report could belong

  const nobody = document.querySelector("[data-nobody]");
  if (nobody)
    self.outbox.who().then((who) => {
      if (who) return;
      nobody.hidden = false;
      form.hidden = true;
    });
})();
