import { ask, modelsReady } from "./api.js";
import { Microphone } from "./sound.js";

const pick = (id) => document.getElementById(id);
const SECONDS = 2;
const RATE_HZ = 16000;
const ready = modelsReady(pick("loading"));

function wav(pieces) {
  const samples = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * samples));
  const word = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples, true);
  word(8, "WAVEfmt ");
  [16, 1 | (1 << 16), RATE_HZ, 2 * RATE_HZ, 2 | (16 << 16)].forEach((value, i) => view.setUint32(16 + 4 * i, value, true));
  word(36, "data");
  view.setUint32(40, 2 * samples, true);
  let at = 44;
  for (const piece of pieces) for (const sample of piece) view.setInt16((at += 2) - 2, sample, true);
  return view.buffer;
}

function say(words) {
  pick("understood").hidden = false;
  pick("understood").textContent = words;
}

async function record() {
  const button = pick("record");
  button.disabled = true;
  const pieces = [];
  try {
    const microphone = await Microphone.open((sound, peak) => {
      pieces.push(sound);
      pick("level").value = Math.min(1, Math.sqrt(peak));
    });
    say("Recording: say a sentence");
    await microphone.resume();
    await new Promise((done) => setTimeout(done, SECONDS * 1000));
    microphone.close();
    pick("level").value = 0;
    const sound = wav(pieces);
    pick("playback").src = URL.createObjectURL(new Blob([sound], { type: "audio/wav" }));
    pick("playback").hidden = false;
    pick("playback").play().catch(() => {});
    say("Understanding");
    if (!(await ready)) return;
    const answer = await fetch("/api/check", { method: "POST", body: sound.slice(44) });
    const { text, error } = await answer.json();
    say(error ?? (text ? `Understood: “${text}”` : "Nothing was understood. Speak louder or closer, or choose another microphone in the browser."));
  } catch (error) {
    say(error.message);
  } finally {
    button.disabled = false;
  }
}

async function agree() {
  const { address, wishes } = pick("consent").dataset;
  pick("agree").disabled = true;
  try {
    const { room } = await ask("POST", address, { ...JSON.parse(wishes), consent: true });
    location.assign(room);
  } catch (error) {
    pick("fault").textContent = error.message;
    pick("fault").hidden = false;
    pick("agree").disabled = false;
  }
}

pick("record").onclick = record;
pick("agree").onclick = agree;
pick("record").disabled = pick("agree").disabled = false;
