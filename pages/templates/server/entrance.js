(function () {
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
})();
