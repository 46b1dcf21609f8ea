/** Requests to the room's own server. A refusal becomes an Error with the server's words. */
export async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? { Accept: "application/json" } : { Accept: "application/json", "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    keepalive: method !== "GET",
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.status === 403 && !answer) throw new Error("The room was opened anew: reload this page.");
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
