/** What the service worker is asked to keep besides the shell, and to do while the app is closed. */
import { putDown } from "./drafting";

/** This language's words; resolves once they are held. */
export function holdWords(language: string): Promise<void> {
  return tell({ hold: "words", language });
}

/** The mediators' room, whole, after a login. */
export function holdRoom(): void {
  tell({ hold: "room" }).catch(() => undefined);
}

/** The newer version that waits takes over, and the page begins anew with it. False while something is sent, for whomever, or another tab still uses this one. */
export async function takeNewer(): Promise<boolean> {
  await putDown();
  if ((await navigator.locks.query()).held?.length) return false;
  navigator.serviceWorker.oncontrollerchange = () => location.reload();
  return tell({ hold: "page" }).then(
    () => true,
    () => false,
  );
}

/** What waits is sent when the connection comes back, also with the app closed, where the browser knows how. */
export async function sendWhenClosed(): Promise<void> {
  try {
    const registration: BackgroundSync = await navigator.serviceWorker.ready;
    await registration.sync?.register("aryk");
  } catch {
    // Then it is sent when the app is open.
  }
}

/** Resolves when the worker has done it, and throws when it could not. */
async function tell(message: { hold: string; language?: string }): Promise<void> {
  if (!("serviceWorker" in navigator)) throw new Error("This browser has no service worker.");
  const { active, waiting } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
  });
  (message.hold === "page" ? waiting : active)?.postMessage(message, [port2]);
  if (!(await done)) throw new Error(`The service worker could not hold: ${message.hold}.`);
}

interface BackgroundSync extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}
