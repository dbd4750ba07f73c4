declare module "virtual:catalogues" {
  /** The words of each language stand in this order. */
  export const ids: string[];
  const addresses: Record<"ky" | "ru" | "tg" | "uz" | "en", string>;
  export default addresses;
}
