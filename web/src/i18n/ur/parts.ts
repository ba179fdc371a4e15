import type { en } from "../en/parts";

export const ur: typeof en = {
  someone: "ایک ساتھی",
  itself: "منشی خود",
};
