"use strict";
(() => {
  const audio = document.getElementById("recording");
  const label = document.getElementById("playing");
  let current = null;

  const release = () => {
    if (current) current.setAttribute("aria-pressed", "false");
    current = null;
  };

  const playFrom = (button) => {
    if (current === button && !audio.paused) {
      audio.pause();
      return;
    }
    release();
    current = button;
    button.setAttribute("aria-pressed", "true");
    label.textContent = button.dataset.what;
    const start = () => {
      audio.currentTime = Number(button.dataset.at);
      audio.play().catch(release);
    };
    if (audio.readyState > 0) start();
    else audio.addEventListener("loadedmetadata", start, { once: true });
  };

  if (audio) {
    // Not every browser can seek in a data address; all of them can in a blob.
    const [head, body] = audio.src.split(",");
    const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
    audio.src = URL.createObjectURL(new Blob([bytes], { type: head.slice(5).split(";")[0] }));
    for (const button of document.querySelectorAll("button.play")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        playFrom(button);
      });
    }
    audio.addEventListener("pause", release);
    audio.addEventListener("ended", release);
  }

  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  const cards = [...document.querySelectorAll("details.card")];
  const toggle = document.getElementById("toggle-answers");
  if (toggle && cards.length > 1) {
    const name = () => { toggle.textContent = cards.every((card) => card.open) ? "Close all" : "Open all"; };
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const open = !cards.every((card) => card.open);
      for (const card of cards) card.open = open;
    });
    for (const card of cards) card.addEventListener("toggle", name);
    name();
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
