(function () {
  // A double click sends a form once; whoever comes back to the page may send it again.
  const sent = new WeakSet();
  document.addEventListener("submit", function (event) {
    if (sent.has(event.target)) { event.preventDefault(); }
    sent.add(event.target);
  });
  window.addEventListener("pageshow", function () { for (const form of document.forms) { sent.delete(form); } });
  // A switch behind every field for a password; without this script the fields are as good, only never seen.
  for (const field of document.querySelectorAll("input[type=password][data-show]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "show";
    button.setAttribute("aria-controls", field.id);
    button.textContent = field.dataset.show;
    button.addEventListener("click", function () {
      const isShown = field.type === "text";
      field.type = isShown ? "password" : "text";
      button.textContent = isShown ? field.dataset.show : field.dataset.hide;
      field.focus();
    });
    field.after(button);
    field.form.addEventListener("submit", function () { field.type = "password"; });
  }
  // Where the address is a number no passkey can be bound to it.
  const isNamed = !/^(\d+(\.\d+){3}|\[.*\])$/.test(window.location.hostname);
  for (const part of document.querySelectorAll("[data-needs=passkeys]")) { part.hidden = !(isNamed && window.PublicKeyCredential); }
  const form = document.getElementById("passkey");
  if (!form) { return; }
  const again = form.querySelector("button"), problem = document.getElementById("problem");
  async function ask() {
    problem.hidden = again.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options), isNew = form.dataset.kind === "create";
      const publicKey = isNew ? PublicKeyCredential.parseCreationOptionsFromJSON(options) : PublicKeyCredential.parseRequestOptionsFromJSON(options);
      const credential = await (isNew ? navigator.credentials.create({publicKey}) : navigator.credentials.get({publicKey}));
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (refused) {
      problem.hidden = again.hidden = false;
    }
  }
  again.addEventListener("click", ask);
  ask();
})();
