/** Plays 16-bit sound as it comes. A short start-up delay bridges uneven arrival; "clear" silences it at once. */
const START_S = 0.06;
const LONGEST_WAIT_S = 0.12;

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.pieces = [];
    this.waiting = 0;
    this.offset = 0;
    this.playing = false;
    this.idle = 0;
    this.port.onmessage = ({ data }) => (data.clear ? this.clear(data.clear) : this.add(data.sound));
  }

  add(sound) {
    this.pieces.push(sound);
    this.waiting += sound.length;
  }

  clear(token) {
    const audible = this.playing;
    this.pieces = [];
    this.waiting = this.offset = 0;
    this.turn(false);
    this.port.postMessage({ cleared: token, audible });
  }

  turn(playing) {
    if (playing !== this.playing) this.port.postMessage({ playing });
    this.playing = playing;
    this.idle = 0;
  }

  process(_, [[output]]) {
    if (!this.playing && this.waiting) {
      this.idle += output.length;
      if (this.waiting >= START_S * sampleRate || this.idle >= LONGEST_WAIT_S * sampleRate) this.turn(true);
    }
    if (!this.playing) return true;
    for (let i = 0; i < output.length; i++) {
      const piece = this.pieces[0];
      if (!piece) {
        this.turn(false);
        break;
      }
      output[i] = piece[this.offset++] / 32768;
      this.waiting--;
      if (this.offset === piece.length) {
        this.pieces.shift();
        this.offset = 0;
      }
    }
    return true;
  }
}

registerProcessor("playback", Playback);
