/** What the room shows. Everything that was said is put in as text, never as markup. */
const pick = (id) => document.getElementById(id);
const DOING = {
  loading: "Getting ready: the models are loading",
  speaking: "Speaking",
  listening: "Listening to you",
  thinking: "Thinking",
  saving: "Saving",
};
const LATE_S = 60;
const SAVED = "Your place is saved: carry on whenever you like. The report shows what there is so far.";

export class Show {
  #standing = null;
  #at = 0;
  #interviewer = "Interviewer";
  #last = { interviewer: null, candidate: null };

  constructor() {
    setInterval(() => this.#clock(), 500);
  }

  standing(standing) {
    this.#standing = standing;
    this.#at = performance.now();
    this.#interviewer = standing.interviewer ?? "Interviewer";
    const place = standing.stages > 1 && standing.stage_number ? `Stage ${standing.stage_number} of ${standing.stages}: ` : "";
    if (standing.stage) pick("stage").textContent = place + standing.stage;
    pick("who").textContent = this.#interviewer;
    pick("role").textContent = standing.role ? `An AI, playing ${standing.role}` : "An AI";
    pick("question-box").hidden = !standing.question;
    if (pick("question").textContent !== standing.question) pick("question").textContent = standing.question ?? "";
    if (standing.paused) this.#say("Paused: the clock is stopped. Say something, or press Carry on.");
    this.#clock();
  }

  doing(doing) {
    pick("presence").dataset.doing = doing;
    if (!(this.#standing?.paused && doing === "listening")) this.#say(DOING[doing]);
  }

  connection(state) {
    if (state === "lost") this.notice("The connection is lost. What you say is kept and sent when it is back.");
    else if (state === "there" && document.body.dataset.connection === "lost") this.notice("");
    if (state === "connecting" && document.body.dataset.connection === "lost") return;
    document.body.dataset.connection = state;
  }

  notice(words) {
    pick("notice").textContent = words;
    pick("notice").hidden = !words;
  }

  transcript(lines) {
    pick("log").replaceChildren();
    pick("log").setAttribute("aria-live", "off");
    for (const line of lines) this.line(line, false);
    pick("log").setAttribute("aria-live", "polite");
  }

  line({ who, text, turn }, amends) {
    if (amends && this.#last[who]) this.#last[who].append(` ${text}`);
    else {
      const [row, name, words] = [document.createElement("p"), document.createElement("b"), document.createElement("span")];
      row.className = `line ${who}`;
      row.dataset.turn = turn;
      name.textContent = who === "candidate" ? "You" : this.#interviewer;
      words.textContent = text;
      row.append(name, words);
      pick("log").append(row);
      this.#last[who] = words;
    }
    for (const row of pick("log").children) row.classList.toggle("latest", row === pick("log").lastElementChild);
    this.#follow();
  }

  interim(text) {
    const row = pick("interim");
    const [name, words] = [document.createElement("b"), document.createElement("span")];
    name.textContent = "You";
    words.textContent = text;
    row.replaceChildren(name, words);
    row.hidden = !text;
    this.#follow();
  }

  level(peak) {
    const shown = Math.min(1, Math.sqrt(peak) * 1.2);
    pick("level").style.transform = `scaleX(${shown.toFixed(2)})`;
    pick("presence").style.setProperty("--level", shown.toFixed(2));
  }

  microphone(there, muted) {
    pick("mic-words").textContent = there ? (muted ? "Microphone muted" : "Microphone on") : "No microphone: type your answers";
    pick("press-mute").hidden = !there;
  }

  over({ how, why }) {
    const finished = how === "finished";
    pick("over-title").textContent = { finished: "That was the interview", saved: "Saved", failed: "The interview stopped", elsewhere: "Another tab took over" }[how];
    pick("over-words").textContent = { finished: "Your answers are being graded now.", saved: SAVED, failed: why, elsewhere: why }[how];
    pick("over-report").hidden = how === "elsewhere";
    pick("over-again").hidden = finished;
    pick("over-again").textContent = how === "elsewhere" ? "Come back to this tab" : "Carry on";
    pick("over").hidden = false;
    pick("presence").dataset.doing = "over";
    this.#say(pick("over-title").textContent);
    this.interim("");
    pick("over").focus();
    pick("over").scrollIntoView({ block: "center" });
  }

  #say(words) {
    if (pick("doing").textContent !== words) pick("doing").textContent = words;
  }

  /** Keeps the last words in sight, unless somebody has scrolled back to read. */
  #follow() {
    const box = pick("log").parentElement;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < 160;
    if (near) box.scrollTop = box.scrollHeight;
  }

  #clock() {
    if (!this.#standing) return;
    const { elapsed_s, budget_s, paused } = this.#standing;
    const passed = paused ? 0 : (performance.now() - this.#at) / 1000;
    const left = Math.max(0, Math.round(budget_s - elapsed_s - passed));
    pick("clock").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
    pick("clock").parentElement.classList.toggle("late", left < LATE_S);
  }
}
