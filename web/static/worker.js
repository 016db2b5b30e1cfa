// The service worker: keeps the form of a report and the files that it is made of, shows it when a page cannot be had,
// and sends what waits when the network is back. Pages of anybody are never kept: they only pass through.
// FILES, VERSION and outbox.js stand before it (/sw.js).

const SHELL = "bihuan-shell";
const KEPT_FILES = `bihuan-files-${VERSION}`;
const OFFLINE = "/officer/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT_FILES)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("bihuan-files-") && name !== KEPT_FILES;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const offline = async () => {
  const cache = await caches.open(SHELL);
  return (await cache.match(OFFLINE, { ignoreSearch: true })) || Response.error();
};

const page = async (request) => {
  try {
    return await fetch(request);
  } catch {
    return offline();
  }
};

const file = async (request) => {
  const cache = await caches.open(KEPT_FILES);
  return (await cache.match(request)) || fetch(request);
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname === "/signout") event.waitUntil(self.outbox.forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(address.pathname + address.search)) event.respondWith(file(request));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  const sent = self.outbox.send().then((done) => {
    if (!done.reached || done.left) throw new Error("something still waits");
  });
  event.waitUntil(sent);
});
