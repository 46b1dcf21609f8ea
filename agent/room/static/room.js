import { newId } from "./api.js";
import { Keys } from "./keys.js";
import { Pads } from "./pads.js";
import { Show } from "./show.js";

const main = document.getElementById("main");
const session = main.dataset.session;
const show = new Show();
const pads = new Pads({ session, nonce: main.dataset.nonce, send: (message) => Boolean(link?.send(message)), written: () => request("written") });
const unconfirmed = new Map(JSON.parse(sessionStorage.getItem(`soundcheck-typed-${session}`) ?? "[]"));
let link = null;
let muted = false;
let standing = null;

const pick = (id) => document.getElementById(id);
const newTurn = () => `p-${newId()}`;

/** A turn is told until the transcript holds it. */
function tell(message) {
  unconfirmed.set(message.turn, message);
  keep();
  pads.flush();
  link.send(message);
}

/** In this tab, so that a reload loses nothing that was typed. */
function keep() {
  sessionStorage.setItem(`soundcheck-typed-${session}`, JSON.stringify([...unconfirmed]));
}

function confirm(turns) {
  for (const turn of turns) unconfirmed.delete(turn);
  keep();
  for (const message of unconfirmed.values()) link.send(message);
}

const hears = {
  welcome(message) {
    show.transcript(message.transcript);
    show.doing(message.doing);
    if (message.standing) hears.standing(message.standing);
    if (message.voice_rate_hz) confirm(message.transcript.map((line) => line.turn));
    main.dataset.ready = String(Boolean(message.voice_rate_hz));
  },
  standing(message) {
    standing = message;
    show.standing(message);
    press("pause").querySelector("[data-words]").textContent = message.paused ? "Carry on" : "Pause";
  },
  spoken({ line, amends }) {
    unconfirmed.delete(line.turn);
    keep();
    show.line(line, amends);
  },
  hearing: ({ text }) => show.interim(text),
  now({ doing }) {
    show.doing(doing);
    if (doing === "listening") confirm([]);
  },
  pad: (message) => pads.pad(message),
  kept: (message) => pads.kept(message),
  ran: (message) => pads.ran(message),
  over(message) {
    if (message.how === "elsewhere") pads.forget();
    show.over(message);
    for (const button of document.querySelectorAll("[data-press]")) button.disabled = true;
    pick("typing").hidden = true;
  },
};

const press = (action) => pick(`press-${action}`);

const actions = {
  done() {
    pads.flush();
    link.send({ type: "done" });
  },
  mute() {
    muted = !muted;
    link.mute(muted);
    press("mute").setAttribute("aria-pressed", String(muted));
    show.microphone(link.microphone, muted);
  },
  pause: () => request(standing?.paused ? "resume" : "pause"),
  end() {
    const dialog = pick("leave");
    dialog.onclose = () => {
      if (dialog.returnValue !== "end") return;
      pads.flush();
      link.send({ type: "end" });
    };
    dialog.returnValue = "";
    dialog.showModal();
  },
};

const request = (what) => tell({ type: "press", turn: newTurn(), request: what });
const act = (action) => (actions[action] ?? (() => request(action)))();

/** Browsers play no sound before a click; after a reload there may not have been one. */
async function askForClick() {
  await new Promise((done) => setTimeout(done, 400));
  const dialog = pick("join");
  if (!link.blocked || dialog.open) return;
  dialog.onclose = () => link.resume();
  dialog.showModal();
}

function sendTyped(event) {
  event?.preventDefault();
  const field = pick("answer");
  const text = field.value.trim();
  if (!text) return;
  tell({ type: "say", turn: newTurn(), text });
  field.value = "";
  sessionStorage.removeItem(`soundcheck-draft-${session}`);
  field.focus();
}

async function begin() {
  for (const button of document.querySelectorAll("[data-press]")) button.onclick = () => act(button.dataset.press);
  pick("typing").onsubmit = sendTyped;
  pick("answer").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) sendTyped(event);
  };
  pick("answer").value ||= sessionStorage.getItem(`soundcheck-draft-${session}`) ?? "";
  pick("answer").oninput = () => sessionStorage.setItem(`soundcheck-draft-${session}`, pick("answer").value);
  new Keys(pick("single-keys"), (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click());
  const { open } = await import(main.dataset.transport);
  const opened = open({
    session,
    microphone: !new URLSearchParams(location.search).has("typed"),
    message: (message) => linked.then(() => hears[message.type]?.(message)),
    loudspeaker: () => linked.then(askForClick),
    connection: (state) => {
      show.connection(state);
      if (state !== "there") main.dataset.ready = "false";
    },
    level: (peak) => show.level(muted ? 0 : peak),
    trouble: (words) => {
      show.notice(words);
      show.microphone(false, muted);
    },
  });
  const linked = opened.then((opened) => (link = opened));
  await linked;
  show.microphone(link.microphone, muted);
  for (const button of document.querySelectorAll("[data-press], #send")) button.disabled = false;
  if (!link.microphone) pick("answer").focus();
}

begin().catch((error) => show.over({ how: "failed", why: error.message }));
