/** Browsers let less than 64 KiB outlive their page. */
const MOST_KEPT_ALIVE = 20000;

/** Half a character, which a cut emoji leaves, is no text to a server. */
export const json = (value) => JSON.stringify(value, (_, part) => part?.toWellFormed?.() ?? part);

/** Not crypto.randomUUID, which is there over HTTPS only. */
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Requests to the room's own server. A refusal becomes an Error with the server's words. */
export async function ask(method, path, body) {
  const text = body === undefined ? undefined : json(body);
  const response = await fetch(path, {
    method,
    headers: text === undefined ? { Accept: "application/json" } : { Accept: "application/json", "Content-Type": "application/json" },
    body: text,
    keepalive: method !== "GET" && !(text?.length > MOST_KEPT_ALIVE),
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.status === 403 && !answer) throw Object.assign(new Error("The room was opened anew: reload this page."), { stale: true });
  if (!response.ok) throw new Error(answer?.error ?? `The server refused (${response.status}).`);
  return answer;
}

/** Shows in `element` what is still loading, and resolves once the models are there. */
export async function modelsReady(element) {
  for (;;) {
    const { state, doing, failure } = await ask("GET", "/api/state");
    element.hidden = state === "ready";
    const words = state === "failed" ? `The models cannot be used: ${failure}` : `Getting ready: ${doing}. You can choose meanwhile.`;
    if (element.textContent !== words) element.textContent = words;
    element.classList.toggle("fault", state === "failed");
    if (state !== "loading") return state === "ready";
    await new Promise((done) => setTimeout(done, 700));
  }
}
