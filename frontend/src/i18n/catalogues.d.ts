declare module "virtual:catalogues" {
  const addresses: Record<"ky" | "ru" | "tg" | "uz" | "en", string>;
  export default addresses;
}
