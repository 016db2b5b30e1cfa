// Photos are made smaller before they are sent: <input type="file" data-photos>. Their longest edge is 1600 pixels then,
// they are JPEG, and what a camera noted in them (where, when, by which phone) stays behind. What the browser cannot
// read as a picture is sent as it is: the server looks at everything again.
//
// data-working  what is said while it works
// data-photos-list="ID"  a list that shows what was chosen
// photos.ready(form) resolves when the photos of a form are ready; the input says "photosready" then.
"use strict";

(() => {
  const EDGE = 1600;
  const QUALITY = 0.85;
  const PREVIEW = 160;
  const KINDS = /^image\/(jpeg|png|webp|hei[cf]|avif|bmp)$/;
  const pending = new WeakMap();

  const drawn = (bitmap, longest) => {
    const ratio = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * ratio));
    canvas.height = Math.max(1, Math.round(bitmap.height * ratio));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const scaled = async (file) => {
    if (!KINDS.test(file.type)) return { file, preview: null };
    let bitmap;
    try {
      bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return { file, preview: null };
    }
    const blob = await new Promise((done) => drawn(bitmap, EDGE).toBlob(done, "image/jpeg", QUALITY));
    const preview = drawn(bitmap, PREVIEW);
    bitmap.close();
    if (!blob) return { file, preview };
    const name = `${file.name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
    return { file: new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }), preview };
  };

  const show = (input, results) => {
    const list = document.getElementById(input.dataset.photosList || "");
    if (!list) return;
    list.replaceChildren(
      ...results.map(({ file, preview }) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        name.className = "small soft";
        name.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1024))} kB`;
        if (preview) {
          preview.setAttribute("role", "img");
          preview.setAttribute("aria-label", file.name);
          item.append(preview);
        }
        item.append(name);
        return item;
      }),
    );
  };

  const work = async (input) => {
    const list = document.getElementById(input.dataset.photosList || "");
    if (list && input.dataset.working) list.textContent = input.dataset.working;
    const results = [];
    for (const file of input.files) results.push(await scaled(file));
    const kept = new DataTransfer();
    for (const { file } of results) kept.items.add(file);
    input.files = kept.files;
    show(input, results);
    input.dispatchEvent(new CustomEvent("photosready", { bubbles: true }));
  };

  const ready = (form) => Promise.all([...form.querySelectorAll("[data-photos]")].map((input) => pending.get(input)));

  document.addEventListener("change", (event) => {
    const input = event.target.closest("input[data-photos]");
    if (!input) return;
    const working = work(input).finally(() => pending.get(input) === working && pending.delete(input));
    pending.set(input, working);
  });

  // A form that is sent too early waits; before anybody else hears of it, so that its buttons stay.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (![...form.querySelectorAll("[data-photos]")].some((input) => pending.has(input))) return;
      event.preventDefault();
      event.stopPropagation();
      const button = event.submitter;
      ready(form).then(() => form.requestSubmit(button));
    },
    true,
  );

  window.photos = { ready, scaled: async (file) => (await scaled(file)).file };
})();
