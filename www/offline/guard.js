// Tells when the page's scripts don't arrive, or are too new for the browser. A classic script in old syntax: it needs
// no other script but i18n/unloaded.js, and runs wherever there is JavaScript.

// Hides the page's word about scripts that don't run, which is read after this one has run.
document.documentElement.setAttribute("data-scripted", "");
document.addEventListener("DOMContentLoaded", function () {
  const word = document.getElementById("unscripted");
  if (word) word.remove();
});

/**
 * What is stored of the page may be why a start failed. Where the host can be reached, the next start comes from
 * there, and the page is stored anew.
 */
self.forgetPage = function () {
  const container = navigator.serviceWorker;
  if (!container || !container.controller) return Promise.resolve();
  const pages = "signet-page " + new URL("./", document.baseURI).pathname;
  // The list of what is stored is not in that list, so this asks the host itself.
  return fetch("pkg/precache.js", { method: "HEAD", cache: "no-store" }).then(function (host) {
    if (!host.ok) throw new Error("the host answered " + host.status);
    return container.getRegistration();
  }).then(function (registration) {
    return registration && registration.unregister();
  }).then(function () {
    return caches.keys();
  }).then(function (names) {
    return Promise.all(names.map(function (name) { return name.indexOf(pages) === 0 && caches.delete(name); }));
  }).catch(function (cause) {
    console.info("What is stored of the page stays:", cause);
  });
};

(function () {
  /** A script may still be on its way. After this time the person is told, and may reload. */
  const LATE_MS = 30000;

  /** Says why no script can be loaded, in the browser's language, where that is known. @param {"file" | "sandboxed" | "mistyped"} why */
  function explain(why) {
    const line = document.querySelector("#incomplete p");
    const languages = (navigator.languages || []).map(function (tag) { return tag.toLowerCase().split("-")[0]; });
    const language = languages.concat("en").filter(function (code) { return code && self.UNLOADED && code in self.UNLOADED; })[0];
    const sentences = language && self.UNLOADED[language];
    if (!line || !sentences) return;
    line.textContent = sentences[why];
    line.setAttribute("lang", language);
    line.setAttribute("dir", "auto");
  }

  function findReason() {
    if (location.protocol === "file:") return explain("file");
    if (self.origin === "null") return explain("sandboxed");
    void fetch("main.js", { method: "HEAD" }).then(function (host) {
      const type = host.headers.get("content-type") || "";
      // A start page in a script's place, or a broken host, is told as a page that didn't load.
      if (host.ok && !/javascript|ecmascript|html/.test(type)) explain("mistyped");
    }, function () {});
  }

  function tell() {
    const root = document.documentElement;
    if (root.hasAttribute("data-started")) return;
    if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", tell);
    const notice = document.getElementById("incomplete");
    const reload = document.getElementById("incomplete-reload");
    const status = document.querySelector("[data-testid=status]");
    if (!notice || !reload) return;
    notice.hidden = false;
    findReason();
    if (status) status.setAttribute("data-state", "error");
    reload.onclick = function () { void self.forgetPage().then(function () { location.reload(); }); };
  }

  // Listens in the capturing phase: the failure of an element does not bubble up.
  addEventListener("error", function (event) {
    const target = event.target;
    if (target === window || target instanceof HTMLScriptElement) tell();
  }, true);
  if (!("noModule" in HTMLScriptElement.prototype)) tell();
  setTimeout(tell, LATE_MS);
})();
