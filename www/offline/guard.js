// Says so where the page's scripts don't arrive, or are too new for the browser. A classic script in old words, which
// needs nothing else to arrive and runs wherever there is JavaScript.

(function () {
  /** A script that is still on its way may come: until it does, a reload is worth a try. */
  const LATE_MS = 30000;

  function tell() {
    const root = document.documentElement;
    if (root.hasAttribute("data-started")) return;
    if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", tell);
    const notice = document.getElementById("incomplete");
    const reload = document.getElementById("incomplete-reload");
    const status = document.querySelector("[data-testid=status]");
    if (!notice || !reload) return;
    notice.hidden = false;
    if (status) status.setAttribute("data-state", "error");
    reload.onclick = function () { forget(function () { location.reload(); }); };
  }

  /** What is stored may be the cause: where the host can be reached, the next start comes from there. @param {() => void} then */
  function forget(then) {
    var container = navigator.serviceWorker;
    if (!container || !container.controller) return then();
    // In no list of what is stored, so this asks the host itself.
    fetch("pkg/precache.js", { method: "HEAD", cache: "no-store" }).then(function (host) {
      return host.ok ? container.getRegistration() : undefined;
    }).then(function (registration) {
      return registration && registration.unregister();
    }).then(then, then);
  }

  // Caught on their way down: the failure of an element does not bubble up.
  addEventListener("error", function (event) {
    const target = event.target;
    if (target === window || target instanceof HTMLScriptElement) tell();
  }, true);
  if (!("noModule" in HTMLScriptElement.prototype)) tell();
  setTimeout(tell, LATE_MS);
})();
