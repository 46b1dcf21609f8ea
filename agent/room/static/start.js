import { ask, modelsReady } from "./api.js";

const form = document.getElementById("interview");

function showStages() {
  const loop = new FormData(form).get("loop");
  for (const stages of form.querySelectorAll("[data-loop]")) {
    stages.hidden = stages.disabled = stages.dataset.loop !== loop;
  }
}

form.addEventListener("change", (event) => event.target.name === "loop" && showStages());
form.addEventListener("formdata", (event) => {
  for (const name of ["minutes", "questions"]) if (!event.formData.get(name)) event.formData.delete(name);
});
showStages();

const dialog = document.getElementById("confirm-delete");
document.querySelector(".sessions")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-delete]");
  if (!button) return;
  const row = button.closest("li");
  document.getElementById("confirm-what").textContent = row.querySelector(".session-title").textContent;
  dialog.returnValue = "no";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return;
    const fault = document.getElementById("loading");
    try {
      await ask("DELETE", `/api/sessions/${row.dataset.session}`);
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (next?.querySelector("a, button") ?? document.getElementById("main")).focus();
    } catch (error) {
      fault.textContent = error.message;
      fault.hidden = false;
    }
  };
  dialog.showModal();
});

for (const button of document.querySelectorAll("[data-delete]")) button.disabled = false;
modelsReady(document.getElementById("loading"));
