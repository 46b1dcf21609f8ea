import { json } from "./api.js";
import { Outbox } from "./outbox.js";
import { GONE, INSECURE, Microphone, Player } from "./sound.js";

/**
 * The transport between this page and the interview: sound and messages over one WebSocket of this server.
 *
 * Every transport module exports `open(options)` with these options:
 *   session     the session's id
 *   microphone  whether to open one; without it everything is typed
 *   message(m)  is called with each message of agent/room/messages.py
 *   connection(state)  "connecting", "there", "lost" or "closed"
 *   level(x)    how loud the microphone is, 0 to 1
 *   trouble(words)  something the user must know, e.g. that the microphone is gone
 *   loudspeaker()  it is open, though it may wait for a click: see `blocked`
 * and resolves to { microphone: boolean, blocked: boolean, send(m), mute(muted), resume(), close() }.
 */
export async function open(options) {
  const link = new LocalLink(options);
  await link.begin();
  return link;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4000;
const REFUSED_BEFORE_RELOAD = 3;
const SILENT_MS = 8000;
const NO_VOICE = { blocked: false, play() {}, clear() {}, resume() {}, close() {} };

class LocalLink {
  #options;
  #outbox;
  #socket = null;
  #ready = false;
  #closed = false;
  #opening = null;
  #player = null;
  #early = [];
  #microphone = null;
  #retryMs = FIRST_RETRY_MS;
  #refused = 0;
  #receiptAt = Infinity;

  constructor(options) {
    this.#options = options;
    this.#outbox = new Outbox(options.session);
  }

  async begin() {
    if (this.#options.microphone) await this.#openMicrophone();
    addEventListener("pagehide", () => this.microphone && this.#outbox.keep());
    addEventListener("online", () => this.#connect());
    this.#connect();
  }

  get microphone() {
    return this.#microphone !== null;
  }

  get blocked() {
    return Boolean(this.#microphone?.blocked || this.#player?.blocked);
  }

  resume() {
    return Promise.all([this.#microphone?.resume(), this.#player?.resume()]);
  }

  send(message) {
    if (this.#ready) this.#socket.send(json(message));
    return this.#ready;
  }

  mute(muted) {
    this.#microphone?.mute(muted);
  }

  close() {
    this.#closed = true;
    this.#socket?.close();
    this.#microphone?.close();
    this.#player?.close();
    this.#options.connection("closed");
  }

  async #openMicrophone() {
    try {
      this.#microphone = await Microphone.open((sound, peak) => this.#heard(sound, peak));
      this.#microphone.onLost(() => this.#options.trouble(GONE));
    } catch (error) {
      this.#options.trouble(error.message);
    }
  }

  #connect() {
    if (this.#closed || (this.#socket && this.#socket.readyState <= WebSocket.OPEN)) return;
    this.#options.connection("connecting");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = (this.#socket = new WebSocket(`${scheme}://${location.host}/room/${this.#options.session}/line`));
    let opened = false;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      opened = true;
      this.#refused = 0;
      const { stream, next, held } = this.#outbox;
      socket.send(JSON.stringify({ type: "hello", stream, captured: next, held, microphone: this.microphone }));
    };
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#message(JSON.parse(data)) : this.#play(new Int16Array(data)));
    socket.onclose = () => this.#lost(opened);
  }

  #message(message) {
    if (message.type === "welcome" && message.voice_rate_hz) {
      this.#retryMs = FIRST_RETRY_MS;
      for (const [number, sound] of this.#outbox.since(message.next_frame)) this.#sendSound(number, sound);
      this.#outbox.brokenOff = true;
      this.#ready = true;
      this.#options.connection("there");
      this.#openPlayer(message.voice_rate_hz).then(this.#options.loudspeaker);
    } else if (message.type === "clear") this.#clear();
    else if (message.type === "received") this.#confirm(message.next_frame);
    else if (message.type === "over") {
      if (message.how !== "failed") this.#outbox.clear();
      this.close();
    }
    this.#options.message(message);
  }

  async #openPlayer(rateHz) {
    try {
      this.#player = await (this.#opening ??= Player.open(rateHz));
    } catch (error) {
      this.#player = NO_VOICE;
      this.#options.trouble(isSecureContext ? `The interviewer's voice cannot be played: ${error.message}. Read along here.` : INSECURE);
    }
    for (const sound of this.#early.splice(0)) this.#player.play(sound);
  }

  /** What is said while the loudspeaker is being opened waits for it. */
  #play(sound) {
    if (this.#player) this.#player.play(sound);
    else this.#early.push(sound);
  }

  #clear() {
    this.#early = [];
    this.#player?.clear();
  }

  #heard(sound, peak) {
    this.#options.level(peak);
    const number = this.#outbox.add(sound);
    if (!this.#ready) return;
    if (performance.now() - this.#receiptAt > SILENT_MS) return this.#hangUp();
    this.#sendSound(number, sound);
  }

  #confirm(next) {
    this.#receiptAt = performance.now();
    this.#outbox.confirm(next);
  }

  /** What hears confirms it twice a second: a connection without that is dead, whatever the browser says. */
  #hangUp() {
    this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close();
    this.#lost(true);
  }

  #sendSound(number, sound) {
    const message = new Uint8Array(4 + sound.byteLength);
    new DataView(message.buffer).setUint32(0, number, true);
    message.set(new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength), 4);
    this.#socket.send(message);
  }

  async #lost(opened) {
    this.#ready = false;
    this.#receiptAt = Infinity;
    this.#clear();
    if (this.#closed) return;
    this.#options.connection("lost");
    await new Promise((done) => setTimeout(done, this.#retryMs));
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
    if (!opened) this.#refused += (await this.#serverIsThere()) ? 1 : 0;
    if (this.#refused >= REFUSED_BEFORE_RELOAD) location.reload();
    else this.#connect();
  }

  /** A server that answers but refuses the socket was started again: its door wants to see this page anew. */
  async #serverIsThere() {
    return fetch("/health").then((answer) => answer.ok, () => false);
  }
}
