declare module "virtual:room-words" {
  /** What only the mediators' room says, by language and id. */
  const words: Record<"ky" | "ru" | "tg" | "uz" | "en", Record<string, string>>;
  export default words;
}

declare module "virtual:catalogues" {
  /** The words of each language stand in this order; those without an id are asked for by their place. */
  export const ids: string[];
  /** Of the first language. */
  export const first: string[];
}

declare module "virtual:catalogue-addresses" {
  /** Of each other one's words. */
  const addresses: Record<"ru" | "tg" | "uz" | "en", string>;
  export default addresses;
}
