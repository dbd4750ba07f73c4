/** Where notices can be sent to. */

/** A telephone number as +996…, or an e-mail address, as the server takes them; null for what is neither, or has no road here. Its field bounds it. */
export function addressOf(typed: string, roads: string[]): string | null {
  const digits = typed.replace(/[\s()-]/g, "").replace(/^00/, "+");
  // As it is dialled in Kyrgyzstan; no neighbour writes ten digits that begin with 0.
  const number = digits.replace(/^0(?=\d{9}$)/, "+996");
  const mail = typed.trim();
  if (roads.includes("sms") && /^\+[1-9]\d{7,14}$/.test(number)) return number;
  return roads.includes("email") && MAIL.test(mail) ? mail : null;
}

const MAIL = /^\w[\w.+%-]*@[a-z\d][a-z\d-]*(\.[a-z\d-]+)+$/i;
