(function () {
  // Streamlit's own box for a lost connection is English and takes the focus; the fields say it in the reader's words.
  window.__streamlit = {HOST_CONFIG: {blockErrorDialogs: true}};
  const root = document.documentElement;
  function tell(state) {
    root.dataset.socket = state;
    window.dispatchEvent(new Event("haetae-socket"));
  }
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", function () { if (root.dataset.socket === "lost") { tell("open"); } });
      this.addEventListener("close", function (event) {
        // A socket that the server closes because the session has ended leads to the entrance, not to a dead screen.
        if (event.code === 4401) {
          window.location.href = "/enter?to=" + encodeURIComponent(window.location.pathname + window.location.search);
        } else if (root.dataset.socket !== "lost") {
          tell("lost");
        }
      });
    }
  };
})();
