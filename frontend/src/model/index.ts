export type * from "./phone";
export type * from "./wire";
