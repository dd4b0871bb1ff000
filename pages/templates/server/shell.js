(function () {
  // Streamlit's own box for a lost connection is English and takes the focus; the fields say it in the reader's words.
  // Without the server's address it would look for the server below the screen's own, and wait half a second where there is none.
  window.__streamlit = {BACKEND_BASE_URL: window.location.origin, HOST_CONFIG: {blockErrorDialogs: true}};
  const root = document.documentElement;
  // This tab, also after it was loaded anew; while a page of it lives, it holds a lock of its name.
  root.dataset.tab = window.crypto.randomUUID ? window.crypto.randomUUID() : String(Math.random()).slice(2);
  try {
    root.dataset.tab = window.sessionStorage.getItem("haetae-tab") || root.dataset.tab;
    window.sessionStorage.setItem("haetae-tab", root.dataset.tab);
  } catch (refused) { /* a tab without a memory is another one after each load */ }
  if (window.navigator.locks) {
    window.navigator.locks.request("haetae-tab-" + root.dataset.tab, {mode: "shared"}, function () { return new Promise(function () {}); });
  }
  function tell(state) {
    root.dataset.socket = state;
    window.dispatchEvent(new Event("haetae-socket"));
  }
  // A server that goes while the page still loads leaves half a page: it is loaded anew as soon as there is a server.
  let isHealing = false;
  function heal() {
    if (isHealing) { return; }
    isHealing = true;
    const again = window.setInterval(function () {
      fetch("/alive", {cache: "no-store", redirect: "manual"}).then(function (answer) {
        const last = Number(window.sessionStorage.getItem("haetae-healed") || 0);
        if (answer.ok && Date.now() - last > 5000) {
          window.clearInterval(again);
          window.sessionStorage.setItem("haetae-healed", String(Date.now()));
          window.location.reload();
        }
      }, function () { /* not yet */ });
    }, 1000);
  }
  window.addEventListener("error", function (event) {
    if (event.target instanceof HTMLScriptElement || event.target instanceof HTMLLinkElement) { heal(); }
  }, true);
  window.addEventListener("vite:preloadError", heal);
  // Nor does anybody tell of a page of which only the head came.
  window.setTimeout(function () { if (!document.getElementById("root")) { heal(); } }, 8000);
  function leave() {
    window.location.href = "/enter?to=" + encodeURIComponent(window.location.pathname + window.location.search);
  }
  // A session that ended while there was no socket: no new one would be opened, so it is asked for beside.
  function lookForSession() {
    const again = window.setInterval(function () {
      if (root.dataset.socket !== "lost") { window.clearInterval(again); return; }
      fetch("/alive", {cache: "no-store", redirect: "manual"}).then(function (answer) {
        if (answer.status === 401) { window.clearInterval(again); leave(); }
      }, function () { /* not yet */ });
    }, 1000);
  }
  // A press is meant for what it began on. Where the page grew between the pointer's way down and up, such as by a fold that
  // opens or a field that says it is saved, the browser would give it to nobody, or on a touch screen to what has moved there.
  const PRESSED = "button, summary, a[href], label, [role=button], [role=tab], [role=option]";
  const STEADY = 4;  // px between down and up; who moves further has changed their mind
  let begun = null;
  window.addEventListener("pointerdown", function (event) {
    const isPress = event.isPrimary && event.button === 0 && event.target instanceof Element;
    const control = isPress ? event.target.closest(PRESSED) : null;
    begun = control && {control: control, x: event.clientX, y: event.clientY};
  }, true);
  window.addEventListener("click", function (event) {
    if (!event.isTrusted || event.detail === 0) { return; }  // of a script or a key
    const press = begun;
    begun = null;
    if (!press || press.control.contains(event.target) || !press.control.isConnected) { return; }
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > STEADY) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    press.control.click();
  }, true);
  // A link to another screen is followed in this page, as the way back is: all that a screen needs is here already, and it stands
  // there in a third of the time. Within one screen a link loads the page anew, for its fields would keep what they show. So does
  // everything else: other pages, other windows, places further down, and whatever the reader holds a key for.
  const LONGEST = 15000;  // ms for which a way is shown as going on
  let screens = null;
  function isScreen(path) {
    const page = screens ? null : document.getElementById("haetae-page");
    if (page) { screens = JSON.parse(page.textContent).screens; }
    return Boolean(screens) && screens.includes(path);
  }
  window.addEventListener("click", function (event) {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = isPlain && !event.defaultPrevented && event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin || link.hash) { return; }
    const isOther = link.pathname !== window.location.pathname && isScreen(link.pathname) && isScreen(window.location.pathname);
    if (!isOther || root.dataset.socket === "lost") { return; }
    event.preventDefault();
    root.dataset.going = "";
    window.history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  // Where another screen stands, one begins at its top and at its name, which is read out, as with a page that was loaded. A screen
  // without a name, such as one that says why it cannot be shown, is there when nothing is drawn any more.
  const CALM = 1000;  // ms without a drawing, for the one that goes on when a link is pressed is of the screen before
  window.addEventListener("popstate", function () {
    const before = document.getElementById("content")?.textContent;
    const last = window.setTimeout(end, LONGEST);
    let calm = 0, isDrawn = false;
    const watch = new MutationObserver(function () {
      const heading = document.getElementById("content");
      if (heading && heading.textContent !== before) {
        heading.focus({preventScroll: true});
        document.querySelector(".stMain")?.scrollTo(0, 0);
        end();
        return;
      }
      const isAtRest = document.querySelector(".stApp")?.dataset.testScriptState === "notRunning";
      isDrawn = isDrawn || !isAtRest;
      window.clearTimeout(calm);
      if (isDrawn && isAtRest) { calm = window.setTimeout(end, CALM); }
    });
    function end() {
      watch.disconnect();
      window.clearTimeout(last);
      window.clearTimeout(calm);
      delete root.dataset.going;
    }
    watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-test-script-state"]});
  });
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", function () { if (root.dataset.socket === "lost") { tell("open"); } });
      this.addEventListener("close", function (event) {
        // A socket that the server closes because the session has ended leads to the entrance, not to a dead screen.
        if (event.code === 4401) {
          leave();
        } else if (root.dataset.socket !== "lost") {
          tell("lost");
          lookForSession();
          // Fields that are not there yet cannot come any more: Streamlit gives up what it draws without a connection.
          if (!root.dataset.fields) { heal(); }
        }
      });
    }
  };
})();
