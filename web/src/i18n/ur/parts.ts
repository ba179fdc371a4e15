import type { en } from "../en/parts";

export const ur: typeof en = {
  someone: "ایک ساتھی",
  itself: "منشی خود",
  openWarehouse: "گودام کھولیں",
  whole: (min?: number, max?: number) =>
    min !== undefined && max !== undefined ? `${min} سے ${max} تک پورا عدد۔` : min !== undefined ? `${min} یا اس سے بڑا پورا عدد۔` : "پورا عدد۔",
};
