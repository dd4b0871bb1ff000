(function () {
  // Words that Streamlit says by itself, and only in English, in the reader's language. Streamlit offers no setting for them. Only its
  // own controls are touched, never what somebody wrote.
  const table = JSON.parse(document.getElementById("streamlit-words").textContent);
  const CONTROLS = '[data-testid="stFileUploader"], [data-live-announcer], [role="listbox"], [data-testid="stInputInstructions"], ' +
    '[data-testid="InputInstructions"], [data-testid="stPagination"]';
  const LABELLED = "button, input, nav, [role], [data-testid]";
  const NAMES = ["aria-label", "title", "placeholder"];
  const whole = new Map(), parts = [];
  const escaped = function (text) { return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); };
  const closest = function (one, other) { return other[0].length - one[0].length; };  // the longer sentence says more
  for (const [english, word] of Object.entries(table).sort(closest)) {
    if (english.includes("{}")) {
      parts.push([new RegExp("^" + english.split("{}").map(escaped).join("(.+?)") + "$"), word]);
    } else {
      whole.set(english, word);
    }
  }
  function said(text) {
    const plain = text.trim();
    if (whole.has(plain)) { return whole.get(plain); }
    for (const [pattern, word] of parts) {
      const match = pattern.exec(plain);
      if (match) { return word.replace("{}", function () { return match[1]; }); }
    }
    return null;
  }
  function text(node) {
    const place = node.parentElement;
    if (!place || !place.closest(CONTROLS)) { return; }
    // A sentence may stand in several pieces, one for each of its values.
    const pieces = Array.from(place.childNodes).every(function (piece) { return piece.nodeType === Node.TEXT_NODE; })
      ? Array.from(place.childNodes) : [node];
    const word = said(pieces.map(function (piece) { return piece.data; }).join(""));
    if (word !== null) { pieces.forEach(function (piece, place) { piece.data = place ? "" : word; }); }
  }
  function names(element) {
    if (!element.matches(LABELLED)) { return; }
    for (const name of NAMES) {
      const word = element.hasAttribute(name) ? said(element.getAttribute(name)) : null;
      if (word !== null) { element.setAttribute(name, word); }
    }
  }
  function all(root) {
    if (root.nodeType === Node.TEXT_NODE) { text(root); }
    if (root.nodeType !== Node.ELEMENT_NODE) { return; }
    names(root);
    root.querySelectorAll("[aria-label], [title], [placeholder]").forEach(names);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) { text(texts.currentNode); }
  }
  if (whole.size) {
    new MutationObserver(function (changes) {
      for (const change of changes) {
        if (change.type === "childList") { change.addedNodes.forEach(all); }
        else if (change.type === "characterData") { text(change.target); }
        else { names(change.target); }
      }
    }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES});
  }
})();
