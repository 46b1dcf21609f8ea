/** The microphone and the loudspeaker of this page. */
export const INSECURE = "Browsers open microphone and loudspeaker only over HTTPS, or at localhost. Read along here, and type your answers.";
export const GONE = "The microphone is gone. Plug it in and reload, or type your answers.";

/** What to tell somebody whose microphone does not open. */
export function whyDeaf(error) {
  if (!isSecureContext) return INSECURE;
  const words = error.name === "NotAllowedError" ? "The browser does not let this page use the microphone" : "No microphone can be used";
  return `${words}. You can type your answers; to speak, allow it beside the address and reload.`;
}

/** Hears with echo cancellation. `heard(sound, peak)` is given pieces of 40 ms, 16-bit at 16 kHz. Errors can be shown. */
export class Microphone {
  #stream;
  #context;

  static async open(heard) {
    const microphone = new Microphone();
    await microphone.#open(heard).catch((error) => {
      throw new Error(whyDeaf(error), { cause: error });
    });
    return microphone;
  }

  async #open(heard) {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    const context = (this.#context = new AudioContext({ latencyHint: "interactive" }));
    await context.audioWorklet.addModule("/static/capture.worklet.js");
    const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    capture.port.onmessage = ({ data }) => heard(data.sound, data.peak);
    context.createMediaStreamSource(this.#stream).connect(capture);
  }

  /** Calls `lost` when the device goes away. */
  onLost(lost) {
    for (const track of this.#stream.getAudioTracks()) track.onended = lost;
  }

  mute(muted) {
    for (const track of this.#stream.getAudioTracks()) track.enabled = !muted;
  }

  get blocked() {
    return this.#context.state === "suspended";
  }

  resume() {
    return this.#context.resume();
  }

  close() {
    for (const track of this.#stream.getTracks()) track.stop();
    this.#context.close();
  }
}

/** Plays the interviewer's voice, 16-bit at `rateHz`. */
export class Player {
  #context;
  #node;
  #clears = 0;

  static async open(rateHz) {
    const player = new Player();
    const context = (player.#context = new AudioContext({ sampleRate: rateHz, latencyHint: "interactive" }));
    await context.audioWorklet.addModule("/static/playback.worklet.js");
    player.#node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
    player.#node.port.onmessage = ({ data }) => {
      if (data.cleared) performance.measure("barge-in", { start: `clear-${data.cleared}`, detail: { audible: data.audible, latency: context.outputLatency || context.baseLatency } });
    };
    player.#node.connect(context.destination);
    return player;
  }

  play(sound) {
    this.#node.port.postMessage({ sound }, [sound.buffer]);
  }

  clear() {
    this.#clears += 1;
    performance.mark(`clear-${this.#clears}`);
    this.#node.port.postMessage({ clear: this.#clears });
  }

  get blocked() {
    return this.#context.state === "suspended";
  }

  resume() {
    return this.#context.resume();
  }

  close() {
    this.#context.close();
  }
}
