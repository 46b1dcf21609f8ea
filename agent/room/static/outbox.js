import { newId } from "./api.js";

/** What the microphone recorded and the server has not confirmed: kept, numbered, so that no word is lost. */
const FRAME = 320;
const MOST_FRAMES = 3000;
/** Half a second: the server refuses a message that is much longer. */
const PIECE = 25 * FRAME;
const KEPT = "soundcheck-unsent";

export class Outbox {
  constructor(session) {
    this.key = `${KEPT}-${session}`;
    this.stream = newId();
    this.first = 0;
    this.pieces = [];
    this.frames = 0;
    /** Whether its sound belongs to a sitting that was begun and whose end is not known. */
    this.brokenOff = false;
    this.#restore();
  }

  /** The number of the next frame that will be recorded. */
  get next() {
    return this.first + this.frames;
  }

  /** Adds a piece of whole frames; returns its number. Of more than a minute the oldest are given up. */
  add(sound) {
    const number = this.next;
    this.pieces.push(sound);
    this.frames += sound.length / FRAME;
    while (this.frames > MOST_FRAMES) this.#drop();
    return number;
  }

  confirm(next) {
    while (this.pieces.length && this.first + this.pieces[0].length / FRAME <= next) this.#drop();
  }

  /** The sitting is over, and everything has been heard. */
  clear() {
    while (this.pieces.length) this.#drop();
    this.brokenOff = false;
  }

  /** Everything from frame `next` on, in messages of about half a second. */
  *since(next) {
    this.confirm(next);
    let number = this.first;
    let batch = [];
    let begins = number;
    let size = 0;
    for (const piece of this.pieces) {
      batch.push(piece);
      size += piece.length;
      number += piece.length / FRAME;
      if (size >= PIECE) {
        yield [begins, join(batch, size)];
        [batch, size, begins] = [[], 0, number];
      }
    }
    if (size) yield [begins, join(batch, size)];
  }

  /** For a reload: what is not confirmed waits in the tab. */
  keep() {
    if (!this.frames || !this.brokenOff) return;
    const bytes = new Uint8Array(join(this.pieces, this.frames * FRAME).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ stream: this.stream, first: this.first, sound: btoa(text) }));
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
    }
  }

  /** What of its sound a new sitting takes up. */
  get held() {
    return this.brokenOff ? this.first : null;
  }

  #restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    if (!kept) return;
    sessionStorage.removeItem(this.key);
    this.stream = kept.stream;
    this.first = kept.first;
    const bytes = Uint8Array.from(atob(kept.sound), (letter) => letter.charCodeAt(0));
    const sound = new Int16Array(bytes.buffer);
    for (let at = 0; at < sound.length; at += PIECE) this.pieces.push(sound.subarray(at, at + PIECE));
    this.frames = sound.length / FRAME;
    this.brokenOff = true;
  }

  #drop() {
    const frames = this.pieces.shift().length / FRAME;
    this.first += frames;
    this.frames -= frames;
  }
}

function join(pieces, size) {
  const whole = new Int16Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
