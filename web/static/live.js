// What a page does by itself: clocks that tick, lists that follow what happens, keys. Every page works without it.
"use strict";

(() => {
  const root = document.documentElement;

  // Clocks: the same words as the server's, from attributes of the page.

  const words = JSON.parse(root.dataset.clock || "{}");
  const UNITS = [["d", 86400], ["h", 3600], ["m", 60]];

  const put = (text, value) => text.replace(/\{\w+\}/, value);

  const span = (seconds) => {
    const index = UNITS.findIndex(([, length]) => seconds >= length);
    if (index < 0) return put(words.s, seconds);
    const [name, length] = UNITS[index];
    const rest = seconds % length;
    const larger = put(words[name], Math.floor(seconds / length));
    if (name === "m") return rest && seconds < 600 ? `${larger} ${put(words.s, rest)}` : larger;
    const [smaller, unit] = UNITS[index + 1];
    return rest >= unit ? `${larger} ${put(words[smaller], Math.floor(rest / unit))}` : larger;
  };

  const tick = () => {
    for (const time of document.querySelectorAll("time[data-tick]")) {
      const away = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const text = put(away >= 0 ? words.after : words.before, span(Math.floor(Math.abs(away))));
      if (time.textContent !== text) time.textContent = text;
    }
  };
  if (words.s) {
    tick();
    setInterval(tick, 1000);
  }

  // Live lists: a nudge, and whoever listens for "changed" fetches its part of the page again.

  const source = document.querySelector("[data-stream]");
  if (source && window.EventSource) {
    const stream = new EventSource(source.dataset.stream);
    let waiting = false;
    const nudge = () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        if (!document.hidden) window.htmx.trigger(document.body, "changed");
      }, 150 + Math.random() * 350);
    };
    stream.addEventListener("changed", nudge);
    const mark = (state) => source.setAttribute("data-live", state);
    stream.onopen = () => mark("on");
    stream.onerror = () => mark("off");
    document.addEventListener("visibilitychange", () => document.hidden || nudge());
    window.addEventListener("pagehide", () => stream.close());
  }

  // A row that changed flashes once.

  const versions = (within) => new Map([...within.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row.dataset.version]));
  let before = null;
  let focused = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    before = versions(event.detail.target);
    const row = document.activeElement && document.activeElement.closest("[data-row]");
    focused = row ? row.dataset.row : null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const known = before;
    tick();
    if (!known) return;
    for (const row of event.detail.target.querySelectorAll("[data-row]")) {
      if (known.get(row.dataset.row) !== row.dataset.version) row.classList.add("changed");
      if (focused && row.dataset.row === focused) row.querySelector(".link").focus();
    }
    alarm();
  });

  // Sound for danger only, and only where somebody switched it on.

  const sound = document.querySelector("[data-sound]");
  const wanted = () => localStorage.getItem("sound") === "on";
  let alarmed = null;
  const beep = () => {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const volume = context.createGain();
    volume.gain.value = 0.15;
    tone.frequency.value = 880;
    tone.connect(volume).connect(context.destination);
    tone.start();
    tone.frequency.setValueAtTime(660, context.currentTime + 0.25);
    tone.stop(context.currentTime + 0.5);
    tone.onended = () => context.close();
  };
  const alarm = () => {
    const now = new Set([...document.querySelectorAll("[data-lane='danger'] [data-row]")].map((row) => row.dataset.row));
    const fresh = alarmed && [...now].some((number) => !alarmed.has(number));
    alarmed = now;
    if (sound && fresh && wanted()) beep();
  };
  if (sound) {
    const say = () => {
      sound.setAttribute("aria-pressed", wanted());
      sound.textContent = wanted() ? sound.dataset.on : sound.dataset.off;
    };
    sound.hidden = false;
    sound.addEventListener("click", () => {
      localStorage.setItem("sound", wanted() ? "off" : "on");
      say();
      if (wanted()) beep();
    });
    say();
    alarm();
  }

  // Keys: j and k from row to row, a for what is to be answered first, / to the search.

  const rows = () => [...document.querySelectorAll("[data-row] .link")];
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))].focus();
  };
  const answer = () => {
    const row = document.activeElement && document.activeElement.closest("[data-row]");
    const act = (row || document).querySelector("a[data-act]");
    if (act) act.click();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: answer,
    "/": () => {
      const search = document.querySelector("input[type=search]");
      if (search) search.focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });

  // A navigation that is wider than the phone begins where one is.

  const here = document.querySelector(".nav [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - 48;

  // Forms: a suggestion fills its field; a form is sent once.

  document.addEventListener("click", (event) => {
    const suggestion = event.target.closest("[data-fills]");
    if (!suggestion) return;
    const field = document.getElementById(suggestion.dataset.fills);
    field.value = suggestion.dataset.text;
    field.focus();
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    for (const button of event.target.querySelectorAll("button")) setTimeout(() => (button.disabled = true), 0);
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[method=post] button")) button.disabled = false;
  });
  for (const suggestions of document.querySelectorAll("[data-suggestions]")) suggestions.hidden = false;
})();
