/** What the service worker is asked to keep besides the shell. */

/** This language's words. */
export function holdWords(language: string): void {
  void tell({ hold: "words", language });
}

/** The mediators' room, whole, after a login. */
export function holdRoom(): void {
  void tell({ hold: "room" });
}

async function tell(message: { hold: string; language?: string }): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.ready;
  registration.active?.postMessage(message);
}
