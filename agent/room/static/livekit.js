import { ask, json, newId } from "./api.js";
import { GONE, whyDeaf } from "./sound.js";

/**
 * The transport over a LiveKit room; see local.js for what a transport is. Sound travels as WebRTC tracks, messages as
 * text streams of one topic. The interviewer gives a sign of life every two seconds: without it, another one is called,
 * who carries the interview on.
 */
export async function open(options) {
  const link = new RoomLink(options);
  await link.begin();
  return link;
}

const TOPIC = "soundcheck";
const PULSE_TOPIC = "soundcheck.pulse";
const PULSE_LOST_MS = 8000;
const NOBODY_CAME_MS = 15000;
const CALL_EVERY_MS = 20000;
const CALLS_BEFORE_GIVING_UP = 3;
const RETRY_MS = 3000;
const LEVEL_MS = 80;

class RoomLink {
  #options;
  #kit;
  #room;
  #stream = newId();
  #inbox = Promise.resolve();
  #ready = false;
  #closed = false;
  #inside = false;
  #microphone = null;
  #muted = false;
  #minding = null;
  #metering = null;
  #heardAt = performance.now();
  #calledAt = -Infinity;
  #calls = 0;

  constructor(options) {
    this.#options = options;
  }

  async begin() {
    this.#kit = await library();
    this.#room = new this.#kit.Room({ audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    this.#follow();
    this.#room.registerTextStreamHandler(TOPIC, (reader) => this.#receive(reader));
    await this.#connect();
    this.#minding = setInterval(() => this.#mind(), 1000);
  }

  get microphone() {
    return this.#microphone !== null;
  }

  get blocked() {
    return !this.#room.canPlaybackAudio;
  }

  resume() {
    return this.#room.startAudio();
  }

  send(message) {
    if (this.#ready) this.#tell(message);
    return this.#ready;
  }

  mute(muted) {
    this.#muted = muted;
    this.#room.localParticipant.setMicrophoneEnabled(!muted);
  }

  close() {
    this.#closed = true;
    this.#ready = false;
    clearInterval(this.#minding);
    clearInterval(this.#metering);
    this.#room.disconnect();
    this.#options.connection("closed");
  }

  #follow() {
    const { RoomEvent } = this.#kit;
    this.#room
      .on(RoomEvent.TrackSubscribed, (track) => track.kind === "audio" && document.body.append(track.attach()))
      .on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()))
      .on(RoomEvent.ParticipantConnected, (participant) => participant.isAgent && this.#greet())
      .on(RoomEvent.ParticipantDisconnected, (participant) => participant.isAgent && this.#missed())
      .on(RoomEvent.DataReceived, (payload, participant, kind, topic) => topic === PULSE_TOPIC && this.#alive())
      .on(RoomEvent.Reconnecting, () => this.#options.connection("lost"))
      .on(RoomEvent.Reconnected, () => this.#greet())
      .on(RoomEvent.Disconnected, (reason) => this.#lost(reason));
  }

  get #interviewer() {
    return [...this.#room.remoteParticipants.values()].find((participant) => participant.isAgent);
  }

  async #connect() {
    this.#options.connection("connecting");
    try {
      const { url, token } = await ask("POST", `/api/sessions/${this.#options.session}/livekit`);
      await this.#room.connect(url, token);
    } catch (error) {
      console.warn(error);
      if (error.stale) return location.reload();
      this.#options.connection("lost");
      setTimeout(() => this.#closed || this.#connect(), RETRY_MS);
      return;
    }
    this.#inside = true;
    this.#heardAt = performance.now();
    if (this.#options.microphone) await this.#openMicrophone();
    this.#greet();
  }

  async #openMicrophone() {
    try {
      const publication = await this.#room.localParticipant.setMicrophoneEnabled(true);
      const { calculateVolume } = this.#kit.createAudioAnalyser(publication.track);
      clearInterval(this.#metering);
      this.#metering = setInterval(() => this.#options.level(calculateVolume()), LEVEL_MS);
      publication.track.on("ended", () => this.#options.trouble(GONE));
      this.#microphone = publication.track;
      if (this.#muted) this.mute(true);
    } catch (error) {
      this.#options.trouble(whyDeaf(error));
    }
  }

  #greet() {
    if (this.#interviewer) this.#tell({ type: "hello", stream: this.#stream, captured: 0, microphone: this.microphone });
  }

  #tell(message) {
    const destinationIdentities = this.#interviewer ? [this.#interviewer.identity] : [];
    this.#room.localParticipant.sendText(json(message), { topic: TOPIC, destinationIdentities }).catch(() => this.#missed());
  }

  /** In the order in which they were sent, however long each takes to come. */
  #receive(reader) {
    const text = reader.readAll();
    this.#inbox = this.#inbox.then(async () => this.#message(JSON.parse(await text))).catch(console.warn);
  }

  #message(message) {
    this.#alive();
    if (message.type === "welcome") {
      this.#ready = true;
      this.#calls = 0;
      this.#options.connection("there");
      this.#options.loudspeaker();
    } else if (message.type === "over") this.close();
    this.#options.message(message);
  }

  #alive() {
    this.#heardAt = performance.now();
    if (!this.#ready) this.#greet();
  }

  #missed() {
    this.#ready = false;
    if (!this.#closed) this.#options.connection("lost");
  }

  /** Calls another interviewer where there is none, or the one that is shown gives no sign of life. */
  async #mind() {
    const silentMs = performance.now() - this.#heardAt;
    const patienceMs = this.#interviewer ? PULSE_LOST_MS : NOBODY_CAME_MS;
    if (this.#room.state !== "connected" || silentMs < patienceMs || performance.now() - this.#calledAt < CALL_EVERY_MS) return;
    this.#calledAt = performance.now();
    this.#calls += 1;
    this.#missed();
    if (this.#calls > CALLS_BEFORE_GIVING_UP) this.#end("failed", "No interviewer comes. Your place is saved: try again later.");
    else await ask("POST", `/api/sessions/${this.#options.session}/interviewer`).catch(console.warn);
  }

  #end(how, why) {
    this.close();
    this.#options.message({ type: "over", how, why });
  }

  #lost(reason) {
    if (this.#closed || !this.#inside) return;
    this.#ready = this.#inside = false;
    if (reason === this.#kit.DisconnectReason.DUPLICATE_IDENTITY) {
      this.#end("elsewhere", "The interview goes on in another tab.");
      return;
    }
    this.#options.connection("lost");
    setTimeout(() => this.#closed || this.#connect(), RETRY_MS);
  }
}

function library() {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "/livekit-client.js";
    script.onload = () => done(window.LivekitClient);
    script.onerror = () => failed(new Error("LiveKit's library does not load"));
    document.head.append(script);
  });
}
