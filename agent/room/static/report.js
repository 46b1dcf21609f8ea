import { ask } from "./api.js";

const pick = (id) => document.getElementById(id);
const main = pick("main");
const address = `/api/sessions/${main.dataset.session}`;
const WORDS = {
  waiting: () => "The report is waiting for the models.",
  grading: ({ left }) => (left ? `Grading: ${left} ${left === 1 ? "answer" : "answers"} left.` : "Writing the report."),
  elsewhere: () => "The interview is under way, or its report is being made.",
  failed: ({ why }) => `The report could not be made: ${why}`,
};

function fault(error) {
  pick("fault").textContent = error.message;
  pick("fault").hidden = false;
}

/** Shows how far the report is, until it is there or has failed. */
async function follow() {
  for (;;) {
    const found = await ask("GET", `${address}/report`);
    const words = WORDS[found.state]?.(found) ?? "";
    pick("progress").hidden = !words;
    if (pick("progress").textContent !== words) pick("progress").textContent = words;
    if (found.state === "ready" && main.dataset.state !== "ready") location.reload();
    if (!["waiting", "grading", "elsewhere"].includes(found.state)) return;
    main.dataset.state = found.state;
    await new Promise((done) => setTimeout(done, 1000));
  }
}

async function make() {
  pick("fault").hidden = true;
  pick("make").disabled = true;
  try {
    await ask("POST", `${address}/report`);
    await follow();
  } catch (error) {
    fault(error);
  }
  pick("make").disabled = false;
}

for (const button of document.querySelectorAll("[data-again]")) {
  button.onclick = () => {
    button.disabled = true;
    ask("POST", `${address}/answers/${encodeURIComponent(button.dataset.again)}/retry`)
      .then(({ room }) => location.assign(room), fault)
      .finally(() => (button.disabled = false));
  };
}

pick("make").onclick = make;
pick("delete").onclick = () => pick("confirm-delete").showModal();
pick("confirm-delete").onclose = () => {
  if (pick("confirm-delete").returnValue === "yes") ask("DELETE", address).then(() => location.assign("/"), fault);
};

let saving = null;

async function save() {
  clearTimeout(saving);
  saving = null;
  await ask("PUT", `${address}/notes`, { text: pick("notes").value });
  if (saving === null) pick("noted").textContent = "Saved";
}

pick("notes").oninput = () => {
  pick("noted").textContent = "Not saved yet";
  clearTimeout(saving);
  saving = setTimeout(() => save().catch(fault), 600);
};
addEventListener("pagehide", () => saving !== null && save());

for (const control of document.querySelectorAll("main button, #notes")) control.disabled = false;
if (main.dataset.state === "none") make();
else follow().catch(fault);
