/** Hands out what the microphone hears as 16-bit sound at 16 kHz, in pieces of 40 ms. */
const RATE_HZ = 16000;
const PIECE = 640;
const LOBES = 12;
const PHASES = 256;

/** Windowed sinc: lets through what 16 kHz can hold, at any rate of the device. */
class Resampler {
  constructor(fromHz) {
    this.step = fromHz / RATE_HZ;
    this.reach = Math.ceil(LOBES * Math.max(1, this.step));
    const cutoff = 0.94 / Math.max(1, this.step);
    this.table = Array.from({ length: PHASES + 1 }, (_, phase) => {
      const taps = new Float32Array(2 * this.reach);
      let sum = 0;
      for (let i = 0; i < taps.length; i++) {
        const x = i - this.reach + 1 - phase / PHASES;
        const window = Math.abs(x) >= this.reach ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / this.reach);
        taps[i] = (x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x)) * window;
        sum += taps[i];
      }
      return taps.map((tap) => tap / sum);
    });
    this.held = new Float32Array(this.reach);
    this.at = this.reach;
  }

  /** The samples that can be made by now. */
  *take(input) {
    const sound = new Float32Array(this.held.length + input.length);
    sound.set(this.held);
    sound.set(input, this.held.length);
    while (this.at + this.reach < sound.length) {
      const whole = Math.floor(this.at);
      const taps = this.table[Math.round((this.at - whole) * PHASES)];
      const first = whole - this.reach + 1;
      let sample = 0;
      for (let i = 0; i < taps.length; i++) sample += taps[i] * sound[first + i];
      yield sample;
      this.at += this.step;
    }
    const forgotten = Math.max(0, Math.floor(this.at) - this.reach);
    this.held = sound.slice(forgotten);
    this.at -= forgotten;
  }
}

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === RATE_HZ ? null : new Resampler(sampleRate);
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.peak = 0;
  }

  process([[input]]) {
    if (!input) return true;
    for (const sample of this.resampler ? this.resampler.take(input) : input) {
      const clipped = Math.max(-1, Math.min(1, sample));
      this.peak = Math.max(this.peak, Math.abs(clipped));
      this.piece[this.filled++] = Math.round(clipped * 32767);
      if (this.filled === PIECE) this.handOut();
    }
    return true;
  }

  handOut() {
    this.port.postMessage({ sound: this.piece, peak: this.peak }, [this.piece.buffer]);
    this.piece = new Int16Array(PIECE);
    this.filled = this.peak = 0;
  }
}

registerProcessor("capture", Capture);
