/** Single keys, which never act while somebody types, and can be switched off. */
const KEPT = "soundcheck-single-keys";

export class Keys {
  constructor(box, pressed) {
    box.checked = localStorage.getItem(KEPT) !== "off";
    box.onchange = () => localStorage.setItem(KEPT, box.checked ? "on" : "off");
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable=''], [contenteditable='true'], dialog, [role=textbox]");
      if (!box.checked || typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.key.length !== 1) return;
      pressed(event.key.toLowerCase());
    });
  }
}
