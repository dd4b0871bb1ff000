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
    if (state === "lost" && root.dataset.going !== undefined) { heal(); }  // the address is that of the screen that did not come
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
  // there in a third of the time. Within one screen a link loads the page anew, for its fields would keep what they show, but not
  // where each field names what it belongs to. So does everything else: other pages, other windows, whatever one holds a key for.
  let ways = null;
  function isFollowed(from, to) {
    const page = ways ? null : document.getElementById("haetae-page");
    if (page) { ways = JSON.parse(page.textContent); }
    if (!ways || !ways.screens.includes(from.pathname) || !ways.screens.includes(to.pathname)) { return false; }
    return from.pathname !== to.pathname || (from.search !== to.search && ways.seamless.includes(to.pathname));
  }
  window.addEventListener("click", function (event) {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = isPlain && !event.defaultPrevented && event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin) { return; }
    if (!isFollowed(window.location, link) || root.dataset.socket === "lost") { return; }
    event.preventDefault();
    root.dataset.going = "";
    window.history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  // Where another screen stands, one begins at its top and at its name, which is read out, as with a page that was loaded. A place
  // that the address names is gone to as soon as it is drawn, and kept to while things above it come and grow, until the reader
  // does something. A screen without a name, such as one that says why it cannot be shown, is there when nothing is drawn any more.
  const CALM = 1000;      // ms without a drawing, for the one that goes on when a link is pressed is of the screen before
  const LONGEST = 60000;  // ms after which nobody waits for a place any more
  const HANDS = ["wheel", "touchmove", "keydown", "pointerdown"];
  function placeOf(hash) {
    try { return decodeURIComponent(hash.slice(1)); } catch (refused) { return ""; }
  }
  function nameOf(heading) { return heading ? heading.dataset.path + " " + heading.textContent : ""; }
  // This heading is that of the screen that the address names; one that tells no screen is of a page that has only one.
  function isHere(heading) { return Boolean(heading) && (heading.dataset.path ?? window.location.pathname) === window.location.pathname; }
  let leaveOff = function () {};
  // before: the name of the screen that is left; null: the page was loaded, and the browser has seen to its beginning
  function arrive(before) {
    const going = root.dataset.going;
    leaveOff();
    if (going !== undefined) { root.dataset.going = going; }
    let isThere = false, isDrawn = false, isPlaced = false, isDue = false, calm = 0;
    const isByLink = going === "", place = placeOf(window.location.hash), last = window.setTimeout(end, LONGEST);
    const watch = new MutationObserver(look), grown = new ResizeObserver(look);
    function look() {
      if (!isDue) { isDue = true; window.setTimeout(see, 30); }
    }
    function see() {
      isDue = false;
      if (leaveOff !== end) { return; }
      const heading = document.getElementById("content"), state = document.querySelector(".stApp")?.dataset.testScriptState;
      const isAtRest = state === "notRunning";
      isDrawn = isDrawn || state === "running";
      // two pages of questions may have one name; what else leaves the name alone, such as a filter taken back, moves nothing
      const isOther = nameOf(heading) !== before;
      if (!isThere && isHere(heading) && (isOther || (isByLink && isDrawn && isAtRest))) { come(heading); }
      if (isThere) { goToPlace(); }
      window.clearTimeout(calm);
      if (isThere && !place) { end(); } else if (isDrawn && isAtRest) { calm = window.setTimeout(end, CALM); }
    }
    function come(heading) {
      isThere = true;
      delete root.dataset.going;
      const content = document.querySelector(".stMainBlockContainer");
      if (content) { grown.observe(content); }
      if (before === null) { return; }
      document.querySelector(".stMain")?.scrollTo(0, 0);
      heading.focus({preventScroll: true});
    }
    function goToPlace() {
      const target = place && document.getElementById(place);
      if (!target) { return; }
      if (!isPlaced) {
        if (!target.hasAttribute("tabindex")) { target.tabIndex = -1; }
        target.focus({preventScroll: true, focusVisible: false});
      }
      isPlaced = true;
      target.scrollIntoView({block: "start", behavior: "instant"});
    }
    function touched() {
      if (isThere || before === null) { end(); }
    }
    function end() {
      watch.disconnect();
      grown.disconnect();
      window.clearTimeout(last);
      window.clearTimeout(calm);
      for (const name of HANDS) { window.removeEventListener(name, touched, true); }
      if (leaveOff === end) { leaveOff = function () {}; }
      delete root.dataset.going;
    }
    leaveOff = end;
    for (const name of HANDS) { window.addEventListener(name, touched, {capture: true, passive: true}); }
    watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-test-script-state"]});
  }
  // On the way back to another screen fields say nothing, as on the way of a link: it would be said of the screen that is left. A place
  // on this screen is no other one, nor is what it was asked for before.
  window.addEventListener("popstate", function () {
    const heading = document.getElementById("content");
    if (root.dataset.going === undefined && !isHere(heading)) { root.dataset.going = "back"; }
    if (root.dataset.going !== undefined && root.dataset.socket === "lost") { heal(); }
    arrive(nameOf(heading));
  });
  document.addEventListener("DOMContentLoaded", function () {
    const [load] = window.performance.getEntriesByType("navigation");
    if (window.location.hash && load?.type !== "reload") { arrive(null); }
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
